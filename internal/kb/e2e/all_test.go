//go:build linux

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/plan"
	"kbgen/internal/kb/plan/stamp"
	"kbgen/internal/kb/site"
	"kbgen/internal/kb/winetest"
)

// everything is a plan of all checks of the catalogue.
func everything() plan.Plan {
	p := plan.Plan{Slug: "all-checks", Title: check.Text{JA: "すべての確認項目", EN: "All checks"}}
	for _, c := range check.All() {
		s := plan.Step{Anchor: c.ID, Check: c.ID}
		for _, param := range c.Params {
			if param.Kind == check.KindPath && param.Default == "" {
				s.Args = check.Args{param.Name: `C:\windows\temp`}
			}
		}
		p.Steps = append(p.Steps, s)
	}
	p.Hash = plan.Hash(p.Slug, p.Steps)
	return p
}

// probeWith is the base program with one plan, in a folder of the test.
func probeWith(t *testing.T, p plan.Plan) string {
	t.Helper()
	programs, err := site.FindPrograms(context.Background(), root, []site.Platform{"windows/amd64"})
	if err != nil {
		t.Fatal(err)
	}
	exe := filepath.Join(t.TempDir(), "kbprobe-"+p.Slug+".exe")
	if err := os.WriteFile(exe, stamped(t, programs[0].Bytes, p), 0o755); err != nil {
		t.Fatal(err)
	}
	return exe
}

// stamped is a program with one plan in it.
func stamped(t *testing.T, program []byte, p plan.Plan) []byte {
	t.Helper()
	c := &plan.Catalogue{Format: plan.CatalogueFormat, Plans: []plan.Plan{p}}
	if err := c.Describe(check.All()); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := stamp.Stamp(&b, program, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// All checks at once, in the shipped program: each is in the report, none
// breaks, none takes long.
func TestAllChecks(t *testing.T) {
	winetest.Require(t)
	p := everything()
	exe := probeWith(t, p)
	prefix := winetest.New(t)
	prefix.SystemReg(windows11 + oracle("dword:00000002"))
	run := func() (report, time.Duration) {
		start := time.Now()
		r := parseReport(t, prefix.Run(winetest.Cmd{Exe: exe, Args: []string{"-json"}}))
		return r, time.Since(start)
	}
	run() // starts Wine
	r, took := run()
	t.Logf("%d checks in %v", len(r.Steps), took)
	if took > 2*time.Second {
		t.Errorf("all checks took %v, want less than 2s", took)
	}
	// The start until something is shown, at its best of five: the machine may
	// be busy with other tests.
	start := time.Hour
	for range 5 {
		begin := time.Now()
		prefix.Run(winetest.Cmd{Exe: exe, Args: []string{"-list"}})
		start = min(start, time.Since(begin))
	}
	t.Logf("starts, reads its plans and lists them in %v", start)
	if start > 100*time.Millisecond {
		t.Errorf("the start takes %v, want less than 100ms", start)
	}
	var checks, unknown []string
	for _, s := range r.Steps {
		checks = append(checks, s.Check)
		for _, f := range s.Findings {
			if f.ID == check.FindingInternal || f.ID == check.FindingTimeout {
				t.Errorf("%s: %s", s.Check, f.Text)
			}
		}
		if s.Verdict == string(check.Unknown) {
			unknown = append(unknown, s.Check)
		}
	}
	var planned []string
	for _, s := range p.Steps {
		planned = append(planned, s.Check)
	}
	if diff := cmp.Diff(planned, checks); diff != "" {
		t.Error(diff)
	}
	t.Logf("unknown under Wine: %v", unknown)
}

// Running all checks changes nothing, starts nothing and, as no host is
// named, opens no socket: not one request to the Wine server does, and the
// whole registry and all files are afterwards what they were.
func TestAllChecksOnlyRead(t *testing.T) {
	winetest.Require(t)
	exe := probeWith(t, everything())
	dump := winetest.Build(t, "kbgen/internal/kb/winetest/testdata/regdump")
	prefix := winetest.New(t)
	// WMI and Windows Update are asked only while they run.
	prefix.SystemReg(windows11 + `
[System\\CurrentControlSet\\Services\\Winmgmt] 1
"Start"=dword:00000002

[System\\CurrentControlSet\\Services\\wuauserv] 1
"Start"=dword:00000002
`)
	run := func() { parseReport(t, prefix.Run(winetest.Cmd{Exe: exe, Args: []string{"-json"}})) }
	registry := func() []string {
		return strings.Split(prefix.Run(winetest.Cmd{Exe: dump}).Stdout, "\n")
	}
	warmUp := func() { run(); registry() }
	var before, after, filesBefore, filesAfter []string
	for _, m := range prefix.Ledger(warmUp, func() {
		before, filesBefore = registry(), tree(t, prefix.DriveC())
		run()
		after, filesAfter = registry(), tree(t, prefix.DriveC())
	}) {
		if !containsAny(m.String(), wineNoise()) {
			t.Error(m)
		}
	}
	if len(before) < 1000 {
		t.Fatalf("only %d lines of registry", len(before))
	}
	noise := func(line string) bool { return containsAny(line, wineNoise()) }
	if diff := cmp.Diff(slices.DeleteFunc(before, noise), slices.DeleteFunc(after, noise)); diff != "" {
		t.Errorf("the registry changed:\n%s", diff)
	}
	if diff := cmp.Diff(filesBefore, filesAfter); diff != "" {
		t.Errorf("files changed:\n%s", diff)
	}
}

// wineNoise is what Wine itself writes in every process that uses what the
// program uses: the whole list, measured with programs that do nothing else.
func wineNoise() []string {
	return []string{
		`TimeZoneInformation`, // in every process
		`SystemCertificates`,  // where a certificate store is opened: Linux' certificates are taken in again
		// Where user32 is loaded and there is no screen: a desktop of Wine's.
		`explorer.exe\" /desktop`,
		`explorer.exe" /desktop`,
		`\Keyboard Layout\Preload`,
		`\Control\Video`,
		`\Explorer\Shell Folders`,
	}
}

func containsAny(s string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(s, part) })
}

// tree lists every file with mode, size, time and target.
func tree(t *testing.T, folder string) []string {
	t.Helper()
	var lines []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		target, _ := os.Readlink(path)
		lines = append(lines, fmt.Sprintf("%s %v %d %v %s", path, info.Mode(), info.Size(), info.ModTime().UnixNano(), target))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}
