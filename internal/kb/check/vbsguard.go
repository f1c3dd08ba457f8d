package check

import (
	"errors"
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

func guardConfigured() Check {
	state := func(id, ja, en string) Finding {
		return Finding{ID: id, Verdict: OK, Text: Text{
			JA: ja + " (LsaCfgFlags ポリシー: {policy}、ローカル: {local}、既定: {default})。",
			EN: en + " (LsaCfgFlags policy: {policy}, local: {local}, default: {default}).",
		}}
	}
	return Check{
		ID: "vbs.credential-guard-configured",
		Title: Text{
			JA: "Credential Guard の構成元",
			EN: "What configures Credential Guard",
		},
		About: Text{
			JA: "Credential Guard を有効または無効にする設定がどこにあるかを確認します。",
			EN: "Is Credential Guard asked for, and by which setting?",
		},
		Reads: append(lsaCfgFlagsReads(),
			same(lsa+`\LsaCfgFlagsDefault (REG_DWORD)`),
			deviceGuardReads("SecurityServicesConfigured, SecurityServicesRunning"),
			windowsBuildRead(),
		),
		Needs: Needs{Admin: AdminMaybe},
		Findings: append([]Finding{
			state("on-by-policy",
				"Credential Guard はポリシー (GPO または MDM) で有効にされています",
				"Credential Guard is enabled by policy (GPO or MDM)"),
			state("on-locally",
				"Credential Guard はこの PC のレジストリ設定で有効にされています",
				"Credential Guard is enabled by this computer's own registry setting"),
			state("on-by-default",
				"Credential Guard は Windows の既定の動作で有効にされています",
				"Credential Guard is enabled by the default of Windows"),
			state("default-decides",
				"Credential Guard の設定はありません。このビルドでは Windows の既定の動作が決めます (vbs.edition-eligibility を参照)",
				"Nothing configures Credential Guard. On this build the default of Windows decides, see vbs.edition-eligibility"),
			state("off-by-policy",
				"Credential Guard はポリシー (GPO または MDM) で無効にされています",
				"Credential Guard is disabled by policy (GPO or MDM)"),
			state("off-locally",
				"Credential Guard はこの PC のレジストリ設定で無効にされています",
				"Credential Guard is disabled by this computer's own registry setting"),
			state("off",
				"Credential Guard は構成されていません",
				"Credential Guard is not configured"),
			{
				ID: "conflict", Verdict: Warning,
				Text: Text{
					JA: "Credential Guard の設定が食い違っています (LsaCfgFlags ポリシー: {policy}、ローカル: {local})。実際の状態は vbs.credential-guard-running で判断してください。",
					EN: "The settings of Credential Guard contradict each other (LsaCfgFlags policy: {policy}, local: {local}). Go by the result of vbs.credential-guard-running.",
				},
				Fix: Remedy{Text: Text{
					JA: "有効と無効のどちらにするかを管理者が決め、両方の値をそろえて再起動します。GPO では " + guardGPOJA + " ([UEFI ロックで有効化]、[ロックなしで有効化]、[無効])、Intune では DeviceGuard CSP の LsaCfgFlags です。",
					EN: "An administrator decides whether it is to be enabled, gives both values that meaning, and restarts. The GPO is " + guardGPOEN + " (Enabled with UEFI lock, Enabled without lock, Disabled); in Intune it is LsaCfgFlags of the DeviceGuard CSP.",
				}},
				Rollback: lsaCfgFlagsBack(),
			},
			{
				ID: "not-running", Verdict: Warning,
				Text: Text{
					JA: "Credential Guard は有効に構成されていますが、動作していません。再起動待ちか、ハードウェアまたはライセンスの条件を満たしていない可能性があります。",
					EN: "Credential Guard is configured but not running. Either a restart is due, or hardware or license do not allow it.",
				},
				Fix: Remedy{Text: Text{
					JA: "PC を再起動し、変わらなければ vbs.credential-guard-events と vbs.status の結果を確認します。",
					EN: "Restart the computer. If that changes nothing, see the results of vbs.credential-guard-events and vbs.status.",
				}},
			},
		}, settingFindings()...),
		Sources: []string{learnCredentialGuardConfigure},
	}
}

// firstDefaultGuard is Windows 11 22H2, the first build that enables
// Credential Guard by default.
const firstDefaultGuard = 22621

func judgeGuardConfigured(h host.Host, _ Args) []Found {
	policy, local, bad := lsaCfgFlags(h)
	var byDefault dword
	if bad == nil {
		byDefault, bad = readSetting(h, lsa, "LsaCfgFlagsDefault", 2)
	}
	if bad == nil && byDefault.is(1) {
		bad = found("other-value", "what", lsa+`\LsaCfgFlagsDefault`, "value", "1")
	}
	if bad != nil {
		return bad
	}
	s, err := h.System()
	if err != nil {
		return unread("RtlGetVersion", err)
	}
	if policy.set && local.set && (policy.n == 0) != (local.n == 0) {
		return found("conflict", "policy", policy.String(), "local", local.String())
	}
	wmi, unreadable := askDeviceGuard(h, "SecurityServicesConfigured", "SecurityServicesRunning")
	id, on := "default-decides", false
	switch {
	case policy.set:
		id, on = "off-by-policy", policy.n != 0
		if on {
			id = "on-by-policy"
		}
	case local.set:
		id, on = "off-locally", local.n != 0
		if on {
			id = "on-locally"
		}
	case byDefault.is(2), slices.Contains(wmi["SecurityServicesConfigured"], serviceCredentialGuard):
		id, on = "on-by-default", true
	case byDefault.is(0), wmi != nil, s.Build < firstDefaultGuard:
		id = "off"
	}
	answer := found(id, "policy", policy.String(), "local", local.String(), "default", byDefault.String())
	if isUnread(unreadable) && (on || id == "default-decides") { // what is off runs nowhere
		return append(answer, unreadable...)
	}
	if running := wmi["SecurityServicesRunning"]; on && len(running) > 0 && !slices.Contains(running, serviceCredentialGuard) {
		answer = append(answer, found("not-running")...)
	}
	return answer
}

func guardRunning() Check {
	fix := Remedy{
		Text: Text{
			JA: "保護を保ったまま使うには、接続のたびに資格情報を入力するか、Remote Credential Guard (mstsc /remoteGuard) または証明書を使います。" +
				"無効化は資格情報の保護を弱める最終手段で、接続方法を変えるまでの間に限ります。管理者がポリシーとローカルの 2 つの LsaCfgFlags を 0 にして再起動します (値の削除では無効にならないことがあります)。" +
				"GPO で設定されている場合は " + guardGPOJA + " を [無効] にします。UEFI ロックがある場合は vbs.uefi-lock を参照します。仮想マシンでは、ホストの Set-VMSecurity -VirtualizationBasedSecurityOptOut $true でも無効にできます。",
			EN: "To keep the protection, type the credentials at each connection, or use Remote Credential Guard (mstsc /remoteGuard) or certificates. " +
				"Disabling it weakens the protection of credentials: a last resort, only until the way of connecting has changed. An administrator sets both LsaCfgFlags, of the policy and of Lsa, to 0 and restarts (deleting them may not disable it). " +
				"If a GPO sets it, set " + guardGPOEN + " to Disabled. With a UEFI lock see vbs.uefi-lock. A virtual machine can also be opted out on its host with Set-VMSecurity -VirtualizationBasedSecurityOptOut $true.",
		},
		Command: `reg add "` + deviceGuardPolicy + `" /v LsaCfgFlags /t REG_DWORD /d 0 /f` + "\n" +
			`reg add "` + lsa + `" /v LsaCfgFlags /t REG_DWORD /d 0 /f`,
	}
	rollback := lsaCfgFlagsBack()
	effect := Text{
		JA: "この保護の下では、リモート デスクトップ接続に保存された Windows 資格情報は接続先に送られず、シングル サインオンの MS-CHAPv2 (802.1X、VPN) も使えません。",
		EN: "Under this protection, Windows credentials saved for Remote Desktop are not sent to the remote host, and single sign-on with MS-CHAPv2 (802.1X, VPN) does not work.",
	}
	return Check{
		ID: "vbs.credential-guard-running",
		Title: Text{
			JA: "Credential Guard の動作状態",
			EN: "Whether Credential Guard is running",
		},
		About: Text{
			JA: "Credential Guard が動作していて、保存された資格情報での接続を妨げているかを確認します。",
			EN: "Is Credential Guard running, and so keeping saved credentials from being used?",
		},
		Reads: append([]Text{
			deviceGuardReads("SecurityServicesRunning"),
			{
				JA: "起動後のイベント 13 (System、Microsoft-Windows-Wininit)。WMI で読み取れない場合のみ",
				EN: "event 13 since the last start (System, Microsoft-Windows-Wininit), only where WMI gives no answer",
			},
			windowsBuildRead(),
		}, lsaCfgFlagsReads()...),
		Needs: Needs{Admin: AdminMaybe},
		Findings: []Finding{
			{
				ID: "running", Verdict: Problem,
				Text: Text{
					JA: "Credential Guard が動作しています (SecurityServicesRunning: {services})。" + effect.JA,
					EN: "Credential Guard is running (SecurityServicesRunning: {services}). " + effect.EN,
				},
				Fix: fix, Rollback: rollback,
			},
			{
				ID: "started", Verdict: Warning,
				Text: Text{
					JA: "起動時のイベント 13 ({time}) は、Credential Guard が開始されたことを示しています。" + effect.JA,
					EN: "Event 13 of the last start ({time}) says that Credential Guard was started. " + effect.EN,
				},
				Fix: fix, Rollback: rollback,
			},
			{
				ID: "not-running", Verdict: OK,
				Text: Text{
					JA: "Credential Guard は動作していません (SecurityServicesRunning: {services})。保存された資格情報を使えない原因ではありません。",
					EN: "Credential Guard is not running (SecurityServicesRunning: {services}). It is not what keeps saved credentials from being used.",
				},
			},
			noVBSFinding(),
		},
		Sources: []string{learnCredentialGuardConfigure, learnCredentialGuardIssues},
	}
}

func judgeGuardRunning(h host.Host, _ Args) []Found {
	wmi, unreadable := askDeviceGuard(h, "SecurityServicesRunning")
	services := strings.Join(wmi["SecurityServicesRunning"], ", ")
	switch {
	case unreadable != nil && unreadable[0].Finding != "not-available":
		events, _ := guardEventsSinceBoot(h)
		for _, e := range events {
			if e.is(wininit, 13) {
				return found("started", append(lsaCfgFlagsBefore(h), "time", eventTime(e.Event))...)
			}
		}
		return unreadable
	case unreadable != nil:
		return unreadable
	case slices.Contains(wmi["SecurityServicesRunning"], serviceCredentialGuard):
		return found("running", append(lsaCfgFlagsBefore(h), "services", services)...)
	}
	return found("not-running", "services", services)
}

// lsaCfgFlagsBefore are the values that a rollback restores: - where there is
// none, ? where it cannot be read.
func lsaCfgFlagsBefore(h host.Host) []string {
	show := func(key string) string {
		v, err := h.Value(key, "LsaCfgFlags")
		switch {
		case errors.Is(err, host.ErrAbsent):
			return "-"
		case err != nil:
			return "?"
		}
		return v.String()
	}
	return []string{"policy", show(deviceGuardPolicy), "local", show(lsa)}
}
