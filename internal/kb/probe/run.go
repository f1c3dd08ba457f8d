// Package probe runs a plan on a machine and reports what it found.
//
// [Run] asks a [host.Host] every check of a [plan.Plan] and returns a
// [Report], which holds each planned check exactly once, in the plan's order.
// The report is written as text for a person, as one JSON document, or into
// the fragment of the article's address ([Report.Fragment]).
//
// [Main] is the command around it. What it prints where:
//
//   - Results go to standard output; with -json, one JSON document and
//     nothing else.
//   - Everything else (errors, which article was chosen and why, questions)
//     goes to standard error.
//   - It waits for a key only if it was double-clicked: when the console is
//     its own. From a shell, in a pipe or with -json it never waits.
//   - No colours, no cursor movement: the output is the same in a window, a
//     pipe and a file, always UTF-8.
//
// Names of the user, the machine and the domain, SIDs and the home folder are
// masked in all of it unless -unmask is given.
package probe

import (
	"fmt"
	"time"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/host"
	"kbgen/internal/kb/plan"
)

// Options changes how a plan is run.
type Options struct {
	Lang   check.Lang
	Unmask bool
	// Host is the host that the user has named, the only one that is reached
	// over the network; empty: none.
	Host string
	// Each is the time limit of a single read, All that of a whole check.
	Each, All time.Duration
	// Now is the time to put into the report.
	Now time.Time
	// Progress is called for every step, in the plan's order, as soon as it
	// and all before it are done. It may be nil.
	Progress func(*StepResult)
}

// Default time limits: a local read takes milliseconds; one that takes
// seconds hangs. Over the network, a check may take longer.
const (
	DefaultEach = 3 * time.Second
	DefaultAll  = 10 * time.Second
	NetworkAll  = 60 * time.Second
)

// Run asks h every check of p, side by side, and returns when the last has
// answered or run out of time. The words come from the catalogue.
func Run(h host.Host, judges map[string]check.Judge, words *plan.Catalogue, p *plan.Plan, opts Options) *Report {
	limited := host.Limit(h, opts.Each, opts.Host)
	mask := newMask(limited, opts.Unmask)
	answers := make([]chan []check.Found, len(p.Steps))
	for i, s := range p.Steps {
		answers[i] = make(chan []check.Found, 1)
		go func() { answers[i] <- judge(limited, judges, words, s, opts.Host) }()
	}
	r := newReport(limited, p, opts)
	deadline := time.NewTimer(opts.All)
	defer deadline.Stop()
	late := false
	for i, s := range p.Steps {
		var found []check.Found
		if !late {
			select {
			case found = <-answers[i]:
			case <-deadline.C:
				late = true
			}
		}
		if late {
			select {
			case found = <-answers[i]:
			default:
				found = []check.Found{{Finding: check.FindingTimeout, Values: []check.Value{{Name: "what", Text: s.Check}}}}
			}
		}
		result := newStepResult(i+1, s, words, found, mask, opts.Lang)
		r.Steps = append(r.Steps, result)
		if opts.Progress != nil {
			opts.Progress(result)
		}
	}
	r.summarize()
	return r
}

// judge runs one check. Whatever it does, there is an answer.
func judge(h host.Host, judges map[string]check.Judge, words *plan.Catalogue, s plan.Step, named string) (found []check.Found) {
	defer func() {
		if p := recover(); p != nil {
			found = internalError(fmt.Sprint(p))
		}
	}()
	c, described := words.Check(s.Check)
	judge, ok := judges[s.Check]
	if !described || !ok {
		return internalError(fmt.Sprintf("no check %q", s.Check))
	}
	args := c.Args(s.Args)
	if c.Host != "" {
		args[c.Host] = named // whatever the plan says
	}
	if c.Network && named == "" {
		return []check.Found{{Finding: check.FindingNoHost}}
	}
	found = judge(h, args)
	if len(found) == 0 {
		return internalError("no finding")
	}
	for _, f := range found {
		if _, ok := words.Finding(c, f.Finding); !ok {
			return internalError(fmt.Sprintf("no finding %q", f.Finding))
		}
	}
	return found
}

func internalError(text string) []check.Found {
	return []check.Found{{Finding: check.FindingInternal, Values: []check.Value{{Name: "error", Text: text}}}}
}
