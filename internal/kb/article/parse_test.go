package article

import (
	"fmt"
	"strings"
	"testing"

	"kbgen/internal/kb/check"
)

const goodFront = "---\ntitle: タイトル\nerrorText: エラー\ntags: [Windows]\nupdatedAt: 2025-11-03\n---\n"

// allSections is a body that warns of nothing.
const allSections = `
## 要約

短い要約。

## よくある原因

1. [設定](#credssp.encryption-oracle)。

## 60秒で確認

- 設定を確認: {check=credssp.encryption-oracle}

## 5分で解決

解決。

## 根本対策

対策。

## 詳細手順

手順。

## よくある落とし穴

なし。

## 再発防止

なし。

## 関連ケース

なし。

## 参考

なし。
`

// testChecks is a catalogue that does not change when checks are added.
func testChecks() check.Catalogue {
	return check.Catalogue{
		{ID: "credssp.encryption-oracle"},
		{ID: "access.path-acl", Params: []check.Param{
			{Name: "path", Kind: check.KindPath, Required: true},
			{Name: "access", Kind: check.KindOption, Default: "read", Options: []string{"read", "write"}},
		}},
		{ID: "os.version"},
		{ID: "os.edition"},
	}
}

// brief is a message in one line, as the tables below have it.
func brief(m Message) string {
	return fmt.Sprintf("%d:%d %s: %s | %s", m.Line, m.Column, m.Level, m.Text, m.Hint)
}

// briefs lists the messages except those that every short example gets.
func briefs(ms []Message) []string {
	var lines []string
	for _, m := range ms {
		if strings.HasPrefix(m.Text, "sections are missing") || strings.HasPrefix(m.Text, "no step has a check") {
			continue
		}
		lines = append(lines, brief(m))
	}
	return lines
}

// wantMessages compares briefs with lines in which … stands for anything.
func wantMessages(t *testing.T, got []Message, want []string) {
	t.Helper()
	lines := briefs(got)
	if len(lines) != len(want) {
		t.Fatalf("got %d messages:\n%s\nwant %d:\n%s", len(lines), strings.Join(lines, "\n"), len(want), strings.Join(want, "\n"))
	}
	for i := range want {
		if !matches(lines[i], want[i]) {
			t.Errorf("message %d:\n got %s\nwant %s", i, lines[i], want[i])
		}
	}
}

// matches reports whether s is pattern, in which … stands for anything at
// the end.
func matches(s, pattern string) bool {
	start, open := strings.CutSuffix(pattern, "…")
	if open {
		return strings.HasPrefix(s, start)
	}
	return s == pattern
}

func TestGoodArticle(t *testing.T) {
	a, ms := Parse("content/ja/good.md", []byte(goodFront+allSections), testChecks())
	if len(ms) != 0 {
		t.Errorf("messages: %v", ms)
	}
	if a.Title != "タイトル" || a.Slug != "good" || a.Lang != check.JA || a.Description != "短い要約。" {
		t.Errorf("got %+v", a)
	}
	if got := a.UpdatedAt.String(); got != "2025-11-03 00:00:00 +0000 UTC" {
		t.Errorf("UpdatedAt = %s", got)
	}
	if len(a.Sections) != 10 || len(a.Steps) != 1 || a.Steps[0].Title != "設定を確認" {
		t.Errorf("sections %v, steps %v", a.Sections, a.Steps)
	}
}

func TestFrontMatterProblems(t *testing.T) {
	// Every case replaces or adds lines of the four required ones.
	front := func(lines ...string) string { return "---\n" + strings.Join(lines, "\n") + "\n---\n" }
	const title, errorText, tags, updated = "title: t", "errorText: e", "tags: [a]", "updatedAt: 2025-01-02"
	required := []string{title, errorText, tags, updated}
	plus := func(lines ...string) string { return front(append(required[:4:4], lines...)...) }

	tests := []struct {
		name string
		file string
		want []string
	}{
		{"missing", "# heading\n", []string{
			"1:1 error: the front matter is missing | begin the file with a line ---, then title, errorText, tags and updatedAt, then a line ---",
			"1:1 warning: a heading of level 1 in the body | the title comes from the front matter; write ## for a section",
		}},
		{"TOML", "+++\ntitle = 1\n+++\n", []string{"1:1 error: the front matter is missing | begin the file…"}},
		{"unclosed", "---\ntitle: t\n## x\n", []string{"1:1 error: the front matter is not closed | end it with a line ---"}},
		{"unclosed behind blank lines", "\n\n---\ntitle: t\n", []string{"3:1 error: the front matter is not closed | end it with a line ---"}},
		{"empty", "---\n---\n", []string{"2:1 error: the front matter is empty | begin…"}},
		{"only a comment", "---\n# x\n---\n", []string{"2:1 error: the front matter is empty | begin…"}},
		{"not keys", front("just text"), []string{"2:1 error: the front matter is not a list of keys and values | write lines such as title: \"…\""}},
		{"a list", front("- a"), []string{"2:1 error: the front matter is not a list of keys and values | write…"}},
		{"all keys missing", front("draft: true"), []string{
			`1:1 error: the key "errorText" is missing from the front matter | write errorText: "…", the message as it is seen, or a list of wordings`,
			`1:1 error: the key "tags" is missing from the front matter | write tags: ["Windows", "RDP"]`,
			`1:1 error: the key "title" is missing from the front matter | write title: "…"`,
			`1:1 error: the key "updatedAt" is missing from the front matter | write updatedAt: "2025-11-03T09:11:56Z", or a date such as 2025-11-03`,
		}},
		{"duplicate key", plus("title: u"), []string{`6:1 error: the key "title" is there twice | the first one is in line 2; delete one`}},
		{"unknown key", plus("error_text: x"), []string{`6:1 warning: the key "error_text" is unknown and has no effect | did you mean "errorText"?`}},
		{"unknown key far from any", plus("layout: x"), []string{`6:1 warning: the key "layout" is unknown and has no effect | the keys are title, errorText, tags, updatedAt, lang, environment, severity, related, draft, description`}},
		{"key in wrong case", front("Title: t", errorText, tags, updated), []string{
			`1:1 error: the key "title" is missing from the front matter | write title: "…"`,
			`2:1 warning: the key "Title" is unknown and has no effect | did you mean "title"?`,
		}},
		{"key that is a list", plus("? [a]\n: b"), []string{"6:3 error: a key must be a word | write lines such as title: \"…\""}},
		{"tab", front(title, "\ttags: [a]"), []string{"3:1 error: a tab in the front matter | indent with spaces"}},
		{"tab in the first line", front("\ttitle: t"), []string{"2:1 error: a tab in the front matter | indent with spaces"}},
		{"two colons", front("title: RDP 接続: エラー"), []string{`2:14 error: a second colon in one line | put the value in quotes: title: "…: …"`}},
		{"no space after a colon", front("title:t", tags), []string{"3:5 error: a key where none can be | put a space after the colon of the line above, and do not indent keys"}},
		{"indented key", front(title, " tags: [a]"), []string{"3:6 error: a key where none can be | put a space…"}},
		{"open quote", front(`title: "t`, tags), []string{"2:8 error: the quote is not closed | end the value with…"}},
		{"open list", front("tags: [a, b", title), []string{`2:7 error: the list is not closed or lacks a comma | write ["a", "b"]`}},
		{"percent", front("title: %TEMP%"), []string{`2:8 error: a value cannot begin with this character | put the value in quotes: "…"`}},
		{"at sign", front("title: @x"), []string{`2:8 error: a value cannot begin with this character | put the value in quotes: "…"`}},
		{"asterisk", front("title: *x"), []string{`2:8 error: a value cannot begin with * | put the value in quotes: "*…"`}},
		{"quote in quotes", front("title: 'it's'"), []string{"2:12 error: not a key or the end of a value | check…"}},
		{"list item without space", front("tags:", "- a", "-b"), []string{"4:1 error: a line without a key | write KEY: value, or indent the line if it continues a list"}},
		{"bad escape", front(`title: "C:\Windows"`), []string{`2:11 error: a backslash in double quotes begins an escape | use single quotes: 'C:\Folder'`}},
		{"good escape, bad value", front(`title: "C:\temp"`, errorText, tags, updated), []string{`2:8 error: title holds U+0009: a backslash in double quotes begins an escape | use single quotes: 'C:\Folder'`}},
		{"bad \\x escape", front(`title: "C:\xyz"`), []string{`2:13 error: a backslash in double quotes begins an escape | use…`}},
		{"second document", front(title, "...", "tags: [a]"), []string{"2:1 error: the front matter ends before its last line | delete the line ... in it"}},
		{"line separator", plus("description: a\u2028b"), []string{"6:15 error: an invisible line separator in the front matter | delete it…"}},
		{"anchor and alias", plus("environment: &x [a]", "related: *x"), []string{
			"6:14 error: anchors (&), aliases (*) and tags (!) cannot be used here | write the value itself…",
			"7:10 error: anchors (&), aliases (*) and tags (!) cannot be used here | write the value itself…",
		}},
		{"YAML tag", front("title: !!binary x", errorText, tags, updated), []string{"2:8 error: anchors (&), aliases (*) and tags (!) cannot be used here | write…"}},
		{"tags as a text", front(title, errorText, "tags: Windows", updated), []string{`4:7 error: tags must be a list | write tags: ["Windows"]`}},
		{"tags as a text with commas", front(title, errorText, "tags: Windows, RDP", updated), []string{`4:7 error: tags must be a list | write tags: ["Windows", "RDP"]`}},
		{"no tags", front(title, errorText, "tags: []", updated), []string{`4:7 error: tags is empty | write tags: ["Windows", "RDP"]`}},
		{"a tag that is a list", front(title, errorText, "tags: [a, [b]]", updated), []string{`4:11 error: tags item must be a text | write tags: ["Windows", "RDP"]`}},
		{"an empty tag", front(title, errorText, `tags: [a, ""]`, updated), []string{`4:11 error: tags item is empty | write tags…`}},
		{"a tag twice", front(title, errorText, `tags: [RDP, rdp]`, updated), []string{`4:13 warning: "rdp" is in tags twice | delete one`}},
		{"a long tag", front(title, errorText, "tags: ["+strings.Repeat("あ", 51)+"]", updated), []string{"4:8 error: tags item has 51 characters, more than the 50 allowed | shorten it…"}},
		{"too many tags", front(title, errorText, "tags: ["+manyTags(31)+"]", updated), []string{"4:118 error: tags has 31 items, more than the 30 allowed | keep…"}},
		{"updatedAt in words", front(title, errorText, tags, "updatedAt: yesterday"), []string{`5:12 error: updatedAt cannot be "yesterday" | write updatedAt: "2025-11-03T09:11:56Z", or a date such as 2025-11-03`}},
		{"updatedAt that is no day", front(title, errorText, tags, "updatedAt: 2025-02-30"), []string{`5:12 error: updatedAt cannot be "2025-02-30" | write…`}},
		{"updatedAt before Windows", front(title, errorText, tags, "updatedAt: 0001-01-01"), []string{`5:12 error: updatedAt cannot be "0001-01-01" | write…`}},
		{"updatedAt as a list", front(title, errorText, tags, "updatedAt: [2025]"), []string{`5:12 error: updatedAt must be a text | write…`}},
		{"empty title", front("title:", errorText, tags, updated), []string{`2:7 error: title is empty | write title: "…"`}},
		{"blank title", front("title: '　 '", errorText, tags, updated), []string{`2:8 error: title is empty | write title: "…"`}},
		{"title in two lines", front("title: |", "  a", "  b", errorText, tags, updated), []string{"2:8 error: title has more than one line | write it in one line"}},
		{"long title", front("title: "+strings.Repeat("a", 201), errorText, tags, updated), []string{"2:8 error: title has 201 characters, more than the 200 allowed | shorten…"}},
		{"title as a mapping", front("title: {a: b}", errorText, tags, updated), []string{`2:8 error: title must be a text | write title: "…"`}},
		{"title with a comment", front("title: C #1", errorText, tags, updated), []string{`2:8 warning: title ends before the #: what follows is a comment | put the value in quotes: "… #…"`}},
		{"errorText as a mapping", front(title, "errorText: {a: b}", tags, updated), []string{`3:12 error: errorText must be a text | write…`}},
		{"errorText as an empty list", front(title, "errorText: []", tags, updated), []string{`3:12 error: errorText is empty | write…`}},
		{"errorText with a null", front(title, "errorText: [a, ~, '']", tags, updated), []string{"3:19 error: errorText item is empty | write…"}},
		{"errorText with a wording twice", front(title, "errorText: [a, a]", tags, updated), []string{"3:16 warning: this wording is in errorText twice | delete one"}},
		{"errorText equal to the title", front(title, "errorText: t", tags, updated), []string{"3:12 warning: errorText is the same as the title | write the message word for word as it is seen on the screen, with its code"}},
		{"wrong lang", plus("lang: en"), []string{`6:7 error: lang is "en", but the file is in content/ja | move the file, or write lang: ja`}},
		{"severity", plus("severity: High"), []string{`6:11 error: severity cannot be "High" | did you mean high?`}},
		{"severity far from any", plus("severity: 高"), []string{`6:11 error: severity cannot be "高" | write severity: high, medium or low`}},
		{"draft in words", plus("draft: yes"), []string{"6:8 error: draft must be true or false | write draft: true or draft: false, without quotes"}},
		{"draft in quotes", plus(`draft: "true"`), []string{"6:8 error: draft must be true or false | write…"}},
		{"related with a file name", plus("related: [Other.md]"), []string{`6:11 error: "Other.md" is not an article's name | write related: [rdp-credssp]`}},
		{"related with itself", plus("related: [test-a]"), []string{"6:11 warning: related names this article itself | delete it"}},
		{"several at once", front("title: ''", "errorText: []", "tags: x", "updatedAt: y", "drft: true"), []string{
			"2:8 error: title is empty | …",
			"3:12 error: errorText is empty | …",
			"4:7 error: tags must be a list | …",
			`5:12 error: updatedAt cannot be "y" | …`,
			`6:1 warning: the key "drft" is unknown and has no effect | did you mean "draft"?`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, eol := range []string{"\n", "\r\n"} {
				file := strings.ReplaceAll(test.file, "\n", eol)
				_, ms := Parse("content/ja/test-a.md", []byte(file), testChecks())
				wantMessages(t, ms, test.want)
				_, ms = Parse("content/ja/test-a.md", []byte("\ufeff"+file), testChecks())
				wantMessages(t, ms, test.want)
			}
		})
	}
}

func manyTags(n int) string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("t%d", i))
	}
	return strings.Join(names, ",")
}

func TestFrontMatterValues(t *testing.T) {
	file := `
---
title: "RDP: 'エラー' #1"
errorText:
  - 0x80070005
  - |
    二行の
    メッセージ
  - 'C:\temp'
tags: [Windows 11, 404, true]
updatedAt: 2025-11-03T18:11:56+09:00
lang: ja
environment: [Windows 11 24H2]
severity: high
related: [other-one]
draft: true
description: 説明
---
本文
`
	a, ms := Parse("content/ja/test-a.md", []byte(file), testChecks())
	wantMessages(t, ms, nil)
	got := fmt.Sprintf("%q %q %q %s %q %s %q %v %q", a.Title, a.ErrorTexts, a.Tags, a.UpdatedAt, a.Environment, a.Severity, a.Related, a.Draft, a.Description)
	want := `"RDP: 'エラー' #1" ["0x80070005" "二行の\nメッセージ" "C:\\temp"] ["Windows 11" "404" "true"] 2025-11-03 18:11:56 +0900 +0900 ["Windows 11 24H2"] high ["other-one"] true "説明"`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestUpdatedAtForms(t *testing.T) {
	for form, want := range map[string]string{
		`"2025-11-03T09:11:56.107Z"`: "2025-11-03T09:11:56Z",
		`2025-11-03T09:11:56Z`:       "2025-11-03T09:11:56Z",
		`2025-11-03 09:11:56 +09:00`: "2025-11-03T09:11:56+09:00",
		`2025-11-03 09:11:56`:        "2025-11-03T09:11:56Z",
		`2025-11-03`:                 "2025-11-03T00:00:00Z",
		`"2025-11-03"`:               "2025-11-03T00:00:00Z",
	} {
		file := strings.Replace(goodFront, "2025-11-03", form, 1)
		a, ms := Parse("content/ja/test-a.md", []byte(file), testChecks())
		wantMessages(t, ms, nil)
		if got := a.UpdatedAt.Format("2006-01-02T15:04:05Z07:00"); got != want {
			t.Errorf("%s: got %s, want %s", form, got, want)
		}
	}
}

func TestFileProblems(t *testing.T) {
	const sjis = "---\ntitle: \x83G\x83\x89\x81[\n---\n"
	tests := []struct {
		name, file string
		want       []string
	}{
		{"empty", "", []string{"0:0 error: the file is empty | kbgen new writes an article to start from"}},
		{"blank", "\ufeff \r\n\t\n", []string{"0:0 error: the file is empty | …"}},
		{"Shift_JIS", sjis, []string{"2:8 error: not UTF-8; it looks like Shift_JIS (ANSI, code page 932) | save it as UTF-8: in Notepad, File > Save as > Encoding; in VS Code, the encoding in the status bar > Reopen with Encoding > Japanese (Shift JIS), then Save with Encoding > UTF-8"}},
		{"Latin 1", "---\ntitle: \xfc\xff\n", []string{"2:8 error: not UTF-8: byte 0xFC | save it as UTF-8…"}},
		{"UTF-16 LE", "\xff\xfe-\x00-\x00", []string{"0:0 error: the file is UTF-16 LE, not UTF-8 | save it as UTF-8…"}},
		{"UTF-16 BE", "\xfe\xff\x00-\x00-", []string{"0:0 error: the file is UTF-16 BE, not UTF-8 | save it as UTF-8…"}},
		{"UTF-16 LE without a mark", "-\x00-\x00-\x00", []string{"0:0 error: the file is UTF-16 LE, not UTF-8 | save it as UTF-8…"}},
		{"NUL", goodFront + "a\x00b", []string{"7:2 error: NUL byte: this is not a text file | write the article in a text editor and save it as UTF-8"}},
		{"control character", goodFront + "あ\x1bb\x1b", []string{"7:2 error: control character U+001B | delete it; it is invisible in most editors"}},
		{"too big", goodFront + strings.Repeat("a", 1<<20), []string{"0:0 error: the file has 1048663 bytes, more than the 1048576 allowed | split the article"}},
		{"too much markup", goodFront + strings.Repeat("_a", 10000), []string{"7:1 error: too much markup for one article | …"}},
		{"front matter too big", "---\ntitle: " + strings.Repeat("a", 1<<17) + "\n---\n", []string{"2:1 error: the front matter has 131080 bytes, more than the 65536 allowed | move the text into the body"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, ms := Parse("content/ja/test-a.md", []byte(test.file), testChecks())
			wantMessages(t, ms, test.want)
			if a == nil || a.Slug != "test-a" {
				t.Fatalf("no article for a good path: %+v", a)
			}
			a.Render(testPage())
			CheckSet([]*Article{a})
		})
	}
}

func TestManyMessages(t *testing.T) {
	_, ms := Parse("content/ja/test-a.md", []byte(goodFront+strings.Repeat("x {check=y} **\n\n", 500)), testChecks())
	if len(ms) != 2*maxMessages+2 || Errors(ms) != maxMessages+1 {
		t.Errorf("got %d messages, %d errors", len(ms), Errors(ms))
	}
}

func TestPaths(t *testing.T) {
	const hint = "use 3 to 64 of a-z, 0-9 and -, such as rdp-credssp"
	form := func(name string) string {
		return fmt.Sprintf("the name %q is not 3 to 64 of a-z, 0-9 and - with no hyphen at either end", name)
	}
	const place = "an article lies directly in a language's folder | put it at content/ja/NAME.md or content/en/NAME.md"
	for path, want := range map[string]string{
		"content/ja/rdp.md":                             "",
		"content/en/a-1.md":                             "",
		"content/ja/" + strings.Repeat("a", 64) + ".md": "",
		"content/ja/" + strings.Repeat("a", 65) + ".md": form(strings.Repeat("a", 65)) + " | rename it to " + strings.Repeat("a", 64) + ".md",
		"content/ja/ab.md":                              form("ab") + " | rename it to ab-error.md",
		"content/ja/-ab.md":                             form("-ab") + " | rename it to ab-error.md",
		"content/ja/abc-.md":                            form("abc-") + " | rename it to abc.md",
		"content/ja/Foo Bar.md":                         form("Foo Bar") + " | rename it to foo-bar.md",
		"content/ja/Rdp.md":                             form("Rdp") + " | rename it to rdp.md",
		"content/ja/エラー.md":                             form("エラー") + " | " + hint,
		"content/ja/Ü.md":                               form("Ü") + " | " + hint,
		"content/ja/Über.md":                            form("Über") + " | rename it to uber.md",
		"content/ja/CON.md":                             `the name "CON" is reserved by Windows | rename it to con-error.md`,
		"content/ja/lpt9.md":                            `the name "lpt9" is reserved by Windows | rename it to lpt9-error.md`,
		"content/ja/tags.md":                            `the name "tags" is reserved by the site | rename it to tags-error.md`,
		"content/ja/404.md":                             `the name "404" is reserved by the site | rename it to 404-error.md`,
		"content/ja/windows-amd64.md":                   `the name "windows-amd64" is reserved by the probe | rename it to windows-amd64-error.md`,
		"content/ja/.md":                                form("") + " | " + hint,
		"content/ja/rdp.txt":                            "an article's name ends in .md | rename it",
		"content/fr/rdp.md":                             place,
		"content/ja/sub/rdp.md":                         place,
		"rdp.md":                                        place,
		"":                                              place,
	} {
		a, ms := Parse(path, []byte(goodFront+allSections), testChecks())
		got := ""
		if len(ms) > 0 {
			got = ms[0].Text + " | " + ms[0].Hint
		}
		if got != want || len(ms) > 1 {
			t.Errorf("%s:\n got %q %d\nwant %q", path, got, len(ms), want)
		}
		if (a == nil) != (want != "") {
			t.Errorf("%s: article %v", path, a)
		}
	}
}
