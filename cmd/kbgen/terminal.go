package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"kbgen/internal/kb/article"
)

// Rules of the terminal: what was asked for goes to stdout, everything else
// to stderr. Messages about content are file:line:col, the line and a hint.
// Other messages start in lower case and end without a full stop. Progress is
// one line that is written over, and only on a terminal; elsewhere a line
// tells when a long step starts. With -json, stdout gets one document and
// nothing else.
type terminal struct {
	out, err io.Writer
}

// failure prints an error, and its hint if it has one.
func (t *terminal) failure(err error) {
	fmt.Fprintf(t.err, "kbgen: %v\n", err)
	if h, ok := err.(interface{ Hint() string }); ok && h.Hint() != "" {
		fmt.Fprintf(t.err, "hint: %s\n", h.Hint())
	}
}

// report prints messages about content.
func (t *terminal) report(ms []article.Message) {
	for _, m := range ms {
		fmt.Fprintln(t.err, m.String())
	}
}

// document prints v as JSON.
func (t *terminal) document(v any) error {
	e := json.NewEncoder(t.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// note tells what is being done.
func (t *terminal) note(format string, args ...any) {
	fmt.Fprintf(t.err, format+"\n", args...)
}

// progress returns a function that shows how far a long step is, and one that
// clears the line.
func (t *terminal) progress(what string) (show func(done, total int), end func()) {
	f, ok := t.err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil, func() {}
	}
	var mu sync.Mutex
	var last time.Time
	show = func(done, total int) {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(last) < 100*time.Millisecond && done < total {
			return
		}
		last = time.Now()
		fmt.Fprintf(f, "\r%s: %d of %d", what, done, total)
	}
	return show, func() { fmt.Fprint(f, "\r\x1b[K") }
}

// plural is the English for n things: "1 error", "2 errors".
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// reportFormat is the version of the documents that -json prints.
const reportFormat = 1

// contentReport is the document of build and check.
type contentReport struct {
	Format   int               `json:"format"`
	Messages []article.Message `json:"messages"`
	Summary  summary           `json:"summary"`
}

type summary struct {
	Articles int `json:"articles"`
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`

	Written   *int `json:"written,omitempty"` // by build
	Unchanged *int `json:"unchanged,omitempty"`
	Removed   *int `json:"removed,omitempty"`
}

func newReport(ms []article.Message, articles int) contentReport {
	errors := article.Errors(ms)
	if ms == nil {
		ms = []article.Message{}
	}
	return contentReport{
		Format: reportFormat, Messages: ms,
		Summary: summary{Articles: articles, Errors: errors, Warnings: len(ms) - errors},
	}
}
