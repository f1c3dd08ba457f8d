//go:build linux

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
)

// chromium starts a browser for the test and returns the context for
// chromedp.Run. Downloads go to the returned folder.
func chromium(t *testing.T) (ctx context.Context, downloads string) {
	t.Helper()
	require(t, "chromium")
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("chromium"),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.UserDataDir(t.TempDir()),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	tab, closeTab := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(tab); err != nil { // waits for Chromium's end
			t.Logf("closing Chromium: %v", err)
		}
		closeTab()
	})
	ctx, cancel := context.WithTimeout(tab, time.Minute)
	t.Cleanup(cancel)
	downloads = t.TempDir()
	events := true
	_, err := chromedp.Call(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: downloads, EventsEnabled: &events,
	})
	if err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	return ctx, downloads
}

// articlePage is what a reader's browser has of an article.
type articlePage struct {
	Lang    string
	Checks  []string // data-check of each step, in order
	Anchors []string // id of each step
	Hash    string   // plan hash
	Planned string   // check IDs of the download box
	Name    string   // file name of the download
	SHA256  string   // as shown
}

// readPage opens an article.
func readPage(t *testing.T, ctx context.Context, url string) articlePage {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatalf("%s: %v", url, err)
	}
	p, err := chromedp.Run(ctx, chromedp.Evaluate[articlePage](`(() => {
		const steps = [...document.querySelectorAll("li[data-check]")];
		const box = document.querySelector("[data-plan-hash]");
		return {
			Lang: document.documentElement.lang,
			Checks: steps.map((s) => s.dataset.check),
			Anchors: steps.map((s) => s.id),
			Hash: box.dataset.planHash,
			Planned: box.dataset.steps,
			Name: box.querySelector("a[download]").download,
			SHA256: box.querySelector(".digest").textContent,
		};
	})()`))
	if err != nil {
		t.Fatalf("%s: %v", url, err)
	}
	return p
}

// clickDownload clicks the download of the page that is open and returns the
// path of what arrived.
func clickDownload(t *testing.T, ctx context.Context, folder string) string {
	t.Helper()
	begin := chromedp.Events(ctx, browser.DownloadWillBegin)
	progress := chromedp.Events(ctx, browser.DownloadProgress)
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS("a[download]"))); err != nil {
		t.Fatalf("clicking the download: %v", err)
	}
	var name string
	for e, err := range begin {
		if err != nil {
			t.Fatalf("no download: %v", err)
		}
		name = e.SuggestedFilename
		break
	}
	for e, err := range progress {
		if err != nil || e.State == browser.DownloadProgressStateCanceled {
			t.Fatalf("the download did not end: %v", err)
		}
		if e.State == browser.DownloadProgressStateCompleted {
			break
		}
	}
	path := filepath.Join(folder, name)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	return path
}
