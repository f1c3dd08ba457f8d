package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"kbgen": func() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"listen":   listen,
			"exitcode": exitCode,
		},
	})
}

// listen NAME keeps a port busy until the script ends, and puts its address
// into the environment.
func listen(ts *testscript.TestScript, _ bool, args []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { listener.Close() })
	ts.Setenv(args[0], listener.Addr().String())
}

// exitcode N ARGS... runs kbgen and wants this exit code. What it prints is
// in the files stdout and stderr.
func exitCode(ts *testscript.TestScript, _ bool, args []string) {
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("kbgen", args[1:]...)
	cmd.Dir = ts.Getenv("WORK")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		ts.Fatalf("%v", err)
	}
	if got := cmd.ProcessState.ExitCode(); fmt.Sprint(got) != args[0] {
		ts.Fatalf("exit code %d, want %s\n%s%s", got, args[0], &stdout, &stderr)
	}
	ts.Check(os.WriteFile(filepath.Join(cmd.Dir, "stdout"), stdout.Bytes(), 0o666))
	ts.Check(os.WriteFile(filepath.Join(cmd.Dir, "stderr"), stderr.Bytes(), 0o666))
}

// The manual and the commands' own help name the same flags.
func TestHelpNamesFlags(t *testing.T) {
	for _, c := range commands() {
		help := c.help()
		for _, word := range strings.Fields(strings.NewReplacer("[", " ", "]", " ", "=", " ").Replace(c.args)) {
			if strings.HasPrefix(word, "-") && strings.Count(help, word) < 2 {
				t.Errorf("kbgen %s -help does not explain %s", c.name, word)
			}
		}
		if !strings.Contains(help, "examples:\n  kbgen "+c.name) {
			t.Errorf("kbgen %s -help has no example", c.name)
		}
		for _, line := range strings.Split(help+manual(), "\n") {
			if len(line) > 100 {
				t.Errorf("kbgen %s: a line of %d characters: %s", c.name, len(line), line)
			}
		}
	}
}
