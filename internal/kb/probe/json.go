package probe

import (
	"io"
	"maps"
	"slices"
	"time"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/tinyjson"
)

// WriteJSON writes the report as one JSON document: the fields of [Report]
// and the structs in it, with names that start in lower case. What is empty is
// left out where the zero value says the same.
func (r *Report) WriteJSON(w io.Writer) error {
	j := &tinyjson.Writer{Indent: "  "}
	r.write(j)
	_, err := io.WriteString(w, j.Text()+"\n")
	return err
}

func (r *Report) write(w *tinyjson.Writer) {
	w.Object(func() {
		w.Name("schema").Int(int64(r.Schema))
		w.Name("slug").String(r.Slug)
		w.Name("title").String(r.Title)
		writeIf(w, "page", r.Page)
		w.Name("plan").String(r.Plan)
		w.Name("lang").String(string(r.Lang))
		w.Name("time").String(r.Time.Format(time.RFC3339))
		w.Name("os").String(r.OS)
		w.Name("masked").Bool(r.Masked)
		w.Name("steps").List(func() {
			for _, s := range r.Steps {
				s.write(w)
			}
		})
		w.Name("summary").Object(func() {
			for _, v := range verdicts() {
				w.Name(string(v)).Int(int64(r.Summary[v]))
			}
		})
		w.Name("exit").Int(int64(r.Exit))
	})
}

// verdicts lists all verdicts in the order of the summary.
func verdicts() []Verdict {
	return []Verdict{check.Problem, check.Warning, check.OK, check.Unknown, check.NotApplicable}
}

func (s *StepResult) write(w *tinyjson.Writer) {
	w.Object(func() {
		w.Name("number").Int(int64(s.Number))
		w.Name("anchor").String(s.Anchor)
		w.Name("check").String(s.Check)
		writeMap(w, "args", s.Args)
		w.Name("title").String(s.Title)
		w.Name("verdict").String(string(s.Verdict))
		w.Name("findings").List(func() {
			for _, f := range s.Findings {
				f.write(w)
			}
		})
	})
}

func (f *FindingResult) write(w *tinyjson.Writer) {
	w.Object(func() {
		w.Name("id").String(f.ID)
		w.Name("verdict").String(string(f.Verdict))
		writeMap(w, "values", f.Values)
		w.Name("text").String(f.Text)
		f.Fix.write(w, "fix")
		f.Rollback.write(w, "rollback")
	})
}

func (m *RemedyText) write(w *tinyjson.Writer, name string) {
	if m == nil {
		return
	}
	w.Name(name).Object(func() {
		w.Name("text").String(m.Text)
		writeIf(w, "command", m.Command)
	})
}

func writeIf(w *tinyjson.Writer, name, text string) {
	if text != "" {
		w.Name(name).String(text)
	}
}

func writeMap(w *tinyjson.Writer, name string, texts map[string]string) {
	if len(texts) == 0 {
		return
	}
	w.Name(name).Object(func() {
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			w.Name(key).String(texts[key])
		}
	})
}
