package check_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/host"
	"kbgen/internal/kb/host/recorded"
)

var (
	checkID     = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$`)
	findingID   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	changes     = regexp.MustCompile(`(?m)\breg (add|delete)\b|\bsc config\b|\bnet (start|stop)\b|\bicacls\b.*/(grant|deny|restore|setowner|inheritance)`)
	japanese    = regexp.MustCompile(`[\p{Hiragana}\p{Katakana}\p{Han}]`)
	doubleSpace = regexp.MustCompile(`\S  +\S`)
	fullWidth   = regexp.MustCompile(`[０-９Ａ-Ｚａ-ｚ（）：]`)
)

// Each check has a function, and each function a check.
func TestJudges(t *testing.T) {
	for id := range check.Judges() {
		if _, ok := check.All().Find(id); !ok {
			t.Errorf("there is a function for %s, which is no check", id)
		}
	}
	for _, c := range check.All() {
		if check.Judges()[c.ID] == nil {
			t.Errorf("there is no function for %s", c.ID)
		}
	}
}

func TestCatalogue(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range check.All() {
		if !checkID.MatchString(c.ID) || seen[c.ID] {
			t.Errorf("%s: malformed or there twice", c.ID)
		}
		seen[c.ID] = true
		if check.Judges()[c.ID] == nil || len(c.Findings) == 0 || len(c.Reads) == 0 || len(c.Sources) == 0 {
			t.Errorf("%s: lacks Judge, Findings, Reads or Sources", c.ID)
		}
		if !slices.Contains([]check.Admin{check.AdminNo, check.AdminMaybe, check.AdminYes}, c.Needs.AdminLevel()) {
			t.Errorf("%s: needs admin %q", c.ID, c.Needs.Admin)
		}
		label(t, c.ID+" title", c.Title)
		sentences(t, c.ID+" about", c.About)
		for _, r := range c.Reads {
			label(t, c.ID+" reads", r)
		}
		for _, s := range c.Sources {
			if strings.TrimSpace(s) != s || s == "" || strings.Contains(s, "://") {
				t.Errorf("%s: source %q", c.ID, s)
			}
		}
		params(t, c)
		findings(t, c.ID, c.Findings, check.Common())
	}
	findings(t, "common", check.Common(), nil)
}

func params(t *testing.T, c check.Check) {
	t.Helper()
	seen := map[string]bool{}
	for _, p := range c.Params {
		name := c.ID + " parameter " + p.Name
		if !findingID.MatchString(p.Name) || seen[p.Name] {
			t.Errorf("%s: malformed or there twice", name)
		}
		seen[p.Name] = true
		label(t, name, p.About)
		if (p.Kind == check.KindOption) != (len(p.Options) > 0) {
			t.Errorf("%s: of kind %s with options %q", name, p.Kind, p.Options)
		}
		if p.Required && p.Default != "" {
			t.Errorf("%s: is required and has a default", name)
		}
		if p.Default != "" && len(c.CheckArgs(check.Args{p.Name: p.Default})) > countRequired(c) {
			t.Errorf("%s: refuses its own default", name)
		}
	}
}

func countRequired(c check.Check) int {
	n := 0
	for _, p := range c.Params {
		if p.Required {
			n++
		}
	}
	return n
}

// findings lints the findings of a check; reserved are those whose IDs it
// must not use.
func findings(t *testing.T, id string, all, reserved []check.Finding) {
	t.Helper()
	seen := map[string]bool{}
	for _, f := range reserved {
		seen[f.ID] = true
	}
	verdicts := []check.Verdict{check.OK, check.Problem, check.Warning, check.Unknown, check.NotApplicable}
	for _, f := range all {
		name := id + " finding " + f.ID
		if !findingID.MatchString(f.ID) || seen[f.ID] {
			t.Errorf("%s: malformed, there twice, or one that every check has", name)
		}
		seen[f.ID] = true
		if !slices.Contains(verdicts, f.Verdict) {
			t.Errorf("%s: verdict %q", name, f.Verdict)
		}
		sentences(t, name, f.Text)
		remedy(t, name+" fix", f.Fix)
		remedy(t, name+" rollback", f.Rollback)
		if f.Verdict == check.Problem && f.Fix.Zero() {
			t.Errorf("%s: a problem without a fix", name)
		}
		if changes.MatchString(f.Fix.Command) && f.Rollback.Zero() {
			t.Errorf("%s: its fix changes something, and nothing undoes it", name)
		}
		if !f.Rollback.Zero() && f.Fix.Zero() {
			t.Errorf("%s: a rollback of nothing", name)
		}
		if ja, en := placeholders(texts(f, check.JA)...), placeholders(texts(f, check.EN)...); !slices.Equal(ja, en) {
			t.Errorf("%s: values %q in Japanese, %q in English", name, ja, en)
		}
	}
}

func remedy(t *testing.T, name string, r check.Remedy) {
	t.Helper()
	if r.Zero() {
		return
	}
	sentences(t, name, r.Text)
	for line := range strings.Lines(r.Command) {
		if line = strings.TrimSuffix(line, "\n"); line == "" || strings.TrimSpace(line) != line || strings.ContainsAny(line, "\r\t") {
			t.Errorf("%s: command %q", name, line)
		}
		if strings.Count(line, `"`)%2 != 0 {
			t.Errorf("%s: a quote without its partner in %s", name, line)
		}
	}
}

// text checks what holds for every text.
func text(t *testing.T, name string, x check.Text) {
	t.Helper()
	for _, lang := range check.Langs() {
		s := x.In(lang)
		if s == "" || strings.TrimSpace(s) != s || strings.ContainsAny(s, "\n\t") || doubleSpace.MatchString(s) {
			t.Errorf("%s: %s text %q is empty or has stray spaces", name, lang, s)
		}
	}
	if japanese.MatchString(x.EN) {
		t.Errorf("%s: Japanese in the English text %q", name, x.EN)
	}
	if fullWidth.MatchString(x.JA) {
		t.Errorf("%s: full-width letters or brackets in %q", name, x.JA)
	}
	if ja, en := placeholders(x.JA), placeholders(x.EN); !slices.Equal(ja, en) {
		t.Errorf("%s: values %q in Japanese, %q in English", name, ja, en)
	}
}

// label checks a text that is a name and no sentence.
func label(t *testing.T, name string, x check.Text) {
	t.Helper()
	text(t, name, x)
	if strings.HasSuffix(x.JA, "。") || strings.HasSuffix(x.EN, ".") {
		t.Errorf("%s: a label ends like a sentence: %q, %q", name, x.JA, x.EN)
	}
}

// sentences checks a text of whole sentences.
func sentences(t *testing.T, name string, x check.Text) {
	t.Helper()
	text(t, name, x)
	if !strings.HasSuffix(x.JA, "。") {
		t.Errorf("%s: %q does not end in 。", name, x.JA)
	}
	if !strings.HasSuffix(x.EN, ".") && !strings.HasSuffix(x.EN, "?") {
		t.Errorf("%s: %q does not end in a full stop", name, x.EN)
	}
	if !japanese.MatchString(x.JA) {
		t.Errorf("%s: no Japanese in %q", name, x.JA)
	}
}

// TestNothingReadIsUnknown asks machines that answer nothing. Whatever the
// reason, a check says unknown, or that there is nothing to check, and why. On
// a machine where all is absent it may say more: that nothing is set is an
// answer.
func TestNothingReadIsUnknown(t *testing.T) {
	for _, err := range []error{
		host.ErrAbsent, host.ErrDenied, host.ErrUnsupported, host.ErrTimeout,
		&host.CallError{Call: "F", Code: 31}, errors.New("another"),
	} {
		for _, c := range check.All() {
			found := check.Judges()[c.ID](recorded.Nothing(err), c.WithDefaults(arguments(c)))
			if len(found) == 0 {
				t.Errorf("%s, %v: finds nothing", c.ID, err)
			}
			for _, f := range found {
				finding, ok := c.Finding(f.Finding)
				if !ok || err != host.ErrAbsent && finding.Verdict != check.Unknown && finding.Verdict != check.NotApplicable {
					t.Errorf("%s, %v: %s %s", c.ID, err, finding.Verdict, f.Finding)
				}
			}
		}
	}
}

// arguments are values for the parameters that a check requires.
func arguments(c check.Check) check.Args {
	args := check.Args{}
	for _, p := range c.Params {
		if p.Required {
			args[p.Name] = map[check.Kind]string{check.KindPath: `C:\Data`}[p.Kind]
		}
	}
	return args
}

func TestHangingHostIsTimeout(t *testing.T) {
	m, err := recorded.Parse("m", "[token] !hang\n")
	if err != nil {
		t.Fatal(err)
	}
	c, _ := check.All().Find("access.elevation")
	found := check.Judges()[c.ID](host.Limit(m, 10*time.Millisecond, ""), nil)
	if len(found) != 1 || found[0].Finding != check.FindingTimeout {
		t.Errorf("found %+v", found)
	}
}

func TestNearest(t *testing.T) {
	c := check.All()
	for word, want := range map[string]string{
		"credssp.encryption-oracel": "credssp.encryption-oracle",
		"os.versoin":                "os.version",
		"access.temp":               "",
		"":                          "",
		"something-else-entirely":   "",
	} {
		if got := c.Nearest(word); got != want {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
}

func TestCheckArgs(t *testing.T) {
	acl, _ := check.All().Find("access.path-acl")
	version, _ := check.All().Find("os.version")
	for _, c := range []struct {
		check *check.Check
		args  check.Args
		want  string // the parameters refused
	}{
		{acl, check.Args{"path": `C:\x`}, ""},
		{acl, check.Args{"path": `%TEMP%\x`, "access": "read"}, ""},
		{acl, check.Args{}, "path"},
		{acl, check.Args{"path": ""}, "path"},
		{acl, check.Args{"path": `\\server\share`}, "path"},
		{acl, check.Args{"path": `//server/share`}, "path"},
		{acl, check.Args{"path": `\\?\C:\x`}, "path"},
		{acl, check.Args{"path": `\\.\COM1`}, "path"},
		{acl, check.Args{"path": `C:`}, "path"},
		{acl, check.Args{"path": `C:x`}, "path"},
		{acl, check.Args{"path": `relative`}, "path"},
		{acl, check.Args{"path": `%TEMP`}, "path"},
		{acl, check.Args{"path": "C:\\x\ny"}, "path"},
		{acl, check.Args{"path": `C:\x`, "access": "delete"}, "access"},
		{acl, check.Args{"path": `C:\x`, "acess": "read"}, "acess"},
		{acl, check.Args{"acess": "read", "access": ""}, "access acess path"},
		{version, check.Args{"path": `C:\x`}, "path"},
	} {
		var refused []string
		for _, e := range c.check.CheckArgs(c.args) {
			refused = append(refused, e.Name)
			if e.Message == "" || e.Hint == "" {
				t.Errorf("%s %v: %v says too little", c.check.ID, c.args, e)
			}
		}
		if got := strings.Join(refused, " "); got != c.want {
			t.Errorf("%s %v: refused %q, want %q", c.check.ID, c.args, got, c.want)
		}
	}
}

func TestWorst(t *testing.T) {
	for _, c := range []struct {
		in   []check.Verdict
		want check.Verdict
	}{
		{nil, check.NotApplicable},
		{[]check.Verdict{check.NotApplicable, check.OK}, check.OK},
		{[]check.Verdict{check.OK, check.Unknown}, check.Unknown},
		{[]check.Verdict{check.Unknown, check.Warning, check.OK}, check.Warning},
		{[]check.Verdict{check.Warning, check.Problem, check.Unknown}, check.Problem},
	} {
		if got := check.Worst(c.in...); got != c.want {
			t.Errorf("%v: %s, want %s", c.in, got, c.want)
		}
	}
}
