package article

import (
	"strings"
	"testing"
)

func TestMessageString(t *testing.T) {
	m := Message{Level: Error, Path: "content/ja/x.md", Line: 12, Column: 6, Text: "text", Hint: "hint", Source: "\tか\u3099ｶA{x}", Note: "one\ntwo"}
	want := "content/ja/x.md:12:6: error: text\n   12 | \tか\u3099ｶA{x}\n      | \t    ^\n      one\n      two\n      hint: hint"
	if got := m.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := (Message{Level: Warning, Path: "x", Text: "t"}).String(); got != "x: warning: t" {
		t.Errorf("got %q", got)
	}
}

// Nothing that comes from outside reaches the terminal as a command.
func TestMessageIsPrintable(t *testing.T) {
	const bad = "a\x1b[2J\u202eb\u009bc\r\n"
	m := Message{Level: Error, Path: bad, Line: 1, Column: 1, Text: bad, Hint: bad, Source: bad, Note: bad}
	for _, r := range m.String() {
		if r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0x202e {
			t.Errorf("%U in %q", r, m.String())
		}
	}
}

func TestMessageClips(t *testing.T) {
	for column := range 402 {
		m := Message{Level: Error, Path: "x", Line: 1, Column: column, Text: "t", Source: strings.Repeat("あ", 200) + "!" + strings.Repeat("b", 199)}
		lines := strings.Split(m.String(), "\n")
		if n := len([]rune(lines[1])); n > 8+102 {
			t.Fatalf("column %d: %d characters", column, n)
		}
		if column == 201 { // the caret stands below the !
			shown, caret := lines[1][len("    1 | "):], lines[2][len("      | "):]
			before, _, _ := strings.Cut(shown, "!")
			cells := 0
			for _, r := range before {
				if cells++; r == 'あ' {
					cells++
				}
			}
			if cells != len(caret)-1 {
				t.Errorf("caret in cell %d, ! in cell %d", len(caret)-1, cells)
			}
		}
	}
}

func TestSort(t *testing.T) {
	ms := []Message{
		{Path: "b", Level: Error}, {Path: "a", Line: 2, Level: Error}, {Path: "a", Line: 1, Column: 2, Level: Warning},
		{Path: "a", Line: 1, Column: 2, Level: Error, Text: "y"}, {Path: "a", Line: 1, Column: 2, Level: Error, Text: "x"}, {Path: "a", Line: 1, Column: 1, Level: Warning},
	}
	Sort(ms)
	var got []string
	for _, m := range ms {
		got = append(got, m.Position()+string(m.Level[0])+m.Text)
	}
	if want := "a:1:1w a:1:2ex a:1:2ey a:1:2w a:2e be"; strings.Join(got, " ") != want {
		t.Errorf("got %v", got)
	}
	if Errors(ms) != 4 {
		t.Errorf("Errors = %d", Errors(ms))
	}
}
