package probe

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/host"
	"kbgen/internal/kb/host/recorded"
	"kbgen/internal/kb/plan"
	"kbgen/templates/i18n"
)

func planOf(ids ...string) *plan.Plan {
	p := &plan.Plan{Slug: "test-plan", Title: check.Text{EN: "Test"}, Hash: "0000000"}
	for _, id := range ids {
		p.Steps = append(p.Steps, plan.Step{Anchor: id, Check: id})
	}
	return p
}

func machine(t *testing.T, text string) host.Host {
	t.Helper()
	m, err := recorded.Parse(t.Name(), text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// wordsFor describes one check for each function.
func wordsFor(judges map[string]check.Judge) *plan.Catalogue {
	c := &plan.Catalogue{Common: check.Common()}
	for _, id := range slices.Sorted(maps.Keys(judges)) {
		c.Checks = append(c.Checks, plan.Check{
			ID: id, Title: check.Text{EN: id},
			Findings: []check.Finding{
				{ID: "good", Verdict: check.OK, Text: check.Text{EN: "good {value}"}},
				{ID: "bad", Verdict: check.Problem, Text: check.Text{EN: "bad {value}"}},
			},
		})
	}
	return c
}

func good(host.Host, check.Args) []check.Found { return []check.Found{{Finding: "good"}} }

// Whatever a check does, every planned check is in the report, in order, in
// time.
func TestRunSurvivesChecks(t *testing.T) {
	judges := map[string]check.Judge{
		"good":   good,
		"panics": func(host.Host, check.Args) []check.Found { panic("boom") },
		"panics-in-read": func(h host.Host, _ check.Args) []check.Found {
			h.Env("PANIC")
			return good(h, nil)
		},
		"hangs":   func(host.Host, check.Args) []check.Found { select {} },
		"silent":  func(host.Host, check.Args) []check.Found { return nil },
		"invents": func(host.Host, check.Args) []check.Found { return []check.Found{{Finding: "no-such"}} },
		"hangs-in-read": func(h host.Host, _ check.Args) []check.Found {
			if _, err := h.Env("HANG"); err != host.ErrTimeout {
				return []check.Found{{Finding: "bad"}}
			}
			return []check.Found{{Finding: check.FindingTimeout}}
		},
	}
	p := planOf("hangs", "good", "panics", "panics-in-read", "silent", "invents", "no-such-check", "hangs-in-read", "good")
	var progress []string
	start := time.Now()
	r := Run(stubborn{machine(t, "")}, judges, wordsFor(judges), p, Options{
		Lang: check.EN, Each: 50 * time.Millisecond, All: 300 * time.Millisecond,
		Progress: func(s *StepResult) { progress = append(progress, s.Check) },
	})
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
	var got []string
	for i, s := range r.Steps {
		got = append(got, s.Check+":"+s.Findings[0].ID)
		if s.Number != i+1 {
			t.Errorf("step %d has number %d", i+1, s.Number)
		}
	}
	want := "hangs:timeout good:good panics:internal panics-in-read:internal silent:internal invents:internal no-such-check:internal hangs-in-read:timeout good:good"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
	if len(progress) != len(p.Steps) {
		t.Errorf("progress was called for %v", progress)
	}
	if r.Exit != ExitUnknown {
		t.Errorf("exit code %d, want %d", r.Exit, ExitUnknown)
	}
}

// stubborn is a machine with reads that hang and panic.
type stubborn struct{ host.Host }

func (s stubborn) Env(name string) (string, error) {
	switch name {
	case "HANG":
		select {}
	case "PANIC":
		panic("read")
	}
	return s.Host.Env(name)
}

func TestExit(t *testing.T) {
	finding := func(id string) func(host.Host, check.Args) []check.Found {
		return func(host.Host, check.Args) []check.Found { return []check.Found{{Finding: id}} }
	}
	judges := map[string]check.Judge{
		"good": good, "bad": finding("bad"), "unread": finding(check.FindingDenied),
		"both": func(host.Host, check.Args) []check.Found {
			return []check.Found{{Finding: "good"}, {Finding: check.FindingDenied}}
		},
	}
	for _, tt := range []struct {
		ids  []string
		want int
	}{
		{nil, ExitNothing},
		{[]string{"good"}, ExitNothing},
		{[]string{"good", "unread"}, ExitUnknown},
		{[]string{"both"}, ExitUnknown},
		{[]string{"good", "bad", "unread"}, ExitProblem},
	} {
		r := Run(machine(t, ""), judges, wordsFor(judges), planOf(tt.ids...), Options{Lang: check.EN, Each: time.Second, All: time.Second})
		if r.Exit != tt.want {
			t.Errorf("%v: exit code %d, want %d", tt.ids, r.Exit, tt.want)
		}
	}
}

// A machine that answers nothing gives a complete report of unknown.
func TestNothingAnswers(t *testing.T) {
	checks := check.All()
	p := &plan.Plan{Slug: "all", Title: check.Text{EN: "All"}, Hash: "0000000"}
	for i := range checks {
		c := &checks[i]
		args := check.Args{}
		for _, param := range c.Params {
			if param.Required {
				args[param.Name] = `C:\x`
			}
		}
		p.Steps = append(p.Steps, plan.Step{Anchor: c.ID, Check: c.ID, Args: args})
	}
	words := &plan.Catalogue{Plans: []plan.Plan{*p}}
	if err := words.Describe(checks); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{host.ErrDenied, host.ErrUnsupported, host.ErrTimeout, &host.CallError{Call: "X", Code: 31}} {
		r := Run(recorded.Nothing(err), check.Judges(), words, p, Options{Lang: check.JA, Host: "server", Each: time.Second, All: time.Second})
		if len(r.Steps) != len(checks) || r.Exit != ExitUnknown {
			t.Errorf("%v: %d of %d steps, exit code %d", err, len(r.Steps), len(checks), r.Exit)
		}
		for _, s := range r.Steps {
			if s.Verdict != check.Unknown {
				t.Errorf("%v: %s is %s", err, s.Check, s.Verdict)
			}
		}
	}
}

func TestMask(t *testing.T) {
	m := newMask(machine(t, `
[identity]
user = taro
machine = PC-0042
domain = CORP
dns = corp.example.com
home = C:\Users\taro
sid = S-1-5-21-1-2-3-1001
`), false)
	for in, want := range map[string]string{
		`C:\Users\taro\AppData`:          `%USERPROFILE%\AppData`,
		`c:\users\TARO`:                  `%USERPROFILE%`,
		`CORP\taro`:                      `<domain>\<user>`,
		`pc-0042.corp.example.com`:       `<computer>.<domain>`,
		`S-1-5-21-1-2-3-1001`:            `<SID>`,
		`S-1-5-21-99-98-97-500 S-1-5-18`: `S-1-5-21-… S-1-5-18`,
		`S-1-12-1-5-6-7-8`:               `S-1-12-1-…`,
		`tarot, guitaro and corporate`:   `tarot, guitaro and corporate`,
		`ユーザーtaroさん`:                     `ユーザー<user>さん`,
		``:                               ``,
		`{user} taro`:                    `{user} <user>`,
		`D:\taro2\x and D:\tarо`:         `D:\taro2\x and D:\tarо`,
		`s-1-5-21-1-2-3-500`:             `S-1-5-21-…`,

		// Folders of others, and short names.
		`C:\Users\Taro Yamada\x, C:\users\tarо`:  `C:\Users\<user>\x, C:\users\<user>`,
		`%OSDRIVE%\USERS\YAMADA~1\a.exe`:         `%OSDRIVE%\USERS\<user>\a.exe`,
		`C:\Users\Public\x C:/Users/All Users/x`: `C:\Users\Public\x C:/Users/All Users/x`,
		`C:\Users\ BUILTIN\Users users`:          `C:\Users\<user>\Users users`,
	} {
		if got := m.hide(in); got != want {
			t.Errorf("hide(%q) = %q, want %q", in, got, want)
		}
	}
}

// The folder of a user may have another name than the user, and Windows cuts
// names to 15 and 20 characters.
func TestMaskOtherForms(t *testing.T) {
	m := newMask(machine(t, `
[identity]
user = hanako.yamada-suzuki
machine = ACCOUNTING-DESK
domain = CORP
home = C:\Users\hanak
`), false)
	for in, want := range map[string]string{
		`E:\backup\hanak\x`:                `E:\backup\<user>\x`,
		`accounting-desktop-7.example.com`: `<computer>.example.com`,
		`ACCOUNTING-DESK$`:                 `<computer>$`,
		`hanako.yamada-suzukiyama@corp`:    `<user>@<domain>`,
	} {
		if got := m.hide(in); got != want {
			t.Errorf("hide(%q) = %q, want %q", in, got, want)
		}
	}
}

// If the names cannot be read, no value is shown: the report says that it is
// masked.
func TestMaskBlind(t *testing.T) {
	m := newMask(machine(t, "[identity] !timeout\n"), false)
	if got := m.hide(`C:\data\taro`); got != "…" {
		t.Errorf("shown: %q", got)
	}
}

// A value that is cut off in the middle of a name shows no part of it.
func TestMaskBeforeCutting(t *testing.T) {
	m := newMask(machine(t, "[identity]\nuser = hanako\n"), false)
	r := newFindingResult(check.Finding{Text: check.Text{EN: "{x}"}},
		[]check.Value{{Name: "x", Text: strings.Repeat("-", maxValue-3) + "hanako"}}, m, check.EN)
	if strings.Contains(r.Text, "han") {
		t.Errorf("shown: %q", r.Text[maxValue-10:])
	}
}

// A value that could end the quotes around it does not come into a command.
func TestCommandOfHostileValue(t *testing.T) {
	f := check.Finding{Fix: check.Remedy{Command: `powershell -Command "Unblock-File -LiteralPath '{path}'"`}}
	for path, want := range map[string]string{
		`C:\R&D\100% (1).exe`:     `powershell -Command "Unblock-File -LiteralPath 'C:\R&D\100% (1).exe'"`,
		`C:\x'; calc #.exe`:       "",
		"C:\\x\u2019; calc #.exe": "",
		`C:\x" & calc & ".exe`:    "",
		`C:\$(calc).exe`:          "",
		"C:\\`$x.exe":             "",
	} {
		r := newFindingResult(f, []check.Value{{Name: "path", Text: path}, {Name: "other", Text: `"`}}, &mask{}, check.EN)
		if r.Fix.Command != want {
			t.Errorf("%s: command %q", path, r.Fix.Command)
		}
	}
}

// Words of a plan cannot command a terminal either, nor its address a browser.
func TestHostilePlan(t *testing.T) {
	r := &Report{Title: "a\x1b]0;x\x07b", Page: `https://kb.example/" --x "`, Steps: []*StepResult{
		{Check: "c", Title: "t\u009b2J", Args: check.Args{"path": "C:\\\x1b[2J\u202e"}},
	}}
	for _, bad := range []string{r.Page, "https://kb.example/\x00", `https://kb.example/\..`} {
		if r.Page = bad; r.PageWithResults() != "" {
			t.Errorf("%q is opened", bad)
		}
	}
	var text strings.Builder
	if err := r.WriteText(&text, i18n.Messages{"article": "{title}", "step": "{title}", "step-args": "{args}"}); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteJSON(&text); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(text.String(), "\x1b\x07\u009b") {
		t.Errorf("%q", text.String())
	}
}

// A value from the registry cannot break lines, move the cursor, reverse the
// text or fill a ticket; nor does a brace in it become a placeholder.
func TestHostileValues(t *testing.T) {
	hostile := "a\r\nb\x1b[2J\u202e{value}\x00\xff" + strings.Repeat("x", 5000)
	judges := map[string]check.Judge{
		"bad": func(host.Host, check.Args) []check.Found {
			return []check.Found{{Finding: "bad", Values: []check.Value{{Name: "value", Text: hostile}}}}
		},
	}
	r := Run(machine(t, ""), judges, wordsFor(judges), planOf("bad"), Options{Lang: check.EN, Each: time.Second, All: time.Second})
	text := r.Steps[0].Findings[0].Text
	if strings.ContainsAny(text, "\r\n\x1b\x00\u202e") || len(text) > 6000 || !strings.Contains(text, "{value}") {
		t.Errorf("text %q", text)
	}
}

func TestFragment(t *testing.T) {
	for _, tt := range []struct{ steps, size int }{{0, 0}, {1, 10}, {7, 30}, {20, 5000}, {78, 5000}} {
		r := &Report{Slug: "some-slug", Plan: "abc1234", OS: "10.0.26200.7092", Time: time.Unix(1767290645, 0)}
		for i := range tt.steps {
			r.Steps = append(r.Steps, &StepResult{
				Anchor: fmt.Sprintf("family-%d.some-check", i), Verdict: check.Problem,
				Findings: []*FindingResult{{ID: "some-finding", Values: map[string]string{"value": strings.Repeat("値", tt.size)}}},
			})
		}
		f := r.Fragment()
		if most := shortAddress; len(f) > longAddress || tt.steps <= 8 && len(f) > most {
			t.Errorf("%d steps: %d characters", tt.steps, len(f))
		}
		encoded, ok := strings.CutPrefix(f, "#kbprobe=1.")
		if !ok {
			t.Fatalf("fragment %q", f)
		}
		data, err := base64.RawURLEncoding.DecodeString(encoded)
		if err != nil {
			t.Fatal(err)
		}
		var w struct {
			Slug, Plan string
			Time       int64
			Steps      []struct{ A string }
		}
		if err := json.Unmarshal(data, &w); err != nil {
			t.Fatal(err)
		}
		if w.Slug != r.Slug || w.Plan != r.Plan || w.Time != 1767290645 {
			t.Errorf("%d steps: %+v", tt.steps, w)
		}
		if tt.steps <= 20 && len(w.Steps) != tt.steps {
			t.Errorf("%d of %d steps arrived", len(w.Steps), tt.steps)
		}
	}
}
