// Package kb_test holds the house rules that no compiler enforces: which
// package may import which, and what the probe must never link.
package kb_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// allowed lists, for every package of the module, which packages of the
// module it may import. Imports run one way:
//
//	cmd → site, devserver, probe → article, plan, search → check → host
//
// A package that is not listed here fails the test: give it a place first.
func allowed() map[string][]string {
	return map[string][]string{
		"cmd/kbgen":                 {"internal/kb/article", "internal/kb/check", "internal/kb/devserver", "internal/kb/errorcode", "internal/kb/search", "internal/kb/site", "templates"},
		"cmd/kbprobe":               {"internal/kb/probe"},
		"internal/kb/devserver":     {"internal/kb/article", "internal/kb/site"},
		"internal/kb/site":          {"internal/kb/article", "internal/kb/check", "internal/kb/errorcode", "internal/kb/plan", "internal/kb/plan/stamp", "internal/kb/search", "internal/kb/search/index", "templates", "templates/i18n"},
		"internal/kb/probe":         {"internal/kb/check", "internal/kb/host", "internal/kb/plan", "internal/kb/search", "internal/kb/tinyjson", "templates/i18n"},
		"internal/kb/article":       {"internal/kb/check"},
		"internal/kb/plan":          {"internal/kb/check", "internal/kb/tinyjson"},
		"internal/kb/plan/stamp":    {"internal/kb/plan"},
		"internal/kb/search":        {},
		"internal/kb/search/index":  {"internal/kb/search"},
		"internal/kb/errorcode":     {"internal/kb/check"},
		"internal/kb/check":         {"internal/kb/host", "internal/kb/rdp", "internal/kb/sntp"},
		"internal/kb/e2e":           {},
		"internal/kb/host":          {},
		"internal/kb/host/recorded": {"internal/kb/host"},
		"internal/kb/rdp":           {},
		"internal/kb/sntp":          {},
		"internal/kb/tinyjson":      {},
		"internal/kb/winetest":      {},
		"templates":                 {},
		"templates/i18n":            {"internal/kb/check"},
	}
}

const module = "kbgen/"

type goPackage struct {
	ImportPath string
	Imports    []string
}

func list(t *testing.T, env []string, args ...string) []goPackage {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-e", "-json=ImportPath,Imports"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Dir = "../.."
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var packages []goPackage
	for d := json.NewDecoder(out); ; {
		var p goPackage
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	return packages
}

func TestImports(t *testing.T) {
	rules := allowed()
	seen := map[string]bool{}
	for _, system := range []string{"linux", "windows"} {
		for _, p := range list(t, []string{"GOOS=" + system, "CGO_ENABLED=0"}, "./...") {
			name, ours := strings.CutPrefix(p.ImportPath, module)
			if !ours || strings.Contains(name, "testdata") {
				continue
			}
			if name == "internal/kb" { // this test
				continue
			}
			seen[name] = true
			may, placed := rules[name]
			if !placed {
				t.Errorf("%s has no place in the house: add it to allowed", name)
				continue
			}
			for _, imported := range p.Imports {
				if dep, ours := strings.CutPrefix(imported, module); ours && !slices.Contains(may, dep) {
					t.Errorf("%s may not import %s", name, dep)
				}
			}
		}
	}
	for name := range rules {
		if !seen[name] {
			t.Errorf("allowed lists %s, which does not exist", name)
		}
	}
}

// The probe stays small and cannot do what it promises not to: it links no
// HTTP, no TLS, no process starter and none of the site's libraries.
func TestProbeForbids(t *testing.T) {
	forbidden := []string{
		"net/http", "crypto/tls", "encoding/json", "archive/zip", "os/exec", "os/user", "html/template", "text/template", "log/slog", "regexp",
		"github.com/yuin/goldmark", "github.com/alecthomas/chroma", "github.com/evanw/esbuild", "github.com/adrg/frontmatter", "go.yaml.in/yaml",
		module + "internal/kb/article", module + "internal/kb/site", module + "internal/kb/devserver", module + "internal/kb/host/recorded",
	}
	for _, arch := range []string{"amd64", "arm64"} {
		packages := list(t, []string{"GOOS=windows", "GOARCH=" + arch, "CGO_ENABLED=0"}, "-deps", "./cmd/kbprobe")
		if len(packages) < 20 {
			t.Fatalf("only %d packages listed", len(packages))
		}
		for _, p := range packages {
			for _, f := range forbidden {
				if p.ImportPath == f || strings.HasPrefix(p.ImportPath, f+"/") {
					t.Errorf("windows/%s: the probe links %s", arch, p.ImportPath)
				}
			}
		}
	}
}
