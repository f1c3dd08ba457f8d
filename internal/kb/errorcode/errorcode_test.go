package errorcode

import (
	"fmt"
	"slices"
	"testing"
)

func TestEquivalents(t *testing.T) {
	table := NewTable()
	for key, want := range map[string][]string{
		"hex:80070005":         {"num:5", "name:e_accessdenied", "name:error_access_denied", "hex:c0000022"},
		"num:5":                {"hex:80070005", "name:e_accessdenied", "hex:c0000022"},
		"name:e_accessdenied":  {"hex:80070005", "num:5"},
		"hex:c0000022":         {"hex:80070005", "num:5"},
		"hex:80071234":         {"num:4660"}, // not in the table
		"num:4660":             {"hex:80071234"},
		"hex:8009030c":         {"name:sec_e_logon_denied"},
		"id:c2065":             {},
		"num:99999":            {},
		"kb:4103721":           {},
		"hex:8007":             {},
		"name:no_such_name":    {},
		"hex:80070000":         {},
		"num:99999999999999":   {},
		"hex:80070005extra":    {},
		"name:sec_e_time_skew": {"hex:80090324"},
	} {
		got := table.Equivalents(key)
		if slices.Contains(got, key) {
			t.Errorf("Equivalents(%s) holds itself: %v", key, got)
		}
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("Equivalents(%s) = %v, without %s", key, got, w)
			}
		}
		if len(want) == 0 && len(got) > 0 {
			t.Errorf("Equivalents(%s) = %v, want none", key, got)
		}
	}
}

func TestFind(t *testing.T) {
	table := NewTable()
	for _, key := range []string{"hex:80070005", "num:5", "name:e_accessdenied", "name:error_access_denied"} {
		k, ok := table.Find(key)
		if !ok || k.Key != "hex:80070005" || k.Win32 != 5 || k.Text.JA != "アクセスが拒否されました。" || k.Text.EN == "" {
			t.Errorf("Find(%s) = %+v, %v", key, k, ok)
		}
	}
	if k, ok := table.Find("id:c2065"); ok {
		t.Errorf("Find(id:c2065) = %+v", k)
	}
}

func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range all() {
		if seen[k.Key] {
			t.Errorf("%s is there twice", k.Key)
		}
		seen[k.Key] = true
		if n, ok := Win32(k.Key); ok && n != k.Win32 {
			t.Errorf("%s wraps %d, not %d", k.Key, n, k.Win32)
		}
		if k.Text.EN == "" || len(k.Names) == 0 {
			t.Errorf("%s has no name or no English text", k.Key)
		}
	}
}

func TestSpellings(t *testing.T) {
	for key, want := range map[string]string{
		"hex:80070005":        "0x80070005 [0x80070005 80070005 -2147024891 2147942405] 0x80070005",
		"hex:7b":              "0x7B [0x7B] 0x7b",
		"hex:8024a":           "0x0008024A [0x0008024A] 0x0008024a",
		"kb:4103721":          "KB4103721 [KB4103721] kb4103721",
		"event:6041":          "6041 [6041] event-6041",
		"num:1603":            "1603 [1603] error-1603",
		"id:c2065":            "C2065 [C2065] c2065",
		"name:e_accessdenied": "E_ACCESSDENIED [E_ACCESSDENIED] e_accessdenied",
	} {
		if got := fmt.Sprint(Spell(key), " ", Spellings(key), " ", Slug(key)); got != want {
			t.Errorf("%s is spelt %s, want %s", key, got, want)
		}
	}
}
