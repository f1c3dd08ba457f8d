package check

import (
	"errors"
	"slices"
	"strconv"

	"kbgen/internal/kb/host"
)

const (
	cfaPolicy = `HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\Windows Defender Exploit Guard\Controlled Folder Access`
	cfaLocal  = `HKLM\SOFTWARE\Microsoft\Windows Defender\Windows Defender Exploit Guard\Controlled Folder Access`
	cfaValue  = "EnableControlledFolderAccess"

	defenderNamespace = `root\Microsoft\Windows\Defender`
	defenderLog       = "Microsoft-Windows-Windows Defender/Operational"
	defenderProvider  = "Microsoft-Windows-Windows Defender"
)

// defender is the family about what Microsoft Defender blocks.
func defender() []Check {
	return []Check{controlledFolderAccess(), defenderBlocks(), defenderDetections()}
}

func controlledFolderAccess() Check {
	return Check{
		ID: "defender.controlled-folder-access",
		Title: Text{
			JA: "コントロールされたフォルダー アクセスの設定",
			EN: "Setting of Controlled folder access",
		},
		About: Text{
			JA: "Microsoft Defender のコントロールされたフォルダー アクセスが有効か、指定したプログラムの書き込みを拒否した記録があるかを確認します。",
			EN: "Is Controlled folder access of Microsoft Defender on, and has it recorded that it blocked the given program?",
		},
		Reads: []Text{
			{JA: "サービス WinDefend の状態", EN: "state of the service WinDefend"},
			same(cfaPolicy + `\` + cfaValue + " (REG_DWORD)"),
			same(cfaLocal + `\` + cfaValue + " (REG_DWORD)"),
			{
				JA: "読み取れない場合は WMI の " + defenderNamespace + ":MSFT_MpPreference",
				EN: "if that cannot be read, MSFT_MpPreference in the WMI namespace " + defenderNamespace,
			},
			{
				JA: defenderLog + " のイベント 1123 (プログラムが指定された場合、過去 7 日間)",
				EN: "event 1123 in " + defenderLog + " (if a program is named; last 7 days)",
			},
		},
		Needs: Needs{Admin: AdminMaybe},
		Params: []Param{pathParam(false, Text{
			JA: "書き込みを拒否されたと思われるプログラム (.exe)",
			EN: "the program (.exe) that may have been blocked",
		})},
		Findings: slices.Concat(cfaFindings(), settingFindings(), pathFindings()),
		Sources: []string{
			"learn.microsoft.com/windows/client-management/mdm/policy-csp-defender",
			"learn.microsoft.com/powershell/module/defender/add-mppreference",
		},
	}
}

func cfaFindings() []Finding {
	return []Finding{
		{
			ID: "blocked-program", Verdict: Problem,
			Text: Text{
				JA: "コントロールされたフォルダー アクセスが、{path} による保護されたフォルダーへの書き込みを拒否しています (イベント 1123、{count} 件、最新 {time})。",
				EN: "Controlled folder access blocks {path} from writing to a protected folder (event 1123, {count} times, last {time}).",
			},
			Fix: Remedy{
				Text: Text{
					JA: "信頼できるプログラムであれば、許可するアプリに追加します (管理者)。コントロールされたフォルダー アクセス自体は無効にしないでください。グループ ポリシーで管理されている場合は管理者に依頼します。",
					EN: "If the program is trustworthy, add it to the allowed apps (administrator). Do not switch Controlled folder access off. If a GPO manages it, ask its administrator.",
				},
				Command: `powershell -Command "Add-MpPreference -ControlledFolderAccessAllowedApplications '{path}'"`,
			},
			Rollback: Remedy{
				Text: Text{
					JA: "不要になったら、許可するアプリから削除します。",
					EN: "Remove it from the allowed apps when it is no longer needed.",
				},
				Command: `powershell -Command "Remove-MpPreference -ControlledFolderAccessAllowedApplications '{path}'"`,
			},
		},
		{
			ID: "blocking", Verdict: Warning,
			Text: Text{
				JA: "コントロールされたフォルダー アクセスが有効です (設定元: {source})。許可されていないプログラムは、ドキュメントなどの保護されたフォルダーに書き込めません。",
				EN: "Controlled folder access is on (set in {source}). Programs that are not allowed cannot write to protected folders such as Documents.",
			},
			Fix: Remedy{Text: Text{
				JA: "defender.block-events でイベント 1123 を確認し、拒否された信頼できるプログラムを管理者が許可するアプリに追加します。機能自体は無効にしないでください。",
				EN: "Look for event 1123 with defender.block-events, and let an administrator allow the trustworthy program that it names. Do not switch the feature off.",
			}},
			Rollback: Remedy{Text: Text{
				JA: "追加したプログラムを、許可するアプリから削除します。",
				EN: "Remove the program from the allowed apps.",
			}},
		},
		{
			ID: "blocking-disk", Verdict: Warning,
			Text: Text{
				JA: "コントロールされたフォルダー アクセスは、ディスク セクターへの書き込みだけを拒否します (設定元: {source})。ファイルやフォルダーへの書き込みは対象外です。",
				EN: "Controlled folder access blocks writes to disk sectors only (set in {source}). Files and folders are not affected.",
			},
		},
		{
			ID: "audit", Verdict: OK,
			Text: Text{
				JA: "コントロールされたフォルダー アクセスは監査モードです ({value}、設定元: {source})。記録するだけで、書き込みは拒否しません。",
				EN: "Controlled folder access is in audit mode ({value}, set in {source}): it records and blocks nothing.",
			},
		},
		{
			ID: "off", Verdict: OK,
			Text: Text{
				JA: "コントロールされたフォルダー アクセスは無効です (" + cfaValue + ": {value})。",
				EN: "Controlled folder access is off (" + cfaValue + ": {value}).",
			},
		},
		{
			ID: "defender-stopped", Verdict: NotApplicable,
			Text: Text{
				JA: "Microsoft Defender が動作していません (WinDefend: {state})。別のウイルス対策ソフトが使われている可能性があり、コントロールされたフォルダー アクセスは機能していません。",
				EN: "Microsoft Defender is not running (WinDefend: {state}), perhaps because of another antivirus. Controlled folder access is not in effect.",
			},
		},
		{
			ID: "no-defender", Verdict: NotApplicable,
			Text: Text{
				JA: "このシステムには Microsoft Defender (WinDefend) がありません。",
				EN: "This system has no Microsoft Defender (WinDefend).",
			},
		},
	}
}

func judgeCFA(h host.Host, args Args) []Found {
	service, err := h.Service("WinDefend")
	switch {
	case errors.Is(err, host.ErrAbsent):
		return found("no-defender")
	case err != nil:
		return unread("WinDefend", err)
	case service.State != host.Running:
		return found("defender-stopped", "state", service.State.String())
	}
	mode, source, bad := cfaMode(h)
	if bad != nil {
		return bad
	}
	switch mode.n {
	case 1:
		blocking := found("blocking", "source", source)
		if args["path"] == "" {
			return blocking
		}
		path, unusable := concerned(h, args)
		if unusable != nil {
			return append(blocking, unusable...)
		}
		blocked, unreadable := cfaBlocked(h, path)
		if blocked != nil {
			return blocked
		}
		return append(blocking, unreadable...)
	case 3:
		return found("blocking-disk", "source", source)
	case 2, 4:
		return found("audit", "value", mode.String(), "source", source)
	}
	return found("off", "value", mode.String())
}

// cfaMode reads the setting: the policy, else the local value, else, where
// this user may not read that, what Defender answers over WMI.
func cfaMode(h host.Host) (mode dword, source string, bad []Found) {
	mode, bad = readSetting(h, cfaPolicy, cfaValue, 4)
	if bad != nil || mode.set {
		return mode, cfaPolicy, bad
	}
	mode, bad = readSetting(h, cfaLocal, cfaValue, 4)
	if bad == nil || bad[0].Finding != FindingDenied {
		return mode, cfaLocal, bad
	}
	all, err := h.Instances(defenderNamespace, "MSFT_MpPreference", []string{cfaValue})
	if err == nil && len(all) == 1 && len(all[0][cfaValue]) == 1 {
		if n, err := strconv.ParseUint(all[0][cfaValue][0], 10, 32); err == nil && n <= 4 {
			return dword{uint32(n), true}, "MSFT_MpPreference", nil
		}
	}
	return mode, cfaLocal, bad
}

func cfaBlocked(h host.Host, path string) (blocked, unreadable []Found) {
	events, unreadable := defenderEvents(h, 7, path, 1123)
	if len(events) == 0 {
		return nil, unreadable
	}
	return append(foundAt("blocked-program", path, "count", strconv.Itoa(len(events)), "time", eventTime(events[0])), unreadable...), nil
}

// defenderEvents returns Defender's events that mention path, newest first;
// all of them if path is empty.
func defenderEvents(h host.Host, days int, path string, ids ...uint32) ([]host.Event, []Found) {
	events, unreadable := recentEvents(h, host.EventQuery{Channel: defenderLog, Providers: []string{defenderProvider}, IDs: ids}, days)
	unreadable = append(unreadable, cutShort(defenderLog, len(events), host.MaxEvents)...)
	return slices.DeleteFunc(events, func(e host.Event) bool { return !eventMentions(e, path) }), unreadable
}

func defenderBlocks() Check {
	return Check{
		ID: "defender.block-events",
		Title: Text{
			JA: "Microsoft Defender によるブロックのイベント",
			EN: "Events of Microsoft Defender blocking something",
		},
		About: Text{
			JA: "Microsoft Defender がプログラムやファイルをブロックまたは検出した記録があるかを確認します。",
			EN: "Has Microsoft Defender recorded that it blocked or detected a program or file?",
		},
		Reads: []Text{{
			JA: defenderLog + " のイベント 1116、1117、1121、1122、1123、1124、1127、1128",
			EN: "events 1116, 1117, 1121, 1122, 1123, 1124, 1127 and 1128 in " + defenderLog,
		}},
		Needs:    Needs{Admin: AdminMaybe},
		Params:   []Param{daysParam(), concernedPath()},
		Findings: append(defenderBlockFindings(), pathFindings()...),
		Sources: []string{
			"learn.microsoft.com/defender-endpoint/overview-attack-surface-reduction",
			"learn.microsoft.com/defender-endpoint/troubleshoot-microsoft-defender-antivirus",
		},
	}
}

func defenderBlockFindings() []Finding {
	return []Finding{
		{
			ID: "malware", Verdict: Problem,
			Text: Text{
				JA: "Microsoft Defender がマルウェアまたは望ましくないアプリとして検出しました (イベント 1116、1117、{count} 件、最新 {time})。脅威: {threat}、対象: {target}。",
				EN: "Microsoft Defender detected malware or an unwanted app (events 1116 and 1117, {count} times, last {time}). Threat: {threat}; target: {target}.",
			},
			Fix: keepQuarantined(),
		},
		{
			ID: "asr-blocked", Verdict: Problem,
			Text: Text{
				JA: "攻撃面の減少 (ASR) 規則がブロックしました (イベント 1121、{count} 件、最新 {time})。対象: {target}、プログラム: {process}。",
				EN: "An attack surface reduction (ASR) rule blocked something (event 1121, {count} times, last {time}). Target: {target}; program: {process}.",
			},
			Fix: Remedy{Text: Text{
				JA: "業務に必要な動作であれば、規則を管理している管理者に除外の追加を依頼します。規則自体は無効にしないでください。",
				EN: "If work depends on it, ask the administrator of the rules for an exclusion. Do not switch the rule off.",
			}},
		},
		{
			ID: "cfa-blocked", Verdict: Problem,
			Text: Text{
				JA: "コントロールされたフォルダー アクセスが書き込みを拒否しました (イベント 1123、1127、{count} 件、最新 {time})。対象: {target}、プログラム: {process}。",
				EN: "Controlled folder access refused a write (events 1123 and 1127, {count} times, last {time}). Target: {target}; program: {process}.",
			},
			Fix: Remedy{Text: Text{
				JA: "信頼できるプログラムであれば、管理者が Add-MpPreference -ControlledFolderAccessAllowedApplications で許可するアプリに追加します。",
				EN: "If the program is trustworthy, let an administrator add it to the allowed apps with Add-MpPreference -ControlledFolderAccessAllowedApplications.",
			}},
			Rollback: Remedy{Text: Text{
				JA: "Remove-MpPreference -ControlledFolderAccessAllowedApplications で削除します。",
				EN: "Remove it with Remove-MpPreference -ControlledFolderAccessAllowedApplications.",
			}},
		},
		{
			ID: "audited", Verdict: Warning,
			Text: Text{
				JA: "監査モードの規則に該当しました (イベント 1122、1124、1128、{count} 件、最新 {time})。まだブロックされていませんが、規則が有効になるとブロックされます。対象: {target}、プログラム: {process}。",
				EN: "A rule in audit mode matched (events 1122, 1124 and 1128, {count} times, last {time}). Nothing was blocked yet, but it will be once the rule is enforced. Target: {target}; program: {process}.",
			},
		},
		{
			ID: "none", Verdict: OK,
			Text: Text{
				JA: "過去 {days} 日間に、Microsoft Defender がブロックまたは検出した記録はありません (対象: {path})。",
				EN: "In the last {days} days Microsoft Defender has recorded no block and no detection (of: {path}).",
			},
		},
	}
}

// keepQuarantined is what to do about a detection.
func keepQuarantined() Remedy {
	return Remedy{Text: Text{
		JA: "ファイルを復元せず、セキュリティ担当者に連絡します。誤検出と確認できた場合だけ、担当者が Microsoft への申告と除外の設定を行います。",
		EN: "Do not restore the file, and tell the people in charge of security. Only if they confirm a false detection do they report it to Microsoft and set an exclusion.",
	}}
}

func defenderKinds() []eventKind {
	blocked := []string{"target", "Path", "process", "ProcessName"}
	return []eventKind{
		{"malware", []uint32{1116, 1117}, []string{"threat", "ThreatName", "target", "Path"}},
		{"asr-blocked", []uint32{1121}, blocked},
		{"cfa-blocked", []uint32{1123, 1127}, blocked},
		{"audited", []uint32{1122, 1124, 1128}, blocked},
	}
}

func judgeDefenderBlocks(h host.Host, args Args) (fs []Found) {
	path, unusable := concerned(h, args)
	if unusable != nil {
		return unusable
	}
	events, unreadable := defenderEvents(h, args.Number("days"), path, kindIDs(defenderKinds())...)
	for _, k := range defenderKinds() {
		fs = append(fs, k.judge(events)...)
	}
	if fs = append(fs, unreadable...); fs == nil {
		return found("none", "days", args["days"], "path", about(path))
	}
	return fs
}
