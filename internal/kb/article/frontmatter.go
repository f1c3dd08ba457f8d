package article

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/adrg/frontmatter"
	"go.yaml.in/yaml/v4"

	"kbgen/internal/kb/check"
)

// maxFrontMatter is the size in bytes above which front matter is refused.
const maxFrontMatter = 64 << 10

const frontMatterHint = "begin the file with a line ---, then title, errorText, tags and updatedAt, then a line ---"

// frontMatter is where things are in an article's front matter.
type frontMatter struct {
	lineBefore   int        // lines of the file before the YAML
	mapping      *yaml.Node // nil if the YAML cannot be read
	errorTextsAt []int      // offset of each of Article.ErrorTexts
}

// frontMatter reads the keys into p.a and finds where the body begins:
// p.bodyAt is negative if nobody can say.
func (p *parsing) frontMatter() {
	text := p.src.text
	blank := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
	openLine, _ := p.src.position(blank)
	p.front = frontMatter{lineBefore: openLine}

	yamlBlock := frontmatter.NewFormat("---", "---", func(data []byte, _ any) error {
		p.decode(data)
		return nil // every problem is already in the messages
	})
	body, err := frontmatter.MustParse(strings.NewReader(text), nil, yamlBlock)
	switch {
	case err == nil:
		p.bodyAt = len(text) - len(body)
	case strings.TrimSpace(p.src.line(openLine)) == "---":
		p.bodyAt = -1
		p.fail(p.src.lines[openLine-1], "the front matter is not closed", "end it with a line ---")
	default:
		p.fail(blank, "the front matter is missing", frontMatterHint)
	}
	p.fields()
}

// decode reads the YAML between the two lines of hyphens.
func (p *parsing) decode(data []byte) {
	start := p.src.offset(p.front.lineBefore+1, 1)
	if len(data) > maxFrontMatter {
		p.fail(start, fmt.Sprintf("the front matter has %d bytes, more than the %d allowed", len(data), maxFrontMatter), "move the text into the body")
		return
	}
	data = p.withoutOddBreaks(data, start)
	if len(bytes.TrimSpace(data)) == 0 {
		p.fail(start, "the front matter is empty", frontMatterHint)
		return
	}
	var root yaml.Node
	if err := yaml.Load(data, &root); err != nil {
		p.syntaxError(err, data)
		return
	}
	if root.Kind != yaml.DocumentNode || len(root.Content) != 1 || root.Content[0].Kind != yaml.MappingNode {
		p.fail(start, "the front matter is not a list of keys and values", "write lines such as title: \"…\"")
		return
	}
	p.front.mapping = root.Content[0]
}

// withoutOddBreaks replaces what YAML takes for a line break and editors do
// not, so that lines are the same in both.
func (p *parsing) withoutOddBreaks(data []byte, start int) []byte {
	at := bytes.IndexAny(data, "\u0085\u2028\u2029")
	if at < 0 {
		return data
	}
	p.fail(start+at, "an invisible line separator in the front matter", "delete it, or start a new line with the Enter key")
	return bytes.Map(func(r rune) rune {
		if r == 0x85 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, data)
}

// at is the offset in the file of a node.
func (p *parsing) at(n *yaml.Node) int {
	return p.src.offset(p.front.lineBefore+n.Line, n.Column)
}

// syntaxTexts turns what the YAML library says into what a writer should do.
var syntaxTexts = []struct {
	contains   string // in the library's message or context
	atContext  bool   // the place to show is where the construct began
	text, hint string
}{
	{"tab character", false, "a tab in the front matter", "indent with spaces"},
	{"unknown escape", false, "a backslash in double quotes begins an escape", `use single quotes: 'C:\Folder'`},
	{"hexadecimal", false, "a backslash in double quotes begins an escape", `use single quotes: 'C:\Folder'`},
	{"scanning a quoted scalar", true, "the quote is not closed", "end the value with the quote that begins it; a quote inside single quotes is written twice ('')"},
	{"flow sequence", true, "the list is not closed or lacks a comma", `write ["a", "b"]`},
	{"flow mapping", true, "not a value", `put the value in quotes: "{…}"`},
	{"cannot start any token", false, "a value cannot begin with this character", `put the value in quotes: "…"`},
	{"unknown anchor", false, "a value cannot begin with *", `put the value in quotes: "*…"`},
	{"scanning an anchor", false, "a value cannot begin with & or *", `put the value in quotes: "…"`},
	{"mapping values are not allowed", false, "a second colon in one line", `put the value in quotes: title: "…: …"`},
	{"block sequence entries are not allowed", false, "a list cannot begin here", `start the list in the next line, or put the value in quotes: "- …"`},
	{"could not find expected ':'", true, "a line without a key", `write KEY: value, or indent the line if it continues a list`},
	{"did not find expected key", false, "not a key or the end of a value", "check the indentation, and that a quote inside quotes is doubled"},
	{"no documents", false, "the front matter is empty", frontMatterHint},
	{"multiple", false, "the front matter ends before its last line", "delete the line ... in it"},
	{"nesting", false, "the front matter is nested too deeply", "use plain values and lists"},
}

func (p *parsing) syntaxError(err error, data []byte) {
	var e *yaml.LoadError
	if !errors.As(err, &e) {
		e = &yaml.LoadError{Message: err.Error()}
	}
	mark, text, hint := e.Mark, "not YAML: "+strings.TrimPrefix(e.Message, "yaml: "), frontMatterHint
	for _, s := range syntaxTexts {
		if !strings.Contains(e.Message, s.contains) && !strings.Contains(e.ContextMsg, s.contains) {
			continue
		}
		text, hint = s.text, s.hint
		if s.atContext && e.ContextMark.Line > 0 {
			mark = e.ContextMark
		}
		break
	}
	if mark.Line < 1 {
		mark.Line, mark.Column = 1, 1
	}
	mark.Line = min(mark.Line, max(1, bytes.Count(data, []byte("\n"))))
	at := p.src.offset(p.front.lineBefore+mark.Line, mark.Column)
	if at < len(p.src.text) && p.src.text[at] == '\t' {
		text, hint = "a tab in the front matter", "indent with spaces"
	}
	if text == "a second colon in one line" && p.firstColon(mark.Line) == at {
		text, hint = "a key where none can be", "put a space after the colon of the line above, and do not indent keys"
	}
	p.fail(at, text, hint)
}

// firstColon is the offset of the first colon in a line of the YAML.
func (p *parsing) firstColon(line int) int {
	line += p.front.lineBefore
	return p.src.lines[line-1] + strings.IndexByte(p.src.line(line), ':')
}

// A field is a key of the front matter.
type field struct {
	name     string
	required bool
	read     func(p *parsing, value *yaml.Node)
}

func fields() []field {
	return []field{
		{"title", true, (*parsing).readTitle},
		{"errorText", true, (*parsing).readErrorText},
		{"tags", true, (*parsing).readTags},
		{"updatedAt", true, (*parsing).readUpdatedAt},
		{"lang", false, (*parsing).readLang},
		{"environment", false, (*parsing).readEnvironment},
		{"severity", false, (*parsing).readSeverity},
		{"related", false, (*parsing).readRelated},
		{"draft", false, (*parsing).readDraft},
		{"description", false, (*parsing).readDescription},
	}
}

// fields goes through the keys in the file's order, then looks for the ones
// that are missing.
func (p *parsing) fields() {
	if p.front.mapping == nil {
		return
	}
	all := fields()
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = f.name
	}
	seen := map[string]int{}
	pairs := p.front.mapping.Content
	for i := 0; i+1 < len(pairs); i += 2 {
		key, value := pairs[i], pairs[i+1]
		at := p.at(key)
		if key.Kind != yaml.ScalarNode {
			p.fail(at, "a key must be a word", "write lines such as title: \"…\"")
			continue
		}
		if line, again := seen[key.Value]; again {
			p.fail(at, fmt.Sprintf("the key %q is there twice", key.Value), fmt.Sprintf("the first one is in line %d; delete one", line))
			continue
		}
		seen[key.Value] = p.front.lineBefore + key.Line
		p.readField(all, names, key, value)
	}
	for _, f := range all {
		if _, there := seen[f.name]; f.required && !there {
			p.fail(p.src.lines[p.front.lineBefore-1], fmt.Sprintf("the key %q is missing from the front matter", f.name), "write "+examples[f.name])
		}
	}
}

func (p *parsing) readField(all []field, names []string, key, value *yaml.Node) {
	if n := notPlain(value); n != nil {
		p.fail(p.at(n), "anchors (&), aliases (*) and tags (!) cannot be used here", `write the value itself, in quotes if it begins with one of these: "*…"`)
		return
	}
	for _, f := range all {
		if f.name == key.Value {
			f.read(p, value)
			return
		}
	}
	hint := "the keys are " + strings.Join(names, ", ")
	if near := nearestFold(key.Value, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	p.warn(p.at(key), fmt.Sprintf("the key %q is unknown and has no effect", key.Value), hint)
}

// notPlain returns the first node in n that uses what front matter does not
// need. Aliases are never followed.
func notPlain(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode || n.Anchor != "" || n.Style&yaml.TaggedStyle != 0 {
		return n
	}
	for _, c := range n.Content {
		if found := notPlain(c); found != nil {
			return found
		}
	}
	return nil
}

// nearestFold is check.Nearest without regard to case and to _ and -.
func nearestFold(word string, candidates []string) string {
	fold := func(s string) string {
		return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(s))
	}
	folded := make([]string, len(candidates))
	for i, c := range candidates {
		folded[i] = fold(c)
	}
	near := check.Nearest(fold(word), folded)
	for i, f := range folded {
		if near != "" && f == near {
			return candidates[i]
		}
	}
	return ""
}
