package article

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// Level says whether a message stops the build.
type Level string

// Levels of messages.
const (
	Error   Level = "error"
	Warning Level = "warning"
)

// Message is something a writer should know about a file: where, what, and
// what to do about it.
type Message struct {
	Level  Level  `json:"level"`
	Path   string `json:"path"`             // slash-separated, relative to the site
	Line   int    `json:"line,omitempty"`   // from 1; 0: the file as a whole
	Column int    `json:"column,omitempty"` // from 1, in characters
	Text   string `json:"text"`             // lower case, no full stop
	Hint   string `json:"hint,omitempty"`   // what to do
	Source string `json:"source,omitempty"` // the line that Line names
	Note   string `json:"note,omitempty"`   // further lines, shown indented
}

// Position is file:line:col, without the parts that are not known.
func (m Message) Position() string {
	switch {
	case m.Line == 0:
		return m.Path
	case m.Column == 0:
		return fmt.Sprintf("%s:%d", m.Path, m.Line)
	}
	return fmt.Sprintf("%s:%d:%d", m.Path, m.Line, m.Column)
}

// String renders the message for a terminal: the position and the text, the
// line with a caret below the column, and the hint. It ends without a newline.
func (m Message) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s: %s", printable(m.Position()), m.Level, printable(m.Text))
	if m.Source != "" && m.Line > 0 {
		source, column := clip(m.Source, m.Column)
		number := fmt.Sprintf("%5d", m.Line)
		fmt.Fprintf(&b, "\n%s | %s", number, source)
		if m.Column > 0 {
			fmt.Fprintf(&b, "\n%s | %s^", strings.Repeat(" ", len(number)), padding(source, column))
		}
	}
	if m.Note != "" {
		for line := range strings.SplitSeq(m.Note, "\n") {
			fmt.Fprintf(&b, "\n      %s", printable(line))
		}
	}
	if m.Hint != "" {
		fmt.Fprintf(&b, "\n      hint: %s", printable(m.Hint))
	}
	return b.String()
}

// printable replaces what a terminal would act on. File names and what a
// message quotes come from outside.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\t' || unicode.Is(unicode.Bidi_Control, r) || r == 0x2028 || r == 0x2029 {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// clip shortens a long line to what surrounds the column.
func clip(source string, column int) (string, int) {
	const most = 100
	runes := []rune(printable(source))
	start := 0
	if column > most*3/4 {
		start = min(column-most/2, len(runes))
	}
	end := min(start+most, len(runes))
	text := string(runes[start:end])
	if start > 0 {
		text, column = "…"+text, column+1
	}
	if end < len(runes) {
		text += "…"
	}
	return text, column - start
}

// padding is as wide as the first column-1 characters of source: a tab stays
// a tab, a character that fills two cells of a terminal becomes two spaces,
// and one that fills none becomes nothing.
func padding(source string, column int) string {
	var b strings.Builder
	for i, r := range []rune(source) {
		if i >= column-1 {
			break
		}
		switch {
		case r == '\t':
			b.WriteByte('\t')
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf): // fills no cell
		case wide(r):
			b.WriteString("  ")
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// wide reports whether terminals show r in two cells.
func wide(r rune) bool {
	kind := width.LookupRune(r).Kind()
	return kind == width.EastAsianWide || kind == width.EastAsianFullwidth
}

// Sort orders messages by path, line and column, errors first within a place.
func Sort(ms []Message) {
	slices.SortStableFunc(ms, func(a, b Message) int {
		return cmp.Or(
			strings.Compare(a.Path, b.Path),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			strings.Compare(string(a.Level), string(b.Level)),
			strings.Compare(a.Text, b.Text),
		)
	})
}

// Errors counts the messages that stop a build.
func Errors(ms []Message) int {
	n := 0
	for _, m := range ms {
		if m.Level == Error {
			n++
		}
	}
	return n
}
