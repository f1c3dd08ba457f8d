package check

import (
	"slices"

	"kbgen/internal/kb/host"
)

const policiesSystem = `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System`

// uacSettings are the values of User Account Control: the name of the value
// in a finding, its name in the registry, the greatest number that it has.
func uacSettings() []struct {
	short, name string
	most        uint32
} {
	return []struct {
		short, name string
		most        uint32
	}{
		{"lua", "EnableLUA", 1},
		{"user", "ConsentPromptBehaviorUser", 3},
		{"admin", "ConsentPromptBehaviorAdmin", 5},
		{"filter", "FilterAdministratorToken", 1},
		{"desktop", "PromptOnSecureDesktop", 1},
		{"virtualization", "EnableVirtualization", 1},
		{"remote", "LocalAccountTokenFilterPolicy", 1},
		{"linked", "EnableLinkedConnections", 1},
	}
}

func uacPolicy() Check {
	reads := []Text{{
		JA: "自分のプロセスのトークン (TokenElevationType、TokenGroups)",
		EN: "the token of its own process (TokenElevationType, TokenGroups)",
	}}
	for _, s := range uacSettings() {
		reads = append(reads, same(policiesSystem+`\`+s.name+" (REG_DWORD)"))
	}
	return Check{
		ID: "access.uac-policy",
		Title: Text{
			JA: "ユーザー アカウント制御 (UAC) の設定",
			EN: "Settings of User Account Control (UAC)",
		},
		About: Text{
			JA: "UAC の設定が、確認画面なしに「アクセスが拒否されました」となる原因かどうかを確認します。",
			EN: "Do the settings of UAC make Windows answer access denied without a prompt?",
		},
		Reads:    reads,
		Findings: append(uacFindings(), settingFindings()...),
		Sources: []string{
			"learn.microsoft.com/windows/security/application-security/application-control/user-account-control/settings-and-configuration",
		},
	}
}

func uacFindings() []Finding {
	prompt := Remedy{
		Text: Text{
			JA: "管理者が secpol.msc の [ローカル ポリシー] > [セキュリティ オプション] > [ユーザー アカウント制御: 標準ユーザーに対する昇格時のプロンプトの動作] を [資格情報を要求する] にします。Home エディションでは次のコマンドを使います。組織の方針で拒否している場合は、変更せずに管理者へ作業を依頼します。",
			EN: "Let an administrator set secpol.msc > Local Policies > Security Options > User Account Control: Behavior of the elevation prompt for standard users to Prompt for credentials. On a Home edition use the command. If the organization wants it like this, leave it and ask an administrator to do the work.",
		},
		Command: `reg add "` + policiesSystem + `" /v ConsentPromptBehaviorUser /t REG_DWORD /d 3 /f`,
	}
	deny := Remedy{
		Text: Text{
			JA: "変更前の値 (0) に戻します。",
			EN: "Set the value back to what it was before, 0.",
		},
		Command: `reg add "` + policiesSystem + `" /v ConsentPromptBehaviorUser /t REG_DWORD /d 0 /f`,
	}
	return []Finding{
		{
			ID: "auto-deny", Verdict: Problem,
			Text: Text{
				JA: "標準ユーザーの昇格要求は自動的に拒否されます (ConsentPromptBehaviorUser: 0)。このユーザーは標準ユーザーのため、管理者権限が必要な操作は確認画面なしに「アクセスが拒否されました」となります。",
				EN: "Elevation requests of standard users are denied automatically (ConsentPromptBehaviorUser: 0). This user is one, so whatever needs administrator rights ends in access denied, without a prompt.",
			},
			Fix: prompt, Rollback: deny,
		},
		{
			ID: "auto-deny-others", Verdict: Warning,
			Text: Text{
				JA: "標準ユーザーの昇格要求は自動的に拒否されます (ConsentPromptBehaviorUser: 0)。このユーザーが標準ユーザーであることは確認できませんでした。",
				EN: "Elevation requests of standard users are denied automatically (ConsentPromptBehaviorUser: 0). This user was not found to be one.",
			},
			Fix: prompt, Rollback: deny,
		},
		{
			ID: "uac-off", Verdict: Warning,
			Text: Text{
				JA: "UAC が無効です (EnableLUA: 0)。昇格の確認画面は表示されず、一部のアプリは動作しません。",
				EN: "UAC is off (EnableLUA: 0). Windows never offers to elevate, and some apps do not work.",
			},
			Fix: Remedy{
				Text: Text{
					JA: "UAC を有効に戻し、再起動します (管理者)。secpol.msc では [ユーザー アカウント制御: 管理者承認モードですべての管理者を実行する] です。",
					EN: "Switch UAC on again and restart (administrator). In secpol.msc it is User Account Control: Run all administrators in Admin Approval Mode.",
				},
				Command: `reg add "` + policiesSystem + `" /v EnableLUA /t REG_DWORD /d 1 /f`,
			},
			Rollback: Remedy{
				Text: Text{
					JA: "変更前の値 (0) に戻し、再起動します。セキュリティが下がるため、原因を確認できた時点で 1 に直します。",
					EN: "Set the value back to 0 and restart. That lowers security: set it to 1 as soon as the cause is known.",
				},
				Command: `reg add "` + policiesSystem + `" /v EnableLUA /t REG_DWORD /d 0 /f`,
			},
		},
		{
			ID: "uac-on", Verdict: OK,
			Text: Text{
				JA: "UAC の設定にアクセス拒否の原因は見つかりません (EnableLUA: {lua}、ConsentPromptBehaviorUser: {user}、ConsentPromptBehaviorAdmin: {admin}、FilterAdministratorToken: {filter}、PromptOnSecureDesktop: {desktop}、EnableVirtualization: {virtualization}、LocalAccountTokenFilterPolicy: {remote}、EnableLinkedConnections: {linked})。「-」は未設定 (既定) です。",
				EN: "Nothing in the settings of UAC explains an access denied (EnableLUA: {lua}, ConsentPromptBehaviorUser: {user}, ConsentPromptBehaviorAdmin: {admin}, FilterAdministratorToken: {filter}, PromptOnSecureDesktop: {desktop}, EnableVirtualization: {virtualization}, LocalAccountTokenFilterPolicy: {remote}, EnableLinkedConnections: {linked}). The sign - means not set, the default.",
			},
		},
	}
}

func judgeUAC(h host.Host, _ Args) (fs []Found) {
	// Every value has a default, but Windows never lacks the whole key.
	if _, err := h.Subkeys(policiesSystem); err != nil {
		return unread(policiesSystem, err)
	}
	read := map[string]dword{}
	var values []string
	for _, s := range uacSettings() {
		d, bad := readSetting(h, policiesSystem, s.name, s.most)
		if s.name == "ConsentPromptBehaviorUser" && d.is(2) {
			bad = found("other-value", "what", policiesSystem+`\`+s.name, "value", d.String())
		}
		if bad == nil {
			read[s.name] = d
		}
		fs = append(fs, bad...)
		values = append(values, s.short, d.String())
	}
	switch {
	case read["EnableLUA"].is(0): // then nothing else counts
		return append(found("uac-off"), fs...)
	case read["ConsentPromptBehaviorUser"].is(0):
		id := "auto-deny-others"
		if t, err := h.Token(); err == nil && standardUser(t) {
			id = "auto-deny"
		}
		return append(found(id), fs...)
	case fs == nil:
		return found("uac-on", values...)
	}
	return fs
}

// standardUser reports whether a token is neither an administrator's nor the
// filtered half of one.
func standardUser(t host.Token) bool {
	return !t.Elevated && t.Elevation != host.ElevationLimited &&
		!slices.ContainsFunc(t.Groups, func(g host.Group) bool { return g.SID == host.SIDAdministrators })
}
