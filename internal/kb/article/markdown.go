package article

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// body is the Markdown of an article while it is being read.
type body struct {
	text []byte
	root ast.Node
}

// newMarkdownParser returns goldmark with GFM: tables, ~~deletion~~, task
// lists and bare web addresses; with emphasis that suits Japanese; and with
// check markers.
func newMarkdownParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(
			util.Prioritized(taskParser{extension.NewTaskCheckBoxParser()}, 0),
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(parser.NewRawHTMLParser(), 400),
			util.Prioritized(emphasisParser{}, 500),
			util.Prioritized(extension.NewLinkifyParser(
				extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"}),
				extension.WithLinkifyEmailRegexp(nothing),
			), 999),
		),
		parser.WithParagraphTransformers(
			util.Prioritized(markerTransformer{}, 50), // before a table can take the first line
			util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
			util.Prioritized(extension.NewTableParagraphTransformer(), 200),
		),
		parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
	)
}

// taskParser wants a space behind a task's box, as GFM does: - [x](other.md)
// is a link.
type taskParser struct{ parser.InlineParser }

func (t taskParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if line, _ := block.PeekLine(); len(line) < 4 || !util.IsSpace(line[3]) {
		return nil
	}
	return t.InlineParser.Parse(parent, block, pc)
}

// nothing keeps user@example.com from becoming a link.
var nothing = regexp.MustCompile(`^[^\s\S]`)

// markdown reads the body. The order matters: anchors of steps are taken
// before headings get theirs, links are read before plain text is, and both
// before names of checks become links.
func (p *parsing) markdown() {
	if !p.reasonable() {
		return
	}
	b := &body{text: []byte(p.src.text[p.bodyAt:])}
	b.root = newMarkdownParser().Parse(text.NewReader(b.text))
	p.body = b
	p.a.doc.body = b.text
	p.a.doc.anchors = map[string]bool{}

	p.inlines()
	p.steps()
	p.strayMarkers()
	p.headings()
	p.links()
	p.cases()
	p.rawHTML()
	p.checkNames()
	p.describe()
	p.a.doc.unread = false
}

// maxMarkup bounds the square of the number of markup characters in a
// paragraph, summed over the body: the parser's time grows with it. At the
// limit it needs about a second; an article is a hundred times below.
const maxMarkup = 50e6

// reasonable reports whether the body can be parsed in a reasonable time.
func (p *parsing) reasonable() bool {
	sum, inParagraph, at := 0, 0, p.bodyAt
	for line := range strings.Lines(p.src.text[p.bodyAt:]) {
		if strings.TrimSpace(line) == "" {
			inParagraph = 0
		}
		for i := range len(line) {
			switch line[i] {
			case '*', '_', '~', '[', '<', '>', '`':
				sum += 2*inParagraph + 1
				inParagraph++
			}
		}
		if sum > maxMarkup {
			p.fail(at, "too much markup for one article", "is this a log? shorten it, and put blank lines between its parts")
			return false
		}
		at += len(line)
	}
	return true
}

// nodeAt is the offset in the file of a node of the body, or of the nearest
// node that knows where it is.
func (p *parsing) nodeAt(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if pos := n.Pos(); pos >= 0 && n.Kind() != ast.KindDocument {
			return p.bodyAt + pos
		}
		if t := firstText(n); t != nil {
			return p.bodyAt + t.Segment.Start
		}
	}
	return p.bodyAt
}

func firstText(n ast.Node) *ast.Text {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			return t
		}
		if t := firstText(c); t != nil {
			return t
		}
	}
	return nil
}

// each calls f for every node below n that has the type N, in the order of
// the page, inner nodes first. f may replace the node it is given.
func each[N ast.Node](n ast.Node, f func(N)) {
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		each(c, f)
		if match, ok := c.(N); ok {
			f(match)
		}
		c = next
	}
}
