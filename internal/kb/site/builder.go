package site

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/url"
	"slices"
	"sync"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/errorcode"
	"kbgen/internal/kb/search/index"
	"kbgen/templates/i18n"
)

// builder plans the files of one site. Pages are rendered side by side: once
// it is made, only steps changes.
type builder struct {
	in        Input
	content   *library
	checks    check.Catalogue
	pages     pageTemplates
	texts     map[check.Lang]texts
	assets    assets
	downloads []download
	index     []index.Entry // of the library's entries
	codes     codeIndex
	known     *errorcode.Table
	steps     sync.Map // stepKey → template.HTML; most articles use the same few
}

func newBuilder(in Input, l *library) (*builder, error) {
	b := &builder{in: in, content: l, checks: check.All(), texts: map[check.Lang]texts{}, known: errorcode.NewTable()}
	var err error
	if b.index, err = indexEntries(in.Cache, l, in.Config.Languages); err != nil {
		return nil, err
	}
	b.codes = newCodeIndex(l, b.index)
	if b.pages, err = readTemplates(in.Cache, in.Templates); err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	for _, lang := range check.Langs() {
		if b.texts[lang], err = readTexts(in.Templates, lang); err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
	}
	if b.assets, err = bundleAssets(in.Cache, in.Templates); err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	b.downloads, err = b.stampPrograms()
	return b, err
}

func readTexts(templates fs.FS, lang check.Lang) (texts, error) {
	name := "i18n/site." + string(lang) + ".yaml"
	src, err := fs.ReadFile(templates, name)
	if err != nil {
		return texts{}, err
	}
	messages, err := i18n.Parse(string(src))
	if err != nil {
		return texts{}, fmt.Errorf("%s: %w", name, err)
	}
	return texts{lang, messages}, nil
}

// pageTemplates are the parsed pages by name, each with the layout.
type pageTemplates map[string]*template.Template

func pageNames() []string {
	return []string{"article", "check", "checks", "choose", "code", "codes", "home", "notfound", "tag", "tags"}
}

func readTemplates(cache *Cache, templates fs.FS) (pageTemplates, error) {
	sources := map[string][]byte{}
	var all [][]byte
	for _, name := range append([]string{"layout"}, pageNames()...) {
		src, err := fs.ReadFile(templates, name+".html")
		if err != nil {
			return nil, err
		}
		sources[name] = src
		all = append(all, src)
	}
	return cached(cache, keyOf("templates", all...), func() (pageTemplates, error) {
		layout, err := template.New("layout.html").Option("missingkey=error").Parse(string(sources["layout"]))
		if err != nil {
			return nil, err
		}
		pages := pageTemplates{}
		for _, name := range pageNames() {
			page, err := layout.Clone()
			if err != nil {
				return nil, err
			}
			if pages[name], err = page.New(name + ".html").Parse(string(sources[name])); err != nil {
				return nil, err
			}
		}
		return pages, nil
	})
}

// execute renders the template called part of a page.
func (p pageTemplates) execute(page, part string, view any) ([]byte, error) {
	var out bytes.Buffer
	if err := p[page].ExecuteTemplate(&out, part, view); err != nil {
		return nil, fmt.Errorf("templates/%s.html: %w", page, err)
	}
	return out.Bytes(), nil
}

// page is a file that is rendered from a template when it is asked for.
func (b *builder) page(path string, stage stage, template string, view func() (any, error)) File {
	return File{Path: path, stage: stage, Bytes: func() ([]byte, error) {
		v, err := view()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		data, err := b.pages.execute(template, "layout", v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return data, nil
	}}
}

// files plans all files of the site.
func (b *builder) files() ([]File, error) {
	files := []File{
		ready(b.assets.style.path, stageAsset, b.assets.style.data),
		ready(b.assets.script.path, stageAsset, b.assets.script.data),
		ready(b.assets.worker.path, stageAsset, b.assets.worker.data),
		ready(b.assets.icon.path, stageAsset, b.assets.icon.data),
		b.choosePage(),
		b.notFoundPage(),
		b.robots(),
	}
	for _, d := range b.downloads {
		files = append(files, ready(d.path(), stageAsset, d.bytes))
	}
	search, err := b.searchFiles()
	if err != nil {
		return nil, err
	}
	files = append(files, search...)
	files = append(files, b.pictureFiles()...)
	files = append(files, b.sitemaps()...)
	for _, lang := range b.in.Config.Languages {
		files = append(files, b.homePage(lang), b.tagsPage(lang), b.codesPage(lang), b.checksPage(lang))
		files = append(files, b.feeds(lang)...)
		for _, t := range b.content.tags[lang].list {
			files = append(files, b.tagPage(lang, t))
		}
		for _, c := range b.codes.list {
			files = append(files, b.codePage(lang, c))
		}
		for i := range b.checks {
			files = append(files, b.checkPage(lang, &b.checks[i]))
		}
		for _, e := range b.content.entries {
			files = append(files, b.articlePage(lang, e))
		}
	}
	return files, nil
}

// Addresses. They are relative to the host, as pages use them.

func (b *builder) link(path string) string { return b.in.Config.Base.link(path) }

func (b *builder) articleLink(lang check.Lang, slug string) string {
	return b.link("/" + string(lang) + "/" + slug + "/")
}

func (b *builder) tagLink(lang check.Lang, id string) string {
	return b.link("/" + string(lang) + "/tags/" + url.PathEscape(id) + "/")
}

func (b *builder) checkLink(lang check.Lang, id string) string {
	return b.link("/" + string(lang) + "/checks/" + id + "/")
}

// commonLink leads to the findings that every check can come to.
func (b *builder) commonLink(lang check.Lang) string {
	return b.link("/"+string(lang)+"/checks/") + "#kb:common"
}

// head fills in what every page has. here returns the page's address in a
// language; real lists the languages in which it has content of its own.
func (b *builder) head(kind string, lang check.Lang, title string, here func(check.Lang) string, real []check.Lang) head {
	config := b.in.Config
	h := head{
		texts: b.texts[lang], Kind: kind, Title: title, SiteTitle: config.Title.In(lang),
		Home: b.link("/" + string(lang) + "/"), Tags: b.link("/" + string(lang) + "/tags/"), Codes: b.link("/" + string(lang) + "/codes/"), Checks: b.link("/" + string(lang) + "/checks/"),
		Style: b.link("/" + b.assets.style.path), Script: b.link("/" + b.assets.script.path), Icon: b.link("/" + b.assets.icon.path),
	}
	h.Search = searchView{Base: b.link("/"), Worker: b.link("/" + b.assets.worker.path)}
	if config.Base.Known() {
		h.Feed = b.link("/" + string(lang) + "/feed.xml")
	}
	canonical := lang
	if !slices.Contains(real, lang) && len(real) > 0 {
		canonical = real[0]
	}
	h.Canonical = config.Base.absolute(here(canonical))
	for _, l := range config.Languages {
		name := b.texts[l].messages.Text("lang.name")
		if len(config.Languages) > 1 {
			h.Languages = append(h.Languages, languageLink{string(l), name, here(l), l == lang})
		}
		if config.Base.Known() && slices.Contains(real, l) && len(real) > 1 {
			h.Alternates = append(h.Alternates, languageLink{Lang: string(l), URL: config.Base.absolute(here(l))})
		}
	}
	return h
}
