//go:build linux

package e2e

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"testing"
	"testing/fstest"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/site"
	"kbgen/internal/kb/winetest"
	"kbgen/templates"
)

// root is the folder of the repository.
const root = "../../.."

// slug is the article that the tests follow.
const slug = "credssp-encryption-oracle"

// served is the shipped site on a web server of this test.
type served struct {
	URL    string
	Folder string // what was written
}

// fewSteps are the shipped articles, the one that the tests follow with half of
// its steps: Wine opens addresses of up to 1,024 characters, Windows of up to
// 2,083.
func fewSteps(t *testing.T) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	shipped := os.DirFS(root)
	dropped := regexp.MustCompile(`(?m)^- .*\{check=(?:net\.tcp-reach|rdp-net\.negotiation|os\.edition|access\.elevation|rdp-server\.service)\}\n(?:  .*\n)*`)
	err := fs.WalkDir(shipped, "content", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(shipped, name)
		if path.Base(name) == slug+".md" {
			data = dropped.ReplaceAll(data, nil)
		}
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// serve builds articles with a program for windows/amd64, signed if sign is not
// nil, and serves them as a static host does.
func serve(t *testing.T, articles fs.FS, sign func([]byte) ([]byte, error)) served {
	t.Helper()
	s := served{Folder: t.TempDir()}
	server := httptest.NewServer(http.FileServer(http.Dir(s.Folder)))
	t.Cleanup(server.Close)
	s.URL = server.URL

	config := site.DefaultConfig()
	config.Platforms = []site.Platform{"windows/amd64"}
	base, err := site.ParseBaseURL(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	config.Base = base
	programs, err := site.FindPrograms(context.Background(), root, config.Platforms)
	if err != nil {
		t.Fatal(err)
	}
	built, messages, err := site.Build(site.Input{
		Root: articles, Templates: templates.Files(), Config: config, Programs: programs, Sign: sign,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		if m.Level == article.Error {
			t.Error(m)
		}
	}
	if built == nil {
		t.FailNow()
	}
	if _, err := built.Write(s.Folder, nil); err != nil {
		t.Fatal(err)
	}
	return s
}

// require names the programs of this machine that a test needs.
func require(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		found := false
		for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
			if info, err := os.Stat(filepath.Join(folder, p)); err == nil && !info.IsDir() {
				found = true
			}
		}
		if !found {
			winetest.Missing(t, "no "+p+" on this machine: install it")
		}
	}
}

// oracle is the section of Wine's system.reg with AllowEncryptionOracle set to
// value, which is in the format of that file.
func oracle(value string) string {
	return `[Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\CredSSP\\Parameters] 1` + "\n" +
		`"AllowEncryptionOracle"=` + value + "\n"
}

// windows11 makes the prefix a Windows 11 Pro.
const windows11 = `[Software\\Microsoft\\Windows NT\\CurrentVersion] 1
"CurrentBuild"="26200"
"CurrentBuildNumber"="26200"
"UBR"=dword:00001bb4
"EditionID"="Professional"
"DisplayVersion"="25H2"
`
