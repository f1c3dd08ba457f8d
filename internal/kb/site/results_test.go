package site

import (
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/plan"
	"kbgen/templates"
	"kbgen/templates/i18n"
)

// withCauses is the fixture with causes that name their steps.
func withCauses(t *testing.T) map[string]string {
	t.Helper()
	in := fixture(t)
	in.Drafts = true
	files := rendered(t, mustBuild(t, withoutBase(in)))
	for name, causes := range map[string][]string{
		"en/temp-folder-denied/index.html": {"Permissions were lost.", "access.path-acl access.elevation"},
		"ja/temp-folder-denied/index.html": {"アクセス許可が失われている。", "access.path-acl access.elevation"},
	} {
		item := regexp.MustCompile(`<li( class="cause")?>` + causes[0])
		if !item.MatchString(files[name]) {
			t.Fatalf("%s lacks the cause", name)
		}
		files[name] = item.ReplaceAllString(files[name], `<li class="cause" data-steps="`+causes[1]+`">`+causes[0]+
			` <a href="#access.path-acl"><code>access.path-acl</code></a></li><li class="cause" data-steps="access.temp-writable"><strong>No folder.</strong> Or no disk.`)
	}
	return files
}

type object = map[string]any

// found is a step of a fragment with one finding.
func found(anchor, finding string, values object) object {
	return object{"a": anchor, "f": []any{object{"i": finding, "x": values}}}
}

// words are what pages in one language say.
type words struct {
	*testing.T
	lang check.Lang
	page i18n.Messages
}

func wordsOf(t *testing.T, lang check.Lang) words {
	t.Helper()
	src, err := fs.ReadFile(templates.Files(), "i18n/site."+string(lang)+".yaml")
	if err != nil {
		t.Fatal(err)
	}
	page, err := i18n.Parse(string(src))
	if err != nil {
		t.Fatal(err)
	}
	return words{t, lang, page}
}

// finding is a finding of a check, or of every check, as the catalogue has it.
func (w words) finding(id, finding string) check.Finding {
	w.Helper()
	c, ok := check.All().Find(id)
	if !ok {
		w.Fatalf("no check %q", id)
	}
	f, ok := c.Finding(finding)
	if !ok {
		w.Fatalf("%s has no finding %q", id, finding)
	}
	return f
}

// fill is a text of the catalogue with values in their places, and … in those
// of other values.
func (w words) fill(text check.Text, namesAndValues ...string) string {
	w.Helper()
	filled := text.In(w.lang)
	for i := 0; i < len(namesAndValues); i += 2 {
		if !strings.Contains(filled, "{"+namesAndValues[i]+"}") {
			w.Fatalf("%q has no place for %s", filled, namesAndValues[i])
		}
		filled = strings.ReplaceAll(filled, "{"+namesAndValues[i]+"}", namesAndValues[i+1])
	}
	return regexp.MustCompile(`\{[a-z-]+\}`).ReplaceAllString(filled, "…")
}

// said is what a finding says.
func (w words) said(id, finding string, namesAndValues ...string) string {
	w.Helper()
	return w.fill(w.finding(id, finding).Text, namesAndValues...)
}

func (w words) verdicts(of ...check.Verdict) string {
	var list []string
	for _, v := range of {
		list = append(list, w.page.Text("verdict."+string(v)))
	}
	return strings.Join(list, " / ")
}

// counts are the numbers of problems, warnings, unknown, ok and n/a.
func (w words) counts(of ...int) string {
	var list []string
	for i, v := range []check.Verdict{check.Problem, check.Warning, check.Unknown, check.OK, check.NotApplicable} {
		list = append(list, w.verdicts(v)+" "+strconv.Itoa(of[i]))
	}
	return strings.Join(list, " ")
}

func fragmentOf(t *testing.T, content any) string {
	t.Helper()
	data, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	return "#kbprobe=1." + base64.RawURLEncoding.EncodeToString(data)
}

func tempFolderResults(t *testing.T) object {
	t.Helper()
	in := fixture(t)
	in.Cache = &Cache{}
	l, _, err := load(in)
	if err != nil {
		t.Fatal(err)
	}
	return object{
		"slug": "temp-folder-denied", "plan": plan.Hash("temp-folder-denied", planSteps(l.bySlug["temp-folder-denied"])),
		"os": "10.0.26200.7092", "time": 1795300000,
		"steps": []any{
			found("access.temp-writable", "temp-missing", object{"path": `D:\Temp`}),
			found("access.path-acl", "denied", object{"what": `C:\Temp`}),
			found("access.elevation", "standard-user", object{"integrity": "medium"}),
		},
	}
}

func TestResults(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := openTab(t, withCauses(t))
	b.open("/en/temp-folder-denied/" + fragmentOf(t, tempFolderResults(t)))
	b.wait("document.querySelector('section.results') !== null")
	en, ja := wordsOf(t, check.EN), wordsOf(t, check.JA)
	const problem, open = `.results [data-show="problem"] `, `.results [data-show="open"] `
	same := func(w words) {
		t.Helper()
		// Each step is marked, with its answer filled in.
		b.want("[...document.querySelectorAll('.step')].map((s) => s.dataset.verdict)", "problem,unknown,warning")
		b.wantText(".step .answers > .findings .verdict", w.verdicts(check.Problem, check.Unknown, check.Warning))
		missing, denied := w.said("access.temp-writable", "temp-missing", "path", `D:\Temp`), w.said("access.path-acl", "denied", "what", `C:\Temp`)
		b.wantText(".step .answers > .findings .finding-text",
			missing+" / "+denied+" / "+w.said("access.elevation", "standard-user", "integrity", "medium"))

		// The summary counts, and names what was found, with its fix.
		b.wantText(".results .counts", w.counts(1, 1, 1, 0, 0))
		check1, _ := check.All().Find("access.temp-writable")
		b.wantText(problem+".found-at a", check1.Title.In(w.lang))
		b.wantText(problem+".finding-text", missing)
		found := w.finding("access.temp-writable", "temp-missing")
		b.wantText(problem+".remedy-fix .remedy-text", w.fill(found.Fix.Text))
		b.wantText(problem+".remedy-rollback .remedy-text", w.fill(found.Rollback.Text))
		b.want("document.querySelector("+quoted(problem+".remedy-fix pre")+").textContent.trim()", found.Fix.Command)

		// What could not be read says why, and who could read it, once.
		b.wantText(open+".finding-text", denied)
		b.wantText(open+"[data-show=administrator]", w.fill(w.finding("access.path-acl", "denied").Fix.Text)+" "+b.text("#access\\.path-acl .step-number"))
		b.want("document.querySelectorAll('.results [data-show=mismatch]:not([hidden]), .results [data-show=left-out]:not([hidden])').length", "0")
	}
	same(en)

	// The causes, the worst answers first, and answers where a cause names a
	// check.
	b.wantText(".cause-list .verdict", en.verdicts(check.Problem, check.Unknown, check.Warning))
	b.want("[...document.querySelectorAll('.cause-list li')].map((e) => e.dataset.state).join(' ')", "supported supported")
	b.wantText(".cause-list li > a", "No folder / Permissions were lost")
	b.wantText(".cause > .verdict", en.verdicts(check.Unknown))
	b.want("document.querySelector('.cause > .verdict').previousElementSibling.getAttribute('href')", "#access.path-acl")

	// A jump to the step keeps the results and their address comes back.
	b.do(chromedp.Click(chromedp.CSS(problem + ".found-at a")))
	b.wait("location.hash === '#access.temp-writable'")
	b.wantText(".results .counts", en.counts(1, 1, 1, 0, 0))

	// The other language shows the same results.
	b.do(chromedp.Click(chromedp.CSS(".languages a[data-lang=ja]")), chromedp.WaitVisible(chromedp.CSS("html[lang=ja] section.results")))
	same(ja)

	// Cleared, the page is as it was.
	b.do(chromedp.Click(chromedp.CSS("[data-clear]")))
	b.want("document.querySelectorAll('.from-results, [data-verdict].step').length", "0")
	b.want("location.hash", "")
}

// The ticket is in the language of the button; the words of the other language
// come from its page.
func TestTicket(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := openTab(t, withCauses(t))
	b.open("/ja/temp-folder-denied/" + fragmentOf(t, tempFolderResults(t)))
	b.wait("document.querySelector('section.results') !== null")
	for lang, title := range map[check.Lang]string{check.JA: "一時フォルダーに書き込めない", check.EN: "The temporary folder cannot be written"} {
		w := wordsOf(t, lang)
		found := w.finding("access.temp-writable", "temp-missing")
		check1, _ := check.All().Find("access.temp-writable")
		want := []string{
			w.page.Text("ticket.article") + ": " + title + "\n",
			w.page.Text("ticket.page") + ": " + b.url + "/" + string(lang) + "/temp-folder-denied/\n",
			w.page.Text("ticket.os") + ": 10.0.26200.7092\n",
			"\n\n1. [" + w.verdicts(check.Problem) + "] " + check1.Title.In(lang) + "\n   " + w.said("access.temp-writable", "temp-missing", "path", `D:\Temp`) + "\n",
			"\n   " + w.page.Text("finding.fix") + ": " + w.fill(found.Fix.Text) + "\n     " + strings.ReplaceAll(found.Fix.Command, "\n", "\n     ") + "\n",
			"\n   " + w.page.Text("finding.rollback") + ": " + w.fill(found.Rollback.Text) + "\n",
		}
		b.do(chromedp.Click(chromedp.CSS(".ticket button[lang=" + string(lang) + "]")))
		b.wait("document.querySelector('.ticket pre').textContent.includes(" + quoted(want[0]) + ")")
		got := b.ask("document.querySelector('.ticket pre').textContent")
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("the ticket in %s lacks %q:\n%s", lang, part, got)
			}
		}
	}
}

// A report that was saved elsewhere is pasted, or chosen as a file.
func TestPastedReport(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := openTab(t, withCauses(t))
	report := `{"schema": 1, "slug": "temp-folder-denied", "plan": "0000000", "time": "2026-11-22T10:00:00+09:00", "os": "10.0.26200", "steps": [
		{"number": 1, "anchor": "access.temp-writable", "verdict": "ok", "findings": [{"id": "temp-writable", "values": {"path": "C:\\T"}}]},
		{"number": 2, "anchor": "access.path-acl", "verdict": "problem", "findings": [{"id": "empty-dacl", "values": {"path": "C:\\T", "owner": "O"}}, {"id": "no-such-finding"}]}]}`
	b.open("/en/temp-folder-denied/")
	b.do(chromedp.Evaluate[chromedp.Void]("document.querySelector('.paste').closest('details').open = true"))
	en := wordsOf(t, check.EN)
	put := func(text string) {
		b.do(chromedp.Evaluate[chromedp.Void](
			"document.querySelector('.paste textarea').value = "+quoted(text)+"; undefined"),
			chromedp.Click(chromedp.CSS(".paste button")))
	}
	put(`{"schema": 2}`)
	b.wantText(".paste [role=status]", en.page.Text("paste.unreadable"))
	put(report)
	b.wait("document.querySelector('section.results') !== null")
	b.want("[...document.querySelectorAll('.step')].map((s) => s.dataset.verdict)", "ok,problem,")
	b.wantText(".paste [role=status]", "")
	b.wantText(".results .counts", en.counts(1, 0, 0, 1, 0))
	b.wantText(".results [data-show=mismatch]:not([hidden])",
		en.page.Text("results.mismatch", "theirs", "0000000", "ours", b.ask("document.querySelector('[data-plan-hash]').dataset.planHash")))
	b.wantText(".results [data-show=left-out]:not([hidden])", en.page.Text("results.left-out", "count", "1"))
	b.wantText(".step-list .verdict", en.verdicts(check.OK, check.Problem)+" / "+en.page.Text("results.missing"))
	b.wantText(".results [data-show=incomplete]", en.page.Text("results.incomplete", "count", "1"))
	// "As for the answer above" is written out, with this finding's values.
	if got := b.text("[data-show=problem] .remedy-fix pre"); !strings.HasPrefix(got, `icacls "C:\T" /save`) {
		t.Errorf("the fix's command is %q", got)
	}
	b.wantText(".cause-list .verdict", en.verdicts(check.Problem, check.OK))
	b.want("[...document.querySelectorAll('.cause-list li')].map((e) => e.dataset.state).join(' ')", "supported unlikely")

	// A mail with the address.
	put("Value: #kbprobe=1.AAAA\nLook: " + b.url + "/ja/temp-folder-denied/" + fragmentOf(t, tempFolderResults(t)) + ".\nThanks")
	b.wait("document.querySelector('.step[data-verdict=warning]') !== null")
	b.wantText(".results .counts", en.counts(1, 1, 1, 0, 0))

	// A file as PowerShell writes it.
	utf16 := []byte{0xff, 0xfe}
	for _, c := range []byte(strings.Replace(report, "empty-dacl", "granted", 1)) {
		utf16 = append(utf16, c, 0)
	}
	file := filepath.Join(t.TempDir(), "result.json")
	if err := os.WriteFile(file, utf16, 0o666); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.SetUploadFiles(chromedp.CSS(".paste input[type=file]"), []string{file}))
	b.wait("document.querySelector('.step[data-verdict=problem]') === null")
	b.wantText(".results .counts", en.counts(0, 0, 0, 2, 0))
	b.wantText(".results [data-show=nothing]:not([hidden])", en.page.Text("results.nothing"))
}

func TestOtherResults(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := openTab(t, withCauses(t))
	en, ja := wordsOf(t, check.EN), wordsOf(t, check.JA)
	other := fragmentOf(t, object{"slug": "session-limit", "steps": []any{found("rdp-server.service", "disabled", nil)}})
	b.open("/ja/temp-folder-denied/" + other)
	b.wantText(".from-results", ja.page.Text("results.elsewhere", "slug", "session-limit")+" "+ja.page.Text("results.elsewhere.link"))
	b.do(chromedp.Click(chromedp.CSS(".from-results a")), chromedp.WaitVisible(chromedp.CSS("section.results")))
	b.want("location.pathname", "/ja/session-limit/")
	b.want("document.querySelector('.step').dataset.verdict", "problem")

	b.open("/en/temp-folder-denied/" + other[:len(other)-3])
	b.wantText(".from-results", en.page.Text("results.unreadable"))

	// Who runs as administrator is not told to do so.
	elevated := tempFolderResults(t)
	elevated["steps"] = []any{found("access.path-acl", "denied", object{"what": "X"}), found("access.elevation", "elevated", nil)}
	b.open("/en/temp-folder-denied/" + fragmentOf(t, elevated))
	b.wantText("[data-show=open] .finding-text", en.said("access.path-acl", "denied", "what", "X"))
	b.want("document.querySelector('[data-show=administrator]').hidden", "true")
	b.wantText(".step[data-verdict=ok] .answers > .findings .finding-text", en.said("access.elevation", "elevated"))

	// An article without steps takes no notice.
	b.open("/ja/unfinished/" + fragmentOf(t, object{"slug": "unfinished", "steps": []any{}}))
	b.want("document.querySelectorAll('.from-results').length", "0")

	// Values cannot leave their place: not as HTML, not out of a command.
	results := tempFolderResults(t)
	const evil = `C:\x" & calc & "<img src=x onerror=alert(1)>`
	results["steps"] = []any{found("access.path-acl", "refused", object{"path": evil, "wanted": "\u202emodify", "__proto__": "x"})}
	b.open("/en/temp-folder-denied/" + fragmentOf(t, results))
	b.wantText("[data-show=problem] .finding-text", en.said("access.path-acl", "refused", "path", evil, "wanted", "\ufffdmodify"))
	b.want("document.querySelectorAll('.from-results pre:not(.ticket pre), main img').length", "0")
}

// A value of a link goes into a command only where it stays a value.
func TestValuesInCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	root := mapFS(t, os.DirFS("testdata/site"))
	root["content/en/session-limit.md"] = &fstest.MapFile{Data: []byte(
		"---\ntitle: T\nerrorText: E\ntags: [Windows]\nupdatedAt: 2026-01-01\n---\n\n## Check in 60 seconds\n\n- A {check=delegation.fresh-credentials}\n- B {check=account.local-state}\n")}
	delete(root, "content/ja/session-limit.md")
	delete(root, "content/ja/temp-folder-denied.md") // it links to the other one
	delete(root, "content/en/temp-folder-denied.md")
	b := openTab(t, rendered(t, mustBuild(t, withoutBase(inputOf(t, root)))))
	for value, whole := range map[string]bool{
		"AllowFreshCredentials": true, "": true, "-": true,
		"x & calc": false, "x|y": false, "%COMSPEC%": false, "<user>": false, `x" & calc & "`: false, "x’y": false, "^": false,
	} {
		b.open("/en/session-limit/" + fragmentOf(t, object{"slug": "session-limit", "steps": []any{
			found("delegation.fresh-credentials", "refused", object{"policy": value, "value": "1"}),
		}}))
		b.want("document.querySelectorAll('[data-show=problem] pre').length", map[bool]string{true: "2", false: "0"}[whole])
	}
	// In quotes, spaces and ampersands do no harm.
	for value, whole := range map[string]bool{"Jo & Co": true, "<user>": true, `a"b`: false, "a'b": false, "a`b": false} {
		b.open("/en/session-limit/" + fragmentOf(t, object{"slug": "session-limit", "steps": []any{
			found("account.local-state", "disabled", object{"user": value}),
		}}))
		b.want("document.querySelector('[data-show=problem] .finding-text') !== null", "true")
		b.want("document.querySelectorAll('[data-show=problem] pre').length", map[bool]string{true: "2", false: "0"}[whole])
	}
}

// Without scripts an article is whole, and nothing is offered that would need
// them.
func TestWithoutScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := openTab(t, withCauses(t))
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	b.open("/en/temp-folder-denied/")
	b.want("[...document.querySelectorAll('.js-only')].filter((e) => e.checkVisibility()).length", "0")
	b.want("document.querySelectorAll('.js-only').length > 0 && document.querySelector('button.copy') === null", "true")
	b.want("[...document.querySelectorAll('h1, .wording, a[download], .step, .step summary, .ways a')].every((e) => e.checkVisibility())", "true")
	b.open("/en/")
	b.want("[...document.querySelectorAll('form')].filter((e) => e.checkVisibility()).length", "0")
}
