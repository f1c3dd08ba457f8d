package site

import (
	"net/url"
	"strings"
	"testing"
)

func TestTagID(t *testing.T) {
	for name, want := range map[string]string{
		"Windows":        "windows",
		"Ｗｉｎｄｏｗｓ":        "windows",
		"Windows Update": "windows-update",
		"windows-update": "windows-update",
		"リモート デスクトップ":    "リモート-デスクトップ",
		"ｱｸｾｽ許可":         "アクセス許可",
		"C++":            "c-cedb1b",
		"C#":             "c-951a4d",
		"0x80070005":     "0x80070005",
	} {
		if got := tagID(name); got != want {
			t.Errorf("tagID(%q) = %q, want %q", name, got, want)
		}
	}
}

// Whatever a tag is, its ID is one folder that every file system takes, and
// tags that differ in more than case, width and spaces keep different IDs.
func FuzzTagID(f *testing.F) {
	for _, s := range []string{"", "..", "../..", "CON", "com1", "a/b", "\x00", "☃", "が", "か\u3099", strings.Repeat("あ", 500), "-", "c:", "%2e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		id := tagID(name)
		if strings.TrimSpace(name) != "" && id == "" {
			t.Errorf("tagID(%q) is empty", name)
		}
		if len(id) > 200 || strings.ContainsAny(id, "/\\.:*?\"<>|% \x00") || windowsReserved(id) || !utf8Boundary(id) {
			t.Errorf("tagID(%q) = %q", name, id)
		}
		if strings.HasPrefix(id, "-") || strings.HasSuffix(id, "-") {
			t.Errorf("tagID(%q) = %q", name, id)
		}
		if u, err := url.Parse("/tags/" + url.PathEscape(id) + "/"); err != nil || u.Path != "/tags/"+id+"/" {
			t.Errorf("tagID(%q) = %q does not survive an address", name, id)
		}
	})
}
