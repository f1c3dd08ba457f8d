// Package tinyjson reads and writes the JSON of the probe: the catalogue it
// carries, the report it prints, the fragment it opens a page with.
//
// It exists for its size. encoding/json brings reflection over every type and
// takes 350 KB of a program that has 3.5 MB in all; this takes 15. A fuzz
// test holds it against encoding/json.
//
// [Parse] accepts exactly RFC 8259, with these limits: input is valid UTF-8,
// values nest at most 32 deep, an object has no name twice, and a surrogate
// escape without its other half is refused.
package tinyjson

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Kind is the kind of a value.
type Kind byte

// Kinds of values. The zero Value is Missing.
const (
	Missing Kind = iota
	Null
	Bool
	Number
	String
	List
	Object
)

// Value is a JSON value.
type Value struct {
	Kind    Kind
	Text    string   // of a string: its text; of a number or bool: as written
	Items   []Value  // of a list
	Members []Member // of an object, in the order of the text
}

// Member is one name and value of an object.
type Member struct {
	Name  string
	Value Value
}

// Get returns the member of an object with this name, or a Missing value.
func (v Value) Get(name string) Value {
	for _, m := range v.Members {
		if m.Name == name {
			return m.Value
		}
	}
	return Value{}
}

// Int returns the integer that a number writes, and whether it is one.
func (v Value) Int() (int, bool) {
	n, err := strconv.Atoi(v.Text)
	return n, v.Kind == Number && err == nil
}

// SyntaxError is text that is not JSON.
type SyntaxError struct {
	Offset  int // in bytes
	Message string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("JSON at byte %d: %s", e.Offset, e.Message) }

const maxDepth = 32

// Parse reads one value with nothing but white space around it. The error is
// a [*SyntaxError].
func Parse(text string) (Value, error) {
	p := parser{text: text}
	v := p.value(0)
	p.space()
	if p.err == nil && p.at < len(text) {
		p.fail("more text after the value")
	}
	if p.err != nil {
		return Value{}, p.err
	}
	return v, nil
}

// parser reads forwards; after the first error it reads nothing more.
type parser struct {
	text string
	at   int
	err  *SyntaxError
}

func (p *parser) fail(message string) {
	if p.err == nil {
		p.err = &SyntaxError{p.at, message}
		p.at = len(p.text)
	}
}

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\r', '\n':
			p.at++
		default:
			return
		}
	}
}

// peek returns the next byte, or 0 at the end.
func (p *parser) peek() byte {
	if p.at < len(p.text) {
		return p.text[p.at]
	}
	return 0
}

func (p *parser) take(b byte) bool {
	if p.err == nil && p.peek() == b && p.at < len(p.text) {
		p.at++
		return true
	}
	return false
}

func (p *parser) value(depth int) Value {
	if depth > maxDepth {
		p.fail("nested too deep")
	}
	p.space()
	switch c := p.peek(); {
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.list(depth)
	case c == '"':
		return Value{Kind: String, Text: p.string()}
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	for _, word := range [...]struct {
		text string
		kind Kind
	}{{"true", Bool}, {"false", Bool}, {"null", Null}} {
		if end := p.at + len(word.text); end <= len(p.text) && p.text[p.at:end] == word.text {
			p.at = end
			return Value{Kind: word.kind, Text: word.text}
		}
	}
	p.fail("no value")
	return Value{}
}

func (p *parser) object(depth int) Value {
	v := Value{Kind: Object}
	p.take('{')
	p.space()
	if p.take('}') {
		return v
	}
	for p.err == nil {
		p.space()
		if p.peek() != '"' {
			p.fail("no name of a member")
			break
		}
		name := p.string()
		if v.Get(name).Kind != Missing {
			p.fail("name of a member for the second time")
		}
		p.space()
		if !p.take(':') {
			p.fail("no colon")
		}
		v.Members = append(v.Members, Member{name, p.value(depth + 1)})
		p.space()
		if p.take('}') {
			break
		}
		if !p.take(',') {
			p.fail("no comma")
		}
	}
	return v
}

func (p *parser) list(depth int) Value {
	v := Value{Kind: List}
	p.take('[')
	p.space()
	if p.take(']') {
		return v
	}
	for p.err == nil {
		v.Items = append(v.Items, p.value(depth+1))
		p.space()
		if p.take(']') {
			break
		}
		if !p.take(',') {
			p.fail("no comma")
		}
	}
	return v
}

func (p *parser) digits() {
	if c := p.peek(); c < '0' || c > '9' {
		p.fail("no digit")
	}
	for c := p.peek(); c >= '0' && c <= '9'; c = p.peek() {
		p.at++
	}
}

func (p *parser) number() Value {
	start := p.at
	p.take('-')
	if !p.take('0') {
		p.digits()
	}
	if p.take('.') {
		p.digits()
	}
	if p.take('e') || p.take('E') {
		if !p.take('+') {
			p.take('-')
		}
		p.digits()
	}
	return Value{Kind: Number, Text: p.text[start:p.at]}
}

func (p *parser) string() string {
	p.take('"')
	start := p.at
	for p.at < len(p.text) && p.text[p.at] != '"' && p.text[p.at] != '\\' && p.text[p.at] >= ' ' && p.text[p.at] < utf8.RuneSelf {
		p.at++
	}
	if p.take('"') { // the usual string shares the memory of the text
		return p.text[start : p.at-1]
	}
	b := []byte(p.text[start:p.at])
	for p.err == nil {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		switch {
		case size == 0:
			p.fail("string without an end")
		case r == utf8.RuneError && size == 1:
			p.fail("not UTF-8")
		case r == '"':
			p.at++
			return string(b)
		case r < ' ':
			p.fail("control character in a string")
		case r == '\\':
			p.at++
			b = utf8.AppendRune(b, p.escape())
		default:
			b = utf8.AppendRune(b, r)
			p.at += size
		}
	}
	return ""
}

func (p *parser) escape() rune {
	c := p.peek()
	p.at++
	switch c {
	case '"', '\\', '/':
		return rune(c)
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'u':
		r := p.hex4()
		if !utf16.IsSurrogate(r) {
			return r
		}
		if p.take('\\') && p.take('u') {
			if r = utf16.DecodeRune(r, p.hex4()); r != utf8.RuneError {
				return r
			}
		}
		p.fail("half of a surrogate pair")
		return 0
	}
	p.at--
	p.fail("unknown escape")
	return 0
}

func (p *parser) hex4() rune {
	var r rune
	for range 4 {
		c := p.peek()
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			p.fail("no hexadecimal digit")
			return 0
		}
		p.at++
	}
	return r
}
