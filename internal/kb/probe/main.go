package probe

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"time"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/host"
	"kbgen/internal/kb/plan"
	"kbgen/internal/kb/tinyjson"
	"kbgen/templates/i18n"
)

// Command is the program's surroundings.
type Command struct {
	Args           []string // without the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Host           host.Host

	Program     io.ReaderAt // the program's own file
	ProgramSize int64
	ProgramPath string
	Zone        []byte // content of its Zone.Identifier stream, or nil

	Lang       check.Lang             // of the user interface
	OwnConsole bool                   // double-clicked: the window closes with the program
	Open       func(url string) error // shows a page in the browser
	Save       func(name string, report []byte) (path string, err error)
	Now        func() time.Time
}

// options are the command line.
type options struct {
	list, json, unmask, version, help bool
	lang, host, slug                  string
}

func (c *Command) parse() (options, error) {
	var o options
	f := flag.NewFlagSet("kbprobe", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.BoolVar(&o.list, "list", false, "")
	f.BoolVar(&o.json, "json", false, "")
	f.BoolVar(&o.unmask, "unmask", false, "")
	f.BoolVar(&o.version, "version", false, "")
	f.StringVar(&o.lang, "lang", "", "")
	f.StringVar(&o.host, "host", "", "")
	err := f.Parse(c.Args)
	if errors.Is(err, flag.ErrHelp) {
		o.help = true
		return o, nil
	}
	if err != nil {
		return o, err
	}
	if o.lang != "" && o.lang != string(check.JA) && o.lang != string(check.EN) {
		return o, fmt.Errorf("-lang %q: ja, en", o.lang)
	}
	if o.host != "" && !validHost(o.host) {
		return o, fmt.Errorf("-host %q", o.host)
	}
	if f.NArg() > 1 {
		return o, fmt.Errorf("%q", f.Args()[1:])
	}
	o.slug = f.Arg(0)
	return o, nil
}

// session is one run of the command.
type session struct {
	*Command
	options
	msg i18n.Messages
	in  *lineReader
}

// Main runs the command and returns its exit code.
func (c *Command) Main() int {
	o, err := c.parse()
	lang := c.Lang
	if o.lang == string(check.JA) || o.lang == string(check.EN) {
		lang = check.Lang(o.lang)
	}
	c.Lang = lang
	msg, broken := i18n.Probe(lang)
	if broken != nil {
		fmt.Fprintln(c.Stderr, "kbprobe:", broken)
		return ExitInternal
	}
	s := &session{Command: c, options: o, msg: msg, in: newLineReader(c.Stdin)}
	code := ExitUsage
	switch {
	case err != nil:
		s.complain("error-usage", "error", err.Error())
	case o.help:
		return s.print(s.msg.Text("usage"))
	default:
		code = s.run()
	}
	if (code == ExitUsage || code == ExitInternal) && c.OwnConsole {
		s.complain("after-close")
		s.in.line()
	}
	return code
}

func (s *session) run() int {
	catalogue, err := plan.Read(s.Program, s.ProgramSize)
	switch {
	case errors.Is(err, plan.ErrNoPlans):
		s.complain("error-no-plans")
		return ExitInternal
	case err != nil:
		s.complain("error-damaged", "error", err.Error())
		return ExitInternal
	}
	if s.version {
		return s.print(s.msg.Text("version", "platform", runtime.GOOS+"/"+runtime.GOARCH, "go", runtime.Version(),
			"count", fmt.Sprint(len(catalogue.Plans)), "format", fmt.Sprint(catalogue.Format)) + "\n")
	}
	if s.list && s.slug == "" {
		return s.listPlans(catalogue)
	}
	choice, err := catalogue.Choose(plan.Hints{Argument: s.slug, FileName: filepath.Base(s.ProgramPath), Zone: s.Zone})
	var unknown *plan.UnknownSlugError
	switch {
	case errors.As(err, &unknown) && unknown.Nearest != "":
		s.complain("error-slug-nearest", "slug", printable(unknown.Slug), "nearest", unknown.Nearest)
		return ExitUsage
	case err != nil:
		s.complain("error-slug", "slug", printable(s.slug))
		return ExitUsage
	case choice.Plan == nil && s.OwnConsole && !s.json && !s.list:
		choice = s.ask(catalogue, choice.Suggestion)
	}
	if choice.Plan == nil {
		s.complain("error-no-article")
		return ExitUsage
	}
	if s.list {
		return s.listSteps(catalogue, choice.Plan)
	}
	return s.check(catalogue, choice)
}

// check runs the chosen plan and shows its report.
func (s *session) check(words *plan.Catalogue, choice plan.Choice) int {
	if s.host == "" && s.OwnConsole && !s.json && asksHost(words, choice.Plan) {
		s.host = s.askHost()
	}
	opts := Options{Lang: s.Lang, Unmask: s.unmask, Host: s.host, Each: DefaultEach, All: DefaultAll, Now: s.Now()}
	if s.host != "" {
		opts.All = NetworkAll
	}
	if s.json {
		r := Run(s.Host, check.Judges(), words, choice.Plan, opts)
		if err := r.WriteJSON(s.Stdout); err != nil {
			s.complain("error-write", "error", err.Error())
			return ExitInternal
		}
		return r.Exit
	}
	s.complain("intro")
	s.complain("chosen-" + string(choice.By))
	if choice.Conflict != nil {
		s.complain("conflict", "slug", choice.Conflict.Slug)
	}
	p := &printer{w: s.Stdout, msg: s.msg}
	p.head(&Report{Title: either(choice.Plan.Title, s.Lang), Slug: choice.Plan.Slug, Plan: choice.Plan.Hash, Steps: make([]*StepResult, len(choice.Plan.Steps))})
	opts.Progress = p.step
	r := Run(s.Host, check.Judges(), words, choice.Plan, opts)
	p.summary(r)
	p.foot(r)
	if !s.OwnConsole {
		p.results(r) // a double-click opens them with Enter
	}
	if p.err != nil {
		s.complain("error-write", "error", p.err.Error())
		return ExitInternal
	}
	if s.OwnConsole {
		s.after(r)
	}
	return r.Exit
}

func (s *session) listPlans(c *plan.Catalogue) int {
	if s.json {
		data, err := c.Encode()
		if err != nil {
			return s.done(err)
		}
		return s.print(string(data))
	}
	p := &printer{w: s.Stdout, msg: s.msg}
	for i := range c.Plans {
		l := &c.Plans[i]
		p.say(0, "list-entry", "slug", l.Slug, "title", either(l.Title, s.Lang), "hash", l.Hash, "count", fmt.Sprint(len(l.Steps)))
	}
	return s.done(p.err)
}

// listSteps shows what a plan would do, without doing it.
func (s *session) listSteps(words *plan.Catalogue, l *plan.Plan) int {
	if s.json {
		w := &tinyjson.Writer{Indent: "  "}
		l.Write(w)
		return s.print(w.Text() + "\n")
	}
	p := &printer{w: s.Stdout, msg: s.msg}
	p.head(&Report{Title: either(l.Title, s.Lang), Slug: l.Slug, Plan: l.Hash, Steps: make([]*StepResult, len(l.Steps))})
	for i, step := range l.Steps {
		c, ok := words.Check(step.Check)
		if !ok {
			continue
		}
		p.say(0, "see-step", "number", fmt.Sprint(i+1), "title", c.Title.In(s.Lang))
		if len(step.Args) == 0 {
			p.say(4, "step-id", "id", step.Check)
		} else {
			p.say(4, "step-args", "id", step.Check, "args", argList(step.Args))
		}
		for _, reads := range c.Reads {
			p.say(4, "list-reads", "text", reads.In(s.Lang))
		}
		switch c.Admin {
		case check.AdminMaybe:
			p.say(4, "list-admin-maybe")
		case check.AdminYes:
			p.say(4, "list-admin-yes")
		}
	}
	return s.done(p.err)
}
