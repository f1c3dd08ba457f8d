package article

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// checkIDForm is what a check's ID looks like, with the number that a second
// use of the check has in its anchor.
var checkIDForm = regexp.MustCompile(`^([a-z0-9-]+)\.[a-z0-9-]+$`)

var useNumber = regexp.MustCompile(`-[0-9]+$`)

// maxMisspelt is how many different misspelt IDs are looked up in one file.
const maxMisspelt = 20

// checkNames makes every code span that is the anchor of a step, which is the
// ID of its check, a link to the step, and marks the causes with the steps
// that they name.
func (p *parsing) checkNames() {
	anchors := map[string]bool{}
	for _, s := range p.a.Steps {
		anchors[s.Anchor] = true
	}
	seen, looked := map[string]bool{}, 0
	each(p.body.root, func(n *ast.CodeSpan) {
		code := p.body.code(n)
		switch {
		case anchors[code]:
			p.linkToStep(n, code)
		case looked < maxMisspelt && !seen[code] && len(code) <= 64:
			seen[code] = true
			if checkIDForm.MatchString(code) && p.misspelt(n, code) {
				looked++
			}
		}
	})
	if causes := p.part(Causes); causes != nil {
		p.causes(causes, anchors)
	}
}

// part returns the section that plays a role, or nil.
func (p *parsing) part(role Role) *part {
	parts := p.a.doc.parts
	if i := slices.IndexFunc(parts, func(part part) bool { return part.section.Role == role }); i >= 0 {
		return &parts[i]
	}
	return nil
}

func (p *parsing) linkToStep(n *ast.CodeSpan, anchor string) {
	for up := n.Parent(); up != nil && up.Type() == ast.TypeInline; up = up.Parent() {
		switch up.(type) {
		case *ast.Link, *linkNode, *caseNode:
			return // it is a link already, or may become one
		}
	}
	link := &linkNode{link: Link{Lang: p.a.Lang, Slug: p.a.Slug, Anchor: anchor}}
	n.Parent().ReplaceChild(n.Parent(), n, link)
	link.AppendChild(link, n)
}

// misspelt warns of code that is nearly a check's ID. It reports whether it
// looked the code up.
func (p *parsing) misspelt(n *ast.CodeSpan, code string) bool {
	if p.isCheck(code) {
		return false
	}
	family, _, _ := strings.Cut(code, ".")
	known := false
	for i := range p.checks {
		known = known || strings.HasPrefix(p.checks[i].ID, family+".")
	}
	if !known {
		return false
	}
	if near := p.checks.Nearest(code); near != "" {
		p.warn(p.nodeAt(n), fmt.Sprintf("there is no check %q", code), fmt.Sprintf("did you mean %s?", near))
	}
	return true
}

// isCheck reports whether code is the ID of a check of the catalogue, with or
// without the number of a use.
func (p *parsing) isCheck(code string) bool {
	if _, known := p.checks.Find(code); known {
		return true
	}
	_, known := p.checks.Find(useNumber.ReplaceAllString(code, ""))
	return known
}

// causes marks each cause, an item of a list directly in the section, with
// the anchors of the steps that it names. It warns of checks that the section
// names and the article does not have, and of steps that it does not name.
func (p *parsing) causes(causes *part, anchors map[string]bool) {
	named := map[string]bool{}
	for _, n := range causes.nodes {
		list, isList := n.(*ast.List)
		if !isList {
			p.stepsNamed(n, anchors, named)
			continue
		}
		for item := list.FirstChild(); item != nil; item = item.NextSibling() {
			steps := p.stepsNamed(item, anchors, named)
			class := "cause"
			if own, isStep := item.AttributeString("class"); isStep {
				class = fmt.Sprint(own) + " " + class
			}
			item.SetAttributeString("class", class)
			if len(steps) > 0 {
				item.SetAttributeString("data-steps", strings.Join(steps, " "))
			}
		}
	}
	p.unnamedSteps(named)
}

// stepsNamed lists the anchors of the steps that are named below n, each once.
func (p *parsing) stepsNamed(n ast.Node, anchors, named map[string]bool) []string {
	var list []string
	here := map[string]bool{}
	add := func(anchor string) {
		if anchors[anchor] && !here[anchor] {
			list = append(list, anchor)
			here[anchor], named[anchor] = true, true
		}
	}
	each(n, func(c ast.Node) {
		switch c := c.(type) {
		case *ast.CodeSpan:
			code := p.body.code(c)
			add(code)
			if !anchors[code] && checkIDForm.MatchString(code) && p.isCheck(code) {
				p.warn(p.nodeAt(c), code+" is not a step of this article", "add a step that ends in {check="+useNumber.ReplaceAllString(code, "")+"}, or drop it here")
			}
		case *linkNode:
			if c.link.Lang == p.a.Lang && c.link.Slug == p.a.Slug {
				add(c.link.Anchor)
			}
		case *markerNode:
			if c.step != nil {
				add(c.step.Anchor)
			}
		}
	})
	return list
}

// unnamedSteps warns of checks of which the causes do not say what they are
// for. One use of a check stands for all.
func (p *parsing) unnamedSteps(named map[string]bool) {
	if p.a.doc.badMarker {
		return
	}
	seen := map[string]bool{}
	for _, s := range p.a.Steps {
		if named[s.Anchor] {
			seen[s.Check] = true
		}
	}
	for _, s := range p.a.Steps {
		if !seen[s.Check] {
			seen[s.Check] = true
			p.warn(p.src.offset(s.Line, s.Column), "no cause names the check "+s.Check,
				"name it as `"+s.Check+"` in the cause that it tells from the others, say below the list what it is for, or drop the step")
		}
	}
}
