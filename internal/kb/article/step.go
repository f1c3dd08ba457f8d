package article

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"kbgen/internal/kb/check"
)

// steps makes a Step of every good marker and reports the others.
func (p *parsing) steps() {
	uses := map[string]int{}
	each(p.body.root, func(n *markerNode) {
		open := p.bodyAt + n.Pos()
		if n.problem != nil {
			p.badMarker(open+n.problem.at, n.problem.text, n.problem.hint)
			return
		}
		args, ok := p.checkMarker(open, &n.marker)
		if !ok || !p.hasWords(n, open) {
			return
		}
		id := n.marker.id
		uses[id]++
		step := Step{Number: len(p.a.Steps) + 1, Anchor: id, Check: id, Args: args}
		if uses[id] > 1 {
			step.Anchor += "-" + strconv.Itoa(uses[id])
		}
		step.Title = strings.TrimRight(p.body.plain(n.PreviousSibling()), ":： ")
		step.Line, step.Column = p.src.position(open)
		p.a.Steps = append(p.a.Steps, step)
		p.a.doc.anchors[step.Anchor] = true
		n.step = &step
		markItem(n.Parent(), step)
	})
}

const strayHint = "write it at the end of the first line of a list item: - Check the setting: {check=ID}" + markerTick

// hasWords reports whether the line before a marker is still text: what
// follows it can have made it a heading or a link's address.
func (p *parsing) hasWords(n *markerNode, open int) bool {
	switch n.PreviousSibling().(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return true
	}
	if _, ok := n.NextSibling().(*ast.Heading); ok {
		p.badMarker(open, "a check marker on a heading", strayHint)
	} else {
		p.badMarker(open, "the check marker has no words before it", noWordsHint)
	}
	return false
}

func markItem(item ast.Node, step Step) {
	item.SetAttributeString("id", step.Anchor)
	item.SetAttributeString("class", "step")
	item.SetAttributeString("data-check", step.Check)
	item.SetAttributeString("data-step", strconv.Itoa(step.Number))
}

func (p *parsing) badMarker(at int, text, hint string) {
	p.a.doc.badMarker = true
	p.fail(at, text, hint)
}

// checkMarker holds a marker against the catalogue.
func (p *parsing) checkMarker(open int, m *marker) (check.Args, bool) {
	c, known := p.checks.Find(m.id)
	if !known {
		hint := "kbgen checks lists the IDs"
		if near := p.checks.Nearest(strings.ToLower(m.id)); near != "" {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		p.badMarker(open+m.idAt, fmt.Sprintf("there is no check %q", m.id), hint)
		return nil, false
	}
	ok := true
	for i, given := range m.params {
		if slices.ContainsFunc(m.params[:i], func(other param) bool { return other.name == given.name }) {
			p.badMarker(open+given.nameAt, fmt.Sprintf("the parameter %q is there twice", given.name), "delete one")
			ok = false
		}
	}
	args := m.args()
	for _, e := range c.CheckArgs(args) {
		p.badMarker(open+m.paramAt(e.Name, c), fmt.Sprintf("parameter %q %s", e.Name, e.Message), e.Hint)
		ok = false
	}
	return args, ok
}

// paramAt is where a wrong parameter is: its value if the check takes it,
// its name if not, the marker if it is missing.
func (m *marker) paramAt(name string, c *check.Check) int {
	takes := slices.ContainsFunc(c.Params, func(p check.Param) bool { return p.Name == name })
	for _, p := range m.params {
		if p.name == name && takes {
			return p.valueAt
		}
		if p.name == name {
			return p.nameAt
		}
	}
	return 0
}

// strayMarkers reports markers that are not at the end of a list item's
// first line.
func (p *parsing) strayMarkers() {
	reported := map[int]bool{}
	each(p.body.root, func(n *markerNode) {
		if n.problem != nil {
			reported[n.Pos()] = true
			reported[n.Pos()+n.problem.at] = true // a second marker in the line
		}
	})
	each(p.body.root, func(t *ast.Text) {
		if t.IsRaw() || t.Parent().Kind() == ast.KindCodeSpan {
			return
		}
		value := t.Segment.Value(p.body.text)
		for _, m := range attempt.FindAllIndex(value, -1) {
			at := t.Segment.Start + max(0, m[0]-t.Segment.Padding)
			if reported[at] || m[0] > 0 && value[m[0]-1] == '\\' {
				continue
			}
			p.badMarker(p.bodyAt+at, "a check marker "+strayPlace(t), strayHint)
		}
	})
}

// strayPlace says where a marker is that belongs on a list item.
func strayPlace(n ast.Node) string {
	for ; n != nil; n = n.Parent() {
		switch n.(type) {
		case *ast.Heading:
			return "on a heading"
		case *extast.TableCell:
			return "in a table"
		case *ast.Blockquote:
			return "in a quotation"
		case *ast.ListItem:
			return "that does not end the first line of its list item"
		}
	}
	return "on a paragraph"
}

// markerText is a step's check as a writer writes it.
func markerText(s Step) string {
	var b strings.Builder
	b.WriteString(s.Check)
	for _, name := range slices.Sorted(maps.Keys(s.Args)) {
		quote := `"`
		if strings.Contains(s.Args[name], quote) {
			quote = "'"
		}
		b.WriteString(" " + name + "=" + quote + s.Args[name] + quote)
	}
	return b.String()
}
