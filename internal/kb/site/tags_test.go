package site

import (
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/fstest"
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

// A home page lists what is used most, and leads to the rest.
func TestHomeOfManyTags(t *testing.T) {
	root := mapFS(t, os.DirFS("testdata/site"))
	const more = 40
	for i := range more {
		root[fmt.Sprintf("content/en/case-%d.md", i)] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"---\ntitle: Case %d\nerrorText: Error 0x8007%04x\ntags: [Common, Topic %d]\nupdatedAt: 2026-01-01\n---\n\n## Summary\n\nText.\n", i, i+0x100, i)}
	}
	home := rendered(t, mustBuild(t, withoutBase(inputOf(t, root))))["en/index.html"]
	for part, want := range map[string]int{
		`<a href="/en/tags/`:             mostUsedOnHome + 2, // and the links to all of them, above and below
		`<a href="/en/codes/`:            mostUsedOnHome + 2,
		`<a href="/en/tags/common/">`:    1,
		`<a href="/en/tags/">All tags (`: 1,
		`>All error codes (`:             1,
		`<time datetime=`:                newestOnHome,
	} {
		if got := strings.Count(home, part); got != want {
			t.Errorf("%q is there %d times, want %d", part, got, want)
		}
	}
	if small := rendered(t, mustBuild(t, withoutBase(fixture(t))))["en/index.html"]; strings.Contains(small, ">All tags (") || strings.Contains(small, ">All error codes (") {
		t.Error("a home page that lists everything leads to more")
	}
}
