package check

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

const (
	srpV2 = `HKLM\SOFTWARE\Policies\Microsoft\Windows\SrpV2`

	appLockerProvider = "Microsoft-Windows-AppLocker"
	appLockerPrograms = "Microsoft-Windows-AppLocker/EXE and DLL"
	appLockerScripts  = "Microsoft-Windows-AppLocker/MSI and Script"

	learnAppLockerEvents = "learn.microsoft.com/windows/security/application-security/application-control/app-control-for-business/applocker/using-event-viewer-with-applocker"
)

// collections are AppLocker's kinds of rules, subkeys of srpV2.
func collections() []string { return []string{"Exe", "Dll", "Msi", "Script", "Appx"} }

func appLockerPolicy() Check {
	return Check{
		ID: "appcontrol.applocker-policy",
		Title: Text{
			JA: "AppLocker のポリシー",
			EN: "Policy of AppLocker",
		},
		About: Text{
			JA: "AppLocker の規則が適用されているか、実際にブロックしているかを確認します。MDM による AppLocker や WDAC (アプリ コントロール) は対象外です。",
			EN: "Are rules of AppLocker in force, and do they block anything? AppLocker by MDM and WDAC (App Control) are not covered.",
		},
		Reads: []Text{
			{
				JA: srpV2 + `\{Exe, Dll, Msi, Script, Appx} の EnforcementMode (REG_DWORD) と規則の数`,
				EN: srpV2 + `\{Exe, Dll, Msi, Script, Appx}: EnforcementMode (REG_DWORD) and number of rules`,
			},
			{JA: "サービス AppIDSvc の状態とスタートアップの種類", EN: "state and start type of the service AppIDSvc"},
			{
				JA: "AppLocker のイベント 8004、8007 (規則が適用されている場合、過去 7 日間)",
				EN: "events 8004 and 8007 of AppLocker (if rules are in force; last 7 days)",
			},
		},
		Findings: append(appLockerPolicyFindings(), settingFindings()...),
		Sources: []string{
			learnAppLockerEvents,
			"learn.microsoft.com/windows/client-management/mdm/applocker-csp",
		},
	}
}

func appLockerPolicyFindings() []Finding {
	return []Finding{
		{
			ID: "blocking", Verdict: Problem,
			Text: Text{
				JA: "AppLocker の規則が適用されており ({collections})、過去 7 日間に {count} 件をブロックしました。対象は appcontrol.applocker-events で確認できます。",
				EN: "Rules of AppLocker are in force ({collections}) and blocked {count} times in the last 7 days. appcontrol.applocker-events shows what.",
			},
			Fix: ruleForProgram(), Rollback: withoutRule(),
		},
		{
			ID: "enforced", Verdict: Warning,
			Text: Text{
				JA: "AppLocker の規則が適用されています ({collections})。規則で許可されていないものはブロックされます。",
				EN: "Rules of AppLocker are in force ({collections}). Whatever they do not allow is blocked.",
			},
			Fix: ruleForProgram(), Rollback: withoutRule(),
		},
		{
			ID: "not-evaluated", Verdict: Warning,
			Text: Text{
				JA: "AppLocker の規則がありますが ({collections})、AppIDSvc が動作していないため評価されていません (状態: {state}、スタートアップの種類: {start})。",
				EN: "There are rules of AppLocker ({collections}), but AppIDSvc is not running (state: {state}, start type: {start}), so they are not evaluated.",
			},
			Fix: Remedy{Text: Text{
				JA: "意図した状態かどうかを、ポリシーの管理者に確認します。",
				EN: "Ask the administrator of the policy whether it is meant to be like this.",
			}},
		},
		{
			ID: "mode-not-set", Verdict: Warning,
			Text: Text{
				JA: "EnforcementMode のない規則があります ({collections})。Windows は適用するものとして扱うと考えられます。",
				EN: "There are rules without an EnforcementMode ({collections}). Windows probably enforces them.",
			},
		},
		{
			ID: "audit", Verdict: OK,
			Text: Text{
				JA: "AppLocker は監査だけの設定です ({collections})。記録するだけで、ブロックしません。",
				EN: "AppLocker only audits ({collections}): it records and blocks nothing.",
			},
		},
		{
			ID: "no-rules", Verdict: OK,
			Text: Text{
				JA: "グループ ポリシーによる AppLocker の規則はありません (AppIDSvc: {state})。",
				EN: "There are no rules of AppLocker from a GPO (AppIDSvc: {state}).",
			},
		},
		{
			ID: "no-applocker", Verdict: NotApplicable,
			Text: Text{
				JA: "このシステムには AppLocker のサービス (AppIDSvc) がありません。",
				EN: "This system lacks the service of AppLocker (AppIDSvc).",
			},
		},
	}
}

func judgeAppLockerPolicy(h host.Host, _ Args) []Found {
	service, err := h.Service("AppIDSvc")
	if errors.Is(err, host.ErrAbsent) {
		return found("no-applocker")
	}
	if err != nil {
		return unread("AppIDSvc", err)
	}
	var enforced, audited, unset []string
	var fs []Found
	for _, c := range collections() {
		key := srpV2 + `\` + c
		rules, err := h.Subkeys(key)
		if errors.Is(err, host.ErrAbsent) || err == nil && len(rules) == 0 {
			continue // a collection without rules blocks nothing
		}
		if err != nil {
			fs = append(fs, unread(key, err)...)
			continue
		}
		fs = append(fs, cutShort(key, len(rules), host.MaxNames)...)
		mode, bad := readSetting(h, key, "EnforcementMode", 1)
		fs = append(fs, bad...)
		label := c + " (" + strconv.Itoa(len(rules)) + ")"
		switch {
		case bad != nil:
		case mode.is(0):
			audited = append(audited, label)
		default:
			enforced = append(enforced, label)
			if !mode.set {
				unset = append(unset, label)
			}
		}
	}
	if unset != nil {
		fs = append(fs, found("mode-not-set", "collections", list(unset))...)
	}
	switch {
	case enforced == nil && audited == nil && fs == nil:
		return found("no-rules", "state", service.State.String())
	case (enforced != nil || audited != nil) && service.State != host.Running:
		return append(found("not-evaluated", "collections", list(append(enforced, audited...)), "state", service.State.String(), "start", service.Start.String()), fs...)
	case audited != nil:
		fs = append(fs, found("audit", "collections", list(audited))...)
	}
	if enforced == nil {
		return fs
	}
	blocked, bad := appLockerLog(h, appLockerPrograms, 7, 8004)
	more, badToo := appLockerLog(h, appLockerScripts, 7, 8007)
	fs = append(fs, append(bad, badToo...)...)
	if n := len(blocked) + len(more); n > 0 {
		return append(found("blocking", "collections", list(enforced), "count", strconv.Itoa(n)), fs...)
	}
	return append(found("enforced", "collections", list(enforced)), fs...)
}

func appLockerLog(h host.Host, channel string, days int, ids ...uint32) ([]host.Event, []Found) {
	events, bad := recentEvents(h, host.EventQuery{Channel: channel, Providers: []string{appLockerProvider}, IDs: ids}, days)
	return events, append(bad, cutShort(channel, len(events), host.MaxEvents)...)
}

func appLockerEvents() Check {
	return Check{
		ID: "appcontrol.applocker-events",
		Title: Text{
			JA: "AppLocker のイベント",
			EN: "Events of AppLocker",
		},
		About: Text{
			JA: "AppLocker がプログラム、インストーラー、スクリプトをブロックした記録があるかを確認します。",
			EN: "Has AppLocker recorded that it blocked a program, installer or script?",
		},
		Reads: []Text{
			{JA: appLockerPrograms + " のイベント 8000、8003、8004", EN: "events 8000, 8003 and 8004 in " + appLockerPrograms},
			{JA: appLockerScripts + " のイベント 8000、8006、8007", EN: "events 8000, 8006 and 8007 in " + appLockerScripts},
		},
		Needs:  Needs{Admin: AdminMaybe},
		Params: []Param{daysParam(), concernedPath()},
		Findings: append([]Finding{
			{
				ID: "blocked", Verdict: Problem,
				Text: Text{
					JA: "AppLocker がブロックしました (イベント 8004、8007、{count} 件、最新 {time})。対象: {target}。",
					EN: "AppLocker blocked something (events 8004 and 8007, {count} times, last {time}). Target: {target}.",
				},
				Fix: ruleForProgram(), Rollback: withoutRule(),
			},
			{
				ID: "would-block", Verdict: Warning,
				Text: Text{
					JA: "AppLocker の監査で、規則が適用されればブロックされるものが記録されました (イベント 8003、8006、{count} 件、最新 {time})。対象: {target}。",
					EN: "AppLocker audited something that it will block once its rules are enforced (events 8003 and 8006, {count} times, last {time}). Target: {target}.",
				},
			},
			{
				ID: "policy-error", Verdict: Warning,
				Text: Text{
					JA: "AppLocker がポリシーを適用できませんでした (イベント 8000、{count} 件、最新 {time})。",
					EN: "AppLocker could not apply its policy (event 8000, {count} times, last {time}).",
				},
				Fix: Remedy{Text: Text{
					JA: "ポリシーの管理者に知らせます。",
					EN: "Tell the administrator of the policy.",
				}},
			},
			{
				ID: "none", Verdict: OK,
				Text: Text{
					JA: "過去 {days} 日間に、AppLocker がブロックした記録はありません (対象: {path})。",
					EN: "In the last {days} days AppLocker has recorded no block (of: {path}).",
				},
			},
		}, pathFindings()...),
		Sources: []string{learnAppLockerEvents},
	}
}

func appLockerKinds() []eventKind {
	target := []string{"target", "FullFilePath"}
	return []eventKind{
		{"blocked", []uint32{8004, 8007}, target},
		{"would-block", []uint32{8003, 8006}, target},
		{"policy-error", []uint32{8000}, nil},
	}
}

func judgeAppLockerEvents(h host.Host, args Args) (fs []Found) {
	path, unusable := concerned(h, args)
	if unusable != nil {
		return unusable
	}
	var all []host.Event
	for _, channel := range []string{appLockerPrograms, appLockerScripts} {
		events, unreadable := appLockerLog(h, channel, args.Number("days"), kindIDs(appLockerKinds())...)
		all = append(all, events...)
		fs = append(fs, unreadable...)
	}
	all = slices.DeleteFunc(all, func(e host.Event) bool { return e.ID != 8000 && !eventMentions(e, path) })
	slices.SortStableFunc(all, func(a, b host.Event) int { return b.Time.Compare(a.Time) })
	for i := range all {
		all[i].Data = withFullPath(all[i])
	}
	for _, k := range appLockerKinds() {
		fs = append(fs, k.judge(all)...)
	}
	if fs == nil {
		return found("none", "days", args["days"], "path", about(path))
	}
	return fs
}

// withFullPath fills in FullFilePath, which Windows has not always recorded,
// by FilePath, in which %OSDRIVE% and the like stand for folders.
func withFullPath(e host.Event) []host.Field {
	if strings.TrimSpace(e.Field("FullFilePath")) != "" {
		return e.Data
	}
	return append([]host.Field{{Name: "FullFilePath", Text: e.Field("FilePath")}}, e.Data...)
}
