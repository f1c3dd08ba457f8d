package site

import (
	"context"
	"encoding/json"
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

// tab is a browser's tab on a site. Anything that the browser complains about,
// the content security policy above all, fails the test at its end.
type tab struct {
	*testing.T
	ctx context.Context
	url string // of the site, without a slash at its end

	mu         sync.Mutex
	complaints []string
}

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

// openTab serves files as a plain static host does and opens a tab for them.
func openTab(t *testing.T, files map[string]string, flags ...chromedp.ExecAllocatorOption) *tab {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if name == "" || strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		data, ok := files[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
		w.Write([]byte(data))
	}))
	t.Cleanup(server.Close)
	b := &tab{T: t, ctx: browser(t, flags...), url: server.URL}
	err := chromedp.Listen(b.ctx, func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			b.complain(e.Entry.Text + " " + e.Entry.URL)
		case *runtime.EventExceptionThrown:
			b.complain(e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			b.complain("console." + string(e.Type))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, c := range b.complaints {
			t.Errorf("the browser says: %s", c)
		}
	})
	return b
}

func (b *tab) complain(text string) {
	if strings.HasSuffix(text, "/favicon.ico") {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.complaints = append(b.complaints, text)
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// open opens a page of the site afresh, also if only the fragment differs.
func (b *tab) open(address string) {
	b.Helper()
	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(b.url+address))
}

// ask evaluates an expression in the page.
func (b *tab) ask(expression string) string {
	b.Helper()
	got, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return got
}

// want asks, and expects an answer.
func (b *tab) want(expression, want string) {
	b.Helper()
	if got := b.ask(expression); got != want {
		b.Errorf("%s\n got %s\nwant %s", expression, got, want)
	}
}

// wait waits until an expression is true.
func (b *tab) wait(expression string) {
	b.Helper()
	for deadline := time.Now().Add(20 * time.Second); b.ask(expression) != "true"; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			b.Fatalf("waited in vain for %s", expression)
		}
	}
}

// text is the text of what a selector finds, with single spaces.
func (b *tab) text(selector string) string {
	b.Helper()
	return b.ask("[...document.querySelectorAll(" + quoted(selector) + ")].map((e) => e.textContent.trim().replace(/\\s+/g, ' ')).join(' / ')")
}

// wantText expects a text.
func (b *tab) wantText(selector, want string) {
	b.Helper()
	if got := b.text(selector); got != want {
		b.Errorf("%s\n got %s\nwant %s", selector, got, want)
	}
}

// quoted is a string as JavaScript writes it.
func quoted(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings can be written
	}
	return string(data)
}
