package site

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

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
	t.Run("articles", func(t *testing.T) {
		b := openTab(t, withCauses(t))
		results := fragmentOf(t, tempFolderResults(t))
		inSchemes(b, func(scheme string, lang check.Lang) {
			for _, path := range []string{
				"/temp-folder-denied/", "/temp-folder-denied/" + results, "/temp-folder-denied/#kbprobe=", "/session-limit/",
				"/checks/", "/checks/access.path-acl/", "/tags/", "/tags/windows/", "/../404.html",
			} {
				b.open("/" + string(lang) + path)
				b.checkAccessibility(axe, fmt.Sprintf("%s %s %.40s", scheme, lang, path))
			}
		})
	})
	t.Run("search", func(t *testing.T) {
		b := searchTab(t, nil)
		inSchemes(b, func(scheme string, lang check.Lang) {
			for _, path := range []string{"/codes/", "/codes/0x80070005/"} {
				b.open("/" + string(lang) + path)
				b.checkAccessibility(axe, scheme+" "+string(lang)+" "+path)
			}
			for _, path := range []string{"/", "/" + oracle + "/"} {
				for _, text := range []string{"0x80070005 Windows Update 暗号化オラクル", "zzzz qqqq"} {
					b.open("/" + string(lang) + path)
					b.typeText(text)
					b.wait(statusShown)
					b.do(chromedp.KeyEvent(kb.ArrowDown)) // to the first result, if there is one
					b.want("document.querySelector('.search-panel').checkVisibility()", "true")
					b.checkAccessibility(axe, scheme+" "+string(lang)+" "+path+" with "+text)
				}
			}
		})
	})
}

// inSchemes looks at light and dark pages of both languages.
func inSchemes(b *tab, look func(scheme string, lang check.Lang)) {
	b.Helper()
	for _, scheme := range []string{"light", "dark"} {
		setScheme(b, scheme)
		for _, lang := range check.Langs() {
			look(scheme, lang)
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
