package site

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/check"
	"kbgen/internal/kb/plan"
	"kbgen/templates"
)

var update = flag.Bool("update", false, "rewrite the files in testdata/golden")

// fakePrograms stand in for kbprobe.
func fakePrograms() []Program {
	return []Program{
		{"windows/amd64", []byte("not really a program, for amd64\n")},
		{"windows/arm64", []byte("not really a program, for arm64\n")},
	}
}

// fixture is the input of the site in testdata/site.
func fixture(t testing.TB) Input {
	t.Helper()
	return inputOf(t, os.DirFS("testdata/site"))
}

func inputOf(t testing.TB, root fs.FS) Input {
	t.Helper()
	config, messages, err := ReadConfig(root)
	if err != nil || len(messages) > 0 {
		t.Fatal(messages, err)
	}
	return Input{Root: root, Templates: templates.Files(), Config: config, Programs: fakePrograms()}
}

// mustBuild builds a site whose content has no errors.
func mustBuild(t testing.TB, in Input) *Site {
	t.Helper()
	s, messages, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	if s == nil {
		t.Fatalf("not built:\n%s", listing(messages))
	}
	return s
}

func listing(messages []article.Message) string {
	var b strings.Builder
	for _, m := range messages {
		fmt.Fprintln(&b, m.String())
	}
	return b.String()
}

// rendered renders every file.
func rendered(t testing.TB, s *Site) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, f := range s.Files {
		data, err := f.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		files[f.Path] = string(data)
	}
	return files
}

// mapFS copies a folder of files into memory, where tests change it.
func mapFS(t testing.TB, root fs.FS) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, path)
		m[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestArticlePage(t *testing.T) {
	s := mustBuild(t, fixture(t))
	for _, lang := range check.Langs() {
		f, ok := s.Find(string(lang) + "/temp-folder-denied/index.html")
		if !ok {
			t.Fatal("no page")
		}
		got, err := f.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		// What other tests look at: the style sheet's hash, and the words of
		// the catalogue.
		got = regexp.MustCompile(`(site|icon|search)-[0-9a-f]{10}\.`).ReplaceAll(got, []byte("$1-HASH."))
		got = regexp.MustCompile(`(?s)<ul class="findings">.*?</ul>`).ReplaceAll(got, []byte(`<ul class="findings"></ul>`))
		golden := filepath.Join("testdata", "golden", "temp-folder-denied."+string(lang)+".html")
		if *update {
			if err := os.WriteFile(golden, got, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s differs (-want +got); -update rewrites it:\n%s", golden, diff)
		}
	}
}

func TestFindings(t *testing.T) {
	fix := check.Remedy{Text: check.Text{EN: "Mend {path}."}, Command: "mend \"{path}\" & {other}\nverify"}
	undo := check.Remedy{Text: check.Text{EN: "Undo it."}}
	in := fixture(t)
	in.Cache = &Cache{}
	l, _, err := load(in)
	if err != nil {
		t.Fatal(err)
	}
	b, err := newBuilder(in, l)
	if err != nil {
		t.Fatal(err)
	}
	got, err := b.pages.execute("checks", "findings", b.findings(check.EN, []check.Finding{
		{ID: "bad", Verdict: check.Problem, Text: check.Text{EN: "{path} has <{value}> {"}, Fix: fix, Rollback: undo},
		{ID: "worse", Verdict: check.Warning, Text: check.Text{EN: "The same."}, Fix: fix, Rollback: undo},
		{ID: "good", Verdict: check.OK, Text: check.Text{EN: "{A} stays."}},
	}, check.Args{"path": "%TEMP%<b>"}, "x."))
	if err != nil {
		t.Fatal(err)
	}
	const want = `<ul class="findings">
<li data-finding="bad" id="x.bad">
<p><span class="verdict verdict-problem">Problem</span> <span class="finding-text"><span data-value="path">%TEMP%&lt;b&gt;</span> has &lt;<var data-value="value">&lt;value&gt;</var>&gt; {</span></p>
<div class="remedy remedy-fix" data-remedy="fix">
<p><span class="label">Fix</span> <span class="remedy-text">Mend <span data-value="path">%TEMP%&lt;b&gt;</span>.</span></p>
<pre data-lang="batchfile"><code>mend &#34;<span data-value="path">%TEMP%&lt;b&gt;</span>&#34; &amp; <var data-value="other">&lt;other&gt;</var>
verify</code></pre>
</div>
<div class="remedy remedy-rollback" data-remedy="rollback">
<p><span class="label">To undo</span> <span class="remedy-text">Undo it.</span></p>
</div>
</li>
<li data-finding="worse" id="x.worse">
<p><span class="verdict verdict-warning">Warning</span> <span class="finding-text">The same.</span></p>
<div class="remedy remedy-fix" data-remedy="same">
<p><span class="label">Fix</span> <span class="remedy-text">as for the answer above</span></p>
</div>
</li>
<li data-finding="good" id="x.good">
<p><span class="verdict verdict-ok">OK</span> <span class="finding-text">{A} stays.</span></p>
</li>
</ul>`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestBuildIsDeterministic(t *testing.T) {
	first := rendered(t, mustBuild(t, fixture(t)))
	for range 3 {
		if diff := cmp.Diff(first, rendered(t, mustBuild(t, fixture(t)))); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestProgramCarriesPlans(t *testing.T) {
	files := rendered(t, mustBuild(t, fixture(t)))
	program := files["probe/kbprobe-windows-amd64.exe"]
	c, err := plan.Read(strings.NewReader(program), int64(len(program)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"session-limit", "temp-folder-denied"}, c.Slugs()); diff != "" {
		t.Fatal(diff)
	}
	p, _ := c.Find("temp-folder-denied")
	want := plan.Plan{
		Slug:  "temp-folder-denied",
		Title: check.Text{JA: "一時フォルダーに書き込めない", EN: "The temporary folder cannot be written"},
		ErrorTexts: []string{
			"一時フォルダーにファイルを作成できません (コード 5)。",
			`Setup could not write to <TEMP> & stopped: "access denied"`,
		},
		Pages: check.Text{
			JA: "https://kb.example.com/help/ja/temp-folder-denied/",
			EN: "https://kb.example.com/help/en/temp-folder-denied/",
		},
		Steps: []plan.Step{
			{Anchor: "access.temp-writable", Check: "access.temp-writable"},
			{Anchor: "access.path-acl", Check: "access.path-acl", Args: check.Args{"path": "%TEMP%", "access": "modify"}},
			{Anchor: "access.elevation", Check: "access.elevation"},
		},
	}
	want.Hash = plan.Hash(want.Slug, want.Steps)
	if diff := cmp.Diff(want, *p); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(files["ja/temp-folder-denied/index.html"], `data-plan-hash="`+want.Hash+`"`) {
		t.Error("the page does not show the plan's hash")
	}
}

// Rewording the body must not make a new program: its hash is on allow-lists.
func TestProgramChangesOnlyWithPlans(t *testing.T) {
	root := mapFS(t, os.DirFS("testdata/site"))
	const name, exe = "content/ja/temp-folder-denied.md", "probe/kbprobe-windows-amd64.exe"
	edit := func(old, new string) map[string]string {
		file := *root[name]
		if !bytes.Contains(file.Data, []byte(old)) {
			t.Fatalf("%s has no %q", name, old)
		}
		file.Data = bytes.Replace(file.Data, []byte(old), []byte(new), 1)
		changed := fstest.MapFS{}
		for n, f := range root {
			changed[n] = f
		}
		changed[name] = &file
		return rendered(t, mustBuild(t, inputOf(t, changed)))
	}
	before := edit("見出しの前", "見出しの前")
	if edit("見出しの前", "見出しのまえ")[exe] != before[exe] {
		t.Error("rewording the body changed the program")
	}
	if edit("一時フォルダーに書き込めない", "一時フォルダーへ書き込めない")[exe] == before[exe] {
		t.Error("a new title did not change the program")
	}
}

func TestDrafts(t *testing.T) {
	in := fixture(t)
	if _, ok := mustBuild(t, in).Find("ja/unfinished/index.html"); ok {
		t.Error("a draft was published")
	}
	in.Drafts = true
	if _, ok := mustBuild(t, in).Find("ja/unfinished/index.html"); !ok {
		t.Error("the draft is missing")
	}
}

func TestFallbackAndStale(t *testing.T) {
	files := rendered(t, mustBuild(t, fixture(t)))
	fallback := files["en/session-limit/index.html"]
	for _, want := range []string{
		"This article is not available in English yet.",
		`<article data-slug="session-limit" lang="ja">`,
		`<link rel="canonical" href="https://kb.example.com/help/ja/session-limit/">`,
	} {
		if !strings.Contains(fallback, want) {
			t.Errorf("en/session-limit: no %s", want)
		}
	}
	if strings.Contains(fallback, `rel="alternate" hreflang`) {
		t.Error("en/session-limit names itself a translation")
	}
	if got := files["en/temp-folder-denied/index.html"]; !strings.Contains(got, "The Japanese version was updated on 1 March 2026.") {
		t.Error("en/temp-folder-denied does not say that it is older than the Japanese article")
	}
	if got := files["ja/temp-folder-denied/index.html"]; strings.Contains(got, "古い可能性") {
		t.Error("ja/temp-folder-denied says that it is out of date")
	}
	if strings.Contains(files["sitemap.xml"], "/en/session-limit/") {
		t.Error("the sitemap lists a page without content of its own")
	}
}

func TestWithoutPrograms(t *testing.T) {
	in := fixture(t)
	in.Programs = nil
	page := rendered(t, mustBuild(t, in))["en/temp-folder-denied/index.html"]
	if strings.Contains(page, "download=") || !strings.Contains(page, "This site comes without the program.") {
		t.Error("the page offers a program that is not there")
	}
	in.Compiling = true
	page = rendered(t, mustBuild(t, in))["en/temp-folder-denied/index.html"]
	if !strings.Contains(page, "The program is being compiled.") {
		t.Error("the page does not say that the program is being compiled")
	}
}

func TestWithoutBaseURL(t *testing.T) {
	in := fixture(t)
	in.Config.Base = BaseURL{}
	files := rendered(t, mustBuild(t, in))
	for name := range files {
		if strings.Contains(name, "feed") || strings.Contains(name, "sitemap") {
			t.Errorf("%s needs absolute addresses", name)
		}
	}
	page := files["ja/temp-folder-denied/index.html"]
	for _, unwanted := range []string{"canonical", `rel="alternate"`, "/help/"} {
		if strings.Contains(page, unwanted) {
			t.Errorf("the page holds %s", unwanted)
		}
	}
}

// One broken article hides no other, and nothing is built.
func TestErrors(t *testing.T) {
	root := mapFS(t, os.DirFS("testdata/site"))
	root["content/ja/broken.md"] = &fstest.MapFile{Data: []byte("no front matter")}
	root["content/en/other.md"] = &fstest.MapFile{Data: []byte("---\ntitle: 3\n---\n")}
	root["content/ja/Session-Limit.md"] = root["content/ja/session-limit.md"]
	root["content/fr/x.md"] = &fstest.MapFile{Data: []byte("x")}
	root["content/en/deep/x.md"] = &fstest.MapFile{Data: []byte("x")}
	delete(root, "content/ja/settings.png")
	root["content/ja/setting.png"] = &fstest.MapFile{Data: []byte("x")}
	s, messages, err := Build(inputOf(t, root))
	if err != nil {
		t.Fatal(err)
	}
	if s != nil {
		t.Error("a site was built")
	}
	all := listing(messages)
	for _, want := range []string{
		"content/ja/broken.md", "content/en/other.md:1:1: error",
		"content/ja/session-limit.md: error: differs from content/ja/Session-Limit.md only in upper and lower case",
		"content/fr: warning: this folder is not one of the site's languages",
		"content/en/deep/x.md: warning: this file is not an article",
		"content/ja/temp-folder-denied.md:39:1: error: there is no picture content/ja/settings.png",
		"   39 | ![設定画面](settings.png)", `did you mean "setting.png"?`,
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in:\n%s", want, all)
		}
	}
}

func TestNoContent(t *testing.T) {
	for _, root := range []fstest.MapFS{{}, {"content/ja/.gitkeep": {}}, {"content": {Data: []byte("a file")}}} {
		s, messages, err := Build(inputOf(t, root))
		if err != nil || s != nil || article.Errors(messages) != 1 {
			t.Errorf("%v: %v %v %v", root, s, messages, err)
		}
	}
}

func TestBrokenTemplates(t *testing.T) {
	for name, test := range map[string]struct{ content, want string }{
		"home.html":         {"{{define \"main\"}}{{.Nothing}}{{end}}", "home.html"},
		"tags.html":         {"{{define", "tags.html:1"},
		"i18n/site.en.yaml": {"a: b\nc", "i18n/site.en.yaml: line 2"},
		"assets/site.ts":    {"import './no.js'; let x: = 3", "assets:site.ts"},
	} {
		in := fixture(t)
		in.Templates = Overlay(fstest.MapFS{name: {Data: []byte(test.content)}}, in.Templates)
		s, _, err := Build(in)
		if err == nil {
			for _, f := range s.Files {
				if _, e := f.Bytes(); e != nil {
					err = e
				}
			}
		}
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, test.want)
		}
	}
}
