package article

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// lints are checks of one article as a whole. Each warns of one thing.
func lints() []func(p *parsing) {
	return []func(p *parsing){
		lintErrorText,
		lintNoSteps,
		lintMissingSections,
		lintSectionOrder,
		lintCommands,
		lintReferences,
	}
}

func lintErrorText(p *parsing) {
	title := foldWording(p.a.Title)
	for i, wording := range p.a.ErrorTexts {
		if title != "" && foldWording(wording) == title {
			p.warn(p.front.errorTextsAt[i], "errorText is the same as the title", "write the message word for word as it is seen on the screen, with its code")
		}
	}
}

// foldWording is what of a wording counts when two are compared: letters and
// digits, in one case and one width.
func foldWording(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
			return r
		}
		return -1
	}, strings.ToLower(norm.NFKC.String(s)))
}

func lintNoSteps(p *parsing) {
	if p.body != nil && len(p.a.Steps) == 0 && !p.a.doc.badMarker {
		p.warn(wholeFile, "no step has a check, so the probe cannot help with this error",
			"end a list item with {check=ID}; kbgen checks lists the IDs")
	}
}

func lintMissingSections(p *parsing) {
	if p.body == nil {
		return
	}
	var missing []string
	for _, role := range Roles() {
		if !p.a.doc.anchors[string(role)] {
			missing = append(missing, role.Heading(p.a.Lang))
		}
	}
	if len(missing) > 0 {
		p.warn(wholeFile, "sections are missing: "+strings.Join(missing, ", "), "write each as a heading: ## "+missing[0])
	}
}

func lintSectionOrder(p *parsing) {
	last := -1
	for _, part := range p.a.doc.parts {
		at := slices.Index(Roles(), part.section.Role)
		if at >= 0 && at < last {
			p.warn(p.nodeAt(part.heading), "the section "+part.section.Heading+" stands after "+Roles()[last].Heading(p.a.Lang), "readers expect "+usualOrder(p))
		}
		last = max(last, at)
	}
}

func lintCommands(p *parsing) {
	blocks := p.commandBlocks()
	var all strings.Builder
	all.Grow(len(p.src.text) / 2)
	for _, b := range blocks {
		all.WriteString(b.text)
	}
	lower := strings.ToLower(all.String())
	p.placeholders(blocks, lower)
	p.changes(blocks, lower)
}

func usualOrder(p *parsing) string {
	var names []string
	for _, role := range Roles() {
		names = append(names, role.Heading(p.a.Lang))
	}
	return strings.Join(names, ", ")
}
