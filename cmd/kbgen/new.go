package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"
	"time"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/check"
	"kbgen/internal/kb/site"
)

func newCommand() command {
	return command{
		name:    "new",
		args:    "[-C DIR] SLUG",
		summary: "start an article in every language of the site",
		run:     runNew,
		details: `
  -C DIR  the site's folder (default: the current one)
  SLUG    the article's name in addresses: 3 to 64 of a-z, 0-9 and -

The files have the ten sections and a step to fill in. They are drafts: a build
leaves them out until the line with draft is removed. Files that are there
already are never touched.

examples:
  kbgen new rdp-credssp-oracle
`,
	}
}

// newArticle is what the templates new.*.md fill in.
type newArticle struct {
	Title, ErrorText, Check string
	Updated                 string // RFC 3339
}

func runNew(t *terminal, args []string) error {
	f := newFlags("new")
	dir := f.String("C", ".", "")
	names, err := parse(f, args, 1, 1)
	if err != nil {
		return err
	}
	slug := names[0]
	if err := article.CheckSlug(slug); err != nil {
		return &usageError{err.Error(), ""}
	}
	in, messages, err := openSite(*dir)
	if err != nil {
		return err
	}
	if article.Errors(messages) > 0 {
		t.report(messages)
		return errContent
	}
	files, err := newFiles(in, slug, time.Now())
	if err != nil {
		return err
	}
	for _, file := range files {
		if _, err := fs.Stat(in.Root, file.path); !errors.Is(err, fs.ErrNotExist) {
			return &usageError{file.path + " is there already", "choose another slug, or edit that file"}
		}
	}
	for _, file := range files {
		if err := createFile(filepath.Join(*dir, filepath.FromSlash(file.path)), file.data); err != nil {
			return err
		}
		fmt.Fprintln(t.out, file.path)
	}
	return nil
}

type newFile struct {
	path string
	data []byte
}

func newFiles(in site.Input, slug string, now time.Time) ([]newFile, error) {
	var files []newFile
	for _, lang := range in.Config.Languages {
		source, err := fs.ReadFile(in.Templates, "new."+string(lang)+".md")
		if err != nil {
			return nil, err
		}
		page, err := template.New("new." + string(lang) + ".md").Parse(string(source))
		if err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
		var out bytes.Buffer
		err = page.Execute(&out, newArticle{
			Title:     strings.ReplaceAll(slug, "-", " "),
			ErrorText: "〈" + slug + "〉",
			Check:     check.All()[0].ID,
			Updated:   now.UTC().Format(time.RFC3339),
		})
		if err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
		files = append(files, newFile{"content/" + string(lang) + "/" + slug + ".md", out.Bytes()})
	}
	return files, nil
}

// createFile writes a file that must not exist.
func createFile(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}
