package probe

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"kbgen/internal/kb/check"
)

// maxFragment is the most characters of a fragment: what every browser and
// ShellExecute take.
const maxFragment = 2000

// wire is the JSON in the fragment. Texts are not in it: the page has them.
type wire struct {
	Slug  string     `json:"slug"`
	Plan  string     `json:"plan"`
	OS    string     `json:"os,omitempty"`
	Time  int64      `json:"time"` // Unix seconds
	Steps []wireStep `json:"steps"`
}

type wireStep struct {
	Anchor   string        `json:"a"`
	Verdict  Verdict       `json:"v"`
	Findings []wireFinding `json:"f"`
}

type wireFinding struct {
	ID     string            `json:"i"`
	Values map[string]string `json:"x,omitempty"`
}

// Fragment returns what goes behind the article's address so that the page
// shows the results: #kbprobe=1. and the base64url of JSON. It is at most
// 2,000 characters; values are shortened, and left out if need be, to stay
// within that.
func (r *Report) Fragment() string {
	w := wire{Slug: r.Slug, Plan: r.Plan, OS: r.OS, Time: r.Time.Unix()}
	for _, most := range []int{120, 40, 16, 0} {
		w.Steps = w.Steps[:0]
		for _, s := range r.Steps {
			w.Steps = append(w.Steps, newWireStep(s, most))
		}
		if f := w.encode(); len(f) <= maxFragment {
			return f
		}
	}
	// A plan of very many steps: what was found matters most.
	for _, keep := range []func(Verdict) bool{
		func(v Verdict) bool { return v != check.NotApplicable && v != check.OK },
		func(v Verdict) bool { return v == check.Problem },
	} {
		w.Steps = w.Steps[:0]
		for _, s := range r.Steps {
			if keep(s.Verdict) {
				w.Steps = append(w.Steps, newWireStep(s, 0))
			}
		}
		if f := w.encode(); len(f) <= maxFragment {
			return f
		}
	}
	w.Steps = []wireStep{}
	return w.encode()
}

func newWireStep(s *StepResult, most int) wireStep {
	w := wireStep{Anchor: s.Anchor, Verdict: s.Verdict}
	for _, f := range s.Findings {
		wf := wireFinding{ID: f.ID}
		if most > 0 && len(f.Values) > 0 {
			wf.Values = map[string]string{}
			for name, text := range f.Values {
				wf.Values[name] = shorten(text, most)
			}
		}
		w.Findings = append(w.Findings, wf)
	}
	return w
}

func shorten(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most-1]) + "…"
}

func (w wire) encode() string {
	data, err := json.Marshal(w)
	if err != nil {
		return "" // strings and numbers only: cannot fail
	}
	return "#kbprobe=1." + base64.RawURLEncoding.EncodeToString(data)
}

// PageWithResults is the address that opens the article with the results in
// it, or "" if the site has no address.
func (r *Report) PageWithResults() string {
	if !strings.HasPrefix(r.Page, "https://") && !strings.HasPrefix(r.Page, "http://") {
		return ""
	}
	return r.Page + r.Fragment()
}
