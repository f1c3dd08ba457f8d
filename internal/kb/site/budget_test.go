package site

import (
	"bytes"
	"compress/gzip"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"kbgen/internal/kb/check"
)

// What a reader may have to load, in bytes as gzip sends them.
const (
	scriptBudget  = 15_000 // of every page, before a search starts
	articleBudget = 40_000 // an article with its style and script, without pictures
)

// The shipped articles load fast on a phone.
func TestBudgets(t *testing.T) {
	files := rendered(t, mustBuild(t, inputOf(t, os.DirFS("../../.."))))
	articles := 0
	for name, page := range files {
		if !strings.Contains(page, "<article data-slug=") {
			continue
		}
		articles++
		size := zipped(t, page)
		for asset, content := range files {
			if strings.HasPrefix(asset, "assets/search-") {
				continue // loaded when the search box is used
			}
			if strings.HasPrefix(asset, "assets/") && strings.Contains(page, asset) {
				weight := zipped(t, content)
				size += weight
				if path.Ext(asset) == ".js" && weight > scriptBudget {
					t.Errorf("%s has %d bytes, more than %d", asset, weight, scriptBudget)
				}
			}
		}
		t.Logf("%s: %d bytes", name, size)
		if size > articleBudget {
			t.Errorf("%s has %d bytes with style and script, more than %d", name, size, articleBudget)
		}
	}
	if articles < 2 {
		t.Errorf("there are %d articles", articles)
	}
}

// Nothing moves while an article loads: what scripts add has its room before.
func TestLayoutIsStable(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := openTab(t, rendered(t, mustBuild(t, withoutBase(inputOf(t, os.DirFS("../../.."))))))
	for _, width := range []int64{320, 768, 1440} {
		b.do(chromedp.EmulateViewport(width, 900))
		for _, lang := range check.Langs() {
			b.open("/" + string(lang) + "/credssp-encryption-oracle/")
			b.wait("document.querySelector('button.copy') !== null")
			b.want("document.documentElement.scrollWidth <= innerWidth", "true")
			moved, err := chromedp.Run(b.ctx, chromedp.Evaluate[float64](`new Promise((done) => {
				let sum = 0;
				new PerformanceObserver((list) => {
					for (const entry of list.getEntries()) sum += entry.value;
				}).observe({ type: "layout-shift", buffered: true });
				setTimeout(() => done(sum), 300);
			})`, chromedp.EvalAwaitPromise))
			if err != nil || moved > 0.001 {
				t.Errorf("%s, %d pixels wide: the layout shifts by %f %v", lang, width, moved, err)
			}
		}
	}
}

// withoutBase is the input of a site that works at the root of any host.
func withoutBase(in Input) Input {
	in.Config.Base = BaseURL{}
	return in
}

func zipped(t *testing.T, content string) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}
