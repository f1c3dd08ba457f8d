package probe

import (
	"encoding/base64"
	"strings"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/tinyjson"
)

// The most characters of an address with a fragment. Windows opens addresses
// of up to 2,083 (INTERNET_MAX_URL_LENGTH), Wine of up to 1,024; what opens
// links in mail and chat is often as narrow. So it is short if it can be.
const (
	shortAddress = 1000
	longAddress  = 2000
)

// Fragment returns what goes behind the article's address so that the page
// shows the results: #kbprobe=1. and the base64url of JSON. Values are
// shortened, and left out if need be, so that the address stays short.
func (r *Report) Fragment() string {
	every := func(Verdict) bool { return true }
	found := func(v Verdict) bool { return v != check.NotApplicable && v != check.OK }
	problems := func(v Verdict) bool { return v == check.Problem }
	none := func(Verdict) bool { return false }
	type form struct {
		steps  func(Verdict) bool // which steps are in it
		values func(Verdict) bool // and which findings have values
		most   int                // characters of a value
	}
	complete := []form{{every, every, 120}, {every, every, 40}, {every, found, 40}, {every, none, 0}}
	for _, limit := range []int{shortAddress, longAddress} {
		for _, f := range complete {
			if fragment := r.fragment(f.steps, f.values, f.most); len(r.Page)+len(fragment) <= limit {
				return fragment
			}
		}
	}
	for _, f := range []form{{found, none, 0}, {problems, none, 0}} {
		if fragment := r.fragment(f.steps, f.values, f.most); len(r.Page)+len(fragment) <= longAddress {
			return fragment
		}
	}
	return r.fragment(none, none, 0)
}

// fragment holds the steps with such verdicts, and values of at most so many
// characters of the findings with such verdicts. Texts are not in it: the page
// has them.
func (r *Report) fragment(steps, values func(Verdict) bool, most int) string {
	w := &tinyjson.Writer{}
	w.Object(func() {
		w.Name("slug").String(r.Slug)
		w.Name("plan").String(r.Plan)
		writeIf(w, "os", r.OS)
		w.Name("time").Int(r.Time.Unix())
		w.Name("steps").List(func() {
			for _, s := range r.Steps {
				if steps(s.Verdict) {
					s.writeShort(w, values, most)
				}
			}
		})
	})
	return "#kbprobe=1." + base64.RawURLEncoding.EncodeToString([]byte(w.Text()))
}

// writeShort writes a: anchor, f: findings, and of each finding i: ID, x:
// values. The verdicts are the page's.
func (s *StepResult) writeShort(w *tinyjson.Writer, values func(Verdict) bool, most int) {
	w.Object(func() {
		w.Name("a").String(s.Anchor)
		w.Name("f").List(func() {
			for _, f := range s.Findings {
				w.Object(func() {
					w.Name("i").String(f.ID)
					if values(f.Verdict) {
						writeMap(w, "x", shortened(f.Values, most))
					}
				})
			}
		})
	})
}

func shortened(values map[string]string, most int) map[string]string {
	short := map[string]string{}
	for name, text := range values {
		if runes := []rune(text); len(runes) > most {
			text = string(runes[:most-1]) + "…"
		}
		short[name] = text
	}
	return short
}

// PageWithResults is the address that opens the article with the results in
// it, or "" if the site has no address. A browser gets it on its command line:
// one that could end its argument there is none.
func (r *Report) PageWithResults() string {
	if !strings.HasPrefix(r.Page, "https://") && !strings.HasPrefix(r.Page, "http://") ||
		strings.ContainsFunc(r.Page, func(c rune) bool { return c <= ' ' || c == '"' || c == '\\' || visible(c) != c }) {
		return ""
	}
	return r.Page + r.Fragment()
}
