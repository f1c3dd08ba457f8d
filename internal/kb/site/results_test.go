package site

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"kbgen/internal/kb/plan"
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
			`</li><li class="cause" data-steps="access.temp-writable"><strong>No folder.</strong> Or no disk.`)
	}
	return files
}

type object = map[string]any

// found is a step of a fragment with one finding.
func found(anchor, finding string, values object) object {
	return object{"a": anchor, "v": "ok", "f": []any{object{"i": finding, "x": values}}}
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
			found("access.temp-writable", "temp-missing", object{"path": `D:\Temp`, "usertemp": `D:\Temp`, "usertmp": "-"}),
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

	// Each step is marked, with its answer filled in.
	b.want("[...document.querySelectorAll('.step')].map((s) => s.dataset.verdict)", "problem,unknown,warning")
	b.wantText(".step .answers > .findings .verdict", "Problem / Unknown / Warning")
	b.wantText(".step .answers > .findings .finding-text", `The temporary folder D:\Temp does not exist. / This user may not read C:\Temp. / kbprobe runs as a standard user (integrity level: medium).`)

	// The summary counts, names the causes, the likeliest first, and the fixes.
	b.wantText(".results .counts", "Problem 1 Warning 1 Unknown 1 OK 0 N/A 0")
	b.wantText(".cause-list .state", "Likely / Possible")
	b.wantText(".cause-list li > a", "No folder / Permissions were lost")
	b.wantText(".cause .state", "Possible / Likely")
	problem := `.results [data-show="problem"] `
	b.wantText(problem+".found-at", "Check 1 Writing to the temporary folder")
	b.wantText(problem+".finding-text", `The temporary folder D:\Temp does not exist.`)
	if got := b.text(problem + ".remedy-rollback .remedy-text"); got != `Set the user variables back (TEMP: D:\Temp, TMP: -; - means that there was none) and sign in again.` {
		t.Errorf("the rollback is %q", got)
	}
	if got := b.text(problem + ".remedy-fix pre"); !strings.Contains(got, `reg add HKCU\Environment /v TEMP `) {
		t.Errorf("the fix's command is %q", got)
	}

	// What could not be read says why, and who could read it, once.
	open := `.results [data-show="open"] `
	b.wantText(open+".finding-text", `This user may not read C:\Temp.`)
	b.wantText(open+"[data-show=administrator]", "If you need this answer, run kbprobe as administrator. Check 2")
	b.want("document.querySelectorAll('.results [data-show=mismatch]:not([hidden]), .results [data-show=left-out]:not([hidden])').length", "0")

	// A jump to the step keeps the results and their address comes back.
	b.do(chromedp.Click(chromedp.CSS(problem + ".found-at a")))
	b.wait("location.hash === '#access.temp-writable'")
	b.wantText(".results .counts", "Problem 1 Warning 1 Unknown 1 OK 0 N/A 0")

	// The other language shows the same results.
	b.do(chromedp.Click(chromedp.CSS(".languages a[data-lang=ja]")), chromedp.WaitVisible(chromedp.CSS("html[lang=ja] section.results")))
	b.wantText(problem+".finding-text", `一時フォルダー D:\Temp がありません。`)
	b.wantText(".results .counts", "問題 1 注意 1 不明 1 正常 0 対象外 0")
	b.wantText(".step .answers > .findings .verdict", "問題 / 不明 / 注意")
	b.wantText(open+"[data-show=administrator]", "この項目の結果が必要な場合は、kbprobe を管理者として実行してください。 確認 2")

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
	for lang, want := range map[string][]string{
		"ja": {"記事: 一時フォルダーに書き込めない\n", "ページ: " + b.url + "/ja/temp-folder-denied/\n", "Windows: 10.0.26200.7092\n",
			"\n\n1. [問題] 一時フォルダーへの書き込み\n   一時フォルダー D:\\Temp がありません。\n   対処: ", "\n     reg add HKCU\\Environment /v TEMP ", "\n   元に戻す方法: ユーザー環境変数を変更前の値 (TEMP: D:\\Temp、"},
		"en": {"Article: The temporary folder cannot be written\n", "Page: " + b.url + "/en/temp-folder-denied/\n", "Windows: 10.0.26200.7092\n",
			"\n\n1. [Problem] Writing to the temporary folder\n   The temporary folder D:\\Temp does not exist.\n   Fix: ", "\n     reg add HKCU\\Environment /v TEMP ", "\n   To undo: Set the user variables back (TEMP: D:\\Temp, "},
	} {
		b.do(chromedp.Click(chromedp.CSS(".ticket button[lang=" + lang + "]")))
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
	put := func(text string) {
		b.do(chromedp.Evaluate[chromedp.Void](
			"document.querySelector('.paste textarea').value = "+quoted(text)+"; undefined"),
			chromedp.Click(chromedp.CSS(".paste button")))
	}
	put(`{"schema": 2}`)
	if got := b.text(".paste [role=status]"); !strings.HasPrefix(got, "This is neither a report") {
		t.Errorf("a wrong report gives %q", got)
	}
	put(report)
	b.wait("document.querySelector('section.results') !== null")
	b.want("[...document.querySelectorAll('.step')].map((s) => s.dataset.verdict)", "ok,problem,")
	b.wantText(".paste [role=status]", "")
	b.wantText(".results .counts", "Problem 1 Warning 0 Unknown 0 OK 1 N/A 0")
	if got := b.text(".results [data-show=mismatch]:not([hidden])"); !strings.HasPrefix(got, "These results were made with plan 0000000; this page has plan ") {
		t.Errorf("the page says of another plan: %q", got)
	}
	b.wantText(".results [data-show=left-out]:not([hidden])", "Answers that this page does not know: 1. They are left out.")
	b.wantText(".step-list .verdict", "OK / Problem / No answer")
	b.wantText(".results [data-show=incomplete]", "Steps without an answer: 1. A long result leaves out what is in order.")
	// "As for the answer above" is written out, with this finding's values.
	if got := b.text("[data-show=problem] .remedy-fix pre"); !strings.HasPrefix(got, `icacls "C:\T" /save`) {
		t.Errorf("the fix's command is %q", got)
	}
	b.wantText(".cause-list .state", "Likely / Unlikely")

	// A mail with the address.
	put("Look: " + b.url + "/ja/temp-folder-denied/" + fragmentOf(t, tempFolderResults(t)) + ".\nThanks")
	b.wait("document.querySelector('.step[data-verdict=warning]') !== null")
	b.wantText(".results .counts", "Problem 1 Warning 1 Unknown 1 OK 0 N/A 0")

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
	b.wantText(".results .counts", "Problem 0 Warning 0 Unknown 0 OK 2 N/A 0")
	b.wantText(".results [data-show=nothing]:not([hidden])", "The checks of this article found no problem.")
}

func TestOtherResults(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := openTab(t, withCauses(t))
	other := fragmentOf(t, object{"slug": "session-limit", "steps": []any{found("rdp-server.service", "disabled", nil)}})
	b.open("/ja/temp-folder-denied/" + other)
	b.wantText(".from-results", "これは別の記事 (session-limit) の結果です。 その記事で結果を開く")
	b.do(chromedp.Click(chromedp.CSS(".from-results a")), chromedp.WaitVisible(chromedp.CSS("section.results")))
	b.want("location.pathname", "/ja/session-limit/")
	b.want("document.querySelector('.step').dataset.verdict", "problem")

	b.open("/en/temp-folder-denied/" + other[:len(other)-3])
	if got := b.text(".from-results"); !strings.HasPrefix(got, "The results in this address cannot be read.") {
		t.Errorf("a fragment that was cut off gives %q", got)
	}

	// Who runs as administrator is not told to do so.
	elevated := tempFolderResults(t)
	elevated["steps"] = []any{found("access.path-acl", "denied", object{"what": "X"}), found("access.elevation", "elevated", nil)}
	b.open("/en/temp-folder-denied/" + fragmentOf(t, elevated))
	b.wantText("[data-show=open] .finding-text", "This user may not read X.")
	b.want("document.querySelector('[data-show=administrator]').hidden", "true")
	b.wantText(".step[data-verdict=ok] .answers > .findings .finding-text", "kbprobe runs with administrator rights (integrity level: …).")

	// An article without steps takes no notice.
	b.open("/ja/unfinished/" + fragmentOf(t, object{"slug": "unfinished", "steps": []any{}}))
	b.want("document.querySelectorAll('.from-results').length", "0")

	// Values cannot leave their place: not as HTML, not out of a command.
	results := tempFolderResults(t)
	const evil = `C:\x" & calc & "<img src=x onerror=alert(1)>`
	results["steps"] = []any{found("access.path-acl", "refused", object{"path": evil, "wanted": "\u202emodify", "__proto__": "x"})}
	b.open("/en/temp-folder-denied/" + fragmentOf(t, results))
	if got := b.text("[data-show=problem] .finding-text"); !strings.HasPrefix(got, evil+": the current user lacks the access that is needed (\ufffdmodify)") {
		t.Errorf("the finding is %q", got)
	}
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
