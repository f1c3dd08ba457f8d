package site

import (
	"bytes"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/check"
	"kbgen/internal/kb/plan"
)

func (b *builder) articlePage(lang check.Lang, e *entry) File {
	return b.page(string(lang)+"/"+e.slug+"/index.html", stagePage, "article", func() (any, error) {
		return b.articleView(lang, e)
	})
}

func (b *builder) articleView(lang check.Lang, e *entry) (articleView, error) {
	a := e.in(lang)
	t := b.texts[lang]
	here := func(l check.Lang) string { return b.articleLink(l, e.slug) }
	v := articleView{
		head:   b.head("article", lang, a.Title, here, b.ownLanguages(e)),
		Notice: b.notice(lang, e), Draft: a.Draft,
		Slug: e.slug, ContentLang: a.Lang, Heading: a.Title,
		Updated: a.UpdatedAt.Format(time.RFC3339), UpdatedText: t.date(a.UpdatedAt),
		TagList:  b.tagsOf(lang, a),
		Wordings: wordings(a.ErrorTexts, a.Lang), Environment: a.Environment,
		Ways:            ways(a),
		Contents:        a.Sections,
		RelatedArticles: b.related(lang, a),
	}
	v.Description = a.Description
	if a.Severity != "" {
		v.Severity = &severity{a.Severity, t.messages.Text("severity." + string(a.Severity))}
	}
	v.JSONLD = techArticle{
		Context: "https://schema.org", Type: "TechArticle",
		Headline: a.Title, Description: a.Description, Language: string(a.Lang),
		Modified: v.Updated, Keywords: a.Tags, URL: v.Canonical,
	}
	var err error
	if v.Probe, err = b.probe(lang, a); err != nil {
		return v, err
	}
	v.Parts, err = b.render(lang, a)
	return v, err
}

// ownLanguages lists the languages in which an entry has an article.
func (b *builder) ownLanguages(e *entry) []check.Lang {
	var own []check.Lang
	for _, l := range b.in.Config.Languages {
		if e.articles[l] != nil {
			own = append(own, l)
		}
	}
	return own
}

// notice says that the translation is missing or older than the other one.
func (b *builder) notice(lang check.Lang, e *entry) *notice {
	m := b.texts[lang].messages
	mine, theirs := e.articles[lang], e.articles[other(lang)]
	switch {
	case mine == nil:
		return &notice{Text: m.Text("article.fallback")}
	case theirs != nil && theirs.UpdatedAt.After(mine.UpdatedAt):
		return &notice{
			Text: m.Text("article.stale", "date", b.texts[lang].date(theirs.UpdatedAt)),
			Link: m.Text("article.stale.link"), URL: b.articleLink(other(lang), e.slug), Lang: other(lang),
		}
	}
	return nil
}

// wordings tells the language of each message: screen readers and fonts need
// it, and an article quotes messages of either language.
func wordings(texts []string, around check.Lang) []wording {
	var list []wording
	for _, text := range texts {
		w := wording{Text: text}
		if lang := article.LangOf(text); lang != around {
			w.Lang = lang
		}
		list = append(list, w)
	}
	return list
}

// ways lists the sections that say how long they take, in the order of the
// page.
func ways(a *article.Article) []article.Role {
	var roles []article.Role
	for _, s := range a.Sections {
		switch s.Role {
		case article.Check60, article.Fix5, article.Permanent:
			roles = append(roles, s.Role)
		}
	}
	return roles
}

func (b *builder) tagsOf(lang check.Lang, a *article.Article) []tagItem {
	var items []tagItem
	for _, name := range a.Tags {
		id := tagID(name)
		items = append(items, tagItem{Name: b.content.tags[lang].byID[id].name, URL: b.tagLink(lang, id)})
	}
	return slices.CompactFunc(items, func(x, y tagItem) bool { return x.URL == y.URL })
}

func (b *builder) related(lang check.Lang, a *article.Article) []articleItem {
	var items []articleItem
	for _, slug := range a.Related {
		if e := b.content.bySlug[slug]; e != nil {
			items = append(items, b.item(lang, e))
		}
	}
	return items
}

// render renders the article's body. A step that cannot be rendered fails it.
func (b *builder) render(lang check.Lang, a *article.Article) ([]article.Part, error) {
	var failed error
	parts := a.Render(article.Page{
		Link: func(target check.Lang, slug string) string {
			if b.content.bySlug[slug] == nil {
				return "" // a draft that is left out
			}
			if target == a.Lang {
				target = lang // a reader of a page without a translation stays in the page's language
			}
			return b.articleLink(target, slug)
		},
		Image: func(path string) (string, int, int) {
			p := b.content.pictures[path]
			return b.link("/pictures/" + p.name), p.width, p.height
		},
		Step: func(s article.Step) template.HTML {
			html, err := b.step(lang, s)
			if err != nil && failed == nil {
				failed = err
			}
			return html
		},
		Titled: func(title string) string { return b.content.titled[a.Lang][title] },
	})
	return parts, failed
}

// stepKey is all that the HTML of a step depends on.
type stepKey struct {
	lang                check.Lang
	number              int
	anchor, check, args string
}

// step renders what follows the first line of a step.
func (b *builder) step(lang check.Lang, s article.Step) (template.HTML, error) {
	key := stepKey{lang, s.Number, s.Anchor, s.Check, strings.Join(written(s.Args), " ")}
	if html, ok := b.steps.Load(key); ok {
		return html.(template.HTML), nil
	}
	html, err := b.renderStep(lang, s)
	if err == nil {
		b.steps.Store(key, html)
	}
	return html, err
}

func (b *builder) renderStep(lang check.Lang, s article.Step) (template.HTML, error) {
	c, ok := b.checks.Find(s.Check)
	if !ok {
		return "", fmt.Errorf("the catalogue has no check %q", s.Check)
	}
	html, err := b.pages.execute("article", "step", stepView{
		texts:    b.texts[lang],
		Number:   b.texts[lang].messages.Text("step.number", "number", strconv.Itoa(s.Number)),
		Anchor:   s.Anchor,
		ID:       c.ID,
		URL:      b.checkLink(lang, c.ID),
		Common:   b.commonLink(lang),
		Findings: b.findings(lang, c.Findings, c.WithDefaults(s.Args), ""),
	})
	return template.HTML(bytes.TrimSpace(html)), err
}

// probe makes the box that offers the probe, or nil if there is nothing to
// run.
func (b *builder) probe(lang check.Lang, a *article.Article) (*probeView, error) {
	if len(a.Steps) == 0 {
		return nil, nil
	}
	t := b.texts[lang]
	v := &probeView{
		texts: t, Slug: a.Slug, Home: b.link("/" + string(lang) + "/"),
		Hash:       plan.Hash(a.Slug, planSteps(b.content.bySlug[a.Slug])),
		Pending:    b.in.Compiling,
		StepsTitle: t.messages.Text("probe.steps", "count", strconv.Itoa(len(a.Steps))),
	}
	var anchors []string
	for _, s := range a.Steps {
		c, ok := b.checks.Find(s.Check)
		if !ok {
			return nil, fmt.Errorf("the catalogue has no check %q", s.Check)
		}
		anchors = append(anchors, s.Anchor)
		v.Steps = append(v.Steps, probeStep{
			Anchor: s.Anchor, Title: c.Title.In(lang), Needs: b.needs(lang, c), Args: written(s.Args), Reads: b.reads(lang, c, s.Args),
		})
	}
	v.StepIDs = strings.Join(anchors, " ")
	for _, l := range b.in.Config.Languages {
		v.Languages = append(v.Languages, languageLink{string(l), b.texts[l].messages.Text("lang.name"), b.articleLink(l, a.Slug), l == lang})
	}
	v.Common = b.findings(lang, check.Common(), nil, "")
	for _, verdict := range []check.Verdict{check.Problem, check.Warning, check.Unknown, check.OK, check.NotApplicable} {
		v.Verdicts = append(v.Verdicts, verdictView{verdict, t.messages.Text("verdict." + string(verdict))})
	}
	for _, d := range b.downloads {
		platform := t.messages.Text("probe.platform." + d.platform.id())
		v.Downloads = append(v.Downloads, downloadView{
			Label:    t.messages.Text("probe.download", "platform", platform),
			Platform: platform,
			URL:      d.link(b.in.Config.Base, a.Slug),
			FileName: "kbprobe-" + a.Slug + ".exe",
			Size:     size(len(d.bytes)),
			SHA256:   d.sha256,
		})
	}
	return v, nil
}

// written lists arguments as an article writes them.
func written(args check.Args) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(args)) {
		list = append(list, fmt.Sprintf("%s=\"%s\"", name, args[name]))
	}
	return list
}
