package site

import (
	"fmt"
	"strconv"
	"time"

	"kbgen/internal/kb/check"
)

// newestOnHome is how many articles a home page lists.
const newestOnHome = 20

// choosePage is the site's root: it leads to a language.
func (b *builder) choosePage() File {
	here := func(check.Lang) string { return b.link("/") }
	return b.page("index.html", stageIndex, "choose", func() (any, error) {
		lang := b.in.Config.Languages[0]
		v := choiceView{head: b.head("choose", lang, b.in.Config.Title.In(lang), here, nil)}
		v.Languages = nil
		for _, l := range b.in.Config.Languages {
			m := b.texts[l].messages
			v.Choices = append(v.Choices, choice{l, v.Title, m.Text("choose.text"), m.Text("lang.name"), b.link("/" + string(l) + "/")})
		}
		return v, nil
	})
}

// notFoundPage is what static hosts show for an address without a page.
func (b *builder) notFoundPage() File {
	return b.page("404.html", stageIndex, "notfound", func() (any, error) {
		lang := b.in.Config.Languages[0]
		home := func(l check.Lang) string { return b.link("/" + string(l) + "/") }
		v := choiceView{head: b.head("notfound", lang, b.texts[lang].messages.Text("notfound.title"), home, nil)}
		v.Heading, v.Canonical, v.Languages = v.Title, "", nil
		for _, l := range b.in.Config.Languages {
			m := b.texts[l].messages
			v.Choices = append(v.Choices, choice{l, m.Text("notfound.title"), m.Text("notfound.text"), m.Text("notfound.link"), home(l)})
		}
		return v, nil
	})
}

func (b *builder) homePage(lang check.Lang) File {
	here := func(l check.Lang) string { return b.link("/" + string(l) + "/") }
	return b.page(string(lang)+"/index.html", stageIndex, "home", func() (any, error) {
		newest, tags := b.content.newest(lang), b.content.tags[lang].list
		v := homeView{
			head:     b.head("home", lang, b.in.Config.Title.In(lang), here, b.in.Config.Languages),
			CodeList: b.codeItems(lang, b.codes.mostUsed()),
			TagList:  b.tagItems(lang, tags[:min(len(tags), mostUsedOnHome)]),
			Total:    b.texts[lang].messages.Text("home.total", "count", strconv.Itoa(len(newest))),
			Newest:   b.items(lang, newest[:min(len(newest), newestOnHome)]),
		}
		v.Description = b.texts[lang].messages.Text("home.description")
		if len(b.codes.list) > len(v.CodeList) {
			v.AllCodes = b.texts[lang].messages.Text("home.codes.all", "count", strconv.Itoa(len(b.codes.list)))
		}
		if len(tags) > len(v.TagList) {
			v.AllTags = b.texts[lang].messages.Text("home.tags.all", "count", strconv.Itoa(len(tags)))
		}
		return v, nil
	})
}

func (b *builder) tagsPage(lang check.Lang) File {
	here := func(l check.Lang) string { return b.link("/" + string(l) + "/tags/") }
	return b.page(string(lang)+"/tags/index.html", stageIndex, "tags", func() (any, error) {
		title := b.texts[lang].messages.Text("tags.title")
		return tagsView{
			head:    b.head("tags", lang, title, here, b.in.Config.Languages),
			TagList: b.tagItems(lang, b.content.tags[lang].list),
		}, nil
	})
}

func (b *builder) tagPage(lang check.Lang, t *tag) File {
	// The other language's page, if the tag is the same there; its list of
	// tags otherwise.
	var real []check.Lang
	for _, l := range b.in.Config.Languages {
		if b.content.tags[l].byID[t.id] != nil {
			real = append(real, l)
		}
	}
	here := func(l check.Lang) string {
		if b.content.tags[l].byID[t.id] == nil {
			return b.link("/" + string(l) + "/tags/")
		}
		return b.tagLink(l, t.id)
	}
	return b.page(string(lang)+"/tags/"+t.id+"/index.html", stageIndex, "tag", func() (any, error) {
		m := b.texts[lang].messages
		v := tagView{
			head:     b.head("tag", lang, m.Text("tag.title", "tag", t.name), here, real),
			Count:    m.Text("tag.count", "count", strconv.Itoa(len(t.entries))),
			Articles: b.items(lang, t.entries),
		}
		v.Heading = v.Title
		v.Description = m.Text("tag.description", "tag", t.name)
		return v, nil
	})
}

func (b *builder) tagItems(lang check.Lang, tags []*tag) []tagItem {
	var items []tagItem
	for _, t := range tags {
		count := b.texts[lang].messages.Text("tag.count", "count", strconv.Itoa(len(t.entries)))
		items = append(items, tagItem{t.name, b.tagLink(lang, t.id), count})
	}
	return items
}

func (b *builder) items(lang check.Lang, entries []*entry) []articleItem {
	var items []articleItem
	for _, e := range entries {
		items = append(items, b.item(lang, e))
	}
	return items
}

func (b *builder) item(lang check.Lang, e *entry) articleItem {
	a := e.in(lang)
	item := articleItem{
		URL: b.articleLink(lang, e.slug), Title: a.Title,
		Updated: a.UpdatedAt.Format(time.RFC3339), UpdatedText: b.texts[lang].date(a.UpdatedAt),
	}
	if a.ErrorTexts[0] != a.Title {
		item.ErrorText = &wordings(a.ErrorTexts[:1], lang)[0]
	}
	if a.Lang != lang {
		item.Lang = a.Lang
		item.LangName = b.texts[a.Lang].messages.Text("lang.name")
	}
	return item
}

// size renders a number of bytes as file managers do: 2.9 MB.
func size(bytes int) string {
	const kilo, mega = 1000, 1000 * 1000
	if bytes < mega {
		return fmt.Sprintf("%.0f kB", max(1, float64(bytes)/kilo))
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/mega)
}
