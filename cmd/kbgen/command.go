package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"kbgen/internal/kb/check"
)

// command is a subcommand of kbgen.
type command struct {
	name    string
	args    string // synopsis of flags and arguments
	summary string // one line
	details string // what help adds: examples, and what is worth knowing
	run     func(t *terminal, args []string) error
}

func commands() []command {
	return []command{buildCommand(), serveCommand(), checkCommand(), newCommand(), checksCommand(), searchCommand()}
}

func findCommand(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

func manual() string {
	var b strings.Builder
	b.WriteString("kbgen builds a knowledge base of error messages: a site, and a program that checks a machine.\n\nusage:\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  kbgen %-7s%s\n", c.name, c.args)
	}
	b.WriteString("\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  %-8s%s\n", c.name, c.summary)
	}
	b.WriteString(`
A site is a folder with content/ja/SLUG.md and content/en/SLUG.md, and optionally
kb.yaml and templates/. kbgen works in the current folder; -C names another.

exit codes: 0 done, 1 the content has errors, 2 usage, 3 internal error

"kbgen COMMAND -help" tells more about a command.
`)
	return b.String()
}

func (c command) help() string {
	return fmt.Sprintf("usage: kbgen %s %s\n\n%s\n%s", c.name, c.args, c.summary, c.details)
}

// usageError is a command line that kbgen does not understand.
type usageError struct {
	text string
	hint string
}

func (e *usageError) Error() string { return e.text }
func (e *usageError) Hint() string  { return e.hint }

func unknownCommand(name string) error {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	hint := "the commands are " + strings.Join(names, ", ")
	if near := check.Nearest(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return &usageError{fmt.Sprintf("there is no command %q", name), hint}
}

// errContent ends a command whose messages were printed already.
var errContent = errors.New("the content has errors")

// newFlags makes the flag set of a command; errors go to parse's caller.
func newFlags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	return f
}

// parse reads flags and returns the arguments: at least least and at most
// most.
func parse(f *flag.FlagSet, args []string, least, most int) ([]string, error) {
	hint := fmt.Sprintf(`"kbgen %s -help" lists flags and arguments`, f.Name())
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return nil, err
	case err != nil:
		return nil, &usageError{err.Error(), hint}
	case f.NArg() < least:
		return nil, &usageError{"an argument is missing", hint}
	case f.NArg() > most && strings.HasPrefix(f.Arg(most), "-"):
		return nil, &usageError{fmt.Sprintf("the flag %s stands behind an argument", f.Arg(most)), "put flags first"}
	case f.NArg() > most:
		return nil, &usageError{fmt.Sprintf("unexpected argument %q", f.Arg(most)), hint}
	}
	return f.Args(), nil
}
