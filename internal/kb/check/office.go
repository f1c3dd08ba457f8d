package check

import (
	"errors"
	"fmt"
	"strconv"

	"kbgen/internal/kb/host"
)

const (
	clickToRun = `HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration`

	networkServiceHive = `HKU\S-1-5-20`
	networkServiceSPP  = networkServiceHive + `\Software\Microsoft\Windows NT\CurrentVersion\SoftwareProtectionPlatform`
	networkService     = "S-1-5-20"

	brokerPlugin = `\Packages\Microsoft.AAD.BrokerPlugin_cw5n1h2txyewy`

	learnOfficeActivation = `Microsoft Learn, "Microsoft 365 Apps activation error 0x80070005"`
)

// office is the family about activation of Microsoft 365 Apps and Office.
func office() []Check {
	return []Check{officeActivation(), networkServiceKey()}
}

// officeService is a service that activation rests on.
type officeService struct {
	name     string
	start    host.StartType // as Windows or Office installs it
	required bool           // it is never missing where Office is
}

func officeServices() []officeService {
	return []officeService{
		{"ClickToRunSvc", host.AutoStart, true},
		{"sppsvc", host.AutoStart, true},
		{"ClipSVC", host.DemandStart, false}, // Windows 10 and later
		{"osppsvc", host.DemandStart, false}, // Office 2010 and 2013
		{"LicenseManager", host.DemandStart, false},
		{"TokenBroker", host.DemandStart, false},
		{"wlidsvc", host.DemandStart, false},
	}
}

func officeActivation() Check {
	return Check{
		ID: "office.activation",
		Title: Text{
			JA: "Office のライセンス認証に必要なもの",
			EN: "What activation of Office needs",
		},
		About: Text{
			JA: "Microsoft 365 Apps または Office のライセンス認証に必要なサービスとサインインの部品が使えるかを確認します。",
			EN: "Are the services and the sign-in component that Microsoft 365 Apps or Office need for activation available?",
		},
		Reads: []Text{
			same(clickToRun + ` (VersionToReport, ProductReleaseIds, Platform; REG_SZ)`),
			{
				JA: "サービス ClickToRunSvc、sppsvc、ClipSVC、osppsvc、LicenseManager、TokenBroker、wlidsvc の状態とスタートアップの種類",
				EN: "state and start type of the services ClickToRunSvc, sppsvc, ClipSVC, osppsvc, LicenseManager, TokenBroker and wlidsvc",
			},
			{
				JA: "名前が MicrosoftOffice16 で始まる保存された資格情報の数 (内容は読み取りません)",
				EN: "number of saved credentials whose name starts with MicrosoftOffice16 (not their content)",
			},
			{
				JA: `フォルダー %LOCALAPPDATA%` + brokerPlugin + ` の有無、Windows のバージョン`,
				EN: `presence of the folder %LOCALAPPDATA%` + brokerPlugin + `; version of Windows`,
			},
		},
		Findings: officeFindings(),
		Sources:  []string{learnOfficeActivation},
	}
}

func officeFindings() []Finding {
	return []Finding{
		{
			ID: "service-disabled", Verdict: Warning,
			Text: Text{
				JA: "サービス {service} が無効です。Office のライセンス認証に失敗することがあります。",
				EN: "The service {service} is disabled. Activation of Office may fail.",
			},
			Fix: Remedy{
				Text: Text{
					JA: "スタートアップの種類を既定 (Start: {start}) に戻し、再起動します (管理者)。",
					EN: "Set the start type back to its default (Start: {start}) and restart (administrator).",
				},
				Command: `reg add "HKLM\SYSTEM\CurrentControlSet\Services\{service}" /v Start /t REG_DWORD /d {start} /f`,
			},
			Rollback: Remedy{
				Text: Text{
					JA: "変更前の値 (4、無効) に戻し、再起動します。",
					EN: "Set the value back to what it was before, 4 (disabled), and restart.",
				},
				Command: `reg add "HKLM\SYSTEM\CurrentControlSet\Services\{service}" /v Start /t REG_DWORD /d 4 /f`,
			},
		},
		{
			ID: "service-missing", Verdict: Warning,
			Text: Text{
				JA: "サービス {service} がありません。Office のライセンス認証に失敗することがあります。",
				EN: "The service {service} is missing. Activation of Office may fail.",
			},
			Fix: Remedy{Text: Text{
				JA: "ClickToRunSvc の場合は、[設定] の [アプリ] で Office を修復します (管理者)。ほかのサービスの場合は、Windows の修復を検討します。",
				EN: "If it is ClickToRunSvc, repair Office in Settings > Apps (administrator). For another service, consider repairing Windows.",
			}},
			Rollback: Remedy{Text: Text{
				JA: "修復は元に戻す必要がありません。",
				EN: "A repair needs no undoing.",
			}},
		},
		{
			ID: "broker-missing", Verdict: Warning,
			Text: Text{
				JA: "サインインの部品 Microsoft.AAD.BrokerPlugin のフォルダーがありません ({path})。",
				EN: "The folder of the sign-in component Microsoft.AAD.BrokerPlugin is missing ({path}).",
			},
			Fix: Remedy{
				Text: Text{
					JA: "部品を登録し直します (このユーザーで実行)。ウイルス対策ソフトやプロキシが妨げていないかも確認します。",
					EN: "Register the component again (as this user). See also whether an antivirus or a proxy stands in its way.",
				},
				Command: `powershell -Command "Add-AppxPackage -Register $env:windir\SystemApps\Microsoft.AAD.BrokerPlugin_cw5n1h2txyewy\Appxmanifest.xml -DisableDevelopmentMode -ForceApplicationShutdown"`,
			},
			Rollback: Remedy{Text: Text{
				JA: "Windows に付属する部品の登録のため、元に戻す必要はありません。",
				EN: "It registers a part of Windows, which needs no undoing.",
			}},
		},
		{
			ID: "stale-credentials", Verdict: Warning,
			Text: Text{
				JA: "Office の保存された資格情報が {count} 個あります。古いものがライセンス認証を妨げることがあります。",
				EN: "There are {count} saved credentials of Office. An old one may get in the way of activation.",
			},
			Fix: Remedy{Text: Text{
				JA: "Office を終了し、資格情報マネージャーの [Windows 資格情報] で、名前が MicrosoftOffice16 で始まるものを削除してから、Office にサインインし直します。それでも失敗する場合は、Windows を更新し、Office のライセンス認証の状態をリセットします。",
				EN: "Close Office, remove those whose name starts with MicrosoftOffice16 in Credential Manager > Windows Credentials, and sign in to Office again. If activation still fails, update Windows and reset the activation state of Office.",
			}},
			Rollback: Remedy{Text: Text{
				JA: "Office にサインインすると、資格情報はもう一度保存されます。",
				EN: "Signing in to Office saves the credentials again.",
			}},
		},
		{
			ID: "not-text", Verdict: Warning,
			Text: Text{
				JA: clickToRun + `\VersionToReport の型が {type} です (値: {value})。Office のバージョンを読み取れません。`,
				EN: clickToRun + `\VersionToReport is of type {type} (value: {value}), so the version of Office is not known.`,
			},
		},
		{
			ID: "ready", Verdict: OK,
			Text: Text{
				JA: "ライセンス認証に必要なものに問題はありません (Office {version}、{products}、{platform}、sppsvc: {state})。",
				EN: "What activation needs is in order (Office {version}, {products}, {platform}, sppsvc: {state}).",
			},
		},
		notLocalFinding(),
		{
			ID: "no-office", Verdict: NotApplicable,
			Text: Text{
				JA: "クイック実行形式の Office も Office 2010、2013 も見つかりません。",
				EN: "Neither a Click-to-Run Office nor Office 2010 or 2013 was found.",
			},
		},
	}
}

func judgeOffice(h host.Host, _ Args) (fs []Found) {
	what := clickToRun + `\VersionToReport`
	version, err := h.Value(clickToRun, "VersionToReport")
	installed := err == nil
	switch {
	case installed && version.Type != host.RegString:
		fs = found("not-text", "type", version.Type.String(), "value", version.String())
	case err != nil && !errors.Is(err, host.ErrAbsent):
		return unread(what, err)
	case !installed:
		if _, err := h.Service("osppsvc"); errors.Is(err, host.ErrAbsent) {
			return found("no-office")
		}
	}
	state := "-"
	for _, s := range officeServices() {
		service, err := h.Service(s.name)
		switch {
		case errors.Is(err, host.ErrAbsent):
			if s.required && (installed || s.name != "ClickToRunSvc") {
				fs = append(fs, found("service-missing", "service", s.name)...)
			}
		case err != nil:
			fs = append(fs, unread(s.name, err)...)
		case service.Start == host.Disabled:
			fs = append(fs, found("service-disabled", "service", s.name, "start", strconv.Itoa(int(s.start)))...)
		case s.name == "sppsvc":
			state = service.State.String()
		}
	}
	fs = append(fs, judgeOfficeSignIn(h)...)
	if fs != nil {
		return fs
	}
	return found("ready", "version", valueText(version.Text), "products", officeText(h, "ProductReleaseIds"),
		"platform", officeText(h, "Platform"), "state", state)
}

// officeText is a value of the configuration, or - if it has no text.
func officeText(h host.Host, name string) string {
	v, err := h.Value(clickToRun, name)
	if err != nil {
		return "-"
	}
	return valueText(v.Text)
}

func judgeOfficeSignIn(h host.Host) (fs []Found) {
	saved, err := h.Credentials("MicrosoftOffice16")
	if err != nil {
		fs = unread("CredEnumerateW", err)
	}
	fs = append(fs, cutShort("CredEnumerateW", len(saved), host.MaxNames)...)
	count := 0
	for _, c := range saved {
		if c.Type == host.CredGeneric {
			count++
		}
	}
	if count > 1 {
		fs = append(fs, found("stale-credentials", "count", strconv.Itoa(count))...)
	}
	system, err := h.System()
	if err != nil {
		return append(fs, unread("RtlGetVersion", err)...)
	}
	if system.Major < 10 {
		return fs // older systems sign in without the component
	}
	base, err := h.Folder(host.LocalAppData)
	if err != nil {
		return append(fs, unread("LocalAppData", err)...)
	}
	there, bad := localThere(h, base+brokerPlugin)
	if !there && bad == nil {
		bad = foundAt("broker-missing", base+brokerPlugin)
	}
	return append(fs, bad...)
}

// keyAllAccess is KEY_ALL_ACCESS, winnt.h.
const keyAllAccess = 0xf003f

func networkServiceKey() Check {
	return Check{
		ID: "office.networkservice-key",
		Title: Text{
			JA: "NETWORK SERVICE のレジストリのアクセス許可",
			EN: "Permissions of the registry of NETWORK SERVICE",
		},
		About: Text{
			JA: "ライセンス認証のサービス (sppsvc) が使う NETWORK SERVICE が、自分のレジストリ ハイブを使えるかを確認します。",
			EN: "May NETWORK SERVICE, the account of the licensing service (sppsvc), use its own part of the registry?",
		},
		Reads: []Text{
			{JA: networkServiceHive + " のアクセス許可 (DACL)", EN: "permissions (DACL) of " + networkServiceHive},
			{JA: networkServiceSPP + " のアクセス許可 (DACL)", EN: "permissions (DACL) of " + networkServiceSPP},
		},
		Needs: Needs{Admin: AdminYes},
		Findings: []Finding{
			{
				ID: "not-granted", Verdict: Warning,
				Text: Text{
					JA: "{key}: NETWORK SERVICE にフル コントロールがありません (許可されている権利: {granted})。ライセンス認証が 0x80070005 で失敗することがあります。",
					EN: "{key}: NETWORK SERVICE lacks full control (rights granted: {granted}). Activation may then fail with 0x80070005.",
				},
				Fix: Remedy{Text: Text{
					JA: "管理者が regedit で " + networkServiceHive + " の [アクセス許可] を開き、今の内容を控えてから NETWORK SERVICE にフル コントロールを許可し、再起動します。",
					EN: "An administrator opens the permissions of " + networkServiceHive + " in regedit, notes them, allows NETWORK SERVICE full control and restarts.",
				}},
				Rollback: Remedy{Text: Text{
					JA: "regedit で控えておいたアクセス許可に戻し、再起動します。",
					EN: "Set the permissions that were noted again in regedit and restart.",
				}},
			},
			{
				ID: "denied-entry", Verdict: Warning,
				Text: Text{
					JA: "{key}: NETWORK SERVICE に対する拒否のエントリがあります (権利: {mask})。",
					EN: "{key}: there is a deny entry for NETWORK SERVICE (rights: {mask}).",
				},
				Fix: Remedy{Text: Text{
					JA: "管理者が regedit の [アクセス許可] で今の内容を控えてから、拒否のエントリを削除し、再起動します。",
					EN: "An administrator notes the permissions in regedit, removes the deny entry and restarts.",
				}},
				Rollback: Remedy{Text: Text{
					JA: "regedit で控えておいたアクセス許可に戻し、再起動します。",
					EN: "Set the permissions that were noted again in regedit and restart.",
				}},
			},
			{
				ID: "granted", Verdict: OK,
				Text: Text{
					JA: "{key}: NETWORK SERVICE はフル コントロールを持っています。",
					EN: "{key}: NETWORK SERVICE has full control.",
				},
			},
		},
		Sources: []string{learnOfficeActivation, "winnt.h (KEY_ALL_ACCESS)"},
	}
}

func judgeNetworkService(h host.Host, _ Args) (fs []Found) {
	for _, key := range []string{networkServiceHive, networkServiceSPP} {
		s, err := h.KeySecurity(key)
		if err != nil {
			fs = append(fs, unread(key, err)...)
			continue
		}
		fs = append(fs, judgeKeyFor(key, networkService, s)...)
	}
	return fs
}

// judgeKeyFor judges what the entries of a key's DACL give one account, its
// groups aside.
func judgeKeyFor(key, sid string, s host.Security) []Found {
	var allowed, denied uint32
	for _, ace := range s.DACL {
		switch {
		case ace.SID != sid || ace.Flags&host.ACEInheritOnly != 0:
		case ace.Type == host.ACEAllow:
			allowed |= ace.Mask
		case ace.Type == host.ACEDeny:
			denied |= ace.Mask
		}
	}
	switch {
	case denied != 0:
		return found("denied-entry", "key", key, "mask", hexMask(denied))
	case s.NullDACL, allowed&genericAll != 0, allowed&keyAllAccess == keyAllAccess:
		return found("granted", "key", key)
	}
	return found("not-granted", "key", key, "granted", hexMask(allowed))
}

func hexMask(mask uint32) string { return fmt.Sprintf("0x%x", mask) }
