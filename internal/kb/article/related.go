package article

import (
	"regexp"

	"github.com/yuin/goldmark/ast"
)

// relatedCase is an item of the section of related cases that has no link:
// plain text that should be another article's title.
type relatedCase struct {
	title string
	at    int // offset in the file
}

// caseNode becomes a link if an article has the title.
type caseNode struct {
	ast.BaseInline
	title string
}

var kindCase = ast.NewNodeKind("RelatedCase")

func (*caseNode) Kind() ast.NodeKind { return kindCase }

func (n *caseNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// noneForm is a section of related cases that says that there are none, or
// that nobody has filled in yet.
var noneForm = regexp.MustCompile(`(?i)^(?:特に)?(?:なし|ありません)[。.]?$|^none\.?$|^〈.*〉$`)

// cases finds the plain items of the section of related cases, and whether it
// has no link at all.
func (p *parsing) cases() {
	related := p.part(Related)
	if related == nil {
		return
	}
	linked := false
	for _, n := range related.nodes {
		each(n, func(item *ast.ListItem) { p.relatedItem(item) })
		linked = linked || hasLink(n) || n.Kind() == ast.KindParagraph && noneForm.MatchString(p.body.plain(n))
	}
	if p.a.doc.noCaseAt = wholeFile; !linked && len(p.a.doc.cases) == 0 && len(related.nodes) > 0 {
		p.a.doc.noCaseAt = p.nodeAt(related.heading)
	}
}

func (p *parsing) relatedItem(item *ast.ListItem) {
	line := item.FirstChild()
	if line == nil || line.Kind() != ast.KindTextBlock && line.Kind() != ast.KindParagraph || hasLink(line) {
		return
	}
	title := p.body.plain(line)
	if title == "" {
		return
	}
	p.a.doc.cases = append(p.a.doc.cases, relatedCase{title, p.bodyAt + line.Lines().At(0).Start})
	wrap := &caseNode{title: title}
	for c := line.FirstChild(); c != nil; c = line.FirstChild() {
		wrap.AppendChild(wrap, c)
	}
	line.AppendChild(line, wrap)
}

func hasLink(n ast.Node) bool {
	found := false
	each(n, func(c ast.Node) {
		switch c.(type) {
		case *ast.Link, *ast.AutoLink, *linkNode:
			found = true
		}
	})
	return found
}
