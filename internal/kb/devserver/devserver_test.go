package devserver

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"kbgen/internal/kb/site"
)

const source = "---\ntitle: The title\nerrorText: the wording\ntags: [Windows]\nupdatedAt: 2026-01-01\n---\n\n## Summary\n\n- step {check=os.version}\n"

// log collects what the server prints.
type log struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// running is a server for a folder with one article.
type running struct {
	dir, url string
	log      *log
	compiled chan struct{} // close it to let the compiler finish
}

func start(t *testing.T) *running {
	t.Helper()
	r := &running{dir: t.TempDir(), log: &log{}, compiled: make(chan struct{})}
	r.write(t, source)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- Run(ctx, Options{
			Dir: r.dir, Addr: "127.0.0.1:0", Log: r.log,
			Programs: func(ctx context.Context, platforms []site.Platform) ([]site.Program, error) {
				select {
				case <-r.compiled:
					return []site.Program{{Platform: platforms[0], Bytes: []byte("program")}}, nil
				case <-ctx.Done():
					return nil, ctx.Err()
				}
			},
		})
	}()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(10 * time.Second):
			t.Error("the server does not end")
		}
	})
	eventually(t, "the address", func() bool {
		m := regexp.MustCompile(`serving (http://\S+)/ `).FindStringSubmatch(r.log.String())
		if m != nil {
			r.url = m[1]
		}
		return m != nil
	})
	return r
}

func (r *running) write(t *testing.T, content string) {
	t.Helper()
	name := filepath.Join(r.dir, "content", "en", "the-slug.md")
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
}

func (r *running) get(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	response, err := http.Get(r.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 500 {
		if done() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("waited in vain for %s", what)
}

func TestServe(t *testing.T) {
	r := start(t)
	response, page := r.get(t, "/en/the-slug/")
	if response.StatusCode != 200 || response.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%d %s", response.StatusCode, response.Header)
	}
	for _, want := range []string{"The title", `src="/-/reload.js?build=`, "The program is being compiled."} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}

	close(r.compiled)
	eventually(t, "the download", func() bool {
		_, page = r.get(t, "/en/the-slug/")
		return strings.Contains(page, "/probe/kbprobe-windows-amd64.exe?kb=the-slug")
	})
	response, program := r.get(t, "/probe/kbprobe-windows-amd64.exe?kb=the-slug")
	if !strings.HasPrefix(program, "program") || response.Header.Get("Content-Disposition") != "" {
		t.Errorf("%.20q %s", program, response.Header)
	}

	for path, want := range map[string]int{"/nothing": 404, "/en/": 200, "/": 200, "/en/the-slug": 200, "/../../etc/passwd": 404, "/-/errors.css": 200} {
		if response, _ := r.get(t, path); response.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, response.StatusCode, want)
		}
	}
}

// The demonstration is there for those who ask for it, and only here.
func TestDemo(t *testing.T) {
	r := start(t)
	const script = `<script type="module" src="/-/demo.js">`
	if _, page := r.get(t, "/en/the-slug/?demo"); !strings.Contains(page, script) {
		t.Error("?demo does not bring the demonstration")
	}
	if _, page := r.get(t, "/en/the-slug/"); strings.Contains(page, script) {
		t.Error("the demonstration comes unasked")
	}
	if response, _ := r.get(t, "/-/demo.js"); response.StatusCode != 200 || response.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("%d %s", response.StatusCode, response.Header)
	}
}

func TestCaching(t *testing.T) {
	r := start(t)
	_, page := r.get(t, "/en/")
	style := regexp.MustCompile(`/assets/site-\w+\.css`).FindString(page)
	response, _ := r.get(t, style)
	request, err := http.NewRequest("GET", r.url+style, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("If-None-Match", response.Header.Get("ETag"))
	again, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	again.Body.Close()
	if again.StatusCode != http.StatusNotModified || response.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%d %s", again.StatusCode, response.Header)
	}
}

func TestErrorsAreShownAndGoAway(t *testing.T) {
	r := start(t)
	r.write(t, strings.Replace(source, "os.version", "os.<b>", 1))
	var page string
	eventually(t, "the errors", func() bool {
		_, page = r.get(t, "/en/")
		return strings.Contains(page, "kbgen-errors")
	})
	for _, want := range []string{"content/en/the-slug.md:10:", "os.&lt;b&gt;", "This page is from the last build that worked.", "The title"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	r.write(t, strings.Replace(source, "The title", "Another title", 1))
	eventually(t, "the new title", func() bool {
		_, page = r.get(t, "/en/")
		return strings.Contains(page, "Another title") && !strings.Contains(page, "kbgen-errors")
	})
}

func TestEvents(t *testing.T) {
	r := start(t)
	response, err := http.Get(r.url + "/-/events")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	next := func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		return ""
	}
	first := next()
	if _, page := r.get(t, "/en/"); !strings.Contains(page, "?build="+first+`"`) {
		t.Errorf("the page is not of build %q", first)
	}
	r.write(t, strings.Replace(source, "The title", "Another title", 1))
	if second := next(); second == "" || second == first {
		t.Errorf("after an edit the build is %q, before it was %q", second, first)
	}
}

func TestRefusals(t *testing.T) {
	r := start(t)
	request, err := http.NewRequest("GET", r.url+"/en/", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "rebound.example.com"
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("a foreign host name: %d", response.StatusCode)
	}
	response, err = http.Post(r.url+"/en/", "text/plain", strings.NewReader("x"))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", response.StatusCode)
	}
}

func TestPortTaken(t *testing.T) {
	r := start(t)
	err := Run(t.Context(), Options{Dir: r.dir, Addr: strings.TrimPrefix(r.url, "http://"), Log: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "-addr") {
		t.Errorf("%v", err)
	}
}

func TestNoContentYet(t *testing.T) {
	dir := t.TempDir()
	s := &server{options: Options{Dir: dir, Log: io.Discard}, changed: make(chan struct{})}
	s.build()
	if s.site != nil || len(s.problems) != 1 || !strings.Contains(s.problems[0], "there is no such folder") {
		t.Errorf("%v", s.problems)
	}
	page := string(decorate(blankPage, s.state()))
	if !strings.Contains(page, "there is no such folder") || strings.Contains(page, "last build that worked") {
		t.Error(page)
	}
}

func TestCompilerFails(t *testing.T) {
	l := &log{}
	s := &server{options: Options{
		Dir: t.TempDir(), Log: l,
		Programs: func(context.Context, []site.Platform) ([]site.Program, error) { return nil, errors.New("no toolchain") },
	}, changed: make(chan struct{}), compiling: true}
	s.compile(t.Context())
	if s.compiling || !strings.Contains(l.String(), "pages offer no download for windows/amd64: no toolchain") {
		t.Error(l)
	}
}
