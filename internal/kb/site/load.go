package site

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/check"
)

// library is the content of a site: every article that becomes a page, and
// what its pages need to know of the others.
type library struct {
	entries  []*entry // sorted by slug
	bySlug   map[string]*entry
	titled   map[check.Lang]map[string]string // title → slug
	pictures map[string]picture
	tags     map[check.Lang]*tagIndex
	users    map[string][]*entry           // check ID → the entries with a step that names it
	keys     map[*article.Article]cacheKey // of the file that each was read from
	count    int
}

// entry is an error: its articles, at least one.
type entry struct {
	slug     string
	articles map[check.Lang]*article.Article
}

// in returns the article that the page in lang shows: the one in lang, else
// the one in the other language.
func (e *entry) in(lang check.Lang) *article.Article {
	if a := e.articles[lang]; a != nil {
		return a
	}
	return e.articles[other(lang)]
}

// steps are the same in every language: load refuses anything else.
func (e *entry) steps() []article.Step { return e.in(check.JA).Steps }

// load reads and checks all content. The library is complete only if none of
// the messages is an error.
func load(in Input) (*library, []article.Message, error) {
	sources, messages, err := findSources(in.Root, in.Config.Languages)
	if err != nil {
		return nil, nil, err
	}
	if len(sources) == 0 && article.Errors(messages) == 0 {
		return nil, append(messages, article.Message{
			Level: article.Error, Path: "content", Text: "there are no articles",
			Hint: `write the first one with "kbgen new SLUG", or name the site's folder with -C`,
		}), nil
	}
	parsed, err := parseAll(in, sources)
	if err != nil {
		return nil, nil, err
	}
	var all, selected []*article.Article
	for _, p := range parsed {
		leftOut := p.article != nil && p.article.Draft && !in.Drafts
		if leftOut {
			demote(p.messages)
		}
		messages = append(messages, p.messages...)
		if p.article != nil {
			all = append(all, p.article)
			if !leftOut {
				selected = append(selected, p.article)
			}
		}
	}
	messages = append(messages, checkSets(all, selected)...)
	l := newLibrary(selected)
	for _, p := range parsed {
		l.keys[p.article] = p.key
	}
	tagMessages := l.indexTags(in.Config.Languages)
	pictureMessages, err := l.readPictures(in, selected)
	if err != nil {
		return nil, nil, err
	}
	return l, slices.Concat(messages, tagMessages, pictureMessages), nil
}

// checkSets checks the articles against each other. What would not be wrong
// without the drafts that are left out is a warning.
func checkSets(all, selected []*article.Article) []article.Message {
	messages := article.CheckSet(all)
	if len(all) == len(selected) {
		return messages
	}
	wrong := map[string]bool{}
	for _, m := range article.CheckSet(selected) {
		wrong[m.Position()+m.Text] = true
	}
	for i, m := range messages {
		if !wrong[m.Position()+m.Text] {
			demote(messages[i : i+1])
		}
	}
	return messages
}

func demote(ms []article.Message) {
	for i := range ms {
		ms[i].Level = article.Warning
	}
}

// findSources lists the articles: content/LANG/*.md.
func findSources(root fs.FS, languages []check.Lang) ([]string, []article.Message, error) {
	var sources []string
	var messages []article.Message
	warn := func(path, text, hint string) {
		messages = append(messages, article.Message{Level: article.Warning, Path: path, Text: text, Hint: hint})
	}
	err := fs.WalkDir(root, "content", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if p != "content" && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		folder, depth := path.Base(path.Dir(p)), strings.Count(p, "/")
		switch {
		case d.IsDir() && depth == 1 && !slices.Contains(languages, check.Lang(d.Name())):
			warn(p, "this folder is not one of the site's languages", "the site's languages are "+join(languages))
			return fs.SkipDir
		case d.IsDir() || !strings.EqualFold(path.Ext(p), ".md"):
		case depth == 2 && d.Type().IsRegular():
			sources = append(sources, p)
		case depth == 2:
			warn(p, "this is not a regular file", "put the article itself here")
		default:
			warn(p, "this file is not an article", "articles are content/"+folderFor(folder, languages)+"/SLUG.md")
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, append(messages, article.Message{
			Level: article.Error, Path: "content", Text: "there is no such folder",
			Hint: "run kbgen where content/ is, or name that folder with -C",
		}), nil
	}
	return sources, append(messages, sameButCase(sources)...), err
}

func folderFor(folder string, languages []check.Lang) string {
	if slices.Contains(languages, check.Lang(folder)) {
		return folder
	}
	return string(languages[0])
}

func join[T ~string](list []T) string {
	words := make([]string, len(list))
	for i, w := range list {
		words[i] = string(w)
	}
	return strings.Join(words, ", ")
}

// sameButCase reports names that are one file on Windows and macOS.
func sameButCase(sources []string) []article.Message {
	var messages []article.Message
	first := map[string]string{}
	for _, p := range sources {
		folded := strings.ToLower(p)
		if q, ok := first[folded]; ok {
			messages = append(messages, article.Message{
				Level: article.Error, Path: p, Text: fmt.Sprintf("differs from %s only in upper and lower case", q),
				Hint: "rename one of them: on Windows the two are the same file",
			})
			continue
		}
		first[folded] = p
	}
	return messages
}

type parsed struct {
	key      cacheKey
	article  *article.Article
	messages []article.Message
}

// parseAll parses the sources on all cores, in the order of the sources.
func parseAll(in Input, sources []string) ([]parsed, error) {
	checks := check.All()
	results := make([]parsed, len(sources))
	errs := make([]error, len(sources))
	parallel(len(sources), func(i int) {
		src, err := fs.ReadFile(in.Root, sources[i])
		if err != nil {
			errs[i] = err
			return
		}
		key := keyOf("parse", []byte(sources[i]), src)
		p, _ := cached(in.Cache, key, func() (parsed, error) {
			a, ms := article.Parse(sources[i], src, checks)
			return parsed{key, a, ms}, nil
		})
		results[i] = parsed{key, p.article, slices.Clone(p.messages)}
	})
	return results, errors.Join(errs...)
}

// parallel calls f for 0 to n-1 on all cores and waits.
func parallel(n int, f func(int)) {
	var wg sync.WaitGroup
	indexes := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range indexes {
				f(i)
			}
		})
	}
	for i := range n {
		indexes <- i
	}
	close(indexes)
	wg.Wait()
}

func newLibrary(articles []*article.Article) *library {
	l := &library{
		bySlug: map[string]*entry{},
		titled: map[check.Lang]map[string]string{check.JA: {}, check.EN: {}},
		users:  map[string][]*entry{},
		keys:   map[*article.Article]cacheKey{},
		count:  len(articles),
	}
	for _, a := range articles {
		e := l.bySlug[a.Slug]
		if e == nil {
			e = &entry{slug: a.Slug, articles: map[check.Lang]*article.Article{}}
			l.bySlug[a.Slug] = e
			l.entries = append(l.entries, e)
		}
		e.articles[a.Lang] = a
		if titled := l.titled[a.Lang]; titled[a.Title] == "" {
			titled[a.Title] = a.Slug
		}
	}
	slices.SortFunc(l.entries, func(a, b *entry) int { return strings.Compare(a.slug, b.slug) })
	for _, e := range l.entries {
		for _, s := range e.steps() {
			if us := l.users[s.Check]; len(us) == 0 || us[len(us)-1] != e {
				l.users[s.Check] = append(us, e)
			}
		}
	}
	return l
}

// newest returns the entries by the date of what the page in lang shows,
// newest first.
func (l *library) newest(lang check.Lang) []*entry {
	list := slices.Clone(l.entries)
	slices.SortStableFunc(list, func(a, b *entry) int {
		return cmp.Compare(b.in(lang).UpdatedAt.Unix(), a.in(lang).UpdatedAt.Unix())
	})
	return list
}
