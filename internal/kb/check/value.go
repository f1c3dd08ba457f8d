package check

import (
	"strconv"
	"strings"
	"time"

	"kbgen/internal/kb/host"
)

// fromOutside makes a text from outside fit to be shown: one line of at most
// 100 characters, none of which does anything.
func fromOutside(s string) string {
	s = strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 100 {
		s = string(r[:99]) + "…"
	}
	if s == "" {
		return "-"
	}
	return s
}

// valueText is a text of the machine as the value of a finding.
func valueText(s string) string { return fromOutside(strings.TrimSpace(s)) }

// list joins items; - if there are none.
func list(items []string) string {
	if len(items) == 0 {
		return "-"
	}
	return strings.Join(items, ", ")
}

// few joins the first of many items, and says how many there are.
func few(items []string) string {
	const most = 8
	if len(items) <= most {
		return list(items)
	}
	return list(items[:most]) + ", … (" + strconv.Itoa(len(items)) + ")"
}

// joined lists texts from outside, at most eight.
func joined(all []string) string {
	var shown []string
	for _, s := range all[:min(len(all), 8)] {
		shown = append(shown, fromOutside(s))
	}
	if more := len(all) - len(shown); more > 0 {
		shown = append(shown, "+"+strconv.Itoa(more))
	}
	s := strings.Join(shown, ", ")
	if len(s) > 400 {
		s = strings.ToValidUTF8(s[:400], "") + "…"
	}
	return s
}

// eventTime is when an event was recorded, to the second.
func eventTime(e host.Event) string { return e.Time.UTC().Format("2006-01-02 15:04:05 UTC") }

// minuteUTC renders a time to the minute.
func minuteUTC(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
