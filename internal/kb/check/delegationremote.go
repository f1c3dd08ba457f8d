package check

import "kbgen/internal/kb/host"

const lsa = `HKLM\SYSTEM\CurrentControlSet\Control\Lsa`

// Values of RestrictedRemoteAdministrationType.
const (
	requireRestrictedAdmin = 1
	requireRemoteGuard     = 2
	restrictDelegation     = 3 // prefers Remote Credential Guard
)

// lastBuildOfWindows81 is the last one on which the restriction always means
// Restricted Admin.
const lastBuildOfWindows81 = 9600

const remoteGuardDoc = "learn.microsoft.com/windows/security/identity-protection/remote-credential-guard"

func restrictRemote() Check {
	fix := Remedy{
		Text: Text{
			JA: "まず、パスワードを入力して接続します。保存したパスワードがどうしても必要な場合に限り、管理者が " + delegationFolderJA + " の [リモート サーバーへの資格情報の委任を制限する] を未構成または無効にします (次のコマンドでも同じです。Home でも使えます)。資格情報の保護が弱くなるため、必要がなくなったら元に戻します。",
			EN: "First connect with a typed password. Only if saved ones are indispensable, let an administrator set Restrict delegation of credentials to remote servers in " + delegationFolderEN + " to Not Configured or Disabled; on Home, run this command. It weakens the protection of credentials: undo it when it is no longer needed.",
		},
		Command: `reg delete "` + credentialsDelegation + `" /v RestrictedRemoteAdministration /f`,
	}
	restore := Remedy{
		Text: Text{
			JA: "制限を有効に戻します。RestrictedRemoteAdministrationType は変更していません。",
			EN: "Turn the restriction on again. RestrictedRemoteAdministrationType was not changed.",
		},
		Command: `reg add "` + credentialsDelegation + `" /v RestrictedRemoteAdministration /t REG_DWORD /d 1 /f`,
	}
	return Check{
		ID: "delegation.restrict-remote",
		Title: Text{
			JA: "リモート サーバーへの資格情報の委任の制限",
			EN: "Restriction of credentials delegation to remote servers",
		},
		About: Text{
			JA: "この PC からの接続に、制限付き管理モードまたは Remote Credential Guard が強制されていて、保存されたパスワードを使えなくなっていないかを確認します。",
			EN: "Must connections from this computer use Restricted Admin or Remote Credential Guard, so that saved passwords are not used?",
		},
		Reads: []Text{
			same(credentialsDelegation + `\RestrictedRemoteAdministration (REG_DWORD)`),
			same(credentialsDelegation + `\RestrictedRemoteAdministrationType (REG_DWORD)`),
			windowsBuildRead(),
		},
		Findings: append([]Finding{
			{
				ID: "remote-guard", Verdict: Problem,
				Text: Text{
					JA: "接続には Remote Credential Guard が必要です (種類 {type})。保存されたパスワードは使えません。Kerberos だけを使うため、IP アドレスやワークグループの接続先にも接続できません。",
					EN: "Connections must use Remote Credential Guard (type {type}). Saved passwords are not used. As it needs Kerberos, hosts given by IP address or in a workgroup cannot be reached.",
				},
				Fix: fix, Rollback: restore,
			},
			{
				ID: "restrict-delegation", Verdict: Problem,
				Text: Text{
					JA: "資格情報の委任が制限されています (種類 {type})。Remote Credential Guard が優先され、保存されたパスワードは使えません。",
					EN: "Credentials delegation is restricted (type {type}). Remote Credential Guard is preferred, and saved passwords are not used.",
				},
				Fix: fix, Rollback: restore,
			},
			{
				ID: "restricted-admin", Verdict: Warning,
				Text: Text{
					JA: "接続には制限付き管理モードが必要です。保存されたパスワードは使えますが、接続先の管理者の権限と、接続先の DisableRestrictedAdmin が 0 であることが必要です。",
					EN: "Connections must use Restricted Admin. Saved passwords work, but the user has to be an administrator of the host, and DisableRestrictedAdmin has to be 0 there.",
				},
				Fix: fix, Rollback: restore,
			},
			{
				ID: "type-missing", Verdict: Warning,
				Text: Text{
					JA: "資格情報の委任の制限は有効ですが、種類 (RestrictedRemoteAdministrationType) がありません。どの方法が強制されるかはわかりません。",
					EN: "The restriction is on, but its type (RestrictedRemoteAdministrationType) is missing. Which way it enforces is not known.",
				},
				Fix: fix, Rollback: restore,
			},
			{
				ID: "not-restricted", Verdict: OK,
				Text: Text{
					JA: "資格情報の委任は制限されていません。",
					EN: "Credentials delegation is not restricted.",
				},
			},
		}, settingFindings()...),
		Sources: []string{remoteGuardDoc, delegationCSP},
	}
}

func judgeRestrictRemote(h host.Host, _ Args) []Found {
	on, bad := readSetting(h, credentialsDelegation, "RestrictedRemoteAdministration", 1)
	if bad != nil {
		return bad
	}
	if !on.is(1) {
		return found("not-restricted")
	}
	if s, err := h.System(); err == nil && s.Build <= lastBuildOfWindows81 {
		return found("restricted-admin")
	}
	kind, bad := readSetting(h, credentialsDelegation, "RestrictedRemoteAdministrationType", restrictDelegation)
	switch {
	case bad != nil:
		return bad
	case !kind.set:
		return found("type-missing")
	case kind.n == requireRestrictedAdmin:
		return found("restricted-admin")
	case kind.n == requireRemoteGuard:
		return found("remote-guard", "type", kind.String())
	case kind.n == restrictDelegation:
		return found("restrict-delegation", "type", kind.String())
	}
	return found("other-value", "what", credentialsDelegation+`\RestrictedRemoteAdministrationType`, "value", kind.String())
}

func hostNonexportable() Check {
	return Check{
		ID: "delegation.host-nonexportable",
		Title: Text{
			JA: "この PC への制限付き管理モードと Remote Credential Guard での接続",
			EN: "Connections to this computer with Restricted Admin or Remote Credential Guard",
		},
		About: Text{
			JA: "この PC が接続先の場合に、制限付き管理モードまたは Remote Credential Guard での接続を受け付けるかを確認します。",
			EN: "If this computer is the one connected to: does it accept Restricted Admin or Remote Credential Guard?",
		},
		Reads: []Text{
			same(credentialsDelegation + `\AllowProtectedCreds (REG_DWORD)`),
			same(lsa + `\DisableRestrictedAdmin (REG_DWORD)`),
			same(credentialsDelegation + `\RestrictedRemoteAdministration (REG_DWORD)`),
		},
		Findings: append([]Finding{
			{
				ID: "refused", Verdict: Warning,
				Text: Text{
					JA: "この PC は接続元に制限付き管理モードまたは Remote Credential Guard を強制していますが、接続先としてはどちらも受け付けません (AllowProtectedCreds: {allowed}、DisableRestrictedAdmin: {disabled})。同じポリシーの PC どうしでは接続できません。",
					EN: "This computer enforces Restricted Admin or Remote Credential Guard as a client but accepts neither as a host (AllowProtectedCreds: {allowed}, DisableRestrictedAdmin: {disabled}). Computers with this policy cannot connect to each other.",
				},
				Fix: Remedy{
					Text: Text{
						JA: "接続先として使う PC に限り、管理者が受け付けを有効にします。盗まれたパスワードのハッシュでのサインインに悪用されるおそれがあるため、接続元への強制をやめたら元に戻します。",
						EN: "Only on computers that are connected to, let an administrator accept it. It lets a stolen password hash be used to sign in: undo it when clients are no longer forced.",
					},
					Command: `reg add "` + lsa + `" /v DisableRestrictedAdmin /t REG_DWORD /d 0 /f`,
				},
				Rollback: Remedy{
					Text: Text{
						JA: "値を削除します。元の値 ({disabled}) が「-」でない場合は、その値に戻します。",
						EN: "Delete the value. If it was there before ({disabled}; - means absent), set it back to that instead.",
					},
					Command: `reg delete "` + lsa + `" /v DisableRestrictedAdmin /f`,
				},
			},
			{
				ID: "not-accepted", Verdict: OK,
				Text: Text{
					JA: "この PC は、制限付き管理モードと Remote Credential Guard での接続を受け付けません (AllowProtectedCreds: {allowed}、DisableRestrictedAdmin: {disabled})。接続元に強制していなければ影響ありません。",
					EN: "This computer accepts neither Restricted Admin nor Remote Credential Guard (AllowProtectedCreds: {allowed}, DisableRestrictedAdmin: {disabled}). That matters only to clients that are forced to use them.",
				},
			},
			{
				ID: "accepted", Verdict: OK,
				Text: Text{
					JA: "この PC は、制限付き管理モードまたは Remote Credential Guard での接続を受け付けます (AllowProtectedCreds: {allowed}、DisableRestrictedAdmin: {disabled})。",
					EN: "This computer accepts Restricted Admin or Remote Credential Guard (AllowProtectedCreds: {allowed}, DisableRestrictedAdmin: {disabled}).",
				},
			},
		}, settingFindings()...),
		Sources: []string{remoteGuardDoc, "learn.microsoft.com/windows/client-management/mdm/policy-csp-credentialsdelegation"},
	}
}

func judgeHostNonexportable(h host.Host, _ Args) []Found {
	allowed, bad := readSetting(h, credentialsDelegation, "AllowProtectedCreds", 1)
	disabled, badToo := readSetting(h, lsa, "DisableRestrictedAdmin", 1)
	if bad = append(bad, badToo...); bad != nil {
		return bad
	}
	id := "not-accepted"
	if allowed.is(1) || disabled.is(0) {
		id = "accepted"
	} else {
		forced, bad := readSetting(h, credentialsDelegation, "RestrictedRemoteAdministration", 1)
		if bad != nil {
			return bad
		}
		if forced.is(1) {
			id = "refused"
		}
	}
	return found(id, "allowed", allowed.String(), "disabled", disabled.String())
}
