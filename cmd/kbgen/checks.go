package main

import (
	"fmt"
	"io"
	"strings"

	"kbgen/internal/kb/check"
)

func checksCommand() command {
	return command{
		name:    "checks",
		args:    "[-json] [ID]",
		summary: "list the checks that an article can name, or explain one",
		run:     runChecks,
		details: `
  -json  print one JSON document
  ID     explain this check: parameters, what it reads, its findings

examples:
  kbgen checks
  kbgen checks credssp.encryption-oracle
  kbgen checks -json access.path-acl
`,
	}
}

func runChecks(t *terminal, args []string) error {
	f := newFlags("checks")
	asJSON := f.Bool("json", false, "")
	ids, err := parse(f, args, 0, 1)
	if err != nil {
		return err
	}
	all := check.All()
	selected := all
	if len(ids) == 1 {
		c, ok := all.Find(ids[0])
		if !ok {
			return unknownCheck(all, ids[0])
		}
		selected = check.Catalogue{*c}
	}
	switch {
	case *asJSON:
		return t.document(checksDocument(selected))
	case len(ids) == 1:
		explain(t.out, &selected[0])
	default:
		for _, c := range selected {
			fmt.Fprintf(t.out, "%s\n    %s\n", marker(&c), c.Title.EN)
		}
	}
	return nil
}

func unknownCheck(all check.Catalogue, id string) error {
	hint := `"kbgen checks" lists them`
	if near := all.Nearest(id); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return &usageError{fmt.Sprintf("there is no check %q", id), hint}
}

// marker is how a step names the check, with the parameters it must set.
func marker(c *check.Check) string {
	var b strings.Builder
	b.WriteString("{check=" + c.ID)
	for _, p := range c.Params {
		if p.Required {
			b.WriteString(" " + p.Name + `="…"`)
		}
	}
	return b.String() + "}"
}

// explain prints what a writer needs to know of a check.
func explain(w io.Writer, c *check.Check) {
	fmt.Fprintf(w, "%s\n\n%s\n%s\n", marker(c), c.Title.EN, c.Title.JA)
	fmt.Fprintf(w, "\n%s\n%s\n", c.About.EN, c.About.JA)
	fmt.Fprintf(w, "\nadministrator rights: %s\n", c.Needs.AdminLevel())
	if c.Needs.Network {
		fmt.Fprintln(w, "network: the host that the reader names with -host")
	}
	fmt.Fprint(w, "\nreads:\n")
	for _, r := range c.Reads {
		fmt.Fprintf(w, "  %s\n", r.EN)
	}
	if len(c.Params) > 0 {
		fmt.Fprint(w, "\nparameters:\n")
	}
	for _, p := range c.Params {
		fmt.Fprintf(w, "  %s  %s%s\n", p.Name, p.About.EN, paramNotes(p))
	}
	fmt.Fprint(w, "\nfindings:\n")
	for _, f := range c.Findings {
		fmt.Fprintf(w, "  %-8s %s\n           %s\n           %s\n", f.Verdict, f.ID, f.Text.EN, f.Text.JA)
		explainRemedy(w, "fix", f.Fix)
		explainRemedy(w, "rollback", f.Rollback)
	}
	fmt.Fprint(w, "\nsources:\n")
	for _, s := range c.Sources {
		fmt.Fprintf(w, "  %s\n", s)
	}
}

func explainRemedy(w io.Writer, label string, r check.Remedy) {
	if r.Zero() {
		return
	}
	fmt.Fprintf(w, "           %s: %s\n           %s  %s\n", label, r.Text.EN, strings.Repeat(" ", len(label)), r.Text.JA)
	for line := range strings.Lines(r.Command) {
		fmt.Fprintf(w, "             > %s\n", strings.TrimSuffix(line, "\n"))
	}
}

func paramNotes(p check.Param) string {
	switch {
	case p.Kind == check.KindHost:
		return " (not set by an article)"
	case p.Required:
		return " (required)"
	case p.Default != "":
		return " (default: " + p.Default + ")"
	}
	return ""
}

// checkReport is the document of checks -json.
type checkReport struct {
	Format int          `json:"format"` // reportFormat
	Checks []checkEntry `json:"checks"`
}

type checkEntry struct {
	ID       string         `json:"id"`
	Title    check.Text     `json:"title"`
	About    check.Text     `json:"about"`
	Reads    []check.Text   `json:"reads"`
	Admin    check.Admin    `json:"admin"`
	Network  bool           `json:"network"`
	Params   []paramEntry   `json:"params"`
	Findings []findingEntry `json:"findings"`
	Sources  []string       `json:"sources"`
}

type paramEntry struct {
	Name     string     `json:"name"`
	About    check.Text `json:"about"`
	Kind     check.Kind `json:"kind"`
	Required bool       `json:"required"`
	Default  string     `json:"default,omitempty"`
	Options  []string   `json:"options,omitempty"`
	Min      int        `json:"min,omitempty"`
	Max      int        `json:"max,omitempty"`
}

type findingEntry struct {
	ID       string        `json:"id"`
	Verdict  check.Verdict `json:"verdict"`
	Text     check.Text    `json:"text"`
	Fix      *remedyEntry  `json:"fix,omitempty"`
	Rollback *remedyEntry  `json:"rollback,omitempty"`
}

type remedyEntry struct {
	Text    check.Text `json:"text"`
	Command string     `json:"command,omitempty"`
}

func newRemedyEntry(r check.Remedy) *remedyEntry {
	if r.Zero() {
		return nil
	}
	return &remedyEntry{r.Text, r.Command}
}

func checksDocument(checks check.Catalogue) checkReport {
	report := checkReport{Format: reportFormat}
	for _, c := range checks {
		e := checkEntry{
			ID: c.ID, Title: c.Title, About: c.About, Reads: c.Reads, Admin: c.Needs.AdminLevel(), Network: c.Needs.Network,
			Params: []paramEntry{}, Sources: c.Sources,
		}
		for _, p := range c.Params {
			e.Params = append(e.Params, paramEntry{p.Name, p.About, p.Kind, p.Required, p.Default, p.Options, p.Min, p.Max})
		}
		for _, f := range c.Findings {
			e.Findings = append(e.Findings, findingEntry{f.ID, f.Verdict, f.Text, newRemedyEntry(f.Fix), newRemedyEntry(f.Rollback)})
		}
		report.Checks = append(report.Checks, e)
	}
	return report
}
