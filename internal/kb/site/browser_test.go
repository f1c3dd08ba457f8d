package site

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestInBrowser uses the site as a reader does: the entrance, the switch of
// the language, a narrow screen.
func TestInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := openTab(t, rendered(t, mustBuild(t, withoutBase(fixture(t)))), chromedp.Flag("accept-lang", "en-GB,en"))

	// The entrance leads to the browser's language.
	b.open("/")
	b.wait("location.pathname === '/en/' && document.readyState === 'complete'")

	// A chosen language is remembered.
	b.do(chromedp.Click(chromedp.CSS("a[data-lang=ja]")), chromedp.WaitVisible(chromedp.CSS("html[lang=ja] form")))
	b.open("/")
	b.wait("location.pathname === '/ja/' && document.readyState === 'complete'")

	// A narrow screen: nothing sticks out, and copying works.
	b.do(chromedp.EmulateViewport(320, 640))
	b.open("/ja/temp-folder-denied/")
	b.want("document.documentElement.scrollWidth <= 320", "true")
	b.want("document.querySelectorAll('button.copy').length === document.querySelectorAll('main pre').length", "true")
	b.do(chromedp.Click(chromedp.CSS(".wordings button.copy")))
	b.wait("document.querySelector('button.copy').textContent === document.body.dataset.copied")

	// The check pages hold the longest words of all.
	b.open("/en/checks/credssp.encryption-oracle/")
	b.want("document.documentElement.scrollWidth <= 320", "true")
}
