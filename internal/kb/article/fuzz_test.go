package article

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"kbgen/internal/kb/check"
)

// checkMessages fails if a message names a place that the file does not have.
func checkMessages(t *testing.T, raw string, ms []Message) {
	t.Helper()
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(raw, "\ufeff"))
	lines := strings.Split(text, "\n")
	for _, m := range ms {
		switch {
		case m.Text == "" || m.Hint == "" || m.Path == "":
			t.Errorf("incomplete: %+v", m)
		case m.Line == 0 && m.Column == 0 && m.Source == "":
		case m.Line < 1 || m.Line > len(lines) || m.Column < 1:
			t.Errorf("no such place: %+v", m)
		case utf8.ValidString(text) && m.Column > utf8.RuneCountInString(lines[m.Line-1])+1:
			t.Errorf("column beyond the line: %+v", m)
		}
		_ = m.String()
	}
}

func FuzzFrontMatter(f *testing.F) {
	for _, seed := range []string{
		"title: t\nerrorText: e\ntags: [a]\nupdatedAt: 2025-01-02", "title: RDP: x", "tags: Windows\nupdatedAt: yesterday",
		"title: &a x\nrelated: *a", "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]", "title: \"C:\\x\"", "title: |\n  a\n  b", "\ttitle: x",
		"? [a]\n: b", "title: 't", "tags: [a, [b]", "errorText:\n- 0x80070005\n- ~", "title: !!binary x", "<<: {a: b}", "title: あ #い", "...\n",
		"title: a\u2028b: c", "title: {{x}}", "%YAML 1.2\n--- x", "title: x\ntitle: y", "draft: yes\nseverity: High\nlang: en\nlayout: z",
	} {
		f.Add(seed)
	}
	checks := testChecks()
	f.Fuzz(func(t *testing.T, front string) {
		raw := "---\n" + front + "\n---\n## 要約\n"
		a, ms := Parse("content/ja/test-a.md", []byte(raw), checks)
		checkMessages(t, raw, ms)
		if Errors(ms) == 0 && (a.Title == "" || len(a.ErrorTexts) == 0 || len(a.Tags) == 0 || a.UpdatedAt.IsZero()) {
			t.Errorf("no error, but incomplete: %+v", a)
		}
	})
}

func FuzzMarker(f *testing.F) {
	for _, seed := range []string{
		"{check=os.version}", `{check=access.path-acl path="%TEMP%"}`, `{check=access.path-acl path='C:\a "b"'}`, "{check", "{check=", "{check}",
		`{check=x a="1" a="2"}`, "{ check = x }", "｛check＝x｝", "{check=x}{check=y}", `{check=x a="}`, "`{check=x}`", `\{check=x}`, "{check=x} y",
		"{CHECK=x}", "``{check=x}`", "{check=x\ty='z'}", `{check=access.path-acl path="C:\*_` + "`" + `<&amp;"}`,
	} {
		f.Add(seed)
	}
	checks := testChecks()
	f.Fuzz(func(t *testing.T, marker string) {
		m, problem := scanMarker(marker)
		if m.end > len(marker) || problem != nil && (problem.at < 0 || problem.at > len(marker) || problem.text == "" || problem.hint == "") {
			t.Fatalf("%+v %+v", m, problem)
		}
		if problem == nil && !strings.HasPrefix(marker, "{check="+m.id) {
			t.Fatalf("%q read as %+v", marker, m)
		}
		for _, p := range m.params {
			if !strings.Contains(marker, p.name+`="`+p.value+`"`) && !strings.Contains(marker, p.name+`='`+p.value+`'`) {
				t.Fatalf("the value %q is not in %q", p.value, marker)
			}
		}
		raw := goodFront + "- あ " + marker + "\n"
		a, ms := Parse("content/ja/test-a.md", []byte(raw), checks)
		checkMessages(t, raw, ms)
		// What a writer reads in the note on translations is a marker again.
		for _, s := range a.Steps {
			again, problem := scanMarker("{check=" + markerText(s) + "}")
			if problem == nil && (again.id != s.Check || cmp.Diff(again.args(), s.Args) != "") {
				t.Fatalf("%q became %+v", markerText(s), again)
			}
		}
	})
}

// fuzzFiles are whole files, fuzzBodies what follows good front matter.
var (
	fuzzFiles = []string{
		"", "\ufeff", "\xff\xfe-\x00", goodFront, goodFront + allSections, "---\n---", "---", "+++\n", "\r---\r\ntitle: x\r---\r**「あ」**い\r",
	}
	fuzzBodies = []string{
		allSections, "- a {check=os.version}\n  ===\n", "1) a {check=os.version}\n   b\n\n   > - c {check=os.edition}\n     d",
		"| a |\n|:-:|\n| `x\\|y` {check=a} |\n", "[a]: b.md\n[a] ![a] <b> &amp; **あ\n<!-- x\n", "あhttps://a.jp/x(y)。\n⚠ い\n",
		"- [ ] a\n-\tb {check=x\n\n  ```cmd\n  c\n  ```\n", "a {check=os.version}\n---\n* * *\n##\n# #\n",
		"![](a.png)[![x](b.png)](c.md#d \"e\")\n\n## 関連ケース\n- a\n- *b*\n", "\\\n&#0;&#x1F600;\n\\`{check=x}`\n",
		"## 原因\n\n1. `os.version` [`os.version-2`](#os.version)\n   - a {check=os.version}\n\n`os.edision`\n",
		"```cmd\nset K=HKLM\\X\nreg add \"%K%\" ^\n /v A /d 1 & icacls \"C:\\Path\\To\" /reset\nping <server> server01\n```\n\n元に戻す:\n\n    reg add HKLM\\X /v A\n",
		"- x\n\n\t```powershell\n\t$k = 'HKCU:\\X'\n\tSet-ItemProperty $k -Name A `\n\t -Value 1 # x\n\tGet-Service 'a, b\n",
		"# x\n\n## 参考\n\n- [Windows Update の資格情報](https://a.jp/a-b) <https://a.jp/takeown>\nhttps://a.jp/%\n",
	}
)

func FuzzParse(f *testing.F) {
	for _, seed := range fuzzFiles {
		f.Add([]byte(seed), false)
	}
	for _, seed := range fuzzBodies {
		f.Add([]byte(seed), true)
	}
	checks := testChecks()
	f.Fuzz(func(t *testing.T, raw []byte, body bool) {
		if body {
			raw = append([]byte(goodFront), raw...)
		}
		checkParse(t, raw, checks)
	})
}

// TestRandomBodies puts pieces of Markdown together at random: a fuzzer that
// changes bytes seldom comes to nested blocks.
func TestRandomBodies(t *testing.T) {
	pieces := strings.Split("- |1. |> |  |\n|\n\n|## |### |a|あ|。|「|」|(|)|**|*|_|__|~~|`|```\n|```cmd\n|[|]|](x.md)|](#a)|](https://a.jp)|![|](p.png)|<b>|<!--|-->|&amp;|\\|"+
		"{check=os.version}|{check=access.path-acl path=\"C:\\*\"}|{check=x|{check|\t|===\n|---\n|[a]: b\n|https://a.jp/x|⚠ |関連ケース|要約|<https://a.jp>|`os.version`|## 原因\n|## 参考\n|```powershell\n|reg add HKLM\\X /v A\n|icacls <x> /reset\n|ping server01\n|:|\"| ", "|")
	pieces = append(pieces, "| a |\n|---|\n", "|")
	checks := testChecks()
	random := rand.New(rand.NewPCG(1, 2))
	for range 4000 {
		var b strings.Builder
		b.WriteString(goodFront)
		for range 1 + random.IntN(30) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		checkParse(t, []byte(b.String()), checks)
		if t.Failed() {
			t.Fatalf("the article: %q", b.String())
		}
	}
}

// checkParse fails if what holds for every file does not hold for raw.
func checkParse(t *testing.T, raw []byte, checks check.Catalogue) {
	t.Helper()
	const path = "content/ja/test-a.md"
	a, ms := Parse(path, raw, checks)
	checkMessages(t, string(raw), ms)
	b, again := Parse(path, raw, checks)
	parts, set := a.Render(testPage()), CheckSet([]*Article{a})
	checkMessages(t, string(raw), set)
	if diff := cmp.Diff(ms, again); diff != "" {
		t.Errorf("messages differ: %s", diff)
	}
	if diff := cmp.Diff(parts, b.Render(testPage())); diff != "" {
		t.Errorf("HTML differs: %s", diff)
	}
	if a.Markdown() != b.Markdown() {
		t.Error("the Markdown differs")
	}
	ids := map[string]bool{}
	for i, s := range a.Steps {
		if s.Number != i+1 || ids[s.Anchor] || s.Title != strings.TrimSpace(s.Title) {
			t.Errorf("step %+v", s)
		}
		ids[s.Anchor] = true
	}
	for _, s := range a.Sections {
		if s.ID == "" || ids[s.ID] {
			t.Errorf("section %+v", s)
		}
		ids[s.ID] = true
	}
	for _, part := range parts {
		checkHTML(t, string(part.HTML), strings.Contains(string(raw), "style"))
	}
}

var (
	tagPattern = regexp.MustCompile(`<(/?)([a-z][a-z0-9]*)([^<>]*)>`)
	idPattern  = regexp.MustCompile(` id="([^"]*)"`)
)

// checkHTML fails if tags are not nested, if an ID is there twice, or if
// there is what the site's security policy forbids.
func checkHTML(t *testing.T, html string, styles bool) {
	t.Helper()
	var open []string
	ids := map[string]bool{}
	for _, m := range tagPattern.FindAllStringSubmatch(html, -1) {
		closing, tag := m[1] == "/", m[2]
		if id := idPattern.FindStringSubmatch(m[3]); id != nil {
			if ids[id[1]] {
				t.Errorf("the ID %q is there twice: %s", id[1], html)
			}
			ids[id[1]] = true
		}
		switch {
		case slices.Contains([]string{"img", "br", "hr", "input"}, tag):
		case !closing:
			open = append(open, tag)
		case len(open) == 0 || open[len(open)-1] != tag:
			t.Errorf("</%s> where %v is open: %s", tag, open, html)
			return
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 || strings.Count(html, "<") != len(tagPattern.FindAllString(html, -1)) {
		t.Errorf("not well-formed, %v is open: %s", open, html)
	}
	lower := strings.ToLower(html)
	if strings.Contains(lower, "<script") || strings.Contains(lower, `="javascript:`) || !styles && strings.Contains(lower, " style=") {
		t.Errorf("unsafe: %s", html)
	}
}
