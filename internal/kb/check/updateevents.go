package check

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"kbgen/internal/kb/host"
)

const (
	updateProvider    = "Microsoft-Windows-WindowsUpdateClient"
	updateOperational = updateProvider + "/Operational"
	updateResults     = `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\Results`
)

// Events of updateProvider.
const (
	updateInstalled      = 19
	updateNotInstalled   = 20
	updateSearchFailed   = 25
	updateSearchDone     = 26
	updateDownloadFailed = 31
)

func updateLastSuccess() Check {
	days := func(name, value string, about Text) Param {
		return Param{Name: name, Kind: KindNumber, Default: value, Min: 1, Max: 365, About: about}
	}
	fix := Remedy{Text: Text{
		JA: "[設定] の [Windows Update] で更新プログラムを確認し、すべて適用して再起動します。組織の PC で更新されない場合は、管理者に確認します。",
		EN: "Look for updates in Settings > Windows Update, install all of them and restart. If a managed computer gets none, ask its administrator.",
	}}
	return Check{
		ID: "wu.last-success",
		Title: Text{
			JA: "最後に成功した更新",
			EN: "Last successful update",
		},
		About: Text{
			JA: "更新プログラムの適用と確認が、最後に成功した日時を調べます。",
			EN: "When did installing updates, and looking for them, last succeed?",
		},
		Reads: []Text{
			{
				JA: "Windows Update の LastInstallationSuccessDate と LastSearchSuccessDate (IAutomaticUpdatesResults、wuauserv が動作している場合)",
				EN: "LastInstallationSuccessDate and LastSearchSuccessDate of Windows Update (IAutomaticUpdatesResults, if wuauserv runs)",
			},
			{
				JA: "それがない場合、イベント ログ System の " + updateProvider + " 19、" + updateResults + `\{Install, Detect}\LastSuccessTime`,
				EN: "without it, event 19 of " + updateProvider + " in the event log System, and " + updateResults + `\{Install, Detect}\LastSuccessTime`,
			},
		},
		Params: []Param{
			days("warn-days", "60", Text{JA: "注意とする日数", EN: "days without an update from which to warn"}),
			days("problem-days", "120", Text{JA: "問題とする日数", EN: "days without an update that are a problem"}),
		},
		Findings: []Finding{
			{
				ID: "very-old", Verdict: Problem,
				Text: Text{
					JA: "更新プログラムの適用が最後に成功したのは {days} 日前 ({date}) です。修正されたはずの不具合が残っています。",
					EN: "Updates were last installed {days} days ago ({date}). Faults that have been fixed since are still there.",
				},
				Fix: fix,
			},
			{
				ID: "old", Verdict: Warning,
				Text: Text{
					JA: "更新プログラムの適用が最後に成功したのは {days} 日前 ({date}) です。",
					EN: "Updates were last installed {days} days ago ({date}).",
				},
				Fix: fix,
			},
			{
				ID: "search-old", Verdict: Warning,
				Text: Text{
					JA: "更新プログラムの確認が最後に成功したのは {days} 日前 ({date}) です。Windows Update に接続できていない可能性があります。",
					EN: "Looking for updates last succeeded {days} days ago ({date}). Windows Update may be out of reach.",
				},
				Fix: fix,
			},
			{
				ID: "in-future", Verdict: Warning,
				Text: Text{
					JA: "最後に更新プログラムが適用された日時 ({date}) が、現在の時刻より後です。PC の時計を確認してください。",
					EN: "The time of the last update ({date}) is in the future. Check the clock of this computer.",
				},
			},
			{
				ID: "recent", Verdict: OK,
				Text: Text{
					JA: "更新プログラムの適用は {days} 日前 ({date}) に成功しています。Defender の定義の更新も数えるため、Windows 自体の更新は os.version のビルドでも確認します。",
					EN: "Updates were installed {days} days ago ({date}). Definitions of Defender count too: see the build in os.version for Windows itself.",
				},
			},
			{
				ID: "never", Verdict: Unknown,
				Text: Text{
					JA: "更新プログラムの適用に成功した記録がありません。",
					EN: "There is no record of a successful update.",
				},
			},
		},
		Sources: []string{"learn.microsoft.com/windows/win32/api/wuapi/nn-wuapi-iautomaticupdatesresults"},
	}
}

// searchDays is how long Windows may go without looking for updates.
const searchDays = 14

func judgeLastSuccess(h host.Host, args Args) []Found {
	clock, err := h.Clock()
	if err != nil {
		return unread("GetSystemTime", err)
	}
	results, err := h.UpdateResults()
	last := results.LastInstall
	if last.IsZero() {
		last = installedByRecords(h)
	}
	if last.IsZero() {
		if err != nil {
			return unread("IAutomaticUpdatesResults", err)
		}
		return found("never")
	}
	days, values := daysSince(last, clock.Now)
	id := "recent"
	switch {
	case days < 0:
		return found("in-future", "date", minuteUTC(last))
	case days > args.Number("problem-days"):
		id = "very-old"
	case days > args.Number("warn-days"):
		id = "old"
	}
	fs := found(id, values...)
	search := results.LastSearch
	if search.IsZero() {
		search = recordedSuccess(h, `\Detect`)
	}
	if days, values := daysSince(search, clock.Now); !search.IsZero() && days > searchDays {
		fs = append(fs, found("search-old", values...)...)
	}
	return fs
}

// daysSince counts whole days; -1 is a time more than a day ahead.
func daysSince(t, now time.Time) (days int, values []string) {
	age := now.Sub(t)
	days = int(age / (24 * time.Hour))
	if age < 0 {
		days = 0
		if age < -24*time.Hour {
			days = -1
		}
	}
	return days, []string{"days", strconv.Itoa(days), "date", minuteUTC(t)}
}

// installedByRecords is the time of the last successful installation by the
// event log, or by the registry of older systems. Zero if neither tells.
func installedByRecords(h host.Host) time.Time {
	events, err := h.Events(host.EventQuery{Channel: "System", Providers: []string{updateProvider}, IDs: []uint32{updateInstalled}, Most: 1})
	if err == nil && len(events) > 0 {
		return events[0].Time
	}
	return recordedSuccess(h, `\Install`)
}

// recordedSuccess is a time that older systems note in the registry.
func recordedSuccess(h host.Host, subkey string) time.Time {
	v, err := h.Value(updateResults+subkey, "LastSuccessTime")
	if err != nil {
		return time.Time{}
	}
	t, _ := time.Parse(time.DateTime, strings.TrimSpace(v.Text)) // UTC; zero if it is no time
	return t
}

func updateFailures() Check {
	return Check{
		ID: "wu.failures",
		Title: Text{
			JA: "失敗した更新プログラム",
			EN: "Failed updates",
		},
		About: Text{
			JA: "適用に失敗したまま、その後成功していない更新プログラムを調べます。",
			EN: "Which updates failed to install and have not been installed since?",
		},
		Reads: []Text{
			{
				JA: "イベント ログ System: " + updateProvider + " 19 (成功)、20 (失敗)",
				EN: "event log System: " + updateProvider + " 19 (installed), 20 (failed)",
			},
			{
				JA: "イベント ログ " + updateOperational + ": 25 (確認の失敗)、26 (確認の成功)、31 (ダウンロードの失敗)",
				EN: "event log " + updateOperational + ": 25 (search failed), 26 (search succeeded), 31 (download failed)",
			},
		},
		Params: []Param{{
			Name: "days", Kind: KindNumber, Default: "30", Min: 1, Max: 365,
			About: Text{JA: "さかのぼる日数", EN: "how many days to look back"},
		}},
		Findings: []Finding{
			{
				ID: "access-denied", Verdict: Warning,
				Text: Text{
					JA: "{title} の適用がエラー {code} (アクセス拒否) で失敗しています ({time}、失敗したままの更新: {count} 個)。Windows のサービスがファイルやレジストリに書き込めない状態です。",
					EN: "{title} failed with error {code}, access denied ({time}; failed updates: {count}). A service of Windows could not write to a file or the registry.",
				},
				Fix: Remedy{Text: Text{
					JA: "管理者として実行しても解決しません。更新はサービスの権限で行われます。wu.store-acl の結果を確認し、セキュリティ対策ソフトによるブロックがないかを管理者に確認します。",
					EN: "Running as administrator does not help: services install updates. See the result of wu.store-acl, and ask an administrator whether security software blocks them.",
				}},
			},
			{
				ID: "not-installed", Verdict: Warning,
				Text: Text{
					JA: "{title} の適用がエラー {code} で失敗しています ({time}、失敗したままの更新: {count} 個)。",
					EN: "{title} failed with error {code} ({time}; failed updates: {count}).",
				},
				Fix: Remedy{Text: Text{
					JA: "Windows を再起動し、[設定] の [Windows Update] でもう一度適用します。また失敗する場合は、エラー コードで検索します。",
					EN: "Restart Windows and try again in Settings > Windows Update. If it fails again, search for the error code.",
				}},
			},
			{
				ID: "search-failed", Verdict: Warning,
				Text: Text{
					JA: "更新プログラムの確認またはダウンロードがエラー {code} で失敗しています ({time}、イベント {id})。",
					EN: "Looking for updates or downloading them failed with error {code} ({time}, event {id}).",
				},
			},
			{
				ID: "no-failures", Verdict: OK,
				Text: Text{
					JA: "過去 {days} 日間に、失敗したままの更新プログラムはありません (成功: {count} 回)。",
					EN: "No update has stayed failed in the last {days} days ({count} installed).",
				},
			},
			{
				ID: "no-events", Verdict: Unknown,
				Text: Text{
					JA: "過去 {days} 日間に、更新プログラムの適用の記録がありません。",
					EN: "There is no record of any update in the last {days} days.",
				},
			},
		},
		Sources: []string{"learn.microsoft.com/windows/deployment/update/windows-update-logs"},
	}
}

func judgeUpdateFailures(h host.Host, args Args) []Found {
	clock, err := h.Clock()
	if err != nil {
		return unread("GetSystemTime", err)
	}
	q := host.EventQuery{
		Channel:   "System",
		Providers: []string{updateProvider},
		IDs:       []uint32{updateInstalled, updateNotInstalled},
		Since:     clock.Now.AddDate(0, 0, -args.Number("days")),
	}
	events, err := h.Events(q)
	if err != nil {
		return unread("System", err)
	}
	var failed []host.Event // those whose update has not been installed since
	seen, installed := map[string]bool{}, 0
	for _, e := range events {
		if e.ID == updateInstalled {
			installed++
		}
		if key := sameUpdate(e.Field("updateTitle")); !seen[key] {
			seen[key] = true
			if e.ID == updateNotInstalled {
				failed = append(failed, e)
			}
		}
	}
	var fs []Found
	for _, id := range []string{"access-denied", "not-installed"} {
		for _, e := range failed {
			if code := e.Field("errorCode"); (id == "not-installed") != accessDenied(code) {
				fs = append(fs, found(id, "title", valueText(e.Field("updateTitle")), "code", valueText(code),
					"time", eventTime(e), "count", strconv.Itoa(len(failed)))...)
				break
			}
		}
	}
	switch fs = append(fs, cutShort("System", len(events), host.MaxEvents)...); {
	case fs != nil:
	case len(events) == 0:
		fs = found("no-events", "days", args["days"])
	default:
		fs = found("no-failures", "days", args["days"], "count", strconv.Itoa(installed))
	}
	return append(fs, updateTrouble(h, q, events)...)
}

// updateTrouble is the finding for a failed search or download with no
// success after it.
func updateTrouble(h host.Host, q host.EventQuery, installs []host.Event) []Found {
	q.Channel, q.IDs, q.Most = updateOperational, []uint32{updateSearchFailed, updateSearchDone, updateDownloadFailed}, 1
	events, err := h.Events(q)
	switch {
	case errors.Is(err, host.ErrAbsent):
		return nil
	case err != nil:
		return unread(q.Channel, err)
	case len(events) == 0 || events[0].ID == updateSearchDone || len(installs) > 0 && !events[0].Time.After(installs[0].Time):
		return nil
	}
	e := events[0]
	return found("search-failed", "code", valueText(e.Field("errorCode")), "time", eventTime(e), "id", strconv.Itoa(int(e.ID)))
}

// accessDenied reports whether an error code is 0x80070005, in either of the
// spellings in which an event may have it.
func accessDenied(code string) bool {
	return strings.EqualFold(code, "0x80070005") || code == "2147942405" || code == "-2147024891"
}

// sameUpdate is the number of the KB article in an update's title, else the
// title: that of Defender's definitions has their version in it, and the next
// version supersedes one that failed.
func sameUpdate(title string) string {
	_, rest, ok := strings.Cut(title, "KB")
	digits := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
	if !ok || digits == 0 {
		return title
	}
	return rest[:digits]
}
