package check

import (
	"errors"
	"math"
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

func vbsStatus() Check {
	return Check{
		ID: "vbs.status",
		Title: Text{
			JA: "仮想化ベースのセキュリティ (VBS) の状態",
			EN: "State of virtualization-based security (VBS)",
		},
		About: Text{
			JA: "仮想化ベースのセキュリティが動作しているかを確認します。Credential Guard とメモリ整合性の土台です。",
			EN: "Is virtualization-based security running? Credential Guard and memory integrity rest on it.",
		},
		Reads: []Text{
			deviceGuardReads("VirtualizationBasedSecurityStatus, AvailableSecurityProperties, RequiredSecurityProperties"),
			same("NtQuerySystemInformation (SystemIsolatedUserModeInformation, 165)"),
			same(deviceGuardPolicy + `\EnableVirtualizationBasedSecurity (REG_DWORD)`),
			same(deviceGuardPolicy + `\RequirePlatformSecurityFeatures (REG_DWORD)`),
			same(deviceGuard + `\EnableVirtualizationBasedSecurity (REG_DWORD)`),
			same(deviceGuard + `\RequirePlatformSecurityFeatures (REG_DWORD)`),
		},
		Needs: Needs{Admin: AdminMaybe},
		Findings: append([]Finding{
			{
				ID: "running", Verdict: OK,
				Text: Text{
					JA: "仮想化ベースのセキュリティは動作しています (使える機能: {available}、必須の機能: {required})。",
					EN: "Virtualization-based security is running (available: {available}; required: {required}).",
				},
			},
			{
				ID: "not-running", Verdict: Warning,
				Text: Text{
					JA: "仮想化ベースのセキュリティは有効に設定されていますが、動作していません (使える機能: {available}、必須の機能: {required}、RequirePlatformSecurityFeatures: {platform})。",
					EN: "Virtualization-based security is enabled but not running (available: {available}; required: {required}; RequirePlatformSecurityFeatures: {platform}).",
				},
				Fix: Remedy{Text: Text{
					JA: "PC を再起動します。変わらなければ、UEFI の設定で仮想化支援機能、セキュア ブート、DMA 保護 (IOMMU) を確認します (管理者)。RequirePlatformSecurityFeatures の 1 はセキュア ブート、3 は DMA 保護も求めます。",
					EN: "Restart the computer. If that changes nothing, look at virtualization, Secure Boot and DMA protection (IOMMU) in the UEFI settings (administrator). RequirePlatformSecurityFeatures 1 asks for Secure Boot, 3 for DMA protection as well.",
				}},
			},
			{
				ID: "off", Verdict: OK,
				Text: Text{
					JA: "仮想化ベースのセキュリティは動作していません。Credential Guard とメモリ整合性も動作していません。",
					EN: "Virtualization-based security is not running, and so neither Credential Guard nor memory integrity is.",
				},
			},
			noVBSFinding(),
		}, settingFindings()...),
		Sources: []string{learnMemoryIntegrity},
	}
}

// securityProperties names the elements of AvailableSecurityProperties and
// RequiredSecurityProperties, from 1.
func securityProperties(numbers []string) string {
	names := []string{"Hypervisor", "Secure Boot", "DMA", "Secure MOR", "NX", "SMM", "MBEC/GMET", "APIC"}
	var all []string
	for _, n := range numbers {
		switch {
		case n == "0":
		case len(n) == 1 && n >= "1" && n <= "8":
			all = append(all, names[n[0]-'1'])
		default:
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		return "-"
	}
	return strings.Join(all, ", ")
}

func judgeVBSStatus(h host.Host, _ Args) []Found {
	const status = "VirtualizationBasedSecurityStatus"
	wmi, unreadable := askDeviceGuard(h, status, "AvailableSecurityProperties", "RequiredSecurityProperties")
	state := ""
	if unreadable == nil {
		state = wmi[status][0]
	} else if kernel, err := h.SecureKernel(); err == nil {
		state = "0"
		if kernel&host.SecureKernelRunning != 0 {
			state = "2"
		}
	} else {
		return unreadable
	}
	if !slices.Contains([]string{"0", "1", "2"}, state) {
		return found("other-value", "what", status, "value", state)
	}
	properties := []string{"available", "?", "required", "?"} // only WMI knows
	if wmi != nil {
		properties[1] = securityProperties(wmi["AvailableSecurityProperties"])
		properties[3] = securityProperties(wmi["RequiredSecurityProperties"])
	}
	if state == "2" {
		return found("running", properties...)
	}
	var on, platform dword
	for _, key := range []string{deviceGuardPolicy, deviceGuard} {
		enable, bad := readSetting(h, key, "EnableVirtualizationBasedSecurity", 1)
		if bad != nil {
			return bad
		}
		require, bad := readSetting(h, key, "RequirePlatformSecurityFeatures", 3)
		if bad != nil {
			return bad
		}
		if !on.set {
			on = enable
		}
		if !platform.set {
			platform = require
		}
	}
	if state == "1" || on.is(1) {
		return found("not-running", append(properties, "platform", platform.String())...)
	}
	return found("off")
}

func hvci() Check {
	return Check{
		ID: "vbs.hvci",
		Title: Text{
			JA: "メモリ整合性の状態",
			EN: "State of memory integrity",
		},
		About: Text{
			JA: "メモリ整合性 (コードの整合性に対する仮想化ベースの保護) が動作しているかを確認します。Credential Guard とは別の機能です。",
			EN: "Is memory integrity (virtualization-based protection of code integrity) running? It is not the same as Credential Guard.",
		},
		Reads: []Text{
			deviceGuardReads("SecurityServicesRunning"),
			same("NtQuerySystemInformation (SystemIsolatedUserModeInformation, 165)"),
			same(memoryIntegrity + `\Enabled (REG_DWORD)`),
			same(memoryIntegrity + `\Locked (REG_DWORD)`),
			same(memoryIntegrity + `\WasEnabledBy (REG_DWORD)`),
		},
		Needs: Needs{Admin: AdminMaybe},
		Findings: append([]Finding{
			{
				ID: "on", Verdict: OK,
				Text: Text{
					JA: "メモリ整合性は動作しています (Enabled: {enabled}、Locked: {locked}、WasEnabledBy: {by})。WasEnabledBy がない場合 (-) は、[コア分離] のスイッチが灰色になります。このスイッチで切り替わるのはメモリ整合性だけで、Credential Guard は変わりません。",
					EN: "Memory integrity is running (Enabled: {enabled}, Locked: {locked}, WasEnabledBy: {by}). Without WasEnabledBy (-) the Core isolation toggle is greyed out. It switches memory integrity only, not Credential Guard.",
				},
			},
			{
				ID: "off", Verdict: OK,
				Text: Text{
					JA: "メモリ整合性は動作していません (Enabled: {enabled}、Locked: {locked}、WasEnabledBy: {by})。これは Credential Guard が動作していないという意味ではありません。[コア分離] のスイッチでは Credential Guard は切り替わりません。",
					EN: "Memory integrity is not running (Enabled: {enabled}, Locked: {locked}, WasEnabledBy: {by}). That does not mean that Credential Guard is off: the Core isolation toggle does not switch it.",
				},
			},
			noVBSFinding(),
		}, settingFindings()...),
		Sources: []string{learnMemoryIntegrity},
	}
}

func judgeHVCI(h host.Host, _ Args) []Found {
	wmi, unreadable := askDeviceGuard(h, "SecurityServicesRunning")
	on := slices.Contains(wmi["SecurityServicesRunning"], serviceMemoryIntegrity)
	if unreadable != nil {
		kernel, err := h.SecureKernel()
		if err != nil {
			return unreadable
		}
		on = kernel&host.HVCIEnabled != 0
	}
	id := "off"
	if on {
		id = "on"
	}
	var values []string
	for _, r := range []struct {
		value, name string
		most        uint32
	}{{"enabled", "Enabled", 1}, {"locked", "Locked", 1}, {"by", "WasEnabledBy", math.MaxUint32}} {
		s, bad := readSetting(h, memoryIntegrity, r.name, r.most)
		if bad != nil {
			return bad
		}
		values = append(values, r.value, s.String())
	}
	return found(id, values...)
}

func guardEligibility() Check {
	conditions := Text{
		JA: "VBS とセキュア ブート (仮想マシンでは第 2 世代) が条件で、以前に明示的に無効にした PC では無効のままです。",
		EN: "It takes VBS and Secure Boot (a virtual machine of generation 2), and stays off where it was explicitly disabled before.",
	}
	no := func(id, ja, en string) Finding {
		return Finding{ID: id, Verdict: OK, Text: Text{
			JA: ja + "、Credential Guard は既定では有効になりません ({edition}、ビルド {build})。",
			EN: en + ", so Credential Guard is not enabled by default ({edition}, build {build}).",
		}}
	}
	yes := func(id, ja, en string) Finding {
		return Finding{ID: id, Verdict: OK, Text: Text{
			JA: ja + "、Credential Guard が既定で有効になることがあります ({edition}、ビルド {build})。" + conditions.JA,
			EN: en + ", so Credential Guard may be enabled by default ({edition}, build {build}). " + conditions.EN,
		}}
	}
	pro := no("pro",
		"Pro で、以前に Credential Guard が動作した記録がないため",
		"This is Pro, and Credential Guard has not run on it before")
	pro.Text.JA += "サブスクリプションで Enterprise の使用権を得ている PC では、結果が異なることがあります。"
	pro.Text.EN += " With an Enterprise license by subscription it may be."
	return Check{
		ID: "vbs.edition-eligibility",
		Title: Text{
			JA: "Credential Guard の既定の有効化の条件",
			EN: "Conditions for Credential Guard by default",
		},
		About: Text{
			JA: "この Windows で Credential Guard が既定で有効になり得るかを確認します。",
			EN: "Could Credential Guard be on by default on this Windows?",
		},
		Reads: []Text{
			windowsBuildRead(),
			editionRead(),
			{
				JA: msv1 + `\IsolatedCredentialsRootSecret (有無のみ)`,
				EN: msv1 + `\IsolatedCredentialsRootSecret (presence only)`,
			},
			{JA: "ドメイン参加の状態 (NetGetJoinInformation)", EN: "domain membership (NetGetJoinInformation)"},
		},
		Needs: Needs{Admin: AdminMaybe},
		Findings: []Finding{
			yes("licensed-edition",
				"Windows 11 22H2 以降の Enterprise または Education のため",
				"This is Windows 11 22H2 or later, Enterprise or Education"),
			yes("ran-before",
				"Windows 11 22H2 以降の Pro で、以前に Credential Guard が動作した記録があるため",
				"This is Windows 11 22H2 or later, Pro, and Credential Guard has run on it before"),
			yes("server-member",
				"ドメインに参加した Windows Server 2025 以降のため",
				"This is Windows Server 2025 or later in a domain"),
			pro,
			no("server",
				"既定の対象になるサーバー (ドメイン コントローラー以外のドメイン メンバー、Windows Server 2025 以降) ではないため",
				"This is not one of the servers concerned (Windows Server 2025 or later, member of a domain, no domain controller)"),
			no("too-old",
				"Windows 11 22H2 より前のため",
				"This is older than Windows 11 22H2"),
			{
				ID: "home", Verdict: NotApplicable,
				Text: Text{
					JA: "Home エディション ({edition}) には Credential Guard の使用権がありません。",
					EN: "A Home edition ({edition}) is not entitled to Credential Guard.",
				},
			},
			{
				ID: "other-edition", Verdict: Unknown,
				Text: Text{
					JA: "エディション {edition} で Credential Guard が既定で有効になるかは、公開情報からは判断できません。",
					EN: "Whether Credential Guard is on by default on the edition {edition} is not documented.",
				},
			},
		},
		Sources: []string{learnCredentialGuard, learnCredentialGuardIssues},
	}
}

// firstDefaultGuardServer is Windows Server 2025.
const firstDefaultGuardServer = 26100

func judgeGuardEligibility(h host.Host, _ Args) []Found {
	s, err := h.System()
	if err != nil {
		return unread("RtlGetVersion", err)
	}
	edition, unreadable := editionID(h)
	if unreadable != nil {
		return unreadable
	}
	values := []string{"edition", edition, "build", dword{s.Build, true}.String()}
	switch {
	case isHome(edition):
		return found("home", "edition", edition)
	case s.Product != host.Workstation:
		return judgeServerEligibility(h, s, values)
	case s.Build < firstDefaultGuard:
		return found("too-old", values...)
	case strings.HasPrefix(edition, "Enterprise"), strings.HasPrefix(edition, "Education"):
		return found("licensed-edition", values...)
	case !strings.HasPrefix(edition, "Professional"):
		return found("other-edition", "edition", edition)
	}
	const secret = "IsolatedCredentialsRootSecret"
	_, err = h.Value(msv1, secret)
	if errors.Is(err, host.ErrAbsent) {
		_, err = h.Subkeys(msv1 + `\` + secret)
	}
	switch {
	case err == nil:
		return found("ran-before", values...)
	case errors.Is(err, host.ErrAbsent):
		return found("pro", values...)
	}
	return unread(msv1+`\`+secret, err)
}

func judgeServerEligibility(h host.Host, s host.System, values []string) []Found {
	if s.Product != host.Server || s.Build < firstDefaultGuardServer {
		return found("server", values...)
	}
	join, err := h.Join()
	switch {
	case err != nil:
		return unread("NetGetJoinInformation", err)
	case join.Status == host.JoinUnknown:
		return unread("NetGetJoinInformation", host.ErrAbsent)
	case join.Status == host.JoinDomain:
		return found("server-member", values...)
	}
	return found("server", values...)
}
