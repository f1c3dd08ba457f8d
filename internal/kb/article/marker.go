package article

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"kbgen/internal/kb/check"
)

// A marker is what the end of a list item's first line says about a check:
// {check=ID name="value" name='value'}. Values are literal: Windows paths are
// full of backslashes, percent signs and asterisks. Offsets count from the
// marker's opening brace.
type marker struct {
	id     string
	idAt   int
	params []param
	end    int // behind the closing brace
}

type param struct {
	name, value     string
	nameAt, valueAt int
}

// problem is what is wrong with a marker, and where.
type problem struct {
	at         int
	text, hint string
}

const (
	noWordsHint = "say what the reader does: - Check the setting: {check=ID}"
	markerForm  = `write {check=ID name="value"}`
	markerTick  = "; to show it as text, put it in a code span"
)

// attempt finds what a writer may have meant as a marker.
var attempt = regexp.MustCompile(`(?i)[{｛][\s　]{0,8}check\b`)

// scanMarker reads the marker that line begins with. A problem ends the
// reading, except for a parameter that is given twice.
func scanMarker(line string) (marker, *problem) {
	s := &markerScanner{line: line}
	s.scan()
	s.m.end = s.at
	return s.m, s.problem
}

type markerScanner struct {
	line    string
	at      int
	m       marker
	problem *problem
}

func (s *markerScanner) rest() string { return s.line[s.at:] }

// wrong records the first problem, at an offset.
func (s *markerScanner) wrong(at int, text, hint string) bool {
	if s.problem == nil {
		s.problem = &problem{at, text, hint}
	}
	return false
}

// unexpected says what stands where something else should.
func (s *markerScanner) unexpected(want string) bool {
	r, _ := utf8.DecodeRuneInString(s.rest())
	switch {
	case s.rest() == "":
		return s.wrong(0, "the check marker is not closed", "end it with }")
	case r == ' ' || r == '\t':
		return s.wrong(s.at, "a space in the check marker where none can be", markerForm+", without spaces around =")
	case r >= 0x2000:
		return s.wrong(s.at, fmt.Sprintf("%q in the check marker", r), "use half-width characters and straight quotes: "+markerForm)
	}
	return s.wrong(s.at, fmt.Sprintf("the check marker has %q where %s should be", r, want), markerForm)
}

func (s *markerScanner) token(t string) bool {
	if !strings.HasPrefix(s.rest(), t) {
		return false
	}
	s.at += len(t)
	return true
}

// word advances over what has the given form and returns it.
func (s *markerScanner) word(part func(r rune) bool) string {
	rest := s.rest()
	if i := strings.IndexFunc(rest, func(r rune) bool { return !part(r) }); i >= 0 {
		rest = rest[:i]
	}
	s.at += len(rest)
	return rest
}

func isNameRune(r rune) bool {
	return r == '-' || r == '_' || r == '.' || r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' }

func (s *markerScanner) scan() bool {
	if !s.token("{") {
		return s.unexpected("{")
	}
	if !s.token("check") {
		if len(s.rest()) >= 5 && strings.EqualFold(s.rest()[:5], "check") {
			return s.wrong(s.at, "check must be in lower case", markerForm)
		}
		return s.unexpected("check")
	}
	if strings.HasPrefix(s.rest(), "}") {
		return s.wrong(s.at, "the check marker has no ID", markerForm+"; kbgen checks lists the IDs")
	}
	if !s.token("=") {
		return s.unexpected("=")
	}
	if !s.scanID() {
		return false
	}
	for {
		blank := s.word(isBlank)
		switch {
		case s.token("}"):
			return true
		case blank == "":
			return s.unexpected("a space or }")
		case !s.scanParam():
			return false
		}
	}
}

func (s *markerScanner) scanID() bool {
	s.m.idAt = s.at
	s.m.id = s.word(isNameRune)
	switch {
	case s.m.id != "":
		return true
	case strings.HasPrefix(s.rest(), "}"):
		return s.wrong(s.at, "the check marker has no ID", markerForm+"; kbgen checks lists the IDs")
	case strings.HasPrefix(s.rest(), `"`), strings.HasPrefix(s.rest(), "'"):
		return s.wrong(s.at, "a check ID has no quotes", markerForm)
	}
	return s.unexpected("a check ID")
}

func (s *markerScanner) scanParam() bool {
	p := param{nameAt: s.at}
	p.name = s.word(isNameRune)
	switch {
	case p.name == "":
		return s.unexpected("a parameter or }")
	case strings.HasPrefix(s.rest(), "}"):
		return s.wrong(p.nameAt, fmt.Sprintf("the parameter %q has no value", p.name), fmt.Sprintf(`write %s="…"`, p.name))
	case !s.token("="):
		return s.unexpected("=")
	}
	open := s.at
	quote, _ := utf8.DecodeRuneInString(s.rest())
	if quote != '"' && quote != '\'' {
		if s.rest() != "" && !isBlank(quote) && quote < 0x80 {
			return s.wrong(open, fmt.Sprintf("the value of %q is not in quotes", p.name), fmt.Sprintf(`write %s="…"`, p.name))
		}
		return s.unexpected("a quote")
	}
	s.at++
	p.valueAt = s.at
	length := strings.IndexRune(s.rest(), quote)
	if length < 0 {
		return s.wrong(open, fmt.Sprintf("the value of %q has no closing quote", p.name), fmt.Sprintf("end it with %c", quote))
	}
	p.value = s.rest()[:length]
	s.at += length + 1
	s.m.params = append(s.m.params, p)
	return true
}

// args are the parameters by name; of one that is there twice, the first.
func (m *marker) args() check.Args {
	if len(m.params) == 0 {
		return nil
	}
	args := check.Args{}
	for _, p := range m.params {
		if _, again := args[p.name]; !again {
			args[p.name] = p.value
		}
	}
	return args
}

// markerNode stands in a list item behind its first line. It renders as what
// the page says about the step.
type markerNode struct {
	ast.BaseBlock
	marker  marker
	problem *problem // the marker is still in the text
	step    *Step    // nil if the marker was refused
}

var kindMarker = ast.NewNodeKind("CheckMarker")

func (*markerNode) Kind() ast.NodeKind { return kindMarker }

// IsRaw keeps the parser from looking for text in it.
func (*markerNode) IsRaw() bool { return true }

func (n *markerNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"ID": n.marker.id}, nil)
}

// markerTransformer cuts the marker from the first line of a list item,
// before the rest of the line is read as Markdown, and puts a node behind it.
// If the paragraph goes on, the first line becomes a paragraph of its own.
type markerTransformer struct{}

func (markerTransformer) Transform(n *ast.Paragraph, reader text.Reader, _ parser.Context) {
	item, ok := n.Parent().(*ast.ListItem)
	if !ok || n.PreviousSibling() != nil || n.Lines().Len() == 0 {
		return
	}
	first := n.Lines().At(0)
	source := reader.Source()
	paragraph := string(source[first.Start:n.Lines().At(n.Lines().Len()-1).Stop])
	line := strings.TrimRight(paragraph[:first.Stop-first.Start], " \t\n")
	open := findAttempt(paragraph, len(line))
	if open < 0 {
		return
	}
	node := &markerNode{}
	node.SetPos(first.Start + open)
	node.marker, node.problem = scanMarker(line[open:])
	if node.problem == nil {
		node.problem = misplaced(line, open, node.marker.end)
	}
	if node.problem == nil {
		cutMarker(item, n, first, strings.TrimRight(line[:open], " \t"))
		item.InsertAfter(item, item.FirstChild(), node)
		return
	}
	item.InsertAfter(item, n, node)
}

// cutMarker leaves words as the first line of the item.
func cutMarker(item *ast.ListItem, n *ast.Paragraph, first text.Segment, words string) {
	first.Stop = first.Start + len(words)
	if n.Lines().Len() == 1 {
		n.Lines().Set(0, first)
		return
	}
	title := ast.NewParagraph()
	title.Lines().Append(first)
	title.SetBlankPreviousLines(n.HasBlankPreviousLines())
	item.InsertBefore(item, n, title)
	n.Lines().SetSliced(1, n.Lines().Len())
	n.SetBlankPreviousLines(false)
}

// misplaced says what is wrong with a line that has a good marker from open
// to open+length.
func misplaced(line string, open, length int) *problem {
	rest := line[open+length:]
	switch another := attempt.FindStringIndex(rest); {
	case another != nil:
		return &problem{length + another[0], "a second check marker in one line", "give each check a list item of its own"}
	case rest != "":
		blank := len(rest) - len(strings.TrimLeft(rest, " \t"))
		return &problem{length + blank, "text after the check marker", "put the marker at the end of the list item's first line" + markerTick}
	case strings.TrimSpace(line[:open]) == "":
		return &problem{0, "the check marker has no words before it", noWordsHint}
	}
	return nil
}

// findAttempt returns where in the first limit bytes of a paragraph a marker
// begins, outside code spans and not escaped, or -1.
func findAttempt(paragraph string, limit int) int {
	for i := 0; i < limit; {
		switch {
		case paragraph[i] == '\\':
			i += 2
		case paragraph[i] == '`':
			i = skipCode(paragraph, i)
		case paragraph[i] == '{' || strings.HasPrefix(paragraph[i:], "｛"):
			if m := attempt.FindStringIndex(paragraph[i:limit]); m != nil && m[0] == 0 {
				return i
			}
			i++
		default:
			i++
		}
	}
	return -1
}

// skipCode returns what follows the code span that begins at i, or, if its
// backticks are never closed, what follows them.
func skipCode(s string, i int) int {
	ticks := 0
	for i+ticks < len(s) && s[i+ticks] == '`' {
		ticks++
	}
	for j := i + ticks; j < len(s); {
		if s[j] != '`' {
			j++
			continue
		}
		run := 0
		for j+run < len(s) && s[j+run] == '`' {
			run++
		}
		if j += run; run == ticks {
			return j
		}
	}
	return i + ticks
}
