package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/PuerkitoBio/goquery"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/site"
	"kbgen/templates"
)

// Articles that others wrote, unmodified, become pages with every heading,
// list item, code block and warning on them. They are not ours to publish: the
// folder with them is named by KB_SOURCES.
func TestArticlesByOthers(t *testing.T) {
	folder := os.Getenv("KB_SOURCES")
	if folder == "" {
		t.Skip("KB_SOURCES does not name a folder with articles by others")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no articles in %s: %v", folder, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			built, messages, err := site.Build(site.Input{
				Root:      fstest.MapFS{"content/ja/by-others.md": {Data: src}},
				Templates: templates.Files(),
				Config:    site.DefaultConfig(),
			})
			if err != nil {
				t.Fatal(err)
			}
			if n := article.Errors(messages); n > 0 {
				t.Fatalf("%d errors: %v", n, messages)
			}
			page, ok := built.Find("ja/by-others/index.html")
			if !ok {
				t.Fatal("no page")
			}
			html, err := page.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			compare(t, string(src), string(html))
		})
	}
}

// markup is what Markdown puts in front of a line's text.
var markup = regexp.MustCompile(`^(#+|[-*+]|\d+[.)])\s+`)

func compare(t *testing.T, src, html string) {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	shown := withoutSpace(doc.Find("main").Text())
	_, body, _ := strings.Cut(strings.TrimPrefix(src, "---"), "\n---")
	fences := 0
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") {
			fences++
			continue
		}
		text := strings.ReplaceAll(markup.ReplaceAllString(line, ""), "**", "")
		if text != "" && !strings.Contains(shown, withoutSpace(text)) {
			t.Errorf("not on the page: %s", line)
		}
	}
	if blocks := doc.Find("section.part pre").Length(); blocks != fences/2 {
		t.Errorf("%d code blocks on the page, want %d", blocks, fences/2)
	}
	if n := strings.Count(doc.Find("main").Text(), "**"); n > 0 {
		t.Errorf("%d times ** on the page", n)
	}
}

func withoutSpace(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
