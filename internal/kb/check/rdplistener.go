package check

import "kbgen/internal/kb/host"

const rdpUnattendSource = "learn.microsoft.com/windows-hardware/customize/desktop/unattend/microsoft-windows-terminalservices-rdp-winstationextensions"

// listenerReads are the two places of a setting of the listener.
func listenerReads(name string) []Text {
	return []Text{
		same(terminalServicesPolicy + `\` + name + ` (REG_DWORD)`),
		same(rdpListener + `\` + name + ` (REG_DWORD)`),
		editionRead(),
	}
}

// setListener is the command that sets a value where it was found.
func setListener(name, value string) string {
	return `reg add "{key}" /v ` + name + ` /t REG_DWORD /d ` + value + ` /f`
}

func rdpNLA() Check {
	return Check{
		ID: "rdp-server.nla",
		Title: Text{
			JA: "ネットワーク レベル認証 (NLA) の要求",
			EN: "Whether Network Level Authentication (NLA) is required",
		},
		About: Text{
			JA: "この PC が接続先の場合に、ネットワーク レベル認証を求める設定かを確認します。",
			EN: "If this computer is the one connected to: does it require Network Level Authentication?",
		},
		Reads: listenerReads("UserAuthentication"),
		Findings: append([]Finding{
			{
				ID: "required", Verdict: OK,
				Text: Text{
					JA: "ネットワーク レベル認証が必須です ({key})。CredSSP を使わない接続元 (enablecredsspsupport:i:0) と、期限切れのパスワードでは接続できません。CredSSP のエラーを避けるためにこの設定を外すと、安全性が下がります。",
					EN: "Network Level Authentication is required ({key}). A client without CredSSP (enablecredsspsupport:i:0) or with an expired password cannot connect. Giving this up to get round a CredSSP error makes the computer less secure.",
				},
			},
			{
				ID: "not-required", Verdict: Warning,
				Text: Text{
					JA: "ネットワーク レベル認証が必須ではありません ({key} の UserAuthentication: 0)。サインイン画面に誰でも到達できるため、安全性が下がっています。",
					EN: "Network Level Authentication is not required (UserAuthentication in {key}: 0). Anybody reaches the sign-in screen, which is less secure.",
				},
				Fix: Remedy{
					Text: Text{
						JA: "接続元の問題を直したうえで、必須に戻します (管理者)。GPO で設定されている場合は [リモート デスクトップ セッション ホスト] > [セキュリティ] > [リモート接続にネットワーク レベル認証を使用したユーザー認証を必要とする] を有効にします。",
						EN: "Repair the client and require it again (administrator). If a GPO sets the value, enable Remote Desktop Session Host > Security > Require user authentication for remote connections by using Network Level Authentication.",
					},
					Command: setListener("UserAuthentication", "1"),
				},
				Rollback: Remedy{
					Text: Text{
						JA: "変更前の値 (0) に戻します。安全性が下がるため、接続元を直すまでの間に限ります。",
						EN: "Set the value back to 0. This is less secure: only until the client is repaired.",
					},
					Command: setListener("UserAuthentication", "0"),
				},
			},
			{
				ID: "unset", Verdict: Unknown,
				Text: Text{
					JA: "UserAuthentication が設定されていません。既定は Windows のバージョンによって異なるため、判断できません。",
					EN: "UserAuthentication is not set. The default differs between versions of Windows, so nothing can be concluded.",
				},
			},
			homeFinding(),
		}, settingFindings()...),
		Sources: []string{rdpUnattendSource},
	}
}

func rdpSecurityLayer() Check {
	fix := Remedy{
		Text: Text{
			JA: "セキュリティ レイヤーを 2 (TLS) にします (管理者)。GPO で設定されている場合は [リモート (RDP) 接続に特定のセキュリティ レイヤーの使用を必要とする] を変更します。新しい接続から有効になります。",
			EN: "Set the security layer to 2, TLS (administrator). If a GPO sets the value, change Require use of specific security layer for remote (RDP) connections. It takes effect for new connections.",
		},
		Command: setListener("SecurityLayer", "2"),
	}
	rollback := Remedy{
		Text: Text{
			JA: "変更前の値 (0) に戻します。安全性が下がるため、接続できない原因を調べる間に限ります。",
			EN: "Set the value back to 0. This is less secure: only while the cause of failing connections is looked for.",
		},
		Command: setListener("SecurityLayer", "0"),
	}
	encryption := Text{
		JA: "暗号化レベル MinEncryptionLevel は {encryption} です (1: 低、2: クライアント互換、3: 高、4: FIPS)。",
		EN: "MinEncryptionLevel is {encryption} (1 low, 2 client compatible, 3 high, 4 FIPS).",
	}
	state := func(id string, v Verdict, ja, en string) Finding {
		f := Finding{ID: id, Verdict: v, Text: Text{JA: ja + encryption.JA, EN: en + " " + encryption.EN}}
		if v != OK {
			f.Fix, f.Rollback = fix, rollback
		}
		return f
	}
	return Check{
		ID: "rdp-server.security-layer",
		Title: Text{
			JA: "リモート デスクトップのセキュリティ レイヤー",
			EN: "Security layer of Remote Desktop",
		},
		About: Text{
			JA: "この PC が接続先の場合に、どのセキュリティ レイヤー (RDP、ネゴシエート、TLS) を使うかを確認します。",
			EN: "If this computer is the one connected to: which security layer (RDP, negotiate, TLS) does it use?",
		},
		Reads: append(listenerReads("SecurityLayer"),
			same(rdpListener+`\MinEncryptionLevel (REG_DWORD)`),
			same(terminalServicesPolicy+`\UserAuthentication (REG_DWORD)`),
			same(rdpListener+`\UserAuthentication (REG_DWORD)`),
		),
		Findings: append([]Finding{
			state("rdp-with-nla", Problem,
				"セキュリティ レイヤーが 0 (RDP) で、ネットワーク レベル認証が必須です ({key})。この組み合わせでは接続できません。",
				"The security layer is 0 (RDP) while Network Level Authentication is required ({key}). Connecting cannot work with both."),
			state("rdp", Warning,
				"セキュリティ レイヤーが 0 (RDP) です ({key})。接続先の確認ができず、ネットワーク レベル認証も使えません。",
				"The security layer is 0 (RDP, {key}). Clients cannot verify this computer, and Network Level Authentication does not work."),
			state("negotiate", OK,
				"セキュリティ レイヤーは 1 (ネゴシエート) です ({key})。",
				"The security layer is 1 (negotiate, {key})."),
			state("tls", OK,
				"セキュリティ レイヤーは 2 (TLS) です ({key})。",
				"The security layer is 2 (TLS, {key})."),
			state("unset", OK,
				"セキュリティ レイヤーは設定されておらず、既定の動作 (ネゴシエート) になります。",
				"The security layer is not set; the default is to negotiate."),
			homeFinding(),
		}, settingFindings()...),
		Sources: []string{rdpUnattendSource, "learn.microsoft.com/windows/win32/termserv/win32-tsgeneralsetting"},
	}
}

func judgeSecurityLayer(h host.Host, _ Args) []Found {
	layer, key, bad := rdpSetting(h, rdpListener, "SecurityLayer", 2)
	if bad != nil {
		return bad
	}
	level, answer := readSetting(h, rdpListener, "MinEncryptionLevel", 4)
	if level.is(0) {
		answer = found("other-value", "what", rdpListener+`\MinEncryptionLevel`, "value", "0")
	}
	id := "unset"
	values := []string{"encryption", level.String()}
	if layer.set {
		id = [...]string{"rdp", "negotiate", "tls"}[layer.n]
		values = append(values, "key", key)
	}
	if layer.is(0) {
		nla, _, bad := rdpSetting(h, rdpListener, "UserAuthentication", 1)
		answer = append(answer, bad...)
		if nla.is(1) {
			id = "rdp-with-nla"
		}
	}
	return append(found(id, values...), answer...)
}

func rdpPrompt() Check {
	return Check{
		ID: "rdp-server.prompt-for-password",
		Title: Text{
			JA: "接続のたびのパスワード要求",
			EN: "Prompting for the password at each connection",
		},
		About: Text{
			JA: "この PC が接続先の場合に、接続元から送られたパスワードを無視して毎回入力を求める設定かを確認します。接続元の PC からは確認できません。",
			EN: "If this computer is the one connected to: does it ignore the password that the client sends and ask again? That cannot be seen from the client.",
		},
		Reads: listenerReads("fPromptForPassword"),
		Findings: append([]Finding{
			{
				ID: "always", Verdict: Problem,
				Text: Text{
					JA: "この PC は、接続元がパスワードを送っても、セッションの中で毎回パスワードを要求します ({key} の fPromptForPassword: 1)。パスワードを保存しても要求されるのはこのためです。",
					EN: "This computer asks for the password inside the session even if the client has sent one (fPromptForPassword in {key}: 1). That is why it is asked for although it is saved.",
				},
				Fix: Remedy{
					Text: Text{
						JA: "毎回の要求が組織の方針でなければ、0 にします (管理者)。GPO で設定されている場合は [リモート デスクトップ セッション ホスト] > [セキュリティ] > [接続するたびにパスワードを要求する] を未構成にします。",
						EN: "Unless your organization wants it so, set it to 0 (administrator). If a GPO sets the value, set Remote Desktop Session Host > Security > Always prompt for password upon connection to Not Configured.",
					},
					Command: setListener("fPromptForPassword", "0"),
				},
				Rollback: Remedy{
					Text: Text{
						JA: "変更前の値 (1) に戻します。",
						EN: "Set the value back to 1.",
					},
					Command: setListener("fPromptForPassword", "1"),
				},
			},
			{
				ID: "never", Verdict: OK,
				Text: Text{
					JA: "接続元から送られたパスワードを受け入れます ({key} の fPromptForPassword: 0)。",
					EN: "A password that the client sends is accepted (fPromptForPassword in {key}: 0).",
				},
			},
			{
				ID: "unset", Verdict: OK,
				Text: Text{
					JA: "fPromptForPassword は設定されていません。毎回のパスワード要求は強制されていません。",
					EN: "fPromptForPassword is not set. Nothing forces a prompt at each connection.",
				},
			},
			homeFinding(),
		}, settingFindings()...),
		Sources: []string{
			"learn.microsoft.com/windows/client-management/mdm/policy-csp-remotedesktopservices",
		},
	}
}

func judgeNLA(h host.Host, _ Args) []Found {
	return judgeListenerSwitch(h, "UserAuthentication", "not-required", "required")
}

func judgePromptForPassword(h host.Host, _ Args) []Found {
	return judgeListenerSwitch(h, "fPromptForPassword", "never", "always")
}

// judgeListenerSwitch judges a setting of the listener that is 0, 1 or not
// there.
func judgeListenerSwitch(h host.Host, name, off, on string) []Found {
	s, key, bad := rdpSetting(h, rdpListener, name, 1)
	switch {
	case bad != nil:
		return bad
	case !s.set:
		return found("unset")
	}
	return found([]string{off, on}[s.n], "key", key)
}
