package probe

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"kbgen/internal/kb/check"
	"kbgen/templates/i18n"
)

// printer writes a report for a person, as text that looks the same in a
// console, a pipe and a ticket. The first error sticks.
type printer struct {
	w   io.Writer
	msg i18n.Messages
	err error
}

func (p *printer) line(indent int, text string) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, "%s%s\n", strings.Repeat(" ", indent), visibleLines(text))
	}
}

func (p *printer) say(indent int, key string, namesAndValues ...string) {
	p.line(indent, p.msg.Text(key, namesAndValues...))
}

func (p *printer) blank() { p.line(0, "") }

// WriteText writes the whole report, with the words around it from msg.
func (r *Report) WriteText(w io.Writer, msg i18n.Messages) error {
	p := &printer{w: w, msg: msg}
	p.head(r)
	for _, s := range r.Steps {
		p.step(s)
	}
	p.summary(r)
	p.foot(r)
	p.results(r)
	return p.err
}

func (p *printer) head(r *Report) {
	p.say(0, "article", "title", r.Title, "slug", r.Slug)
	p.say(0, "plan", "hash", r.Plan, "count", fmt.Sprint(len(r.Steps)))
	p.blank()
}

func (p *printer) step(s *StepResult) {
	p.say(0, "step", "number", fmt.Sprint(s.Number), "verdict", p.verdict(s.Verdict), "title", s.Title)
	for _, f := range s.Findings {
		p.line(4, f.Text)
	}
	if len(s.Args) == 0 {
		p.say(4, "step-id", "id", s.Check)
	} else {
		p.say(4, "step-args", "id", s.Check, "args", argList(s.Args))
	}
	p.blank()
}

func argList(args check.Args) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(args)) {
		parts = append(parts, name+"="+args[name])
	}
	return strings.Join(parts, ", ")
}

func (p *printer) verdict(v Verdict) string { return p.msg.Text("verdict-" + string(v)) }

// summary lists what was found, causes first, with what to do about it.
func (p *printer) summary(r *Report) {
	p.line(0, "== "+p.msg.Text("summary")+" ==")
	var counts []string
	for _, v := range verdicts() {
		counts = append(counts, string(v), fmt.Sprint(r.Summary[v]))
	}
	p.say(0, "summary-counts", counts...)
	p.blank()
	if r.Exit == ExitNothing {
		p.say(0, "summary-nothing")
		p.blank()
	}
	p.group("summary-problems", r, check.Problem)
	p.group("summary-warnings", r, check.Warning)
	p.group("summary-unknown", r, check.Unknown)
}

func (p *printer) group(key string, r *Report, v Verdict) {
	first := true
	for _, s := range r.Steps {
		for _, f := range s.Findings {
			if f.Verdict != v {
				continue
			}
			if first {
				p.say(0, key)
				first = false
			}
			p.say(2, "see-step", "number", fmt.Sprint(s.Number), "title", s.Title)
			p.line(5, f.Text)
			p.remedy("fix", f.Fix)
			p.remedy("rollback", f.Rollback)
			p.blank()
		}
	}
}

func (p *printer) remedy(key string, m *RemedyText) {
	if m == nil {
		return
	}
	p.say(5, key, "text", m.Text)
	if m.Command != "" {
		for command := range strings.SplitSeq(m.Command, "\n") {
			p.line(9, command)
		}
	}
}

func (p *printer) foot(r *Report) {
	p.say(0, "report-time", "time", r.Time.Format(time.RFC3339))
	if r.OS != "" {
		p.say(0, "report-os", "version", r.OS)
	}
	if r.Page != "" {
		p.say(0, "report-page", "url", r.Page)
	}
	if r.Masked {
		p.say(0, "report-masked")
	}
}

// results ends a report that is read elsewhere: with what opens its article
// with the results in it. The page takes the whole text, too.
func (p *printer) results(r *Report) {
	address, key := r.PageWithResults(), "report-results"
	if address == "" {
		address, key = r.Fragment(), "report-results-no-page"
	}
	p.blank()
	p.say(0, key)
	p.line(0, address)
}
