package article

import (
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

// cases finds the plain items of the section of related cases.
func (p *parsing) cases() {
	for _, part := range p.a.doc.parts {
		if part.section.Role != Related {
			continue
		}
		for _, n := range part.nodes {
			each(n, func(item *ast.ListItem) { p.relatedItem(item) })
		}
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
