package check_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"kbgen/internal/kb/check"
	"kbgen/internal/kb/host/recorded"
)

var update = flag.Bool("update", false, "rewrite what the cases in testdata want")

// testCase is a recorded machine and what a check says about it. In a txtar file of
// testdata it is up to three files:
//
//	-- NAME --            the recorded machine
//	-- NAME: args --      the marker's parameters, NAME=VALUE; may be left out
//	-- NAME: want --      each finding's verdict and ID, its values indented below
type testCase struct {
	check *check.Check
	name  string
	found []check.Found
	want  string
}

// cases runs the cases of all checks. There is a txtar file for each check.
func cases(t *testing.T) []testCase {
	t.Helper()
	var all []testCase
	catalogue := check.All()
	for i := range catalogue {
		all = append(all, casesOf(t, &catalogue[i])...)
	}
	return all
}

func path(c *check.Check) string { return filepath.Join("testdata", c.ID+".txtar") }

func casesOf(t *testing.T, c *check.Check) []testCase {
	t.Helper()
	archive, err := txtar.ParseFile(path(c))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range archive.Files {
		if _, ok := texts[f.Name]; ok {
			t.Fatalf("%s: %q is there twice", path(c), f.Name)
		}
		texts[f.Name] = string(f.Data)
	}
	var all []testCase
	for _, f := range archive.Files {
		name, part, isPart := strings.Cut(f.Name, ": ")
		if isPart {
			if _, ok := texts[name]; !ok || part != "args" && part != "want" {
				t.Fatalf("%s: %q belongs to no case", path(c), f.Name)
			}
			continue
		}
		all = append(all, testCase{
			check: c,
			name:  c.ID + ", " + name,
			found: judge(t, c, path(c)+": "+name, texts[name], texts[name+": args"]),
			want:  texts[name+": want"],
		})
	}
	return all
}

func judge(t *testing.T, c *check.Check, name, machine, arguments string) []check.Found {
	t.Helper()
	h, err := recorded.Parse(name, machine)
	if err != nil {
		t.Fatal(err)
	}
	args := check.Args{}
	for line := range strings.Lines(arguments) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), "=")
		args[k] = v
	}
	for _, e := range c.CheckArgs(args) {
		if e.Name != c.HostParam() { // that one the reader names
			t.Fatalf("%s: %v", name, e)
		}
	}
	return check.Judges()[c.ID](h, c.WithDefaults(args))
}

// render writes findings as the want files have them.
func render(t *testing.T, c *check.Check, found []check.Found) string {
	t.Helper()
	var b strings.Builder
	for _, f := range found {
		finding, ok := c.Finding(f.Finding)
		if !ok {
			t.Errorf("%s: the catalogue has no finding %q", c.ID, f.Finding)
		}
		fmt.Fprintf(&b, "%s %s\n", finding.Verdict, f.Finding)
		for _, v := range f.Values {
			fmt.Fprintf(&b, "\t%s = %s\n", v.Name, v.Text)
		}
	}
	return b.String()
}

func TestCases(t *testing.T) {
	if *update {
		rewrite(t)
	}
	for _, c := range cases(t) {
		if c.want == "" {
			t.Errorf("%s: wants nothing; run with -update and read what it says", c.name)
		}
		if diff := cmp.Diff(c.want, render(t, c.check, c.found)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// rewrite puts what the checks say now into testdata.
func rewrite(t *testing.T) {
	catalogue := check.All()
	for i := range catalogue {
		c := &catalogue[i]
		archive, err := txtar.ParseFile(path(c))
		if err != nil {
			t.Fatal(err)
		}
		wants := map[string]string{}
		for _, tc := range casesOf(t, c) {
			wants[strings.TrimPrefix(tc.name, c.ID+", ")+": want"] = render(t, c, tc.found)
		}
		for j, f := range archive.Files {
			if want, ok := wants[f.Name]; ok {
				archive.Files[j].Data = []byte(want)
			}
		}
		if err := os.WriteFile(path(c), txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEveryFindingHasACase keeps the catalogue honest: a finding that no
// recorded machine leads to is a promise that nobody has tried.
func TestEveryFindingHasACase(t *testing.T) {
	produced := map[string]bool{}
	for _, c := range cases(t) {
		for _, f := range c.found {
			produced[c.check.ID+" "+f.Finding] = true
			produced[f.Finding] = true
		}
	}
	for _, c := range check.All() {
		for _, f := range c.Findings {
			if !produced[c.ID+" "+f.ID] {
				t.Errorf("%s: no case leads to %q", c.ID, f.ID)
			}
		}
	}
	for _, f := range check.Common() {
		// The one is the runner's, the other has TestCutShort.
		if f.ID != check.FindingInternal && f.ID != check.FindingCut && !produced[f.ID] {
			t.Errorf("no case leads to the common finding %q", f.ID)
		}
	}
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// placeholders lists the names in braces, sorted, each once.
func placeholders(texts ...string) []string {
	var names []string
	for _, s := range texts {
		for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
			names = append(names, m[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// texts are all texts of a finding in one language.
func texts(f check.Finding, lang check.Lang) []string {
	return []string{f.Text.In(lang), f.Fix.Text.In(lang), f.Fix.Command, f.Rollback.Text.In(lang), f.Rollback.Command}
}

// TestValues holds what a check found against what its finding says: each
// name in braces gets a value, each value is used, and each is one short line.
func TestValues(t *testing.T) {
	for _, c := range cases(t) {
		for _, found := range c.found {
			f, _ := c.check.Finding(found.Finding)
			var names []string
			for _, v := range found.Values {
				names = append(names, v.Name)
				if v.Text == "" || len(v.Text) > 500 || strings.ContainsFunc(v.Text, func(r rune) bool { return r < ' ' }) {
					t.Errorf("%s: %s: value %s is %q", c.name, f.ID, v.Name, v.Text)
				}
			}
			slices.Sort(names)
			if used := placeholders(texts(f, check.EN)...); !slices.Equal(names, used) {
				t.Errorf("%s: %s has values %q, its texts use %q", c.name, f.ID, names, used)
			}
		}
	}
}
