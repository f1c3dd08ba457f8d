package article

import (
	"fmt"
	"slices"
	"strings"

	"kbgen/internal/kb/check"
)

// CheckSet checks articles against each other: links, related articles,
// titles, translations. Give it every article that Parse returned, also those
// with errors and drafts. The messages are sorted by place.
func CheckSet(articles []*Article) []Message {
	s := newSet(articles)
	for _, a := range s.articles {
		s.title(a)
	}
	for _, a := range s.articles {
		s.links(a)
		s.related(a)
		s.cases(a)
		s.translation(a)
	}
	Sort(s.messages)
	return s.messages
}

type place struct {
	lang check.Lang
	slug string
}

type set struct {
	articles []*Article // by path
	at       map[place]*Article
	titled   map[check.Lang]map[string]*Article
	titles   map[check.Lang][]string
	slugs    []string
	messages []Message
	effort   int // left for suggestions
}

// maxEffort is how many pairs of bytes one CheckSet compares to find names
// that are nearly right: about a second. A large site with many wrong names
// gets suggestions for the first of them.
const maxEffort = 300e6

func newSet(articles []*Article) *set {
	s := &set{
		at:     map[place]*Article{},
		titled: map[check.Lang]map[string]*Article{},
		titles: map[check.Lang][]string{},
		effort: maxEffort,
	}
	for _, lang := range check.Langs() {
		s.titled[lang] = map[string]*Article{}
	}
	for _, a := range articles {
		if a != nil && a.doc != nil {
			s.articles = append(s.articles, a)
		}
	}
	slices.SortStableFunc(s.articles, func(a, b *Article) int { return strings.Compare(a.Path, b.Path) })
	for _, a := range s.articles {
		s.at[place{a.Lang, a.Slug}] = a
		s.slugs = append(s.slugs, a.Slug)
	}
	slices.Sort(s.slugs)
	s.slugs = slices.Compact(s.slugs)
	return s
}

func (s *set) add(a *Article, level Level, offset int, text, hint string) {
	s.messages = append(s.messages, a.doc.src.message(level, offset, text, hint))
}

// find returns the article that the page at lang and slug shows: a page
// without a translation shows the other language.
func (s *set) find(lang check.Lang, slug string) *Article {
	if a := s.at[place{lang, slug}]; a != nil {
		return a
	}
	for _, other := range check.Langs() {
		if a := s.at[place{other, slug}]; a != nil {
			return a
		}
	}
	return nil
}

func (s *set) nearest(word string, candidates []string) string {
	for _, c := range candidates {
		s.effort -= len(c) * len(word)
	}
	if s.effort < 0 {
		return ""
	}
	return check.Nearest(word, candidates)
}

func (s *set) title(a *Article) {
	if a.Title == "" {
		return
	}
	if other := s.titled[a.Lang][a.Title]; other != nil {
		s.add(a, Warning, a.doc.titleAt, "the title is the same as that of "+other.Path, "say in the title what is different")
		return
	}
	s.titled[a.Lang][a.Title] = a
	s.titles[a.Lang] = append(s.titles[a.Lang], a.Title)
}

func (s *set) links(a *Article) {
	for _, l := range a.Links {
		at := a.doc.src.offset(l.Line, l.Column)
		target := s.find(l.Lang, l.Slug)
		switch {
		case !slices.Contains(check.Langs(), l.Lang):
			s.add(a, Error, at, fmt.Sprintf("there is no language %q", l.Lang), "link to ../ja/ or ../en/")
		case target == nil:
			hint := "the article's file is missing from content"
			if near := s.nearest(l.Slug, s.slugs); near != "" {
				hint = fmt.Sprintf("did you mean %s.md?", near)
			}
			s.add(a, Error, at, fmt.Sprintf("the link leads to %s.md, which does not exist", l.Slug), hint)
		case l.Anchor != "" && !target.doc.unread && !target.doc.anchors[l.Anchor]:
			s.anchor(a, at, target, l.Anchor)
		case target.Draft && !a.Draft:
			s.add(a, Warning, at, fmt.Sprintf("the link leads to the draft %s.md", l.Slug), "until it is published, only the link's text is shown")
		}
	}
}

func (s *set) anchor(a *Article, at int, target *Article, anchor string) {
	var anchors []string
	for name := range target.doc.anchors {
		anchors = append(anchors, name)
	}
	slices.Sort(anchors)
	hint := "it has " + clipText(strings.Join(anchors, ", "), 200)
	if near := s.nearest(anchor, anchors); near != "" {
		hint = fmt.Sprintf("did you mean #%s?", near)
	}
	s.add(a, Error, at, fmt.Sprintf("the link leads to #%s, which %s does not have", anchor, target.Path), hint)
}

func (s *set) related(a *Article) {
	for i, slug := range a.Related {
		at := a.doc.relatedAt[i]
		target := s.find(a.Lang, slug)
		switch {
		case target == nil:
			hint := "name an article that exists, or delete it"
			if near := s.nearest(slug, s.slugs); near != "" {
				hint = fmt.Sprintf("did you mean %s?", near)
			}
			s.add(a, Error, at, fmt.Sprintf("related names %s, which does not exist", slug), hint)
		case target.Draft && !a.Draft:
			s.add(a, Warning, at, fmt.Sprintf("related names the draft %s", slug), "it is left out until it is published")
		}
	}
}

// cases warns of related cases in words that are no article's title. It looks
// at the titles of the article's own language. A section without any link is
// worth a word only where there is something to link to.
func (s *set) cases(a *Article) {
	if a.doc.noCaseAt != wholeFile && len(s.titles[a.Lang]) > 1 {
		s.add(a, Warning, a.doc.noCaseAt, "no related case has a link", "write [title](other.md) and how to tell that case from this one")
	}
	for _, c := range a.doc.cases {
		if other := s.titled[a.Lang][c.title]; other != nil && other != a {
			continue
		}
		hint := "write a link ([words](other.md)) or the exact title of an article; until then it stays plain text"
		if near := s.nearest(c.title, s.titles[a.Lang]); near != "" && near != a.Title {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		s.add(a, Warning, c.at, fmt.Sprintf("no other article has the title %q", clipText(c.title, 60)), hint)
	}
}

func (s *set) translation(a *Article) {
	for _, lang := range check.Langs() {
		if lang == a.Lang {
			continue
		}
		other := s.at[place{lang, a.Slug}]
		if other == nil {
			s.add(a, Warning, wholeFile, fmt.Sprintf("there is no content/%s/%s.md", lang, a.Slug),
				"readers of that language are shown this article with a notice")
			continue
		}
		if a.Lang == check.Langs()[0] && !a.doc.unread && !other.doc.unread && !a.doc.badMarker && !other.doc.badMarker {
			s.parity(a, other)
		}
	}
}
