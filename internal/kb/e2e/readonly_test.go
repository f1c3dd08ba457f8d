//go:build linux

package e2e

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kbgen/internal/kb/site"
	"kbgen/internal/kb/winetest"
)

// await returns the content of a file as soon as it is there.
func await(t *testing.T, path string) string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if data, err := os.ReadFile(path); err == nil {
			return string(data)
		}
	}
	t.Fatalf("%s did not appear", filepath.Base(path))
	return ""
}

// Every request that the program makes of Windows goes through Wine's server,
// which logs them all. None of them writes, makes, renames or deletes
// anything, changes a setting, starts a process or opens a socket.
func TestOnlyReads(t *testing.T) {
	winetest.Require(t)
	s := serve(t, os.DirFS(root), nil)
	exe := filepath.Join(s.Folder, "probe", "kbprobe-windows-amd64.exe")
	prefix := winetest.New(t)
	prefix.SystemReg(windows11 + oracle("dword:00000002"))
	run := func() {
		r := prefix.Run(winetest.Cmd{Exe: exe, Args: []string{slug}})
		if r.Code != 3 || !strings.Contains(r.Stdout, "AllowEncryptionOracle") {
			t.Fatalf("exit code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
		}
	}
	for _, m := range prefix.Ledger(run, run) {
		t.Error(m)
	}
}

// A signature covers the plans: the signed program still finds them, and
// changing one byte of them breaks the signature.
func TestSigned(t *testing.T) {
	winetest.Require(t)
	require(t, "osslsigncode", "openssl", "unzip")
	folder := t.TempDir()
	key, certificate := filepath.Join(folder, "key.pem"), filepath.Join(folder, "cert.pem")
	command(t, "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "30", "-sha256", "-subj", "/CN=Test",
		"-addext", "keyUsage=critical,digitalSignature", "-addext", "extendedKeyUsage=critical,codeSigning", "-addext", "basicConstraints=critical,CA:FALSE")
	s := serve(t, os.DirFS(root), inCacheOfItsOwn(t, site.Signer(context.Background(), []string{
		"osslsigncode", "sign", "-certs", certificate, "-key", key, "-h", "sha256", "-st", "1700000000", "-in", "{file}", "-out", "{out}"})))
	exe := filepath.Join(s.Folder, "probe", "kbprobe-windows-amd64.exe")
	command(t, "osslsigncode", "verify", "-CAfile", certificate, "-in", exe)

	r := winetest.New(t).Run(winetest.Cmd{Exe: exe, Args: []string{"-list"}})
	if r.Code != 0 || !strings.Contains(r.Stdout, slug) {
		t.Errorf("exit code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}

	// unzip exits with 1 for a warning, such as bytes behind the archive: the
	// signature.
	shown, err := exec.Command("unzip", "-p", exe, "catalogue.json").Output()
	if code := exitCode(err); code > 1 || !strings.Contains(string(shown), `{"slug":"`+slug+`"`) {
		t.Errorf("unzip: %v\n%s", err, shown)
	}

	data, err := os.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	data[bytes.LastIndex(data, []byte("catalogue.json"))-120] ^= 1 // in the compressed plans
	altered := filepath.Join(folder, "altered.exe")
	if err := os.WriteFile(altered, data, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("osslsigncode", "verify", "-CAfile", certificate, "-in", altered).CombinedOutput(); err == nil {
		t.Errorf("the signature does not cover the plans:\n%s", out)
	}
	r = winetest.New(t).Run(winetest.Cmd{Exe: altered, Args: []string{"-list"}})
	if r.Code != 1 || !strings.Contains(r.Stderr, "damaged") {
		t.Errorf("altered: exit code %d\n%s%s", r.Code, r.Stdout, r.Stderr)
	}
}

// inCacheOfItsOwn keeps signed programs out of the user's cache folder.
func inCacheOfItsOwn(t *testing.T, sign func([]byte) ([]byte, error)) func([]byte) ([]byte, error) {
	folder := t.TempDir()
	return func(program []byte) ([]byte, error) {
		before, set := os.LookupEnv("XDG_CACHE_HOME")
		os.Setenv("XDG_CACHE_HOME", folder)
		defer func() {
			if os.Setenv("XDG_CACHE_HOME", before); !set {
				os.Unsetenv("XDG_CACHE_HOME")
			}
		}()
		return sign(program)
	}
}

func command(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func exitCode(err error) int {
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.ExitCode()
	}
	return 0
}
