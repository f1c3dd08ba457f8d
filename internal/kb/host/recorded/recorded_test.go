package recorded_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"kbgen/internal/kb/host"
	"kbgen/internal/kb/host/recorded"
)

func parse(t *testing.T, text string) *recorded.Machine {
	t.Helper()
	m, err := recorded.Parse("m", text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// manual is the example machine of the package comment.
func manual(t testing.TB) string {
	f, err := parser.ParseFile(token.NewFileSet(), "recorded.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	return exampleIn(f)
}

func exampleIn(f *ast.File) string {
	_, text, _ := strings.Cut(f.Doc.Text(), "rests on:\n")
	text, _, _ = strings.Cut(text, "\nNumbers are")
	return text
}

func TestManual(t *testing.T) {
	m := parse(t, manual(t))
	const current = `HKLM\Software\Microsoft\Windows NT\CurrentVersion`
	for _, c := range []struct {
		name string
		want host.Value
	}{
		{"", host.Value{Type: host.RegString, Text: "the default value"}},
		{"editionid", host.Value{Type: host.RegString, Text: "Professional"}},
		{"Folder", host.Value{Type: host.RegExpand, Text: `%SystemRoot%\System32`}},
		{"UBR", host.Value{Type: host.RegDWord, Number: 7092}},
		{"Large", host.Value{Type: host.RegQWord, Number: 1 << 32}},
		{"List", host.Value{Type: host.RegMultiStr, Strings: []string{"a", "b"}}},
		{"Bytes", host.Value{Type: host.RegBinary, Data: []byte{1, 2, 255}}},
		{"Short", host.Value{Type: host.RegDWord, Data: []byte{1, 0}}},
	} {
		got, err := m.Value(current, c.name)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", c.name, err, diff)
		}
	}
	same(t, "system", host.System{Major: 10, Build: 26200, Product: host.Workstation})(m.System())
	same(t, "service", host.Service{State: host.Running, Start: host.DemandStart})(m.Service("termservice"))
	same(t, "token", host.Token{
		UserSID: "S-1-5-21-1-2-3-1001", Elevated: true, Elevation: host.ElevationFull, Integrity: 0x3000,
		Groups:     []host.Group{{SID: host.SIDAdministrators, Attributes: host.GroupEnabled}, {SID: "S-1-5-114", Attributes: host.GroupUseForDeny}},
		Privileges: []host.Privilege{{Name: "SeBackupPrivilege"}},
	})(m.Token())
	same(t, "identity", host.Identity{
		User: "taro", Domain: "EXAMPLE", DNS: "example.test", Machine: "PC1", Home: `C:\Users\taro`, SID: "S-1-5-21-1-2-3-1001",
	})(m.Identity())
	same(t, "env", `C:\Temp`)(m.Env("temp"))
	same(t, "temp", `C:\Temp\`)(m.TempDir())
	same(t, "volume", host.Volume{Type: host.DriveFixed, Free: 10 << 30})(m.Volume(`c:\anything`))
	same(t, "share", host.Volume{Type: host.DriveRemote})(m.Volume(`\\server\share`))
	same(t, "file", host.File{Attributes: host.AttrDirectory})(m.File(`c:/temp/`))
	same(t, "security", host.Security{Owner: host.SIDSystem, Granted: 0x1f01ff, DACL: []host.ACE{
		{Type: host.ACEAllow, Mask: 0x1f01ff, SID: host.SIDSystem},
		{Type: host.ACEDeny, Flags: host.ACEInheritOnly, Mask: 2, SID: host.SIDEveryone},
	}})(m.Security(`C:\Temp`))
	same(t, "version", host.Version{6, 1, 7601, 24117})(m.FileVersion(`C:\Windows\System32\tspkg.dll`))

	fails(t, "denied value", host.ErrDenied)(m.Value(current, "Secret"))
	fails(t, "denied key", host.ErrDenied)(m.Value(`HKLM\SOFTWARE\Policies\X`, "any"))
	fails(t, "key below a denied one", host.ErrAbsent)(m.Value(`HKLM\SOFTWARE\Policies\X\Y`, "any"))
	fails(t, "file without a version", host.ErrUnsupported)(m.FileVersion(`C:\Temp`))
}

// same checks an answer that is a value.
func same[T any](t *testing.T, what string, want T) func(T, error) {
	return func(got T, err error) {
		t.Helper()
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", what, err, diff)
		}
	}
}

// fails checks an answer that is not.
func fails(t *testing.T, what string, want error) func(any, error) {
	return func(got any, err error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, %v; want %v", what, got, err, want)
		}
	}
}

// everything asks all there is to ask.
func everything(h host.Host) map[string]error {
	errs := map[string]error{}
	_, errs["Value"] = h.Value(`HKLM\x`, "y")
	_, errs["Service"] = h.Service("x")
	_, errs["System"] = h.System()
	_, errs["Token"] = h.Token()
	_, errs["Identity"] = h.Identity()
	_, errs["File"] = h.File(`C:\x`)
	_, errs["Security"] = h.Security(`C:\x`)
	_, errs["FileVersion"] = h.FileVersion(`C:\x`)
	_, errs["Volume"] = h.Volume(`C:\x`)
	_, errs["Env"] = h.Env("x")
	_, errs["TempDir"] = h.TempDir()
	return errs
}

func TestEmptyMachine(t *testing.T) {
	unsupported := map[string]bool{"System": true, "Token": true, "Identity": true, "TempDir": true}
	for what, err := range everything(parse(t, "")) {
		want := host.ErrAbsent
		if unsupported[what] {
			want = host.ErrUnsupported
		}
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
	}
}

func TestNothing(t *testing.T) {
	for what, err := range everything(recorded.Nothing(host.ErrDenied)) {
		if err != host.ErrDenied {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestInstead(t *testing.T) {
	m := parse(t, `
[HKLM\x]
absent = !absent
denied = !denied
unsupported = !unsupported
timeout = !timeout
failed = !failed RegQueryValueExW 0xc000000d
text = sz "!denied"
[file C:\x]
security = !denied
version = !failed GetFileVersionInfoW 1812
[file C:\y] !timeout
[token] !unsupported
`)
	for name, want := range map[string]error{
		"absent": host.ErrAbsent, "denied": host.ErrDenied, "unsupported": host.ErrUnsupported, "timeout": host.ErrTimeout,
	} {
		fails(t, name, want)(m.Value(`HKLM\x`, name))
	}
	var call *host.CallError
	if _, err := m.Value(`HKLM\x`, "failed"); !errors.As(err, &call) || *call != (host.CallError{Call: "RegQueryValueExW", Code: 0xc000000d}) {
		t.Errorf("failed: %v", err)
	}
	same(t, "text", host.Value{Type: host.RegString, Text: "!denied"})(m.Value(`HKLM\x`, "text"))
	same(t, "file", host.File{})(m.File(`C:\x`))
	fails(t, "security", host.ErrDenied)(m.Security(`C:\x`))
	if _, err := m.FileVersion(`C:\x`); !errors.As(err, &call) || call.Code != 1812 {
		t.Errorf("version: %v", err)
	}
	fails(t, "file that times out", host.ErrTimeout)(m.File(`C:\y`))
	fails(t, "its security", host.ErrTimeout)(m.Security(`C:\y`))
	fails(t, "its version", host.ErrTimeout)(m.FileVersion(`C:\y`))
	fails(t, "token", host.ErrUnsupported)(m.Token())
}

func TestLimitCutsOffWhatHangs(t *testing.T) {
	m := parse(t, "[token] !hang\n[system]\nversion = 10.0.26200\n[HKLM\\x]\nhangs = !hang\nanswers = dword 1\n")
	h := host.Limit(m, 20*time.Millisecond, "")
	fails(t, "token", host.ErrTimeout)(h.Token())
	fails(t, "value", host.ErrTimeout)(h.Value(`HKLM\x`, "hangs"))
	same(t, "value", host.Value{Type: host.RegDWord, Number: 1})(h.Value(`HKLM\x`, "answers"))
	same(t, "system", host.System{Major: 10, Build: 26200, Product: host.Workstation})(h.System())
	for what, err := range everything(host.Limit(recorded.Nothing(host.ErrDenied), time.Minute, "")) {
		if err != host.ErrDenied {
			t.Errorf("%s: %v, want the machine's own answer", what, err)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"x = 1", "m:1:1: this line is in no section"},
		{"[system]\nversion", "m:2:1: this is neither a header nor a value"},
		{"[system]\n = 1", "m:2:2: this value has no name"},
		{"[system", "m:1:1: this header has no end"},
		{"[]", "m:1:2: there is no such section"},
		{"[sytem]", "m:1:2: there is no such section"},
		{"[system x]", "m:1:9: this section takes no name"},
		{"[service]", "m:1:2: this section needs a name"},
		{"[system] # comment", "m:1:10: only an answer can stand here"},
		{"[system] !refused", "m:1:10: there is no such answer"},
		{"[system] !denied\nversion = 10.0.1", "m:2:1: this section has its answer behind the header"},
		{"[system] !denied twice", "m:1:18: nothing can follow here"},
		{"[system]\n[token]\nuser = S-1-1-0\n[system]", "m:1:2: this section lacks version"},
		{"[env]\n[env]", "m:2:2: this section is there twice"},
		{"[HKLM\\a]\n[hklm\\A\\]", "m:2:2: this section is there twice"},
		{"[HKCR\\a]", "m:1:2: there is no such root key"},
		{"[HKLM]", "m:1:2: this key has no path"},
		{"[HKLM\\a]\nx = dword 1\nX = dword 1", "m:3:1: this value is there twice"},
		{"[HKLM\\a]\nx = 1", "m:2:5: there is no such value"},
		{"[HKLM\\a]\nx = dword 4294967296", "m:2:11: this is not a number of 32 bits"},
		{"[HKLM\\a]\nx = dword -1", "m:2:11: this is not a number of 32 bits"},
		{"[HKLM\\a]\nx = dword", "m:2:10: this is not a number"},
		{"[HKLM\\a]\nx = binary 0", "m:2:12: these are not bytes"},
		{"[HKLM\\a]\nx = raw word 00", "m:2:9: there is no such type"},
		{"[HKLM\\a]\nx = multi a", "m:2:11: this is not a Go string"},
		{"[HKLM\\a]\nx = sz \"a", "m:2:8: this is not a Go string"},
		{"[HKLM\\a]\nx = !failed", "m:2:5: this answer lacks the function"},
		{"[system]\nversion = 10.0", "m:2:11: this is not a version"},
		{"[system]\nversion = 10.0.1\nproduct = laptop", "m:3:11: there is no such value"},
		{"[system]\nversion = 10.0.1\nversion = 10.0.2", "m:3:1: this name is there twice"},
		{"[service x]\nstate = running", "m:1:2: this section lacks start"},
		{"[service x]\nstate = RUNNING\nstart = auto", "m:2:9: there is no such value"},
		{"[token]\nelevated = yes", "m:1:2: this section lacks user"},
		{"[token]\nuser = S-1-5-x", "m:2:8: this is not a SID"},
		{"[token]\nuser = S-1-1-0\ngroup = S-1-1-0", "m:3:9: this group lacks its attributes"},
		{"[token]\nuser = S-1-1-0\nprivilege = SeX on", "m:3:17: there is no such value"},
		{"[identity]\nname = x", "m:2:1: there is no such name in this section"},
		{"[temp]", "m:1:2: this section lacks path"},
		{"[env] !denied", "m:1:7: the environment always answers"},
		{"[volume C:\\x]\ntype = fixed", "m:1:9: this is not a drive"},
		{"[volume C:]\ntype = fixed\nfree = 10", "m:3:10: there is no such value"},
		{"[volume C:]\ntype = fixed\nfree = 17000000 TiB", "m:3:8: this size is too large"},
		{"[file x]\nsize = 1", "m:2:1: there is no such name in this section"},
		{"[file x]\nowner = S-1-1-0", "m:1:2: this section lacks granted"},
		{"[file x]\nowner = S-1-1-0\ngranted = 0", "m:1:2: a file has either ace lines or a dacl"},
		{"[file x]\nowner = S-1-1-0\ngranted = 0\ndacl = none", "m:4:8: there is no such DACL"},
		{"[file x]\nowner = S-1-1-0\ngranted = 0\ndacl = null\nace = type 9", "m:1:2: a file has either ace lines or a dacl"},
		{"[file x]\nowner = S-1-1-0\ngranted = 0\nace = type 1", "m:4:12: this kind has a mask and a SID"},
		{"[file x]\nowner = S-1-1-0\nsecurity = !denied", "m:2:1: security is given already"},
		{"[file x]\nsecurity = 1", "m:2:12: only an answer can stand here"},
	} {
		_, err := recorded.Parse("m", c.text)
		var located *recorded.Error
		if !errors.As(err, &located) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(manual(f))
	cases, err := filepath.Glob("../../check/testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range cases {
		text, err := os.ReadFile(c)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := recorded.Parse("m", text)
		var located *recorded.Error
		if err != nil && !errors.As(err, &located) {
			t.Fatalf("an error without a place: %v", err)
		}
		if located != nil && (located.Line < 1 || located.Line > strings.Count(text, "\n")+1 || located.Col < 1) {
			t.Fatalf("a place outside of the text: %v", located)
		}
		if err == nil && !strings.Contains(text, "!hang") {
			everything(m)
		}
	})
}
