package host_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"kbgen/internal/kb/host"
)

// TestLocalWindows asks what every Windows answers alike. What depends on the
// machine is in the test that runs under Wine, where it can be seeded.
func TestLocalWindows(t *testing.T) {
	h := host.Local()
	var all sync.WaitGroup
	for range 4 { // a Host may be asked side by side
		all.Go(func() { askEverything(t, h) })
	}
	all.Wait()
}

func askEverything(t *testing.T, h host.Host) {
	if s, err := h.System(); err != nil || s.Major < 6 || s.Build == 0 || s.Product == 0 {
		t.Errorf("System: %+v, %v", s, err)
	}
	const current = `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion`
	if v, err := h.Value(current, "CurrentBuild"); err != nil || v.Type != host.RegString || v.Text == "" {
		t.Errorf("CurrentBuild: %+v, %v", v, err)
	}
	if _, err := h.Value(current, "KbNoSuchValue"); err != host.ErrAbsent {
		t.Errorf("absent value: %v", err)
	}
	if s, err := h.Service("RpcSs"); err != nil || s.State == 0 {
		t.Errorf("RpcSs: %+v, %v", s, err)
	}
	if _, err := h.Service("KbNoSuchService"); err != host.ErrAbsent {
		t.Errorf("absent service: %v", err)
	}
	token, err := h.Token()
	if err != nil || !strings.HasPrefix(token.UserSID, "S-1-5-") || len(token.Groups) == 0 || len(token.Privileges) == 0 || token.Integrity == 0 {
		t.Errorf("Token: %+v, %v", token, err)
	}
	if id, err := h.Identity(); err != nil || id.SID != token.UserSID || id.User == "" || id.Machine == "" {
		t.Errorf("Identity: %+v, %v", id, err)
	}
	temp, err := h.TempDir()
	if err != nil {
		t.Errorf("TempDir: %v", err)
	}
	if v, err := h.Volume(temp); err != nil || !v.Type.Local() {
		t.Errorf("Volume %s: %+v, %v", temp, v, err)
	}
	if f, err := h.File(temp); err != nil || !f.Dir() {
		t.Errorf("File %s: %+v, %v", temp, f, err)
	}
	if s, err := h.Security(temp); err != nil || s.Owner == "" || s.Granted == 0 {
		t.Errorf("Security %s: %+v, %v", temp, s, err)
	}
	if v, err := h.FileVersion(`%SystemRoot%\System32\kernel32.dll`); err != nil || v.Less(host.Version{6}) {
		t.Errorf("FileVersion: %v, %v", v, err)
	}
	askInventory(t, h)
}

func askInventory(t *testing.T, h host.Host) {
	const current = `HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion`
	values, err := h.Values(current)
	build := func(v host.NamedValue) bool { return v.Name == "CurrentBuild" && v.Text != "" }
	if err != nil || !slices.ContainsFunc(values, build) {
		t.Errorf("Values: %+v, %v", values, err)
	}
	if names, err := h.Subkeys(`HKLM\SOFTWARE`); err != nil || !slices.Contains(names, "Microsoft") {
		t.Errorf("Subkeys: %q, %v", names, err)
	}
	if s, err := h.KeySecurity(current); err != nil || s.Owner == "" || s.Granted == 0 {
		t.Errorf("KeySecurity: %+v, %v", s, err)
	}
	for _, f := range []host.Folder{host.Documents, host.LocalAppData, host.ProgramFiles, host.Windows, host.System32} {
		if path, err := h.Folder(f); err != nil || len(path) < 4 || path[1:3] != `:\` || strings.Contains(path, "%") {
			t.Errorf("%s: %s, %v", f, path, err)
		}
	}
	program, err := h.Program()
	if err != nil {
		t.Errorf("Program: %v", err)
	}
	own := func(p host.Process) bool { return p.PID == uint32(os.Getpid()) && p.Program != "" }
	if all, err := h.Processes(filepath.Base(program)); err != nil || !slices.ContainsFunc(all, own) {
		t.Errorf("Processes %s: %+v, %v", program, all, err)
	}
	if c, err := h.Clock(); err != nil || !c.Boot.Before(c.Now) {
		t.Errorf("Clock: %+v, %v", c, err)
	}
	if j, err := h.Join(); err != nil || j.Status != host.JoinNone && j.Name == "" {
		t.Errorf("Join: %+v, %v", j, err)
	}
	if all, err := h.Instances(`root\cimv2`, "Win32_OperatingSystem", []string{"BuildNumber"}); err != nil || len(all) != 1 || len(all[0]["BuildNumber"]) != 1 {
		t.Errorf("Instances: %v, %v", all, err)
	}
	for what, read := range map[string]func() error{ // what Wine cannot answer
		"Events":           func() error { _, err := h.Events(host.EventQuery{Channel: "System", Most: 1}); return err },
		"GroupMembers":     func() error { _, err := h.GroupMembers("S-1-5-32-544"); return err },
		"SecureKernel":     func() error { _, err := h.SecureKernel(); return err },
		"UpdateResults":    func() error { _, err := h.UpdateResults(); return err },
		"FirewallProfiles": func() error { _, err := h.FirewallProfiles(); return err },
		"EntraJoin":        func() error { _, err := h.EntraJoin(); return err },
		"Openers":          func() error { _, err := h.Openers(program); return err },
		"RightHolders":     func() error { _, err := h.RightHolders("SeNetworkLogonRight"); return err },
		"own LocalUser":    func() error { _, err := h.LocalUser(""); return err },
		"Credentials":      func() error { _, err := h.Credentials("TERMSRV/"); return err },
		"Listeners":        func() error { _, err := h.Listeners(135); return err },
	} {
		if err := read(); err != nil && err != host.ErrUnsupported && err != host.ErrDenied && err != host.ErrAbsent {
			t.Errorf("%s: %v", what, err)
		}
	}
}
