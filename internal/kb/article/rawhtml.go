package article

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
)

var htmlComment = regexp.MustCompile(`(?s)<!--.*?-->`)

// shownHTML is what the reader sees of raw HTML: the text as it is written,
// without comments.
func shownHTML(html string) string { return htmlComment.ReplaceAllString(html, "") }

// rawHTML reports HTML, which is shown as text, once in a line. A comment is
// left out of the page, as its writer expects.
func (p *parsing) rawHTML() {
	lines := map[int]bool{}
	report := func(n ast.Node, html string, at int) {
		shown := strings.TrimSpace(shownHTML(html))
		line, _ := p.src.position(at)
		if shown == "" || lines[line] {
			return
		}
		lines[line] = true
		tag, _, _ := strings.Cut(shown, "\n")
		p.warn(at, "HTML is shown as text: "+clipText(tag, 40), "write it in Markdown; put a placeholder in a code span (`<name>`)")
	}
	each(p.body.root, func(n *ast.RawHTML) {
		report(n, string(n.Segments.Value(p.body.text)), p.bodyAt+n.Segments.At(0).Start)
	})
	each(p.body.root, func(n *ast.HTMLBlock) {
		report(n, blockHTML(n, p.body.text), p.nodeAt(n))
	})
}

// blockHTML is the source of an HTML block.
func blockHTML(n *ast.HTMLBlock, source []byte) string {
	html := string(n.Lines().Value(source))
	if n.HasClosure() {
		html += string(n.ClosureLine.Value(source))
	}
	return html
}

// clipText shortens s to at most n characters.
func clipText(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return strings.TrimSpace(string(runes[:n-1])) + "…"
}
