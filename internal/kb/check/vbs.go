package check

import (
	"errors"
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

const (
	deviceGuard       = `HKLM\SYSTEM\CurrentControlSet\Control\DeviceGuard`
	deviceGuardPolicy = `HKLM\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard`
	memoryIntegrity   = deviceGuard + `\Scenarios\HypervisorEnforcedCodeIntegrity`
	msv1              = lsa + `\MSV1_0`

	deviceGuardNamespace = `root\Microsoft\Windows\DeviceGuard`
	deviceGuardClass     = "Win32_DeviceGuard"

	vbsGPOJA = "[コンピューターの構成] > [管理用テンプレート] > [システム] > [Device Guard] > [仮想化ベースのセキュリティを有効にする]"
	vbsGPOEN = "Computer Configuration > Administrative Templates > System > Device Guard > Turn On Virtualization Based Security"

	learnCredentialGuard          = "learn.microsoft.com/windows/security/identity-protection/credential-guard/"
	learnCredentialGuardConfigure = learnCredentialGuard + "configure"
	learnCredentialGuardIssues    = learnCredentialGuard + "considerations-known-issues"
	learnMemoryIntegrity          = "learn.microsoft.com/windows/security/hardware-security/enable-virtualization-based-protection-of-code-integrity"
)

// Elements of SecurityServicesRunning and SecurityServicesConfigured.
const (
	serviceCredentialGuard = "1"
	serviceMemoryIntegrity = "2"
)

// vbs is the family about virtualization-based security, Credential Guard and memory integrity.
func vbs() []Check {
	return []Check{
		guardConfigured(),
		guardRunning(),
		guardEvents(),
		uefiLock(),
		vbsStatus(),
		hvci(),
		guardEligibility(),
		guardBlocks(),
	}
}

func noVBSFinding() Finding {
	return Finding{
		ID: "not-available", Verdict: NotApplicable,
		Text: Text{
			JA: "このバージョンの Windows には、仮想化ベースのセキュリティと Credential Guard はありません。",
			EN: "This version of Windows has neither virtualization-based security nor Credential Guard.",
		},
	}
}

// firstWindows10 is the first build with virtualization-based security.
const firstWindows10 = 10240

// askDeviceGuard reads a property of Win32_DeviceGuard, or says why not. That
// it has no instance, or an empty list, is no answer: a list of nothing is 0.
func askDeviceGuard(h host.Host, properties ...string) (host.Instance, []Found) {
	const what = deviceGuardNamespace + ":" + deviceGuardClass
	all, err := h.Instances(deviceGuardNamespace, deviceGuardClass, properties)
	if err == nil && len(all) == 0 {
		err = host.ErrAbsent
	}
	if err == nil {
		if len(all[0][properties[0]]) > 0 {
			return all[0], nil
		}
		return nil, unread(what+"."+properties[0], host.ErrAbsent)
	}
	if s, errSystem := h.System(); errSystem == nil && s.Build < firstWindows10 {
		return nil, found("not-available")
	}
	return nil, unread(what, err)
}

// lsaCfgFlags are the two places that configure Credential Guard.
func lsaCfgFlags(h host.Host) (policy, local dword, bad []Found) {
	if policy, bad = readSetting(h, deviceGuardPolicy, "LsaCfgFlags", 2); bad == nil {
		local, bad = readSetting(h, lsa, "LsaCfgFlags", 2)
	}
	return policy, local, bad
}

func lsaCfgFlagsReads() []Text {
	return []Text{
		same(deviceGuardPolicy + `\LsaCfgFlags (REG_DWORD)`),
		same(lsa + `\LsaCfgFlags (REG_DWORD)`),
	}
}

func deviceGuardReads(properties string) Text {
	return same("WMI " + deviceGuardNamespace + ":" + deviceGuardClass + " (" + properties + ")")
}

func windowsBuildRead() Text {
	return Text{JA: "Windows のビルド (RtlGetVersion)", EN: "Windows build (RtlGetVersion)"}
}

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
	wmi, _ := askDeviceGuard(h, "SecurityServicesConfigured", "SecurityServicesRunning")
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
	if running := wmi["SecurityServicesRunning"]; on && len(running) > 0 && !slices.Contains(running, serviceCredentialGuard) {
		answer = append(answer, found("not-running")...)
	}
	return answer
}

func guardRunning() Check {
	fix := Remedy{
		Text: Text{
			JA: "保護を保ったまま使うには、接続のたびに資格情報を入力するか、Remote Credential Guard (mstsc /remoteGuard) または証明書を使います。" +
				"無効化は資格情報の保護を弱める最終手段で、接続方法を変えるまでの間に限ります。管理者が次の 2 つの値を 0 にして再起動します (値の削除では無効にならないことがあります)。" +
				"GPO は " + vbsGPOJA + "、UEFI ロックがある場合は vbs.uefi-lock、仮想マシンではホストの Set-VMSecurity -VirtualizationBasedSecurityOptOut $true も関係します。",
			EN: "To keep the protection, type the credentials at each connection, or use Remote Credential Guard (mstsc /remoteGuard) or certificates. " +
				"Disabling it weakens the protection of credentials: a last resort, only until the way of connecting has changed. An administrator sets these two values to 0 and restarts (deleting them may not disable it). " +
				"The GPO is " + vbsGPOEN + "; with a UEFI lock see vbs.uefi-lock; for a virtual machine there is Set-VMSecurity -VirtualizationBasedSecurityOptOut $true on its host.",
		},
		Command: `reg add "` + deviceGuardPolicy + `" /v LsaCfgFlags /t REG_DWORD /d 0 /f` + "\n" +
			`reg add "` + lsa + `" /v LsaCfgFlags /t REG_DWORD /d 0 /f`,
	}
	rollback := Remedy{Text: Text{
		JA: "LsaCfgFlags を変更前の値 (ポリシー: {policy}、ローカル: {local}。- は値の削除) に戻し、再起動します。",
		EN: "Set LsaCfgFlags back to what it was (policy: {policy}, local: {local}; - means delete the value) and restart.",
	}}
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

func uefiLock() Check {
	fix := Remedy{Text: Text{
		JA: "無効にする必要がある場合は、設定を 0 にしたうえで、管理者が Microsoft Learn の手順 (SecConfig.efi と DISABLE-LSA-ISO) で EFI 変数を消去します。起動時に PC の前での操作が必要です。資格情報の保護を弱める最終手段で、接続方法を変えるまでの間に限ります。",
		EN: "If it must be disabled, an administrator sets the values to 0 and then clears the EFI variables with the procedure of Microsoft Learn (SecConfig.efi and DISABLE-LSA-ISO), which asks for a key press at the computer during startup. It weakens the protection of credentials: a last resort, only until the way of connecting has changed.",
	}}
	rollback := Remedy{Text: Text{
		JA: "設定を変更前の値に戻し、再起動します。",
		EN: "Set the values back to what they were and restart.",
	}}
	return Check{
		ID: "vbs.uefi-lock",
		Title: Text{
			JA: "Credential Guard の UEFI ロック",
			EN: "UEFI lock of Credential Guard",
		},
		About: Text{
			JA: "レジストリまたは GPO の変更だけで Credential Guard を無効にできるかを確認します。",
			EN: "Would a change of registry or GPO be enough to disable Credential Guard?",
		},
		Reads: append(lsaCfgFlagsReads(),
			same(deviceGuard+`\Locked (REG_DWORD)`),
			same(memoryIntegrity+`\Locked (REG_DWORD)`),
			Text{
				JA: "起動後のイベント 14 (System、Microsoft-Windows-Wininit)",
				EN: "event 14 since the last start (System, Microsoft-Windows-Wininit)",
			},
			deviceGuardReads("SecurityServicesRunning"),
		),
		Findings: append([]Finding{
			{
				ID: "locked", Verdict: Warning,
				Text: Text{
					JA: "Credential Guard は UEFI ロック付きで構成されています (LsaCfgFlags ポリシー: {policy}、ローカル: {local}、イベント 14: {event})。設定を変えるだけでは無効になりません。",
					EN: "Credential Guard is configured with UEFI lock (LsaCfgFlags policy: {policy}, local: {local}, event 14: {event}). Changing the setting is not enough to disable it.",
				},
				Fix: fix, Rollback: rollback,
			},
			{
				ID: "vbs-locked", Verdict: Warning,
				Text: Text{
					JA: "仮想化ベースのセキュリティの構成がロックされています (DeviceGuard の Locked: {vbs}、メモリ整合性の Locked: {hvci})。無効にするには PC の前での操作が必要です。",
					EN: "The configuration of virtualization-based security is locked (Locked of DeviceGuard: {vbs}, of memory integrity: {hvci}). Disabling it needs somebody at the computer.",
				},
				Fix: fix, Rollback: rollback,
			},
			{
				ID: "still-running", Verdict: Warning,
				Text: Text{
					JA: "LsaCfgFlags は 0 ですが (ポリシー: {policy}、ローカル: {local})、Credential Guard は動作しています。再起動後も同じであれば、UEFI ロックが残っているか、既定の動作で再び有効になっています。",
					EN: "LsaCfgFlags is 0 (policy: {policy}, local: {local}), yet Credential Guard is running. If a restart does not change that, a UEFI lock remains or the default has enabled it again.",
				},
				Fix: fix, Rollback: rollback,
			},
			{
				ID: "not-locked", Verdict: OK,
				Text: Text{
					JA: "UEFI ロックの設定は見つかりません (LsaCfgFlags ポリシー: {policy}、ローカル: {local}、イベント 14: {event})。",
					EN: "No setting asks for a UEFI lock (LsaCfgFlags policy: {policy}, local: {local}, event 14: {event}).",
				},
			},
		}, settingFindings()...),
		Sources: []string{learnCredentialGuardConfigure, learnMemoryIntegrity},
	}
}

func judgeUEFILock(h host.Host, _ Args) []Found {
	policy, local, bad := lsaCfgFlags(h)
	var vbsLock, hvciLock dword
	if bad == nil {
		vbsLock, bad = readSetting(h, deviceGuard, "Locked", 1)
	}
	if bad == nil {
		hvciLock, bad = readSetting(h, memoryIntegrity, "Locked", 1)
	}
	if bad != nil {
		return bad
	}
	event := "-"
	events, noEvents := guardEventsSinceBoot(h)
	for _, e := range events {
		if e.is(wininit, 14) {
			event = e.config()
			break
		}
	}
	var answer []Found
	flags := []string{"policy", policy.String(), "local", local.String()}
	if policy.is(1) || local.is(1) || event == "0x1" {
		answer = found("locked", append(flags, "event", event)...)
	}
	if vbsLock.is(1) || hvciLock.is(1) {
		answer = append(answer, found("vbs-locked", "vbs", vbsLock.String(), "hvci", hvciLock.String())...)
	}
	if answer != nil {
		return answer
	}
	if (policy.is(0) || local.is(0)) && policy.n == 0 && local.n == 0 {
		if wmi, _ := askDeviceGuard(h, "SecurityServicesRunning"); slices.Contains(wmi["SecurityServicesRunning"], serviceCredentialGuard) {
			return found("still-running", flags...)
		}
	}
	if noEvents != nil {
		return noEvents
	}
	return found("not-locked", append(flags, "event", event)...)
}
