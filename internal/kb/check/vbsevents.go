package check

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kbgen/internal/kb/host"
)

// Providers of the events about Credential Guard.
const (
	wininit    = "Microsoft-Windows-Wininit"
	kernelBoot = "Microsoft-Windows-Kernel-Boot"
	lsaSrv     = "LsaSrv"
	lsaSrvLong = "LSA (LsaSrv)"
)

const ntlmOperational = "Microsoft-Windows-NTLM/Operational"

type guardEvent struct{ host.Event }

func (e guardEvent) is(provider string, id uint32) bool { return e.Provider == provider && e.ID == id }

// config is the first value of event 14: 0x0 not configured, 0x1 with UEFI
// lock, 0x2 without.
func (e guardEvent) config() string { return hexadecimal(e.At(0)) }

// hexadecimal writes a number as events 14 and 51 show it; any other text
// stays as it is.
func hexadecimal(s string) string {
	n, err := strconv.ParseUint(s, 0, 64)
	if err != nil {
		return valueText(s)
	}
	return "0x" + strconv.FormatUint(n, 16)
}

// guardEventsSinceBoot returns the events about Credential Guard since
// Windows was started, newest first.
func guardEventsSinceBoot(h host.Host) ([]guardEvent, []Found) {
	clock, err := h.Clock()
	if err != nil {
		return nil, unread("GetTickCount64", err)
	}
	all, err := h.Events(host.EventQuery{
		Channel:   "System",
		Providers: []string{wininit, kernelBoot, lsaSrv, lsaSrvLong},
		IDs:       []uint32{13, 14, 15, 16, 17, 51, 6147},
		// The start is known from the ticks since then, and the clock may have
		// been set meanwhile.
		Since: clock.Boot.Add(-time.Minute),
		Most:  200,
	})
	if err != nil {
		return nil, unread("System", err)
	}
	events := make([]guardEvent, len(all))
	for i, e := range all {
		events[i] = guardEvent{e}
	}
	return events, nil
}

func guardEvents() Check {
	return Check{
		ID: "vbs.credential-guard-events",
		Title: Text{
			JA: "Credential Guard のイベント",
			EN: "Events of Credential Guard",
		},
		About: Text{
			JA: "前回の起動以降、Credential Guard の開始について Windows が何を記録したかを確認します。",
			EN: "What has Windows recorded about the start of Credential Guard since it was last started?",
		},
		Reads: []Text{
			{
				JA: "System のイベント: " + wininit + " 13～17、LsaSrv 6147、" + kernelBoot + " 51 (前回の起動以降)",
				EN: "events in System: " + wininit + " 13 to 17, LsaSrv 6147, " + kernelBoot + " 51 (since the last start)",
			},
			{JA: "Windows の起動時刻 (GetTickCount64)", EN: "when Windows was started (GetTickCount64)"},
		},
		Findings: []Finding{
			{
				ID: "started", Verdict: OK,
				Text: Text{
					JA: "Credential Guard が開始され、資格情報を保護しています (イベント 13、{time})。",
					EN: "Credential Guard was started and protects credentials (event 13, {time}).",
				},
			},
			{
				ID: "configuration", Verdict: OK,
				Text: Text{
					JA: "Credential Guard の構成は {config} です (イベント 14)。0x0 は構成なし、0x1 は UEFI ロックあり、0x2 はロックなしです。",
					EN: "The configuration of Credential Guard is {config} (event 14): 0x0 is not configured, 0x1 with UEFI lock, 0x2 without.",
				},
			},
			{
				ID: "test-mode", Verdict: Warning,
				Text: Text{
					JA: "Credential Guard がテスト モードまたはデバッグ モードです (イベント 14 の 2 番目の値: {mode}、通常は 0)。",
					EN: "Credential Guard is in test or debug mode (second value of event 14: {mode}, normally 0).",
				},
			},
			{
				ID: "no-kernel", Verdict: Warning,
				Text: Text{
					JA: "セキュア カーネルが動作していないため、Credential Guard は開始されませんでした (イベント 15、{time})。通常は Credential Guard が構成されていることを示しますが、KB5032198 以降の Windows Server 2022 では、何も構成していなくても記録されます。vbs.credential-guard-configured と vbs.status の結果を確認してください。",
					EN: "The secure kernel is not running, so Credential Guard was not started (event 15, {time}). Normally the event means that Credential Guard is configured, but Windows Server 2022 with KB5032198 or later records it with nothing configured, too. See the results of vbs.credential-guard-configured and vbs.status.",
				},
			},
			{
				ID: "launch-failed", Verdict: Warning,
				Text: Text{
					JA: "Credential Guard の開始に失敗しました (イベント 16、エラー {error}、{time})。",
					EN: "Credential Guard failed to start (event 16, error {error}, {time}).",
				},
			},
			{
				ID: "uefi-unreadable", Verdict: Warning,
				Text: Text{
					JA: "Credential Guard の UEFI 構成を Windows が読み取れませんでした (イベント 17、エラー {error}、{time})。",
					EN: "Windows could not read the UEFI configuration of Credential Guard (event 17, error {error}, {time}).",
				},
			},
			{
				ID: "not-licensed", Verdict: Warning,
				Text: Text{
					JA: "Credential Guard は構成されていますが、ライセンスがないため開始されませんでした (イベント 6147、{time})。",
					EN: "Credential Guard is configured but was not started, because this Windows is not licensed for it (event 6147, {time}).",
				},
			},
			{
				ID: "tpm", Verdict: OK,
				Text: Text{
					JA: "VBS の暗号化キーの TPM PCR マスクは {mask} です (イベント 51)。0x0 以外であれば、キーは TPM に結び付けられています。",
					EN: "The TPM PCR mask of the VBS encryption key is {mask} (event 51). Unless it is 0x0, the key is bound to the TPM.",
				},
			},
			{
				ID: "none", Verdict: Unknown,
				Text: Text{
					JA: "前回の起動以降、Credential Guard のイベントは記録されていません。動作していないとは限りません。",
					EN: "No event about Credential Guard has been recorded since the last start. That does not mean that it is not running.",
				},
			},
		},
		Sources: []string{
			learnCredentialGuardConfigure,
			"jpwinsup.github.io/blog/2024/06/27/ActiveDirectory/Authentication/CGWininitID15",
		},
	}
}

func judgeGuardEvents(h host.Host, _ Args) []Found {
	events, unreadable := guardEventsSinceBoot(h)
	if unreadable != nil {
		return unreadable
	}
	var answer []Found
	newest := func(id uint32, providers ...string) (guardEvent, bool) {
		for _, e := range events {
			if e.ID == id && slices.Contains(providers, e.Provider) {
				return e, true
			}
		}
		return guardEvent{}, false
	}
	add := func(id string, namesAndTexts ...string) { answer = append(answer, found(id, namesAndTexts...)...) }
	if e, ok := newest(13, wininit); ok {
		add("started", "time", eventTime(e.Event))
	}
	if e, ok := newest(14, wininit); ok {
		add("configuration", "config", e.config())
		if mode := hexadecimal(e.At(1)); mode != "0x0" && mode != "-" {
			add("test-mode", "mode", mode)
		}
	}
	if e, ok := newest(15, wininit); ok {
		add("no-kernel", "time", eventTime(e.Event))
	}
	if e, ok := newest(16, wininit); ok {
		add("launch-failed", "error", valueText(e.At(0)), "time", eventTime(e.Event))
	}
	if e, ok := newest(17, wininit); ok {
		add("uefi-unreadable", "error", valueText(e.At(0)), "time", eventTime(e.Event))
	}
	if e, ok := newest(6147, lsaSrv, lsaSrvLong); ok {
		add("not-licensed", "time", eventTime(e.Event))
	}
	if e, ok := newest(51, kernelBoot); ok {
		add("tpm", "mask", hexadecimal(e.At(max(0, len(e.Data)-1)))) // the mask is the last datum
	}
	if answer == nil {
		return found("none")
	}
	return answer
}

func guardBlocks() Check {
	return Check{
		ID: "vbs.credential-guard-blocks",
		Title: Text{
			JA: "Credential Guard による古い認証のブロック",
			EN: "Old authentication blocked by Credential Guard",
		},
		About: Text{
			JA: "NTLMv1 などの古い認証が Credential Guard に止められた記録があるかを確認します。",
			EN: "Has Credential Guard stopped an old kind of authentication such as NTLMv1?",
		},
		Reads: []Text{{
			JA: ntlmOperational + " のイベント 4013、4014",
			EN: "events 4013 and 4014 in " + ntlmOperational,
		}},
		Needs:  Needs{Admin: AdminMaybe},
		Params: []Param{daysParam()},
		Findings: []Finding{
			{
				ID: "ntlmv1-failed", Verdict: Warning,
				Text: Text{
					JA: "NTLMv1 での認証が失敗しました (イベント 4013、{count} 件、最新 {time})。プログラム: {process}、接続先: {target}。",
					EN: "Authentication with NTLMv1 failed (event 4013, {count} times, last {time}). Program: {process}; target: {target}.",
				},
				Fix: Remedy{Text: Text{
					JA: "そのプログラムまたは接続先を、NTLMv2 か Kerberos を使うように更新または設定します。",
					EN: "Update or configure that program or target to use NTLMv2 or Kerberos.",
				}},
			},
			{
				ID: "key-blocked", Verdict: Warning,
				Text: Text{
					JA: "資格情報キーの要求がブロックされました (イベント 4014、{count} 件、最新 {time})。プログラム: {process}。",
					EN: "A request for a credential key was blocked (event 4014, {count} times, last {time}). Program: {process}.",
				},
				Fix: Remedy{Text: Text{
					JA: "そのプログラムを、Credential Guard に対応したバージョンに更新します。",
					EN: "Update that program to a version that works with Credential Guard.",
				}},
			},
			{
				ID: "none", Verdict: OK,
				Text: Text{
					JA: "過去 {days} 日間に、Credential Guard が古い認証をブロックした記録はありません。",
					EN: "No authentication blocked by Credential Guard has been recorded in the last {days} days.",
				},
			},
		},
		Sources: []string{learnCredentialGuardIssues},
	}
}

func judgeGuardBlocks(h host.Host, args Args) []Found {
	days := args.Number("days")
	events, unreadable := recentEvents(h, host.EventQuery{
		Channel:   ntlmOperational,
		Providers: []string{"Microsoft-Windows-NTLM"},
		IDs:       []uint32{4013, 4014},
	}, days)
	if unreadable != nil {
		return unreadable
	}
	var first [2]*host.Event
	var count [2]int
	for i := range events {
		kind := 0
		if events[i].ID == 4014 {
			kind = 1
		}
		if count[kind]++; first[kind] == nil {
			first[kind] = &events[i]
		}
	}
	var answer []Found
	for kind, e := range first {
		if e == nil {
			continue
		}
		values := []string{"count", strconv.Itoa(count[kind]), "time", eventTime(*e), "process", eventProgram(*e)}
		if kind == 0 {
			answer = found("ntlmv1-failed", append(values, "target", valueText(e.Field("TargetName")))...)
		} else {
			answer = append(answer, found("key-blocked", values...)...)
		}
	}
	if answer == nil {
		return found("none", "days", strconv.Itoa(days))
	}
	return answer
}

// eventProgram is the program that an event names.
func eventProgram(e host.Event) string {
	if name := e.Field("ProcessName"); name != "" {
		return valueText(name)
	}
	for _, f := range e.Data {
		if strings.HasSuffix(strings.ToLower(f.Text), ".exe") {
			return valueText(f.Text)
		}
	}
	return "-"
}
