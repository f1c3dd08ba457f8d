package index_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kbgen/internal/kb/errorcode"
	"kbgen/internal/kb/search"
	"kbgen/internal/kb/search/index"
)

// messages reads the articles of the relevance test: slug, title ja and en,
// wordings ja and en, tags, body ja and en.
func messages(t testing.TB) []search.Doc {
	t.Helper()
	data, err := os.ReadFile("../testdata/messages.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var docs []search.Doc
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 8 {
			t.Fatalf("messages.tsv: %d columns: %q", len(f), line)
		}
		tags := strings.Split(f[5], ",")
		docs = append(docs, search.Doc{Slug: f[0], Versions: []search.Version{
			{Lang: "ja", Title: f[1], Wordings: strings.Split(f[3], " ¶ "), Tags: tags, Body: f[6]},
			{Lang: "en", Title: f[2], Wordings: strings.Split(f[4], " ¶ "), Tags: tags, Body: f[7]},
		}})
	}
	slices.SortFunc(docs, func(a, b search.Doc) int { return strings.Compare(a.Slug, b.Slug) })
	return docs
}

func build(t testing.TB, docs []search.Doc) []index.File {
	t.Helper()
	table := errorcode.NewTable()
	langs := []string{"ja", "en"}
	entries := make([]index.Entry, len(docs))
	for i, doc := range docs {
		var err error
		if entries[i], err = index.NewEntry(langs, doc, table.Equivalents); err != nil {
			t.Fatal(err)
		}
	}
	files, err := index.Build(langs, entries)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// form is a way in which people have a message.
type form struct {
	name  string
	codes bool // the query is a code alone: any article that holds it will do
	first float64
	third float64
	write func(r *rand.Rand, wording string) string // "" if there is none
}

var (
	verbs   = regexp.MustCompile(`%[0-9]?\$?[sdiu]|%[0-9]|\{[0-9]\}|<[A-Za-z ]{3,30}>|'[A-Za-z_.]{2,20}'|"[A-Za-z_.]{2,20}"|SERVER01|\b\d{1,3}(\.\d{1,3}){3}\b|[A-Z]:\\[\w\\.]+`)
	hexCode = regexp.MustCompile(`\b0x[0-9A-Fa-f]{8}\b`)
)

func forms() []form {
	names := []string{"tanaka", "hq-file-02", "10.1.2.3", "config.yaml", "42", `C:\Users\sato\a.txt`, "customer_id", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "/srv/app/data.db"}
	fill := func(r *rand.Rand, s string) string {
		return verbs.ReplaceAllStringFunc(s, func(verb string) string {
			name := names[r.IntN(len(names))]
			if q := verb[0]; q == '\'' || q == '"' {
				return string(q) + name + string(q)
			}
			return name
		})
	}
	asSeen := func(r *rand.Rand, s string) string {
		return fmt.Sprintf("%s(%d): error: %s", []string{"main.c", "Program.cs", "deploy.ps1"}[r.IntN(3)], r.IntN(900)+1, fill(r, s))
	}
	spell := func(i int) func(*rand.Rand, string) string {
		return func(_ *rand.Rand, s string) string {
			found := hexCode.FindString(s)
			if found == "" {
				return ""
			}
			spellings := errorcode.Spellings("hex:" + strings.TrimLeft(strings.ToLower(found[2:]), "0"))
			if i >= len(spellings) {
				return ""
			}
			return spellings[i]
		}
	}
	fullWidth := func(_ *rand.Rand, s string) string {
		return strings.Map(func(r rune) rune {
			if r > ' ' && r < 0x7f {
				return r - '!' + 0xff01
			}
			return r
		}, s)
	}
	return []form{
		{"exact", false, 0.99, 0.99, func(_ *rand.Rand, s string) string { return s }},
		{"as seen", false, 0.99, 0.99, asSeen},
		{"names filled in", false, 0.97, 0.99, fill},
		{"full width", false, 0.97, 0.99, fullWidth},
		{"code", true, 0.99, 0.99, spell(0)},
		{"bare code", true, 0.99, 0.99, spell(1)},
		{"signed code", true, 0.99, 0.99, spell(2)},
		{"unsigned code", true, 0.99, 0.99, spell(3)},
		{"full-width code", true, 0.99, 0.99, func(r *rand.Rand, s string) string { return fullWidth(r, spell(0)(r, s)) }},
		{"scanned code", true, 0.99, 0.99, func(r *rand.Rand, s string) string {
			return strings.NewReplacer("0x", "OX", "0", "O", "1", "l", "5", "S").Replace(hexCode.FindString(s))
		}},
		{"one letter wrong", false, 0.97, 0.99, func(r *rand.Rand, s string) string {
			runes := []rune(s)
			runes[r.IntN(len(runes))] = 'あ'
			return string(runes)
		}},
		{"one letter missing", false, 0.97, 0.99, func(r *rand.Rand, s string) string {
			runes := []rune(s)
			i := r.IntN(len(runes))
			return string(slices.Delete(runes, i, i+1))
		}},
		{"middle", false, 0.97, 0.99, func(_ *rand.Rand, s string) string {
			runes := []rune(withoutCode(s))
			return string(runes[len(runes)/5 : len(runes)-len(runes)/5])
		}},
		{"in a log", false, 0.97, 0.99, func(r *rand.Rand, s string) string { return inLog(r, fill(r, s)) }},
	}
}

var codeLike = regexp.MustCompile(`\b(0x[0-9A-Fa-f]+|[A-Z]{1,8}-?\d{3,7}|-?\d{4,})\b:?`)

func withoutCode(s string) string { return strings.TrimSpace(codeLike.ReplaceAllString(s, "")) }

func inLog(r *rand.Rand, message string) string {
	noise := []string{
		"connection opened to upstream", "request finished in 23 ms", "loading configuration", "サービスを開始しました", "cache entry expired, refreshing",
		"設定を読み込んでいます", "retrying operation, attempt 2", "user session started", "ジョブ 17 を実行しています", "heartbeat ok",
	}
	var lines []string
	for i := range 200 {
		lines = append(lines, fmt.Sprintf("2026-11-03 12:%02d:%02d.%03d INFO [worker-%d] %s", i/60, i%60, r.IntN(1000), r.IntN(8), noise[r.IntN(len(noise))]))
	}
	lines[r.IntN(len(lines))] = "2026-11-03 12:01:17.004 ERROR [worker-2] " + message
	return strings.Join(lines, "\n")
}

// The two searches, kbgen's over the articles and the page's over the emitted
// files, find what people paste.
func TestRelevance(t *testing.T) {
	docs := messages(t)
	page := newPage(t, build(t, docs))
	corpus := search.New(docs, errorcode.NewTable().Equivalents)
	const perForm = 12 // in each language
	queries := 0
	for _, f := range forms() {
		for v, lang := range []string{"ja", "en"} {
			r := rand.New(rand.NewPCG(uint64(v), uint64(len(f.name))))
			var inPage, inGo tally
			for _, i := range r.Perm(len(docs)) {
				if inPage.asked == perForm {
					break
				}
				wordings := docs[i].Versions[v].Wordings
				wording := wordings[r.IntN(len(wordings))]
				if len(search.Parse(withoutCode(wording)).Terms) < 4 {
					continue
				}
				query := f.write(r, wording)
				if query == "" {
					continue
				}
				right := func(slug string) bool {
					return slug == docs[i].Slug || f.codes && holdsAll(docs, slug, search.Parse(query).Codes)
				}
				var slugs []string
				for _, hit := range page.find(t, query).Hits {
					slugs = append(slugs, hit.Slug)
				}
				inPage.add(t, "page", f.name, query, docs[i].Slug, slugs, right)
				slugs = nil
				for _, hit := range corpus.Find(query).Hits {
					slugs = append(slugs, docs[hit.Doc].Slug)
				}
				inGo.add(t, "kbgen", f.name, query, docs[i].Slug, slugs, right)
			}
			queries += inPage.asked
			inPage.check(t, "page", f, lang)
			inGo.check(t, "kbgen", f, lang)
		}
	}
	if queries < 300 || len(docs) < 300 {
		t.Errorf("only %d queries over %d articles", queries, len(docs))
	}
}

func holdsAll(docs []search.Doc, slug string, codes []search.Code) bool {
	for _, doc := range docs {
		if doc.Slug != slug {
			continue
		}
		held := map[string]bool{}
		for _, v := range doc.Versions {
			for _, text := range append(v.Wordings, v.Title) {
				for _, c := range search.Parse(text).Codes {
					held[c.Key] = true
				}
			}
		}
		for _, c := range codes {
			if !held[c.Key] {
				return false
			}
		}
		return len(codes) > 0
	}
	return false
}

type tally struct{ asked, first, third int }

func (c *tally) add(t *testing.T, where, form, query, slug string, slugs []string, right func(string) bool) {
	c.asked++
	at := slices.IndexFunc(slugs, right)
	if at == 0 {
		c.first++
	} else {
		t.Logf("%s, %s: %.200q is at %d for %s: %.3v", where, form, query, at, slug, slugs[:min(3, len(slugs))])
	}
	if at >= 0 && at < 3 {
		c.third++
	}
}

func (c *tally) check(t *testing.T, where string, f form, lang string) {
	first, third := float64(c.first)/float64(max(1, c.asked)), float64(c.third)/float64(max(1, c.asked))
	t.Logf("%-6s %-20s %s: %3d queries, hit@1 %5.1f%%, hit@3 %5.1f%%", where, f.name, lang, c.asked, 100*first, 100*third)
	if c.asked == 0 {
		t.Errorf("%s: no queries", f.name)
	} else if first < f.first || third < f.third {
		t.Errorf("%s, %s, %s: hit@1 %.3f and hit@3 %.3f, want %.2f and %.2f", where, f.name, lang, first, third, f.first, f.third)
	}
}
