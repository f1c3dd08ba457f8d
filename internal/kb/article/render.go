package article

import (
	"bytes"
	"html"
	"html/template"
	"strconv"
	"strings"

	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	goldmarkhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"kbgen/internal/kb/check"
)

// Render renders the body: first what precedes the first heading of level 2
// (its HTML may be empty), then each section without its heading. The same
// article and the same answers of page give the same HTML. Render may be
// called from several goroutines at once if page may be.
func (a *Article) Render(page Page) []Part {
	doc := a.parsed()
	if len(doc.parts) == 0 {
		return nil
	}
	r := newRenderer(&nodeRenderer{a: a, page: page, highlight: newFormatter()})
	parts := make([]Part, len(doc.parts))
	for i, part := range doc.parts {
		var b bytes.Buffer
		for _, n := range part.nodes {
			if err := r.Render(&b, doc.body, n); err != nil {
				// A bytes.Buffer takes every write, and no renderer of ours fails.
				panic("article: " + err.Error())
			}
		}
		parts[i] = Part{Section: part.section, HTML: template.HTML(b.String())}
	}
	return parts
}

func newRenderer(ours *nodeRenderer) renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(ours, 100),
		util.Prioritized(extension.NewTableHTMLRenderer(), 500),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500),
		util.Prioritized(goldmarkhtml.NewRenderer(), 1000),
	))
}

// nodeRenderer renders what depends on the site, and what goldmark renders
// differently.
type nodeRenderer struct {
	a         *Article
	page      Page
	highlight *chromahtml.Formatter
}

// RegisterFuncs implements goldmark's renderer.NodeRenderer.
func (r *nodeRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindMarker, r.step)
	reg.Register(kindLink, r.link)
	reg.Register(kindCase, r.relatedCase)
	reg.Register(kindImage, r.image)
	reg.Register(extast.KindTable, r.table)
	reg.Register(extast.KindTableCell, r.tableCell)
	reg.Register(ast.KindRawHTML, r.rawHTML)
	reg.Register(ast.KindHTMLBlock, r.htmlBlock)
	reg.Register(ast.KindFencedCodeBlock, r.fencedCode)
	reg.Register(ast.KindCodeBlock, r.indentedCode)
}

func (r *nodeRenderer) step(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if step := n.(*markerNode).step; entering && step != nil {
		w.WriteString(string(r.page.Step(*step)))
		w.WriteByte('\n')
	}
	return ast.WalkSkipChildren, nil
}

func (r *nodeRenderer) link(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	link := n.(*linkNode).link
	r.anchor(w, r.address(link.Lang, link.Slug, link.Anchor), entering)
	return ast.WalkContinue, nil
}

func (r *nodeRenderer) relatedCase(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if slug := r.page.Titled(n.(*caseNode).title); slug != "" && slug != r.a.Slug {
		r.anchor(w, r.address(r.a.Lang, slug, ""), entering)
	}
	return ast.WalkContinue, nil
}

// address is the address of an article's page, or "" if the site has none.
func (r *nodeRenderer) address(lang check.Lang, slug, anchor string) string {
	address := ""
	if lang != r.a.Lang || slug != r.a.Slug {
		if address = r.page.Link(lang, slug); address == "" {
			return ""
		}
	}
	if anchor != "" {
		address += "#" + string(util.URLEscape([]byte(anchor), false))
	}
	if address == "" { // the whole of this page
		address = r.page.Link(lang, slug)
	}
	return address
}

func (r *nodeRenderer) anchor(w util.BufWriter, address string, entering bool) {
	switch {
	case address == "":
	case entering:
		w.WriteString(`<a href="` + html.EscapeString(address) + `">`)
	default:
		w.WriteString("</a>")
	}
}

// image is a link to itself, so that a screenshot can be read at its full
// size; it is none in a link, and none if it only decorates.
func (r *nodeRenderer) image(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	picture := n.(*imageNode)
	src, width, height := r.page.Image(picture.path)
	if src == "" {
		w.WriteString(html.EscapeString(picture.alt))
		return ast.WalkContinue, nil
	}
	opens := picture.alt != "" && !inLink(n)
	if opens {
		w.WriteString(`<a class="picture" href="` + html.EscapeString(src) + `">`)
	}
	w.WriteString(`<img src="` + html.EscapeString(src) + `" alt="` + html.EscapeString(picture.alt) + `"`)
	if picture.title != "" {
		w.WriteString(` title="` + html.EscapeString(picture.title) + `"`)
	}
	w.WriteString(` width="` + strconv.Itoa(width) + `" height="` + strconv.Itoa(height) + `" loading="lazy">`)
	if opens {
		w.WriteString("</a>")
	}
	return ast.WalkContinue, nil
}

func inLink(n ast.Node) bool {
	for ; n != nil; n = n.Parent() {
		switch n.(type) {
		case *ast.Link, *linkNode:
			return true
		}
	}
	return false
}

// table wraps a table so that it can be scrolled on a narrow screen, also by
// keyboard.
func (r *nodeRenderer) table(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.WriteString("<div class=\"table-scroll\" tabindex=\"0\">\n<table>\n")
	} else {
		w.WriteString("</table>\n</div>\n")
	}
	return ast.WalkContinue, nil
}

// tableCell aligns with a class; goldmark would write a style attribute,
// which the site's security policy forbids.
func (r *nodeRenderer) tableCell(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	tag := "td"
	if n.Parent().Kind() == extast.KindTableHeader {
		tag = "th"
	}
	if !entering {
		w.WriteString("</" + tag + ">\n")
		return ast.WalkContinue, nil
	}
	w.WriteString("<" + tag)
	if alignment := n.(*extast.TableCell).Alignment; alignment != extast.AlignNone {
		w.WriteString(` class="align-` + alignment.String() + `"`)
	}
	w.WriteByte('>')
	return ast.WalkContinue, nil
}

func (r *nodeRenderer) rawHTML(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		w.WriteString(html.EscapeString(shownHTML(string(n.(*ast.RawHTML).Segments.Value(source)))))
	}
	return ast.WalkSkipChildren, nil
}

func (r *nodeRenderer) htmlBlock(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if shown := strings.TrimSpace(shownHTML(blockHTML(n.(*ast.HTMLBlock), source))); entering && shown != "" {
		w.WriteString("<p>" + html.EscapeString(shown) + "</p>\n")
	}
	return ast.WalkContinue, nil
}

func (r *nodeRenderer) fencedCode(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		// Not n.Language: it keeps its answer in the node, which several
		// goroutines may be rendering.
		language := ""
		if info := n.(*ast.FencedCodeBlock).Info; info != nil {
			language, _, _ = strings.Cut(unescape(info.Segment.Value(source)), " ")
		}
		writeCode(w, r.highlight, language, string(n.Lines().Value(source)))
	}
	return ast.WalkContinue, nil
}

func (r *nodeRenderer) indentedCode(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		writeCode(w, r.highlight, "", string(n.Lines().Value(source)))
	}
	return ast.WalkContinue, nil
}
