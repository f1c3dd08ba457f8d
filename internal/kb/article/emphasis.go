package article

import (
	"unicode"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/text/width"
)

// emphasisParser reads runs of *, _ and ~~.
//
// CommonMark decides by the characters on both sides of a run whether it can
// open or close emphasis: a run between a letter and a punctuation mark can
// do only one of the two. Japanese puts no space between words, so that
// **「設定」**を is not bold by that rule. Here, as in the CJK-friendly
// amendments to CommonMark, Chinese, Japanese and Korean punctuation counts
// as a letter, and a letter of theirs on the outer side counts as a space.
// Where no such character is near, the rule is CommonMark's.
type emphasisParser struct{}

func (emphasisParser) Trigger() []byte { return []byte{'*', '_', '~'} }

func (emphasisParser) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	char, length := line[0], 1
	for length < len(line) && line[length] == char {
		length++
	}
	// A single tilde is a range in Japanese: 5~10分.
	if char == '~' && (length != 2 || before == '~') {
		return nil
	}
	after := ' '
	if length < len(line) {
		after = util.ToRune(line, length)
	}
	canOpen, canClose := flanks(char, length, before, after)
	node := parser.NewDelimiter(canOpen, canClose, length, char, processor(char))
	node.Segment = segment.WithStop(segment.Start + length)
	block.Advance(length)
	pc.PushDelimiter(node)
	return node
}

func processor(char byte) parser.DelimiterProcessor {
	if char == '~' {
		return strikethrough{}
	}
	return emphasis{}
}

// emphasis makes nodes of pairs of runs.
type emphasis struct{}

func (emphasis) IsDelimiter(b byte) bool { return b == '*' || b == '_' || b == '~' }

func (emphasis) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

func (emphasis) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }

// strikethrough makes nodes of pairs of ~~.
type strikethrough struct{ emphasis }

func (strikethrough) OnMatch(int) ast.Node { return extast.NewStrikethrough() }

// flanks reports whether a run of char between two characters can open and
// close emphasis.
func flanks(char byte, length int, before, after rune) (canOpen, canClose bool) {
	b, a := sideOf(before), sideOf(after)
	left := !a.space && (!a.punct || b.space || b.punct || b.cjk)
	right := !b.space && (!b.punct || a.space || a.punct || a.cjk)
	if char != '_' {
		return left, right
	}
	// An underscore inside a word is part of it: file_name. A Japanese
	// letter outside the run is not that word's if the run is double or a
	// bracket follows.
	outerB := b.mark || b.cjk && (length > 1 || a.mark)
	outerA := a.mark || a.cjk && (length > 1 || b.mark)
	return left && (!right || outerB), right && (!left || outerA)
}

// side is what one neighbour of a run is.
type side struct {
	space bool
	cjk   bool
	mark  bool // a punctuation mark or a symbol of any script
	punct bool // a mark that is not Chinese, Japanese or Korean
}

func sideOf(r rune) side {
	s := side{space: util.IsSpaceRune(r), cjk: isCJK(r), mark: util.IsPunctRune(r)}
	s.punct = s.mark && !s.cjk
	return s
}

// isCJK reports whether r is a letter or a mark of Chinese, Japanese or Korean
// text: wide, full-width or half-width in Unicode's sense, but not an emoji.
func isCJK(r rune) bool {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth, width.EastAsianHalfwidth:
		return !isEmoji(r)
	}
	variation := r >= 0xfe00 && r <= 0xfe0e || r >= 0xe0100 && r <= 0xe01ef
	return variation || unicode.Is(unicode.Hangul, r)
}

// isEmoji reports whether a wide r is shown as an emoji.
func isEmoji(r rune) bool {
	return r >= 0x231a && r <= 0x2b55 && r != 0x2329 && r != 0x232a ||
		r >= 0x1f000 && r <= 0x1faff && !(r >= 0x1f210 && r <= 0x1f265)
}
