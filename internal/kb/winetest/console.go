//go:build linux

package winetest

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// Exchange is one turn of a talk with a program on a console: once Await has
// been shown, after what earlier turns awaited, Send is typed.
type Exchange struct{ Await, Send string }

// Console runs a program on a console of its own, as a double-click does:
// what it shows comes back as Stdout, with some cursor escapes in it. Stdin is
// not used. A program that never shows what is awaited fails the test when the
// time is up. Enter is "\r".
func (p *Prefix) Console(c Cmd, talk []Exchange) Result {
	p.t.Helper()
	if _, err := exec.LookPath("script"); err != nil {
		Missing(p.t, "no script on this machine: install bsdutils")
	}
	p.start()
	keys, typed, err := os.Pipe()
	if err != nil {
		p.t.Fatal(err)
	}
	defer keys.Close()
	defer typed.Close() // not earlier: script would pass the end on to the program
	screen := &screen{talk: talk, keys: typed}
	line := []string{"exec wine", quote(c.Exe)}
	for _, a := range c.Args {
		line = append(line, quote(a))
	}
	defer func() {
		screen.mu.Lock()
		defer screen.mu.Unlock()
		if p.t.Failed() {
			p.t.Logf("the console showed:\n%s", screen.shown)
		}
	}()
	code := p.wait(c, "script", []string{"-qefc", strings.Join(line, " "), "/dev/null"}, func(cmd *exec.Cmd) {
		cmd.Stdin, cmd.Stdout = keys, screen
	})
	if len(screen.talk) > 0 {
		p.t.Errorf("the program ended without showing %q", screen.talk[0].Await)
	}
	return Result{Stdout: screen.shown, Code: code}
}

// screen collects what a program shows and types the answers.
type screen struct {
	mu    sync.Mutex
	shown string
	seen  int // bytes of shown that earlier turns have used up
	talk  []Exchange
	keys  *os.File
}

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown += string(b)
	for len(s.talk) > 0 {
		i := strings.Index(s.shown[s.seen:], s.talk[0].Await)
		if i < 0 {
			break
		}
		s.seen += i + len(s.talk[0].Await)
		// The program has shown it but need not be reading yet.
		time.Sleep(50 * time.Millisecond)
		if _, err := s.keys.WriteString(s.talk[0].Send); err != nil {
			return 0, err
		}
		s.talk = s.talk[1:]
	}
	return len(b), nil
}

// quote quotes a word for the shell that script runs.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
