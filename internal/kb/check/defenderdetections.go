package check

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kbgen/internal/kb/host"
)

func defenderDetections() Check {
	return Check{
		ID: "defender.detections",
		Title: Text{
			JA: "Microsoft Defender の検出履歴",
			EN: "Detection history of Microsoft Defender",
		},
		About: Text{
			JA: "Microsoft Defender の検出履歴に、指定したファイルまたはその他の検出があるかを確認します。",
			EN: "Does the detection history of Microsoft Defender hold the given file, or anything else?",
		},
		Reads: []Text{
			{
				JA: "WMI の " + defenderNamespace + ":MSFT_MpThreatDetection (InitialDetectionTime、Resources、ThreatID、ActionSuccess)",
				EN: "MSFT_MpThreatDetection in the WMI namespace " + defenderNamespace + " (InitialDetectionTime, Resources, ThreatID, ActionSuccess)",
			},
			{
				JA: "脅威の名前 (MSFT_MpThreat の ThreatName)",
				EN: "names of the threats (ThreatName of MSFT_MpThreat)",
			},
		},
		Needs:  Needs{Admin: AdminMaybe},
		Params: []Param{daysParam(), concernedPath()},
		Findings: append([]Finding{
			{
				ID: "detected", Verdict: Problem,
				Text: Text{
					JA: "{path} は Microsoft Defender に検出されています (脅威: {threat}、{time}、処理の成否: {success})。",
					EN: "Microsoft Defender detected {path} (threat: {threat}, {time}, action succeeded: {success}).",
				},
				Fix: keepQuarantined(),
			},
			{
				ID: "others-detected", Verdict: Warning,
				Text: Text{
					JA: "過去 {days} 日間に Microsoft Defender の検出が {count} 件あります。最新は {threat} ({time}、処理の成否: {success})、対象: {target}。",
					EN: "Microsoft Defender has {count} detections in the last {days} days. The newest: {threat} ({time}, action succeeded: {success}), target: {target}.",
				},
				Fix: keepQuarantined(),
			},
			{
				ID: "none", Verdict: OK,
				Text: Text{
					JA: "過去 {days} 日間の検出の記録は、このユーザーから見える範囲にはありません。",
					EN: "No detection of the last {days} days is visible to this user.",
				},
			},
		}, pathFindings()...),
		Sources: []string{
			"learn.microsoft.com/powershell/module/defender/get-mpthreatdetection",
		},
	}
}

func judgeDetections(h host.Host, args Args) []Found {
	path, unusable := concerned(h, args)
	if unusable != nil {
		return unusable
	}
	clock, err := h.Clock()
	if err != nil {
		return unread("GetSystemTimeAsFileTime", err)
	}
	all, err := h.Instances(defenderNamespace, "MSFT_MpThreatDetection",
		[]string{"InitialDetectionTime", "Resources", "ThreatID", "ActionSuccess"})
	if err != nil {
		return unread("MSFT_MpThreatDetection", err)
	}
	since := clock.Now.AddDate(0, 0, -args.Number("days"))
	var newest, concerning host.Instance
	count := 0
	for _, d := range all {
		when, dated := cimTime(first(d["InitialDetectionTime"]))
		if dated && when.Before(since) {
			continue // one without a readable date counts
		}
		if count++; newer(d, newest) {
			newest = d
		}
		if path != "" && slices.ContainsFunc(d["Resources"], func(r string) bool { return mentions(r, path) }) && newer(d, concerning) {
			concerning = d
		}
	}
	cut := cutShort("MSFT_MpThreatDetection", len(all), host.MaxInstances)
	switch {
	case concerning != nil:
		return append(foundAt("detected", path, detectionValues(h, concerning)...), cut...)
	case newest != nil:
		return append(found("others-detected", append(detectionValues(h, newest), "days", args["days"],
			"count", strconv.Itoa(count), "target", valueText(strings.Join(newest["Resources"], ", ")))...), cut...)
	}
	return append(found("none", "days", args["days"]), cut...)
}

func detectionValues(h host.Host, d host.Instance) []string {
	when := "-"
	if t, ok := cimTime(first(d["InitialDetectionTime"])); ok {
		when = eventTime(host.Event{Time: t})
	}
	return []string{"threat", threatName(h, first(d["ThreatID"])), "time", when, "success", valueText(first(d["ActionSuccess"]))}
}

// threatName is the name of a threat, or its ID if it has none.
func threatName(h host.Host, id string) string {
	all, err := h.Instances(defenderNamespace, "MSFT_MpThreat", []string{"ThreatID", "ThreatName"})
	if err == nil {
		for _, t := range all {
			if name := first(t["ThreatName"]); name != "" && first(t["ThreatID"]) == id {
				return name
			}
		}
	}
	return valueText(id)
}

// newer reports whether a detection is newer than another, which may be nil.
func newer(d, than host.Instance) bool {
	t, _ := cimTime(first(d["InitialDetectionTime"]))
	u, _ := cimTime(first(than["InitialDetectionTime"]))
	return than == nil || t.After(u)
}

func first(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}

// cimTime reads a CIM_DATETIME, yyyymmddhhmmss.mmmmmm±UUU, whose last part is
// the distance from UTC in minutes.
func cimTime(s string) (time.Time, bool) {
	if len(s) != 25 {
		return time.Time{}, false
	}
	t, err := time.Parse("20060102150405", s[:14])
	offset, errOffset := strconv.Atoi(s[21:])
	return t.Add(-time.Duration(offset) * time.Minute), err == nil && errOffset == nil
}
