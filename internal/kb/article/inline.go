package article

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// inlines finishes the text of every block: it joins what the parser left in
// pieces, finds web addresses that follow Japanese text, takes away line
// breaks that would show as spaces inside Japanese text, and reports ** that
// a reader would see.
func (p *parsing) inlines() {
	each(p.body.root, func(n ast.Node) {
		if n.Type() != ast.TypeBlock || n.IsRaw() || n.FirstChild() == nil || n.FirstChild().Type() != ast.TypeInline {
			return
		}
		mergeTexts(n, p.body.text)
		linkify(n, p.body.text)
		leaves := p.body.leaves(n)
		softBreaks(leaves)
		if len(leaves) > 0 && firstRune(leaves[0].text) == warningSign {
			n.SetAttributeString("class", "warning")
		}
		p.literalAsterisks(leaves)
	})
}

// mergeTexts joins neighbouring texts below n.
func mergeTexts(n ast.Node, source []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			mergeTexts(c, source)
			continue
		}
		for next := t.NextSibling(); next != nil && t.Segment.Stop > 0 && t.Merge(next, source); next = t.NextSibling() {
			n.RemoveChild(n, next)
		}
	}
}

var webAddress = regexp.MustCompile(`https?://[-a-zA-Z0-9@:%._+~#=]{1,256}\.[a-z]+(?::[0-9]+)?(?:[/#?][-a-zA-Z0-9@:%_+.~#$!?&/=();,'^{}]*)?`)

// linkify makes links of web addresses that directly follow a character
// beyond ASCII: goldmark wants a space before them, Japanese has none.
func linkify(n ast.Node, source []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch t := c.(type) {
		case *ast.Text:
			linkifyText(t, source)
		case *ast.Link, *ast.CodeSpan:
		default:
			linkify(c, source)
		}
	}
}

func linkifyText(t *ast.Text, source []byte) {
	if t.Segment.Padding > 0 {
		return
	}
	start, value := t.Segment.Start, t.Segment.Value(source)
	for _, m := range webAddress.FindAllIndex(value, -1) {
		if m[0] == 0 || value[m[0]-1] < utf8.RuneSelf {
			continue
		}
		from := start + m[0]
		t = splitLink(t, from, from+len(trimAddress(value[m[0]:m[1]])))
	}
}

// trimAddress drops from the end what belongs to the sentence.
func trimAddress(address []byte) []byte {
	for {
		trimmed := bytes.TrimRight(address, "?!.,:;'*_~")
		if bytes.HasSuffix(trimmed, []byte(")")) && bytes.Count(trimmed, []byte(")")) > bytes.Count(trimmed, []byte("(")) {
			trimmed = trimmed[:len(trimmed)-1]
		}
		if len(trimmed) == len(address) {
			return address
		}
		address = trimmed
	}
}

// splitLink makes a link of what of t is from start to stop in the source.
// It returns the text behind the link.
func splitLink(t *ast.Text, start, stop int) *ast.Text {
	parent := t.Parent()
	link := ast.NewAutoLink(ast.AutoLinkURL, ast.NewTextSegment(text.NewSegment(start, stop)))
	link.SetPos(start)
	parent.InsertAfter(parent, t, link)
	rest := ast.NewTextSegment(text.NewSegment(stop, t.Segment.Stop))
	rest.SetSoftLineBreak(t.SoftLineBreak())
	rest.SetHardLineBreak(t.HardLineBreak())
	parent.InsertAfter(parent, link, rest)
	t.Segment = t.Segment.WithStop(start)
	t.SetSoftLineBreak(false)
	t.SetHardLineBreak(false)
	return rest
}

// leaf is a piece of text as the reader sees it.
type leaf struct {
	node ast.Node
	text string
}

// leaves lists the texts below n in order.
func (b *body) leaves(n ast.Node) []leaf {
	all := make([]leaf, 0, n.ChildCount())
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			all = append(all, leaf{c, b.shown(c)})
		case *ast.String:
			all = append(all, leaf{c, string(c.Value)})
		case *ast.CodeSpan:
			all = append(all, leaf{c, b.code(c)})
		case *ast.AutoLink:
			all = append(all, leaf{c, string(c.Label(b.text))})
		case *ast.RawHTML:
			all = append(all, leaf{c, shownHTML(string(c.Segments.Value(b.text)))})
		default:
			if c.Type() == ast.TypeInline {
				all = append(all, b.leaves(c)...)
			}
		}
	}
	return all
}

// shown is what the reader sees of a text: escapes and entities resolved.
func (b *body) shown(t *ast.Text) string {
	value := t.Segment.Value(b.text)
	if t.IsRaw() {
		return string(value)
	}
	return unescape(value)
}

func unescape(value []byte) string {
	if bytes.IndexByte(value, '\\') < 0 && bytes.IndexByte(value, '&') < 0 {
		return string(value)
	}
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(value))))
}

func (b *body) code(n *ast.CodeSpan) string {
	var s strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			s.Write(t.Segment.Value(b.text))
		}
	}
	return strings.ReplaceAll(s.String(), "\n", " ")
}

// plain is the text of a block in one line.
func (b *body) plain(n ast.Node) string {
	if t, ok := n.FirstChild().(*ast.Text); ok && n.ChildCount() == 1 {
		return oneSpace(b.shown(t))
	}
	var s strings.Builder
	for _, l := range b.leaves(n) {
		s.WriteString(l.text)
		if t, ok := l.node.(*ast.Text); ok && (t.SoftLineBreak() || t.HardLineBreak()) {
			s.WriteByte(' ')
		}
	}
	return oneSpace(s.String())
}

func oneSpace(s string) string { return strings.Join(strings.Fields(s), " ") }

// warningSign begins a line that warns the reader of a risk.
const warningSign = '⚠'

// lineMarks begin a line that stays a line of its own: a warning, or what
// writers use for a bullet or a note.
const lineMarks = string(warningSign) + "•・※"

// softBreaks takes away line breaks between characters that are written
// without a space.
func softBreaks(leaves []leaf) {
	for i, l := range leaves {
		t, ok := l.node.(*ast.Text)
		if !ok || !t.SoftLineBreak() {
			continue
		}
		var before, after rune
		for j := i; j >= 0 && before == 0; j-- {
			before = lastRune(leaves[j].text)
		}
		for j := i + 1; j < len(leaves) && after == 0; j++ {
			after = firstRune(leaves[j].text)
		}
		switch {
		case after != 0 && strings.ContainsRune(lineMarks, after):
			t.SetHardLineBreak(true)
		case joins(before, after):
			t.SetSoftLineBreak(false)
		}
	}
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

func lastRune(s string) rune {
	if s == "" {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// joins reports whether a line break between two characters stands for
// nothing: between two Chinese or Japanese characters, and beside one of
// their punctuation marks. Korean puts spaces between words.
func joins(before, after rune) bool {
	if unicode.Is(unicode.Hangul, before) || unicode.Is(unicode.Hangul, after) {
		return false
	}
	b, a := sideOf(before), sideOf(after)
	return b.cjk && a.cjk || b.cjk && b.mark || a.cjk && a.mark
}

// literalAsterisks reports ** that stayed text, once in a line.
func (p *parsing) literalAsterisks(leaves []leaf) {
	for _, l := range leaves {
		t, ok := l.node.(*ast.Text)
		if !ok || t.IsRaw() {
			continue
		}
		value := t.Segment.Value(p.body.text)
		at := bytes.Index(value, []byte("**"))
		if at < 0 || at > 0 && value[at-1] == '\\' {
			continue
		}
		p.warn(p.bodyAt+t.Segment.Start+max(0, at-t.Segment.Padding), "** is shown as it is: it makes nothing bold here",
			"close it, delete it, or put the text in a code span (`TERMSRV/**`)")
	}
}
