package site

import (
	"strconv"
	"strings"

	"kbgen/internal/kb/check"
)

func (b *builder) checksPage(lang check.Lang) File {
	here := func(l check.Lang) string { return b.link("/" + string(l) + "/checks/") }
	return b.page(string(lang)+"/checks/index.html", stageIndex, "checks", func() (any, error) {
		m := b.texts[lang].messages
		v := checksView{
			head:   b.head("checks", lang, m.Text("checks.title"), here, b.in.Config.Languages),
			Common: b.findings(lang, check.Common(), nil, "common."),
		}
		v.Description = m.Text("checks.about")
		for i := range b.checks {
			c := &b.checks[i]
			family, _, _ := strings.Cut(c.ID, ".")
			if n := len(v.Families); n == 0 || v.Families[n-1].Name != family {
				v.Families = append(v.Families, familyView{ID: "kb:" + family, Name: family})
			}
			f := &v.Families[len(v.Families)-1]
			f.Checks = append(f.Checks, checkItem{c.ID, b.checkLink(lang, c.ID), c.Title.In(lang), c.About.In(lang)})
		}
		return v, nil
	})
}

func (b *builder) checkPage(lang check.Lang, c *check.Check) File {
	here := func(l check.Lang) string { return b.checkLink(l, c.ID) }
	return b.page(string(lang)+"/checks/"+c.ID+"/index.html", stagePage, "check", func() (any, error) {
		v := checkView{
			head:       b.head("check", lang, c.Title.In(lang), here, b.in.Config.Languages),
			CheckTitle: c.Title.In(lang), ID: c.ID, About: c.About.In(lang),
			Reads: b.reads(lang, c, nil), Needs: b.needs(lang, c),
			Params:   b.params(lang, c),
			Findings: b.findings(lang, c.Findings, nil, "finding."),
			Common:   b.commonLink(lang),
			Used:     b.items(lang, b.content.users[c.ID]),
		}
		v.Description = c.About.In(lang)
		for _, s := range c.Sources {
			v.Sources = append(v.Sources, source(s))
		}
		return v, nil
	})
}

func (b *builder) needs(lang check.Lang, c *check.Check) string {
	m := b.texts[lang].messages
	needs := m.Text("admin." + string(c.Needs.AdminLevel()))
	if c.Needs.Network {
		needs += m.Text("needs.and") + m.Text("needs.network")
	}
	return needs
}

// reads lists what a check reads, with the article's arguments filled in.
func (b *builder) reads(lang check.Lang, c *check.Check, args check.Args) []string {
	var list []string
	for _, r := range c.Reads {
		text := r.In(lang)
		for name, value := range args {
			text = strings.ReplaceAll(text, "{"+name+"}", value)
		}
		list = append(list, text)
	}
	return list
}

func (b *builder) params(lang check.Lang, c *check.Check) []paramView {
	m := b.texts[lang].messages
	var list []paramView
	for _, p := range c.Params {
		v := paramView{Name: p.Name, About: p.About.In(lang), Required: p.Required}
		switch p.Kind {
		case check.KindHost:
			v.Notes = append(v.Notes, m.Text("check.param.host"))
		case check.KindNumber:
			v.Notes = append(v.Notes, m.Text("check.param.range", "min", strconv.Itoa(p.Min), "max", strconv.Itoa(p.Max)))
		case check.KindSeconds:
			v.Notes = append(v.Notes, m.Text("check.param.range", "min", strconv.Itoa(p.Min)+"s", "max", strconv.Itoa(p.Max)+"s"))
		}
		if len(p.Options) > 0 {
			v.Notes = append(v.Notes, m.Text("check.param.options", "values", strings.Join(p.Options, ", ")))
		}
		if p.Default != "" {
			v.Notes = append(v.Notes, m.Text("check.param.default", "value", p.Default))
		}
		list = append(list, v)
	}
	return list
}

// findings explains findings. Values that args holds are filled in. With a
// prefix, each gets an anchor: the prefix and its ID.
func (b *builder) findings(lang check.Lang, findings []check.Finding, args check.Args, prefix string) []findingView {
	m := b.texts[lang].messages
	var list []findingView
	for i, f := range findings {
		v := findingView{
			ID: f.ID, Verdict: f.Verdict, Word: m.Text("verdict." + string(f.Verdict)),
			Text:     fill(f.Text.In(lang), args),
			Fix:      remedy("fix", m.Text("finding.fix"), f.Fix, lang, args),
			Rollback: remedy("rollback", m.Text("finding.rollback"), f.Rollback, lang, args),
		}
		if i > 0 && v.Fix != nil && f.Fix == findings[i-1].Fix && f.Rollback == findings[i-1].Rollback {
			v.Fix.Same, v.Rollback = m.Text("finding.same"), nil
		}
		if prefix != "" {
			v.Anchor = prefix + f.ID
		}
		list = append(list, v)
	}
	return list
}

func remedy(kind, label string, r check.Remedy, lang check.Lang, args check.Args) *remedyView {
	if r.Zero() {
		return nil
	}
	v := &remedyView{Kind: kind, Label: label, Text: fill(r.Text.In(lang), args)}
	if r.Command != "" {
		v.Command = fill(r.Command, args)
	}
	return v
}

// fill cuts a text at its {name} parts and fills in those that args holds.
// They keep their names: a run may tell more (%TEMP% is a folder).
func fill(text string, args check.Args) []piece {
	var pieces []piece
	for {
		before, rest, found := strings.Cut(text, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz-") != "" {
			return append(pieces, piece{Text: text})
		}
		if before != "" {
			pieces = append(pieces, piece{Text: before})
		}
		pieces = append(pieces, piece{Text: args[name], Name: name})
		text = after
		if text == "" {
			return pieces
		}
	}
}

// source makes a link of a source that is an address.
func source(s string) sourceView {
	host, _, _ := strings.Cut(s, "/")
	switch {
	case strings.HasPrefix(s, "https://"):
		return sourceView{s, s}
	case strings.Contains(host, ".") && strings.Contains(s, "/") && !strings.ContainsAny(s, " ,"):
		return sourceView{s, "https://" + s}
	}
	return sourceView{Text: s}
}
