package check

import (
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

const (
	updatePolicy   = `HKLM\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate`
	updateAUPolicy = updatePolicy + `\AU`
)

// update is the family about Windows Update.
func update() []Check {
	return []Check{
		{
			ID: "wu.services",
			Title: Text{
				JA: "Windows Update のサービスの状態",
				EN: "State of the services of Windows Update",
			},
			About: Text{
				JA: "Windows Update に必要なサービスが無効になっていないかを確認します。",
				EN: "Is a service that Windows Update needs disabled?",
			},
			Reads: []Text{{
				JA: "サービス " + strings.Join(updateServices(), "、") + " の状態とスタートアップの種類",
				EN: "state and start type of the services " + strings.Join(updateServices(), ", "),
			}},
			Findings: updateServiceFindings(),
			Sources:  []string{"winerror.h (ERROR_SERVICE_DISABLED)"},
		},
		{
			ID: "wu.policy",
			Title: Text{
				JA: "Windows Update のポリシー",
				EN: "Policies of Windows Update",
			},
			About: Text{
				JA: "更新プログラムの取得を変える、または妨げるポリシーがあるかを確認します。",
				EN: "Is there a policy that redirects or blocks updates?",
			},
			Reads: []Text{
				same(updatePolicy + `\WUServer, WUStatusServer, TargetReleaseVersionInfo (REG_SZ)`),
				same(updatePolicy + `\DisableWindowsUpdateAccess, SetDisableUXWUAccess, DoNotConnectToWindowsUpdateInternetLocations, TargetReleaseVersion (REG_DWORD)`),
				same(updateAUPolicy + `\UseWUServer, NoAutoUpdate, AUOptions (REG_DWORD)`),
			},
			Findings: slices.Concat(updatePolicyFindings(), settingFindings(), notText()),
			Sources:  []string{"learn.microsoft.com/windows/deployment/update/waas-wu-settings"},
		},
		updateLastSuccess(),
		updateFailures(),
		updateStoreACL(),
	}
}

// updateServices are the services of Windows Update; without the first few of
// them, neededServices, it does not work at all.
func updateServices() []string {
	return []string{"wuauserv", "BITS", "CryptSvc", "TrustedInstaller", "UsoSvc", "WaaSMedicSvc", "msiserver"}
}

const neededServices = 4

// updateServiceStart is the usual start type of one of the first of them, as sc
// names it. It differs between builds of Windows; with these they run.
func updateServiceStart(name string) string {
	if name == "CryptSvc" {
		return "auto"
	}
	return "demand"
}

func updateServiceFindings() []Finding {
	start, stop := startService("CryptSvc")
	return []Finding{
		{
			ID: "disabled", Verdict: Problem,
			Text: Text{
				JA: "サービス {service} が無効です。Windows Update はこのサービスなしでは動作しません。",
				EN: "The service {service} is disabled. Windows Update does not work without it.",
			},
			Fix: Remedy{
				Text: Text{
					JA: "スタートアップの種類を既定 (sc の表記で {start}) に戻します (管理者)。組織の管理やソフトウェアが無効にしている場合は、先にその理由を確認します。",
					EN: "Set the start type back to its default, {start} in the words of sc (administrator). If an organization or a program has disabled it, ask for the reason first.",
				},
				Command: "sc config {service} start= {start}",
			},
			Rollback: Remedy{
				Text:    Text{JA: "スタートアップの種類を無効に戻します。", EN: "Set the start type back to disabled."},
				Command: "sc config {service} start= disabled",
			},
		},
		{
			ID: "cryptsvc-stopped", Verdict: Warning,
			Text: Text{
				JA: "CryptSvc が動作していません (状態: {state}、スタートアップの種類: {start})。更新プログラムの署名を確認できないことがあります。",
				EN: "CryptSvc is not running (state: {state}, start type: {start}). Signatures of updates may not be verified.",
			},
			Fix: start, Rollback: stop,
		},
		{
			ID: "enabled", Verdict: OK,
			Text: Text{
				JA: "必要なサービスは無効になっていません ({states})。停止しているのは正常です。必要なときに開始されます。",
				EN: "No service that is needed is disabled ({states}). That some are stopped is normal: they start when needed.",
			},
		},
	}
}

func judgeUpdateServices(h host.Host, _ Args) []Found {
	var fs []Found
	var states []string
	for i, name := range updateServices() {
		s, err := h.Service(name)
		switch {
		case err != nil && i < neededServices:
			fs = append(fs, unread(name, err)...)
		case err != nil:
			states = append(states, name+" -")
		case s.Start == host.Disabled && i < neededServices:
			fs = append(fs, found("disabled", "service", name, "start", updateServiceStart(name))...)
		default:
			if name == "CryptSvc" && s.State != host.Running {
				fs = append(fs, found("cryptsvc-stopped", "state", s.State.String(), "start", s.Start.String())...)
			}
			states = append(states, name+" "+s.State.String()+"/"+s.Start.String())
		}
	}
	if fs == nil {
		return found("enabled", "states", list(states))
	}
	return fs
}

func updatePolicyFindings() []Finding {
	// fix is to ask, or to delete a value where nobody manages the computer.
	fix := func(key, name string) Remedy {
		return Remedy{
			Text: Text{
				JA: "組織の PC では、WSUS、グループ ポリシーまたは MDM の管理者に確認します。個人の PC であれば、値を削除して wuauserv を再起動します (管理者)。",
				EN: "On a managed computer, ask whoever runs WSUS, Group Policy or MDM. On a computer of your own, delete the value and restart wuauserv (administrator).",
			},
			Command: `reg delete "` + key + `" /v ` + name + " /f\nnet stop wuauserv\nnet start wuauserv",
		}
	}
	restore := func(key, name string) Remedy {
		return Remedy{
			Text:    Text{JA: "削除した値を元に戻し、wuauserv を再起動します。", EN: "Create the deleted value again and restart wuauserv."},
			Command: `reg add "` + key + `" /v ` + name + " /t REG_DWORD /d 1 /f\nnet stop wuauserv\nnet start wuauserv",
		}
	}
	finding := func(id, key, name string, text Text) Finding {
		return Finding{ID: id, Verdict: Warning, Text: text, Fix: fix(key, name), Rollback: restore(key, name)}
	}
	return []Finding{
		finding("server-missing", updateAUPolicy, "UseWUServer", Text{
			JA: "WSUS を使う設定 (UseWUServer が 1) ですが、サーバー (WUServer) が指定されていません。更新プログラムを取得できません。",
			EN: "Updates are to come from WSUS (UseWUServer is 1), but no server is named (WUServer). None can be fetched.",
		}),
		finding("access-disabled", updatePolicy, "DisableWindowsUpdateAccess", Text{
			JA: "Windows Update へのアクセスがポリシーで禁止されています (DisableWindowsUpdateAccess が 1)。更新はエラー 0x8024002E になります。",
			EN: "A policy forbids access to Windows Update (DisableWindowsUpdateAccess is 1). Updating fails with error 0x8024002E.",
		}),
		finding("internet-blocked", updatePolicy, "DoNotConnectToWindowsUpdateInternetLocations", Text{
			JA: "インターネットの Windows Update に接続しない設定 (DoNotConnectToWindowsUpdateInternetLocations が 1) ですが、WSUS も使われていません。更新プログラムの取得元がありません。",
			EN: "Windows Update on the internet must not be used (DoNotConnectToWindowsUpdateInternetLocations is 1), and WSUS is not used either. There is no source of updates.",
		}),
		{
			ID: "wsus", Verdict: Warning,
			Text: Text{
				JA: "更新プログラムは WSUS ({server}、状態の送信先: {status}) から取得されます。WSUS で承認されていない更新プログラムは適用されません。サーバーに接続できない場所では、更新できません。",
				EN: "Updates come from WSUS ({server}; status goes to {status}). Updates that are not approved there are not installed, and none are while the server is out of reach.",
			},
			Fix: Remedy{Text: Text{
				JA: "そのサーバーに接続できる場所かを確認し、WSUS の管理者に承認の状況を確認します。",
				EN: "Make sure that the server is within reach, and ask the administrator of WSUS what is approved.",
			}},
		},
		finding("no-auto-update", updateAUPolicy, "NoAutoUpdate", Text{
			JA: "自動更新が無効です (NoAutoUpdate が 1)。更新プログラムは手動で確認したときだけ適用されます。",
			EN: "Automatic updating is off (NoAutoUpdate is 1). Updates are installed only when someone looks for them.",
		}),
		{
			ID: "unhindered", Verdict: OK,
			Text: Text{
				JA: "更新プログラムの取得を妨げるポリシーはありません (AUOptions: {options}、SetDisableUXWUAccess: {ux}、対象のバージョン: {target})。",
				EN: "No policy hinders updates (AUOptions: {options}, SetDisableUXWUAccess: {ux}, target version: {target}).",
			},
		},
	}
}

func judgeUpdatePolicy(h host.Host, _ Args) []Found {
	var fs []Found
	settings := map[string]dword{}
	for _, s := range []struct {
		key, name string
		most      uint32
	}{
		{updateAUPolicy, "UseWUServer", 1},
		{updateAUPolicy, "NoAutoUpdate", 1},
		{updateAUPolicy, "AUOptions", 7},
		{updatePolicy, "DisableWindowsUpdateAccess", 1},
		{updatePolicy, "SetDisableUXWUAccess", 1},
		{updatePolicy, "DoNotConnectToWindowsUpdateInternetLocations", 1},
		{updatePolicy, "TargetReleaseVersion", 1},
	} {
		d, bad := readSetting(h, s.key, s.name, s.most)
		if isUnread(bad) {
			return bad
		}
		fs = append(fs, bad...)
		settings[s.name] = d
	}
	texts := map[string]string{}
	for _, name := range []string{"WUServer", "WUStatusServer", "TargetReleaseVersionInfo"} {
		text, _, bad := textSetting(h, updatePolicy, name)
		if isUnread(bad) {
			return bad
		}
		fs = append(fs, bad...)
		texts[name] = text
	}
	on := func(name string) bool { return settings[name].is(1) }
	switch server := texts["WUServer"]; {
	case on("UseWUServer") && server == "":
		fs = append(fs, found("server-missing")...)
	case on("UseWUServer"):
		fs = append(fs, found("wsus", "server", server, "status", valueText(texts["WUStatusServer"]))...)
	case on("DoNotConnectToWindowsUpdateInternetLocations"):
		fs = append(fs, found("internet-blocked")...)
	}
	if on("DisableWindowsUpdateAccess") {
		fs = append(fs, found("access-disabled")...)
	}
	if on("NoAutoUpdate") {
		fs = append(fs, found("no-auto-update")...)
	}
	if fs != nil {
		return fs
	}
	target := "-"
	if on("TargetReleaseVersion") {
		target = valueText(texts["TargetReleaseVersionInfo"])
	}
	return found("unhindered", "options", settings["AUOptions"].String(), "ux", settings["SetDisableUXWUAccess"].String(), "target", target)
}
