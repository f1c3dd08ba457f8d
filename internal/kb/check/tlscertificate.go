package check

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
	"kbgen/internal/kb/rdp"
)

func tlsCertificate() Check {
	return Check{
		ID: "rdp-net.tls-certificate",
		Title: Text{
			JA: "接続先の TLS 証明書",
			EN: "TLS certificate of the host",
		},
		About: Text{
			JA: "接続先がリモート デスクトップで示す証明書の期限、名前、信頼を、この PC から見て確認します。",
			EN: "Is the certificate that the host shows for Remote Desktop in date, does it carry the host's name, and does this computer trust it?",
		},
		Reads: []Text{
			{
				JA: "-host の接続先への TCP 接続 1 回: ネゴシエーションと TLS ハンドシェイク (Schannel) で受け取る証明書",
				EN: "one TCP connection to the host of -host: the certificate from the negotiation and the TLS handshake (Schannel)",
			},
			{
				JA: "この PC の証明書ストアによる信頼の判定。失効の確認などで他のホストには接続しません",
				EN: "trust according to this computer's certificate stores; no other host is asked, not even about revocation",
			},
			{JA: "この PC の時刻", EN: "this computer's clock"},
		},
		Needs:    Needs{Network: true},
		Params:   peerParams(),
		Findings: append(certificateFindings(), append(brokenOff(), noConnection(), cutOff(), tlsFailed())...),
		Sources:  []string{"[MS-RDPBCGR] 5.4.5", "wincrypt.h (CERT_TRUST_STATUS)", "learn.microsoft.com/windows/win32/termserv/imstscaxevents-ondisconnected"},
	}
}

func cutOff() Finding {
	return Finding{
		ID: "cut-off", Verdict: Unknown,
		Text: Text{
			JA: "{address} は、確認が終わる前に切断しました。rdp-net.negotiation の結果を先に確認してください。",
			EN: "{address} hung up before the check was done. See the result of rdp-net.negotiation first.",
		},
	}
}

func tlsFailed() Finding {
	return Finding{
		ID: "tls-failed", Verdict: Unknown,
		Text: Text{
			JA: "{address} との TLS ハンドシェイクに失敗しました ({error})。",
			EN: "The TLS handshake with {address} failed: {error}.",
		},
	}
}

func certificateFindings() []Finding {
	renew := Remedy{Text: Text{
		JA: "この PC と接続先の日付と時刻が正しいかを先に確かめます。正しければ、接続先の管理者が証明書を更新します。自己署名の証明書は、接続先で rdp-server.listener-certificate の結果に従って作り直します。",
		EN: "Check the date and time of this computer and of the host first. If they are right, the administrator of the host renews the certificate. A self-signed one is made anew as the result of rdp-server.listener-certificate on the host says.",
	}}
	return []Finding{
		{
			ID: "certificate", Verdict: OK,
			Text: Text{
				JA: "{address} の証明書: 発行先 {subject}、発行者 {issuer}、名前 {names}、有効期間 {from} から {to}、鍵 {bits} ビット、SHA-1 {sha1} ({tls})。",
				EN: "Certificate of {address}: issued to {subject} by {issuer}, names {names}, valid from {from} to {to}, key of {bits} bits, SHA-1 {sha1} ({tls}).",
			},
		},
		{
			ID: "expired", Verdict: Problem,
			Text: Text{
				JA: "{address} の証明書は期限切れです (期限: {to}、この PC の時刻: {now})。切断コード 0x1B07 の原因になります。",
				EN: "The certificate of {address} has expired (on {to}; this computer's clock: {now}). This leads to disconnect code 0x1B07.",
			},
			Fix: renew,
		},
		{
			ID: "not-yet-valid", Verdict: Problem,
			Text: Text{
				JA: "{address} の証明書はまだ有効期間に入っていません (開始: {from}、この PC の時刻: {now})。どちらかの時計がずれていることが多く、切断コード 0x1D07 の原因になります。",
				EN: "The certificate of {address} is not valid yet (from {from}; this computer's clock: {now}). Often one of the two clocks is off. This leads to disconnect code 0x1D07.",
			},
			Fix: renew,
		},
		{
			ID: "name-differs", Verdict: Warning,
			Text: Text{
				JA: "証明書の名前 ({names}) に、指定した接続先 {host} がありません。接続時に、接続先の身元についての警告が出る原因になります。",
				EN: "The names of the certificate ({names}) do not include {host}. This leads to a warning about the host's identity.",
			},
			Fix: Remedy{Text: Text{
				JA: "証明書にある名前で接続します。IP アドレスや短い名前での接続では一致しないことがあります。",
				EN: "Connect by a name that the certificate carries. Addresses and short names often do not match.",
			}},
		},
		{
			ID: "untrusted", Verdict: Warning,
			Text: Text{
				JA: "この PC は証明書の発行元を信頼していません (状態: {status})。リモート デスクトップの自己署名の証明書では通常の状態です。Kerberos を使えない接続では、接続先の身元についての警告が出ます。",
				EN: "This computer does not trust the issuer of the certificate (status: {status}). That is normal for the self-signed certificate of Remote Desktop. Without Kerberos, a connection shows a warning about the host's identity.",
			},
			Fix: Remedy{Text: Text{
				JA: "拇印 (SHA-1) を接続先の管理者に確かめます。恒久的には、組織の認証局の証明書を接続先のリスナーに設定します。",
				EN: "Compare the thumbprint (SHA-1) with the administrator of the host. For good, give the listener of the host a certificate of the organization's authority.",
			}},
		},
		{
			ID: "tls-old", Verdict: Warning,
			Text: Text{
				JA: "接続先との TLS のバージョンは {tls} です。古いバージョンで、更新された PC からは接続できなくなります。",
				EN: "The TLS version with the host is {tls}. It is outdated, and updated computers stop connecting with it.",
			},
			Fix: Remedy{Text: Text{
				JA: "接続先の管理者が、接続先に最新の更新プログラムを適用し、TLS 1.2 以降を有効にします。",
				EN: "The administrator of the host installs the latest updates there and enables TLS 1.2 or later.",
			}},
		},
		{
			ID: "tls-mismatch", Verdict: Warning,
			Text: Text{
				JA: "{address} と共通の TLS のバージョンまたは暗号スイートがありません ({error})。接続先は動作していますが、この PC には古すぎるか、新しすぎます。",
				EN: "{address} and this computer have no TLS version or cipher suite in common ({error}). The host is up, but too old or too new for this computer.",
			},
			Fix: Remedy{Text: Text{
				JA: "両方に最新の更新プログラムを適用し、接続先の管理者が TLS 1.2 以降と暗号スイートの設定を確認します。",
				EN: "Install the latest updates on both. The administrator of the host checks its settings of TLS 1.2 and later and of cipher suites.",
			}},
		},
		noCertificate(),
		{
			ID: "no-tls", Verdict: NotApplicable,
			Text: Text{
				JA: "{address} は TLS を使わないため、証明書がありません (応答: {answer})。",
				EN: "{address} does not use TLS, so there is no certificate (answer: {answer}).",
			},
		},
	}
}

// SEC_E_ codes of a handshake without anything in common, winerror.h.
const (
	secUnsupportedFunction = 0x80090302
	secAlgorithmMismatch   = 0x80090331
)

// startTLS negotiates and starts TLS. Without a connection there is a finding.
func (p *peer) startTLS(offer rdp.Protocols) (host.Conn, rdp.Reply, host.TLS, []Found) {
	c, reply, unreached, err := p.negotiate(offer)
	switch {
	case unreached != nil:
		return nil, reply, host.TLS{}, unreached
	case closed(err):
		return nil, reply, host.TLS{}, p.found("cut-off")
	case err != nil:
		return nil, reply, host.TLS{}, p.broken(err)
	case reply.Selected == rdp.Standard || reply.Selected&^offer != 0:
		c.Close()
		return nil, reply, host.TLS{}, nil
	}
	serverName := p.name
	if isAddress(serverName) {
		serverName = ""
	}
	t, err := c.StartTLS(serverName)
	if err == nil {
		return c, reply, t, nil
	}
	c.Close()
	var call *host.CallError
	switch {
	case errors.Is(err, io.EOF):
		return nil, reply, t, p.found("cut-off")
	case errors.As(err, &call):
		return nil, reply, t, p.found("tls-failed", "error", err.Error())
	}
	return nil, reply, t, p.broken(err)
}

func judgeCertificate(h host.Host, args Args) []Found {
	p, unreached := newPeer(h, args, "host", uint16(args.Number("port")))
	if unreached != nil {
		return unreached
	}
	c, reply, t, failed := p.startTLS(rdp.TLS | rdp.CredSSP | rdp.CredSSPEx)
	switch {
	case c == nil && failed != nil:
		return mismatch(failed)
	case c == nil && reply.Failure == rdp.NoCertificate:
		return p.found("no-certificate")
	case c == nil:
		return p.found("no-tls", "answer", negotiated{Reply: reply}.String())
	}
	c.Close()
	return p.certificate(h, t)
}

// mismatch turns a failed handshake into the finding for what its code means.
func mismatch(failed []Found) []Found {
	for i, f := range failed {
		if f.Finding != "tls-failed" {
			continue
		}
		for _, code := range []uint32{secUnsupportedFunction, secAlgorithmMismatch} {
			if strings.Contains(f.Values[0].Text, fmt.Sprintf("0x%08x", code)) {
				failed[i].Finding = "tls-mismatch"
			}
		}
	}
	return failed
}

func (p *peer) certificate(h host.Host, t host.TLS) []Found {
	names := t.Names
	if len(names) == 0 {
		names = []string{t.Subject}
	}
	from, to, version := minuteUTC(t.NotBefore), minuteUTC(t.NotAfter), tlsName(t.Version)
	fs := p.found("certificate", "subject", fromOutside(t.Subject), "issuer", fromOutside(t.Issuer),
		"names", joined(names), "from", from, "to", to, "bits", strconv.Itoa(t.KeyBits), "sha1", fmt.Sprintf("%X", t.SHA1), "tls", version)
	clock, err := h.Clock()
	now := minuteUTC(clock.Now)
	switch {
	case err != nil:
		fs = append(fs, unread("GetSystemTime", err)...)
	case clock.Now.After(t.NotAfter):
		fs = append(fs, p.found("expired", "to", to, "now", now)...)
	case clock.Now.Before(t.NotBefore):
		fs = append(fs, p.found("not-yet-valid", "from", from, "now", now)...)
	}
	named := p.name
	if isAddress(named) {
		named = p.addrs[0] // as the certificate's addresses are written
	}
	if !slices.ContainsFunc(names, func(n string) bool { return certifies(n, named) }) {
		fs = append(fs, found("name-differs", "names", joined(names), "host", p.name)...)
	}
	if status := t.ChainStatus &^ host.ChainNotTimeValid; status != 0 {
		fs = append(fs, found("untrusted", "status", fmt.Sprintf("0x%08x", status))...)
	}
	if t.Version < 0x303 {
		fs = append(fs, found("tls-old", "tls", version)...)
	}
	return fs
}

func tlsName(v uint16) string {
	if v>>8 == 3 && v&0xff >= 1 {
		return "TLS 1." + strconv.Itoa(int(v&0xff)-1)
	}
	return fmt.Sprintf("TLS 0x%04x", v)
}

// certifies reports whether a name of a certificate is one for host: the same
// name or address, or a name that is the same below a first label that is *.
func certifies(name, host string) bool {
	if isAddress(host) {
		host, _, _ = strings.Cut(host, "%")
		return name == host
	}
	name, host = strings.TrimSuffix(name, "."), strings.TrimSuffix(host, ".")
	if parent, ok := strings.CutPrefix(name, "*."); ok {
		_, above, ok := strings.Cut(host, ".")
		return ok && strings.Contains(parent, ".") && strings.EqualFold(parent, above)
	}
	return name != "" && strings.EqualFold(name, host)
}
