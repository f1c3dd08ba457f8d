package host_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"kbgen/internal/kb/host"
	"kbgen/internal/kb/winetest"
)

// seeds is what the registry of the machine under test holds. Short is a
// REG_DWORD of two bytes; the same key in the 32-bit view says something else.
const seeds = `
[Software\\KbTest] 1
@="default"
"Zero"=dword:00000000
"One"=dword:00000001
"Two"=dword:00000002
"Text"="\x65e5\x672c"
"Expand"=str(2):"%SystemRoot%\\x"
"Multi"=str(7):"a\0b\0"
"Large"=hex(b):00,00,00,00,01,00,00,00
"Bytes"=hex:01,02,ff
"Short"=hex(4):02,00

[Software\\Wow6432Node\\KbTest] 1
"Two"=dword:00000063

[Software\\KbTest\\Secret] 1
"Two"=dword:00000002

[Software\\KbTest\\Guarded] 1

[Software\\KbTest\\List] 1
@="default"
"b"="TERMSRV/*"
"A"=dword:00000001
"\x65e5\x672c"=dword:00000002

[Software\\KbTest\\List\\Sub] 1

[Software\\Microsoft\\Windows NT\\CurrentVersion] 1
"CurrentBuild"="26200"
"CurrentBuildNumber"="26200"

[System\\CurrentControlSet\\Services\\Winmgmt] 1
"Start"=dword:00000002

[System\\CurrentControlSet\\Services\\W32Time] 1
"Start"=dword:00000004
"Type"=dword:00000020
"ErrorControl"=dword:00000001
"ObjectName"="LocalSystem"
"ImagePath"=str(2):"C:\\windows\\system32\\svchost.exe -k x"
`

// largest is a string of 64 KiB with its NUL, the most that is read.
var largest = strings.Repeat("x", 32<<10-1)

// machine asks a Windows program about the machine that it runs on.
type machine struct {
	t      *testing.T
	prefix *winetest.Prefix
	exe    string
	filter string // a launcher before the program, if not empty
	env    []string

	certificates []host.Certificate // in the store MY
}

func newMachine(t *testing.T) *machine {
	winetest.Require(t)
	m := &machine{t: t, exe: winetest.Build(t, "./testdata/askhost"), prefix: winetest.New(t)}
	m.prefix.SystemReg(seeds)
	m.prefix.SystemReg("[Software\\\\KbTest] 1\n\"Fits\"=\"" + largest + "\"\n\"TooLarge\"=\"" + largest + "x\"\n")
	m.prefix.UserReg("[Software\\\\KbTest] 1\n\"Mine\"=dword:00000007\n")
	return m
}

type answer struct {
	Value json.RawMessage
	Error string
	Call  *host.CallError
}

// ask asks one question after the other in one run.
func (m *machine) ask(questions ...string) []answer {
	m.t.Helper()
	c := winetest.Cmd{Exe: m.exe, Env: m.env, Stdin: strings.NewReader(strings.Join(questions, "\n") + "\n")}
	if m.filter != "" {
		c.Exe, c.Args = m.filter, []string{winetest.WinPath(m.exe)}
	}
	r := m.prefix.Run(c)
	lines := strings.Split(strings.TrimSpace(r.Stdout), "\n")
	if r.Code != 0 || len(lines) != len(questions) {
		m.t.Fatalf("%d questions, exit code %d, stderr %s, answers:\n%s", len(questions), r.Code, r.Stderr, r.Stdout)
	}
	answers := make([]answer, len(lines))
	for i, l := range lines {
		if err := json.Unmarshal([]byte(l), &answers[i]); err != nil {
			m.t.Fatalf("%v: %s", err, l)
		}
	}
	return answers
}

// value asks a question whose answer must be a value.
func value[T any](m *machine, question string) T {
	m.t.Helper()
	var v T
	a := m.ask(question)[0]
	if a.Error != "" {
		m.t.Errorf("%s: %s", question, a.Error)
		return v
	}
	if err := json.Unmarshal(a.Value, &v); err != nil {
		m.t.Fatal(err)
	}
	return v
}

// answers asks questions whose answers are known to the letter: a value of
// the method's type, an error, or a CallError.
func (m *machine) answers(want []expected) {
	m.t.Helper()
	questions := make([]string, len(want))
	for i, w := range want {
		questions[i] = w.question
	}
	for i, got := range m.ask(questions...) {
		w := want[i]
		var text answer
		switch a := w.answer.(type) {
		case *host.CallError:
			text = answer{Error: a.Error(), Call: a}
		case error:
			text = answer{Error: a.Error()}
		default:
			b, err := json.Marshal(a)
			if err != nil {
				m.t.Fatal(err)
			}
			text = answer{Value: b}
		}
		if text.Value == nil {
			text.Value = []byte("null")
		}
		if diff := cmp.Diff(text, got); diff != "" {
			m.t.Errorf("%q (-want +got):\n%s", w.question, diff)
		}
	}
}

type expected struct {
	question string
	answer   any
}

func TestLocal(t *testing.T) {
	shared := newMachine(t)
	shared.certificates = setScene(t, shared)
	for name, test := range map[string]func(*testing.T, *machine){
		"registry":  testRegistry,
		"keys":      testKeys,
		"services":  testServices,
		"system":    testSystem,
		"token":     testToken,
		"files":     testFiles,
		"content":   testContent,
		"security":  testSecurity,
		"accounts":  testAccounts,
		"inventory": testInventory,
	} {
		t.Run(name, func(t *testing.T) {
			m := *shared
			m.t = t
			test(t, &m)
		})
	}
}

func testRegistry(t *testing.T, m *machine) {
	number := func(n uint64) host.Value { return host.Value{Type: host.RegDWord, Number: n} }
	const key = "Value\tHKLM\\SOFTWARE\\KbTest"
	m.answers([]expected{
		{key, host.Value{Type: host.RegString, Text: "default"}},
		{key + "\tZero", number(0)},
		{key + "\tOne", number(1)},
		{key + "\ttwo", number(2)},
		{key + "\tText", host.Value{Type: host.RegString, Text: "日本"}},
		{key + "\tExpand", host.Value{Type: host.RegExpand, Text: `%SystemRoot%\x`}},
		{key + "\tMulti", host.Value{Type: host.RegMultiStr, Strings: []string{"a", "b"}}},
		{key + "\tLarge", host.Value{Type: host.RegQWord, Number: 1 << 32}},
		{key + "\tBytes", host.Value{Type: host.RegBinary, Data: []byte{1, 2, 255}}},
		{key + "\tShort", host.Value{Type: host.RegDWord, Data: []byte{2, 0}}},
		{key + "\tFits", host.Value{Type: host.RegString, Text: largest}},
		{key + "\tTooLarge", &host.CallError{Call: "RegQueryValueExW", Code: 234}},
		{key + "\tMissing", host.ErrAbsent},
		{key + "\\Missing\tTwo", host.ErrAbsent},
		{key + "\\Secret\tTwo", host.ErrDenied},
		{"Value\tHKCU\\Software\\KbTest\tMine", number(7)},
		{"Value\tHKU\\S-1-5-21-0-0-0-1000\\Software\\KbTest\tMine", number(7)},
		{"Value\tHKCR\\.txt", &host.CallError{Call: "RegOpenKeyExW", Code: 161}},
		{"Value\tHKLM\\SOFT\x00WARE", &host.CallError{Call: "RegOpenKeyExW", Code: 123}},
		{key + "\tTwo\x00", &host.CallError{Call: "RegQueryValueExW", Code: 123}},
	})
}

func testServices(t *testing.T, m *machine) {
	m.answers([]expected{
		{"Service\tTermService", host.Service{State: host.Stopped, Start: host.DemandStart}},
		{"Service\tW32Time", host.Service{State: host.Stopped, Start: host.Disabled}},
		{"Service\tNoSuchService", host.ErrAbsent},
		{"Service\tTerm\x00Service", &host.CallError{Call: "OpenServiceW", Code: 123}},
	})
	running := value[host.Service](m, "Service\teventlog")
	if running.State != host.Running || running.Start != host.AutoStart || running.PID == 0 {
		t.Errorf("eventlog: %+v", running)
	}
}

func testSystem(t *testing.T, m *machine) {
	m.env = []string{`SystemRoot=Q:\elsewhere`, "KB_SET=値", "KB_EMPTY="}
	m.answers([]expected{
		{"System", host.System{Major: 10, Build: 26200, Product: host.Workstation, Edition: 0x1c}}, // Wine is always that edition
		{"Env\tKB_SET", "値"},
		{"Env\tKB_EMPTY", ""},
		{"Env\tKB_UNSET", host.ErrAbsent},
		{"FileVersion\tC:\\windows\\system32\\missing.dll", host.ErrAbsent},
		{"FileVersion\tC:\\missing\\x.dll", host.ErrAbsent},
		{"FileVersion\t%SystemRoot%\\system32\\TSpkg.dll", host.ErrAbsent}, // Wine has none
	})
	v := value[host.Version](m, `FileVersion	%SYSTEMROOT%\system32\kernel32.dll`)
	if v.Less(host.Version{6, 1}) {
		t.Errorf("kernel32.dll is of version %v", v)
	}
	dir := value[string](m, "TempDir")
	if !strings.HasPrefix(dir, `C:\`) || !strings.HasSuffix(dir, `\`) {
		t.Errorf("TempDir %q", dir)
	}
	id := value[host.Identity](m, "Identity")
	if id.User == "" || id.Machine == "" || id.SID != "S-1-5-21-0-0-0-1000" || !strings.EqualFold(id.Home, `C:\users\`+id.User) {
		t.Errorf("Identity %+v", id)
	}
}

func testToken(t *testing.T, m *machine) {
	full := value[host.Token](m, "Token")
	admins, member := full.Group(host.SIDAdministrators)
	if !full.Elevated || full.Elevation != host.ElevationFull || full.Integrity != 0x3000 || !member ||
		admins.Attributes&host.GroupEnabled == 0 || full.UserSID != "S-1-5-21-0-0-0-1000" {
		t.Errorf("elevated: %+v", full)
	}
	if !privilege(full, "SeChangeNotifyPrivilege", true) || !privilege(full, "SeBackupPrivilege", false) {
		t.Errorf("privileges of the elevated: %+v", full.Privileges)
	}
	m.filter = winetest.Build(t, winetest.Filtered)
	limited := value[host.Token](m, "Token")
	admins, member = limited.Group(host.SIDAdministrators)
	if limited.Elevated || limited.Elevation != host.ElevationLimited || !member || admins.Attributes&host.GroupUseForDeny == 0 {
		t.Errorf("filtered: %+v", limited)
	}
}

func privilege(t host.Token, name string, enabled bool) bool {
	for _, p := range t.Privileges {
		if p == (host.Privilege{Name: name, Enabled: enabled}) {
			return true
		}
	}
	return false
}

func testFiles(t *testing.T, m *machine) {
	listed := filepath.Join(m.prefix.DriveC(), "listed")
	if err := os.Mkdir(listed, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(listed, "空.txt"), nil, 0o444); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat(strings.Repeat("長", 60)+`\`, 5)
	for path, mode := range map[string]os.FileMode{"folder": 0o755, "closed": 0o555, strings.ReplaceAll(long, `\`, "/"): 0o755} {
		path := filepath.Join(m.prefix.DriveC(), path)
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	bad := func(call string) *host.CallError { return &host.CallError{Call: call, Code: 161} }
	m.answers([]expected{
		{"Entries\tC:\\listed", []host.Entry{{Name: "空.txt", File: host.File{Attributes: 0x20 | host.AttrReadOnly}}}},
		{"Entries\tC:\\folder", []host.Entry{}},
		{"Entries\tC:\\missing", host.ErrAbsent},
		{"Entries\t\\\\server\\share", bad("GetFullPathNameW")},
		{"Entries\tC:\\*", &host.CallError{Call: "GetFileAttributesW", Code: 123}},
		{"File\tC:\\folder", host.File{Attributes: host.AttrDirectory}},
		{"File\tc:/folder/", host.File{Attributes: host.AttrDirectory}},
		{"File\tC:\\closed", host.File{Attributes: host.AttrDirectory | host.AttrReadOnly}},
		{"File\tC:\\" + long, host.File{Attributes: host.AttrDirectory}},
		{"File\tC:\\" + long + "missing", host.ErrAbsent},
		{"File\tC:\\missing", host.ErrAbsent},
		{"File\tC:\\missing\\x", host.ErrAbsent},
		{"File\t\\\\server\\share\\x", bad("GetFullPathNameW")},
		{"File\t\\\\.\\COM1", bad("GetFullPathNameW")},
		{"File\tC:\\con", bad("GetFullPathNameW")},
		{"File\trelative", bad("GetFullPathNameW")},
		{"File\tC:\\fol\x00der", &host.CallError{Call: "GetFullPathNameW", Code: 123}},
		{"Security\tC:\\missing", host.ErrAbsent},
		{"Security\t\\\\server\\share\\x", bad("GetFullPathNameW")},
		{"FileVersion\t\\\\server\\share\\x.dll", bad("GetFullPathNameW")},
		{"FileVersion\t%TEMP%\\x.dll", bad("GetFullPathNameW")},
		{"Volume\tQ:\\x", host.ErrAbsent},
		{"Volume\t\\\\server\\share\\x", host.Volume{Type: host.DriveRemote}},
		{"Volume\trelative", bad("GetDriveTypeW")},
	})
	for _, path := range []string{`C:\anything`, `\\?\c:\anything`} {
		if v := value[host.Volume](m, "Volume\t"+path); v.Type != host.DriveFixed || v.Free < 1<<20 || v.FileSystem != "NTFS" {
			t.Errorf("Volume %s: %+v", path, v)
		}
	}
}

func testSecurity(t *testing.T, m *machine) {
	for name, mode := range map[string]os.FileMode{"open": 0o755, "shut": 0o555} {
		path := filepath.Join(m.prefix.DriveC(), name)
		if err := os.Mkdir(path, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	const (
		user      = "S-1-5-21-0-0-0-1000"
		all       = 0x1f01ff
		addFile   = 0x2
		readRight = 0x1
	)
	open := value[host.Security](m, `Security	C:\open`)
	if open.Owner != user || open.NullDACL || open.Granted != all {
		t.Errorf("C:\\open: %+v", open)
	}
	own := false
	for _, a := range open.DACL {
		own = own || a.Type == host.ACEAllow && a.SID == user && a.Mask == all
	}
	if !own {
		t.Errorf("C:\\open: no entry for its owner in %+v", open.DACL)
	}
	closed := value[host.Security](m, `Security	C:\shut`)
	if closed.Granted&readRight == 0 || closed.Granted&addFile != 0 {
		t.Errorf("C:\\shut: granted %#x", closed.Granted)
	}
}
