//go:build linux

package winetest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kbgen/internal/kb/winetest"
)

func TestRun(t *testing.T) {
	winetest.Require(t)
	exe := winetest.Build(t, "./testdata/hello")
	p := winetest.New(t)
	dir := filepath.Join(p.DriveC(), "日本 語")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	r := p.Run(winetest.Cmd{Exe: exe, Args: []string{"7", "引数 b"}, Env: []string{"X=値"}, Dir: dir})
	want := "args [\"7\" \"引数 b\"]\ndir C:\\日本 語 <nil>\nX=値\n"
	if r.Stdout != want || r.Stderr != "on stderr\n" || r.Code != 7 {
		t.Errorf("got %+v, want stdout %q", r, want)
	}
}

func TestConsole(t *testing.T) {
	winetest.Require(t)
	exe := winetest.Build(t, "./testdata/hello")
	p := winetest.New(t)
	env := winetest.Japanese(t)
	r := p.Console(winetest.Cmd{Exe: exe, Args: []string{"ask"}, Env: env}, []winetest.Exchange{{"?", "taro\r"}})
	if !strings.Contains(r.Stdout, "名前は?") || !strings.Contains(r.Stdout, `hello "taro\r\n"`) {
		t.Errorf("the console showed %q", r.Stdout)
	}
}

func TestLedgerCatchesEverything(t *testing.T) {
	winetest.Require(t)
	exe := winetest.Build(t, "./testdata/mutate")
	p := winetest.New(t)
	run := func(args ...string) func() {
		return func() {
			if r := p.Run(winetest.Cmd{Exe: exe, Args: args}); r.Code != 0 {
				t.Fatalf("mutate %q: %+v", args, r)
			}
		}
	}
	found := p.Ledger(run(), run("all"))
	for _, want := range []string{
		// In the order of mutate's steps.
		"c:/written.txt",
		"file: set_fd_name_info",
		"access=00110000 create=1", // to be deleted
		"c:/made",
		`registry: create_key \Registry\User\S-1-5-21-0-0-0-1000\Software\KbTest`,
		`registry: set_key_value \Registry\User\S-1-5-21-0-0-0-1000\Software\KbTest\Written`,
		`registry: delete_key_value \Registry\User\S-1-5-21-0-0-0-1000\Software\KbTest\Written`,
		`registry: delete_key \Registry\User\S-1-5-21-0-0-0-1000\Software\KbTest`,
		"network: ",
		"mutate.exe",
	} {
		hit := false
		for _, m := range found {
			hit = hit || strings.Contains(m.String(), want)
		}
		if !hit {
			t.Errorf("%s: not caught", want)
		}
	}
	if t.Failed() {
		for _, m := range found {
			t.Log(m)
		}
	}
}

func TestLedgerOfNothing(t *testing.T) {
	winetest.Require(t)
	exe := winetest.Build(t, "./testdata/hello")
	p := winetest.New(t)
	run := func() { p.Run(winetest.Cmd{Exe: exe}) }
	for _, m := range p.Ledger(run, run) {
		t.Error(m)
	}
}
