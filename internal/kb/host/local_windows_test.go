package host_test

import (
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
}
