package site

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"kbgen/internal/kb/check"
)

const oracle = "credssp-encryption-oracle"

func searchTab(t *testing.T, change func(files map[string]string)) *tab {
	t.Helper()
	files := rendered(t, mustBuild(t, withoutBase(inputOf(t, os.DirFS("../../..")))))
	if change != nil {
		change(files)
	}
	return openTab(t, files)
}

// typeText puts a text into the search box as typing does.
func (b *tab) typeText(text string) {
	b.Helper()
	b.ask(`(() => {
		const box = document.querySelector(".search input");
		box.focus();
		box.value = ` + quoted(text) + `;
		box.dispatchEvent(new InputEvent("input", {bubbles: true}));
	})()`)
}

// pasteText pastes a text into the search box.
func (b *tab) pasteText(text string) {
	b.Helper()
	b.ask(`(() => {
		const box = document.querySelector(".search input");
		box.focus();
		const data = new DataTransfer();
		data.setData("text/plain", ` + quoted(text) + `);
		if (box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}))) {
			box.setRangeText(data.getData("text/plain").replace(/\n/g, ""), box.selectionStart, box.selectionEnd, "end");
			box.dispatchEvent(new InputEvent("input", {bubbles: true, inputType: "insertFromPaste"}));
		}
	})()`)
}

const (
	statusShown = `document.querySelector(".search-status").textContent !== ""`
	firstFound  = `document.querySelector(".search-option").getAttribute("href")`
)

func TestSearchBox(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := searchTab(t, nil)
	for _, lang := range check.Langs() {
		at := "/" + string(lang) + "/"
		article := at + oracle + "/"
		t.Run(string(lang), func(t *testing.T) {
			b.open(at + "checks/")
			b.typeText("暗号化ｵﾗｸﾙの修復")
			b.wait(`document.querySelector(".search-option") !== null`)
			b.want(firstFound, article)
			b.want(`document.querySelector(".search-option mark") !== null`, "true")
			b.want(`document.querySelector(".search input").getAttribute("aria-expanded")`, "true")
			b.want("location.search", "") // only the home page keeps the query

			b.do(chromedp.KeyEvent(kb.ArrowDown))
			b.want(`document.getElementById(document.activeElement.getAttribute("aria-activedescendant")).getAttribute("aria-selected")`, "true")
			b.do(chromedp.KeyEvent(kb.Escape))
			b.want(`document.querySelector(".search-panel").hidden`, "true")
			b.do(chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
			b.wait("location.pathname === " + quoted(article) + " && document.readyState === 'complete'")

			// A slash focuses the box, and is not typed.
			b.want(`document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "/", bubbles: true, cancelable: true})) + document.activeElement.id`, "falsekb:query")

			// The home page answers ?q= and keeps what is typed.
			b.open(at + "?q=" + oracle)
			b.wait(statusShown)
			b.typeText("CredSSP encryption oracle remediation")
			b.wait(`document.querySelector(".search-option") !== null && location.search.includes("remediation")`)
			b.want(firstFound, article)
		})
	}
}

// While an input method composes, nothing is searched.
func TestSearchWaitsForComposition(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := searchTab(t, nil)
	b.open("/ja/")
	b.ask(`document.querySelector(".search input").dispatchEvent(new CompositionEvent("compositionstart"))`)
	b.typeText("ｎにｎしょう")
	b.do(chromedp.KeyEvent(kb.Enter))  // accepts the composition, opens nothing
	time.Sleep(300 * time.Millisecond) // longer than the pause after a key
	b.want(`document.querySelector(".search-status").textContent + location.pathname`, "/ja/")
	b.ask(`document.querySelector(".search input").dispatchEvent(new CompositionEvent("compositionend"))`)
	b.wait(statusShown)
}

// A log of two hundred lines is searched whole, stays on the machine, and is
// not in the page's address.
func TestSearchTakesLogs(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := searchTab(t, nil)
	b.open("/ja/")
	var lines []string
	for i := range 200 {
		lines = append(lines, fmt.Sprintf("2026-11-03 12:00:%02d INFO [host-secret-%d] 設定を読み込んでいます", i%60, i))
	}
	lines[137] = "2026-11-03 12:02:11 ERROR [host-secret] 原因は CredSSP 暗号化オラクルの修復である可能性があります。"
	b.pasteText(strings.Join(lines, "\r\n"))
	b.wait(`document.querySelector(".search-option") !== null`)
	b.want(firstFound, "/ja/"+oracle+"/")
	b.want(`document.querySelector(".search-hint").textContent.includes("200")`, "true")
	b.want("location.href.includes('secret')", "false")
	b.want("performance.getEntriesByType('resource').some((e) => e.name.includes('secret'))", "false")

	// A line with a code: the address holds the code, and nothing else.
	b.open("/ja/")
	b.pasteText("host-secret: 0x80070005")
	b.wait(statusShown)
	b.want("location.search", "?q=0x80070005")
}

// Whatever is pasted is shown as text, and answered.
func TestSearchBadInput(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := searchTab(t, nil)
	b.open("/en/")
	for _, text := range []string{
		" ", "x", "。", "!!!???", "\u202e\u200f\u2067", "<img src=x onerror=alert(1)>", `<script>alert(1)</script>`, "0x", "-", "'", "\\",
		strings.Repeat("A", 3000), strings.Repeat("エラー ", 3000), strings.Repeat("x\n", 5000),
	} {
		b.typeText("")
		b.pasteText(text)
		if strings.TrimSpace(text) != "" {
			b.wait(statusShown)
		}
		b.want(`document.querySelector(".search script, .search img") === null`, "true")
	}
	b.typeText("")
	b.ask(`(() => { const box = document.querySelector(".search input"); box.value = "lone \ud800 surrogate \udc00"; box.dispatchEvent(new InputEvent("input")); })()`)
	b.wait(statusShown)

	// A megabyte, with the message at its end. The page stays responsive.
	b.typeText("")
	b.wait(`document.querySelector(".search-status").textContent === ""`)
	b.ask(`(() => { globalThis.longest = 0; let last = performance.now(); setInterval(() => { const now = performance.now(); longest = Math.max(longest, now - last); last = now; }, 10); })()`)
	b.pasteText(strings.Repeat("INFO 12:00 nothing of interest happened in this part of the service, see 17\n", 14_000) + "This could be due to CredSSP encryption oracle remediation.")
	b.wait(`document.querySelector(".search-option") !== null`)
	b.want(firstFound, "/en/"+oracle+"/")
	t.Logf("longest pause of the page while a megabyte was searched: %s ms", b.ask("Math.round(longest)"))
}

// A part of the index that is missing, cut or newer than the page is said, or
// read again.
func TestSearchWithBrokenIndex(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	const manifest = "search/manifest.json"
	for name, change := range map[string]func(map[string]string){
		"missing":      func(files map[string]string) { delete(files, manifest) },
		"cut":          func(files map[string]string) { files[manifest] = files[manifest][:len(files[manifest])/2] },
		"not an index": func(files map[string]string) { files[manifest] = `[1, "x", null]` },
		"newer":        func(files map[string]string) { files[manifest] = `{"v": 99}` },
		"wrong types":  func(files map[string]string) { files[manifest] = `{"v":1,"docs":"x","sets":[],"langs":{}}` },
	} {
		t.Run(name, func(t *testing.T) {
			b := searchTab(t, change)
			b.open("/ja/")
			b.typeText("暗号化オラクル")
			b.wait(`document.querySelector(".search-status").textContent === document.querySelector(".search").dataset.failed`)
			b.mu.Lock()
			b.complaints = nil // the browser's own note of a 404
			b.mu.Unlock()
		})
	}
}

// Typing does not make the page busy: the search is in the worker, the page
// only shows what comes back.
func TestSearchTaskTime(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	const budget = 20 * time.Millisecond // of the main thread, for each key
	b := searchTab(t, nil)
	b.open("/ja/")
	const text = "要求された関数はサポートされていません CredSSP 暗号化オラクルの修復 0x80070005"
	b.typeText(text)
	b.wait(`document.querySelector(".search-option") !== null`)
	if _, err := chromedp.Call(b.ctx, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks}); err != nil {
		t.Fatal(err)
	}
	before, keys := b.taskTime(), 0
	for i := range text {
		if i == 0 {
			continue
		}
		b.typeText(text[:i])
		time.Sleep(100 * time.Millisecond) // longer than the pause after a key
		keys++
	}
	each := (b.taskTime() - before) / time.Duration(keys)
	t.Logf("%v of the main thread for each of %d keys", each, keys)
	if each > budget {
		t.Errorf("a key takes %v of the main thread, more than %v", each, budget)
	}
}

// taskTime is the processor time that the page's main thread has used.
func (b *tab) taskTime() time.Duration {
	b.Helper()
	result, err := chromedp.Call(b.ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range result.Metrics {
		if m.Name == "TaskDuration" {
			return time.Duration(m.Value * float64(time.Second))
		}
	}
	b.Fatal("the browser does not say how long its tasks took")
	return 0
}
