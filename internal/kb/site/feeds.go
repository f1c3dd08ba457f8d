package site

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"kbgen/internal/kb/check"
)

// newestInFeed is how many articles a feed holds.
const newestInFeed = 50

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomAuthor  `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID      string   `xml:"id"`
	Title   string   `xml:"title"`
	Updated string   `xml:"updated"`
	Link    atomLink `xml:"link"`
	Summary string   `xml:"summary,omitempty"`
}

// feeds is the Atom feed of a language, if the site's address is known.
// Articles that are only there in the other language are not in it.
func (b *builder) feeds(lang check.Lang) []File {
	if !b.in.Config.Base.Known() {
		return nil
	}
	path := string(lang) + "/feed.xml"
	return []File{{Path: path, stage: stageIndex, Bytes: func() ([]byte, error) {
		base := b.in.Config.Base
		home, self := base.absolute(b.link("/"+string(lang)+"/")), base.absolute(b.link("/"+path))
		title := b.in.Config.Title.In(lang)
		feed := atomFeed{
			Lang: string(lang), ID: home, Title: title, Author: atomAuthor{title},
			Updated: time.Unix(0, 0).UTC().Format(time.RFC3339),
			Links:   []atomLink{{"self", self}, {"alternate", home}},
		}
		for _, e := range b.content.newest(lang) {
			a := e.articles[lang]
			if a == nil || len(feed.Entries) == newestInFeed {
				continue
			}
			address := base.absolute(b.articleLink(lang, e.slug))
			feed.Entries = append(feed.Entries, atomEntry{
				ID: address, Title: a.Title, Updated: a.UpdatedAt.Format(time.RFC3339),
				Link: atomLink{"alternate", address}, Summary: a.Description,
			})
		}
		if len(feed.Entries) > 0 {
			feed.Updated = feed.Entries[0].Updated
		}
		return encodeXML(feed)
	}}}
}

// mostInSitemap is how many addresses the protocol allows in one file.
const mostInSitemap = 50_000

type sitemap struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	XHTML   string       `xml:"xmlns:xhtml,attr"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Location   string             `xml:"loc"`
	Modified   string             `xml:"lastmod,omitempty"`
	Alternates []sitemapAlternate `xml:"xhtml:link"`
}

type sitemapAlternate struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

type sitemapIndex struct {
	XMLName  xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Sitemaps []sitemapURL `xml:"sitemap"`
}

// sitemaps is sitemap.xml, if the site's address is known: a list of pages,
// or of further files if it would be too long.
func (b *builder) sitemaps() []File {
	if !b.in.Config.Base.Known() {
		return nil
	}
	urls := b.sitemapURLs()
	if len(urls) <= mostInSitemap {
		return []File{sitemapFile("sitemap.xml", urls)}
	}
	var files []File
	var index sitemapIndex
	for start := 0; start < len(urls); start += mostInSitemap {
		name := fmt.Sprintf("sitemap-%d.xml", len(files)+1)
		files = append(files, sitemapFile(name, urls[start:min(start+mostInSitemap, len(urls))]))
		index.Sitemaps = append(index.Sitemaps, sitemapURL{Location: b.in.Config.Base.absolute(b.link("/" + name))})
	}
	return append(files, File{Path: "sitemap.xml", stage: stageIndex, Bytes: func() ([]byte, error) { return encodeXML(index) }})
}

func sitemapFile(path string, urls []sitemapURL) File {
	return File{Path: path, stage: stageIndex, Bytes: func() ([]byte, error) {
		return encodeXML(sitemap{XHTML: "http://www.w3.org/1999/xhtml", URLs: urls})
	}}
}

// sitemapURLs lists the home pages, the checks and the articles. Pages that
// show the other language's article are left out: their canonical address is
// that article's.
func (b *builder) sitemapURLs() []sitemapURL {
	languages := b.in.Config.Languages
	urls := b.inEachLanguage(languages, nil, func(l check.Lang) string { return b.link("/" + string(l) + "/") })
	urls = append(urls, b.inEachLanguage(languages, nil, func(l check.Lang) string { return b.link("/" + string(l) + "/checks/") })...)
	for _, c := range b.checks {
		urls = append(urls, b.inEachLanguage(languages, nil, func(l check.Lang) string { return b.checkLink(l, c.ID) })...)
	}
	for _, e := range b.content.entries {
		urls = append(urls, b.inEachLanguage(b.ownLanguages(e),
			func(l check.Lang) time.Time { return e.articles[l].UpdatedAt },
			func(l check.Lang) string { return b.articleLink(l, e.slug) })...)
	}
	return urls
}

func (b *builder) inEachLanguage(languages []check.Lang, modified func(check.Lang) time.Time, link func(check.Lang) string) []sitemapURL {
	var alternates []sitemapAlternate
	for _, l := range languages {
		alternates = append(alternates, sitemapAlternate{"alternate", string(l), b.in.Config.Base.absolute(link(l))})
	}
	if len(alternates) == 1 {
		alternates = nil
	}
	var urls []sitemapURL
	for _, l := range languages {
		u := sitemapURL{Location: b.in.Config.Base.absolute(link(l)), Alternates: alternates}
		if modified != nil {
			u.Modified = modified(l).Format(time.RFC3339)
		}
		urls = append(urls, u)
	}
	return urls
}

func encodeXML(v any) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(xml.Header)
	e := xml.NewEncoder(&out)
	e.Indent("", " ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

func (b *builder) robots() File {
	var out strings.Builder
	out.WriteString("User-agent: *\nAllow: /\n")
	if base := b.in.Config.Base; base.Known() {
		fmt.Fprintf(&out, "\nSitemap: %s\n", base.absolute(b.link("/sitemap.xml")))
	}
	return ready("robots.txt", stageIndex, []byte(out.String()))
}
