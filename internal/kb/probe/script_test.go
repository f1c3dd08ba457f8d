package probe

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/host/recorded"
	"kbgen/internal/kb/plan"
	"kbgen/internal/kb/plan/stamp"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kbprobe": scriptedProbe})
}

// TestScript runs the transcripts in testdata/script. There, kbprobe is the
// whole command with its surroundings taken from the script:
//
//	catalogue.json  the plans that are stamped into the program; none if missing
//	machine.txt     the recorded machine
//	zone.txt        the Zone.Identifier stream, if there
//	$EXE            the program's file name
//	$UILANG         ja or en
//	$DOUBLECLICK    not empty: the console is its own
//
// Pages it opens are written to opened.txt.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Setenv("EXE", "kbprobe-windows-amd64.exe")
			env.Setenv("UILANG", "en")
			return nil
		},
	})
}

func scriptedProbe() {
	c, err := scriptedCommand()
	if err != nil {
		fmt.Fprintln(os.Stderr, "script:", err)
		os.Exit(100)
	}
	os.Exit(c.Main())
}

func scriptedCommand() (*Command, error) {
	program := bytes.Repeat([]byte("program "), 100)
	data, err := os.ReadFile("catalogue.json")
	if err == nil {
		var catalogue plan.Catalogue
		if err := json.Unmarshal(data, &catalogue); err != nil {
			return nil, err
		}
		if err := catalogue.Describe(check.All()); err != nil {
			return nil, err
		}
		for i := range catalogue.Plans {
			p := &catalogue.Plans[i]
			p.Hash = plan.Hash(p.Slug, p.Steps)
		}
		var b bytes.Buffer
		if err := stamp.Stamp(&b, program, &catalogue); err != nil {
			return nil, err
		}
		program = b.Bytes()
	}
	if os.Getenv("DAMAGE") != "" {
		program[len(program)-200] ^= 0xff
	}
	text, err := os.ReadFile("machine.txt")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	machine, err := recorded.Parse("machine.txt", string(text))
	if err != nil {
		return nil, err
	}
	zone, _ := os.ReadFile("zone.txt")
	return &Command{
		Args:  os.Args[1:],
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Host:    machine,
		Program: bytes.NewReader(program), ProgramSize: int64(len(program)), ProgramPath: os.Getenv("EXE"),
		Zone:       zone,
		Lang:       check.Lang(os.Getenv("UILANG")),
		OwnConsole: os.Getenv("DOUBLECLICK") != "",
		Open: func(url string) error {
			if os.Getenv("NOBROWSER") != "" {
				return errors.New("no browser")
			}
			return os.WriteFile("opened.txt", []byte(url+"\n"), 0o644)
		},
		Save: func(name string, report []byte) (string, error) { return save(".", name, report) },
		Now:  func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("JST", 9*3600)) },
	}, nil
}
