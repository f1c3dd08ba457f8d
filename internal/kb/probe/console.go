package probe

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/plan"
	"kbgen/internal/kb/search"
)

// complain writes a message to standard error.
func (s *session) complain(key string, namesAndValues ...string) {
	fmt.Fprintln(s.Stderr, visibleLines(s.msg.Text(key, namesAndValues...)))
}

// print writes text to standard output and returns the exit code.
func (s *session) print(text string) int {
	_, err := io.WriteString(s.Stdout, text)
	return s.done(err)
}

func (s *session) done(err error) int {
	if err != nil {
		s.complain("error-write", "error", err.Error())
		return ExitInternal
	}
	return ExitNothing
}

// ask lets the user find the article by the error message. The choice has no
// plan if the input ends.
func (s *session) ask(c *plan.Catalogue, suggestion *plan.Plan) plan.Choice {
	for {
		if suggestion != nil {
			s.complain("ask-suggestion", "title", either(suggestion.Title, s.Lang), "slug", suggestion.Slug)
		} else {
			s.complain("ask-error")
		}
		text, ended := s.in.paragraph()
		var found []*plan.Plan
		switch {
		case text != "":
			found = findPlans(c, text)
		case suggestion != nil && !ended:
			found = []*plan.Plan{suggestion}
		}
		if len(found) == 0 && ended {
			return plan.Choice{}
		}
		if len(found) == 0 {
			if text != "" {
				s.complain("ask-nothing")
			}
			continue
		}
		if p := s.pick(found); p != nil {
			return plan.Choice{Plan: p, By: plan.ByQuestion}
		}
		suggestion = nil
	}
}

// asksHost reports whether a check of the plan can use the name of a host.
func asksHost(words *plan.Catalogue, p *plan.Plan) bool {
	for _, s := range p.Steps {
		if c, ok := words.Check(s.Check); ok && c.Host != "" {
			return true
		}
	}
	return false
}

// askHost lets the user name the host that network checks reach. Empty means
// none: those checks are then left out.
func (s *session) askHost() string {
	for {
		s.complain("ask-host")
		line, err := s.in.line()
		name := strings.TrimSpace(line)
		if name == "" || validHost(name) {
			return name
		}
		if err != nil {
			return ""
		}
		s.complain("ask-host-again")
	}
}

// validHost reports whether s can be a host's name or address.
func validHost(s string) bool {
	return len(s) <= 253 && !strings.HasPrefix(s, "-") && strings.Trim(s, ".") != "" &&
		!strings.ContainsFunc(s, func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-._:%", r) || r > 0x7f && unicode.IsLetter(r))
		})
}

// pick lets the user choose if there is more than one.
func (s *session) pick(found []*plan.Plan) *plan.Plan {
	if len(found) == 1 {
		return found[0]
	}
	for i, p := range found {
		s.complain("ask-candidate", "number", fmt.Sprint(i+1), "title", either(p.Title, s.Lang), "slug", p.Slug)
	}
	s.complain("ask-which")
	answer, _ := s.in.line()
	answer = strings.TrimSpace(answer)
	if answer == "" {
		return found[0]
	}
	for i, p := range found {
		if answer == fmt.Sprint(i+1) || answer == p.Slug {
			return p
		}
	}
	return nil
}

// findPlans returns the few plans whose wordings or titles are most like text.
func findPlans(c *plan.Catalogue, text string) []*plan.Plan {
	const most = 5
	if p, ok := c.Find(strings.TrimSpace(text)); ok {
		return []*plan.Plan{p}
	}
	var docs []search.Doc
	for i := range c.Plans {
		p := &c.Plans[i]
		docs = append(docs, search.Doc{Slug: p.Slug, Versions: []search.Version{
			{Lang: string(check.JA), Title: p.Title.In(check.JA), Wordings: p.ErrorTexts},
			{Lang: string(check.EN), Title: p.Title.In(check.EN)},
		}})
	}
	var found []*plan.Plan
	for _, hit := range search.New(docs, nil).Find(text).Hits {
		if len(found) < most {
			found = append(found, &c.Plans[hit.Doc])
		}
	}
	return found
}

// after waits for what the user wants to do with the report.
func (s *session) after(r *Report) {
	page := r.PageWithResults()
	for {
		if page != "" {
			s.complain("after-open")
		} else {
			s.complain("after-no-page")
		}
		answer, err := s.in.line()
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "":
			if err == nil && page != "" {
				s.open(page)
			}
			return
		case "q":
			return
		case "s":
			s.save(r)
		}
		if err != nil {
			return
		}
	}
}

func (s *session) open(page string) {
	if err := s.Open(page); err != nil {
		s.complain("open-failed", "error", err.Error(), "url", page)
	}
}

func (s *session) save(r *Report) {
	var b strings.Builder
	b.WriteString("\ufeff") // so that every Windows editor takes it for UTF-8
	err := r.WriteText(&b, s.msg)
	var path string
	if err == nil {
		name := fmt.Sprintf("kbprobe-%s-%s.txt", r.Slug, r.Time.Format("20060102-150405"))
		path, err = s.Save(name, []byte(strings.ReplaceAll(b.String(), "\n", "\r\n")))
	}
	if err != nil {
		s.complain("save-failed", "error", err.Error())
		return
	}
	s.complain("saved", "path", path)
}

// lineReader reads what the user types, in bounded lines.
type lineReader struct{ r *bufio.Reader }

func newLineReader(r io.Reader) *lineReader { return &lineReader{bufio.NewReader(r)} }

// maxInput is the most bytes of typed or pasted text that are looked at.
const maxInput = 64 << 10

// line returns the next line without its end. The error is io.EOF if the
// input ended.
func (l *lineReader) line() (string, error) {
	var b []byte
	for {
		part, err := l.r.ReadSlice('\n')
		if len(b) < maxInput {
			b = append(b, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return strings.TrimRight(strings.ToValidUTF8(string(b), "�"), "\r\n"), err
	}
}

// paragraph returns the lines up to the next empty one, and whether the input
// ended.
func (l *lineReader) paragraph() (text string, ended bool) {
	var lines []string
	total := 0
	for {
		line, err := l.line()
		if total += len(line); total < maxInput && strings.TrimSpace(line) != "" {
			lines = append(lines, line)
		}
		if err != nil {
			return strings.Join(lines, "\n"), true
		}
		if strings.TrimSpace(line) == "" {
			return strings.Join(lines, "\n"), false
		}
	}
}
