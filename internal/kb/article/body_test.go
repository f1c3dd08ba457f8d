package article

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kbgen/internal/kb/check"
)

// TestMarkerProblems shows each text with goodFront before it: line 7 is the
// first of the body.
func TestMarkerProblems(t *testing.T) {
	const (
		form  = `write {check=ID name="value"}`
		tick  = "; to show it as text, put it in a code span"
		stray = "write it at the end of the first line of a list item: - Check the setting: {check=ID}" + tick
		end   = "put the marker at the end of the list item's first line" + tick
	)
	tests := []struct {
		name, body string
		want       []string
	}{
		{"unknown ID", "- 設定: {check=credssp.encryption-oracl}", []string{`7:14 error: there is no check "credssp.encryption-oracl" | did you mean credssp.encryption-oracle?`}},
		{"unknown ID in upper case", "- a: {check=OS.Version}", []string{`7:13 error: there is no check "OS.Version" | did you mean os.version?`}},
		{"unknown ID far from any", "- a: {check=x}", []string{`7:13 error: there is no check "x" | kbgen checks lists the IDs`}},
		{"unknown parameter", `- a: {check=access.path-acl path="C:\a" pth="x"}`, []string{`7:41 error: parameter "pth" is unknown | did you mean "path"?`}},
		{"parameter of a check without any", `- a: {check=os.version path="C:\a"}`, []string{`7:24 error: parameter "path" is unknown | os.version takes no parameters`}},
		{"missing parameter", "- a: {check=access.path-acl}", []string{`7:6 error: parameter "path" is missing | write path="…" in the marker`}},
		{"bad value", `- a: {check=access.path-acl path="\\server\share"}`, []string{`7:35 error: parameter "path" must be a local path | a check never asks a network share; write a path such as C:\Folder or %TEMP%`}},
		{"empty value", `- a: {check=access.path-acl path=""}`, []string{`7:35 error: parameter "path" is empty | give a value or leave the parameter out`}},
		{"value that is no option", `- a: {check=access.path-acl path="C:\a" access='write '}`, []string{`7:49 error: parameter "access" cannot be "write " | use one of read, write`}},
		{"parameter twice", `- a: {check=access.path-acl path="C:\a" path="C:\b"}`, []string{`7:41 error: the parameter "path" is there twice | delete one`}},
		{"several at once", `- a: {check=access.path-acl path="x" path="y" z="1"}`, []string{
			`7:35 error: parameter "path" must be a local path | …`,
			`7:38 error: the parameter "path" is there twice | delete one`,
			`7:47 error: parameter "z" is unknown | access.path-acl takes path, access`,
		}},
		{"open quote", `- a: {check=access.path-acl path="C:\a}`, []string{`7:34 error: the value of "path" has no closing quote | end it with "`}},
		{"open single quote", `- a: {check=access.path-acl path='C:\a"}`, []string{`7:34 error: the value of "path" has no closing quote | end it with '`}},
		{"open brace", "- あ: {check=os.version", []string{"7:6 error: the check marker is not closed | end it with }"}},
		{"open brace behind a parameter", `- a: {check=access.path-acl path="C:\a"`, []string{"7:6 error: the check marker is not closed | end it with }"}},
		{"open brace behind an equals sign", `- a: {check=access.path-acl path=`, []string{"7:6 error: the check marker is not closed | end it with }"}},
		{"no ID", "- a: {check=}", []string{"7:13 error: the check marker has no ID | " + form + "; kbgen checks lists the IDs"}},
		{"no equals sign", "- a: {check}", []string{"7:12 error: the check marker has no ID | …"}},
		{"colon", "- a: {check:os.version}", []string{"7:12 error: the check marker has ':' where = should be | " + form}},
		{"space before =", "- a: {check =os.version}", []string{"7:12 error: a space in the check marker where none can be | " + form + ", without spaces around ="}},
		{"space behind =", "- a: {check= os.version}", []string{"7:13 error: a space in the check marker where none can be | …"}},
		{"space behind {", "- a: { check=os.version}", []string{"7:7 error: a space in the check marker where none can be | …"}},
		{"space around a parameter's =", `- a: {check=access.path-acl path = "C:\a"}`, []string{"7:33 error: a space in the check marker where none can be | …"}},
		{"space before a value", `- a: {check=access.path-acl path= "C:\a"}`, []string{"7:34 error: a space in the check marker where none can be | …"}},
		{"upper case", "- a: {Check=os.version}", []string{"7:7 error: check must be in lower case | " + form}},
		{"full-width brace", "- a: ｛check=os.version}", []string{`7:6 error: '｛' in the check marker | use half-width characters and straight quotes: ` + form}},
		{"full-width closing brace", "- a: {check=os.version｝", []string{`7:23 error: '｝' in the check marker | …`}},
		{"full-width equals sign", "- a: {check＝os.version}", []string{`7:12 error: '＝' in the check marker | …`}},
		{"full-width space", "- a: {check=os.version　}", []string{`7:23 error: '\u3000' in the check marker | …`}},
		{"curly quotes", "- a: {check=access.path-acl path=“C:\\a”}", []string{`7:34 error: '“' in the check marker | use half-width…`}},
		{"quoted ID", `- a: {check="os.version"}`, []string{"7:13 error: a check ID has no quotes | " + form}},
		{"bare value", `- a: {check=access.path-acl path=C:\a}`, []string{`7:34 error: the value of "path" is not in quotes | write path="…"`}},
		{"parameter without a value", `- a: {check=access.path-acl path}`, []string{`7:29 error: the parameter "path" has no value | write path="…"`}},
		{"comma", `- a: {check=access.path-acl, path="C:\a"}`, []string{"7:28 error: the check marker has ',' where a space or } should be | " + form}},
		{"no space between parameters", `- a: {check=access.path-acl path="C:\a"x="b"}`, []string{"7:40 error: the check marker has 'x' where a space or } should be | …"}},
		{"text behind it", "- a {check=os.version} です。", []string{"7:24 error: text after the check marker | " + end}},
		{"two in a line", "- a {check=os.version} {check=os.edition}", []string{"7:24 error: a second check marker in one line | give each check a list item of its own"}},
		{"two, the second malformed", "- a {check=os.version}{check os}", []string{"7:23 error: a second check marker in one line | …"}},
		{"no words", "- {check=os.version}", []string{"7:3 error: the check marker has no words before it | say what the reader does: - Check the setting: {check=ID}"}},
		{"second line", "- a\n  {check=os.version}", []string{"8:3 error: a check marker that does not end the first line of its list item | " + stray}},
		{"second paragraph", "- a\n\n  b {check=os.version}", []string{"9:5 error: a check marker that does not end the first line of its list item | " + stray}},
		{"paragraph", "設定 {check=os.version}", []string{"7:4 error: a check marker on a paragraph | " + stray}},
		{"heading", "## 要約 {check=os.version}", []string{"7:7 error: a check marker on a heading | " + stray}},
		{"heading in an item", "- ## a {check=os.version}", []string{"7:8 error: a check marker on a heading | " + stray}},
		{"underlined heading", "a {check=os.version}\n===", []string{"7:3 error: a check marker on a heading | " + stray, "7:1 warning: a heading of level 1 in the body | …"}},
		{"underlined heading in an item", "- a {check=os.version}\n  ---", []string{"7:5 error: a check marker on a heading | " + stray}},
		{"link's address", "- [a]: b {check=os.version}", []string{"7:10 error: the check marker has no words before it | …"}},
		{"table", "| a |\n|---|\n| x {check=os.version} |", []string{"9:5 error: a check marker in a table | " + stray}},
		{"quotation", "> a {check=os.version}", []string{"7:5 error: a check marker in a quotation | " + stray}},
		{"quotation in an item", "- > a {check=os.version}", []string{"7:7 error: a check marker in a quotation | " + stray}},
		{"link text", "- [a {check=os.version}](#x)", []string{"7:24 error: text after the check marker | " + end}},
		{"code span", "- a `{check=x}` と ``b ` {check=y}``\n\n`{check=z}`\n\n- `c\n  {check=x}`", nil},
		{"code block", "- a\n  ```\n  - {check=x}\n  ```\n\n      - {check=x}\n\n```\n{check=x}\n```", nil},
		{"backtick that opens nothing", "- a ` {check=x}", []string{`7:14 error: there is no check "x" | …`}},
		{"escaped", `- a \{check=x}`, nil},
		{"not a marker", "- a {checkbox=x} {id=x} {}", nil},
		{"tab indentation", "-\ta\n\n\t- b {check=x}", []string{`9:13 error: there is no check "x" | …`}},
		{"CRLF", "- 設定: {check=x}\r\n\r\n- a {check=y}", []string{`7:14 error: there is no check "x" | …`, `9:12 error: there is no check "y" | …`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a, ms := Parse("content/ja/test-a.md", []byte(goodFront+test.body), testChecks())
			if len(test.want) == 2 && strings.Contains(test.want[1], ":1 ") { // sorted by column
				test.want[0], test.want[1] = test.want[1], test.want[0]
			}
			wantMessages(t, ms, test.want)
			if len(a.Steps) != 0 {
				t.Errorf("steps in spite of errors: %v", a.Steps)
			}
		})
	}
}

func TestSteps(t *testing.T) {
	const text = `
## 要約

1. **設定**を ` + "`reg`" + ` で確認： {check=credssp.encryption-oracle}
   - 権限: {check=access.path-acl path="C:\Program Files\*"}
2) もう一度確認 : {check=credssp.encryption-oracle}  
   続き
`
	a, ms := Parse("content/ja/test-a.md", []byte(goodFront+text), testChecks())
	wantMessages(t, ms, nil)
	want := []Step{
		{1, "credssp.encryption-oracle", "credssp.encryption-oracle", nil, "設定を reg で確認", 10, 23},
		{2, "access.path-acl", "access.path-acl", check.Args{"path": `C:\Program Files\*`}, "権限", 11, 10},
		{3, "credssp.encryption-oracle-2", "credssp.encryption-oracle", nil, "もう一度確認", 12, 13},
	}
	if diff := cmp.Diff(want, a.Steps); diff != "" {
		t.Error(diff)
	}
}

func TestSections(t *testing.T) {
	const text = `
## Summary
## 要　約（二度目）
## ６０秒で確認 (最短手順) （補足）
## CHECK  IN 60 seconds:
## 再発防止チェックリスト
## よくある落とし穴
## 設定 手順
## 設定 手順
## Setup
`
	a, ms := Parse("content/ja/test-a.md", []byte(goodFront+text), testChecks())
	wantMessages(t, ms, []string{
		`9:1 error: the section 要約 (summary) is there twice | merge the two`,
		`11:1 error: the section 60秒で確認 (check60) is there twice | merge the two`,
		"13:1 warning: the section よくある落とし穴 stands after 再発防止 | readers expect 要約, よくある原因, 60秒で確認, 5分で解決, 根本対策, 詳細手順, よくある落とし穴, 再発防止, 関連ケース, 参考",
	})
	var got []string
	for _, s := range a.Sections {
		got = append(got, s.ID+"="+string(s.Role))
	}
	want := "summary=summary 要-約二度目= check60=check60 check-in-60-seconds= prevention=prevention pitfalls=pitfalls 設定-手順= 設定-手順-2= setup="
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
}

// Every name in the table is found, in both languages, and each role has one.
func TestSectionNames(t *testing.T) {
	for i, s := range sectionNames {
		if s.role != Roles()[i] {
			t.Errorf("row %d is %s, want %s", i, s.role, Roles()[i])
		}
		for _, name := range append(s.ja, s.en...) {
			if got := roles[headingKey(name+"（x）")]; got != s.role {
				t.Errorf("%q is %q, want %q", name, got, s.role)
			}
		}
		if s.role.Heading(check.JA) != s.ja[0] || s.role.Heading(check.EN) != s.en[0] {
			t.Errorf("Heading of %s", s.role)
		}
	}
}

func TestHeadingIDs(t *testing.T) {
	const text = "## Causes\n### a.b C_d-e\n### causes\n### summary\n### ⚠\n### 60\n### 「設定」を (GUI) で\n### カ\u3099\n- a {check=os.version}\n\n### os.version\n### a-2\n### a\n### a\n"
	a, _ := Parse("content/ja/test-a.md", []byte(goodFront+text), testChecks())
	for _, id := range []string{"causes", "ab-c_d-e", "causes-2", "summary-2", "section", "60", "設定を-gui-で", "ガ", "os.version", "osversion", "a-2", "a", "a-3"} {
		if !a.doc.anchors[id] {
			t.Errorf("no %q in %v", id, a.doc.anchors)
		}
	}
	if len(a.doc.anchors) != 13 {
		t.Errorf("%d anchors: %v", len(a.doc.anchors), a.doc.anchors)
	}
}

func TestBodyProblems(t *testing.T) {
	const addresses = "link to an article as other.md, ../en/other.md or #section, to the web as https://…"
	tests := []struct {
		name, body string
		want       []string
	}{
		{"level 1", "# 題\n\n## 要約", []string{"7:1 warning: a heading of level 1 in the body | the title comes from the front matter; write ## for a section"}},
		{"skipped level", "## 要約\n\n#### 細目\n\n##### 次", []string{"9:1 warning: a heading of level 4 after one of level 2 | write ###"}},
		{"empty heading", "##\n\n###", []string{"7:1 error: a heading without words | write the section's name, or delete it"}},
		{"HTML", "a <b>c</b>\n<username>\n\n<div>\n\n<!-- x -->\n<!-- y --> z\n", []string{
			"7:3 warning: HTML is shown as text: <b> | write it in Markdown; put a placeholder in a code span (`<name>`)",
			"8:1 warning: HTML is shown as text: <username> | …",
			"10:1 warning: HTML is shown as text: <div> | …",
			"13:1 warning: HTML is shown as text: z | …",
		}},
		{"literal asterisks", "あ **い\n\n**う と ** え\n\n`**` TERMSRV/** \\*\\*\n\n```\n**\n```", []string{
			"7:3 warning: ** is shown as it is: it makes nothing bold here | close it, delete it, or put the text in a code span (`TERMSRV/**`)",
			"9:1 warning: ** is shown as it is: it makes nothing bold here | …",
			"11:14 warning: ** is shown as it is: it makes nothing bold here | …",
		}},
		{"scheme", "[a](javascript:x) [b](ftp://x/y) [c](C:/x)", []string{
			"7:1 error: a link cannot begin with javascript: | " + addresses + "; put anything else in a code span",
			"7:19 error: a link cannot begin with ftp: | …",
			"7:34 error: a link cannot begin with c: | …",
		}},
		{"disguised scheme", "[a](&#106;avascript:x)", []string{"7:1 error: a link cannot begin with javascript: | …"}},
		{"mail", "[a](mailto:user@example.com) <user@example.com> user@example.com", []string{
			"7:1 error: a link cannot be a mail address | put the address in a code span",
			"7:31 error: a link cannot be a mail address | …",
		}},
		{"bracketed path", `<HKLM:\Software>`, []string{`7:2 error: "HKLM:\\Software" is not an address | ` + addresses + "; put a path or a placeholder in a code span"}},
		{"no scheme", "[a](//example.com/x)", []string{"7:1 error: the link has no scheme | write https://example.com/x"}},
		{"from the root", "[a](/ja/other/)", []string{`7:1 error: the link "/ja/other/" leads neither to an article nor to the web | ` + addresses}},
		{"other files", "[a](other.txt) [b](sub/other.md) [c](../other.md) [d](other.md?x) [e]()", []string{
			`7:1 error: the link "other.txt" leads neither…`,
			`7:16 error: the link "sub/other.md" leads neither…`,
			`7:34 error: the link "../other.md" leads neither…`,
			`7:51 error: the link "other.md?x" leads neither…`,
			`7:67 error: the link "" leads neither…`,
		}},
		{"backslash", `[a](..\en\other.md)`, []string{`7:1 error: "..\\en\\other.md" is not an address | …`}},
		{"reference", "[a]\n\n[a]: data:text/html,x", []string{"7:1 error: a link cannot begin with data: | …"}},
		{"picture elsewhere", "![a](https://example.com/a.png)", []string{"7:1 error: the picture is not beside the article | the site loads nothing from elsewhere; put the picture beside the article and write ![what it shows](picture.png)"}},
		{"picture outside", "あ![a](../en/a.png) ![b](x/../../a.png)", []string{"7:2 error: the picture is outside the article's folder | …", "7:20 error: the picture is outside the article's folder | …"}},
		{"picture type", "![a](a.svg) ![a](a) ![a](a.PNG)", []string{`7:1 error: a picture cannot be a ".svg" file | use png, jpg, gif or webp`, `7:13 error: a picture cannot be a "" file | …`}},
		{"picture path", "![a](/a.png) ![b](a.png?x) ![c](x\\a.png) ![d]()", []string{
			`7:1 error: "/a.png" is not a picture's path | …`,
			`7:14 error: "a.png?x" is not a picture's path | …`,
			`7:28 error: the picture's path "x\\a.png" has a backslash | write / instead`,
			`7:42 error: "" is not a picture's path | …`,
		}},
		{"picture name", "![a](a%00.png) ![b](a%3Ab.png)", []string{`7:1 error: "a\x00.png" cannot be a file's name on Windows | rename the picture`, `7:16 error: "a:b.png" cannot be…`}},
		{"picture without words", "![](a.png) ![x](a.png) ![](b.jpeg)", []string{
			"7:1 warning: the picture has no description | write what it shows: ![the dialog with the error](a.png)",
			"7:24 warning: the picture has no description | …",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, ms := Parse("content/ja/test-a.md", []byte(goodFront+test.body), testChecks())
			wantMessages(t, ms, test.want)
		})
	}
}

func TestLinksAndImages(t *testing.T) {
	const text = "[a](other.md) ![x](p.png) [b](./other.md#s) ![y](sub/q.gif)\n[c](../en/third.md#%E8%A6%81) [d](#here) [![z](p.png)](other.md) [e](https://example.com)"
	a, ms := Parse("content/ja/test-a.md", []byte(goodFront+text), testChecks())
	wantMessages(t, ms, nil)
	if diff := cmp.Diff([]Link{
		{check.JA, "other", "", 7, 1},
		{check.JA, "other", "s", 7, 27},
		{check.EN, "third", "要", 8, 1},
		{check.JA, "test-a", "here", 8, 31},
		{check.JA, "other", "", 8, 42},
	}, a.Links); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Image{{"content/ja/p.png", 7, 15}, {"content/ja/sub/q.gif", 7, 45}}, a.Images); diff != "" {
		t.Error(diff)
	}
}

func TestLints(t *testing.T) {
	_, ms := Parse("content/en/test-a.md", []byte(goodFront+"## Summary\n\nx\n"), testChecks())
	want := []string{
		"0:0 warning: no step has a check, so the probe cannot help with this error | end a list item with {check=ID}; kbgen checks lists the IDs",
		"0:0 warning: sections are missing: Common causes, Check in 60 seconds, Fix in 5 minutes, Permanent fix, Detailed steps, Common pitfalls, Prevention, Related cases, References | write each as a heading: ## Common causes",
	}
	var got []string
	for _, m := range ms {
		got = append(got, brief(m))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestErrorTextLikeTitle(t *testing.T) {
	const rest = "tags: [a]\nupdatedAt: 2025-01-02\n---\n"
	const warning = " warning: errorText is the same as the title | write the message word for word as it is seen on the screen, with its code"
	for front, want := range map[string][]string{
		"title: RDP エラー\nerrorText: RDP エラー\n":                                 {"3:12" + warning},
		"title: 'RDP エラー: ＣｒｅｄＳＳＰ'\nerrorText:\n  - x\n  - rdpエラー（CredSSP）。\n": {"5:5" + warning},
		"title: RDP エラー\nerrorText: RDP エラー 0x5\n":                             nil,
		"title: ！\nerrorText: ？\n":                                             nil,
	} {
		_, ms := Parse("content/ja/test-a.md", []byte("---\n"+front+rest), testChecks())
		wantMessages(t, ms, want)
	}
}
