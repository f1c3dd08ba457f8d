package site

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"kbgen/internal/kb/check"
)

// axeReport runs axe-core in the page and tells how many rules held, and what
// broke which.
const axeReport = `axe.run(document).then((r) => ({
	Held: r.passes.length,
	Broken: r.violations.flatMap((v) => v.nodes.map((n) => v.id + " (" + v.help + "): " + n.target.join(" "))),
}))`

// TestAccessibility holds pages of every kind against axe-core, whose file is
// in KB_AXE.
func TestAccessibility(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	name := os.Getenv("KB_AXE")
	if name == "" {
		if os.Getenv("KB_E2E") == "required" {
			t.Fatal("KB_AXE does not name axe-core")
		}
		t.Skip("KB_AXE does not name axe-core; .ci/run fetches it")
	}
	axe, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	b := openTab(t, withCauses(t))
	results := fragmentOf(t, tempFolderResults(t))
	for _, scheme := range []string{"light", "dark"} {
		setScheme(b, scheme)
		for _, lang := range check.Langs() {
			for _, path := range []string{
				"/", "/temp-folder-denied/", "/temp-folder-denied/" + results, "/temp-folder-denied/#kbprobe=", "/session-limit/",
				"/checks/", "/checks/access.path-acl/", "/tags/", "/tags/windows/", "/../404.html",
			} {
				b.open("/" + string(lang) + path)
				b.checkAccessibility(axe, fmt.Sprintf("%s %s %.40s", scheme, lang, path))
			}
			b.open("/" + string(lang) + "/")
			b.do(chromedp.SendKeys(chromedp.CSS("input[type=search]"), "接続"), chromedp.WaitVisible(chromedp.CSS(".search-results a")))
			b.checkAccessibility(axe, scheme+" "+string(lang)+" search results")
		}
	}
}

func setScheme(b *tab, scheme string) {
	b.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		b.Fatal(err)
	}
}

// checkAccessibility looks at the open page with everything unfolded.
func (b *tab) checkAccessibility(axe []byte, name string) {
	b.Helper()
	b.do(chromedp.Evaluate[chromedp.Void]("for (const d of document.querySelectorAll('details')) d.open = true; undefined"))
	b.do(chromedp.Evaluate[chromedp.Void](string(axe) + "; undefined"))
	report, err := chromedp.Run(b.ctx, chromedp.Evaluate[struct {
		Held   int
		Broken []string
	}](axeReport, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%s: %v", name, err)
	}
	if report.Held < 15 {
		b.Errorf("%s: axe-core found only %d rules to hold", name, report.Held)
	}
	if len(report.Broken) > 0 {
		b.Errorf("%s:\n%s", name, strings.Join(report.Broken, "\n"))
	}
}
