package host

import (
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// What an event may hold at most. Windows itself stops at 64 KiB.
const (
	maxEventDepth  = 32
	maxEventFields = 512
)

var errEventXML = errors.New("malformed event")

// parseEvent reads an event as EvtRender shows it, in the event schema of
// [MS-EVEN6] 2.2.14. Encoding/xml would do the same for a tenth of the
// program's size.
func parseEvent(text string) (Event, error) {
	r := eventReader{rest: text}
	for {
		more, err := r.step()
		if err != nil {
			return Event{}, err
		}
		if !more {
			break
		}
	}
	if len(r.open) > 0 || r.event.Provider == "" || !r.hasID || r.event.Time.IsZero() {
		return Event{}, errEventXML
	}
	return r.event, nil
}

type eventReader struct {
	rest  string
	open  []string // the local names of the elements around rest
	attrs string   // attributes of the innermost element
	leaf  bool     // nothing but text was in it until now
	text  strings.Builder
	event Event
	hasID bool
}

// step reads one tag, or the text before one; false at the end.
func (r *eventReader) step() (bool, error) {
	if r.rest == "" {
		return false, nil
	}
	text, after, found := strings.Cut(r.rest, "<")
	r.text.WriteString(unescapeXML(text))
	if !found {
		r.rest = ""
		return false, nil
	}
	for _, skip := range [...]struct{ begin, end string }{{"!--", "-->"}, {"?", "?>"}, {"![CDATA[", "]]>"}} {
		if inside, ok := strings.CutPrefix(after, skip.begin); ok {
			data, rest, ok := strings.Cut(inside, skip.end)
			if skip.begin[0] == '!' && skip.begin[1] == '[' {
				r.text.WriteString(data)
			}
			r.rest = rest
			return ok, errUnless(ok)
		}
	}
	tag, rest, ok := cutTag(after)
	if !ok {
		return false, errEventXML
	}
	r.rest = rest
	if name, ok := strings.CutPrefix(tag, "/"); ok {
		return true, r.end(strings.TrimSpace(name))
	}
	tag, empty := strings.CutSuffix(tag, "/")
	name, attrs := tag, ""
	if i := strings.IndexAny(tag, " \t\r\n"); i >= 0 {
		name, attrs = tag[:i], tag[i:]
	}
	if err := r.start(name, attrs); err != nil || !empty {
		return true, err
	}
	return true, r.end(name)
}

func errUnless(ok bool) error {
	if ok {
		return nil
	}
	return errEventXML
}

// cutTag splits off a tag; > may stand in an attribute.
func cutTag(s string) (tag, rest string, ok bool) {
	var quote byte
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return s[:i], s[i+1:], true
		case c == '<':
			return "", "", false
		}
	}
	return "", "", false
}

// localName is a name without its prefix.
func localName(name string) string { return name[strings.LastIndexByte(name, ':')+1:] }

func (r *eventReader) start(name, attrs string) error {
	name = localName(name)
	if name == "" || name[0] == '!' || len(r.open) == maxEventDepth {
		return errEventXML
	}
	r.open = append(r.open, name)
	r.attrs, r.leaf = attrs, true
	r.text.Reset()
	switch strings.Join(r.open, "/") {
	case "Event/System/Provider":
		r.event.Provider = attribute(attrs, "Name")
	case "Event/System/TimeCreated":
		t, err := time.Parse(time.RFC3339, attribute(attrs, "SystemTime"))
		if err != nil {
			return errEventXML
		}
		r.event.Time = t.UTC()
	}
	return nil
}

func (r *eventReader) end(name string) error {
	last := len(r.open) - 1
	if last < 0 || r.open[last] != localName(name) {
		return errEventXML
	}
	if r.leaf {
		if err := r.element(last); err != nil {
			return err
		}
	}
	r.open, r.leaf = r.open[:last], false
	r.text.Reset()
	return nil
}

// element takes an element without elements in it, that many levels deep.
func (r *eventReader) element(depth int) error {
	switch path := strings.Join(r.open, "/"); {
	case path == "Event/System/EventID":
		id, err := strconv.ParseUint(strings.TrimSpace(r.text.String()), 10, 32)
		if err != nil {
			return errEventXML
		}
		r.event.ID, r.hasID = uint32(id), true
	case path == "Event/EventData/Data":
		return r.field(attribute(r.attrs, "Name"))
	case depth >= 3 && strings.HasPrefix(path, "Event/UserData/"):
		return r.field(r.open[depth])
	}
	return nil
}

func (r *eventReader) field(name string) error {
	if len(r.event.Data) == maxEventFields {
		return errEventXML
	}
	r.event.Data = append(r.event.Data, Field{Name: name, Text: r.text.String()})
	return nil
}

// attribute returns the value of an attribute, or "".
func attribute(attrs, name string) string {
	for {
		before, after, ok := strings.Cut(attrs, "=")
		after = strings.TrimLeft(after, " \t\r\n")
		if !ok || after == "" || after[0] != '"' && after[0] != '\'' {
			return ""
		}
		value, rest, ok := strings.Cut(after[1:], after[:1])
		if !ok {
			return ""
		}
		if strings.TrimSpace(before) == name {
			return unescapeXML(value)
		}
		attrs = rest
	}
}

// unescapeXML replaces character references. What is not one stays.
func unescapeXML(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	var b strings.Builder
	for s != "" {
		before, after, ok := strings.Cut(s, "&")
		b.WriteString(before)
		if !ok {
			break
		}
		// Only so far, or a text of ampersands would take forever.
		const longest = len("#x0010ffff;")
		reference, _, ok := strings.Cut(after[:min(len(after), longest)], ";")
		if r, known := character(reference); ok && known {
			b.WriteRune(r)
			s = after[len(reference)+1:]
		} else {
			b.WriteByte('&')
			s = after
		}
	}
	return b.String()
}

func character(reference string) (rune, bool) {
	switch reference {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, ok := strings.CutPrefix(reference, "#")
	base := 10
	if hex, is := strings.CutPrefix(digits, "x"); is {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 21)
	if !ok || err != nil {
		return 0, false
	}
	if !utf8.ValidRune(rune(n)) {
		return utf8.RuneError, true
	}
	return rune(n), true
}
