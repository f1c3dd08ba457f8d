package check

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

// credman is the family about Credential Manager and what is saved in it.
func credman() []Check {
	return []Check{
		storagePolicy(),
		vaultService(),
		rdpEntries(),
	}
}

func storagePolicy() Check {
	return Check{
		ID: "credman.storage-policy",
		Title: Text{
			JA: "ネットワーク認証の資格情報の保存のポリシー",
			EN: "Policy on storing credentials for network authentication",
		},
		About: Text{
			JA: "資格情報マネージャーにネットワークの資格情報を保存することが、ポリシーで禁止されていないかを確認します。",
			EN: "Does policy forbid Credential Manager from storing credentials for the network?",
		},
		Reads: []Text{same(lsa + `\DisableDomainCreds (REG_DWORD)`)},
		Findings: append([]Finding{
			{
				ID: "forbidden", Verdict: Warning,
				Text: Text{
					JA: "資格情報の保存が禁止されています (DisableDomainCreds: 1)。保存した資格情報は残らず、毎回入力が必要です。",
					EN: "Storing credentials is forbidden (DisableDomainCreds: 1). Nothing stays saved, so they have to be typed each time.",
				},
				Fix: Remedy{
					Text: Text{
						JA: "管理者が secpol.msc の [ローカル ポリシー] > [セキュリティ オプション] で、[ネットワーク アクセス: ネットワーク認証のためにパスワードおよび資格情報を保存することを許可しない] を無効にし、再起動します。Home では次のコマンドを実行して再起動します。組織の方針で禁止している場合は、変更せずに毎回入力します。",
						EN: "Let an administrator set Local Policies > Security Options > Network access: Do not allow storage of passwords and credentials for network authentication to Disabled in secpol.msc and restart. On Home, run this command and restart. If the organization wants it like this, leave it and type the password each time.",
					},
					Command: `reg add "` + lsa + `" /v DisableDomainCreds /t REG_DWORD /d 0 /f`,
				},
				Rollback: Remedy{
					Text: Text{
						JA: "値を 1 に戻し、再起動します。",
						EN: "Set the value back to 1 and restart.",
					},
					Command: `reg add "` + lsa + `" /v DisableDomainCreds /t REG_DWORD /d 1 /f`,
				},
			},
			{
				ID: "allowed", Verdict: OK,
				Text: Text{
					JA: "資格情報の保存は禁止されていません。",
					EN: "Storing credentials is not forbidden.",
				},
			},
		}, settingFindings()...),
		Sources: []string{"learn.microsoft.com/windows/security/threat-protection/security-policy-settings/network-access-do-not-allow-storage-of-passwords-and-credentials-for-network-authentication"},
	}
}

const vaultServiceKey = `HKLM\SYSTEM\CurrentControlSet\Services\VaultSvc`

func vaultService() Check {
	return Check{
		ID: "credman.vault-service",
		Title: Text{
			JA: "資格情報マネージャーのサービスの状態",
			EN: "State of the Credential Manager service",
		},
		About: Text{
			JA: "資格情報マネージャーのサービス (VaultSvc) が動作できる状態かを確認します。",
			EN: "Can the Credential Manager service (VaultSvc) run?",
		},
		Reads: []Text{
			{JA: "サービス VaultSvc の状態とスタートアップの種類", EN: "state and start type of the service VaultSvc"},
			{
				JA: vaultServiceKey + `\Start (REG_DWORD、サービスを読み取れない場合)`,
				EN: vaultServiceKey + `\Start (REG_DWORD, if the service cannot be asked)`,
			},
			{
				JA: "TERMSRV/ で始まる保存された資格情報の有無 (パスワードは読み取りません)",
				EN: "whether there are saved credentials that start with TERMSRV/ (never their passwords)",
			},
		},
		Findings: append([]Finding{
			{
				ID: "disabled", Verdict: Warning,
				Text: Text{
					JA: "VaultSvc (Credential Manager) が無効です。資格情報を保存することも、保存したものを使うこともできません。",
					EN: "VaultSvc (Credential Manager) is disabled. Credentials can be neither saved nor used.",
				},
				Fix: Remedy{
					Text: Text{
						JA: "スタートアップの種類を手動に戻します (管理者)。",
						EN: "Set the start type back to manual (administrator).",
					},
					Command: "sc config VaultSvc start= demand",
				},
				Rollback: Remedy{
					Text: Text{
						JA: "スタートアップの種類を無効に戻します。",
						EN: "Set the start type back to disabled.",
					},
					Command: "sc config VaultSvc start= disabled",
				},
			},
			{
				ID: "missing", Verdict: Warning,
				Text: Text{
					JA: "VaultSvc (Credential Manager) がありません。資格情報を保存できません。",
					EN: "VaultSvc (Credential Manager) does not exist. Credentials cannot be saved.",
				},
				Fix: Remedy{Text: Text{
					JA: "通常の Windows にはあるサービスのため、管理者が Windows のシステム ファイルを修復します。",
					EN: "Windows normally has this service: let an administrator repair the system files of Windows.",
				}},
			},
			{
				ID: "other-start", Verdict: Warning,
				Text: Text{
					JA: "VaultSvc のスタートアップの種類が {start} です。通常は手動 (DEMAND_START) または自動 (AUTO_START) です。",
					EN: "The start type of VaultSvc is {start}. It normally is manual (DEMAND_START) or automatic (AUTO_START).",
				},
			},
			{
				ID: "stopped-empty", Verdict: Warning,
				Text: Text{
					JA: "VaultSvc が停止しており (スタートアップの種類: {start})、保存されたリモート デスクトップの資格情報がありません。",
					EN: "VaultSvc is stopped (start type: {start}), and no Remote Desktop credentials are saved.",
				},
			},
			{
				ID: "ready", Verdict: OK,
				Text: Text{
					JA: "VaultSvc は動作できる状態です (状態: {state}、スタートアップの種類: {start})。停止していても、必要なときに開始されます。",
					EN: "VaultSvc can run (state: {state}, start type: {start}). If it is stopped, it starts when it is needed.",
				},
			},
		}, settingFindings()...),
		Sources: []string{"learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-queryserviceconfigw"},
	}
}

func judgeVaultService(h host.Host, _ Args) []Found {
	s, err := h.Service("VaultSvc")
	state := s.State.String()
	switch {
	case errors.Is(err, host.ErrAbsent):
		return found("missing")
	case err != nil:
		start, bad := readSetting(h, vaultServiceKey, "Start", uint32(host.Disabled))
		if bad != nil {
			return bad
		}
		if !start.set {
			return unread("VaultSvc", err)
		}
		s.Start, state = host.StartType(start.n), "-"
	}
	start := s.Start.String()
	switch s.Start {
	case host.Disabled:
		return found("disabled")
	case host.AutoStart, host.DemandStart:
	default:
		return found("other-start", "start", start)
	}
	if s.State == host.Stopped {
		if saved, err := h.Credentials(termsrv); err == nil && len(saved) == 0 {
			return found("stopped-empty", "start", start)
		}
	}
	return found("ready", "state", state, "start", start)
}

func rdpEntries() Check {
	again := Remedy{Text: Text{
		JA: "コマンド プロンプトで cmdkey /delete:TERMSRV/接続先名 を実行し、その名前で接続してパスワードを保存し直します。",
		EN: "Run cmdkey /delete:TERMSRV/HOSTNAME in a command prompt, then connect by that name and save the password again.",
	}}
	save := Remedy{Text: Text{
		JA: "接続に使う名前で接続し、パスワードを保存します。",
		EN: "Connect by the name that you use, and save the password.",
	}}
	gone := Remedy{Text: Text{
		JA: "削除した資格情報は元に戻せません。パスワードを入力し直します。",
		EN: "Deleted credentials cannot be brought back: type the password again.",
	}}
	forget := Remedy{Text: Text{
		JA: "コマンド プロンプトで cmdkey /delete:TERMSRV/接続先名 を実行し、保存した資格情報を削除します。",
		EN: "Run cmdkey /delete:TERMSRV/HOSTNAME in a command prompt to delete what was saved.",
	}}
	return Check{
		ID: "credman.rdp-entries",
		Title: Text{
			JA: "保存されたリモート デスクトップの資格情報",
			EN: "Saved Remote Desktop credentials",
		},
		About: Text{
			JA: "接続先に使われる資格情報が保存されているかを確認します。ユーザー名は形式だけを表示し、パスワードは読み取りません。",
			EN: "Are credentials saved that will be used for the host? Of user names only the form is shown, and passwords are never read.",
		},
		Reads: []Text{
			{
				JA: "TERMSRV/ で始まる資格情報の名前、種類、保存期間、ユーザー名の形式 (CredEnumerateW)",
				EN: "target, type, persistence and form of the user name of credentials that start with TERMSRV/ (CredEnumerateW)",
			},
			deviceGuardReads("SecurityServicesRunning"),
			windowsBuildRead(),
			{JA: "コンピューター名 (ユーザー名の形式の確認)", EN: "name of this computer, to judge the user names' form"},
		},
		Params: []Param{namedHost()},
		Findings: append([]Finding{
			{
				ID: "guarded", Verdict: Problem,
				Text: Text{
					JA: "Credential Guard が動作しているため、Windows 資格情報として保存されたパスワード ({targets}) は接続先に送られません。",
					EN: "Credential Guard is running, so passwords saved as Windows credentials ({targets}) are not sent to the host.",
				},
				Fix: Remedy{Text: Text{
					JA: "接続のたびにパスワードを入力するか、Remote Credential Guard または証明書を使います。汎用資格情報として保存する回避策 (cmdkey /generic) は、パスワードをほかのプログラムが取り出せる形で残すため勧めません。",
					EN: "Type the password each time, or use Remote Credential Guard or a certificate. Saving it as a generic credential (cmdkey /generic) is not advised: other programs can read it back.",
				}},
			},
			{
				ID: "none", Verdict: Warning,
				Text: Text{
					JA: "リモート デスクトップの資格情報は 1 つも保存されていません。",
					EN: "Not a single Remote Desktop credential is saved.",
				},
				Fix: save, Rollback: forget,
			},
			{
				ID: "none-for-host", Verdict: Warning,
				Text: Text{
					JA: "{target} の資格情報は保存されていません。保存されているのは {targets} です。名前が違うと使われません。",
					EN: "Nothing is saved for {target}, only for {targets}. Credentials under another name are not used.",
				},
				Fix: save, Rollback: forget,
			},
			{
				ID: "session-only", Verdict: Warning,
				Text: Text{
					JA: "{targets}: サインアウトすると消える形で保存されています。",
					EN: "{targets}: saved only until sign-out.",
				},
				Fix: again, Rollback: gone,
			},
			{
				ID: "prompt-now", Verdict: Warning,
				Text: Text{
					JA: "{targets}: このセッションで使えるパスワードがありません。接続のときに入力を求められます。",
					EN: "{targets}: this session has no password for it that it can use. Windows will ask for one.",
				},
				Fix: again, Rollback: gone,
			},
			{
				ID: "several-names", Verdict: Warning,
				Text: Text{
					JA: "同じ接続先と思われる資格情報が、複数の名前で保存されています ({targets})。接続に使う名前のものだけが使われます。",
					EN: "Credentials for what looks like one host are saved under several names ({targets}). Only those under the name used to connect count.",
				},
			},
			{
				ID: "entries", Verdict: OK,
				Text: Text{
					JA: "保存されている資格情報: {entries}。",
					EN: "Saved credentials: {entries}.",
				},
			},
			{
				ID: "no-session", Verdict: Unknown,
				Text: Text{
					JA: "対話的なサインインではないため、資格情報を読み取れません (エラー 1312)。",
					EN: "This is not an interactive sign-in, so credentials cannot be read (error 1312).",
				},
			},
		}, userFormFindings()...),
		Sources: []string{
			"learn.microsoft.com/windows/win32/api/wincred/nf-wincred-credenumeratew",
			"learn.microsoft.com/windows/win32/api/wincred/ns-wincred-credentialw",
			learnCredentialGuardIssues,
		},
	}
}

// noSuchLogonSession is ERROR_NO_SUCH_LOGON_SESSION: a network logon has no
// credentials.
const noSuchLogonSession = 1312

func judgeRDPEntries(h host.Host, args Args) (fs []Found) {
	all, err := h.Credentials(termsrv)
	var call *host.CallError
	switch {
	case errors.As(err, &call) && call.Code == noSuchLogonSession:
		return found("no-session")
	case err != nil:
		return unread("CredEnumerateW", err)
	case len(all) == 0:
		return found("none")
	}
	fs = cutShort("CredEnumerateW", len(all), host.MaxNames)
	spn := hostSPN(args["host"])
	var ours []host.Credential
	var entries []string
	var users []signIn
	for _, c := range all {
		if spn != anyHost && !strings.EqualFold(c.Target, spn) {
			continue
		}
		ours = append(ours, c)
		entries = append(entries, valueText(c.Target)+" (type="+strconv.Itoa(int(c.Type))+" persist="+strconv.Itoa(int(c.Persist))+" user="+userForm(c.User)+")")
		if c.Type != host.CredDomainCert && !strings.HasPrefix(c.User, certificateUser) {
			users = append(users, signIn{strings.TrimPrefix(c.Target, termsrv), c.User})
		}
	}
	if names := severalNames(all, spn); names != nil {
		fs = append(fs, found("several-names", "targets", few(names))...)
	}
	if ours == nil {
		return append(fs, found("none-for-host", "target", spn, "targets", few(targets(all, nil)))...)
	}
	windows := targets(ours, func(c host.Credential) bool {
		return c.Type == host.CredDomainPassword || c.Type == host.CredDomainExtended
	})
	if windows != nil {
		fs = append(fs, judgeGuarded(h, windows)...)
	}
	for _, k := range []struct {
		id string
		is func(host.Credential) bool
	}{
		{"session-only", func(c host.Credential) bool { return c.Persist == host.PersistSession }},
		{"prompt-now", func(c host.Credential) bool { return c.Flags&host.CredPromptNow != 0 }},
	} {
		if t := targets(ours, k.is); t != nil {
			fs = append(fs, found(k.id, "targets", few(t))...)
		}
	}
	fs = append(fs, judgeUserForms(h, users)...)
	return append(fs, found("entries", "entries", few(entries))...)
}

// judgeGuarded says whether Credential Guard keeps these credentials back.
func judgeGuarded(h host.Host, targets []string) []Found {
	guard, bad := askDeviceGuard(h, "SecurityServicesRunning")
	switch {
	case bad != nil && bad[0].Finding == noVBSFinding().ID:
		return nil
	case bad != nil:
		return bad
	case slices.Contains(guard["SecurityServicesRunning"], serviceCredentialGuard):
		return found("guarded", "targets", few(targets))
	}
	return nil
}

// targets lists the targets of the credentials of which is holds, of all if
// is is nil.
func targets(all []host.Credential, is func(host.Credential) bool) (names []string) {
	for _, c := range all {
		if is == nil || is(c) {
			names = append(names, valueText(c.Target))
		}
	}
	return names
}

// severalNames returns the targets that share the first part of their host's
// name, with each other and, unless spn is for any host, with spn.
func severalNames(all []host.Credential, spn string) (names []string) {
	first := func(target string) string {
		name := strings.ToLower(target[min(len(target), len(termsrv)):])
		if isAddress(name) {
			return name
		}
		label, _, _ := strings.Cut(name, ".")
		return label
	}
	one, several := map[string]string{}, map[string]bool{}
	for _, c := range all {
		name, target := first(c.Target), strings.ToLower(c.Target)
		if seen, ok := one[name]; ok && seen != target {
			several[name] = true
		}
		one[name] = target
	}
	for _, c := range all {
		if name := first(c.Target); several[name] && (spn == anyHost || name == first(spn)) {
			names = append(names, valueText(c.Target))
		}
	}
	return names
}

func judgeStoragePolicy(h host.Host, _ Args) []Found {
	s, bad := readSetting(h, lsa, "DisableDomainCreds", 1)
	switch {
	case bad != nil:
		return bad
	case s.is(1):
		return found("forbidden")
	}
	return found("allowed")
}
