package check

import (
	"errors"
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

const (
	timeService = `HKLM\SYSTEM\CurrentControlSet\Services\W32Time`
	timePolicy  = `HKLM\SOFTWARE\Policies\Microsoft\W32Time`
)

// clock is the family about the clock of this machine.
func clock() []Check {
	join := Text{
		JA: "ドメインまたはワークグループへの参加状態 (NetGetJoinInformation)",
		EN: "membership in a domain or workgroup (NetGetJoinInformation)",
	}
	return []Check{
		{
			ID: "time.service",
			Title: Text{
				JA: "時刻同期サービスの状態",
				EN: "State of the time service",
			},
			About: Text{
				JA: "時刻を合わせるサービス W32Time (Windows Time) が使える状態かを確認します。",
				EN: "Is the service that keeps the clock right, W32Time (Windows Time), able to work?",
			},
			Reads: []Text{
				{JA: "サービス W32Time の状態とスタートアップの種類", EN: "state and start type of the service W32Time"},
				join,
			},
			Findings: timeServiceFindings(),
			Sources:  []string{"learn.microsoft.com/windows-server/networking/windows-time-service/how-the-windows-time-service-works"},
		},
		{
			ID: "time.peer-config",
			Title: Text{
				JA: "時刻の同期先の設定",
				EN: "Where the time comes from",
			},
			About: Text{
				JA: "時刻の同期先が設定され、この PC の参加状態に合っているかを確認します。",
				EN: "Is a source of time configured, and does it suit this computer's membership in a domain?",
			},
			Reads: []Text{
				same(timePolicy + `\Parameters\Type, NtpServer (REG_SZ)`),
				same(timeService + `\Parameters\Type, NtpServer (REG_SZ)`),
				same(timePolicy + `\TimeProviders\NtpClient\Enabled (REG_DWORD)`),
				same(timeService + `\TimeProviders\NtpClient\Enabled (REG_DWORD)`),
				join,
			},
			Findings: slices.Concat(timePeerFindings(), settingFindings(), notText()),
			Sources:  []string{"learn.microsoft.com/windows-server/networking/windows-time-service/windows-time-service-tools-and-settings"},
		},
		ntpOffset(),
	}
}

func timeServiceFindings() []Finding {
	start, stop := startService("W32Time")
	return []Finding{
		{
			ID: "disabled", Verdict: Problem,
			Text: Text{
				JA: "W32Time (Windows Time) が無効です。時刻が同期されず、ずれが大きくなると認証に失敗します。",
				EN: "W32Time (Windows Time) is disabled. The clock is not kept right, and once it is far off, authentication fails.",
			},
			Fix: Remedy{
				Text: Text{
					JA: "別のソフトウェアで時刻を合わせている PC でなければ、スタートアップの種類を手動に戻して開始します (管理者)。",
					EN: "Unless other software keeps the time here, set the start type back to manual and start the service (administrator).",
				},
				Command: "sc config W32Time start= demand\nnet start W32Time",
			},
			Rollback: Remedy{
				Text:    Text{JA: "サービスを停止し、無効に戻します。", EN: "Stop the service and disable it again."},
				Command: "net stop W32Time\nsc config W32Time start= disabled",
			},
		},
		{
			ID: "stopped-in-domain", Verdict: Problem,
			Text: Text{
				JA: "ドメインに参加している PC ですが、W32Time が動作していません (状態: {state}、スタートアップの種類: {start})。",
				EN: "This computer is in a domain, but W32Time is not running (state: {state}, start type: {start}).",
			},
			Fix: start, Rollback: stop,
		},
		{
			ID: "stopped", Verdict: Warning,
			Text: Text{
				JA: "W32Time は動作していません (状態: {state}、スタートアップの種類: {start})。ドメインに参加していない PC では必要なときだけ動作するため、時刻が合っていれば問題ありません。",
				EN: "W32Time is not running (state: {state}, start type: {start}). Outside a domain it runs only when needed: if the clock is right, this is fine.",
			},
			Fix: start, Rollback: stop,
		},
		{
			ID: "running", Verdict: OK,
			Text: Text{
				JA: "W32Time は動作しています (スタートアップの種類: {start})。",
				EN: "W32Time is running (start type: {start}).",
			},
		},
	}
}

func judgeTimeService(h host.Host, _ Args) []Found {
	s, err := h.Service("W32Time")
	switch {
	case err != nil:
		return unread("W32Time", err)
	case s.Start == host.Disabled:
		return found("disabled")
	case s.State == host.Running:
		return found("running", "start", s.Start.String())
	}
	join, err := h.Join()
	if err != nil {
		return unread("NetGetJoinInformation", err)
	}
	id := "stopped"
	if join.Status == host.JoinDomain {
		id = "stopped-in-domain"
	}
	return found(id, "state", s.State.String(), "start", s.Start.String())
}

func timePeerFindings() []Finding {
	domain := Remedy{
		Text: Text{
			JA: "ドメインの階層から同期する設定にします (管理者)。{key} がポリシーのキーの場合は、グループ ポリシーの管理者に依頼します。",
			EN: "Synchronize from the domain hierarchy (administrator). If {key} is a policy key, ask the administrator of Group Policy.",
		},
		Command: "w32tm /config /syncfromflags:domhier /update",
	}
	manual := Remedy{
		Text: Text{
			JA: "時刻サーバーを指定します (管理者)。ドメインに参加している PC では代わりに w32tm /config /syncfromflags:domhier /update を使います。{key} がポリシーのキーの場合は、グループ ポリシーの管理者に依頼します。",
			EN: "Name a time server (administrator). In a domain, use w32tm /config /syncfromflags:domhier /update instead. If {key} is a policy key, ask the administrator of Group Policy.",
		},
		Command: `w32tm /config /manualpeerlist:"time.windows.com,0x9" /syncfromflags:manual /update`,
	}
	restore := Remedy{Text: Text{
		JA: "{key} の Type を {type}、NtpServer を {peers} に戻し (- は値の削除)、w32tm /config /update を実行します (管理者)。",
		EN: "In {key}, set Type back to {type} and NtpServer to {peers} (- means delete the value), then run w32tm /config /update (administrator).",
	}}
	return []Finding{
		{
			ID: "no-sync", Verdict: Warning,
			Text: Text{
				JA: "時刻を同期しない設定です ({key}、Type: {type}、NtpServer: {peers})。",
				EN: "The clock is set not to synchronize ({key}, Type: {type}, NtpServer: {peers}).",
			},
			Fix: manual, Rollback: restore,
		},
		{
			ID: "client-off", Verdict: Warning,
			Text: Text{
				JA: "NTP クライアントが無効です ({key} の Enabled が 0)。時刻サーバーから時刻を取得しません。",
				EN: "The NTP client is off (Enabled is 0 in {key}), so no time is fetched from a time server.",
			},
			Fix: Remedy{
				Text: Text{
					JA: "値を 1 にして W32Time を再起動します (管理者)。ポリシーのキーの場合は、グループ ポリシーの管理者に依頼します。",
					EN: "Set the value to 1 and restart W32Time (administrator). If this is a policy key, ask the administrator of Group Policy.",
				},
				Command: "reg add \"{key}\" /v Enabled /t REG_DWORD /d 1 /f\nnet stop W32Time\nnet start W32Time",
			},
			Rollback: Remedy{
				Text:    Text{JA: "値を 0 に戻して W32Time を再起動します。", EN: "Set the value back to 0 and restart W32Time."},
				Command: "reg add \"{key}\" /v Enabled /t REG_DWORD /d 0 /f\nnet stop W32Time\nnet start W32Time",
			},
		},
		{
			ID: "domain-source-missing", Verdict: Warning,
			Text: Text{
				JA: "ドメインから時刻を取得する設定 ({key}、Type: {type}、NtpServer: {peers}) ですが、この PC はドメインに参加していません。時刻は同期されません。",
				EN: "The time is to come from a domain ({key}, Type: {type}, NtpServer: {peers}), but this computer is in none. The clock is not synchronized.",
			},
			Fix: manual, Rollback: restore,
		},
		{
			ID: "no-peers", Verdict: Warning,
			Text: Text{
				JA: "指定した時刻サーバーから同期する設定 ({key}、Type: {type}) ですが、サーバーの指定が空です (NtpServer: {peers})。",
				EN: "The time is to come from named servers ({key}, Type: {type}), but none is named (NtpServer: {peers}).",
			},
			Fix: manual, Rollback: restore,
		},
		{
			ID: "manual-in-domain", Verdict: Warning,
			Text: Text{
				JA: "ドメインに参加している PC ですが、時刻は別に指定したサーバーから取得します ({key}、Type: {type}、NtpServer: {peers})。ドメイン コントローラーの時刻とずれることがあります。時刻の基準になるドメイン コントローラーでは正常です。",
				EN: "This computer is in a domain but takes the time from servers of its own ({key}, Type: {type}, NtpServer: {peers}), so it may drift from the domain controllers. On the domain controller that gives the time, this is normal.",
			},
			Fix: domain, Rollback: restore,
		},
		{
			ID: "other-type", Verdict: Warning,
			Text: Text{
				JA: "{key} の Type は {type} です。意味が定められているのは NT5DS、NTP、AllSync、NoSync だけです。",
				EN: "Type is {type} in {key}. Only NT5DS, NTP, AllSync and NoSync have a meaning.",
			},
		},
		{
			ID: "configured", Verdict: OK,
			Text: Text{
				JA: "時刻の同期先が設定されています ({key}、Type: {type}、NtpServer: {peers})。",
				EN: "A source of time is configured ({key}, Type: {type}, NtpServer: {peers}).",
			},
		},
	}
}

func judgeTimePeers(h host.Host, _ Args) []Found {
	kind, key, bad := timeSetting(h, "Type")
	if bad != nil {
		return bad
	}
	if key == "" {
		return unread(timeService+`\Parameters\Type`, host.ErrAbsent)
	}
	for _, root := range []string{timePolicy, timeService} {
		client := root + `\TimeProviders\NtpClient`
		enabled, bad := readSetting(h, client, "Enabled", 1)
		if bad != nil {
			return bad
		}
		if enabled.is(0) {
			return found("client-off", "key", client)
		}
		if enabled.set {
			break
		}
	}
	server, _, bad := timeSetting(h, "NtpServer")
	if bad != nil {
		return bad
	}
	values := []string{"key", key, "type", kind, "peers", "-"}
	if peers := strings.Fields(server); len(peers) > 0 {
		values[5] = strings.ReplaceAll(joined(peers), ", ", " ") // with their flags, as a rollback needs them
	}
	other := kind
	switch kind = strings.ToUpper(kind); kind {
	case "NOSYNC":
		return found("no-sync", values...)
	case "ALLSYNC":
		return found("configured", values...)
	case "NT5DS":
	case "NTP":
		if !namesPeer(server) {
			return found("no-peers", values...)
		}
	default:
		return found("other-type", "key", key, "type", valueText(other))
	}
	join, err := h.Join()
	inDomain := join.Status == host.JoinDomain
	switch {
	case err != nil:
		return unread("NetGetJoinInformation", err)
	case kind == "NTP" && inDomain:
		return found("manual-in-domain", values...)
	case kind == "NT5DS" && (join.Status == host.JoinWorkgroup || join.Status == host.JoinNone):
		return found("domain-source-missing", values...)
	}
	return found("configured", values...)
}

// timeSetting reads a text of W32Time's parameters: the policy if it is set,
// else the local setting. key is where it stands, empty if in neither.
func timeSetting(h host.Host, name string) (text, key string, bad []Found) {
	for _, root := range []string{timePolicy, timeService} {
		key := root + `\Parameters`
		text, set, bad := textSetting(h, key, name)
		if set || bad != nil {
			return text, key, bad
		}
	}
	return "", "", nil
}

// textSetting reads a REG_SZ that need not be there. What cannot be judged
// comes back as a finding: that of notText, or why there was no answer.
func textSetting(h host.Host, key, name string) (text string, set bool, bad []Found) {
	v, err := h.Value(key, name)
	what := key + `\` + name
	switch {
	case errors.Is(err, host.ErrAbsent):
		return "", false, nil
	case err != nil:
		return "", false, unread(what, err)
	case v.Type != host.RegString && v.Type != host.RegExpand:
		return "", false, found("not-text", "what", what, "type", v.Type.String(), "value", v.String())
	}
	return strings.TrimSpace(v.Text), true, nil
}

func notText() []Finding {
	return []Finding{{
		ID: "not-text", Verdict: Warning,
		Text: Text{
			JA: "{what} の型が {type} です (値: {value})。REG_SZ でないため、意図した設定になっていない可能性があります。",
			EN: "{what} is of type {type} (value: {value}). As it is not a REG_SZ, the setting may not be what was intended.",
		},
	}}
}

// namesPeer reports whether a list such as "a.example.test,0x9 b.example.test"
// names a server; what follows a comma are flags.
func namesPeer(list string) bool {
	for _, p := range strings.Fields(list) {
		if name, _, _ := strings.Cut(p, ","); name != "" {
			return true
		}
	}
	return false
}
