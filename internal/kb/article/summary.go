package article

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// descriptionLength is how long, in characters, a description that is taken
// from the summary may be.
const descriptionLength = 120

// describe fills in the description from the summary, or else from what
// comes first in the article.
func (p *parsing) describe() {
	if p.a.Description != "" {
		return
	}
	var first string
	for _, part := range p.a.doc.parts {
		text := p.firstText(part.nodes)
		if first == "" || part.section.Role == Summary && text != "" {
			first = text
		}
	}
	p.a.Description = clipText(first, descriptionLength)
}

// firstText is the first text among blocks that is not the label of a list
// below it.
func (p *parsing) firstText(nodes []ast.Node) string {
	for _, n := range nodes {
		switch n.(type) {
		case *ast.Paragraph, *ast.TextBlock:
			_, label := n.NextSibling().(*ast.List)
			if text := p.body.plain(n); text != "" && !(label && n.Parent().Kind() == ast.KindListItem) {
				return text
			}
		case *ast.List, *ast.ListItem, *ast.Blockquote:
			if text := p.firstText(children(n)); text != "" {
				return text
			}
		}
	}
	return ""
}

func children(n ast.Node) []ast.Node {
	var all []ast.Node
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		all = append(all, c)
	}
	return all
}

// Text is the body as plain text, for a full-text search: one line for each
// heading, paragraph, list item and table cell; code as it is.
func (a *Article) Text() string {
	var s strings.Builder
	doc := a.parsed()
	b := &body{text: doc.body}
	for _, part := range doc.parts {
		if part.heading != nil {
			s.WriteString(part.section.Heading + "\n")
		}
		for _, n := range part.nodes {
			b.writeText(&s, n)
		}
	}
	return s.String()
}

func (b *body) writeText(s *strings.Builder, n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock, *ast.Heading, *extast.TableCell:
		if text := b.plain(n); text != "" {
			s.WriteString(text + "\n")
		}
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		s.Write(n.Lines().Value(b.text))
	case *ast.HTMLBlock:
		if text := strings.TrimSpace(shownHTML(blockHTML(n, b.text))); text != "" {
			s.WriteString(text + "\n")
		}
	default:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			b.writeText(s, c)
		}
	}
}
