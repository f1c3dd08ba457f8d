package recorded

import (
	"strconv"
	"strings"
)

// item cuts off one text: a Go string, or everything up to a space or one of
// the characters in ends.
func (t token) item(ends string) (text string, rest token, err error) {
	t = t.trim()
	if t.text == "" {
		return "", t, t.fail("a text is missing here", `an empty one is ""`)
	}
	return t.itemHere(" \t" + ends)
}

// itemHere is item at this very place, which may be empty.
func (t token) itemHere(ends string) (text string, rest token, err error) {
	n := strings.IndexAny(t.text, ends)
	if n < 0 {
		n = len(t.text)
	}
	text = t.text[:n]
	if t.text != "" && (t.text[0] == '"' || t.text[0] == '`') {
		quoted, err := strconv.QuotedPrefix(t.text)
		if err == nil {
			text, err = strconv.Unquote(quoted)
		}
		n = len(quoted)
		if err != nil || n < len(t.text) && !strings.ContainsRune(ends, rune(t.text[n])) {
			return "", t, t.fail("this is not a Go string", "text that starts with a quote needs one at its end, and no control characters")
		}
	} else if strings.ContainsAny(text, "\"`") {
		return "", t, t.fail("there is a quote inside of this text", "write the whole text as a Go string")
	}
	t.text, t.col = t.text[n:], t.col+n
	return text, t, nil
}

// named splits NAME= off, if it stands here.
func (t token) named() (name, value token, ok bool) {
	t = t.trim()
	n := strings.IndexAny(t.text, "= \t\"`")
	if n < 1 || t.text[n] != '=' {
		return t, t, false
	}
	name, value = t, t
	name.text = t.text[:n]
	value.text, value.col = t.text[n+1:], t.col+n+1
	return name, value, true
}

// list cuts off texts with commas between them; none if a space stands here.
func (t token) list() (texts []string, rest token, err error) {
	texts = []string{}
	if t.text == "" || t.text[0] == ' ' || t.text[0] == '\t' {
		return texts, t, nil
	}
	for {
		var text string
		if text, t, err = t.itemHere(" \t,"); err != nil {
			return nil, t, err
		}
		texts = append(texts, text)
		if !strings.HasPrefix(t.text, ",") {
			return texts, t, nil
		}
		t.text, t.col = t.text[1:], t.col+1
	}
}
