package search

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// vector writes down how a text is read, for testdata/vectors.txt.
func vector(p Parsed) string {
	var out strings.Builder
	if len(p.Codes) > 0 {
		fmt.Fprintf(&out, "codes %s\n", strings.Join(keys(p), " "))
	}
	for i, t := range p.Terms {
		switch {
		case i == 0 && t.Line > 0, i > 0 && t.Line != p.Terms[i-1].Line:
			fmt.Fprintf(&out, "\nline %d:", t.Line)
		case i == 0:
			out.WriteString("terms:")
		}
		if t.Optional {
			fmt.Fprintf(&out, " (%s)", t.Text)
		} else {
			out.WriteString(" " + t.Text)
		}
	}
	if len(p.Terms) > 0 {
		out.WriteString("\n")
	}
	return out.String()
}

// escape puts a text on one line.
func escape(text string) string {
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

// unescape undoes escape.
func unescape(text string) string {
	s, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	if err != nil {
		panic(fmt.Sprintf("vectors.txt: %q: %v", text, err))
	}
	return s
}

func TestEscape(t *testing.T) {
	for _, s := range []string{"", "a\nb", `"x"`, `\`, "\u200b日本"} {
		if got := unescape(escape(s)); got != s {
			t.Errorf("%q becomes %q", s, got)
		}
	}
}
