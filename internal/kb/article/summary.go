package article

import (
	"github.com/yuin/goldmark/ast"
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

// Markdown is the body as it is written, for a full-text search, to which the
// signs of Markdown are punctuation.
func (a *Article) Markdown() string {
	if a.doc == nil || a.doc.bodyAt < 0 {
		return ""
	}
	return a.doc.src.text[a.doc.bodyAt:]
}
