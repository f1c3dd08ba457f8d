package recorded_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
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
	f, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments|parser.PackageClauseOnly)
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
	same(t, "service", host.Service{State: host.Running, Start: host.DemandStart, PID: 816})(m.Service("termservice"))
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
	same(t, "volume", host.Volume{Type: host.DriveFixed, Free: 10 << 30, FileSystem: "NTFS"})(m.Volume(`c:\anything`))
	same(t, "share", host.Volume{Type: host.DriveRemote})(m.Volume(`\\server\share`))
	same(t, "file", host.File{Attributes: host.AttrDirectory})(m.File(`c:/temp/`))
	same(t, "security", host.Security{Owner: host.SIDSystem, Protected: true, Granted: 0x1f01ff, DACL: []host.ACE{
		{Type: host.ACEAllow, Mask: 0x1f01ff, SID: host.SIDSystem},
		{Type: host.ACEDeny, Flags: host.ACEInheritOnly, Mask: 2, SID: host.SIDEveryone},
	}})(m.Security(`C:\Temp`))
	same(t, "version", host.Version{6, 1, 7601, 24117})(m.FileVersion(`C:\Windows\System32\tspkg.dll`))

	same(t, "entries", []host.Entry{{Name: "setup.exe"}})(parse(t, "[file C:/A]\nattributes = directory\n"+
		"[file C:\\a\\setup.exe:Zone.Identifier]\n[file C:\\A\\Gone] !absent\n[file C:\\A\\B\\x]\n[file C:\\a\\setup.exe]\n").Entries(`c:\a`))
	same(t, "no entries", []host.Entry{})(m.Entries(`C:\Temp`))
	fails(t, "entries of no folder", host.ErrAbsent)(m.Entries(`C:\missing`))
	fails(t, "denied entries", host.ErrDenied)(parse(t, "[file C:\\A]\nentries = !denied\n").Entries(`C:\A`))

	fails(t, "denied value", host.ErrDenied)(m.Value(current, "Secret"))
	fails(t, "denied key", host.ErrDenied)(m.Value(`HKLM\SOFTWARE\Policies\X`, "any"))
	fails(t, "key below a denied one", host.ErrAbsent)(m.Value(`HKLM\SOFTWARE\Policies\X\Y`, "any"))
	fails(t, "file without a version", host.ErrUnsupported)(m.FileVersion(`C:\Temp`))
}

// now is the clock of the machine in the manual, and of one without a clock.
var now = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func TestManualRegistry(t *testing.T) {
	m := parse(t, manual(t))
	const current = `HKLM\Software\Microsoft\Windows NT\CurrentVersion`
	same(t, "subkeys", []string{"CurrentVersion"})(m.Subkeys(`HKLM\software\microsoft\windows nt`))
	same(t, "subkeys", []string{"Microsoft", "Policies"})(m.Subkeys(`HKLM\SOFTWARE`))
	same(t, "no subkeys", []string{})(m.Subkeys(current))
	same(t, "no values", []host.NamedValue{})(m.Values(`HKLM\SOFTWARE`))
	fails(t, "values with a denied one", host.ErrDenied)(m.Values(current))
	fails(t, "values of a denied key", host.ErrDenied)(m.Values(`HKLM\SOFTWARE\Policies\X`))
	fails(t, "subkeys of a denied key", host.ErrDenied)(m.Subkeys(`HKLM\SOFTWARE\Policies\X`))
	same(t, "key security", host.Security{Owner: host.SIDSystem, Granted: 0x20019, DACL: []host.ACE{
		{Type: host.ACEAllow, Mask: 0xf003f, SID: host.SIDSystem},
		{Type: host.ACEAllow, Mask: 0x20019, SID: host.SIDUsers},
	}})(m.KeySecurity(current))
	fails(t, "security of a key without it", host.ErrUnsupported)(m.KeySecurity(`HKLM\SOFTWARE`))
	fails(t, "security of a denied key", host.ErrDenied)(m.KeySecurity(`HKLM\SOFTWARE\Policies\X`))

	m = parse(t, "[HKCU\\A\\gone] !absent\n[HKCU\\A\\shut] !denied\n[HKCU\\A\\shut\\B]\nx = dword 1\n[HKCU\\A]\nb = sz 2\n@ = sz 1\ngone = !absent\n")
	same(t, "subkeys", []string{"shut"})(m.Subkeys(`HKCU\A`))
	same(t, "values", []host.NamedValue{
		{Value: host.Value{Type: host.RegString, Text: "1"}}, {Name: "b", Value: host.Value{Type: host.RegString, Text: "2"}},
	})(m.Values(`HKCU\A`))
	same(t, "value below a closed key", host.Value{Type: host.RegDWord, Number: 1})(m.Value(`HKCU\A\shut\B`, "x"))
	fails(t, "absent key", host.ErrAbsent)(m.Subkeys(`HKCU\A\gone`))
}

func TestManualFiles(t *testing.T) {
	m := parse(t, manual(t))
	const rdp = `C:\Users\taro\Documents\Default.rdp`
	wide := []byte("\xff\xfe")
	for _, c := range "full address:s:server.example.test\r\nauthentication level:i:2\r\n" {
		wide = append(wide, byte(c), 0)
	}
	same(t, "UTF-16", wide)(m.ReadFile(rdp, len(wide)))
	var call *host.CallError
	if _, err := m.ReadFile(rdp, len(wide)-1); !errors.As(err, &call) || call.Code != host.CodeTooLarge {
		t.Errorf("too large: %v", err)
	}
	same(t, "stream", []byte("[ZoneTransfer]\r\nZoneId=3\r\n"))(m.ReadFile(`C:\Users\taro\SETUP.exe:zone.identifier`, 100))
	fails(t, "file without content", host.ErrUnsupported)(m.ReadFile(`C:\Temp`, 1))
	same(t, "folder", `C:\Users\taro\Documents`)(m.Folder(host.Documents))
	fails(t, "other folder", host.ErrAbsent)(m.Folder(host.System32))
	same(t, "drive", `\\server\share`)(m.DriveTarget("x:"))
	same(t, "program", `C:\Users\taro\kbprobe.exe`)(m.Program())

	m = parse(t, "[file C:\\a]\ncontent = 00 ff\n[file C:\\b]\nattributes = recall-on-data-access\ntext = x\n[file C:\\c]\ncontent = !denied\n")
	same(t, "bytes", []byte{0, 255})(m.ReadFile(`C:\a`, 2))
	if _, err := m.ReadFile(`C:\b`, 9); !errors.As(err, &call) || call.Code != host.CodeOffline {
		t.Errorf("placeholder: %v", err)
	}
	fails(t, "denied content", host.ErrDenied)(m.ReadFile(`C:\c`, 9))
}

func TestManualEvents(t *testing.T) {
	m := parse(t, manual(t))
	credssp := host.Event{Provider: "LSA (LsaSrv)", ID: 6041, Time: now.Add(-2 * time.Hour), Data: []host.Field{{Text: "TERMSRV/server"}, {Text: "2"}}}
	stopped := host.Event{Provider: "Service Control Manager", ID: 7036, Time: now.AddDate(0, 0, -1), Data: []host.Field{{Name: "param1", Text: "Windows Update"}, {Name: "param2", Text: "stopped"}}}
	for _, c := range []struct {
		name  string
		query host.EventQuery
		want  []host.Event
	}{
		{"all, newest first", host.EventQuery{}, []host.Event{credssp, stopped}},
		{"the newest", host.EventQuery{Most: 1}, []host.Event{credssp}},
		{"a provider", host.EventQuery{Providers: []string{"LsaSrv", stopped.Provider}}, []host.Event{stopped}},
		{"an ID", host.EventQuery{IDs: []uint32{1, 6041}}, []host.Event{credssp}},
		{"since", host.EventQuery{Since: credssp.Time}, []host.Event{credssp}},
		{"none", host.EventQuery{Since: now}, []host.Event{}},
	} {
		c.query.Channel = "system"
		same(t, c.name, c.want)(m.Events(c.query))
	}
	fails(t, "channel that is off", host.ErrDisabled)(m.Events(host.EventQuery{Channel: "Microsoft-Windows-NTLM/Operational"}))
}

func TestManualAccounts(t *testing.T) {
	m := parse(t, manual(t))
	taro := host.LocalUser{Name: "taro", SID: "S-1-5-21-1-2-3-1001", Flags: host.UserPasswordNeverExpire, AccountExpires: 0xffffffff}
	same(t, "own account", taro)(m.LocalUser(""))
	same(t, "own account by name", taro)(m.LocalUser("Taro"))
	same(t, "another account", host.LocalUser{
		Name: "hanako", SID: "S-1-5-21-1-2-3-1002", Flags: host.UserDisabled | host.UserLockedOut, BadPasswords: 3, PasswordExpired: true,
		AccountExpires: uint32(time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC).Unix()),
	})(m.LocalUser("hanako"))
	same(t, "members", []string{"S-1-5-21-1-2-3-1002"})(m.GroupMembers("S-1-5-32-555"))
	same(t, "holders", []string{"S-1-5-32-544", "S-1-5-32-555"})(m.RightHolders("SeRemoteInteractiveLogonRight"))
	fails(t, "other right", host.ErrUnsupported)(m.RightHolders("SeDenyRemoteInteractiveLogonRight"))
	same(t, "join", host.Join{Status: host.JoinDomain, Name: "EXAMPLE"})(m.Join())
	same(t, "Entra join", host.EntraJoin{Device: true})(m.EntraJoin())
	saved := host.Credential{Target: "TERMSRV/server", Type: host.CredDomainPassword, User: `EXAMPLE\taro`, Persist: host.PersistEnterprise, Flags: host.CredPromptNow}
	other := host.Credential{Target: "Other program", Type: host.CredGeneric, User: "taro yamada", Persist: host.PersistMachine}
	same(t, "credentials", []host.Credential{saved, other})(m.Credentials(""))
	same(t, "credentials by prefix", []host.Credential{saved})(m.Credentials("termsrv/"))
	same(t, "no credentials", []host.Credential{})(parse(t, "[credentials]").Credentials(""))
	fails(t, "own account denied", host.ErrDenied)(parse(t, "[user] !denied").LocalUser(""))
}

func TestManualInventory(t *testing.T) {
	m := parse(t, manual(t))
	same(t, "clock", host.Clock{Now: now, Boot: now.AddDate(0, 0, -3)})(m.Clock())
	same(t, "default clock", host.Clock{Now: now, Boot: now.AddDate(0, 0, -1)})(parse(t, "").Clock())
	same(t, "instances", []host.Instance{{"SECURITYServicesRunning": {"1", "2"}, "Version": {"1.0"}}})(
		m.Instances(`ROOT\Microsoft\Windows\DeviceGuard`, "win32_deviceguard", []string{"SECURITYServicesRunning", "Version", "NoSuch"}))
	same(t, "arrays and texts", []host.Instance{{"a": {}, "b": {""}, "c": {"x,y", "z w"}}})(
		parse(t, "[wmi root X]\ninstance = A= B=\"\" C=\"x,y\",`z w`").Instances("root", "X", []string{"a", "b", "c"}))
	same(t, "secure kernel", host.SecureKernelRunning|host.TrustletRunning)(m.SecureKernel())
	listener := host.Process{Program: "svchost.exe", PID: 816, Elevated: true}
	same(t, "processes", []host.Process{{Program: "OneDrive.exe", PID: 4711}})(m.Processes("onedrive.exe"))
	same(t, "no processes", []host.Process{})(m.Processes("nosuch.exe"))
	same(t, "openers", []host.Process{{Program: "EXCEL.EXE", PID: 1234}})(m.Openers(`c:/users/taro/REPORT.xlsx`))
	fails(t, "openers of a file without them", host.ErrUnsupported)(m.Openers(`C:\Temp`))
	same(t, "listeners", []host.Process{listener})(m.Listeners(3389))
	fails(t, "other port", host.ErrUnsupported)(m.Listeners(3390))
	hash := [20]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf, 0x10, 0x11, 0x12, 0x13}
	same(t, "certificates", []host.Certificate{{SHA1: hash, NotBefore: now.AddDate(0, 0, -30), NotAfter: now.AddDate(0, 0, 150), HasKey: true, SelfMade: true}})(
		m.Certificates("remote desktop"))
	same(t, "updates", host.UpdateResults{LastSearch: now.AddDate(0, 0, -1)})(m.UpdateResults())
	same(t, "firewall", host.FirewallDomain|host.FirewallPrivate)(m.FirewallProfiles())
	m = parse(t, "[updates]\nsearch = -1h\ninstall = -1d\n[clock]\nboot = -1h\nnow = 2027-01-02T03:04:05+09:00\n")
	later := time.Date(2027, 1, 1, 18, 4, 5, 0, time.UTC)
	same(t, "clock", host.Clock{Now: later, Boot: later.Add(-time.Hour)})(m.Clock())
	same(t, "updates", host.UpdateResults{LastSearch: later.Add(-time.Hour), LastInstall: later.AddDate(0, 0, -1)})(m.UpdateResults())
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
	_, errs["Values"] = h.Values(`HKLM\x`)
	_, errs["Subkeys"] = h.Subkeys(`HKLM\x`)
	_, errs["KeySecurity"] = h.KeySecurity(`HKLM\x`)
	_, errs["ReadFile"] = h.ReadFile(`C:\x`, 1)
	_, errs["Folder"] = h.Folder(host.Documents)
	_, errs["DriveTarget"] = h.DriveTarget("X:")
	_, errs["Program"] = h.Program()
	_, errs["Events"] = h.Events(host.EventQuery{Channel: "System"})
	_, errs["LocalUser"] = h.LocalUser("")
	_, errs["GroupMembers"] = h.GroupMembers("S-1-5-32-555")
	_, errs["RightHolders"] = h.RightHolders("SeNetworkLogonRight")
	_, errs["Join"] = h.Join()
	_, errs["EntraJoin"] = h.EntraJoin()
	_, errs["Credentials"] = h.Credentials("")
	_, errs["Clock"] = h.Clock()
	_, errs["Instances"] = h.Instances("root", "x", []string{"y"})
	_, errs["SecureKernel"] = h.SecureKernel()
	_, errs["Processes"] = h.Processes("x")
	_, errs["Openers"] = h.Openers(`C:\x`)
	_, errs["Listeners"] = h.Listeners(1)
	_, errs["Certificates"] = h.Certificates("MY")
	_, errs["UpdateResults"] = h.UpdateResults()
	_, errs["FirewallProfiles"] = h.FirewallProfiles()
	_, errs["Remote"] = h.Remote("x")
	return errs
}

func TestEmptyMachine(t *testing.T) {
	absent := strings.Fields("Value Values Subkeys KeySecurity Service File Security FileVersion ReadFile Openers Volume Folder DriveTarget Env Events LocalUser")
	for what, err := range everything(parse(t, "")) {
		want := host.ErrUnsupported
		if slices.Contains(absent, what) {
			want = host.ErrAbsent
		}
		if what != "Clock" && !errors.Is(err, want) || what == "Clock" && err != nil {
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
	for what, err := range everything(host.Limit(recorded.Nothing(host.ErrDenied), time.Minute, "x")) {
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
		{"[service x]\nstate = running\nstart = auto\npid = -1", "m:4:7: this is not a number"},
		{"[firewall]", "m:1:2: this section lacks active"},
		{"[firewall]\nactive = all", "m:2:10: there is no such value"},
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
		{"[file x]\nentries = y", "m:2:11: only an answer can stand here"},
		{"[file x]\nowner = S-1-1-0", "m:1:2: this section lacks granted"},
		{"[file x]\nowner = S-1-1-0\ngranted = 0", "m:1:2: there are either ace lines or a dacl"},
		{"[file x]\nowner = S-1-1-0\ngranted = 0\ndacl = none", "m:4:8: there is no such DACL"},
		{"[file x]\nowner = S-1-1-0\ngranted = 0\ndacl = null\nace = type 9", "m:1:2: there are either ace lines or a dacl"},
		{"[file x]\nowner = S-1-1-0\ngranted = 0\nace = type 1", "m:4:12: this kind has a mask and a SID"},
		{"[file x]\nowner = S-1-1-0\nsecurity = !denied", "m:2:1: security is given already"},
		{"[file x]\ncontent = 00\ntext = a", "m:3:1: the content is given already"},
		{"[file x]\ncontent = 00\ncontent = 00", "m:3:1: the content is given already"},
		{"[file x]\ntext = \"a", "m:2:8: this is not a Go string"},
		{"[folder Desktop]\npath = x", "m:1:9: there is no such value"},
		{"[drive X:\\]\ntarget = a\ntarget = b", "m:3:1: this name is there twice"},
		{"[security HKCR\\x]", "m:1:11: there is no such root key"},
		{"[security HKLM\\x]", "m:1:2: this section lacks owner"},
		{"[HKLM\\a\\\\b]", "m:1:2: this key's path has an empty part"},
		{"[events System]\nevent = x", "m:2:10: this is not a number of 16 bits"},
		{"[events System]\nevent = \"x 1 -2h", "m:2:9: this is not a Go string"},
		{"[events System]\nevent = x 65536 -2h", "m:2:11: this is not a number of 16 bits"},
		{"[events System]\nevent = x 1 yesterday", "m:2:13: this is not a time"},
		{"[events System]\nevent = x 1 -2w", "m:2:13: this is not a time relative"},
		{"[events System]\nevent = x 1 -9999999d", "m:2:13: this is not a time relative"},
		{"[events System]\nevent = x 1 -2h a=\"b", "m:2:19: this is not a Go string"},
		{"[events System]\nevent = x 1 -2h a\"b\"", "m:2:17: there is a quote inside"},
		{"[events System]\nevent = !denied", "m:2:16: this is not a number"},
		{"[user]\nsid = S-1-5-18", "m:1:2: this section lacks name"},
		{"[user a]\nname = a", "m:2:1: there is no such name"},
		{"[user a]\nsid = S-1-5-18\n[user]\nname = A\nsid = S-1-5-18", "m:3:2: this user has a section already"},
		{"[user]\nname = A\nsid = S-1-5-18\n[user a]\nsid = S-1-5-18", "m:4:2: this user has a section already"},
		{"[user a]\nsid = S-1-5-18\naccount-expires = 2200-01-01T00:00:00Z", "m:3:19: this time has more than 32 bits"},
		{"[group Users]", "m:1:8: this is not a SID"},
		{"[group S-1-5-32-555]\nmember = taro", "m:2:10: this is not a SID"},
		{"[join]\nname = X", "m:1:2: this section lacks status"},
		{"[credentials]\ncredential = a", "m:2:15: there is no such value"},
		{"[credentials]\ncredential = a generic", "m:2:23: a text is missing here"},
		{"[credentials]\ncredential = a generic b forever", "m:2:26: there is no such value"},
		{"[clock]\nnow = today", "m:2:7: this is not a time"},
		{"[system]\nversion = 10.0.1\n[clock]\n[clock]", "m:4:2: this section is there twice"},
		{"[wmi Win32_DeviceGuard]", "m:1:6: a namespace and a class belong here"},
		{"[wmi root X]\ninstance = 1", "m:2:12: this is not a property"},
		{"[wmi root X]\ninstance = a=1 A=2", "m:2:16: this property is there twice"},
		{"[secure-kernel]\nflags = vsm", "m:2:9: there is no such value"},
		{"[processes]\nprocess = x", "m:2:12: this is not a number"},
		{"[processes]\nprocess = x 1 admin", "m:2:15: there is no such value"},
		{"[listeners 0]", "m:1:12: this is not a port"},
		{"[listeners 03389]", "m:1:12: this is not a port"},
		{"[certificates MY]\ncertificate = 00 -1d +1d", "m:2:15: this is not a SHA-1 hash"},
		{"[updates]\nsearch = never", "m:1:2: this section lacks install"},
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
