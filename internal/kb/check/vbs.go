package check

import "kbgen/internal/kb/host"

const (
	deviceGuard       = `HKLM\SYSTEM\CurrentControlSet\Control\DeviceGuard`
	deviceGuardPolicy = `HKLM\SOFTWARE\Policies\Microsoft\Windows\DeviceGuard`
	memoryIntegrity   = deviceGuard + `\Scenarios\HypervisorEnforcedCodeIntegrity`
	msv1              = lsa + `\MSV1_0`

	deviceGuardNamespace = `root\Microsoft\Windows\DeviceGuard`
	deviceGuardClass     = "Win32_DeviceGuard"

	vbsGPOJA = "[コンピューターの構成] > [管理用テンプレート] > [システム] > [Device Guard] > [仮想化ベースのセキュリティを有効にする]"
	vbsGPOEN = "Computer Configuration > Administrative Templates > System > Device Guard > Turn On Virtualization Based Security"

	guardGPOJA = vbsGPOJA + " の [Credential Guard の構成]"
	guardGPOEN = vbsGPOEN + " > Credential Guard Configuration"

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

// lsaCfgFlagsBack undoes a change of LsaCfgFlags, whose values before are
// {policy} and {local}.
func lsaCfgFlagsBack() Remedy {
	return Remedy{Text: Text{
		JA: "LsaCfgFlags を変更前の値 (ポリシー: {policy}、ローカル: {local}。- は値の削除) に戻し、再起動します。",
		EN: "Set LsaCfgFlags back to what it was (policy: {policy}, local: {local}; - means delete the value) and restart.",
	}}
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
