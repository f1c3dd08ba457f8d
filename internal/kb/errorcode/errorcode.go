// Package errorcode knows what some error codes mean, under which other names
// they go, and how they are written.
//
// Codes are named by their keys (see search.Code): hex:80070005, num:5,
// name:e_accessdenied.
package errorcode

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kbgen/internal/kb/check"
)

// Known is a code with a known meaning.
type Known struct {
	Key   string
	Names []string   // symbolic names
	Win32 int        // the Win32 error that it wraps, or 0
	Text  check.Text // as Windows prints it; empty in a language where that is not known
}

// Table is the known codes.
type Table struct {
	list  []Known
	byKey map[string]int // and of the names
}

// NewTable returns all known codes.
func NewTable() *Table {
	t := &Table{all(), map[string]int{}}
	for i, k := range t.list {
		t.byKey[k.Key] = i
		for _, name := range k.Names {
			t.byKey[nameKey(name)] = i
		}
	}
	return t
}

func nameKey(name string) string { return "name:" + strings.ToLower(name) }

// win32Facility begins the HRESULTs that wrap a Win32 error.
const win32Facility = "hex:8007"

// Find returns what is known of a code, also by its name or by its Win32
// number.
func (t *Table) Find(key string) (Known, bool) {
	i, ok := t.byKey[key]
	if !ok {
		if n, win32 := number(key); win32 {
			i, ok = t.byKey[wrapped(n)]
		}
	}
	if !ok {
		return Known{}, false
	}
	return t.list[i], true
}

// number reads num:5.
func number(key string) (int, bool) {
	digits, ok := strings.CutPrefix(key, "num:")
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && n > 0 && n <= 0xffff
}

// Win32 returns the Win32 error that a code wraps, known or not.
func Win32(key string) (int, bool) {
	digits, ok := strings.CutPrefix(key, win32Facility)
	n, err := strconv.ParseUint(digits, 16, 16)
	return int(n), ok && err == nil && n > 0
}

func wrapped(win32 int) string { return fmt.Sprintf("%s%04x", win32Facility, win32) }

// Equivalents returns the keys of what means the same as a code: the Win32
// error in an HRESULT, the HRESULT around a Win32 error, the NTSTATUS that
// becomes it, and the symbolic names.
func (t *Table) Equivalents(key string) []string {
	same := []string{key}
	add := func(k string) {
		if !slices.Contains(same, k) {
			same = append(same, k)
		}
	}
	if k, ok := t.Find(key); ok {
		add(k.Key)
		for _, name := range k.Names {
			add(nameKey(name))
		}
	}
	for _, pair := range statuses() {
		if slices.Contains(same, pair.status) {
			add(wrapped(pair.win32))
		}
	}
	for _, k := range slices.Clone(same) {
		if n, ok := Win32(k); ok {
			add("num:" + strconv.Itoa(n))
		}
		if n, ok := number(k); ok {
			add(wrapped(n))
		}
	}
	for _, pair := range statuses() {
		if slices.Contains(same, wrapped(pair.win32)) {
			add(pair.status)
		}
	}
	return same[1:]
}

type status struct {
	status string
	win32  int
}

// statuses pairs NTSTATUS codes with the Win32 errors that RtlNtStatusToDosError
// makes of them.
func statuses() []status {
	return []status{
		{"hex:c0000022", 5}, // STATUS_ACCESS_DENIED
		{"hex:c0000034", 2},
		{"hex:c0000043", 32},
		{"hex:c000005e", 1311},
		{"hex:c0000064", 1317},
		{"hex:c000006a", 86},
		{"hex:c000006d", 1326},
		{"hex:c000006e", 1327},
		{"hex:c0000070", 1329},
		{"hex:c0000071", 1330},
		{"hex:c0000072", 1331},
		{"hex:c0000133", 1398},
		{"hex:c000015b", 1385},
		{"hex:c0000193", 1793},
		{"hex:c0000224", 1907},
		{"hex:c0000234", 1909},
	}
}

// Spell writes a code as people do: 0x80070005, KB4103721, E_ACCESSDENIED,
// C2065. Leading zeros and hyphens that the key does not hold are lost.
func Spell(key string) string {
	family, value, _ := strings.Cut(key, ":")
	switch family {
	case "hex":
		if len(value) > 4 {
			value = strings.Repeat("0", 8-len(value)) + value
		}
		return "0x" + strings.ToUpper(value)
	case "kb":
		return "KB" + value
	case "id", "name":
		return strings.ToUpper(value)
	}
	return value
}

// Slug names a code in addresses: 0x80070005, kb4103721, event-6041, error-5,
// c2065, e_accessdenied.
func Slug(key string) string {
	family, value, _ := strings.Cut(key, ":")
	switch family {
	case "hex":
		return strings.ToLower(Spell(key))
	case "event":
		return "event-" + value
	case "num":
		return "error-" + value
	case "kb":
		return "kb" + value
	}
	return value
}

// Spellings lists the ways in which a code is written, the usual one first.
func Spellings(key string) []string {
	spellings := []string{Spell(key)}
	digits, ok := strings.CutPrefix(key, "hex:")
	if n, err := strconv.ParseUint(digits, 16, 32); ok && err == nil && n >= 1<<31 {
		spellings = append(spellings, strings.ToUpper(digits), strconv.FormatInt(int64(int32(uint32(n))), 10), strconv.FormatUint(n, 10))
	}
	return spellings
}
