package check

import (
	"errors"
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

const (
	remoteDesktopPolicyCSP = "learn.microsoft.com/windows/client-management/mdm/policy-csp-remotedesktopservices"
	terminalServerCSP      = "learn.microsoft.com/windows/client-management/mdm/policy-csp-admx-terminalserver"

	rdpClientFolderJA = "[管理用テンプレート] > [Windows コンポーネント] > [リモート デスクトップ サービス] > [リモート デスクトップ接続のクライアント]"
	rdpClientFolderEN = "Administrative Templates > Windows Components > Remote Desktop Services > Remote Desktop Connection Client"

	terminalServerClient = `HKCU\Software\Microsoft\Terminal Server Client`
)

// rdpClient is the family about this machine as the one that connects.
func rdpClient() []Check {
	return []Check{
		passwordSavingPolicy(),
		rdpFile(),
		usernameHints(),
		serverAuthPolicy(),
		disconnectEvents(),
	}
}

const userTerminalServicesPolicy = `HKCU\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services`

func passwordSavingPolicy() Check {
	return Check{
		ID: "rdp-client.password-saving-policy",
		Title: Text{
			JA: "リモート デスクトップのパスワードの保存のポリシー",
			EN: "Policy on saving Remote Desktop passwords",
		},
		About: Text{
			JA: "リモート デスクトップ接続でのパスワードの保存が、ポリシーで禁止されていないかを確認します。",
			EN: "Does policy forbid saving passwords in Remote Desktop Connection?",
		},
		Reads: []Text{
			same(terminalServicesPolicy + `\DisablePasswordSaving (REG_DWORD)`),
			same(userTerminalServicesPolicy + `\DisablePasswordSaving (REG_DWORD)`),
		},
		Findings: append([]Finding{
			{
				ID: "forbidden", Verdict: Problem,
				Text: Text{
					JA: "パスワードの保存が {hive} のポリシーで禁止されています (DisablePasswordSaving: 1)。保存済みの .rdp ファイルのパスワードも使われません。",
					EN: "The policy in {hive} forbids saving passwords (DisablePasswordSaving: 1). A saved .rdp file loses its password too.",
				},
				Fix: Remedy{
					Text: Text{
						JA: "管理者が [コンピューターの構成] と [ユーザーの構成] の両方の " + rdpClientFolderJA + " で、[パスワードの保存を許可しない] を未構成または無効にします (MDM では DoNotAllowPasswordSaving)。Home では値を削除します (管理者)。組織の方針で禁止している場合は、変更せずに毎回入力します。",
						EN: "Let an administrator set Do not allow passwords to be saved to Not Configured or Disabled, in Computer Configuration and in User Configuration > " + rdpClientFolderEN + " (in MDM: DoNotAllowPasswordSaving). On Home, delete the value (administrator). If the organization wants it like this, leave it and type the password each time.",
					},
					Command: `reg delete "{hive}\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services" /v DisablePasswordSaving /f`,
				},
				Rollback: Remedy{
					Text: Text{
						JA: "値を 1 に戻します。",
						EN: "Set the value back to 1.",
					},
					Command: `reg add "{hive}\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services" /v DisablePasswordSaving /t REG_DWORD /d 1 /f`,
				},
			},
			{
				ID: "allowed", Verdict: OK,
				Text: Text{
					JA: "パスワードの保存は禁止されていません。",
					EN: "Saving passwords is not forbidden.",
				},
			},
		}, settingFindings()...),
		Sources: []string{remoteDesktopPolicyCSP, terminalServerCSP},
	}
}

func serverAuthPolicy() Check {
	fix := Remedy{
		Text: Text{
			JA: "管理者が [コンピューターの構成] > " + rdpClientFolderJA + " の [クライアントのサーバー認証を構成する] を未構成にします。Home では値を削除します (管理者)。",
			EN: "An administrator sets Configure server authentication for client in Computer Configuration > " + rdpClientFolderEN + " to Not Configured; on Home, delete the value (administrator).",
		},
		Command: `reg delete "` + terminalServicesPolicy + `" /v AuthenticationLevel /f`,
	}
	loosen := fix
	loosen.Text.JA = "接続先に、名前が一致する信頼された証明書を設定します。それまでの間に限り、ポリシーを外せば、身元を確認できない接続先にも接続できます。" + fix.Text.JA
	loosen.Text.EN = "Give the host a trusted certificate with a matching name. Only until then: without the policy, hosts that cannot be verified can be connected to. " + fix.Text.EN
	restore := func(value string) Remedy {
		return Remedy{
			Text: Text{
				JA: "値を " + value + " に戻します。",
				EN: "Set the value back to " + value + ".",
			},
			Command: `reg add "` + terminalServicesPolicy + `" /v AuthenticationLevel /t REG_DWORD /d ` + value + ` /f`,
		}
	}
	return Check{
		ID: "rdp-client.server-auth-policy",
		Title: Text{
			JA: "接続先の認証のポリシー",
			EN: "Policy on authenticating the host",
		},
		About: Text{
			JA: "証明書を確認できない接続先への接続を、ポリシーが拒否しているかを確認します。",
			EN: "Does policy refuse hosts whose certificate cannot be verified?",
		},
		Reads: []Text{same(terminalServicesPolicy + `\AuthenticationLevel (REG_DWORD)`)},
		Findings: append([]Finding{
			{
				ID: "refuses", Verdict: Warning,
				Text: Text{
					JA: "ポリシー (AuthenticationLevel: 1) により、証明書を信頼できない接続先には接続しません。接続先の証明書は rdp-net.tls-certificate で確認します。",
					EN: "Policy (AuthenticationLevel: 1) refuses hosts whose certificate is not trusted. The check rdp-net.tls-certificate looks at that of the host.",
				},
				Fix: loosen, Rollback: restore("1"),
			},
			{
				ID: "connects-anyway", Verdict: Warning,
				Text: Text{
					JA: "ポリシー (AuthenticationLevel: 0) により、接続先の身元を確認できなくても警告なしで接続します。",
					EN: "Policy (AuthenticationLevel: 0) connects without a warning even if the host's identity cannot be verified.",
				},
				Fix: fix, Rollback: restore("0"),
			},
			{
				ID: "warns", Verdict: OK,
				Text: Text{
					JA: "ポリシー (AuthenticationLevel: 2) により、証明書を信頼できない接続先では警告を表示します。",
					EN: "Policy (AuthenticationLevel: 2) warns about hosts whose certificate is not trusted.",
				},
			},
			{
				ID: "not-set", Verdict: OK,
				Text: Text{
					JA: "ポリシーは設定されていません。接続ごとの設定 (.rdp ファイル) に従います。",
					EN: "No policy is set: the setting of each connection (.rdp file) decides.",
				},
			},
		}, settingFindings()...),
		Sources: []string{terminalServerCSP, "TerminalServer.admx"},
	}
}

func usernameHints() Check {
	return Check{
		ID: "rdp-client.username-hints",
		Title: Text{
			JA: "最近の接続先とユーザー名の形式",
			EN: "Recent hosts and forms of user names",
		},
		About: Text{
			JA: "リモート デスクトップ接続で最近使った接続先と、そのときのユーザー名の形式を調べます。ユーザー名そのものは表示しません。",
			EN: "Which hosts did Remote Desktop Connection last use, and what form of user name? The names of users are not shown.",
		},
		Reads: []Text{
			same(terminalServerClient + `\Servers\*\UsernameHint (REG_SZ)`),
			{
				JA: terminalServerClient + `\Servers\*\CertHash (REG_BINARY) の有無`,
				EN: "whether " + terminalServerClient + `\Servers\*\CertHash (REG_BINARY) is there`,
			},
			same(terminalServerClient + `\Default\MRU0 … MRU9 (REG_SZ)`),
			{JA: "コンピューター名 (ユーザー名の形式の確認)", EN: "name of this computer, to judge the user names' form"},
		},
		Params: []Param{namedHost()},
		Findings: append(userFormFindings(), []Finding{
			{
				ID: "hint-type", Verdict: Warning,
				Text: Text{
					JA: "{what} の型が {type} です。REG_SZ ではないため、読み取れません。",
					EN: "{what} is of type {type} instead of REG_SZ, so it cannot be read.",
				},
			},
			{
				ID: "hints", Verdict: OK,
				Text: Text{
					JA: "接続先とユーザー名の形式: {hosts}。最近の接続先: {recent}。証明書のハッシュ (CertHash) の記録がある接続先: {certificates}。",
					EN: "Hosts and forms of user names: {hosts}. Recent hosts: {recent}. Hosts with a recorded certificate hash (CertHash): {certificates}.",
				},
			},
			{
				ID: "none", Verdict: NotApplicable,
				Text: Text{
					JA: "当てはまる接続の履歴がありません。",
					EN: "There is no record of such a connection.",
				},
			},
		}...),
		Sources: []string{"learn.microsoft.com/troubleshoot/windows-server/remote/remove-entries-from-remote-desktop-connection-computer"},
	}
}

// maxServers is how many servers that mstsc has seen are looked at.
const maxServers = 50

func judgeUsernameHints(h host.Host, args Args) (fs []Found) {
	const key = terminalServerClient + `\Servers`
	servers, err := h.Subkeys(key)
	if err != nil && !errors.Is(err, host.ErrAbsent) {
		return unread(key, err)
	}
	if named := withoutPort(args["host"]); named != "" {
		servers = slices.DeleteFunc(servers, func(s string) bool { return !strings.EqualFold(withoutPort(s), named) })
	}
	var hosts, certificates []string
	var users []signIn
	for _, server := range servers[:min(len(servers), maxServers)] {
		v, err := h.Value(key+`\`+server, "UsernameHint")
		switch {
		case err != nil && !errors.Is(err, host.ErrAbsent):
			fs = append(fs, unread(key+`\`+server, err)...)
			continue
		case err == nil && v.Type != host.RegString:
			fs = append(fs, found("hint-type", "what", key+`\`+server+`\UsernameHint`, "type", v.Type.String())...)
			continue
		}
		users = append(users, signIn{server, v.Text})
		hosts = append(hosts, valueText(server)+" ("+userForm(v.Text)+")")
		if _, err := h.Value(key+`\`+server, "CertHash"); err == nil {
			certificates = append(certificates, valueText(server))
		}
	}
	recent, bad := recentHosts(h)
	fs = append(fs, bad...)
	if args["host"] != "" && hosts == nil {
		recent = nil
	}
	if hosts == nil && recent == nil {
		if fs == nil {
			return found("none")
		}
		return fs
	}
	fs = append(fs, judgeUserForms(h, users)...)
	return append(fs, found("hints", "hosts", few(hosts), "recent", few(recent), "certificates", few(certificates))...)
}

// recentHosts are the hosts in the list of mstsc's window, newest first.
func recentHosts(h host.Host) (recent []string, bad []Found) {
	const key = terminalServerClient + `\Default`
	values, err := h.Values(key)
	if err != nil && !errors.Is(err, host.ErrAbsent) {
		return nil, unread(key, err)
	}
	for _, v := range values { // sorted, and the last is MRU9
		if len(v.Name) == 4 && strings.EqualFold(v.Name[:3], "MRU") && v.Type == host.RegString && v.Text != "" {
			recent = append(recent, valueText(v.Text))
		}
	}
	return recent, nil
}

// signIn is a user name that is used for a target.
type signIn struct{ target, user string }

// certificateUser starts the name under which a certificate is saved.
const certificateUser = "@@"

// userForm is the form of a user name, which says what a help desk needs to
// know and not whose name it is.
func userForm(user string) string {
	domain, _, qualified := strings.Cut(user, `\`)
	switch {
	case strings.TrimSpace(user) == "":
		return "-"
	case strings.HasPrefix(user, certificateUser):
		return certificateUser + "…"
	case domain == "." || strings.EqualFold(domain, "AzureAD") || strings.EqualFold(domain, "MicrosoftAccount"):
		return domain + `\…`
	case qualified:
		return `DOMAIN\…`
	case strings.Contains(user, "@"):
		return "…@domain"
	}
	return "…"
}

// userForms pairs the findings of account.name-form with the ones that do
// not name the user.
func userForms() [][2]string {
	return [][2]string{
		{"stray-characters", "user-stray"},
		{"bare", "user-bare"},
		{"dot-domain", "user-dot"},
		{"client-name", "user-own"},
	}
}

// judgeUserForms judges each user name as account.name-form does, and gives
// one finding for all names with the same fault.
func judgeUserForms(h host.Host, all []signIn) (fs []Found) {
	for _, ids := range userForms() {
		var targets, forms []string
		for _, s := range all {
			if strings.TrimSpace(s.user) != "" && judgeNameForm(h, Args{"user": s.user, "host": withoutPort(s.target)})[0].Finding == ids[0] {
				targets = append(targets, valueText(s.target))
				forms = append(forms, userForm(s.user))
			}
		}
		if targets != nil {
			fs = append(fs, found(ids[1], "target", few(targets), "form", few(distinct(forms)))...)
		}
	}
	return fs
}

func userFormFindings() []Finding {
	retype := Remedy{Text: Text{
		JA: "ユーザー名を「接続先の名前\\ユーザー名」(接続先のローカル アカウント)、「ドメイン\\ユーザー名」または「ユーザー名@ドメイン」の形で入力し、資格情報を保存し直します。",
		EN: "Type the name as TARGET\\user for a local account of the target, DOMAIN\\user or user@domain, and save the credentials again.",
	}}
	return []Finding{
		{
			ID: "user-stray", Verdict: Warning,
			Text: Text{
				JA: "{target}: ユーザー名 ({form}) の前後に空白があるか、全角の文字が含まれています。",
				EN: "{target}: the user name ({form}) has spaces around it or full-width characters.",
			},
			Fix: retype,
		},
		{
			ID: "user-bare", Verdict: Warning,
			Text: Text{
				JA: "{target}: ユーザー名 ({form}) にドメインもコンピューター名も付いていません。どのアカウントになるかは接続先しだいです。",
				EN: "{target}: the user name ({form}) has neither a domain nor a computer name. Which account it means is up to the target.",
			},
			Fix: retype,
		},
		{
			ID: "user-dot", Verdict: Warning,
			Text: Text{
				JA: "{target}: ユーザー名 ({form}) はローカル アカウントの形ですが、接続先はドメインの名前です。",
				EN: "{target}: the user name ({form}) has the form for a local account, but the target has the name of a domain.",
			},
			Fix: retype,
		},
		{
			ID: "user-own", Verdict: Warning,
			Text: Text{
				JA: "{target}: ユーザー名 ({form}) は、この PC 自身のアカウントの形です。接続先では別のアカウントです。",
				EN: "{target}: the user name ({form}) has the form of an account of this computer itself, which is not one of the target.",
			},
			Fix: retype,
		},
	}
}

func judgePasswordSaving(h host.Host, _ Args) (fs []Found) {
	for _, key := range []string{terminalServicesPolicy, userTerminalServicesPolicy} {
		s, bad := readSetting(h, key, "DisablePasswordSaving", 1)
		fs = append(fs, bad...)
		if bad == nil && s.is(1) {
			fs = append(fs, found("forbidden", "hive", key[:4])...)
		}
	}
	if fs == nil {
		return found("allowed")
	}
	return fs
}

func judgeServerAuth(h host.Host, _ Args) []Found {
	s, bad := readSetting(h, terminalServicesPolicy, "AuthenticationLevel", 2)
	switch {
	case bad != nil:
		return bad
	case !s.set:
		return found("not-set")
	}
	return found([]string{"connects-anyway", "refuses", "warns"}[s.n])
}
