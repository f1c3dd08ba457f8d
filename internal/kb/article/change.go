package article

import (
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"kbgen/internal/kb/check"
)

// changeWords are those of which every command that changes a setting has
// one: most articles need not be looked at any closer.
var changeWords = []string{
	" add ", " delete ", "set-itemproperty", "new-itemproperty", "clear-itemproperty", "remove-item", "sp ", "rp ", "ri ",
	"/grant", "/deny", "/remove", "/reset", "/setowner", "/inheritance", "set-acl", " config ", "set-service",
}

// changes warns of the first change of a setting that nothing before it has
// read, or that nothing behind it undoes.
//
// A setting is read by a command on the same key and value, path or service
// anywhere before, or by a step whose check reads it. It is undone by a later
// command that changes the same setting, by restoring a file that an export
// has written, or by words that say so: in the list item of the change, or
// behind it in the same section. lower is the text of all blocks in lower case.
func (p *parsing) changes(blocks []*commandBlock, lower string) {
	if !containsAny(lower, changeWords) {
		return
	}
	all, looked := accesses(blocks), 0
	for i := range all {
		a := &all[i]
		if a.kind != changes {
			continue
		}
		if looked++; looked > maxLookups {
			return
		}
		before, behind := all[:i], all[i+1:]
		if slices.ContainsFunc(before, func(b access) bool { return b.kind == changes && b.covers(a) }) {
			p.fixedWayBack(a)
			continue
		}
		if !slices.ContainsFunc(before, func(b access) bool { return b.kind == reads && b.covers(a) }) && !p.stepReads(a) {
			p.warn(a.at, "nothing records "+clipText(a.name, 80)+" before this changes it", "put a step before it that notes what is there: "+a.query)
		}
		if !slices.ContainsFunc(behind, func(b access) bool { return undoes(&b, a) }) && !p.saysWayBack(a) {
			p.warn(a.at, "nothing says how to undo this change of "+clipText(a.name, 80), "write behind it how to put back what was noted, and what to do if there was nothing")
		}
	}
}

// accesses lists what the commands of the blocks do.
func accesses(blocks []*commandBlock) []access {
	var all []access
	v := variables{}
	for _, block := range blocks {
		if block.shell == regFile {
			continue
		}
		for _, s := range block.statements(v) {
			for _, a := range s.accesses() {
				a.at, a.block = block.at(a.at), block
				all = append(all, a)
			}
		}
	}
	return all
}

// undoes reports whether b, a later access, can put back what a changed.
func undoes(b, a *access) bool {
	return b.kind != reads && (b.covers(a) || a.covers(b))
}

// stepReads reports whether a step before the change has a check that reads
// the setting.
func (p *parsing) stepReads(a *access) bool {
	for _, s := range p.a.Steps {
		c, known := p.checks.Find(s.Check)
		if known && p.src.offset(s.Line, s.Column) < a.at && (a.thing == permissions && hasPath(s.Args, a.key) || readsSetting(c, a)) {
			return true
		}
	}
	return false
}

func hasPath(args check.Args, key string) bool {
	for _, value := range args {
		if foldPath(value) == key {
			return true
		}
	}
	return false
}

// readsSetting reports whether the check's list of what it reads has the
// setting: KEY\VALUE (TYPE), or the name of a service.
func readsSetting(c *check.Check, a *access) bool {
	want := a.key
	if a.value != "" {
		want += `\` + a.value
	}
	return slices.ContainsFunc(c.Reads, func(t check.Text) bool {
		text := strings.ToLower(t.EN)
		switch a.thing {
		case registry:
			return text == want || strings.HasPrefix(text, want+" ") || a.value == "" && strings.HasPrefix(text, want+`\`)
		case service:
			return strings.Contains(text, "service") && slices.Contains(strings.FieldsFunc(text, notName), a.key)
		}
		return false
	})
}

func notName(r rune) bool { return r == ' ' || r == ',' || r == '(' || r == ')' || r == ':' }

var (
	wayBack = regexp.MustCompile(`(?i)元に戻|元の|戻[しすせ]|控え[たて]|記録した|復元|ロールバック|切り戻|` +
		`\b(?:roll(?:ed|s|ing)?[ -]?back|restor(?:e|es|ed|ing)|undo(?:es|ne|ing)?|revert|put\b.{0,60}\bback|(?:go|set|change|turn|switch)\b.{0,60}\bback)\b`)
	noted = regexp.MustCompile(`(?i)控え|記録し|メモ|書き留|変更前|以前の|元の|` +
		`\b(?:note|noted|notes|record|recorded|wrote|write\s+down|previous|original|old value|was there|had before|what it was)\b`)
)

// saysWayBack reports whether the words of the list item of a change, or
// those behind the change in its section, say how to undo it.
func (p *parsing) saysWayBack(a *access) bool {
	from := a.at
	if item := enclosing[*ast.ListItem](a.block.node); item != nil {
		from = p.nodeAt(item)
	}
	return p.partSays(a.block.part, from, wayBack)
}

// partSays reports whether a text block of a section that does not begin
// before an offset has words of a kind.
func (p *parsing) partSays(in *part, from int, words *regexp.Regexp) bool {
	var says func(n ast.Node) bool
	says = func(n ast.Node) bool {
		if first := n.FirstChild(); first != nil && first.Type() == ast.TypeInline {
			return p.nodeAt(n) >= from && words.MatchString(p.body.plain(n))
		}
		return slices.ContainsFunc(children(n), says)
	}
	return slices.ContainsFunc(in.nodes, says)
}

// fixedWayBack warns of a command that is meant to undo a change and writes a
// value of its own: what was there may have been another one.
func (p *parsing) fixedWayBack(a *access) {
	if !a.fixed {
		return
	}
	label := a.block.node.PreviousSibling()
	for label != nil && label.Kind() != ast.KindParagraph && label.Kind() != ast.KindTextBlock && label.Kind() != ast.KindHeading {
		label = label.PreviousSibling()
	}
	if label != nil && wayBack.MatchString(p.body.plain(label)) && !p.partSays(a.block.part, 0, noted) {
		p.warn(a.at, "the way back writes a value of its own to "+clipText(a.name, 80), "put back what was noted before the change, or delete the value if there was none")
	}
}

// enclosing returns the nearest node above n that has the type N, or nil.
func enclosing[N ast.Node](n ast.Node) (found N) {
	for up := n.Parent(); up != nil; up = up.Parent() {
		if match, ok := up.(N); ok {
			return match
		}
	}
	return found
}
