package check

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"time"

	"kbgen/internal/kb/host"
)

// groupPolicyState is what the Group Policy service notes of its last run, in
// subkeys Machine and the SIDs of users.
const groupPolicyState = `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy\State`

func gpoList() Check {
	return Check{
		ID: "policy.gpo-list",
		Title: Text{
			JA: "適用されたグループ ポリシー オブジェクト (GPO)",
			EN: "Group Policy objects (GPOs) that were applied",
		},
		About: Text{
			JA: "この PC と現在のユーザーにどの GPO が適用されたかを調べます。どの GPO がどの値を設定したかは、この一覧からはわかりません。",
			EN: "Which GPOs were applied to this computer and this user? The list does not tell which of them has set a value.",
		},
		Reads: []Text{
			{
				JA: groupPolicyState + ` の Machine と現在のユーザーの GPO-List (DisplayName、AccessDenied、GPO-Disabled、WQLFilterPass)`,
				EN: `GPO-List of Machine and of the current user in ` + groupPolicyState + ` (DisplayName, AccessDenied, GPO-Disabled, WQLFilterPass)`,
			},
			{
				JA: `同じ場所の Extension-List (Status、EndTimeLo、EndTimeHi)`,
				EN: `Extension-List in the same place (Status, EndTimeLo, EndTimeHi)`,
			},
			{JA: "現在のユーザーの SID、ドメイン参加の状態", EN: "SID of the current user, domain membership"},
		},
		Needs: Needs{Admin: AdminMaybe},
		Findings: append([]Finding{
			{
				ID: "listed", Verdict: OK,
				Text: Text{
					JA: "適用された GPO は、コンピューター: {machine}、ユーザー: {user} です。",
					EN: "These GPOs were applied to the computer: {machine}; to the user: {user}.",
				},
			},
			{
				ID: "none", Verdict: OK,
				Text: Text{
					JA: "適用された GPO の記録はありません。",
					EN: "There is no record of an applied GPO.",
				},
			},
			{
				ID: "extension-failed", Verdict: Warning,
				Text: Text{
					JA: "グループ ポリシーの一部の処理が失敗しています (拡張機能と Status: {failed})。",
					EN: "Parts of Group Policy failed (extension and Status: {failed}).",
				},
				Fix: Remedy{Text: Text{
					JA: "イベント ビューアーの Microsoft-Windows-GroupPolicy/Operational で原因を確認し、GPO の管理者に伝えます。",
					EN: "Look for the cause in Microsoft-Windows-GroupPolicy/Operational in Event Viewer and tell the administrator of the GPOs.",
				}},
			},
			{
				ID: "stale", Verdict: Warning,
				Text: Text{
					JA: "ドメインに参加していますが、コンピューターの GPO が 1 日以上更新されていません (最終: {time})。",
					EN: "This computer is in a domain, but its GPOs have not been refreshed for more than a day (last: {time}).",
				},
				Fix: Remedy{Text: Text{
					JA: "社内ネットワークまたは VPN に接続してから再起動し、グループ ポリシーを更新します。",
					EN: "Connect to the organization's network or VPN and restart, so that Group Policy is refreshed.",
				}},
			},
		}, settingFindings()...),
		Sources: []string{"github.com/samba-team/samba (libgpo)"},
	}
}

func gpoNames(names []string) string {
	if len(names) == 0 {
		return "-"
	}
	return joined(names)
}

const maxRefreshAge = 24 * time.Hour

func judgeGPOList(h host.Host, _ Args) []Found {
	t, err := h.Token()
	if err != nil {
		return unread("OpenProcessToken", err)
	}
	machine, unreadable := appliedGPOs(h, groupPolicyState+`\Machine`)
	if unreadable != nil {
		return unreadable
	}
	user, unreadable := appliedGPOs(h, groupPolicyState+`\`+t.UserSID)
	if unreadable != nil {
		return unreadable
	}
	answer := found("listed", "machine", gpoNames(machine), "user", gpoNames(user))
	if len(machine)+len(user) == 0 {
		answer = found("none")
	}
	failed, last, unreadable := gpoExtensions(h, groupPolicyState+`\Machine`)
	answer = append(answer, unreadable...)
	failedUser, _, unreadable := gpoExtensions(h, groupPolicyState+`\`+t.UserSID)
	answer = append(answer, unreadable...)
	if failed = append(failed, failedUser...); len(failed) > 0 {
		answer = append(answer, found("extension-failed", "failed", joined(failed))...)
	}
	return append(answer, judgeRefresh(h, last)...)
}

// judgeRefresh says whether the last refresh of a domain machine is too old.
func judgeRefresh(h host.Host, last time.Time) []Found {
	clock, err := h.Clock()
	if last.IsZero() || err == nil && clock.Now.Sub(last) <= maxRefreshAge {
		return nil
	}
	if err != nil {
		return unread("GetSystemTimeAsFileTime", err)
	}
	j, err := h.Join()
	if err != nil {
		return unread(joinCall, err)
	}
	if j.Status == host.JoinDomain {
		return found("stale", "time", minuteUTC(last))
	}
	return nil
}

// maxGPOs bounds what is read of lists that anything may have written.
const maxGPOs = 256

// appliedGPOs returns the names of the GPOs in a list that were applied: not
// denied, not disabled, and let through by their WMI filter. No list is empty.
func appliedGPOs(h host.Host, key string) (names []string, unreadable []Found) {
	key += `\GPO-List`
	entries, err := h.Subkeys(key)
	if errors.Is(err, host.ErrAbsent) {
		return nil, nil
	}
	if err != nil {
		return nil, unread(key, err)
	}
	// Entries are numbered.
	slices.SortFunc(entries, func(a, b string) int {
		x, _ := strconv.Atoi(a)
		y, _ := strconv.Atoi(b)
		return x - y
	})
	if unreadable = cutShort(key, len(entries), maxGPOs); unreadable != nil {
		return nil, unreadable
	}
	for _, entry := range entries {
		entry = key + `\` + entry
		name, err := h.Value(entry, "DisplayName")
		if err != nil && !errors.Is(err, host.ErrAbsent) {
			return nil, unread(entry+`\DisplayName`, err)
		}
		var flags [3]dword
		for i, flag := range []string{"AccessDenied", "GPO-Disabled", "WQLFilterPass"} {
			if flags[i], unreadable = readSetting(h, entry, flag, 1); unreadable != nil {
				return nil, unreadable
			}
		}
		if flags[0].n == 0 && flags[1].n == 0 && !flags[2].is(0) {
			names = append(names, name.Text)
		}
	}
	return names, nil
}

// gpoExtensions returns the extensions whose last run failed, with their
// status, and when the last of all ended.
func gpoExtensions(h host.Host, key string) (failed []string, last time.Time, unreadable []Found) {
	key += `\Extension-List`
	ids, err := h.Subkeys(key)
	if errors.Is(err, host.ErrAbsent) {
		return nil, last, nil
	}
	if err != nil {
		return nil, last, unread(key, err)
	}
	if unreadable = cutShort(key, len(ids), maxGPOs); unreadable != nil {
		return nil, last, unreadable
	}
	for _, id := range ids {
		var values [3]dword
		for i, name := range []string{"Status", "EndTimeHi", "EndTimeLo"} {
			if values[i], unreadable = readSetting(h, key+`\`+id, name, math.MaxUint32); unreadable != nil {
				return nil, last, unreadable
			}
		}
		if status := values[0].n; status != 0 {
			failed = append(failed, id+" 0x"+strconv.FormatUint(uint64(status), 16))
		}
		if t := fromFileTime(uint64(values[1].n)<<32 | uint64(values[2].n)); t.After(last) {
			last = t
		}
	}
	return failed, last, nil
}

// fromFileTime returns the time of a FILETIME, in units of 100 ns since 1601;
// zero, and what lies beyond the year 9999, is no time.
func fromFileTime(t uint64) time.Time {
	const to1970, year10000 = 116444736000000000, 2650467744000000000
	if t == 0 || t >= year10000 {
		return time.Time{}
	}
	since := int64(t) - to1970
	return time.Unix(since/1e7, since%1e7*100).UTC()
}
