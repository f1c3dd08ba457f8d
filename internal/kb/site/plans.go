package site

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/plan"
	"kbgen/internal/kb/plan/stamp"
)

// catalogue makes the plans of every article that has steps.
func (b *builder) catalogue() (*plan.Catalogue, error) {
	c := &plan.Catalogue{Format: plan.CatalogueFormat, Site: b.in.Config.Base.String()}
	for _, e := range b.content.entries {
		if len(e.steps()) > 0 {
			c.Plans = append(c.Plans, b.plan(e))
		}
	}
	return c, c.Describe(b.checks)
}

func (b *builder) plan(e *entry) plan.Plan {
	p := plan.Plan{
		Slug:  e.slug,
		Title: check.Text{JA: e.in(check.JA).Title, EN: e.in(check.EN).Title},
		Pages: check.Text{JA: b.absoluteArticle(check.JA, e.slug), EN: b.absoluteArticle(check.EN, e.slug)},
		Steps: planSteps(e),
	}
	p.Hash = plan.Hash(p.Slug, p.Steps)
	for _, lang := range check.Langs() {
		a := e.articles[lang]
		if a == nil {
			continue
		}
		for _, text := range a.ErrorTexts {
			if !slices.Contains(p.ErrorTexts, text) {
				p.ErrorTexts = append(p.ErrorTexts, text)
			}
		}
	}
	return p
}

func planSteps(e *entry) []plan.Step {
	var steps []plan.Step
	for _, s := range e.steps() {
		steps = append(steps, plan.Step{Anchor: s.Anchor, Check: s.Check, Args: s.Args})
	}
	return steps
}

// absoluteArticle is the absolute address of an article's page, in the other
// language if the site lacks lang.
func (b *builder) absoluteArticle(lang check.Lang, slug string) string {
	if !slices.Contains(b.in.Config.Languages, lang) {
		lang = other(lang)
	}
	return b.in.Config.Base.absolute(b.articleLink(lang, slug))
}

// download is a program with plans, as pages offer it.
type download struct {
	platform Platform
	sha256   string
	bytes    []byte
}

// stampPrograms puts the plans into each program and has it signed.
func (b *builder) stampPrograms() ([]download, error) {
	c, err := b.catalogue()
	if err != nil {
		return nil, err
	}
	plans, err := c.Encode()
	if err != nil {
		return nil, err
	}
	var downloads []download
	for _, p := range b.in.Programs {
		key := keyOf("stamp", []byte(p.Platform), p.Bytes, plans, fmt.Append(nil, b.in.Sign != nil))
		d, err := cached(b.in.Cache, key, func() (download, error) { return b.stamp(p, c) })
		if err != nil {
			return nil, fmt.Errorf("the program for %s: %w", p.Platform, err)
		}
		downloads = append(downloads, d)
	}
	slices.SortStableFunc(downloads, func(x, y download) int {
		order := func(d download) int { return slices.Index(b.in.Config.Platforms, d.platform) }
		return cmp.Compare(order(x), order(y))
	})
	return downloads, nil
}

func (b *builder) stamp(p Program, c *plan.Catalogue) (download, error) {
	var stamped bytes.Buffer
	if err := stamp.Stamp(&stamped, p.Bytes, c); err != nil {
		return download{}, err
	}
	data := stamped.Bytes()
	if b.in.Sign != nil {
		signed, err := b.in.Sign(data)
		if err != nil {
			return download{}, err
		}
		if err := samePlans(signed, data); err != nil {
			return download{}, err
		}
		data = signed
	}
	sum := sha256.Sum256(data)
	return download{platform: p.Platform, sha256: hex.EncodeToString(sum[:]), bytes: data}, nil
}

// samePlans makes sure that the plans can still be read after signing.
func samePlans(signed, stamped []byte) error {
	before, err := plan.Read(bytes.NewReader(stamped), int64(len(stamped)))
	if err != nil {
		return err
	}
	after, err := plan.Read(bytes.NewReader(signed), int64(len(signed)))
	if err != nil {
		return fmt.Errorf("after signing: %w", err)
	}
	x, err := before.Encode()
	if err != nil {
		return err
	}
	y, err := after.Encode()
	if err != nil {
		return err
	}
	if !bytes.Equal(x, y) {
		return fmt.Errorf("the plans changed while the program was signed")
	}
	return nil
}

func (d download) path() string { return "probe/" + d.platform.FileName() }

// link is the address of the download for one article. The query tells the
// probe, through the mark that browsers leave on downloads, where it came
// from.
func (d download) link(base BaseURL, slug string) string {
	return base.link("/" + d.path() + "?kb=" + url.QueryEscape(slug))
}
