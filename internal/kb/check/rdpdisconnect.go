package check

import (
	"slices"
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

const (
	rdpClientChannel  = "Microsoft-Windows-TerminalServices-RDPClient/Operational"
	rdpClientProvider = "Microsoft-Windows-TerminalServices-ClientActiveXCore"

	rdpAttempt    = 1024 // names the server
	rdpDisconnect = 1026 // names the reason
)

// disconnectReason is what one reason, or several that mean the same, says.
type disconnectReason struct {
	id      string
	codes   []uint32
	verdict Verdict
	ja, en  string
	fix     disconnectFix
}

// disconnectFix says where to look next.
type disconnectFix uint8

const (
	noFix disconnectFix = iota
	fixName
	fixReach
	fixCertificate
	fixPassword
	fixAccount
	fixPolicy
	fixNLA
	fixTime
	fixLicense
)

func (f disconnectFix) remedy() Remedy {
	texts := [...]Text{
		fixName: {
			JA: "接続先の名前のつづりを確認し、net.dns-forward-reverse を実行します。",
			EN: "Check the spelling of the host's name and run net.dns-forward-reverse.",
		},
		fixReach: {
			JA: "接続先の電源、ネットワーク、リモート デスクトップの設定を確認し、net.tcp-reach と rdp-net.negotiation を実行します。",
			EN: "Check that the host is on, reachable and accepts Remote Desktop; run net.tcp-reach and rdp-net.negotiation.",
		},
		fixCertificate: {
			JA: "接続先の証明書を確認します (rdp-net.tls-certificate、接続先では rdp-server.listener-certificate)。",
			EN: "Look at the host's certificate with rdp-net.tls-certificate, on the host with rdp-server.listener-certificate.",
		},
		fixPassword: {
			JA: "ユーザー名の形式とパスワードを確認し、保存された資格情報を保存し直します (account.name-form、credman.rdp-entries)。",
			EN: "Check the form of the user name and the password, and save the credentials again (account.name-form, credman.rdp-entries).",
		},
		fixAccount: {
			JA: "接続先またはドメインの管理者が、アカウントの状態を確認します (account.local-state)。",
			EN: "Let the administrator of the host or domain look at the account (account.local-state).",
		},
		fixPolicy: {
			JA: "パスワードを入力して接続し、資格情報の委任のポリシーを確認します (delegation.saved-credentials、delegation.deny-lists、delegation.restrict-remote)。",
			EN: "Connect with a typed password and look at the policies on delegation (delegation.saved-credentials, delegation.deny-lists, delegation.restrict-remote).",
		},
		fixNLA: {
			JA: "接続元のポリシーと接続先の設定を見比べます (rdp-client.rdp-file、delegation.restrict-remote、接続先では delegation.host-nonexportable)。",
			EN: "Compare the policy of the client with the setting of the host (rdp-client.rdp-file, delegation.restrict-remote, on the host delegation.host-nonexportable).",
		},
		fixTime: {
			JA: "接続元と接続先の日付と時刻を合わせます (time.service、time.ntp-offset)。",
			EN: "Set date and time right on both ends (time.service, time.ntp-offset).",
		},
		fixLicense: {
			JA: "接続先の管理者が、リモート デスクトップのライセンスを確認します。",
			EN: "Let the administrator of the host look at its Remote Desktop licensing.",
		},
	}
	return Remedy{Text: texts[f]}
}

// disconnectReasons are the reasons of IMsTscAxEvents::OnDisconnected, with
// some that are listed only by secondary sources. What rests on third parties
// alone is a warning.
func disconnectReasons() []disconnectReason {
	return []disconnectReason{
		{"ended", []uint32{1, 2, 3, 263}, OK, "通常の切断です", "an ordinary end", noFix},
		{"name-lookup", []uint32{260, 1288}, Problem, "接続先の名前を DNS で解決できませんでした", "the name of the host was not found in DNS", fixName},
		{"host-not-found", []uint32{520}, Problem, "接続先が見つかりませんでした", "the host was not found", fixName},
		{"timed-out", []uint32{264, 1796}, Problem, "接続が時間切れになりました", "the connection timed out", fixReach},
		{"connect-failed", []uint32{516}, Problem, "接続先に接続できませんでした", "the host could not be connected to", fixReach},
		{"send-failed", []uint32{772}, Problem, "送信に失敗し、接続が切れました", "sending failed and the connection was lost", fixReach},
		{"receive-failed", []uint32{1028}, Problem, "受信に失敗しました", "receiving failed", fixReach},
		{"socket-closed", []uint32{2308}, Problem, "接続が閉じられました。接続先の証明書の問題や回線の切断が報告されています", "the connection was closed; problems of the host's certificate and a lost network are reported causes", fixCertificate},
		{"security-data", []uint32{1030}, Problem, "セキュリティ データが無効でした", "the security data was not valid", fixReach},
		{"certificate-unreadable", []uint32{1798}, Problem, "接続先の証明書を読み取れませんでした", "the host's certificate could not be read", fixCertificate},
		{"certificate-unexpected", []uint32{2311}, Problem, "予期しないサーバー認証証明書を受け取りました", "an unexpected server authentication certificate was received", fixCertificate},
		{"certificate-expired", []uint32{6919}, Problem, "接続先の証明書の期限が切れているか、時計が大きくずれています", "the host's certificate has expired, or the clocks differ widely", fixCertificate},
		{"login-failed", []uint32{2055}, Problem, "サインインに失敗しました", "signing in failed", fixPassword},
		{"no-such-user", []uint32{2567}, Problem, "そのユーザーは存在しません", "there is no such user", fixPassword},
		{"gateway-password", []uint32{50331649}, Problem, "RD ゲートウェイのユーザー名またはパスワードが正しくありません", "user name or password for the RD Gateway is not valid", fixPassword},
		{"account-disabled", []uint32{2823}, Problem, "アカウントが無効です", "the account is disabled", fixAccount},
		{"account-restriction", []uint32{3079}, Problem, "アカウントの制限によりサインインできません", "an account restriction prevents signing in", fixAccount},
		{"account-locked", []uint32{3335}, Problem, "アカウントがロックアウトされています", "the account is locked out", fixAccount},
		{"account-expired", []uint32{3591}, Problem, "アカウントの期限が切れています", "the account has expired", fixAccount},
		{"password-expired", []uint32{3847}, Problem, "パスワードの期限が切れています", "the password has expired", fixAccount},
		{"password-change", []uint32{4615}, Problem, "初回サインイン時にパスワードの変更が必要です", "the password has to be changed at the first sign-in", fixAccount},
		{"logon-type", []uint32{4871}, Problem, "使用できるログオンの種類が管理者により制限されています", "the administrator has restricted the type of logon", fixAccount},
		{"nla-required", []uint32{2825}, Problem, "接続先が求めるネットワーク レベル認証を、この PC では使えません", "the host requires Network Level Authentication, which this computer did not offer", fixNLA},
		{"no-restricted-admin", []uint32{3593}, Problem, "接続先が制限付き管理モードに対応していません", "the host does not support Restricted Admin", fixNLA},
		{"not-sent", []uint32{3848}, Problem, "資格情報を接続先に送ることが許可されていません", "credentials may not be sent to the host", fixPolicy},
		{"delegation-policy", []uint32{5639}, Problem, "資格情報をこの接続先に委任することがポリシーで禁止されています", "policy forbids delegating credentials to this host", fixPolicy},
		{"ntlm-only", []uint32{5895}, Problem, "NTLM のみで認証した接続先への資格情報の委任がポリシーで禁止されています", "policy forbids delegating credentials to a host authenticated by NTLM only", fixPolicy},
		{"saved-refused", []uint32{8455}, Problem, "接続先は、保存された資格情報を受け付けません", "the host does not accept saved credentials", fixPolicy},
		{"no-authority", []uint32{6151}, Problem, "認証機関 (ドメイン コントローラー) に接続できません", "no authenticating authority (domain controller) could be contacted", fixReach},
		{"time-difference", []uint32{7431}, Problem, "接続元と接続先の日付または時刻が異なります", "date or time of the two ends differ", fixTime},
		{"licensing", []uint32{2056, 2312}, Problem, "ライセンスの確認に失敗したか、時間切れになりました", "licensing failed or timed out", fixLicense},
		{"no-tls", []uint32{1289}, Warning, "接続先が TLS に対応していないと判断されました", "the host was taken to lack TLS", fixReach},
		{"protocol-error", []uint32{4356}, Warning, "プロトコル エラーが検出されました。ポートの競合やフィルターが報告されています", "a protocol error was detected; port conflicts and filters are reported causes", fixReach},
		{"security-1287", []uint32{1287}, Warning, "資料で意味を確認できていないセキュリティ エラーです", "a security error whose meaning no source confirms", fixPassword},
	}
}

func disconnectEvents() Check {
	var findings []Finding
	for _, r := range disconnectReasons() {
		findings = append(findings, Finding{
			ID: r.id, Verdict: r.verdict,
			Text: Text{
				JA: "最後の切断 ({time}、接続先 {server}) の理由は {code} ({hex}) です: " + r.ja + "。",
				EN: "The last disconnection ({time}, host {server}) has reason {code} ({hex}): " + r.en + ".",
			},
			Fix: r.fix.remedy(),
		})
	}
	return Check{
		ID: "rdp-client.disconnect-events",
		Title: Text{
			JA: "リモート デスクトップの切断の理由",
			EN: "Reason of the last Remote Desktop disconnection",
		},
		About: Text{
			JA: "この PC からの最後のリモート デスクトップ接続が、どの理由コードで終わったかを調べます。",
			EN: "With which reason did the last Remote Desktop connection from this computer end?",
		},
		Reads: []Text{{
			JA: rdpClientChannel + " のイベント 1024 (接続先)、1026 (理由)",
			EN: "events 1024 (host) and 1026 (reason) in " + rdpClientChannel,
		}},
		Needs: Needs{Admin: AdminMaybe},
		Params: []Param{namedHost(), {
			Name: "days", Kind: KindNumber, Default: "7", Min: 1, Max: 365,
			About: Text{JA: "さかのぼる日数", EN: "how many days to look back"},
		}},
		Findings: append(findings,
			Finding{
				ID: "none", Verdict: NotApplicable,
				Text: Text{
					JA: "過去 {days} 日間に、当てはまる切断の記録はありません。",
					EN: "No such disconnection has been recorded in the last {days} days.",
				},
			},
			Finding{
				ID: "unlisted", Verdict: Unknown,
				Text: Text{
					JA: "最後の切断 ({time}、接続先 {server}) の理由 {code} は一覧にありません。原因とは判断できません。",
					EN: "The last disconnection ({time}, host {server}) has reason {code}, which is not in the list. It tells nothing about the cause.",
				},
			},
		),
		Sources: []string{
			"learn.microsoft.com/windows/win32/termserv/imstscaxevents-ondisconnected",
			"TechNet wiki 37870",
		},
	}
}

func judgeDisconnectEvents(h host.Host, args Args) []Found {
	clock, err := h.Clock()
	if err != nil {
		return unread("GetSystemTimeAsFileTime", err)
	}
	events, err := h.Events(host.EventQuery{
		Channel:   rdpClientChannel,
		Providers: []string{rdpClientProvider},
		IDs:       []uint32{rdpAttempt, rdpDisconnect},
		Since:     clock.Now.AddDate(0, 0, -args.Number("days")),
		Most:      500,
	})
	if err != nil {
		return unread(rdpClientChannel, err)
	}
	for i, e := range events {
		if e.ID != rdpDisconnect {
			continue
		}
		server := attemptBefore(events[i:])
		if named := args["host"]; named != "" && !strings.EqualFold(withoutPort(server), withoutPort(named)) {
			continue
		}
		return judgeDisconnect(e, server)
	}
	return found("none", "days", args["days"])
}

// attemptBefore returns the server of the first, that is newest, attempt, or
// "".
func attemptBefore(events []host.Event) string {
	for _, e := range events {
		if e.ID == rdpAttempt {
			return strings.TrimSpace(e.Field("Value"))
		}
	}
	return ""
}

func judgeDisconnect(e host.Event, server string) []Found {
	values := []string{"time", eventTime(e), "server", valueText(server)}
	text := strings.TrimSpace(e.Field("Value"))
	code, err := strconv.ParseUint(text, 10, 32)
	if err == nil {
		for _, r := range disconnectReasons() {
			if slices.Contains(r.codes, uint32(code)) {
				return found(r.id, append(values, "code", text, "hex", "0x"+strings.ToUpper(strconv.FormatUint(code, 16)))...)
			}
		}
	}
	return found("unlisted", append(values, "code", valueText(text))...)
}
