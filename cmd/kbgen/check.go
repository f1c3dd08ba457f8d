package main

import (
	"errors"
	"io/fs"
	"os"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/site"
)

func checkCommand() command {
	return command{
		name:    "check",
		args:    "[-C DIR] [-Werror] [-json]",
		summary: "report everything that build would refuse, and warnings",
		run:     runCheck,
		details: `
  -C DIR   the site's folder (default: the current one)
  -Werror  treat warnings as errors
  -json    print one JSON document with all messages and counts

What is wrong with a draft is a warning, because a build leaves drafts out.

examples:
  kbgen check
  kbgen check -Werror -json > report.json
`,
	}
}

func runCheck(t *terminal, args []string) error {
	f := newFlags("check")
	dir := f.String("C", ".", "")
	strict := f.Bool("Werror", false, "")
	asJSON := f.Bool("json", false, "")
	if _, err := parse(f, args, 0, 0); err != nil {
		return err
	}
	in, messages, err := openSite(*dir)
	if err != nil {
		return err
	}
	built, more, err := site.Build(in)
	if err != nil {
		return err
	}
	messages = append(messages, more...)
	article.Sort(messages)
	if *strict {
		for i := range messages {
			messages[i].Level = article.Error
		}
	}
	articles := 0
	if built != nil {
		articles = built.Articles
	}
	report := newReport(messages, articles)
	if *asJSON {
		err = t.document(report)
	} else {
		t.report(messages)
		t.note("%s, %s", plural(report.Summary.Errors, "error"), plural(report.Summary.Warnings, "warning"))
	}
	if report.Summary.Errors > 0 {
		return errors.Join(err, errContent)
	}
	return err
}

// openSite opens the site's folder for a command.
func openSite(dir string) (site.Input, []article.Message, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return site.Input{}, nil, &usageError{"-C " + dir + ": there is no such folder", ""}
	}
	if err != nil {
		return site.Input{}, nil, err
	}
	return site.OpenFolder(dir)
}
