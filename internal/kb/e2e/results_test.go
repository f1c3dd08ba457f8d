//go:build linux

package e2e

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"kbgen/internal/kb/devserver"
	"kbgen/internal/kb/site"
	"kbgen/internal/kb/winetest"
)

// shown is what a page with results shows of them.
type shown struct {
	Verdicts map[string]string // of the steps that are marked, by anchor
	Texts    map[string]string // of their findings
	Counts   string
	Fixes    []string // texts and commands in the summary, likely causes first
	Notices  []string // visible
	Ticket   string
}

// readResults opens an address with results.
func readResults(t *testing.T, ctx context.Context, address string) shown {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return shownResults(t, ctx)
}

// shownResults waits for results in the page that is open.
func shownResults(t *testing.T, ctx context.Context) shown {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.WaitVisible(chromedp.CSS("section.results"))); err != nil {
		t.Fatal(err)
	}
	s, err := chromedp.Run(ctx, chromedp.Evaluate[shown](`(() => {
		const text = (e) => e.textContent.trim();
		const steps = [...document.querySelectorAll(".step[data-verdict]")];
		const results = document.querySelector("section.results");
		return {
			Verdicts: Object.fromEntries(steps.map((s) => [s.id, s.dataset.verdict])),
			Texts: Object.fromEntries(steps.map((s) => [s.id, [...s.querySelectorAll(".answers > .findings .finding-text")].map(text).join("\n")])),
			Counts: text(results.querySelector(".counts")).replace(/\s+/g, " "),
			Fixes: [...results.querySelectorAll("[data-show=problem] :is(.remedy-text, .remedy pre)")].map(text),
			Notices: [...results.querySelectorAll(".notice:not([hidden])")].map(text),
			Ticket: text(results.querySelector(".ticket pre")),
		};
	})()`))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The whole way, in both languages: the article in a browser, its download, the
// program on a machine with the dangerous setting, a double-click, S for a
// report, Enter, and the article again, now with the answers. What page and
// program say is the same, word for word, and so is what the page makes of the
// report.
func TestResultsComeBack(t *testing.T) {
	winetest.Require(t)
	require(t, "script")
	s := serve(t, fewSteps(t), nil)
	ctx, folder := chromium(t)
	for _, tt := range []struct {
		lang, host, open, saved string
		env                     []string
		words                   map[string]string
	}{
		{"en", "Enter the name or IP", "Enter: open the article", "Saved: ", nil,
			map[string]string{"problem": "Problem", "warning": "Warning", "unknown": "Unknown", "ok": "OK", "n-a": "N/A"}},
		{"ja", "接続先の名前または", "結果を記事のページで開く", "保存しました: ", winetest.Japanese(t),
			map[string]string{"problem": "問題", "warning": "注意", "unknown": "不明", "ok": "正常", "n-a": "対象外"}},
	} {
		t.Run(tt.lang, func(t *testing.T) {
			p := readPage(t, ctx, s.URL+"/"+tt.lang+"/"+slug+"/")
			exe := clickDownload(t, ctx, folder)
			prefix := winetest.New(t)
			prefix.SystemReg(windows11 + oracle("dword:00000002"))
			address := doubleClick(t, prefix, exe, tt.env, []winetest.Exchange{
				{Await: tt.host, Send: "\r"}, {Await: tt.open, Send: "s\r"}, {Await: tt.saved, Send: "\r"},
			})
			page := readResults(t, ctx, address)
			if diff := cmp.Diff(page, giveReport(t, ctx, s.URL+"/"+tt.lang+"/"+slug+"/", savedReport(t, filepath.Dir(exe)))); diff != "" {
				t.Errorf("opened (-) and read from the saved report (+):\n%s", diff)
			}

			said := parseReport(t, prefix.Run(winetest.Cmd{Exe: exe, Args: []string{"-json", "-lang", tt.lang}}))
			said.agree(t, p)
			for _, step := range said.Steps {
				var texts []string
				for _, f := range step.Findings {
					texts = append(texts, f.Text)
				}
				if page.Verdicts[step.Anchor] != step.Verdict || !sameText(step.Verdict, page.Texts[step.Anchor], strings.Join(texts, "\n")) {
					t.Errorf("%s\n   page: %s %s\nprogram: %s %s", step.Anchor, page.Verdicts[step.Anchor], page.Texts[step.Anchor], step.Verdict, texts)
				}
			}
			if len(page.Notices) > 0 {
				t.Errorf("the page remarks: %q", page.Notices)
			}

			// The program's text report has the page's fixes and ticket, but for
			// the words around them.
			_, report, _ := strings.Cut(textReport(t, prefix, exe, tt.lang), "\n")
			if len(page.Fixes) < 4 {
				t.Errorf("the page shows the fixes %q", page.Fixes)
			}
			for _, fix := range page.Fixes {
				for line := range strings.Lines(fix) {
					if !strings.Contains(report, strings.TrimSpace(line)) {
						t.Errorf("the report lacks %q:\n%s", line, report)
					}
				}
			}
			for _, step := range said.Steps {
				if !strings.Contains(page.Ticket, ". ["+tt.words[step.Verdict]+"] "+step.Title+"\n   "+page.Texts[step.Anchor]) {
					t.Errorf("the ticket lacks step %d:\n%s", step.Number, page.Ticket)
				}
			}
		})
	}
}

// savedReport is the path of the report that lies in a folder, alone.
func savedReport(t *testing.T, folder string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "kbprobe-"+slug+"-*.txt"))
	if err != nil || len(found) != 1 {
		t.Fatalf("reports: %q %v", found, err)
	}
	t.Cleanup(func() { os.Remove(found[0]) })
	return found[0]
}

// giveReport opens an article and shows a report in it.
func giveReport(t *testing.T, ctx context.Context, address, report string) shown {
	t.Helper()
	err := chromedp.Do(ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(address),
		chromedp.SetUploadFiles(chromedp.CSS(".paste input[type=file]"), []string{report}))
	if err != nil {
		t.Fatal(err)
	}
	return shownResults(t, ctx)
}

// sameText compares the page's text with the program's. An address that would
// get too long lacks the values of what is in order; the page shows … for them.
func sameText(verdict, page, program string) bool {
	if verdict != "ok" {
		return page == program
	}
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(page), "…", ".+") + "$").MatchString(program)
}

// textReport is what the program prints from a shell.
func textReport(t *testing.T, prefix *winetest.Prefix, exe, lang string) string {
	t.Helper()
	r := prefix.Run(winetest.Cmd{Exe: exe, Args: []string{"-lang", lang, slug}})
	if r.Code != 3 {
		t.Fatalf("exit code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
	return r.Stdout
}

// A writer sees results in the development server: ?demo.
func TestDemoResults(t *testing.T) {
	ctx, _ := chromium(t)
	output, log := io.Pipe()
	serving, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- devserver.Run(serving, devserver.Options{
			Dir: root, Addr: "127.0.0.1:0", Log: log,
			Programs: func(context.Context, []site.Platform) ([]site.Program, error) { return nil, nil },
		})
		log.Close()
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	address := make(chan string, 1)
	go func() {
		data := make([]byte, 1000)
		said := ""
		for {
			n, err := output.Read(data)
			said += string(data[:n])
			if m := regexp.MustCompile(`serving (http://\S+)/ `).FindStringSubmatch(said); m != nil && cap(address) > len(address) {
				address <- m[1]
				said = ""
			}
			if err != nil {
				return
			}
		}
	}()
	page := readResults(t, ctx, <-address+"/en/"+slug+"/?demo")
	if page.Verdicts["credssp.encryption-oracle"] != "problem" || page.Verdicts["os.pending-reboot"] == "" || len(page.Notices) > 0 {
		t.Errorf("the demonstration shows %+v", page)
	}
}

// doubleClick runs the program as from the desktop and returns the address that
// it opens.
func doubleClick(t *testing.T, prefix *winetest.Prefix, exe string, env []string, talk []winetest.Exchange) string {
	t.Helper()
	// Wine opens web pages with xdg-open.
	folder := t.TempDir()
	opened := filepath.Join(folder, "opened")
	script := "#!/bin/sh\nprintf '%s' \"$1\" >" + opened + ".part && mv " + opened + ".part " + opened + "\n"
	if err := os.WriteFile(filepath.Join(folder, "xdg-open"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	r := prefix.Console(winetest.Cmd{Exe: exe, Env: append(env, "PATH="+folder+":"+os.Getenv("PATH"))}, talk)
	if r.Code != 3 {
		t.Fatalf("exit code %d, want 3\n%s", r.Code, r.Stdout)
	}
	return await(t, opened)
}
