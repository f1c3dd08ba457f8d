package i18n_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"kbgen/internal/kb/check"
	"kbgen/templates/i18n"
)

func read(t *testing.T, name string) (string, i18n.Messages) {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	m, err := i18n.Parse(string(src))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return string(src), m
}

func names(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.yaml")
	if err != nil || len(files) != 4 {
		t.Fatal(files, err)
	}
	return files
}

// The probe cannot afford a YAML library; the files are YAML all the same.
func TestFilesAreYAML(t *testing.T) {
	for _, name := range names(t) {
		src, got := read(t, name)
		want := i18n.Messages{}
		if err := yaml.Unmarshal([]byte(src), &want); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-yaml +ours):\n%s", name, diff)
		}
	}
}

var placeholder = regexp.MustCompile(`\{[a-z-]+\}`)

func TestLanguagesMatch(t *testing.T) {
	for _, program := range []string{"site", "probe"} {
		_, ja := read(t, program+".ja.yaml")
		_, en := read(t, program+".en.yaml")
		if diff := cmp.Diff(slices.Sorted(maps.Keys(ja)), slices.Sorted(maps.Keys(en))); diff != "" {
			t.Errorf("%s: keys differ (-ja +en):\n%s", program, diff)
		}
		for key := range ja {
			j, e := placeholder.FindAllString(ja[key], -1), placeholder.FindAllString(en[key], -1)
			slices.Sort(j)
			slices.Sort(e)
			if !slices.Equal(slices.Compact(j), slices.Compact(e)) {
				t.Errorf("%s: %s: placeholders %v in ja, %v in en", program, key, j, e)
			}
		}
	}
}

// The site and the probe use the same words for verdicts.
func TestVerdictWords(t *testing.T) {
	for _, lang := range check.Langs() {
		_, site := read(t, "site."+string(lang)+".yaml")
		probe, err := i18n.Probe(lang)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []check.Verdict{check.OK, check.Problem, check.Warning, check.Unknown, check.NotApplicable} {
			s, p := site.Text("verdict."+string(v)), probe.Text("verdict-"+string(v))
			if !strings.EqualFold(s, p) {
				t.Errorf("%s: %s is %q on the site and %q in the probe", lang, v, s, p)
			}
		}
	}
}

// families are keys whose last part is a value of the program.
var families = map[string][]string{
	"severity.": {"high", "medium", "low"},
	"verdict.":  {"ok", "problem", "warning", "unknown", "n-a"},
	"admin.":    {"no", "maybe", "yes"},

	"probe.platform.": {"windows-amd64", "windows-arm64"},
	"codes.family.":   {"hex", "num", "event", "kb", "id", "name"},
}

var (
	inTemplate = regexp.MustCompile(`\.T "([a-z0-9.-]+)"`)
	inGo       = regexp.MustCompile(`\bText\("([a-z0-9.-]+)"( ?\+)?`)
)

// Every text of the site is used, and every text that is used exists.
func TestSiteTextsAreUsed(t *testing.T) {
	used := map[string]bool{}
	scan(t, "..", "*.html", func(src string) {
		for _, m := range inTemplate.FindAllStringSubmatch(src, -1) {
			used[m[1]] = true
		}
	})
	scan(t, "../../internal/kb/site", "*.go", func(src string) {
		for _, m := range inGo.FindAllStringSubmatch(src, -1) {
			if m[2] == "" {
				used[m[1]] = true
				continue
			}
			if families[m[1]] == nil {
				t.Errorf("Text(%q + …): say in families which keys there are", m[1])
			}
			for _, last := range families[m[1]] {
				used[m[1]+last] = true
			}
		}
	})
	_, site := read(t, "site.en.yaml")
	if diff := cmp.Diff(slices.Sorted(maps.Keys(used)), slices.Sorted(maps.Keys(site))); diff != "" {
		t.Errorf("(-used +there):\n%s", diff)
	}
}

func scan(t *testing.T, dir, pattern string, f func(src string)) {
	t.Helper()
	files, err := fs.Glob(os.DirFS(dir), pattern)
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		f(string(src))
	}
}

func TestText(t *testing.T) {
	m := i18n.Messages{"a": "{x} and {y}, {z}"}
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, "{x} and {y}, {z}"},
		{[]string{"x", "1", "y", "{x}"}, "1 and {x}, {z}"},
		{[]string{"x"}, "{x} and {y}, {z}"},
	} {
		if got := m.Text("a", test.args...); got != test.want {
			t.Errorf("%v: %q, want %q", test.args, got, test.want)
		}
	}
	if got := m.Text("b"); got != "[b]" {
		t.Errorf("an unknown key gives %q", got)
	}
}

func TestParseErrors(t *testing.T) {
	for src, line := range map[string]int{
		"a: b\nno text":    2,
		"a: b\n\na: c":     3,
		"A: b":             1,
		"a: \"b":           1,
		"a: \"\\q\"":       1,
		"a: [b]":           1,
		"a: b: c":          1,
		"a: b #c":          1,
		"a: 'b'":           1,
		"a: {x}":           1,
		"a:  ":             1,
		"# c\r\na: b\r\nb": 3,
	} {
		_, err := i18n.Parse(src)
		var syntax *i18n.SyntaxError
		if !errors.As(err, &syntax) || syntax.Line != line {
			t.Errorf("%q: %v, want an error in line %d", src, err, line)
		}
	}
}

// Whatever the file holds, reading it and using it does not panic.
func FuzzParse(f *testing.F) {
	for _, src := range []string{"a: b\n", "a: \"\\u3042\\n\"\n", "# c\n\na: b # c\n", "a: - b", "a: ~", "a: 1_0", "a: \"\\'\"", "a: \"\\x41\\101\""} {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		m, err := i18n.Parse(src)
		if err != nil {
			return
		}
		for key := range m {
			m.Text(key, "a", "b")
		}
	})
}

// A report names the place on the page where it can be pasted.
func TestReportNamesThePage(t *testing.T) {
	for _, lang := range check.Langs() {
		_, probe := read(t, "probe."+string(lang)+".yaml")
		_, site := read(t, "site."+string(lang)+".yaml")
		for _, key := range []string{"report-results", "report-results-no-page"} {
			if place := site.Text("paste.title"); !strings.Contains(probe[key], place) {
				t.Errorf("%s: %s does not name %q: %q", lang, key, place, probe[key])
			}
		}
	}
}
