package site

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// needGo skips a test on a machine without the Go toolchain.
func needGo(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("go"); err == nil {
		return
	}
	if os.Getenv("KB_E2E") == "required" {
		t.Fatal("there is no Go toolchain")
	}
	t.Skip("there is no Go toolchain")
}

func TestFindProgramsCompiles(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	needGo(t)
	goCache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", strings.TrimSpace(string(goCache))) // keep the toolchain's own
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	first, err := FindPrograms(t.Context(), ".", []Platform{"windows/amd64"})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(first[0].Bytes, []byte("MZ")) {
		t.Errorf("not a Windows program: %q", first[0].Bytes[:2])
	}
	// Without the cache, the same sources give the same bytes.
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	second, err := FindPrograms(t.Context(), ".", []Platform{"windows/amd64"})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first[0].Bytes, second[0].Bytes) {
		t.Error("compiling twice gave different programs")
	}
}

// A cached program is used only for the sources that it was made of.
func TestProgramKey(t *testing.T) {
	needGo(t)
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module kbgen\n\ngo 1.26\n")
	write("go.sum", "")
	write("cmd/kbprobe/main.go", "package main\n\nimport _ \"kbgen/used\"\n\nfunc main() {}\n")
	write("used/used.go", "package used\n\nimport _ \"embed\"\n\n//go:embed data.txt\nvar Data string\n")
	write("used/data.txt", "a")
	write("unused/unused.go", "package unused\n")
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	key := func(p Platform) string {
		t.Helper()
		key, err := compiler{context.Background(), goTool, dir, p}.key()
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	before := key("windows/amd64")
	if key("windows/arm64") == before {
		t.Error("two platforms share a program")
	}
	write("unused/unused.go", "package unused // changed\n")
	write("used/used_test.go", "package used\n")
	if key("windows/amd64") != before {
		t.Error("the key depends on files that are not compiled in")
	}
	for _, name := range []string{"cmd/kbprobe/main.go", "used/used.go", "used/data.txt", "go.mod"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		write(name, string(data)+"\n")
		if now := key("windows/amd64"); now == before {
			t.Errorf("the key does not depend on %s", name)
		} else {
			before = now
		}
	}
}

func TestFindProgramsWithoutSources(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	_, err := FindPrograms(t.Context(), dir, []Platform{"windows/amd64"})
	if !errors.Is(err, ErrNoProgram) || !strings.Contains(err.Error(), "kbprobe-windows-amd64.exe") {
		t.Errorf("%v", err)
	}
}

func TestSigner(t *testing.T) {
	tool := filepath.Join(t.TempDir(), "sign.sh")
	script := "#!/bin/sh\nset -e\n[ \"$1\" = 'a b;$(x)' ]\nprintf 'signed %s' \"$(date +%N)\" >> \"$2\"\n"
	if err := os.WriteFile(tool, []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no sh to play the signing command")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	sign := Signer(t.Context(), []string{tool, "a b;$(x)", "{file}"})
	first, err := sign([]byte("program "))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(first, []byte("program signed ")) {
		t.Errorf("%q", first)
	}
	second, err := sign([]byte("program "))
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("signed again, though nothing changed: %v", err)
	}

	for name, argv := range map[string][]string{
		"failed":         {"false", "{file}"},
		"did not change": {"true", "{file}"},
		"no such":        {filepath.Join(t.TempDir(), "no such"), "{file}"},
		"left no file":   {"rm", "{file}"},
	} {
		if got, err := Signer(t.Context(), argv)([]byte("p")); err == nil {
			t.Errorf("%s: %q, want an error", name, got)
		}
	}
}

// Pages show the hash of the signed program, and a signing command that
// damages the plans is caught.
func TestBuildSigns(t *testing.T) {
	in := fixture(t)
	in.Sign = func(program []byte) ([]byte, error) { return append([]byte("damaged"), program[100:]...), nil }
	if _, _, err := Build(in); err == nil || !strings.Contains(err.Error(), "after signing") {
		t.Errorf("%v", err)
	}
	in.Sign = func([]byte) ([]byte, error) { return nil, errors.New("no key") }
	if _, _, err := Build(in); err == nil || !strings.Contains(err.Error(), "no key") {
		t.Errorf("%v", err)
	}
	// A zip allows bytes in front, so this leaves the plans as they are.
	in.Sign = func(program []byte) ([]byte, error) { return append(bytes.Clone(program[:3]), program[3:]...), nil }
	if _, _, err := Build(in); err != nil {
		t.Errorf("%v", err)
	}
}
