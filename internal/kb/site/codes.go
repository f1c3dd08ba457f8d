package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/errorcode"
	"kbgen/internal/kb/search"
	"kbgen/internal/kb/search/index"
)

// codeIndex lists the error codes that stand in a title or an error text of
// an article. Each has a page.
type codeIndex struct {
	list  []*code // in the order of their spelling
	byKey map[string]*code
}

// code is an error code and the entries that are about it.
type code struct {
	key       string
	entries   []*entry // with the code in a title or an error text
	mentioned []*entry // with the code in the body
}

func newCodeIndex(l *library, entries []index.Entry) codeIndex {
	codes := codeIndex{byKey: map[string]*code{}}
	for i, e := range entries {
		for key, level := range e.Codes() {
			if level != search.CodeStrong {
				continue
			}
			c := codes.byKey[key]
			if c == nil {
				c = &code{key: key}
				codes.byKey[key] = c
				codes.list = append(codes.list, c)
			}
			c.entries = append(c.entries, l.entries[i])
		}
	}
	for i, e := range entries {
		for key, level := range e.Codes() {
			if c := codes.byKey[key]; c != nil && level == search.CodeInBody {
				c.mentioned = append(c.mentioned, l.entries[i])
			}
		}
	}
	slices.SortFunc(codes.list, func(a, b *code) int {
		return cmp.Or(strings.Compare(a.family(), b.family()), cmp.Compare(len(a.key), len(b.key)), strings.Compare(a.key, b.key))
	})
	return codes
}

func (c *code) family() string {
	family, _, _ := strings.Cut(c.key, ":")
	return family
}

// mostUsedOnHome is how many codes, and how many tags, a home page lists.
const mostUsedOnHome = 30

// mostUsed lists the codes that most articles are about.
func (codes codeIndex) mostUsed() []*code {
	list := slices.Clone(codes.list)
	slices.SortStableFunc(list, func(a, b *code) int { return cmp.Compare(len(b.entries), len(a.entries)) })
	return list[:min(len(list), mostUsedOnHome)]
}

func (b *builder) codeLink(lang check.Lang, key string) string {
	return b.link("/" + string(lang) + "/codes/" + errorcode.Slug(key) + "/")
}

// spelling writes a code for a reader: event IDs and error numbers say what
// they are.
func (b *builder) spelling(lang check.Lang, key string) string {
	family, value, _ := strings.Cut(key, ":")
	switch family {
	case "event":
		return b.texts[lang].messages.Text("code.event", "id", value)
	case "num":
		return b.texts[lang].messages.Text("code.number", "number", value)
	}
	return errorcode.Spell(key)
}

func (b *builder) codeItems(lang check.Lang, codes []*code) []tagItem {
	var items []tagItem
	for _, c := range codes {
		count := b.texts[lang].messages.Text("tag.count", "count", strconv.Itoa(len(c.entries)))
		items = append(items, tagItem{b.spelling(lang, c.key), b.codeLink(lang, c.key), count})
	}
	return items
}

// codesPage lists the codes by family.
func (b *builder) codesPage(lang check.Lang) File {
	here := func(l check.Lang) string { return b.link("/" + string(l) + "/codes/") }
	return b.page(string(lang)+"/codes/index.html", stageIndex, "codes", func() (any, error) {
		m := b.texts[lang].messages
		v := codesView{head: b.head("codes", lang, m.Text("codes.title"), here, b.in.Config.Languages)}
		v.Description = m.Text("codes.description")
		for _, family := range []string{"hex", "num", "event", "kb", "id", "name"} {
			var codes []*code
			for _, c := range b.codes.list {
				if c.family() == family {
					codes = append(codes, c)
				}
			}
			if len(codes) > 0 {
				v.Families = append(v.Families, codeFamilyView{family, m.Text("codes.family." + family), b.codeItems(lang, codes)})
			}
		}
		return v, nil
	})
}

// codePage says what a code means, and lists the articles.
func (b *builder) codePage(lang check.Lang, c *code) File {
	here := func(l check.Lang) string { return b.codeLink(l, c.key) }
	path := string(lang) + "/codes/" + errorcode.Slug(c.key) + "/index.html"
	return b.page(path, stageIndex, "code", func() (any, error) {
		m := b.texts[lang].messages
		v := codeView{head: b.head("code", lang, b.spelling(lang, c.key), here, b.in.Config.Languages)}
		v.Description = m.Text("code.description", "code", v.Title)
		v.Heading = v.Title
		v.Spellings = errorcode.Spellings(c.key)[1:]
		if known, ok := b.known.Find(c.key); ok {
			v.Names = known.Names
			for _, l := range []check.Lang{lang, other(lang)} {
				if text := known.Text.In(l); text != "" {
					v.Meanings = append(v.Meanings, meaningView{l, b.texts[l].messages.Text("lang.name"), text})
				}
			}
		}
		if n, ok := errorcode.Win32(c.key); ok {
			v.Win32 = strconv.Itoa(n)
		}
		for _, key := range b.known.Equivalents(c.key) {
			if same := b.codes.byKey[key]; same != nil {
				v.Same = append(v.Same, b.codeItems(lang, []*code{same})...)
			}
		}
		v.Count = m.Text("tag.count", "count", strconv.Itoa(len(c.entries)))
		v.Articles = b.items(lang, c.entries)
		v.Mentioned = b.items(lang, c.mentioned)
		return v, nil
	})
}
