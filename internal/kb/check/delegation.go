package check

import "kbgen/internal/kb/host"

const (
	delegationFolderJA = "[コンピューターの構成] > [管理用テンプレート] > [システム] > [資格情報の委任]"
	delegationFolderEN = "Computer Configuration > Administrative Templates > System > Credentials Delegation"

	delegationCSP = "learn.microsoft.com/windows/client-management/mdm/policy-csp-admx-credssp"
)

// delegation is the family about which credentials this machine may send to which hosts.
func delegation() []Check {
	return []Check{
		{
			ID: "delegation.saved-credentials",
			Title: Text{
				JA: "保存された資格情報の委任の許可",
				EN: "Permission to delegate saved credentials",
			},
			About: Text{
				JA: "保存されたリモート デスクトップのパスワードを接続先に送ることが、ポリシーで許可されているかを確認します。",
				EN: "Does policy allow a saved Remote Desktop password to be sent to the host?",
			},
			Reads: append(ruleReads("AllowSavedCredentials", "ConcatenateDefaults_AllowSaved", "AllowSavedCredentialsWhenNTLMOnly", "ConcatenateDefaults_AllowSavedNTLMOnly"),
				Text{JA: "ドメインへの参加の有無 (NetGetJoinInformation)", EN: "whether this computer is in a domain (NetGetJoinInformation)"}),
			Params:   []Param{namedHost()},
			Findings: savedFindings(),
			Sources:  []string{delegationCSP, "learn.microsoft.com/windows/win32/secauthn/credssp-group-policy-settings"},
		},
		{
			ID: "delegation.default-credentials",
			Title: Text{
				JA: "既定の資格情報の委任の許可",
				EN: "Permission to delegate default credentials",
			},
			About: Text{
				JA: "Windows へのサインインに使った資格情報を、広い範囲の接続先に送る設定になっていないかを確認します。保存されたパスワードには関係しません。",
				EN: "Are the credentials used to sign in to Windows sent to more hosts than necessary? This is not about saved passwords.",
			},
			Reads:    ruleReads("AllowDefaultCredentials", "", "AllowDefCredentialsWhenNTLMOnly", ""),
			Params:   []Param{namedHost()},
			Findings: defaultFindings(),
			Sources:  []string{delegationCSP},
		},
		{
			ID: "delegation.fresh-credentials",
			Title: Text{
				JA: "新しい資格情報の委任の許可",
				EN: "Permission to delegate fresh credentials",
			},
			About: Text{
				JA: "入力したパスワードを接続先に送ることまで、ポリシーで拒否されていないかを確認します。",
				EN: "Does policy refuse to send even a typed password to the host?",
			},
			Reads:    ruleReads("AllowFreshCredentials", "ConcatenateDefaults_AllowFresh", "AllowFreshCredentialsWhenNTLMOnly", "ConcatenateDefaults_AllowFreshNTLMOnly"),
			Params:   []Param{namedHost()},
			Findings: freshFindings(),
			Sources:  []string{delegationCSP},
		},
		{
			ID: "delegation.deny-lists",
			Title: Text{
				JA: "資格情報の委任の拒否の一覧",
				EN: "Deny lists of credentials delegation",
			},
			About: Text{
				JA: "接続先が、資格情報の委任を拒否する一覧に含まれていないかを確認します。",
				EN: "Is the host in a list of hosts that credentials must not be sent to?",
			},
			Reads:    append(ruleReads("DenySavedCredentials", "", "DenyFreshCredentials", ""), ruleReads("DenyDefaultCredentials", "")...),
			Params:   []Param{namedHost()},
			Findings: denyListFindings(),
			Sources:  []string{delegationCSP},
		},
		restrictRemote(),
		hostNonexportable(),
	}
}

// namedHost is the host that the reader names; checks that never leave this
// machine do without it.
func namedHost() Param {
	return Param{
		Name: "host", Kind: KindHost,
		About: Text{
			JA: "接続先の名前。kbprobe の -host で指定された名前 (省略可)",
			EN: "the host connected to, as named with kbprobe -host; may be left out",
		},
	}
}

// ruleReads lists what is read of policies, given as pairs of a policy's name
// and the value that adds the system's own entries, which may be empty.
func ruleReads(namesAndConcatenates ...string) (reads []Text) {
	for i := 0; i+1 < len(namesAndConcatenates); i += 2 {
		policy := credentialsDelegation + `\` + namesAndConcatenates[i]
		reads = append(reads, same(policy+` (REG_DWORD)`), same(policy+`\1, 2, … (REG_SZ)`))
		if c := namesAndConcatenates[i+1]; c != "" {
			reads = append(reads, same(credentialsDelegation+`\`+c+` (REG_DWORD)`))
		}
	}
	return reads
}

func savedFindings() []Finding {
	fix := Remedy{
		Text: Text{
			JA: "管理者が " + delegationFolderJA + " の [保存された資格情報の委任を許可する] と [NTLM のみのサーバー認証で保存された資格情報の委任を許可する] を有効にし、一覧に TERMSRV/接続先名 を追加します (TERMSRV/* のように広げません)。NTLM ではサーバーの身元を確認できないため、接続先の証明書を整えたら NTLM のみの方は元に戻します。ドメインに参加していない PC (Home を含む) では、次のコマンドで未構成に戻せば使えるようになります。新しい接続から有効です。変わらない場合は再起動します。",
			EN: "Let an administrator enable Allow delegating saved credentials and Allow delegating saved credentials with NTLM-only server authentication in " + delegationFolderEN + " and add TERMSRV/HOSTNAME to their lists (not TERMSRV/*). NTLM does not prove who the server is: undo the NTLM-only one when the host has a trusted certificate. On a computer outside a domain, also on Home, it is enough to return both to Not Configured with these commands. New connections use it; if they do not, restart.",
		},
		Command: `reg delete "` + credentialsDelegation + `" /v AllowSavedCredentials /f` + "\n" +
			`reg delete "` + credentialsDelegation + `" /v AllowSavedCredentialsWhenNTLMOnly /f`,
	}
	restore := Remedy{Text: Text{
		JA: "2 つのポリシーを元の値 (AllowSavedCredentials: {kerberos}、AllowSavedCredentialsWhenNTLMOnly: {ntlm}、「-」は未構成) に戻し、追加した項目を一覧から削除します。",
		EN: "Set both policies back (AllowSavedCredentials: {kerberos}, AllowSavedCredentialsWhenNTLMOnly: {ntlm}; - is Not Configured) and remove the entries that were added.",
	}}
	return append([]Finding{
		{
			ID: "refused", Verdict: Problem,
			Text: Text{
				JA: "{spn}: 保存された資格情報を送ることが、ポリシーで許可されていません。",
				EN: "{spn}: policy does not allow saved credentials to be sent.",
			},
			Fix: fix, Rollback: restore,
		},
		{
			ID: "empty-list", Verdict: Problem,
			Text: Text{
				JA: "{policy} は有効ですが、接続先の一覧が空のため、このポリシーで許可される接続先がありません。",
				EN: "{policy} is enabled with an empty list, so it allows no host.",
			},
			Fix: fix, Rollback: restore,
		},
		{
			ID: "kerberos-only", Verdict: Warning,
			Text: Text{
				JA: "{spn}: 保存された資格情報は、接続先を Kerberos または信頼された証明書で確認できる場合にだけ使えます。NTLM のみの場合 (ワークグループの PC、IP アドレスでの接続、自己署名証明書) は使えません。",
				EN: "{spn}: saved credentials work only where Kerberos or a trusted certificate proves who the host is. They do not work with NTLM only: computers in a workgroup, connections by IP address, self-signed certificates.",
			},
			Fix: fix, Rollback: restore,
		},
		{
			ID: "ntlm-only", Verdict: Warning,
			Text: Text{
				JA: "{spn}: 保存された資格情報は、NTLM のみで接続する場合にだけ許可されています。Kerberos または信頼された証明書で確認できる接続先には使えません。",
				EN: "{spn}: saved credentials are allowed with NTLM only, not where Kerberos or a trusted certificate proves who the host is.",
			},
			Fix: fix, Rollback: restore,
		},
		{
			ID: "limited", Verdict: Warning,
			Text: Text{
				JA: "保存された資格情報を使えるのは、一覧の接続先 ({entries}) だけです。{spn} が当てはまるかはわからないため、接続に使う名前が一覧にあるかを確認してください。",
				EN: "Saved credentials may be used only for the hosts of a list ({entries}). Whether that covers {spn} is not certain: look for the name that is used to connect.",
			},
			Fix: fix, Rollback: restore,
		},
		{
			ID: "bad-entry", Verdict: Warning,
			Text: Text{
				JA: "{policy} の一覧の {entry} は、リモート デスクトップに使える形ではありません。TERMSRV/ で始め、* は 1 つだけ使います (例: TERMSRV/*.example.com)。",
				EN: "{entry} in the list of {policy} has no form that Remote Desktop can use. It starts with TERMSRV/ and has at most one *, such as TERMSRV/*.example.com.",
			},
		},
		{
			ID: "allowed", Verdict: OK,
			Text: Text{
				JA: "{spn}: 保存された資格情報を送ることが許可されています。拒否の一覧、委任の制限、Credential Guard は、それぞれの確認項目で調べます。",
				EN: "{spn}: saved credentials may be sent. Deny lists, restrictions and Credential Guard are looked at by checks of their own.",
			},
		},
	}, ruleFindings()...)
}

func judgeSaved(h host.Host, args Args) []Found {
	spn := hostSPN(args["host"])
	kerberos, bad := readDelegationRule(h, "AllowSavedCredentials", "ConcatenateDefaults_AllowSaved")
	ntlm, badToo := readDelegationRule(h, "AllowSavedCredentialsWhenNTLMOnly", "ConcatenateDefaults_AllowSavedNTLMOnly")
	if bad = append(bad, badToo...); bad != nil {
		return bad
	}
	values := []string{"kerberos", kerberos.on.String(), "ntlm", ntlm.on.String()}
	fs := []Found{}
	for _, r := range []delegationRule{kerberos, ntlm} {
		if r.empty() {
			fs = append(fs, found("empty-list", append(values, "policy", r.name)...)...)
		}
		for _, e := range r.entries[:min(len(r.entries), 20)] {
			if !namesHosts(e) {
				fs = append(fs, found("bad-entry", "policy", r.name, "entry", e)...)
			}
		}
	}
	joined := false
	if !ntlm.on.set || ntlm.defaults {
		j, err := h.Join()
		if err == nil && j.Status == host.JoinUnknown {
			err = host.ErrUnsupported
		}
		if err != nil {
			return append(fs, unread("NetGetJoinInformation", err)...)
		}
		joined = j.Status == host.JoinDomain
	}
	byNTLM := ntlm.answer(spn, !joined)
	byKerberos := kerberos.answer(spn, true)
	if isAddress(spn[len(termsrv):]) {
		byKerberos = byNTLM // Kerberos has no names that are addresses
	}
	values = append(values, "spn", spn)
	switch {
	case byKerberos == delegationAllowed && byNTLM == delegationAllowed:
		return append(fs, found("allowed", "spn", spn)...)
	case byKerberos == delegationUnclear || byNTLM == delegationUnclear:
		return append(fs, found("limited", append(values, "entries", few(distinct(kerberos.entries, ntlm.entries)))...)...)
	case byKerberos == delegationAllowed:
		return append(fs, found("kerberos-only", values...)...)
	case byNTLM == delegationAllowed:
		return append(fs, found("ntlm-only", values...)...)
	}
	return append(fs, found("refused", values...)...)
}

func defaultFindings() []Finding {
	return append([]Finding{
		{
			ID: "wide", Verdict: Warning,
			Text: Text{
				JA: "{policy} の一覧に {entry} があり、サインインに使った資格情報をどの接続先にも送ります。保存されたパスワードを使うためには必要なく、資格情報が盗まれる危険が高まります。",
				EN: "{policy} lists {entry}, so the credentials used to sign in go to every host. Saved passwords do not need this, and it exposes the credentials.",
			},
			Fix: Remedy{
				Text: Text{
					JA: "管理者が " + delegationFolderJA + " の [既定の資格情報の委任を許可する] または [NTLM のみのサーバー認証で既定の資格情報の委任を許可する] を未構成にします。次のコマンドでも同じです (Home でも使えます)。次のサインインから有効です。",
					EN: "Let an administrator set Allow delegating default credentials, or the policy of that name with NTLM-only server authentication, in " + delegationFolderEN + " to Not Configured; on Home, run this command. It takes effect at the next sign-in.",
				},
				Command: `reg delete "` + credentialsDelegation + `" /v {policy} /f`,
			},
			Rollback: Remedy{
				Text: Text{
					JA: "ポリシーを有効に戻し、サインインし直します。一覧は残っています。",
					EN: "Enable the policy again and sign in again; its list is still there.",
				},
				Command: `reg add "` + credentialsDelegation + `" /v {policy} /t REG_DWORD /d 1 /f`,
			},
		},
		{
			ID: "covered", Verdict: OK,
			Text: Text{
				JA: "{policy} の一覧に {entry} があるため、サインインに使った資格情報を {spn} に送ります。",
				EN: "{policy} lists {entry}, so the credentials used to sign in go to {spn}.",
			},
		},
		{
			ID: "narrow", Verdict: OK,
			Text: Text{
				JA: "{policy} は有効です。サインインに使った資格情報を送るのは、一覧の接続先 ({entries}) だけです。",
				EN: "{policy} is enabled. The credentials used to sign in go only to the hosts of its list ({entries}).",
			},
		},
		{
			ID: "off", Verdict: OK,
			Text: Text{
				JA: "サインインに使った資格情報は、どの接続先にも送られません。",
				EN: "The credentials used to sign in go to no host.",
			},
		},
	}, ruleFindings()...)
}

func judgeDefault(h host.Host, args Args) (fs []Found) {
	spn := hostSPN(args["host"])
	for _, name := range []string{"AllowDefaultCredentials", "AllowDefCredentialsWhenNTLMOnly"} {
		r, bad := readDelegationRule(h, name, "")
		fs = append(fs, bad...)
		if bad != nil || len(r.entries) == 0 {
			continue
		}
		wide, everywhere := r.covers(anyHost)
		entry, covered := r.covers(spn)
		switch {
		case everywhere != spnNone:
			fs = append(fs, found("wide", "policy", name, "entry", wide)...)
		case covered != spnNone:
			fs = append(fs, found("covered", "policy", name, "entry", entry, "spn", spn)...)
		default:
			fs = append(fs, found("narrow", "policy", name, "entries", few(r.entries))...)
		}
	}
	if fs == nil {
		return found("off")
	}
	return fs
}

func freshFindings() []Finding {
	fix := Remedy{
		Text: Text{
			JA: "管理者が " + delegationFolderJA + " で、{policy} に当たるポリシー (名前が WhenNTLMOnly で終わる場合は [NTLM のみのサーバー認証で新しい資格情報の委任を許可する]) の一覧に TERMSRV/接続先名 を追加するか、未構成にします。次のコマンドは未構成に戻します (Home でも使えます)。",
			EN: "Let an administrator add TERMSRV/HOSTNAME to the list of {policy} (Allow delegating fresh credentials, with NTLM-only server authentication if the name ends in WhenNTLMOnly) in " + delegationFolderEN + ", or set it to Not Configured. This command does the latter, also on Home.",
		},
		Command: `reg delete "` + credentialsDelegation + `" /v {policy} /f`,
	}
	restore := Remedy{
		Text: Text{
			JA: "ポリシーを元の値 ({value}) に戻し、追加した項目を一覧から削除します。",
			EN: "Set the policy back to {value} and remove the entry that was added.",
		},
		Command: `reg add "` + credentialsDelegation + `" /v {policy} /t REG_DWORD /d {value} /f`,
	}
	return append([]Finding{
		{
			ID: "refused", Verdict: Problem,
			Text: Text{
				JA: "{policy} は {value} (一覧: {entries}) です。{spn} には、入力したパスワードも送れません。",
				EN: "{policy} is {value} (list: {entries}). Not even a typed password may be sent to {spn}.",
			},
			Fix: fix, Rollback: restore,
		},
		{
			ID: "limited", Verdict: Warning,
			Text: Text{
				JA: "{policy} は {value} で、入力したパスワードを送れるのは一覧の接続先 ({entries}) だけです。{spn} が当てはまるかはわからないため、接続に使う名前が一覧にあるかを確認してください。",
				EN: "{policy} is {value}: typed passwords may be sent only to the hosts of its list ({entries}). Whether that covers {spn} is not certain: look for the name that is used to connect.",
			},
			Fix: fix, Rollback: restore,
		},
		{
			ID: "allowed", Verdict: OK,
			Text: Text{
				JA: "{spn}: 入力したパスワードを送ることが許可されています。",
				EN: "{spn}: a typed password may be sent.",
			},
		},
	}, ruleFindings()...)
}

func judgeFresh(h host.Host, args Args) (fs []Found) {
	spn := hostSPN(args["host"])
	for _, p := range [][2]string{
		{"AllowFreshCredentials", "ConcatenateDefaults_AllowFresh"},
		{"AllowFreshCredentialsWhenNTLMOnly", "ConcatenateDefaults_AllowFreshNTLMOnly"},
	} {
		r, bad := readDelegationRule(h, p[0], p[1])
		fs = append(fs, bad...)
		if bad != nil {
			continue
		}
		id := "refused"
		switch r.answer(spn, true) {
		case delegationAllowed:
			continue
		case delegationUnclear:
			id = "limited"
		}
		fs = append(fs, found(id, "policy", r.name, "value", r.on.String(), "entries", few(r.entries), "spn", spn)...)
	}
	if fs == nil {
		return found("allowed", "spn", spn)
	}
	return fs
}
