package check

import (
	"slices"

	"kbgen/internal/kb/host"
)

func uefiLock() Check {
	fix := Remedy{Text: Text{
		JA: "無効にする必要がある場合は、管理者が 2 つの LsaCfgFlags を 0 にしたうえで、Microsoft Learn の手順 (SecConfig.efi、読み込みオプション DISABLE-LSA-ISO) で EFI 変数を消去します。起動時に PC の前での操作が必要です。資格情報の保護を弱める最終手段で、接続方法を変えるまでの間に限ります。",
		EN: "If it must be disabled, an administrator sets both LsaCfgFlags to 0 and then clears the EFI variables with the procedure of Microsoft Learn (SecConfig.efi, load options DISABLE-LSA-ISO), which asks for a key press at the computer during startup. It weakens the protection of credentials: a last resort, only until the way of connecting has changed.",
	}}
	vbsFix := Remedy{Text: Text{
		JA: "仮想化ベースのセキュリティ全体を無効にする必要がある場合は、管理者が " + vbsGPOJA + " を無効にするか、レジストリの EnableVirtualizationBasedSecurity を 0 にしたうえで、Microsoft Learn の手順 (SecConfig.efi、読み込みオプション DISABLE-LSA-ISO,DISABLE-VBS) で EFI 変数を消去します。起動時に PC の前での操作が必要です。Credential Guard もメモリ整合性も失われる最終手段で、必要がなくなったら元に戻します。",
		EN: "If virtualization-based security as a whole must be disabled, an administrator disables " + vbsGPOEN + ", or sets EnableVirtualizationBasedSecurity to 0 in the registry, and then clears the EFI variables with the procedure of Microsoft Learn (SecConfig.efi, load options DISABLE-LSA-ISO,DISABLE-VBS), which asks for a key press at the computer during startup. Credential Guard and memory integrity are lost with it: a last resort, to be undone when it is no longer needed.",
	}}
	vbsBack := Remedy{Text: Text{
		JA: "変更前に控えた GPO とレジストリの値に戻し、再起動します。",
		EN: "Set the GPO and the registry back to what they were, as noted before the change, and restart.",
	}}
	rollback := lsaCfgFlagsBack()
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
		Needs: Needs{Admin: AdminMaybe},
		Findings: append([]Finding{
			{
				ID: "locked", Verdict: Warning,
				Text: Text{
					JA: "Credential Guard は UEFI ロック付きで構成されています (LsaCfgFlags ポリシー: {policy}、ローカル: {local}、イベント 14: {event})。設定を変えるだけでは無効にならず、PC の前での操作が必要です。",
					EN: "Credential Guard is configured with UEFI lock (LsaCfgFlags policy: {policy}, local: {local}, event 14: {event}). Changing the setting is not enough to disable it: that needs somebody at the computer.",
				},
				Fix: fix, Rollback: rollback,
			},
			{
				ID: "vbs-locked", Verdict: Warning,
				Text: Text{
					JA: "仮想化ベースのセキュリティの構成がロックされています (DeviceGuard の Locked: {vbs}、メモリ整合性の Locked: {hvci})。無効にするには PC の前での操作が必要です。",
					EN: "The configuration of virtualization-based security is locked (Locked of DeviceGuard: {vbs}, of memory integrity: {hvci}). Disabling it needs somebody at the computer.",
				},
				Fix: vbsFix, Rollback: vbsBack,
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
					JA: "UEFI ロックを求める設定は見つかりません (LsaCfgFlags ポリシー: {policy}、ローカル: {local}、イベント 14: {event})。ロックの実体は EFI 変数で、以前の設定のものが残ることもあります。",
					EN: "No setting asks for a UEFI lock (LsaCfgFlags policy: {policy}, local: {local}, event 14: {event}). The lock itself is an EFI variable, and one may remain from an earlier setting.",
				},
			},
			noVBSFinding(),
		}, settingFindings()...),
		Sources: []string{learnCredentialGuardConfigure, learnMemoryIntegrity},
	}
}

func judgeUEFILock(h host.Host, _ Args) []Found {
	var bad []Found
	read := func(key, name string, most uint32) dword {
		d, more := readSetting(h, key, name, most)
		bad = append(bad, more...)
		return d
	}
	policy, local := read(deviceGuardPolicy, "LsaCfgFlags", 2), read(lsa, "LsaCfgFlags", 2)
	vbsLock, hvciLock := read(deviceGuard, "Locked", 1), read(memoryIntegrity, "Locked", 1)
	event := "-"
	events, noEvents := guardEventsSinceBoot(h)
	if noEvents != nil {
		event = "?"
	}
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
	if answer = append(answer, bad...); answer != nil { // one lock is enough
		return answer
	}
	var wmi host.Instance
	var noWMI []Found
	if (policy.is(0) || local.is(0)) && policy.n == 0 && local.n == 0 {
		wmi, noWMI = askDeviceGuard(h, "SecurityServicesRunning")
	}
	switch {
	case slices.Contains(wmi["SecurityServicesRunning"], serviceCredentialGuard):
		return found("still-running", flags...)
	case noWMI != nil && !isUnread(noWMI):
		return noWMI
	}
	return slices.Concat(found("not-locked", append(flags, "event", event)...), noWMI, noEvents)
}
