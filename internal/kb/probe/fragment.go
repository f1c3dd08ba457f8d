package probe

import (
	"encoding/base64"
	"strings"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/tinyjson"
)

// maxFragment is the most characters of a fragment: what every browser and
// ShellExecute take.
const maxFragment = 2000

// Fragment returns what goes behind the article's address so that the page
// shows the results: #kbprobe=1. and the base64url of JSON. It is at most
// 2,000 characters; values are shortened, and left out if need be, to stay
// within that.
func (r *Report) Fragment() string {
	all := func(Verdict) bool { return true }
	found := func(v Verdict) bool { return v != check.NotApplicable && v != check.OK }
	problems := func(v Verdict) bool { return v == check.Problem }
	for _, try := range []struct {
		keep func(Verdict) bool
		most int // characters of a value
	}{{all, 120}, {all, 40}, {all, 16}, {all, 0}, {found, 0}, {problems, 0}} {
		if f := r.fragment(try.keep, try.most); len(f) <= maxFragment {
			return f
		}
	}
	return r.fragment(func(Verdict) bool { return false }, 0)
}

// fragment holds the steps whose verdict is to be kept, with values of at
// most so many characters. Texts are not in it: the page has them.
func (r *Report) fragment(keep func(Verdict) bool, most int) string {
	w := &tinyjson.Writer{}
	w.Object(func() {
		w.Name("slug").String(r.Slug)
		w.Name("plan").String(r.Plan)
		writeIf(w, "os", r.OS)
		w.Name("time").Int(r.Time.Unix())
		w.Name("steps").List(func() {
			for _, s := range r.Steps {
				if keep(s.Verdict) {
					s.writeShort(w, most)
				}
			}
		})
	})
	return "#kbprobe=1." + base64.RawURLEncoding.EncodeToString([]byte(w.Text()))
}

// writeShort writes a: anchor, v: verdict, f: findings, and of each finding
// i: ID, x: values.
func (s *StepResult) writeShort(w *tinyjson.Writer, most int) {
	w.Object(func() {
		w.Name("a").String(s.Anchor)
		w.Name("v").String(string(s.Verdict))
		w.Name("f").List(func() {
			for _, f := range s.Findings {
				w.Object(func() {
					w.Name("i").String(f.ID)
					if most > 0 {
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
// it, or "" if the site has no address.
func (r *Report) PageWithResults() string {
	if !strings.HasPrefix(r.Page, "https://") && !strings.HasPrefix(r.Page, "http://") {
		return ""
	}
	return r.Page + r.Fragment()
}
