package plan

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/tinyjson"
)

// Encode renders the catalogue as JSON with one plan on each line, for people
// who look into the program. It fails if the catalogue is not one that [Read]
// would accept.
func (c *Catalogue) Encode() ([]byte, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	var b strings.Builder
	w := tinyjson.Writer{}
	w.String(c.Site)
	fmt.Fprintf(&b, `{"format":%d,"site":%s,"plans":[`, c.Format, w.Text())
	for i := range c.Plans {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		w := tinyjson.Writer{}
		c.Plans[i].Write(&w)
		b.WriteString(w.Text())
	}
	b.WriteString("\n],\"checks\":[")
	for i := range c.Checks {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		w := tinyjson.Writer{}
		c.Checks[i].write(&w)
		b.WriteString(w.Text())
	}
	common := tinyjson.Writer{}
	writeFindings(&common, c.Common)
	b.WriteString("\n],\"common\":" + common.Text() + "}\n")
	if b.Len() > MaxCatalogue {
		return nil, fmt.Errorf("the catalogue of %d plans is larger than %d bytes", len(c.Plans), MaxCatalogue)
	}
	return []byte(b.String()), nil
}

// Write writes the plan as JSON.
func (p *Plan) Write(w *tinyjson.Writer) {
	w.Object(func() {
		w.Name("slug").String(p.Slug)
		writeText(w.Name("title"), p.Title)
		w.Name("errorTexts").List(func() {
			for _, text := range p.ErrorTexts {
				w.String(text)
			}
		})
		w.Name("hash").String(p.Hash)
		writeText(w.Name("pages"), p.Pages)
		w.Name("steps").List(func() {
			for _, s := range p.Steps {
				s.write(w)
			}
		})
	})
}

func (k *Check) write(w *tinyjson.Writer) {
	w.Object(func() {
		w.Name("id").String(k.ID)
		writeText(w.Name("title"), k.Title)
		w.Name("reads").List(func() {
			for _, r := range k.Reads {
				writeText(w, r)
			}
		})
		w.Name("admin").String(string(k.Admin))
		w.Name("network").Bool(k.Network)
		if k.Host != "" {
			w.Name("host").String(k.Host)
		}
		writeArgs(w, "defaults", k.Defaults)
		writeFindings(w.Name("findings"), k.Findings)
	})
}

func writeFindings(w *tinyjson.Writer, findings []check.Finding) {
	w.List(func() {
		for _, f := range findings {
			w.Object(func() {
				w.Name("id").String(f.ID)
				w.Name("verdict").String(string(f.Verdict))
				writeText(w.Name("text"), f.Text)
				writeRemedy(w, "fix", f.Fix)
				writeRemedy(w, "rollback", f.Rollback)
			})
		}
	})
}

func writeRemedy(w *tinyjson.Writer, name string, r check.Remedy) {
	if r.Zero() {
		return
	}
	w.Name(name).Object(func() {
		writeText(w.Name("text"), r.Text)
		if r.Command != "" {
			w.Name("command").String(r.Command)
		}
	})
}

func (s *Step) write(w *tinyjson.Writer) {
	w.Object(func() {
		w.Name("anchor").String(s.Anchor)
		w.Name("check").String(s.Check)
		writeArgs(w, "args", s.Args)
	})
}

func writeArgs(w *tinyjson.Writer, name string, args check.Args) {
	if len(args) == 0 {
		return
	}
	w.Name(name).Object(func() {
		for _, key := range slices.Sorted(maps.Keys(args)) {
			w.Name(key).String(args[key])
		}
	})
}

func writeText(w *tinyjson.Writer, t check.Text) {
	w.Object(func() {
		for _, lang := range check.Langs() {
			if text := t.In(lang); text != "" {
				w.Name(string(lang)).String(text)
			}
		}
	})
}

// decode reads what Encode wrote.
func decode(text string) (*Catalogue, error) {
	v, err := tinyjson.Parse(text)
	if err != nil {
		return nil, err
	}
	format, ok := v.Get("format").Int()
	if !ok {
		return nil, errors.New("no catalogue format")
	}
	c := &Catalogue{Format: format, Site: v.Get("site").Text}
	for _, p := range v.Get("plans").Items {
		c.Plans = append(c.Plans, decodePlan(p))
	}
	for _, k := range v.Get("checks").Items {
		c.Checks = append(c.Checks, decodeCheck(k))
	}
	c.Common = decodeFindings(v.Get("common"))
	if err := c.validate(); err != nil {
		return nil, err
	}
	return c, nil
}

func decodeCheck(v tinyjson.Value) Check {
	k := Check{
		ID:       v.Get("id").Text,
		Title:    decodeText(v.Get("title")),
		Admin:    check.Admin(v.Get("admin").Text),
		Network:  v.Get("network").Text == "true",
		Host:     v.Get("host").Text,
		Defaults: decodeArgs(v.Get("defaults")),
		Findings: decodeFindings(v.Get("findings")),
	}
	for _, r := range v.Get("reads").Items {
		k.Reads = append(k.Reads, decodeText(r))
	}
	return k
}

func decodeFindings(v tinyjson.Value) []check.Finding {
	var findings []check.Finding
	for _, f := range v.Items {
		findings = append(findings, check.Finding{
			ID: f.Get("id").Text, Verdict: check.Verdict(f.Get("verdict").Text), Text: decodeText(f.Get("text")),
			Fix: decodeRemedy(f.Get("fix")), Rollback: decodeRemedy(f.Get("rollback")),
		})
	}
	return findings
}

func decodeRemedy(v tinyjson.Value) check.Remedy {
	return check.Remedy{Text: decodeText(v.Get("text")), Command: v.Get("command").Text}
}

func decodeArgs(v tinyjson.Value) check.Args {
	var args check.Args
	for _, m := range v.Members {
		if args == nil {
			args = check.Args{}
		}
		args[m.Name] = m.Value.Text
	}
	return args
}

func decodePlan(v tinyjson.Value) Plan {
	p := Plan{
		Slug:  v.Get("slug").Text,
		Title: decodeText(v.Get("title")),
		Hash:  v.Get("hash").Text,
		Pages: decodeText(v.Get("pages")),
	}
	for _, text := range v.Get("errorTexts").Items {
		p.ErrorTexts = append(p.ErrorTexts, text.Text)
	}
	for _, s := range v.Get("steps").Items {
		p.Steps = append(p.Steps, Step{Anchor: s.Get("anchor").Text, Check: s.Get("check").Text, Args: decodeArgs(s.Get("args"))})
	}
	return p
}

func decodeText(v tinyjson.Value) check.Text {
	return check.Text{JA: v.Get(string(check.JA)).Text, EN: v.Get(string(check.EN)).Text}
}

// validate makes sure of what the rest of the program relies on.
func (c *Catalogue) validate() error {
	if c.Format != CatalogueFormat {
		return fmt.Errorf("catalogue format %d, want %d", c.Format, CatalogueFormat)
	}
	for i := range c.Plans {
		p := &c.Plans[i]
		if !validSlug(p.Slug) {
			return fmt.Errorf("plan %d: slug %q is not of the form [a-z0-9-]{3,64}", i+1, p.Slug)
		}
		if !validHash(p.Hash) {
			return fmt.Errorf("plan %q: hash %q is not %d hexadecimal digits", p.Slug, p.Hash, HashLength)
		}
		if i > 0 && c.Plans[i-1].Slug >= p.Slug {
			return fmt.Errorf("plan %q does not sort after %q", p.Slug, c.Plans[i-1].Slug)
		}
		for _, s := range p.Steps {
			if s.Check == "" || !strings.HasPrefix(s.Anchor, s.Check) {
				return fmt.Errorf("plan %q: anchor %q is not of check %q", p.Slug, s.Anchor, s.Check)
			}
			if _, ok := c.Check(s.Check); !ok {
				return fmt.Errorf("plan %q: check %q is not described", p.Slug, s.Check)
			}
		}
	}
	return nil
}

func validSlug(s string) bool {
	return len(s) >= 3 && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool { return !slugRune(r) })
}

func slugRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-'
}

func validHash(s string) bool {
	return len(s) == HashLength && !strings.ContainsFunc(s, func(r rune) bool {
		return !slices.Contains([]rune("0123456789abcdef"), r)
	})
}
