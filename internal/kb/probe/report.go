package probe

import (
	"fmt"
	"strings"
	"time"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/host"
	"kbgen/internal/kb/plan"
)

// ReportSchema is the version of the JSON document. It changes when a field
// changes its meaning or goes; a new field does not change it.
const ReportSchema = 1

// Report is the result of running one plan.
type Report struct {
	Schema  int
	Slug    string
	Title   string
	Page    string // address of the article
	Plan    string // plan hash
	Lang    check.Lang
	Time    time.Time
	OS      string // major.minor.build[.ubr], or empty
	Masked  bool   // names of user, machine and domain are masked
	Steps   []*StepResult
	Summary map[Verdict]int // number of steps by verdict
	Exit    int             // exit code of the program
}

// Verdict is check.Verdict.
type Verdict = check.Verdict

// StepResult is the answer of one step.
type StepResult struct {
	Number   int // as on the page
	Anchor   string
	Check    string
	Args     check.Args
	Title    string
	Verdict  Verdict
	Findings []*FindingResult
}

// FindingResult is one finding, with its texts in the report's language.
type FindingResult struct {
	ID       string
	Verdict  Verdict
	Values   map[string]string
	Text     string
	Fix      *RemedyText
	Rollback *RemedyText
}

// RemedyText is a remedy in one language.
type RemedyText struct {
	Text    string
	Command string
}

func newReport(h host.Host, p *plan.Plan, opts Options) *Report {
	return &Report{
		Schema: ReportSchema,
		Slug:   p.Slug,
		Title:  either(p.Title, opts.Lang),
		Page:   either(p.Pages, opts.Lang),
		Plan:   p.Hash,
		Lang:   opts.Lang,
		Time:   opts.Now.Truncate(time.Second),
		OS:     osVersion(h),
		Masked: !opts.Unmask,
	}
}

// either returns the text in lang, or in the other language if there is none.
func either(t check.Text, lang check.Lang) string {
	if s := t.In(lang); s != "" {
		return s
	}
	return t.JA + t.EN
}

func osVersion(h host.Host) string {
	s, err := h.System()
	if err != nil {
		return ""
	}
	version := fmt.Sprintf("%d.%d.%d", s.Major, s.Minor, s.Build)
	if v, err := h.Value(`HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion`, "UBR"); err == nil {
		if ubr, ok := v.DWord(); ok {
			version = fmt.Sprintf("%s.%d", version, ubr)
		}
	}
	return version
}

func newStepResult(number int, s plan.Step, words *plan.Catalogue, found []check.Found, mask *mask, lang check.Lang) *StepResult {
	r := &StepResult{Number: number, Anchor: s.Anchor, Check: s.Check, Args: s.Args, Title: s.Check}
	c, described := words.Check(s.Check)
	if described {
		r.Title = c.Title.In(lang)
	} else {
		c = &plan.Check{}
	}
	var verdicts []Verdict
	for _, f := range found {
		finding, ok := words.Finding(c, f.Finding)
		if !ok {
			// judge has made sure that there is none but the common ones,
			// which a damaged catalogue may lack.
			finding = check.Finding{ID: f.Finding, Verdict: check.Unknown}
		}
		r.Findings = append(r.Findings, newFindingResult(finding, f.Values, mask, lang))
		verdicts = append(verdicts, finding.Verdict)
	}
	r.Verdict = check.Worst(verdicts...)
	return r
}

func newFindingResult(f check.Finding, values []check.Value, mask *mask, lang check.Lang) *FindingResult {
	r := &FindingResult{ID: f.ID, Verdict: f.Verdict}
	if len(values) > 0 {
		r.Values = map[string]string{}
	}
	for _, v := range values {
		// Masked first: half a name, where the text is cut, is none to the mask.
		r.Values[v.Name] = printable(mask.hide(v.Text))
	}
	fill := newFiller(r.Values)
	r.Text = fill.Replace(f.Text.In(lang))
	r.Fix = newRemedyText(f.Fix, fill, r.Values, lang)
	r.Rollback = newRemedyText(f.Rollback, fill, r.Values, lang)
	return r
}

func newRemedyText(m check.Remedy, fill *strings.Replacer, values map[string]string, lang check.Lang) *RemedyText {
	if m.Zero() {
		return nil
	}
	r := &RemedyText{Text: fill.Replace(m.Text.In(lang))}
	if !breaksOut(m.Command, values) {
		r.Command = fill.Replace(m.Command)
	}
	return r
}

// breaksOut reports whether a value that goes into a command could end the
// quotes around it, or start a command of its own: C:\x'; calc #.exe is a file's
// name. Such a command is left out, since people paste commands into the
// shell of an administrator. PowerShell takes curly quotes for plain ones.
func breaksOut(command string, values map[string]string) bool {
	for name, text := range values {
		if strings.ContainsAny(text, "\"'`$‘’‚‛“”„") && strings.Contains(command, "{"+name+"}") {
			return true
		}
	}
	return false
}

// newFiller replaces {name} by the value of that name.
func newFiller(values map[string]string) *strings.Replacer {
	var pairs []string
	for name, text := range values {
		pairs = append(pairs, "{"+name+"}", text)
	}
	return strings.NewReplacer(pairs...)
}

// maxValue is the most characters of a value that a report shows. Values come
// from the registry, where anything may stand.
const maxValue = 1000

// printable makes a value safe to print: on one line, without control
// characters, of bounded length.
func printable(s string) string {
	runes := []rune(strings.ToValidUTF8(s, "�"))
	if len(runes) > maxValue {
		runes = append(runes[:maxValue], '…')
	}
	return strings.Map(visible, string(runes))
}

// visible is r, or U+FFFD for what moves the cursor, commands a terminal or
// reverses text.
func visible(r rune) rune {
	if r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x2028 || r == 0x2029 {
		return '�'
	}
	return r
}

// visibleLines is a text of lines, safe to print.
func visibleLines(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return visible(r)
	}, text)
}

// Exit codes of the program.
const (
	ExitNothing  = 0 // every check answered, none found a problem
	ExitInternal = 1
	ExitUsage    = 2 // wrong usage, or no such article
	ExitProblem  = 3 // a check found a problem
	ExitUnknown  = 4 // no problem, but something could not be read
)

func (r *Report) summarize() {
	r.Summary = map[Verdict]int{}
	unknown := false
	for _, s := range r.Steps {
		r.Summary[s.Verdict]++
		for _, f := range s.Findings {
			unknown = unknown || f.Verdict == check.Unknown
		}
	}
	switch {
	case r.Summary[check.Problem] > 0:
		r.Exit = ExitProblem
	case unknown:
		r.Exit = ExitUnknown
	}
}
