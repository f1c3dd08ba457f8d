package article

import (
	"fmt"

	"kbgen/internal/kb/check"
)

// document is what of the file is kept for the checks across articles. The
// parsed Markdown is not: it takes a hundred times the memory of the file, and
// parsing again takes less time than rendering.
type document struct {
	src     *source
	bodyAt  int // offset of the body in src; negative if nobody can say
	checks  check.Catalogue
	body    []byte          // the Markdown; nodes hold offsets into it; nil once parsed
	parts   []part          // nil once parsed
	anchors map[string]bool // every ID in the page that a link can lead to
	cases   []relatedCase

	noCaseAt  int   // offset in src of the heading of related cases without a link, or wholeFile
	titleAt   int   // offsets in src
	relatedAt []int // of each of Article.Related

	unread    bool // the body could not be read: nothing is known of its anchors and steps
	badMarker bool // a marker was refused: the list of steps is not what the writer meant
}

// parsing is the state of one Parse.
type parsing struct {
	path     string
	checks   check.Catalogue
	a        *Article
	src      *source
	readable bool // src is the text of the file
	bodyAt   int  // as in document
	messages []Message
	count    map[Level]int // also of those that are not in messages

	front  frontMatter
	body   *body
	images map[string]bool // paths in Article.Images
}

// Parse reads an article: path is its place in the site, slash-separated
// (content/ja/SLUG.md), raw the file. Every problem of the file is in the
// messages, sorted by place. The article is nil only if path names none; with
// errors in the messages it holds what could be read, so that links to it
// still lead somewhere and the other articles can be checked against it.
func Parse(path string, raw []byte, checks check.Catalogue) (*Article, []Message) {
	p := parse(path, raw, checks)
	if p.readable {
		for _, lint := range lints() {
			lint(p)
		}
	}
	p.a.doc.body, p.a.doc.parts = nil, nil
	if p.a.Slug == "" {
		return nil, p.sorted()
	}
	return p.a, p.sorted()
}

// parsed returns the article's document with the parsed Markdown in it.
func (a *Article) parsed() *document {
	if a.doc == nil {
		return &document{}
	}
	return parse(a.Path, []byte(a.doc.src.text), a.doc.checks).a.doc
}

// parse reads an article without looking for what it could do better.
func parse(path string, raw []byte, checks check.Catalogue) *parsing {
	p := &parsing{path: path, checks: checks, a: &Article{Path: path}, src: newSource(path, ""), images: map[string]bool{}, count: map[Level]int{}}
	p.name()
	p.a.doc = &document{checks: checks, unread: true, titleAt: wholeFile, noCaseAt: wholeFile}
	if p.readable = p.read(raw); p.readable {
		p.frontMatter()
		if p.bodyAt >= 0 {
			p.markdown()
		}
	}
	p.a.doc.src, p.a.doc.bodyAt = p.src, p.bodyAt
	return p
}

// maxMessages is how many errors, and how many warnings, one file may have: a
// file that is not an article at all would drown the others.
const maxMessages = 100

func (p *parsing) fail(offset int, text, hint string) { p.report(Error, offset, text, hint) }

func (p *parsing) warn(offset int, text, hint string) { p.report(Warning, offset, text, hint) }

func (p *parsing) report(level Level, offset int, text, hint string) {
	p.count[level]++
	if p.count[level] <= maxMessages {
		p.messages = append(p.messages, p.src.message(level, offset, text, hint))
	}
}

// sorted returns the messages by place.
func (p *parsing) sorted() []Message {
	for _, level := range []Level{Error, Warning} {
		if more := p.count[level] - maxMessages; more > 0 {
			p.messages = append(p.messages, p.src.message(level, wholeFile, fmt.Sprintf("%d more of this level are not shown", more), "mend the first ones"))
		}
	}
	Sort(p.messages)
	return p.messages
}
