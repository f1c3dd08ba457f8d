package check

import (
	"strconv"

	"kbgen/internal/kb/host"
	"kbgen/internal/kb/rdp"
)

// firstPatchedCredSSP is the version that came with the fix for CVE-2018-0886.
const firstPatchedCredSSP = 5

// credsspServerVersion asks a server for its version of CredSSP. An
// authentication is begun and never finished: nothing of the user is sent.
func credsspServerVersion() Check {
	return Check{
		ID: "credssp.server-version",
		Title: Text{
			JA: "接続先の CredSSP のバージョン",
			EN: "CredSSP version of the host",
		},
		About: Text{
			JA: "接続先の CredSSP に CVE-2018-0886 の修正が含まれているかを、資格情報を送らずに確認します。",
			EN: "Does the host's CredSSP contain the fix for CVE-2018-0886? No credentials are sent.",
		},
		Reads: []Text{{
			JA: "-host の接続先への TCP 接続 1 回: ネゴシエーション、TLS ハンドシェイク (Schannel)、57 バイトの CredSSP の最初の要求 (ユーザー名を含まない NTLM NEGOTIATE) と、その応答のバージョン番号。認証の失敗などが接続先の記録に残ることがあります",
			EN: "one TCP connection to the host of -host: negotiation, TLS handshake (Schannel), the first request of CredSSP (57 bytes, an NTLM NEGOTIATE without a user name), and the version number in the answer; the host may log the unfinished authentication",
		}},
		Needs:    Needs{Network: true},
		Params:   peerParams(),
		Findings: append(serverVersionFindings(), append(brokenOff(), noConnection(), cutOff(), tlsFailed())...),
		Sources:  []string{"[MS-CSSP] 2.2.1", "[MS-RDPBCGR] 5.4.5.2", "KB4093492"},
	}
}

func serverVersionFindings() []Finding {
	return []Finding{
		{
			ID: "server-patched", Verdict: OK,
			Text: Text{
				JA: "{address} の CredSSP のバージョンは {version} です。CVE-2018-0886 の修正が含まれています。",
				EN: "{address} speaks CredSSP version {version}, which contains the fix for CVE-2018-0886.",
			},
		},
		{
			ID: "server-unpatched", Verdict: Problem,
			Text: Text{
				JA: "{address} の CredSSP のバージョンは {version} です。CVE-2018-0886 の修正が含まれていないため、修正済みの PC は接続を拒否します。",
				EN: "{address} speaks CredSSP version {version}, without the fix for CVE-2018-0886. Patched computers refuse to connect to it.",
			},
			Fix: Remedy{Text: Text{
				JA: "接続先の管理者が、接続先に最新の累積更新プログラムを適用し、再起動します。接続元の設定を「脆弱」にする必要はありません。",
				EN: "The administrator of the host installs the latest cumulative update there and restarts it. There is no need to set this computer to Vulnerable.",
			}},
		},
		{
			ID: "no-credssp", Verdict: NotApplicable,
			Text: Text{
				JA: "{address} は NLA (CredSSP) を使わないため、バージョンはありません (応答: {answer})。",
				EN: "{address} does not use NLA (CredSSP), so there is no version (answer: {answer}).",
			},
		},
	}
}

func judgeServerVersion(h host.Host, args Args) []Found {
	p, unreached := newPeer(h, args, "host", uint16(args.Number("port")))
	if unreached != nil {
		return unreached
	}
	c, reply, _, failed := p.startTLS(rdp.TLS | rdp.CredSSP)
	if failed != nil {
		return failed
	}
	if c != nil {
		defer c.Close()
	}
	if c == nil || reply.Selected != rdp.CredSSP {
		return p.found("no-credssp", "answer", negotiated{Reply: reply}.String())
	}
	var answer rdp.CredSSPReply
	_, err := c.Write(rdp.CredSSPRequest())
	if err == nil {
		answer, err = rdp.ReadCredSSP(c)
	}
	if closed(err) {
		return p.found("cut-off")
	}
	if err != nil {
		return p.broken(err)
	}
	id := "server-unpatched"
	if answer.Version >= firstPatchedCredSSP {
		id = "server-patched"
	}
	return p.found(id, "version", strconv.FormatUint(uint64(answer.Version), 10))
}
