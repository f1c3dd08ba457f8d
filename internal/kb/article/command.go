package article

import (
	"regexp"
	"sort"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// shell is what a code block is written for.
type shell string

const (
	noShell    shell = ""
	cmd        shell = "cmd"
	powershell shell = "powershell"
	regFile    shell = "reg"
)

// shells are the names of languages whose blocks readers run, import or paste.
// A block without a language is one of them: leaving the language out must
// not hide a command.
var shells = map[string]shell{
	"": cmd, "cmd": cmd, "bat": cmd, "batch": cmd, "batchfile": cmd, "dos": cmd, "dosbatch": cmd,
	"powershell": powershell, "ps": powershell, "ps1": powershell, "pwsh": powershell, "posh": powershell,
	"reg": regFile, "registry": regFile,
}

// commandBlock is a code block that a reader runs, imports or pastes.
type commandBlock struct {
	shell shell
	node  ast.Node
	part  *part
	text  string
	lines []lineStart
	xml   bool // has closing tags
}

// lineStart is where a line of a block begins: in the block's text, and in
// the file, before the spaces that stand for a part of a tab.
type lineStart struct{ text, file int }

// at is the offset in the file of an offset in the block's text.
func (b *commandBlock) at(offset int) int {
	i := max(0, sort.Search(len(b.lines), func(i int) bool { return b.lines[i].text > offset })-1)
	return b.lines[i].file + offset - b.lines[i].text
}

// commandBlocks lists the code blocks that readers run, in the order of the
// page.
func (p *parsing) commandBlocks() []*commandBlock {
	var blocks []*commandBlock
	parts := p.a.doc.parts
	for i := range parts {
		for _, n := range parts[i].nodes {
			p.blocksBelow(n, &parts[i], &blocks)
		}
	}
	return blocks
}

func (p *parsing) blocksBelow(n ast.Node, in *part, blocks *[]*commandBlock) {
	switch n := n.(type) {
	case *ast.FencedCodeBlock:
		language := ""
		if info := n.Info; info != nil {
			language, _, _ = strings.Cut(unescape(info.Segment.Value(p.body.text)), " ")
		}
		if shell := shells[strings.ToLower(language)]; shell != noShell && n.Lines().Len() > 0 {
			*blocks = append(*blocks, p.commandBlock(n, in, shell))
		}
	case *ast.CodeBlock:
		if n.Lines().Len() == 0 {
			return
		}
		*blocks = append(*blocks, p.commandBlock(n, in, cmd))
	default:
		for c := n.FirstChild(); c != nil && c.Type() == ast.TypeBlock; c = c.NextSibling() {
			p.blocksBelow(c, in, blocks)
		}
	}
}

func (p *parsing) commandBlock(n ast.Node, in *part, shell shell) *commandBlock {
	count := n.Lines().Len()
	b := &commandBlock{shell: shell, node: n, part: in, lines: make([]lineStart, 0, count)}
	var text strings.Builder
	text.Grow(n.Lines().At(count-1).Stop - n.Lines().At(0).Start)
	for i := range count {
		segment := n.Lines().At(i)
		b.lines = append(b.lines, lineStart{text.Len() + segment.Padding, p.bodyAt + segment.Start})
		text.Write(segment.Value(p.body.text))
	}
	b.text = text.String()
	return b
}

// A word is a part of a command: without its quotes, and with the values of
// variables that an earlier line has set.
type word struct {
	text string
	at   int // offset in the block's text
}

// A statement is one command of a line: its name and its arguments.
type statement []word

// variables are what lines of an article have set so far, by name in lower
// case: a writer names a long registry key once.
type variables map[string]string

var (
	assignment  = regexp.MustCompile(`(?i)^\s*(?:\$(?:script:|global:)?(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')|set\s+"?(\w+)=([^"]*)"?)\s*;?\s*$`)
	variableUse = regexp.MustCompile(`\$\{?(\w+)\}?|%(\w+)%`)
)

func (v variables) set(line string) bool {
	m := assignment.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	v[strings.ToLower(m[1]+m[4])] = m[2] + m[3] + strings.TrimSpace(m[5])
	return true
}

func (v variables) expand(s string) string {
	if len(v) == 0 || !strings.ContainsAny(s, "$%") {
		return s
	}
	return variableUse.ReplaceAllStringFunc(s, func(use string) string {
		if value, known := v[strings.ToLower(strings.Trim(use, "${}%"))]; known {
			return value
		}
		return use
	})
}

// statements reads the commands of a block. It knows quotes, comments, what
// joins commands and what joins lines; it does not know the languages.
func (b *commandBlock) statements(v variables) []statement {
	s := statementScanner{block: b, variables: v}
	for at := 0; at < len(b.text); {
		end := lineEnd(b.text, at)
		if v.set(b.text[at:end]) {
			at = end + 1
			continue
		}
		at = s.line(at)
	}
	return s.statements
}

// lineEnd is where the line ends that an offset is in.
func lineEnd(text string, at int) int {
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}

type statementScanner struct {
	block      *commandBlock
	variables  variables
	statements []statement
	now        statement
	word       strings.Builder
	wordAt     int
	inWord     bool
}

// line reads the line that begins at an offset, and those that it goes on in.
// It returns where the next one begins.
func (s *statementScanner) line(at int) int {
	text, quote := s.block.text, byte(0)
	continues := byte('^')
	if s.block.shell == powershell {
		continues = '`'
	}
	for ; at < len(text); at++ {
		c := text[at]
		switch {
		case c == continues && at+1 < len(text) && text[at+1] == '\n':
			s.endWord()
			at++
		case c == '\n':
			s.endStatement()
			return at + 1
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			s.add(c, at)
		case c == '"', c == '\'' && s.block.shell == powershell:
			quote = c
			s.begin(at)
		case c == ' ' || c == '\t':
			s.endWord()
		case s.separates(c):
			s.endStatement()
		case s.comments(at):
			at = lineEnd(text, at) - 1
		default:
			s.add(c, at)
		}
	}
	s.endStatement()
	return at
}

// separates reports whether c stands between two commands.
func (s *statementScanner) separates(c byte) bool {
	switch c {
	case '&', '|', '(', ')':
		return true
	case ';', '{', '}':
		return s.block.shell == powershell
	}
	return false
}

// comments reports whether the rest of the line is a comment.
func (s *statementScanner) comments(at int) bool {
	if s.inWord {
		return false
	}
	rest := s.block.text[at:]
	if s.block.shell == powershell {
		return rest[0] == '#'
	}
	return len(s.now) == 0 && (strings.HasPrefix(rest, "::") || len(rest) > 3 && strings.EqualFold(rest[:3], "rem") && isBlank(rune(rest[3])))
}

func (s *statementScanner) begin(at int) {
	if !s.inWord {
		s.inWord, s.wordAt = true, at
	}
}

func (s *statementScanner) add(c byte, at int) {
	s.begin(at)
	s.word.WriteByte(c)
}

func (s *statementScanner) endWord() {
	if s.inWord {
		s.now = append(s.now, word{s.variables.expand(s.word.String()), s.wordAt})
	}
	s.inWord = false
	s.word.Reset()
}

func (s *statementScanner) endStatement() {
	s.endWord()
	if len(s.now) > 0 {
		s.statements = append(s.statements, s.now)
	}
	s.now = nil
}
