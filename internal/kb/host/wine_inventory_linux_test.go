package host_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kbgen/internal/kb/host"
	"kbgen/internal/kb/winetest"
)

// setScene writes credentials and certificates and guards a key. It returns the certificates as they should be read.
func setScene(t *testing.T, m *machine) []host.Certificate {
	t.Helper()
	dir := t.TempDir()
	selfMade, issued := certificates(t, dir)
	scene := winetest.Build(t, "./testdata/scene")
	seeder := winetest.NewSeeder(t)
	seeder.Key(m.prefix, `HKLM\Software\KbTest\Secret`, winetest.Unreadable)
	seeder.Key(m.prefix, `HKLM\Software\KbTest\Guarded`, "D:P(D;;0x2;;;WD)(A;;KA;;;BA)")
	seeder.Credential(m.prefix, "TERMSRV/server", `EXAMPLE\taro`, "2", "3")
	seeder.Credential(m.prefix, "TERMSRV/日本", "taro", "1", "1")
	seeder.Credential(m.prefix, "Other", "hanako", "1", "2")
	r := m.prefix.Run(winetest.Cmd{Exe: scene, Args: []string{
		winetest.WinPath(filepath.Join(dir, "self-made.der")), winetest.WinPath(filepath.Join(dir, "issued.der")),
	}})
	if r.Code != 0 {
		t.Fatalf("scene: %+v", r)
	}
	return []host.Certificate{selfMade, issued}
}

// certificates writes a self-made certificate, valid for longer than a count
// of nanoseconds reaches, and one that it has issued.
func certificates(t *testing.T, dir string) (selfMade, issued host.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "PC1"},
		NotBefore: time.Date(2026, 11, 1, 2, 3, 4, 0, time.UTC), NotAfter: time.Date(2500, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "PC2"},
		NotBefore: time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2002, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	write := func(name string, c *x509.Certificate) host.Certificate {
		der, err := x509.CreateCertificate(rand.Reader, c, root, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), der, 0o600); err != nil {
			t.Fatal(err)
		}
		return host.Certificate{SHA1: sha1.Sum(der), NotBefore: c.NotBefore, NotAfter: c.NotAfter, HasKey: c == root, SelfMade: c == root}
	}
	return write("self-made.der", root), write("issued.der", leaf)
}

func testKeys(t *testing.T, m *machine) {
	number := func(n uint64) host.Value { return host.Value{Type: host.RegDWord, Number: n} }
	m.answers([]expected{
		{"Values\tHKLM\\Software\\KbTest\\List", []host.NamedValue{
			{Value: host.Value{Type: host.RegString, Text: "default"}},
			{Name: "A", Value: number(1)},
			{Name: "b", Value: host.Value{Type: host.RegString, Text: "TERMSRV/*"}},
			{Name: "日本", Value: number(2)},
		}},
		{"Values\tHKLM\\Software\\KbTest", &host.CallError{Call: "RegQueryValueExW", Code: 234}}, // TooLarge
		{"Values\tHKLM\\Software\\KbTest\\List\\Sub", []host.NamedValue{}},
		{"Values\tHKLM\\Software\\KbTest\\Missing", host.ErrAbsent},
		{"Values\tHKLM\\Software\\KbTest\\Secret", host.ErrDenied},
		{"Subkeys\tHKLM\\Software\\KbTest", []string{"Guarded", "List", "Secret"}},
		{"Subkeys\tHKLM\\Software\\KbTest\\List\\Sub", []string{}},
		{"Subkeys\tHKLM\\Software\\KbTest\\Missing", host.ErrAbsent},
		{"Subkeys\tHKLM\\Software\\KbTest\\Secret", host.ErrDenied},
		{"Subkeys\tHKCR\\.txt", &host.CallError{Call: "RegOpenKeyExW", Code: 161}},
		{"KeySecurity\tHKLM\\Software\\KbTest\\Missing", host.ErrAbsent},
	})
	const setValue, queryValue = 0x2, 0x1
	// Its values are denied, its permissions may always be read by its owner.
	if s := value[host.Security](m, `KeySecurity	HKLM\Software\KbTest\Secret`); s.Granted&queryValue != 0 {
		t.Errorf("denied key: %+v", s)
	}
	s := value[host.Security](m, `KeySecurity	HKLM\Software\KbTest\Guarded`)
	if !s.Protected || len(s.DACL) != 2 || s.DACL[0].Type != host.ACEDeny || s.DACL[0].Mask != setValue || s.DACL[0].SID != host.SIDEveryone ||
		s.Granted&setValue != 0 || s.Granted&queryValue == 0 {
		t.Errorf("guarded key: %+v", s)
	}
	s = value[host.Security](m, `KeySecurity	HKLM\Software\KbTest\List`)
	if s.Owner == "" || len(s.DACL) == 0 || s.Granted&setValue == 0 {
		t.Errorf("open key: %+v", s)
	}
}

func testContent(t *testing.T, m *machine) {
	for name, text := range map[string]string{
		"setup.exe": "MZ", "setup.exe:Zone.Identifier": "[ZoneTransfer]\r\nZoneId=3\r\n", "empty": "", "large": strings.Repeat("x", 10000),
	} {
		if err := os.WriteFile(filepath.Join(m.prefix.DriveC(), name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bad := &host.CallError{Call: "GetFullPathNameW", Code: 161}
	tooLarge := &host.CallError{Call: "ReadFile", Code: host.CodeTooLarge}
	m.answers([]expected{
		{"ReadFile\tC:\\setup.exe:Zone.Identifier\t26", "[ZoneTransfer]\r\nZoneId=3\r\n"},
		{"ReadFile\tC:\\setup.exe:Zone.Identifier\t25", tooLarge},
		{"ReadFile\tC:\\setup.exe:Other\t25", host.ErrAbsent},
		{"ReadFile\tC:\\missing.exe:Zone.Identifier\t25", host.ErrAbsent},
		{"ReadFile\tC:\\setup.exe\t2", "MZ"},
		{"ReadFile\tC:\\setup.exe\t-1", tooLarge},
		{"ReadFile\tC:\\empty\t0", ""},
		{"ReadFile\tC:\\large\t10000", strings.Repeat("x", 10000)},
		{"ReadFile\tC:\\large\t9999", tooLarge},
		{"ReadFile\tC:\\windows\t1", &host.CallError{Call: "ReadFile", Code: 267}},
		{"ReadFile\tC:\\con\t1", bad},
		{"ReadFile\t\\\\server\\share\\x\t1", bad},
		{"Folder\tWindows", `C:\windows`},
		{"Folder\tSystem32", `C:\windows\system32`},
		{"Folder\tProgramFiles", `C:\Program Files`},
		{"Folder\tDesktop", host.ErrAbsent},
		{"DriveTarget\tC:", host.ErrAbsent},
		{"DriveTarget\tX:", host.ErrAbsent},
		{"DriveTarget\tX:\\", &host.CallError{Call: "WNetGetConnectionW", Code: 161}},
		{"Program", winetest.WinPath(m.exe)},
	})
	home := value[host.Identity](m, "Identity").Home
	for folder, below := range map[string]string{"Documents": `\Documents`, "LocalAppData": `\AppData\Local`} {
		if got := value[string](m, "Folder\t"+folder); !strings.EqualFold(got, home+below) {
			t.Errorf("%s: %s, home %s", folder, got, home)
		}
	}
}

// testAccounts also asserts what Wine cannot answer, so that a Wine that can
// shows up.
func testAccounts(t *testing.T, m *machine) {
	m.answers([]expected{
		{"Credentials\tKbNone", []host.Credential{}},
		{"Join", host.Join{Status: host.JoinWorkgroup, Name: "Workgroup"}},
		{"EntraJoin", host.ErrUnsupported},
		{"LocalUser", host.ErrUnsupported},
		{"LocalUser\tKbNoSuchUser", host.ErrAbsent},
		{"LocalUser\ta\x00b", &host.CallError{Call: "NetUserGetInfo", Code: 123}},
		{"GroupMembers\tS-1-5-32-555", host.ErrUnsupported},
		{"GroupMembers\tS-1-5-32-9999", host.ErrAbsent},
		{"GroupMembers\tS-1-5-21-1-2-3-513", host.ErrUnsupported},
		{"GroupMembers\tS-1-5-32-x", &host.CallError{Call: "ConvertStringSidToSidW", Code: 1337}},
		{"RightHolders\tSeRemoteInteractiveLogonRight", host.ErrUnsupported},
		{"Events\tSystem", host.ErrUnsupported},
		{"Events\tKb/NoSuchChannel", host.ErrUnsupported},
	})
	server := host.Credential{Target: "TERMSRV/server", User: `EXAMPLE\taro`, Type: host.CredDomainPassword, Persist: host.PersistEnterprise}
	japan := host.Credential{Target: "TERMSRV/日本", User: "taro", Type: host.CredGeneric, Persist: host.PersistSession}
	other := host.Credential{Target: "Other", User: "hanako", Type: host.CredGeneric, Persist: host.PersistMachine}
	for question, want := range map[string][]host.Credential{
		"Credentials":               {server, japan, other},
		"Credentials\tTERMSRV/":     {server, japan},
		"Credentials\ttermsrv/serv": {server},
		"Credentials\tTERMSRV/x":    {},
	} {
		got := value[[]host.Credential](m, question)
		for _, c := range want {
			if !slices.Contains(got, c) {
				t.Errorf("%q: %+v is not in %+v", question, c, got)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%q: %+v", question, got)
		}
	}
	m.answers([]expected{
		{"Credentials\tTERM*", &host.CallError{Call: "CredEnumerateW", Code: 87}},
	})
}

// TestLocalStartsNoService holds the two answers that come from a service which
// Windows starts when it is asked: it is not asked, and stays as it is.
func TestLocalStartsNoService(t *testing.T) {
	winetest.Require(t)
	m := &machine{t: t, exe: winetest.Build(t, "./testdata/askhost"), prefix: winetest.New(t)}
	const wmi = "Instances\troot\\cimv2\tWin32_OperatingSystem\tProductType"
	stopped := host.Service{State: host.Stopped, Start: host.DemandStart}
	m.answers([]expected{
		{wmi, host.ErrStopped},
		{"UpdateResults", host.ErrStopped},
		{"Service\tWinmgmt", stopped},
		{"Service\twuauserv", stopped},
	})

	m.prefix = winetest.New(t)
	m.prefix.SystemReg("[System\\\\CurrentControlSet\\\\Services\\\\Winmgmt] 1\n\"Start\"=dword:00000002\n\n" +
		"[System\\\\CurrentControlSet\\\\Services\\\\wuauserv] 1\n\"Start\"=dword:00000002\n")
	m.answers([]expected{
		{wmi, []host.Instance{{"ProductType": {"1"}}}},
		{"UpdateResults", host.ErrUnsupported}, // asked: Wine has no results
	})
}

func testInventory(t *testing.T, m *machine) {
	m.answers([]expected{
		{"Instances\troot\\cimv2\tWin32_OperatingSystem\tBuildNumber NoSuchProperty ProductType Primary",
			[]host.Instance{{"BuildNumber": {"26200"}, "ProductType": {"1"}, "Primary": {"true"}}}},
		{"Instances\troot\\Microsoft\\Windows\\DeviceGuard\tWin32_DeviceGuard\tVersion", host.ErrAbsent},
		{"Instances\troot\\cimv2\tKbNoSuchClass\tVersion", []host.Instance{}}, // Windows: absent
		{"Instances\troot\\cimv2\tx where y\tz", &host.CallError{Call: "IWbemServices::ExecQuery", Code: 123}},
		{"Instances\troot/cimv2\tx\tz", &host.CallError{Call: "IWbemServices::ExecQuery", Code: 123}},
		{"SecureKernel", host.ErrUnsupported},
		{"Openers\tC:\\windows\\win.ini", host.ErrUnsupported},
		{"Openers\tC:\\missing", host.ErrAbsent},
		{"Processes\tnosuch.exe", []host.Process{}},
		{"Certificates\tKbNoSuchStore", host.ErrAbsent},
		{"UpdateResults", host.ErrStopped},
		{"FirewallProfiles", host.ErrUnsupported},
	})
	// How many listen, while something does and afterwards; Wine does not know who.
	for addr, n := range value[map[string][2]int](m, "OwnListeners") {
		if n != [2]int{1, 0} {
			t.Errorf("listeners at %s: %v", addr, n)
		}
	}
	got := value[[]host.Certificate](m, "Certificates\tmy")
	for _, c := range m.certificates {
		if !slices.Contains(got, c) {
			t.Errorf("certificate %+v is not in %+v", c, got)
		}
	}
	if all := value[[]host.Process](m, "Processes\t"+strings.ToUpper(filepath.Base(m.exe))); len(all) != 1 ||
		all[0].Program != filepath.Base(m.exe) || all[0].PID == 0 || !all[0].Elevated {
		t.Errorf("Processes: %+v", all)
	}
	c := value[host.Clock](m, "Clock")
	if d := time.Since(c.Now); d < 0 || d > time.Minute || !c.Boot.Before(c.Now) {
		t.Errorf("Clock: %+v", c)
	}
}
