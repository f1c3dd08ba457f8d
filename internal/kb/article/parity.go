package article

import (
	"maps"
	"strings"
	"unicode/utf8"
)

// parity reports two translations that do not list the same checks, with the
// same parameters, in the same order.
func (s *set) parity(a, b *Article) {
	rows := align(a.Steps, b.Steps)
	for _, row := range rows {
		if row.same() {
			continue
		}
		// The place is in the translation that has a step here.
		at, step, other := a, row.a, b
		if step == nil {
			at, step, other = b, row.b, a
		}
		offset := at.doc.src.offset(step.Line, step.Column)
		m := at.doc.src.message(Error, offset, "the checks are not those of "+other.Path, "list the same checks with the same parameters in the same order in both")
		m.Note = sideBySide(a.Path, b.Path, rows)
		s.messages = append(s.messages, m)
		return
	}
}

// stepRow is one line of two lists of steps; a side without a step is nil.
type stepRow struct{ a, b *Step }

func (r stepRow) same() bool {
	return r.a != nil && r.b != nil && r.a.Check == r.b.Check && maps.Equal(r.a.Args, r.b.Args)
}

// align puts what two lists have in common at their beginning and at their
// end side by side, and pairs off the rest.
func align(a, b []Step) []stepRow {
	row := func(i, j int) stepRow { return stepRow{&a[i], &b[j]} }
	head := 0
	for head < len(a) && head < len(b) && row(head, head).same() {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && row(len(a)-1-tail, len(b)-1-tail).same() {
		tail++
	}
	var rows []stepRow
	for i := range head {
		rows = append(rows, row(i, i))
	}
	for i := head; i < len(a)-tail || i < len(b)-tail; i++ {
		var r stepRow
		if i < len(a)-tail {
			r.a = &a[i]
		}
		if i < len(b)-tail {
			r.b = &b[i]
		}
		rows = append(rows, r)
	}
	for i := tail; i > 0; i-- {
		rows = append(rows, row(len(a)-i, len(b)-i))
	}
	return rows
}

// maxRows is how many steps are shown side by side.
const maxRows = 60

// sideBySide is a table of two lists of steps with an x at the rows that
// differ.
func sideBySide(left, right string, rows []stepRow) string {
	cell := func(s *Step) string {
		if s == nil {
			return "-"
		}
		return markerText(*s)
	}
	width := utf8.RuneCountInString(left)
	for _, r := range rows {
		width = max(width, utf8.RuneCountInString(cell(r.a)))
	}
	var b strings.Builder
	line := func(mark, l, r string) {
		b.WriteString(mark + " " + l + strings.Repeat(" ", width-utf8.RuneCountInString(l)) + " | " + r + "\n")
	}
	line(" ", left, right)
	for i, r := range rows {
		if i == maxRows {
			line(" ", "…", "…")
			break
		}
		mark := "x"
		if r.same() {
			mark = " "
		}
		line(mark, cell(r.a), cell(r.b))
	}
	return strings.TrimSuffix(b.String(), "\n")
}
