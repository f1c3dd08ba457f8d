package site

import (
	"errors"
	"slices"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/check"
	"kbgen/internal/kb/errorcode"
	"kbgen/internal/kb/search"
	"kbgen/internal/kb/search/index"
)

// Docs returns the articles of content as the search sees them, and what is
// wrong with the content. Articles with errors are left out.
func Docs(in Input) ([]search.Doc, []article.Message, error) {
	if in.Cache == nil {
		in.Cache = &Cache{}
	}
	l, messages, err := load(in)
	if err != nil || l == nil {
		return nil, messages, err
	}
	docs := make([]search.Doc, len(l.entries))
	parallel(len(docs), func(i int) { docs[i] = l.entries[i].doc() })
	return docs, messages, nil
}

// doc is what the search knows of an entry.
func (e *entry) doc() search.Doc {
	doc := search.Doc{Slug: e.slug}
	for _, lang := range check.Langs() {
		a := e.articles[lang]
		if a == nil {
			continue
		}
		v := search.Version{Lang: string(lang), Title: a.Title, Wordings: a.ErrorTexts, Tags: a.Tags, Body: a.Markdown()}
		for _, s := range a.Sections {
			if s.Role == "" { // the ten headings say nothing
				v.Headings = append(v.Headings, s.Heading)
			}
		}
		doc.Versions = append(doc.Versions, v)
	}
	return doc
}

// indexEntries makes what the search index and the pages of codes need to
// know of each entry, in the order of the library.
func indexEntries(cache *Cache, l *library, languages []check.Lang) ([]index.Entry, error) {
	table := errorcode.NewTable()
	langs := languageNames(languages)
	entries := make([]index.Entry, len(l.entries))
	errs := make([]error, len(l.entries))
	parallel(len(entries), func(i int) {
		e := l.entries[i]
		parts := [][]byte{[]byte(e.slug)}
		for _, lang := range check.Langs() {
			key := l.keys[e.articles[lang]]
			parts = append(parts, key[:])
		}
		entries[i], errs[i] = cached(cache, keyOf("index", parts...), func() (index.Entry, error) {
			return index.NewEntry(langs, e.doc(), table.Equivalents)
		})
	})
	return entries, errors.Join(errs...)
}

func languageNames(languages []check.Lang) []string {
	var names []string
	for _, l := range languages {
		names = append(names, string(l))
	}
	slices.Sort(names)
	return names
}

// searchFiles are the files from which pages search.
func (b *builder) searchFiles() ([]File, error) {
	built, err := index.Build(languageNames(b.in.Config.Languages), b.index)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, f := range built {
		stage := stageAsset
		if f.Path == index.ManifestPath {
			stage = stageIndex
		}
		files = append(files, ready(f.Path, stage, f.Data))
	}
	return files, nil
}
