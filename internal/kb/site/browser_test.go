package site

import (
	"context"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser starts a headless Chromium, or skips the test.
func browser(t *testing.T, flags ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	var program string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			program = p
			break
		}
	}
	if program == "" {
		if os.Getenv("KB_E2E") == "required" {
			t.Fatal("there is no Chromium")
		}
		t.Skip("there is no Chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(options, flags...)...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// serve serves the fixture as a plain static host would.
func serve(t *testing.T) string {
	t.Helper()
	in := fixture(t)
	in.Config.Base = BaseURL{}
	s := mustBuild(t, in)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" || strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		f, ok := s.Find(name)
		if !ok {
			http.NotFound(w, r)
			return
		}
		data, err := f.Bytes()
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
		w.Write(data)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestInBrowser uses the site as a reader does. Anything that the browser
// complains about, the content security policy above all, is an error.
func TestInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	url := serve(t)
	ctx := browser(t, chromedp.Flag("accept-lang", "en-GB,en"))
	var mu sync.Mutex
	var complaints []string
	err := chromedp.Listen(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *log.EventEntryAdded:
			if !strings.HasSuffix(e.Entry.URL, "/favicon.ico") {
				complaints = append(complaints, e.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, e.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	ask := func(expression, want string) {
		t.Helper()
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string]("String("+expression+")"))
		if err != nil || got != want {
			t.Errorf("%s is %q %v, want %q", expression, got, err, want)
		}
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}

	// The entrance leads to the browser's language, where part of a message in
	// the other language, in other widths, finds the article.
	form := chromedp.CSS("form[data-search]")
	do(chromedp.Navigate(url+"/"), chromedp.WaitVisible(form))
	ask("location.pathname", "/en/")
	do(chromedp.SendKeys(chromedp.CSS("input[type=search]"), "接続 できません"), chromedp.WaitVisible(chromedp.CSS(".search-results a")))
	ask("document.querySelector('.search-status').textContent", "Articles found: 1")
	ask("document.querySelector('.search-results a').getAttribute('href')", "/en/session-limit/")
	do(chromedp.SendKeys(chromedp.CSS("input[type=search]"), " nothing"), chromedp.WaitNotPresent(chromedp.CSS(".search-results a")))
	ask("document.querySelector('.search-status').textContent.startsWith('Nothing found.')", "true")

	// A chosen language is remembered.
	do(chromedp.Click(chromedp.CSS("a[data-lang=ja]")), chromedp.WaitVisible(chromedp.CSS("html[lang=ja] form")))
	do(chromedp.Navigate(url+"/"), chromedp.WaitVisible(chromedp.CSS("html[lang=ja] form")))
	ask("location.pathname", "/ja/")

	// A narrow screen: nothing sticks out, and copying works.
	do(chromedp.EmulateViewport(320, 640), chromedp.Navigate(url+"/ja/temp-folder-denied/"), chromedp.WaitVisible(chromedp.CSS("button.copy")))
	ask("document.documentElement.scrollWidth <= 320", "true")
	ask("document.querySelectorAll('button.copy').length === document.querySelectorAll('main pre').length", "true")
	do(chromedp.Click(chromedp.CSS(".wordings button.copy")))
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool]("document.querySelector('button.copy').textContent === 'コピーしました'")); err != nil {
		t.Errorf("copying: %v", err)
	}

	// The check pages hold the longest words of all.
	do(chromedp.Navigate(url+"/en/checks/credssp.encryption-oracle/"), chromedp.WaitVisible(chromedp.CSS("h1")))
	ask("document.documentElement.scrollWidth <= 320", "true")

	mu.Lock()
	defer mu.Unlock()
	for _, c := range complaints {
		t.Errorf("the browser says: %s", c)
	}
}
