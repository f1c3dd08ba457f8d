package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/errorcode"
	"kbgen/internal/kb/search"
	"kbgen/internal/kb/site"
)

func searchCommand() command {
	return command{
		name:    "search",
		args:    "[-C DIR] [-json] [-lang ja|en] TEXT",
		summary: "find articles by an error message, as the site does",
		run:     runSearch,
		details: `
  -C DIR       the site's folder (default: the current one)
  -lang ja|en  the language of the titles (default: the site's first)
  -json        print one JSON document with all articles found

TEXT is a message, a part of it, a code in any spelling, or a log. It may be
several arguments; - reads it from standard input. What is found tells why:

  code     a title or error text holds a code of TEXT
  wording  a title or error text is like TEXT
  text     the words of TEXT are somewhere in the article

examples:
  kbgen search 0x80070005
  kbgen search -lang en "could be due to CredSSP encryption oracle"
  kbgen search - < setup.log
`,
	}
}

// mostHits is how many articles are printed without -json.
const mostHits = 10

func runSearch(t *terminal, args []string) error {
	f := newFlags("search")
	dir := f.String("C", ".", "")
	lang := f.String("lang", "", "")
	asJSON := f.Bool("json", false, "")
	const most = 1000 // words that were not quoted
	words, err := parse(f, behindFlags(args), 1, most)
	if err != nil {
		return err
	}
	if *lang != "" && *lang != "ja" && *lang != "en" {
		return &usageError{fmt.Sprintf("-lang %s: there is no such language", *lang), "the languages are ja and en"}
	}
	text := strings.Join(words, " ")
	if text == "-" {
		data, err := io.ReadAll(os.Stdin)
		if err != nil {
			return fmt.Errorf("reading standard input: %w", err)
		}
		text = string(data)
	}
	in, messages, err := openSite(*dir)
	if err != nil {
		return err
	}
	if *lang == "" {
		*lang = string(in.Config.Languages[0])
	}
	docs, more, err := site.Docs(in)
	if err != nil {
		return err
	}
	var failed []article.Message
	for _, m := range append(messages, more...) {
		if m.Level == article.Error {
			failed = append(failed, m)
		}
	}
	t.report(failed)
	found := newSearchReport(docs, search.New(docs, errorcode.NewTable().Equivalents).Find(text), *lang)
	if *asJSON {
		err = t.document(found)
	} else {
		t.found(found)
	}
	if len(failed) > 0 && err == nil {
		return errContent
	}
	return err
}

// behindFlags keeps a code such as -2147024891 from being read as a flag.
func behindFlags(args []string) []string {
	for i, arg := range args {
		if len(arg) > 1 && arg[0] == '-' && arg[1] >= '0' && arg[1] <= '9' {
			return slices.Insert(slices.Clone(args), i, "--")
		}
	}
	return args
}

// searchReport is the document of search.
type searchReport struct {
	Format int         `json:"format"`
	Codes  []string    `json:"codes"` // that were understood
	Found  []searchHit `json:"found"` // best first
}

type searchHit struct {
	Slug  string        `json:"slug"`
	Title string        `json:"title"`
	By    search.Reason `json:"by"`
	In    search.Field  `json:"in"`
	Text  string        `json:"text,omitempty"` // the error text that matched
	Files []string      `json:"files"`
}

func newSearchReport(docs []search.Doc, result search.Result, lang string) searchReport {
	r := searchReport{Format: reportFormat, Codes: []string{}, Found: []searchHit{}}
	for _, c := range result.Codes {
		r.Codes = append(r.Codes, errorcode.Spell(c.Key))
	}
	for _, hit := range result.Hits {
		doc := docs[hit.Doc]
		h := searchHit{Slug: doc.Slug, By: hit.By, In: hit.In}
		if hit.In == search.InWording {
			h.Text = hit.Text
		}
		for _, v := range doc.Versions {
			if h.Title == "" || v.Lang == lang {
				h.Title = v.Title
			}
			h.Files = append(h.Files, "content/"+v.Lang+"/"+doc.Slug+".md")
		}
		r.Found = append(r.Found, h)
	}
	return r
}

// found prints what was found for people.
func (t *terminal) found(r searchReport) {
	if len(r.Codes) > 0 {
		t.note("codes: %s", strings.Join(r.Codes, ", "))
	}
	for _, h := range r.Found[:min(len(r.Found), mostHits)] {
		fmt.Fprintf(t.out, "%s  %s\n", h.Slug, h.Title)
		if h.Text != "" {
			fmt.Fprintf(t.out, "    %s: %s\n", h.By, oneLine(h.Text))
		} else {
			fmt.Fprintf(t.out, "    %s\n", h.By)
		}
	}
	switch {
	case len(r.Found) == 0:
		t.note("no article found; \"kbgen new SLUG\" starts one")
	case len(r.Found) > mostHits:
		t.note("and %d more; -json lists all", len(r.Found)-mostHits)
	}
}

// oneLine shortens a text for a line of a terminal.
func oneLine(text string) string {
	const longest = 100
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}
