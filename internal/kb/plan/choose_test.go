package plan

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestSlugOfFileName(t *testing.T) {
	for name, want := range map[string]string{
		"kbprobe-rdp-credssp.exe":                     "rdp-credssp",
		"kbprobe-rdp-credssp (1).exe":                 "rdp-credssp",
		"kbprobe-rdp-credssp(1).exe":                  "rdp-credssp",
		"kbprobe-rdp-credssp（1）.exe":                  "rdp-credssp",
		"kbprobe-rdp-credssp - コピー.exe":               "rdp-credssp",
		"kbprobe-rdp-credssp - コピー (2).exe":           "rdp-credssp",
		"kbprobe-rdp-credssp - Copy.exe":              "rdp-credssp",
		"kbprobe-rdp-credssp.exe.exe":                 "rdp-credssp",
		"KBPROBE-RDP-CREDSSP.EXE":                     "rdp-credssp",
		"Kbprobe-Rdp-Credssp":                         "rdp-credssp",
		`C:\Downloads\kbprobe-rdp-credssp.exe`:        "rdp-credssp",
		"kbprobe-../../x.exe":                         "",
		`kbprobe-..\..\kbprobe-abc.exe`:               "abc",
		"kbprobe-":                                    "",
		"kbprobe.exe":                                 "",
		"setup.exe":                                   "",
		"":                                            "",
		"kbprobe-サーバー.exe":                            "",
		"kbprobe-windows-amd64.exe":                   "windows-amd64",
		"kbprobe-" + strings.Repeat("a", 65) + ".exe": "",
	} {
		if got := SlugOfFileName(name); got != want {
			t.Errorf("SlugOfFileName(%q) = %q, want %q", name, got, want)
		}
	}
}

func utf16le(s string) []byte {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

func TestSlugOfZone(t *testing.T) {
	const host = "[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://kb.example.com/ja/abc/?kb=abc\r\nHostUrl=https://kb.example.com/probe/kbprobe-windows-amd64.exe?x=1&kb=rdp-credssp#y\r\n"
	for _, tt := range []struct {
		name string
		zone []byte
		want string
	}{
		{"host before referrer", []byte(host), "rdp-credssp"},
		{"UTF-16", utf16le(host), "rdp-credssp"},
		{"BOM", []byte("\ufeff" + host), "rdp-credssp"},
		{"referrer alone", []byte("[ZoneTransfer]\nReferrerUrl=https://x/?kb=abc\n"), "abc"},
		{"about:internet", []byte("[ZoneTransfer]\nZoneId=3\nHostUrl=about:internet\n"), ""},
		{"escaped", []byte("HostUrl=https://x/?kb=%61bc\n"), ""},
		{"hostile", []byte("HostUrl=https://x/?kb=../../etc\n"), ""},
		{"fragment", []byte("HostUrl=https://x/#?kb=abc\n"), ""},
		{"huge", append([]byte("HostUrl=https://x/?kb=abc\n"), make([]byte, 1<<20)...), ""},
		{"none", nil, ""},
	} {
		if got := SlugOfZone(tt.zone); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestChoose(t *testing.T) {
	c := testCatalogue()
	zone := func(slug string) []byte { return []byte("HostUrl=https://x/p.exe?kb=" + slug + "\n") }
	slug := func(p *Plan) string {
		if p == nil {
			return ""
		}
		return p.Slug
	}
	for _, tt := range []struct {
		name                         string
		hints                        Hints
		want                         string
		by                           Source
		wantConflict, wantSuggestion string
	}{
		{"argument wins", Hints{"abc", "kbprobe-rdp-credssp.exe", zone("rdp-credssp")}, "abc", ByArgument, "", ""},
		{"file name", Hints{"", "kbprobe-rdp-credssp (1).exe", nil}, "rdp-credssp", ByFileName, "", ""},
		{"file name and download agree", Hints{"", "kbprobe-abc.exe", zone("abc")}, "abc", ByFileName, "", ""},
		{"file name and download disagree", Hints{"", "kbprobe-abc.exe", zone("rdp-credssp")}, "abc", ByFileName, "rdp-credssp", ""},
		{"download", Hints{"", "kbprobe-windows-amd64.exe", zone("abc")}, "abc", ByDownload, "", ""},
		{"unknown download", Hints{"", "kbprobe-windows-amd64.exe", zone("no-such")}, "", "", "", ""},
		{"neighbour is only a suggestion", Hints{"", "kbprobe-rdp-credssp-new.exe", nil}, "", "", "", "rdp-credssp"},
		{"nothing", Hints{"", "probe.exe", nil}, "", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := c.Choose(tt.hints)
			if err != nil {
				t.Fatal(err)
			}
			if slug(got.Plan) != tt.want || got.By != tt.by || slug(got.Conflict) != tt.wantConflict || slug(got.Suggestion) != tt.wantSuggestion {
				t.Errorf("got plan %q by %q, conflict %q, suggestion %q", slug(got.Plan), got.By, slug(got.Conflict), slug(got.Suggestion))
			}
		})
	}
}

func TestChooseUnknownArgument(t *testing.T) {
	for argument, nearest := range map[string]string{
		"rdp-credsp":    "rdp-credssp",
		"RDP-CREDSSP":   "rdp-credssp",
		"../../etc":     "",
		"kbprobe-x.exe": "",
	} {
		_, err := testCatalogue().Choose(Hints{Argument: argument})
		var unknown *UnknownSlugError
		if !errors.As(err, &unknown) || unknown.Nearest != nearest {
			t.Errorf("%q: %#v, want the nearest %q", argument, err, nearest)
		}
	}
}

// Whatever a file name or a download address says, it can only choose among
// the plans inside.
func FuzzChoose(f *testing.F) {
	f.Add("kbprobe-abc (1).exe", []byte("HostUrl=https://x/?kb=abc"))
	f.Add("kbprobe-../../x.exe", []byte("\xff\xfeH"))
	f.Add("KBPROBE-ABC-コピー.EXE", []byte("[ZoneTransfer]\nReferrerUrl=?kb="))
	c := testCatalogue()
	f.Fuzz(func(t *testing.T, name string, zone []byte) {
		if s := SlugOfFileName(name); strings.ContainsFunc(s, func(r rune) bool { return !slugRune(r) }) {
			t.Errorf("SlugOfFileName(%q) = %q", name, s)
		}
		if s := SlugOfZone(zone); s != "" && !validSlug(s) {
			t.Errorf("SlugOfZone(%q) = %q", zone, s)
		}
		choice, err := c.Choose(Hints{FileName: name, Zone: zone})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []*Plan{choice.Plan, choice.Conflict, choice.Suggestion} {
			if p == nil {
				continue
			}
			if own, ok := c.Find(p.Slug); !ok || own != p {
				t.Errorf("chose a plan that is not in the catalogue: %v", p)
			}
		}
	})
}
