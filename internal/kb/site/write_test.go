package site

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// onDisk reads all files of a folder.
func onDisk(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for name, f := range mapFS(t, os.DirFS(dir)) {
		files[name] = string(f.Data)
	}
	return files
}

func mustWrite(t testing.TB, s *Site, out string) Outcome {
	t.Helper()
	outcome, err := s.Write(out, nil)
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

func TestWrite(t *testing.T) {
	out := filepath.Join(t.TempDir(), "deep", "public")
	s := mustBuild(t, fixture(t))
	if got := mustWrite(t, s, out); got != (Outcome{Written: len(s.Files)}) {
		t.Errorf("first build: %+v", got)
	}
	want := rendered(t, s)
	got := onDisk(t, out)
	delete(got, manifestName)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := mustWrite(t, s, out); got != (Outcome{Unchanged: len(s.Files)}) {
		t.Errorf("second build: %+v", got)
	}
}

func TestWriteLeavesUnchangedFilesAlone(t *testing.T) {
	out := t.TempDir()
	mustWrite(t, mustBuild(t, fixture(t)), out)
	old := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for name := range onDisk(t, out) {
		if err := os.Chtimes(filepath.Join(out, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	root := mapFS(t, os.DirFS("testdata/site"))
	const source = "content/ja/temp-folder-denied.md"
	root[source] = &fstest.MapFile{Data: []byte(strings.Replace(string(root[source].Data), "見出しの前", "前", 1))}
	outcome := mustWrite(t, mustBuild(t, inputOf(t, root)), out)
	if outcome.Written != 2 || outcome.Removed != 0 {
		t.Errorf("%+v, want the page and the search index written", outcome)
	}
	for name := range onDisk(t, out) {
		info, err := os.Stat(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		if changed, want := !info.ModTime().Equal(old), name == "ja/temp-folder-denied/index.html" || name == "search/manifest.json"; changed != want {
			t.Errorf("%s: touched %v, want %v", name, changed, want)
		}
	}
}

func TestWriteRemovesStaleFiles(t *testing.T) {
	out := t.TempDir()
	mustWrite(t, mustBuild(t, fixture(t)), out)
	own := filepath.Join(out, "ja", "session-limit", "mine.txt")
	if err := os.WriteFile(own, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	root := mapFS(t, os.DirFS("testdata/site"))
	delete(root, "content/ja/temp-folder-denied.md")
	delete(root, "content/en/temp-folder-denied.md")
	mustWrite(t, mustBuild(t, inputOf(t, root)), out)
	if _, err := os.Stat(filepath.Join(out, "ja", "temp-folder-denied")); !os.IsNotExist(err) {
		t.Error("the page of an article that is gone is still there")
	}
	if _, err := os.Stat(own); err != nil {
		t.Error("somebody else's file was removed")
	}
}

func TestWriteRefusesForeignFolder(t *testing.T) {
	s := mustBuild(t, fixture(t))
	out := t.TempDir()
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(out, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("thesis.txt", "important")
	if _, err := s.Write(out, nil); err == nil || !strings.Contains(err.Error(), "holds thesis.txt") {
		t.Errorf("%v", err)
	}
	if diff := cmp.Diff(map[string]string{"thesis.txt": "important"}, onDisk(t, out)); diff != "" {
		t.Error(diff)
	}

	// A file that appears in kbgen's folder under a name that a page needs.
	out = t.TempDir()
	write(".gitignore", "*\n")
	mustWrite(t, s, out)
	if err := os.Remove(filepath.Join(out, manifestName)); err != nil {
		t.Fatal(err)
	}
	write(manifestName, "404.html\n")
	write("robots.txt", "mine")
	before := onDisk(t, out)
	if _, err := s.Write(out, nil); err == nil || !strings.Contains(err.Error(), "holds robots.txt") {
		t.Errorf("%v", err)
	}
	if diff := cmp.Diff(before, onDisk(t, out)); diff != "" {
		t.Error(diff)
	}
}

// A manifest is a file that anyone may have edited.
func TestWriteKeepsInsideTheFolder(t *testing.T) {
	parent := t.TempDir()
	outside := filepath.Join(parent, "outside.txt")
	out := filepath.Join(parent, "public")
	if err := os.WriteFile(outside, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	s := mustBuild(t, fixture(t))
	mustWrite(t, s, out)
	manifest := "../outside.txt\n" + outside + "\nja/../../outside.txt\n.\n\n"
	if err := os.WriteFile(filepath.Join(out, manifestName), []byte(manifest), 0o666); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, s, out)
	if _, err := os.Stat(outside); err != nil {
		t.Error("a file outside the output folder was removed")
	}
}

func TestWriteIntoFile(t *testing.T) {
	out := filepath.Join(t.TempDir(), "public")
	if err := os.WriteFile(out, []byte("a file"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := mustBuild(t, fixture(t)).Write(out, nil); err == nil || !strings.Contains(err.Error(), "output folder") {
		t.Errorf("%v", err)
	}
}

// If one page cannot be rendered, nothing is published.
func TestWriteFailsAsAWhole(t *testing.T) {
	out := t.TempDir()
	mustWrite(t, mustBuild(t, fixture(t)), out)
	before := onDisk(t, out)
	in := fixture(t)
	in.Config.Title.JA = "another title"
	s := mustBuild(t, in)
	for i := range s.Files {
		if s.Files[i].Path == "ja/tags/index.html" {
			s.Files[i].Bytes = func() ([]byte, error) { return nil, fmt.Errorf("cannot render") }
		}
	}
	if _, err := s.Write(out, nil); err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(before, onDisk(t, out)); diff != "" {
		t.Error(diff)
	}
}

// variantEnv makes this test program write a variant of the site again and
// again, until it is killed.
const variantEnv = "KBGEN_TEST_WRITE"

func TestMain(m *testing.M) {
	if out := os.Getenv(variantEnv); out != "" {
		for i := 0; ; i++ {
			s, _, err := Build(variant(i))
			if err == nil {
				_, err = s.Write(out, nil)
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
	}
	os.Exit(m.Run())
}

// variant is a site whose style, script, pages and articles differ from those
// of the variant before.
func variant(i int) Input {
	root := fstest.MapFS{}
	for n := range 40 {
		slug := fmt.Sprintf("article-%d-%d", n, i%2)
		root["content/ja/"+slug+".md"] = &fstest.MapFile{Data: fmt.Appendf(nil,
			"---\ntitle: %s\nerrorText: wording %d\ntags: [t%d]\nupdatedAt: 2026-01-01\n---\n\n## x\n\n- a {check=os.version}\n", slug, i, i%3)}
	}
	pages := Overlay(fstest.MapFS{
		"assets/print.css": {Data: fmt.Appendf(nil, "@media print { .x { order: %d } }", i%5)},
	}, os.DirFS("../../../templates"))
	config := DefaultConfig()
	config.Title.JA = fmt.Sprint("variant ", i%7)
	return Input{Root: root, Templates: pages, Config: config}
}

// TestKilled kills builds at random moments. What can be reached from the home
// pages must be complete at any time: every page's style, script and picture
// is there, and so is every page that a page links to.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	out := t.TempDir()
	random := rand.New(rand.NewPCG(3, 4))
	leftovers := 0
	for range 8 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), variantEnv+"="+out)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(100+random.IntN(400)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		if stderr.Len() > 0 {
			t.Fatal(stderr.String())
		}
		if _, err := os.Stat(filepath.Join(out, stagingName)); err == nil {
			leftovers++
		}
		checkComplete(t, out)
	}
	if leftovers == 0 {
		t.Error("no build was killed while it wrote; the test shows nothing")
	}
	s := mustBuild(t, variant(0))
	mustWrite(t, s, out)
	got := onDisk(t, out)
	delete(got, manifestName)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(rendered(t, s))), slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("after the next build:\n%s", diff)
	}
}

var reference = regexp.MustCompile(`(?:href|src)="(/[^"#?]*)`)

func checkComplete(t *testing.T, out string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(out, "index.html")); err != nil {
		return // killed before the first build was published
	}
	seen := map[string]bool{"index.html": true}
	for queue := []string{"index.html"}; len(queue) > 0; queue = queue[1:] {
		page, err := os.ReadFile(filepath.Join(out, queue[0]))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(string(page), "</html>\n") {
			t.Errorf("%s is cut off", queue[0])
		}
		for _, m := range reference.FindAllStringSubmatch(string(page), -1) {
			target := path.Join(m[1], map[bool]string{true: "index.html"}[strings.HasSuffix(m[1], "/")])[1:]
			if seen[target] {
				continue
			}
			seen[target] = true
			if _, err := os.Stat(filepath.Join(out, target)); err != nil {
				t.Errorf("%s: there is no %s", queue[0], target)
			} else if path.Ext(target) == ".html" {
				queue = append(queue, target)
			}
		}
	}
}
