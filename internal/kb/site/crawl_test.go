package site

import (
	"encoding/xml"
	"io"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestCrawl follows every link and looks at every page.
func TestCrawl(t *testing.T) {
	files := rendered(t, mustBuild(t, fixture(t)))
	pages := map[string]*goquery.Document{}
	for name, content := range files {
		if path.Ext(name) == ".html" {
			page, err := goquery.NewDocumentFromReader(strings.NewReader(content))
			if err != nil {
				t.Fatal(err)
			}
			pages[name] = page
		}
	}
	if len(pages) < 30 {
		t.Fatalf("only %d pages", len(pages))
	}
	for name, page := range pages {
		checkPage(t, name, page)
		checkLinks(t, name, page, pages, files)
	}
}

// checkPage looks at what every page must have, and must not.
func checkPage(t *testing.T, name string, page *goquery.Document) {
	one := func(selector string) *goquery.Selection {
		found := page.Find(selector)
		if found.Length() != 1 {
			t.Errorf("%s: %d of %s", name, found.Length(), selector)
		}
		return found
	}
	if one("html").AttrOr("lang", "") == "" {
		t.Errorf("%s: no language", name)
	}
	if strings.TrimSpace(one("head title").Text()) == "" || strings.TrimSpace(one("h1").Text()) == "" {
		t.Errorf("%s: no title", name)
	}
	csp := one("meta[http-equiv=Content-Security-Policy]").AttrOr("content", "")
	if !strings.HasPrefix(csp, "default-src 'none'; ") || strings.Contains(csp, "unsafe") {
		t.Errorf("%s: content security policy %q", name, csp)
	}
	if page.Find("style, base, iframe, object, embed").Length() > 0 {
		t.Errorf("%s: an element that the policy forbids", name)
	}
	page.Find("script").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("src", "") == "" && s.AttrOr("type", "") != "application/ld+json" {
			t.Errorf("%s: inline script", name)
		}
	})
	ids := map[string]bool{}
	page.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: <%s %s=%q>", name, s.Nodes[0].Data, a.Key, a.Val)
			}
		}
		id, ok := s.Attr("id")
		if ok && ids[id] {
			t.Errorf("%s: two elements called %q", name, id)
		}
		ids[id] = true
		for _, reference := range []string{"aria-labelledby", "aria-describedby", "for"} {
			if target, ok := s.Attr(reference); ok && page.Find(`[id="`+target+`"]`).Length() != 1 {
				t.Errorf("%s: %s=%q leads nowhere", name, reference, target)
			}
		}
	})
	page.Find("img").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("width", "") == "" || s.AttrOr("height", "") == "" || s.AttrOr("loading", "") != "lazy" {
			t.Errorf("%s: a picture without size or lazy loading", name)
		}
	})
}

// checkLinks makes sure that every address of this site has a file, and every
// fragment an element.
func checkLinks(t *testing.T, name string, page *goquery.Document, pages map[string]*goquery.Document, files map[string]string) {
	base, err := url.Parse("https://kb.example.com/help/" + strings.TrimSuffix(name, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	page.Find("[href], [src], [data-search]").Each(func(_ int, s *goquery.Selection) {
		for _, attr := range []string{"href", "src", "data-search"} {
			address, ok := s.Attr(attr)
			if !ok {
				continue
			}
			u, err := base.Parse(address)
			if err != nil {
				t.Errorf("%s: %s=%q: %v", name, attr, address, err)
				continue
			}
			if u.Host != "kb.example.com" {
				continue
			}
			target, inside := strings.CutPrefix(u.Path, "/help/")
			if target == "" || strings.HasSuffix(target, "/") {
				target += "index.html"
			}
			if _, exists := files[target]; !inside || !exists {
				t.Errorf("%s: %s=%q: there is no %s", name, attr, address, target)
				continue
			}
			if u.Fragment != "" && pages[target].Find(`[id="`+u.Fragment+`"]`).Length() != 1 {
				t.Errorf("%s: %s=%q: %s has no such place", name, attr, address, target)
			}
		}
	})
}

// TestFeeds makes sure that feeds and sitemaps are XML, and that what they
// list is there.
func TestFeeds(t *testing.T) {
	files := rendered(t, mustBuild(t, fixture(t)))
	listed := 0
	for name, content := range files {
		if path.Ext(name) != ".xml" {
			continue
		}
		decoder := xml.NewDecoder(strings.NewReader(content))
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			start, ok := token.(xml.StartElement)
			if !ok || start.Name.Local != "loc" {
				continue
			}
			var address string
			if err := decoder.DecodeElement(&address, &start); err != nil {
				t.Fatal(err)
			}
			listed++
			target := strings.TrimPrefix(address, "https://kb.example.com/help/") + "index.html"
			if _, exists := files[target]; !exists {
				t.Errorf("%s lists %s, which does not exist", name, address)
			}
		}
	}
	if listed < 20 {
		t.Errorf("the sitemap lists %d pages", listed)
	}
	if feed := files["ja/feed.xml"]; !strings.Contains(feed, "<updated>2026-03-01T09:00:00+09:00</updated>") {
		t.Errorf("ja/feed.xml is not dated by its newest article:\n%s", feed)
	}
}
