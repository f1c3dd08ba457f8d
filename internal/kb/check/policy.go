package check

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

const (
	cloudJoinInfo     = `HKLM\SYSTEM\CurrentControlSet\Control\CloudDomainJoin\JoinInfo`
	workplaceJoinInfo = `HKCU\Software\Microsoft\Windows NT\CurrentVersion\WorkplaceJoin\JoinInfo`
	enrollments       = `HKLM\SOFTWARE\Microsoft\Enrollments`
	mdmPolicies       = `HKLM\SOFTWARE\Microsoft\PolicyManager\current\device`

	joinCall      = "NetGetJoinInformation"
	entraJoinCall = "NetGetAadJoinInformation"
)

// policy is the family about who manages this machine.
func policy() []Check {
	return []Check{
		gpoList(),
		domainJoin(),
		entraJoin(),
		mdm(),
	}
}

func domainJoin() Check {
	return Check{
		ID: "policy.domain-join",
		Title: Text{
			JA: "ドメインへの参加",
			EN: "Membership in a domain",
		},
		About: Text{
			JA: "この PC がドメインとワークグループのどちらに属しているかを確認します。",
			EN: "Is this computer in a domain or in a workgroup?",
		},
		Reads: []Text{{JA: "ドメイン参加の状態 (" + joinCall + ")", EN: "domain membership (" + joinCall + ")"}},
		Findings: []Finding{
			{
				ID: "domain", Verdict: OK,
				Text: Text{
					JA: "ドメイン {name} に参加しています。設定はドメインの GPO で管理されている可能性があり、手動の変更は元に戻ることがあります。",
					EN: "This computer is in the domain {name}. GPOs of the domain may manage its settings and undo manual changes.",
				},
			},
			{
				ID: "workgroup", Verdict: OK,
				Text: Text{
					JA: "ドメインには参加しておらず、ワークグループ {name} に属しています。",
					EN: "This computer is in no domain but in the workgroup {name}.",
				},
			},
			{
				ID: "none", Verdict: OK,
				Text: Text{
					JA: "ドメインにもワークグループにも属していません。",
					EN: "This computer is in neither a domain nor a workgroup.",
				},
			},
			{
				ID: "undetermined", Verdict: Unknown,
				Text: Text{
					JA: "ドメイン参加の状態を Windows が判定できませんでした (状態: {status})。",
					EN: "Windows could not tell whether this computer is in a domain (status: {status}).",
				},
			},
		},
		Sources: []string{"lmjoin.h (NETSETUP_JOIN_STATUS)"},
	}
}

func judgeDomainJoin(h host.Host, _ Args) []Found {
	j, err := h.Join()
	if err != nil {
		return unread(joinCall, err)
	}
	switch j.Status {
	case host.JoinDomain:
		return found("domain", "name", valueText(j.Name))
	case host.JoinWorkgroup:
		return found("workgroup", "name", valueText(j.Name))
	case host.JoinNone:
		return found("none")
	}
	return found("undetermined", "status", strconv.FormatUint(uint64(j.Status), 10))
}

func entraJoin() Check {
	return Check{
		ID: "policy.entra-join",
		Title: Text{
			JA: "Microsoft Entra ID への参加",
			EN: "Membership in Microsoft Entra ID",
		},
		About: Text{
			JA: "この PC が Microsoft Entra ID に参加しているか、登録されているだけかを確認します。",
			EN: "Is this computer joined to Microsoft Entra ID, or only registered with it?",
		},
		Reads: []Text{
			{JA: "Entra ID への参加の状態 (" + entraJoinCall + ")", EN: "membership in Entra ID (" + entraJoinCall + ")"},
			{JA: "ドメイン参加の状態 (" + joinCall + ")", EN: "domain membership (" + joinCall + ")"},
			{
				JA: cloudJoinInfo + "、" + workplaceJoinInfo + " (サブキーの有無のみ。API で読み取れない場合)",
				EN: cloudJoinInfo + ", " + workplaceJoinInfo + " (whether they have subkeys, only where the function gives no answer)",
			},
		},
		Findings: []Finding{
			{
				ID: "hybrid", Verdict: OK,
				Text: Text{
					JA: "Microsoft Entra ハイブリッド参加です (ドメインと Entra ID の両方に参加)。",
					EN: "This computer is hybrid joined: to a domain and to Microsoft Entra ID.",
				},
			},
			{
				ID: "joined", Verdict: OK,
				Text: Text{
					JA: "Microsoft Entra ID に参加しています。Entra ID だけに参加した PC への接続では、Remote Credential Guard は使えません。",
					EN: "This computer is joined to Microsoft Entra ID. Remote Credential Guard does not work towards a computer that is joined to Entra ID alone.",
				},
			},
			{
				ID: "registered", Verdict: OK,
				Text: Text{
					JA: "Microsoft Entra ID に登録されています (参加ではありません)。",
					EN: "This computer is registered with Microsoft Entra ID, not joined to it.",
				},
			},
			{
				ID: "none", Verdict: OK,
				Text: Text{
					JA: "Microsoft Entra ID への参加も登録もありません。",
					EN: "This computer is neither joined to Microsoft Entra ID nor registered with it.",
				},
			},
		},
		Sources: []string{"lmjoin.h (DSREG_JOIN_INFO)"},
	}
}

func judgeEntraJoin(h host.Host, _ Args) []Found {
	j, err := h.EntraJoin()
	if err != nil {
		j = host.EntraJoin{Device: hasSubkeys(h, cloudJoinInfo), Workplace: hasSubkeys(h, workplaceJoinInfo)}
		if j == (host.EntraJoin{}) {
			return unread(entraJoinCall, err)
		}
	}
	switch {
	case j.Device:
		d, err := h.Join()
		switch {
		case err != nil:
			return append(found("joined"), unread(joinCall, err)...)
		case d.Status == host.JoinDomain:
			return found("hybrid")
		}
		return found("joined")
	case j.Workplace:
		return found("registered")
	}
	return found("none")
}

func hasSubkeys(h host.Host, key string) bool {
	keys, err := h.Subkeys(key)
	return err == nil && len(keys) > 0
}

func mdm() Check {
	return Check{
		ID: "policy.mdm",
		Title: Text{
			JA: "モバイル デバイス管理 (MDM) への登録",
			EN: "Enrollment in mobile device management (MDM)",
		},
		About: Text{
			JA: "この PC の設定が Intune などの MDM で管理されているかを確認します。",
			EN: "Does an MDM such as Intune manage the settings of this computer?",
		},
		Reads: []Text{
			same(enrollments + `\*\ProviderID (REG_SZ)`),
			same(enrollments + `\*\EnrollmentState (REG_DWORD)`),
			{
				JA: mdmPolicies + " の DeviceGuard、CredentialsDelegation、ADMX_CredSsp、RemoteDesktopServices、Defender (有無のみ)",
				EN: "DeviceGuard, CredentialsDelegation, ADMX_CredSsp, RemoteDesktopServices and Defender in " + mdmPolicies + " (presence only)",
			},
		},
		Needs: Needs{Admin: AdminMaybe},
		Findings: []Finding{
			{
				ID: "enrolled", Verdict: Warning,
				Text: Text{
					JA: "この PC は MDM に登録されています (ProviderID: {provider}、MDM のポリシーがある領域: {areas})。手動で変えた設定は、次の同期で元に戻ることがあります。",
					EN: "This computer is enrolled in an MDM (ProviderID: {provider}; areas with policies from it: {areas}). Settings changed by hand may come back at the next sync.",
				},
				Fix: Remedy{Text: Text{
					JA: "設定の変更は、MDM の管理者に依頼します。",
					EN: "Ask the administrator of the MDM to change the settings.",
				}},
			},
			{
				ID: "inactive", Verdict: OK,
				Text: Text{
					JA: "MDM の登録情報 (ProviderID: {provider}) はありますが、登録済みの状態ではありません (EnrollmentState: {state})。",
					EN: "There is an entry of an MDM (ProviderID: {provider}), but it is not enrolled (EnrollmentState: {state}).",
				},
			},
			{
				ID: "not-enrolled", Verdict: OK,
				Text: Text{
					JA: "MDM への登録はありません。",
					EN: "This computer is not enrolled in an MDM.",
				},
			},
			wrongTypeFinding(),
		},
		Sources: []string{"learn.microsoft.com/windows/client-management/mdm-overview"},
	}
}

// enrolled is EnrollmentState of an enrollment that is in force.
const enrolled = 1

func judgeMDM(h host.Host, _ Args) []Found {
	ids, err := h.Subkeys(enrollments)
	if errors.Is(err, host.ErrAbsent) {
		if _, err := h.System(); err != nil {
			return unread("RtlGetVersion", err)
		}
		return found("not-enrolled")
	}
	if err != nil {
		return unread(enrollments, err)
	}
	var active []string
	var inactive []Found
	unreadable := cutShort(enrollments, len(ids), host.MaxNames)
	for _, id := range ids {
		key := enrollments + `\` + id
		provider, err := h.Value(key, "ProviderID")
		if errors.Is(err, host.ErrAbsent) || err == nil && provider.Type == host.RegString && provider.Text == "" {
			continue // enrollments without a provider are on every machine
		}
		if err == nil && provider.Type != host.RegString {
			unreadable = found("wrong-type", "what", key+`\ProviderID`, "type", provider.Type.String(), "value", provider.String())
			continue
		}
		if err != nil {
			unreadable = unread(key+`\ProviderID`, err)
			continue
		}
		state, bad := readSetting(h, key, "EnrollmentState", math.MaxUint32)
		switch {
		case bad != nil:
			unreadable = bad
		case state.is(enrolled):
			active = append(active, provider.Text)
		default:
			inactive = found("inactive", "provider", valueText(provider.Text), "state", state.String())
		}
	}
	switch {
	case active != nil:
		return found("enrolled", "provider", joined(active), "areas", mdmAreas(h))
	case unreadable != nil:
		return unreadable
	case inactive != nil:
		return inactive
	}
	return found("not-enrolled")
}

// mdmAreas lists the areas of settings that an MDM has set, of those that the
// other checks are about.
func mdmAreas(h host.Host) string {
	var set []string
	for _, area := range strings.Fields("DeviceGuard CredentialsDelegation ADMX_CredSsp RemoteDesktopServices Defender") {
		if values, err := h.Values(mdmPolicies + `\` + area); err == nil && len(values) > 0 {
			set = append(set, area)
		}
	}
	return list(set)
}
