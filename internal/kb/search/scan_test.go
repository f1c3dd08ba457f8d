package search

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite testdata/vectors.txt")

func keys(p Parsed) []string {
	var keys []string
	for _, c := range p.Codes {
		keys = append(keys, c.Key)
	}
	return keys
}

func TestCodes(t *testing.T) {
	const denied = "hex:80070005"
	for text, want := range map[string]string{
		"0x80070005":            denied,
		"80070005":              denied,
		"-2147024891":           denied,
		"2147942405":            denied,
		"０ｘ８００７０００５":            denied,
		"８００７０００５":              denied,
		"−2147024891":           denied,
		"0X8OO7OOO5":            denied, // as a scan reads it
		"OX8OO7OOO5":            denied,
		"0x8OO7OOOS":            denied,
		"8OO7OOO5":              denied,
		"80070005h":             denied,
		"&H80070005":            denied,
		"0xFFFFFFFF80070005":    denied,
		"(HRESULT: 0x80070005)": denied,
		"エラー コード: 0x80070005。":  denied,
		"エラー0x80070005が発生しました": denied,
		"hr=0x80070005;":                   denied,
		"0x80070005-0x90016":               denied + " hex:90016",
		"0x8OO7OO05b":                      "",
		"0x8OO7":                           "", // seven or fewer cannot be told
		"0X8":                              "hex:8",
		"0x0":                              "",
		"0x00007ff6a1b2c3d4":               "", // a pointer
		"0x0000007B":                       "hex:7b",
		"STOP: 0x0000007B (0xF78D2524, 0)": "hex:7b hex:f78d2524",
		"Error code: 0x204, extended: 0x0": "hex:204",
		"0xC000006D":                       "hex:c000006d",
		"c0000022":                         "hex:c0000022",
		"20251103":                         "", // a date
		"1234567890":                       "",
		"KB4103721":                        "kb:4103721",
		"KB 4103721":                       "kb:4103721",
		"ＫＢ４１０３７２１ が必要です":                      "kb:4103721",
		"main.cpp(12): error C2065: 'x'":       "id:c2065",
		"LNK2019":                              "id:lnk2019",
		"CS0246":                               "id:cs246",
		"ORA-01017: invalid username":          "id:ora1017",
		"AADSTS50126: Error validating":        "id:aadsts50126",
		"error[E0308]: mismatched types":       "id:e308",
		"CVE-2018-0886":                        "id:cve2018-0886",
		"Event ID 6041":                        "event:6041",
		"イベント ID 6041":                         "event:6041",
		"イベントID：6041":                          "event:6041",
		"イベント ID: 6041 ソース LsaSrv":             "event:6041",
		"system error 5":                       "num:5",
		"システム エラー 5 が発生しました。":                  "num:5",
		"エラー コード: 1603":                        "num:1603",
		"[WinError 5]":                         "num:5",
		"[Errno 13] Permission denied":         "num:13",
		"(os error 2)":                         "num:2",
		"HTTP 404":                             "num:404",
		"exit code 0":                          "",
		"1603":                                 "num:1603 event:1603",
		"4103721":                              "kb:4103721",
		"E_ACCESSDENIED":                       "name:e_accessdenied",
		"ERR_CONNECTION_REFUSED":               "name:err_connection_refused",
		"my_table is missing":                  "",
		"SERVER001 does not answer":            "",
		"PC-1234":                              "",
		"line 120, column 300":                 "",
		`C:\LNK2019\x.obj`:                     "",
		"https://example.com/KB4103721/x/y":    "",
		"":                                     "",
		"エラー":                                  "",
		"3f2504e0-4f89-11d3-9a0c-0305e82c3301": "",
	} {
		if got := strings.Join(keys(Parse(text)), " "); got != want {
			t.Errorf("codes of %q: %q, want %q", text, got, want)
		}
	}
}

func TestSpellingsDoNotMatter(t *testing.T) {
	for a, b := range map[string]string{
		"リモート デスクトップ":               "ﾘﾓｰﾄﾃﾞｽｸﾄｯﾌﾟ",
		"サーバーに接続できません":              "サーバに接続できません。",
		"サ―バ―に接続できません":              "サーバーに接続できません",
		"ヴァージョン":                    "バージョン",
		"ヴォリューム":                    "ボリューム",
		"ｳﾞｧｰｼﾞｮﾝ":                  "ヴァージョン",
		"か\u3099く":                  "がく",
		"Ａｃｃｅｓｓ　ｉｓ　ｄｅｎｉｅｄ":          "access is DENIED.",
		"can’t open":                "can't open",
		"Café":                      "cafe\u0301",
		"アクセスが拒否\nされました":            "アクセスが拒否されました",
		"ac\u200bcess":              "access",
		"エラーが発生しました（コード：5）":         "エラーが発生しました (コード: 5)",
		"ユーザー C:\\Users\\a は無効です":   "ユーザー /home/b/c は無効です",
		"host 10.1.2.3 is down":     "host 192.168.7.77 is down",
		"at 2026-11-03 10:11 error": "at 2025-01-02 error",
	} {
		if diff := cmp.Diff(texts(Parse(a)), texts(Parse(b))); diff != "" {
			t.Errorf("terms of %q and %q differ: %s", a, b, diff)
		}
	}
}

func texts(p Parsed) []string {
	var texts []string
	for _, t := range p.Terms {
		texts = append(texts, t.Text)
	}
	return texts
}

// vectors are the texts that this package and its twin must read alike.
func vectors(t testing.TB) []string {
	t.Helper()
	data, err := os.ReadFile("testdata/vectors.txt")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for line := range strings.Lines(string(data)) {
		if text, ok := strings.CutPrefix(line, "> "); ok {
			texts = append(texts, unescape(strings.TrimSuffix(text, "\n")))
		}
	}
	return texts
}

func TestVectors(t *testing.T) {
	var out strings.Builder
	out.WriteString("# How texts are read: codes, and terms with optional ones in brackets. The Go\n" +
		"# package and the page's script must agree. Rewrite with -update, and look.\n")
	for _, text := range vectors(t) {
		out.WriteString("\n> " + escape(text) + "\n" + vector(Parse(text)))
	}
	if *update {
		if err := os.WriteFile("testdata/vectors.txt", []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/vectors.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("vectors (-file +parsed):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range vectors(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := Parse(text)
		last := 0
		for _, term := range p.Terms {
			if term.Text == "" || !utf8.ValidString(term.Text) || term.From > term.To || term.To > len(text) {
				t.Fatalf("%q gives the term %+v", text, term)
			}
			if term.Line < last || term.Line >= p.Lines {
				t.Fatalf("%q has the term %+v in %d lines", text, term, p.Lines)
			}
			last = term.Line
		}
		if k := keys(p); len(slices.Compact(slices.Sorted(slices.Values(k)))) != len(k) {
			t.Fatalf("%q gives codes twice: %v", text, k)
		}
	})
}
