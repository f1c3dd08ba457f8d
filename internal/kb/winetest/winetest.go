//go:build linux

package winetest

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// Require skips t if Wine is not there, or fails it if the environment has
// KB_E2E=required.
func Require(t testing.TB) {
	t.Helper()
	if why := missing(); why != "" {
		Missing(t, why)
	}
}

// Missing skips t because of something that this machine lacks, or fails it
// if the environment has KB_E2E=required.
func Missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("KB_E2E") == "required" {
		t.Fatal(why)
	}
	t.Skip(why)
}

func missing() string {
	if runtime.GOARCH != "amd64" {
		return "Wine tests run on amd64 only"
	}
	for _, program := range []string{"wine", "wineserver", "wineboot"} {
		if _, err := exec.LookPath(program); err != nil {
			return "no " + program + " on this machine: install wine and wine64"
		}
	}
	return ""
}

// Build compiles a Go package for windows/amd64 and returns the program's
// path. pkg is an import path or a folder that starts with ./.
func Build(t testing.TB, pkg string) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), filepath.Base(pkg)+".exe")
	c := exec.Command("go", "build", "-o", exe, pkg)
	c.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
	return exe
}

// Prefix is a Wine prefix. Its methods fail the test it was made for.
type Prefix struct {
	t       testing.TB
	dir     string
	running bool
	log     string // the server's request log; empty without a ledger
}

// New makes a prefix for t: a copy of the template, removed at t's end. Its
// server starts with the first program.
func New(t testing.TB) *Prefix {
	t.Helper()
	p := &Prefix{t: t, dir: filepath.Join(t.TempDir(), "prefix")}
	source, err := template()
	if err != nil {
		t.Fatalf("making the Wine prefix template: %v", err)
	}
	if err := copyTree(p.dir, source); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	return p
}

// DriveC is the folder that programs in the prefix see as C:\.
func (p *Prefix) DriveC() string { return filepath.Join(p.dir, "drive_c") }

// WinPath is how programs in the prefix call a path of this machine.
func WinPath(path string) string { return `Z:` + strings.ReplaceAll(path, "/", `\`) }

// SystemReg adds text to HKEY_LOCAL_MACHINE, in the format of Wine's
// system.reg: sections such as [Software\\X] with values below them. Sections
// merge with those that are there. It must come before the first program.
func (p *Prefix) SystemReg(text string) { p.appendReg("system.reg", text) }

// UserReg does the same for HKEY_CURRENT_USER.
func (p *Prefix) UserReg(text string) { p.appendReg("user.reg", text) }

func (p *Prefix) appendReg(name, text string) {
	p.t.Helper()
	if p.running {
		p.t.Fatal("the registry files can be written before the first program only")
	}
	f, err := os.OpenFile(filepath.Join(p.dir, name), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		p.t.Fatal(err)
	}
	_, err = f.WriteString("\n" + text + "\n")
	if err := errors.Join(err, f.Close()); err != nil {
		p.t.Fatal(err)
	}
}

// Cmd is a program to run.
type Cmd struct {
	Exe     string        // path on this machine, or a name that Wine finds
	Args    []string      //
	Env     []string      // NAME=value, over the environment of [Prefix.Env]
	Dir     string        // working folder on this machine; the test's if empty
	Stdin   io.Reader     // nothing if nil
	Timeout time.Duration // a minute if 0; a program that takes longer fails the test
}

// Result is how a program ended.
type Result struct {
	Stdout, Stderr string
	Code           int // exit code modulo 256
}

// Run runs a program to its end. Its output is no console but a file.
func (p *Prefix) Run(c Cmd) Result {
	p.t.Helper()
	p.start()
	// Files and not pipes: a background process of Wine that inherits a pipe
	// would keep it open long after the program's end.
	out, err := os.CreateTemp(p.t.TempDir(), "")
	if err != nil {
		p.t.Fatal(err)
	}
	defer out.Close()
	errOut, err := os.CreateTemp(p.t.TempDir(), "")
	if err != nil {
		p.t.Fatal(err)
	}
	defer errOut.Close()
	code := p.wait(c, "wine", append([]string{c.Exe}, c.Args...), func(cmd *exec.Cmd) {
		cmd.Stdin, cmd.Stdout, cmd.Stderr = c.Stdin, out, errOut
	})
	return Result{p.read(out.Name()), p.read(errOut.Name()), code}
}

func (p *Prefix) read(path string) string {
	p.t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(b)
}

// wait runs a program of this machine in the prefix's environment.
func (p *Prefix) wait(c Cmd, name string, args []string, connect func(*exec.Cmd)) (code int) {
	p.t.Helper()
	limit := c.Timeout
	if limit == 0 {
		limit = time.Minute
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env, cmd.Dir = slices.Concat(p.Env(), c.Env), c.Dir
	cmd.WaitDelay = time.Second
	connect(cmd)
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		p.t.Fatalf("%s %q: no end after %v", name, args, limit)
	case err != nil && !errors.As(err, &exit):
		p.t.Fatalf("%s %q: %v", name, args, err)
	}
	return cmd.ProcessState.ExitCode()
}

// Env is the environment that programs in the prefix are run with: that of
// the test, without display and language, in English with UTF-8.
func (p *Prefix) Env() []string { return wineEnv(p.dir) }

func wineEnv(prefix string) []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		for _, name := range []string{"WINE", "DISPLAY=", "WAYLAND_DISPLAY=", "LANG=", "LANGUAGE=", "LC_", "LOCPATH=", "TZ="} {
			if strings.HasPrefix(v, name) {
				return true
			}
		}
		return false
	})
	return append(env, "WINEPREFIX="+prefix, "WINEARCH=win64", "WINEDEBUG=-all", "LANG=C.UTF-8",
		"WINEDLLOVERRIDES=mscoree,mshtml=;winemenubuilder.exe=d")
}

// start starts the server, which keeps services and registry alive between
// programs, for 30 seconds after the last.
func (p *Prefix) start() {
	p.t.Helper()
	if p.running {
		return
	}
	p.running = true
	if err := wineCommand(p.dir, "wineserver", "-p30").Run(); err != nil {
		p.t.Fatalf("wineserver -p30: %v", err)
	}
}

func wineCommand(prefix, name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Env = wineEnv(prefix)
	return c
}

// stop ends the server and everything in the prefix, and waits for it: the
// server writes into the prefix as it ends.
func (p *Prefix) stop() {
	if !p.running {
		return
	}
	p.running = false
	stopServer(p.dir)
}

// socketName is the name of a server's socket folder in /tmp, which Debian's
// Wine keeps in the prefix. Other Wines share one folder, which stays.
var socketName = regexp.MustCompile(`^wine-[A-Za-z0-9]{6}$`)

func stopServer(prefix string) {
	_ = wineCommand(prefix, "wineserver", "-k").Run() // fails if it has ended by itself
	_ = wineCommand(prefix, "wineserver", "-w").Run()
	name, err := os.ReadFile(filepath.Join(prefix, "wineserver"))
	if err == nil && socketName.Match(name) {
		os.RemoveAll(filepath.Join("/tmp", string(name)))
	}
	os.Remove(filepath.Join(prefix, "wineserver"))
}
