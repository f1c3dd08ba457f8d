package index_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kbgen/internal/kb/search"
	"kbgen/internal/kb/search/index"
)

// generated makes n documents out of the messages of the relevance test: each
// is one of them about another thing, with a code of its own and a body.
func generated(t testing.TB, n int) []search.Doc {
	t.Helper()
	r := rand.New(rand.NewPCG(3, uint64(n)))
	base := messages(t)
	var words [2][]string
	for _, doc := range base {
		for v := range words {
			words[v] = append(words[v], strings.Fields(strings.Join(doc.Versions[v].Wordings, " "))...)
		}
	}
	some := func(v, n int) string {
		var out []string
		for range n {
			out = append(out, words[v][r.IntN(len(words[v]))])
		}
		return strings.Join(out, " ")
	}
	docs := make([]search.Doc, n)
	for i := range docs {
		from := base[i%len(base)]
		docs[i].Slug = fmt.Sprintf("error-%06d", i)
		for v, version := range from.Versions {
			wording := version.Wordings[0]
			if i >= len(base) {
				wording = some(v, 2) + " " + wording + " " + some(v, 2)
			}
			docs[i].Versions = append(docs[i].Versions, search.Version{
				Lang: version.Lang, Title: fmt.Sprintf("%s (%d)", wording, i), Tags: version.Tags, Body: some(v, 150),
				Wordings: []string{wording, fmt.Sprintf("%s 0x%08X", wording, 0x80040000+13*i)},
			})
		}
	}
	return docs
}

// What a search fetches at 2,500 articles, without the script: the budget of
// 60 KB leaves 15 KB for that.
const (
	firstBudget = 45_000
	laterBudget = 30_000 // median
)

func TestBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	docs := generated(t, 2500)
	files := build(t, docs)
	zipped := map[string]int{}
	for _, f := range files {
		zipped[f.Path] = gzipped(t, f.Data)
	}
	fetched := func(p *page) int {
		sum := 0
		for _, path := range p.read {
			sum += zipped[path]
		}
		p.read = nil
		return sum
	}
	warm := newPage(t, files)
	var first, later []int
	r := rand.New(rand.NewPCG(9, 9))
	for i, form := range slices.Repeat(forms(), 4) {
		wordings := docs[r.IntN(len(docs))].Versions[i%2].Wordings
		query := form.write(r, wordings[r.IntN(2)])
		if query == "" {
			continue
		}
		cold := newPage(t, files)
		cold.find(t, query)
		n := fetched(cold)
		first = append(first, n)
		if n > firstBudget {
			t.Errorf("the first query %.100q fetches %d bytes, more than %d", query, n, firstBudget)
		}
		warm.find(t, query)
		later = append(later, fetched(warm))
	}
	slices.Sort(first)
	slices.Sort(later[1:])
	median := later[1+len(later)/2]
	t.Logf("%d files; first query: median %d, at most %d bytes; later ones: median %d", len(files), first[len(first)/2], first[len(first)-1], median)
	if median > laterBudget {
		t.Errorf("later queries fetch %d bytes, more than %d", median, laterBudget)
	}
}

func gzipped(t testing.TB, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// The same documents give the same files, and a changed one changes only
// shards that hold it.
func TestDeterministic(t *testing.T) {
	docs := generated(t, 600)
	first := build(t, docs)
	byPath := map[string][]byte{}
	for _, f := range first {
		if _, twice := byPath[f.Path]; twice {
			t.Errorf("%s is there twice", f.Path)
		}
		byPath[f.Path] = f.Data
	}
	for _, f := range build(t, docs) {
		if !bytes.Equal(byPath[f.Path], f.Data) {
			t.Errorf("%s differs", f.Path)
		}
	}
	docs[300].Versions[0].Title = "まったく別の題名"
	kept := 0
	for _, f := range build(t, docs) {
		if data, ok := byPath[f.Path]; ok && bytes.Equal(data, f.Data) {
			kept++
		}
	}
	if kept < len(first)*3/4 || kept == len(first) {
		t.Errorf("%d of %d files are unchanged after one title has changed", kept, len(first))
	}
}

// An empty site has an index, too.
func TestNoDocuments(t *testing.T) {
	files := build(t, nil)
	if len(files) != 1 || files[0].Path != index.ManifestPath {
		t.Fatalf("%d files", len(files))
	}
	if a := newPage(t, files).find(t, "0x80070005 アクセスが拒否されました"); len(a.Hits) > 0 || a.Partial {
		t.Errorf("%+v", a)
	}
}

// A shard that is gone or cut costs what it held, and is said.
func TestBrokenShards(t *testing.T) {
	docs := messages(t)
	files := build(t, docs)
	if len(files) < 20 {
		t.Fatalf("only %d files: the index is not in shards", len(files))
	}
	query := docs[100].Versions[1].Wordings[0]
	whole := newPage(t, files)
	if a := whole.find(t, query); a.Partial || a.Hits[0].Slug != docs[100].Slug {
		t.Fatalf("%+v", a)
	}
	needed := slices.Clone(whole.read)
	for _, path := range needed[1:] {
		for name, breakIt := range map[string]func(p *page){
			"missing": func(p *page) { delete(p.files, path) },
			"cut":     func(p *page) { p.files[path] = []byte(`"AAA` + `"`) },
			"odd":     func(p *page) { p.files[path] = []byte(`{"a":[1]}`) },
		} {
			broken := newPage(t, files)
			breakIt(broken)
			a := broken.find(t, query)
			if name != "cut" && !a.Partial {
				t.Errorf("%s %s: not said", path, name)
			}
		}
	}
}

func BenchmarkEntry(b *testing.B) {
	docs := generated(b, 200)
	langs := []string{"ja", "en"}
	for i := 0; b.Loop(); i++ {
		if _, err := index.NewEntry(langs, docs[i%len(docs)], nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	docs := generated(b, 2500)
	langs := []string{"ja", "en"}
	entries := make([]index.Entry, len(docs))
	for i, doc := range docs {
		entries[i], _ = index.NewEntry(langs, doc, nil)
	}
	for b.Loop() {
		if _, err := index.Build(langs, entries); err != nil {
			b.Fatal(err)
		}
	}
}

// A page that was opened before the site was built again asks for shards that
// are gone, and starts over with the new index.
func TestNewerIndex(t *testing.T) {
	docs := messages(t)
	p := newPage(t, build(t, docs))
	query := docs[40].Versions[0].Wordings[0]
	if a := p.find(t, query); a.Hits[0].Slug != docs[40].Slug {
		t.Fatalf("%+v", a.Hits[0])
	}
	for i := range docs {
		docs[i].Slug = "moved-" + docs[i].Slug
		docs[i].Versions[0].Title += " (改)"
	}
	p.files = map[string][]byte{}
	for _, f := range build(t, docs) {
		p.files[f.Path] = f.Data
	}
	other := docs[41].Versions[0].Wordings[0]
	if a := p.find(t, other); a.Partial || len(a.Hits) == 0 || a.Hits[0].Slug != docs[41].Slug {
		t.Errorf("partial %v, %d hits", a.Partial, len(a.Hits))
	}
}
