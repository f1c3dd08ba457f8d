package article

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/text/unicode/norm"

	"kbgen/internal/kb/check"
)

// sectionNames are the headings that name the ten sections. Case, spaces,
// width and what follows in brackets do not matter. The first of each
// language is the one that a new article gets.
var sectionNames = []struct {
	role   Role
	ja, en []string
}{
	{Summary, []string{"要約", "概要", "まとめ"}, []string{"Summary", "Overview"}},
	{Causes, []string{"よくある原因", "原因", "主な原因"}, []string{"Common causes", "Causes", "Cause"}},
	{Check60, []string{"60秒で確認", "60秒確認"}, []string{"Check in 60 seconds", "60-second check", "Quick check"}},
	{Fix5, []string{"5分で解決", "5分解決"}, []string{"Fix in 5 minutes", "5-minute fix", "Quick fix"}},
	{Permanent, []string{"根本対策", "恒久対策"}, []string{"Permanent fix", "Root fix"}},
	{Details, []string{"詳細手順", "詳しい手順"}, []string{"Detailed steps", "Details", "Step by step"}},
	{Pitfalls, []string{"よくある落とし穴", "落とし穴"}, []string{"Common pitfalls", "Pitfalls"}},
	{Prevention, []string{"再発防止", "再発防止チェックリスト", "再発防止策"}, []string{"Prevention", "Prevention checklist"}},
	{Related, []string{"関連ケース", "関連記事"}, []string{"Related cases", "Related", "Related articles"}},
	{References, []string{"参考", "参考資料", "参考リンク", "参考情報"}, []string{"References", "Reference", "Sources"}},
}

// Heading is the heading that a new article gets for the section.
func (r Role) Heading(lang check.Lang) string {
	for _, s := range sectionNames {
		switch {
		case s.role == r && lang == check.JA:
			return s.ja[0]
		case s.role == r:
			return s.en[0]
		}
	}
	return ""
}

// roles is sectionNames by headingKey.
var roles = func() map[string]Role {
	m := map[string]Role{}
	for _, s := range sectionNames {
		for _, name := range slices.Concat(s.ja, s.en) {
			m[headingKey(name)] = s.role
		}
	}
	return m
}()

var trailingBrackets = regexp.MustCompile(`(\([^()]*\))+$`)

// headingKey is what of a heading counts when it is compared.
func headingKey(heading string) string {
	s := strings.ToLower(norm.NFKC.String(heading))
	s = strings.Join(strings.Fields(s), "")
	return strings.TrimRight(trailingBrackets.ReplaceAllString(s, ""), ":")
}

// part is a section with the top-level blocks below its heading.
type part struct {
	section Section
	heading *ast.Heading // nil before the first heading of level 2
	nodes   []ast.Node
}

// headings gives every heading its ID and divides the body into parts.
func (p *parsing) headings() {
	doc := p.a.doc
	ids := newIDs(doc.anchors)
	doc.parts = []part{{}}
	for n := p.body.root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level == 2 {
			doc.parts = append(doc.parts, part{section: p.section(h, ids), heading: h})
			continue
		}
		last := &doc.parts[len(doc.parts)-1]
		last.nodes = append(last.nodes, n)
		each(n, func(h *ast.Heading) { p.subheading(h, ids) })
		if h, ok := n.(*ast.Heading); ok {
			p.subheading(h, ids)
		}
	}
	for _, part := range doc.parts[1:] {
		p.a.Sections = append(p.a.Sections, part.section)
	}
	p.headingLevels()
}

func (p *parsing) section(h *ast.Heading, ids ids) Section {
	s := Section{Heading: p.body.plain(h)}
	if s.Heading == "" {
		p.fail(p.nodeAt(h), "a heading without words", "write the section's name, or delete it")
	}
	role := roles[headingKey(s.Heading)]
	switch {
	case role == "":
		s.ID = ids.of(s.Heading)
	case p.a.doc.anchors[string(role)]:
		p.fail(p.nodeAt(h), fmt.Sprintf("the section %s (%s) is there twice", role.Heading(p.a.Lang), role), "merge the two")
		s.ID = ids.of(s.Heading)
	default:
		s.ID, s.Role = string(role), role
		p.a.doc.anchors[s.ID] = true
	}
	return s
}

func (p *parsing) subheading(h *ast.Heading, ids ids) {
	h.SetAttributeString("id", ids.of(p.body.plain(h)))
	if h.Level == 1 {
		p.warn(p.nodeAt(h), "a heading of level 1 in the body", "the title comes from the front matter; write ## for a section")
		h.Level = 2 // the page has its own heading of level 1
	}
}

// headingLevels reports headings that skip a level.
func (p *parsing) headingLevels() {
	last := 1
	each(p.body.root, func(h *ast.Heading) {
		if h.Level > last+1 {
			p.warn(p.nodeAt(h), fmt.Sprintf("a heading of level %d after one of level %d", h.Level, last), fmt.Sprintf("write %s", strings.Repeat("#", last+1)))
		}
		last = h.Level
	})
}

// ids hands out the IDs of headings.
type ids struct {
	anchors map[string]bool
	last    map[string]int // the number that an ID last got
}

func newIDs(anchors map[string]bool) ids { return ids{anchors, map[string]int{}} }

// of makes an ID of a heading's letters, as GitHub does, and keeps Japanese
// ones. It never returns an ID twice, nor one of the ten sections'.
func (s ids) of(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFC.String(heading)) {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r), r == '_', r == '-':
			b.WriteRune(r)
		case unicode.IsSpace(r):
			b.WriteByte('-')
		}
	}
	base := b.String()
	if strings.Trim(base, "-") == "" {
		base = "section"
	}
	id := base
	for n := max(2, s.last[base]+1); s.anchors[id] || slices.Contains(Roles(), Role(id)); n++ {
		id = base + "-" + strconv.Itoa(n)
		s.last[base] = n
	}
	s.anchors[id] = true
	return id
}
