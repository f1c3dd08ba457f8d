package recorded

import (
	"fmt"
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

// Error is a place in a recorded machine that cannot be understood.
type Error struct {
	File      string
	Line, Col int // from 1; Col counts bytes
	Message   string
	Hint      string // what to write instead; may be empty
}

func (e *Error) Error() string {
	s := fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Col, e.Message)
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

// Parse reads a recorded machine. name stands in errors, which are *[Error].
func Parse(name, text string) (*Machine, error) {
	sections, err := split(name, text)
	if err != nil {
		return nil, err
	}
	m := newMachine()
	// Times in other sections are relative to the clock.
	clock := slices.IndexFunc(sections, func(s section) bool { return s.kind.text == "clock" })
	if clock > 0 {
		s := sections[clock]
		sections = slices.Insert(slices.Delete(sections, clock, clock+1), 0, s)
	}
	seen := map[string]bool{}
	for _, s := range sections {
		id := s.kind.text + " " + fold(s.name.text)
		if seen[id] {
			return nil, s.kind.fail("this section is there twice", "put its lines into one section")
		}
		seen[id] = true
		if err := m.add(s); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// token is a piece of text and where it is.
type token struct {
	file      string
	line, col int
	text      string
}

func (t token) fail(message, hint string) error {
	return &Error{t.file, t.line, t.col, message, hint}
}

// cut splits off the first word.
func (t token) cut() (word, rest token) {
	t = t.trim()
	n := strings.IndexAny(t.text, " \t")
	if n < 0 {
		n = len(t.text)
	}
	word, rest = t, t
	word.text = t.text[:n]
	rest.text, rest.col = t.text[n:], t.col+n
	return word, rest.trim()
}

func (t token) words() []token {
	var all []token
	for rest := t.trim(); rest.text != ""; {
		var word token
		word, rest = rest.cut()
		all = append(all, word)
	}
	return all
}

func (t token) trim() token {
	left := strings.TrimLeft(t.text, " \t")
	t.col += len(t.text) - len(left)
	t.text = strings.TrimRight(left, " \t\r")
	return t
}

// section is a header and the lines below it.
type section struct {
	kind  token // key, or the header's first word
	name  token // the key's path, or the rest of the header
	bang  token // the answer behind the header; no text if there is none
	lines []line
}

type line struct{ name, value token }

// split reads sections and lines without knowing what they mean.
func split(name, text string) ([]section, error) {
	var all []section
	for i, s := range strings.Split(text, "\n") {
		t := token{name, i + 1, 1, s}.trim()
		switch {
		case t.text == "" || t.text[0] == '#':
		case t.text[0] == '[':
			s, err := header(t)
			if err != nil {
				return nil, err
			}
			all = append(all, s)
		case len(all) == 0:
			return nil, t.fail("this line is in no section", "start with a header such as [system]")
		default:
			before, _, ok := strings.Cut(t.text, "=")
			if !ok {
				return nil, t.fail("this is neither a header nor a value", "write NAME = VALUE")
			}
			value := t
			value.text, value.col = t.text[len(before)+1:], t.col+len(before)+1
			t.text = before
			l := line{t.trim(), value.trim()}
			if l.name.text == "" {
				return nil, l.name.fail("this value has no name", "the default value's name is @")
			}
			last := &all[len(all)-1]
			if last.bang.text != "" {
				return nil, l.name.fail("this section has its answer behind the header", "remove one of them")
			}
			last.lines = append(last.lines, l)
		}
	}
	return all, nil
}

// header reads [KIND NAME] or [KEY], and an answer behind it.
func header(t token) (section, error) {
	end := strings.LastIndexByte(t.text, ']')
	if end < 0 {
		return section{}, t.fail("this header has no end", "write ]")
	}
	inside, after := t, t
	inside.text, inside.col = t.text[1:end], t.col+1
	after.text, after.col = t.text[end+1:], t.col+end+1
	s := section{bang: after.trim()}
	if s.bang.text != "" && s.bang.text[0] != '!' {
		return section{}, s.bang.fail("only an answer can stand here", "write !denied or the like")
	}
	inside = inside.trim()
	if strings.HasPrefix(strings.ToUpper(inside.text), "HK") {
		s.kind, s.name = inside, inside
		s.kind.text = "key"
		return s, nil
	}
	s.kind, s.name = inside.cut()
	return s, nil
}

// instead reads the answer that stands in place of a value: !denied and the
// like. ok is false if t is something else.
func instead[T any](t token) (a answer[T], ok bool, err error) {
	if !strings.HasPrefix(t.text, "!") {
		return a, false, nil
	}
	words := t.words()
	switch words[0].text {
	case "!absent":
		a.err = host.ErrAbsent
	case "!denied":
		a.err = host.ErrDenied
	case "!unsupported":
		a.err = host.ErrUnsupported
	case "!timeout":
		a.err = host.ErrTimeout
	case "!disabled":
		a.err = host.ErrDisabled
	case "!stopped":
		a.err = host.ErrStopped
	case "!hang":
		a.hang = true
	case "!failed":
		if len(words) != 3 {
			return a, true, t.fail("this answer lacks the function or its code", "write !failed CALL CODE")
		}
		code, err := number(words[2], 32)
		a.err = &host.CallError{Call: words[1].text, Code: uint32(code)}
		return a, true, err
	default:
		return a, true, t.fail("there is no such answer", "!absent, !denied, !unsupported, !timeout, !disabled, !stopped, !hang, !failed CALL CODE")
	}
	if len(words) > 1 {
		return a, true, words[1].fail("nothing can follow here", "")
	}
	return a, true, nil
}

// orInstead reads a value with read, unless another answer stands in its place.
func orInstead[T any](t token, read func(token) (T, error)) (answer[T], error) {
	if a, ok, err := instead[T](t); ok {
		return a, err
	}
	v, err := read(t)
	return answer[T]{value: v}, err
}
