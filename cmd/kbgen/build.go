package main

import (
	"context"
	"errors"
	"path/filepath"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/site"
)

func buildCommand() command {
	return command{
		name:    "build",
		args:    "[-C DIR] [-out public] [-base-url URL] [-drafts] [-probe=false] [-json]",
		summary: "check all content and write the site",
		run:     runBuild,
		details: `
  -C DIR         the site's folder (default: the current one)
  -out DIR       where to write, relative to the site's folder (default: public)
  -base-url URL  where the site will be published; needed for feeds, the sitemap
                 and links from the program back to its article (default: kb.yaml)
  -drafts        include drafts
  -probe=false   leave out the program, which needs the Go toolchain unless it
                 lies beside kbgen
  -json          print one JSON document with all messages and counts

Nothing is written if the content has errors. Files that did not change are left
alone, and so are files in the output folder that kbgen did not write.

examples:
  kbgen build
  kbgen build -C kb -out /srv/www/kb -base-url https://kb.example.com/
  kbgen build -probe=false -json
`,
	}
}

type buildFlags struct {
	dir, out, baseURL   string
	drafts, probe, json bool
}

func runBuild(t *terminal, args []string) error {
	f := newFlags("build")
	var o buildFlags
	f.StringVar(&o.dir, "C", ".", "")
	f.StringVar(&o.out, "out", "public", "")
	f.StringVar(&o.baseURL, "base-url", "", "")
	f.BoolVar(&o.drafts, "drafts", false, "")
	f.BoolVar(&o.probe, "probe", true, "")
	f.BoolVar(&o.json, "json", false, "")
	if _, err := parse(f, args, 0, 0); err != nil {
		return err
	}
	return o.build(t)
}

func (o buildFlags) build(t *terminal) error {
	in, messages, err := openSite(o.dir)
	if err != nil {
		return err
	}
	if o.baseURL != "" {
		if in.Config.Base, err = site.ParseBaseURL(o.baseURL); err != nil {
			return &usageError{"-base-url " + err.Error(), "for example https://kb.example.com/"}
		}
	}
	in.Drafts = o.drafts
	in.Cache = &site.Cache{}
	// Content first: its errors should not wait for a compiler.
	messages, articles, err := o.checkFirst(in, messages)
	if err != nil {
		return err
	}
	report := newReport(messages, articles)
	if !o.json {
		t.report(messages)
	}
	if report.Summary.Errors > 0 {
		if o.json {
			return errors.Join(t.document(report), errContent)
		}
		t.note("nothing written: %s, %s", plural(report.Summary.Errors, "error"), plural(report.Summary.Warnings, "warning"))
		return errContent
	}
	outcome, err := o.publish(t, in)
	if err != nil {
		return err
	}
	if o.json {
		report.Summary.Written, report.Summary.Unchanged, report.Summary.Removed = &outcome.Written, &outcome.Unchanged, &outcome.Removed
		return t.document(report)
	}
	t.note("%s in %s: %d written, %d unchanged, %d removed; %s", plural(articles, "article"), filepath.ToSlash(o.folder()),
		outcome.Written, outcome.Unchanged, outcome.Removed, plural(report.Summary.Warnings, "warning"))
	return nil
}

// folder is the output folder.
func (o buildFlags) folder() string {
	if filepath.IsAbs(o.out) {
		return o.out
	}
	return filepath.Join(o.dir, o.out)
}

// checkFirst builds without programs. The cache keeps what it learned for the
// build that follows.
func (o buildFlags) checkFirst(in site.Input, messages []article.Message) ([]article.Message, int, error) {
	built, more, err := site.Build(in)
	if err != nil {
		return nil, 0, err
	}
	messages = append(messages, more...)
	article.Sort(messages)
	if built == nil {
		return messages, 0, nil
	}
	return messages, built.Articles, nil
}

// publish compiles, stamps and signs the programs, renders everything and
// writes it.
func (o buildFlags) publish(t *terminal, in site.Input) (site.Outcome, error) {
	ctx := context.Background()
	if o.probe {
		t.note("getting kbprobe for %d platforms", len(in.Config.Platforms))
		programs, err := site.FindPrograms(ctx, o.dir, in.Config.Platforms)
		if errors.Is(err, site.ErrNoProgram) {
			return site.Outcome{}, &hintedError{err, "put it there, or run kbgen in its source folder with the Go toolchain, or build the pages alone with -probe=false"}
		}
		if err != nil {
			return site.Outcome{}, err
		}
		in.Programs = programs
		if len(in.Config.Sign) > 0 {
			in.Sign = site.Signer(ctx, in.Config.Sign)
		}
	}
	built, _, err := site.Build(in)
	if err != nil {
		return site.Outcome{}, err
	}
	if built == nil {
		return site.Outcome{}, errors.New("the content changed during the build; build again")
	}
	show, end := t.progress("rendering")
	defer end()
	return built.Write(o.folder(), show)
}

type hintedError struct {
	error
	hint string
}

func (e *hintedError) Hint() string  { return e.hint }
func (e *hintedError) Unwrap() error { return e.error }
