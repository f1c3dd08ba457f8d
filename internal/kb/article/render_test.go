package article

import (
	"flag"
	"html/template"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"kbgen/internal/kb/check"
)

// testPage is a site with one other article.
func testPage() Page {
	return Page{
		Link: func(lang check.Lang, slug string) string {
			if slug == "no-page" {
				return ""
			}
			return "/" + string(lang) + "/" + slug + "/"
		},
		Image: func(file string) (string, int, int) {
			if path.Base(file) == "missing.png" {
				return "", 0, 0
			}
			return "/" + file, 640, 480
		},
		Step: func(s Step) template.HTML { return template.HTML("<aside>" + s.Check + "</aside>") },
		Titled: func(title string) string {
			if title == "別の記事" {
				return "other"
			}
			return ""
		},
	}
}

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden reads an archive and hands each file that is named NAME+in to f. The
// result must be the file NAME+out.
func golden(t *testing.T, name, in, out string, f func(t *testing.T, name, text string) string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]*txtar.File{}
	for i := range archive.Files {
		want[archive.Files[i].Name] = &archive.Files[i]
	}
	cases := 0
	for _, file := range archive.Files {
		base, ok := strings.CutSuffix(file.Name, in)
		if !ok {
			continue
		}
		cases++
		t.Run(base, func(t *testing.T) {
			got := f(t, base, string(file.Data))
			expected := want[base+out]
			if expected == nil {
				t.Fatalf("%s has no file %s%s", name, base, out)
			}
			if *update {
				expected.Data = []byte(got)
				return
			}
			if diff := cmp.Diff(string(expected.Data), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", base, diff)
			}
		})
	}
	if cases == 0 {
		t.Errorf("%s has no files %s", name, in)
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRender(t *testing.T) {
	files, err := filepath.Glob("testdata/render/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			golden(t, file, ".md", ".html", func(t *testing.T, _, text string) string {
				a, ms := Parse("content/ja/test-a.md", []byte(goodFront+text), testChecks())
				for _, m := range ms {
					if m.Level == Error {
						t.Error(m)
					}
				}
				var b strings.Builder
				for i, part := range a.Render(testPage()) {
					if i > 0 {
						b.WriteString("<!-- " + part.Section.ID + ": " + part.Section.Heading + " -->\n")
					}
					b.WriteString(string(part.HTML))
				}
				return b.String()
			})
		})
	}
}

// What no HTML of ours may hold, whatever the article says: inline styles,
// scripts, foreign pictures, and the addresses that go with them.
func TestRenderIsSafe(t *testing.T) {
	const hostile = "<script>alert(1)</script>\n\n[a](javascript:alert) [b](<java\nscript:x>) [c](data:text/html,x) [d](&#106;avascript:x) [e](JAVASCRIPT:x)\n\n" +
		"![x](https://example.com/x.png) ![x](data:image/png;base64,AA) ![\"onerror=alert(1)](a.png \"\\\" onload=x\")\n\n" +
		"<javascript:alert(1)> <vbscript:x>\n\n| a |\n|:-:|\n| <img src=x onerror=y> |\n\n```\"><script>\nx\n```\n\n" +
		"[ref]\n\n[ref]: javascript:alert(1)\n\n## <script>x</script> \"onclick\n\n### \"><script>\n"
	a, _ := Parse("content/ja/test-a.md", []byte(goodFront+hostile), testChecks())
	for _, part := range a.Render(testPage()) {
		lower := strings.ToLower(string(part.HTML))
		for _, bad := range []string{"<script", "href=\"javascript", "href=\"data", "href=\"vbscript", "style=", "<img src=x", "example.com/x.png\"", "\" onload", "base64"} {
			if strings.Contains(lower, bad) {
				t.Errorf("the HTML holds %q:\n%s", bad, part.HTML)
			}
		}
	}
}

func TestRenderConcurrently(t *testing.T) {
	a, _ := Parse("content/ja/rdp-error.md", []byte(benchmarkArticle()), testChecks())
	want := a.Render(testPage())
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if diff := cmp.Diff(want, a.Render(testPage())); diff != "" {
				t.Error(diff)
			}
			_ = a.Markdown()
		})
	}
	group.Wait()
}

func TestHighlightCSS(t *testing.T) {
	light, dark := HighlightCSS()
	if light == dark {
		t.Error("light and dark are the same")
	}
	class := regexp.MustCompile(`\.[a-z][a-z0-9-]*`)
	for _, css := range []string{light, dark} {
		rules := regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(css, "")
		names := class.FindAllString(rules, -1)
		if len(names) < 20 {
			t.Fatalf("only %d classes in:\n%s", len(names), css)
		}
		for _, name := range names {
			if !strings.HasPrefix(name, ".hl-") {
				t.Errorf("class %s does not begin with hl-", name)
			}
		}
	}
	// Every class in the HTML has the prefix that the style sheet has.
	a, _ := Parse("content/ja/rdp-error.md", []byte(benchmarkArticle()), testChecks())
	for _, part := range a.Render(testPage()) {
		for _, m := range regexp.MustCompile(`<(?:pre|span)[^>]* class="([^"]*)"`).FindAllStringSubmatch(string(part.HTML), -1) {
			if !strings.HasPrefix(m[1], "hl-") {
				t.Errorf("class %q in code", m[1])
			}
		}
	}
}

func TestMarkdown(t *testing.T) {
	const body = "前置き\n\n## 要約\n\n- **太字**の `code` {check=os.version}\n"
	a, _ := Parse("content/ja/test-a.md", []byte(goodFront+body), testChecks())
	if got := a.Markdown(); got != body {
		t.Errorf("got %q, want %q", got, body)
	}
}

func TestDescription(t *testing.T) {
	for body, want := range map[string]string{
		"前置き\n\n## 要約\n\n- 条件\n  - 接続が\n    失敗する。\n": "接続が失敗する。",
		"## 原因\n\n原因。\n\n## 要約\n\n要点。\n":             "要点。",
		"## 要約\n\n## 原因\n\n原因。\n":                    "原因。",
		"":                                           "",
		"## 要約\n\n" + strings.Repeat("あ", 200):       strings.Repeat("あ", 119) + "…",
		"> [引用](other.md)と `code` &amp; **強調**\n":    "引用と code & 強調",
	} {
		a, _ := Parse("content/ja/test-a.md", []byte(goodFront+body), testChecks())
		if a.Description != want {
			t.Errorf("%q: got %q, want %q", body, a.Description, want)
		}
	}
}
