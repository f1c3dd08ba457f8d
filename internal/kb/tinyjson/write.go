package tinyjson

import (
	"strconv"
	"strings"
)

// Writer builds JSON text. Calls nest as the text does:
//
//	w.Object(func() {
//		w.Name("slug").String("x")
//		w.Name("steps").List(func() { w.Int(1); w.Int(2) })
//	})
//
// The zero Writer writes on one line.
type Writer struct {
	Indent string // put before each level, on lines of their own; none if empty

	b     strings.Builder
	depth int
	first bool // nothing has been written in the current object or list
	named bool // a name has been written, its value has not
}

// Text returns what has been written.
func (w *Writer) Text() string { return w.b.String() }

// separate puts what must stand between two values.
func (w *Writer) separate() {
	if w.named || w.depth == 0 {
		w.named = false
		return
	}
	if !w.first {
		w.b.WriteByte(',')
	}
	w.first = false
	w.newline()
}

func (w *Writer) newline() {
	if w.Indent != "" {
		w.b.WriteByte('\n')
		for range w.depth {
			w.b.WriteString(w.Indent)
		}
	}
}

func (w *Writer) nest(open, end byte, body func()) {
	w.separate()
	w.b.WriteByte(open)
	w.depth++
	w.first = true
	body()
	w.depth--
	if !w.first {
		w.newline()
	}
	w.first = false
	w.b.WriteByte(end)
}

// Object writes an object with the members that body writes.
func (w *Writer) Object(body func()) { w.nest('{', '}', body) }

// List writes a list with the values that body writes.
func (w *Writer) List(body func()) { w.nest('[', ']', body) }

// Name writes the name of a member; its value comes next.
func (w *Writer) Name(name string) *Writer {
	w.separate()
	w.quote(name)
	w.b.WriteByte(':')
	if w.Indent != "" {
		w.b.WriteByte(' ')
	}
	w.named = true
	return w
}

// String writes a string. What is not UTF-8 becomes U+FFFD.
func (w *Writer) String(s string) {
	w.separate()
	w.quote(s)
}

// Int writes a number.
func (w *Writer) Int(n int64) {
	w.separate()
	w.b.WriteString(strconv.FormatInt(n, 10))
}

// Bool writes true or false.
func (w *Writer) Bool(v bool) {
	w.separate()
	w.b.WriteString(strconv.FormatBool(v))
}

func (w *Writer) quote(s string) {
	const hex = "0123456789abcdef"
	w.b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.b.WriteByte('\\')
			w.b.WriteRune(r)
		case r == '\n':
			w.b.WriteString(`\n`)
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029':
			w.b.WriteString(`\u`)
			for shift := 12; shift >= 0; shift -= 4 {
				w.b.WriteByte(hex[r>>shift&0xf])
			}
		default:
			w.b.WriteRune(r)
		}
	}
	w.b.WriteByte('"')
}
