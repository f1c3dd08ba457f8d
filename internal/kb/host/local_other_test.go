//go:build !windows

package host_test

import (
	"testing"

	"kbgen/internal/kb/host"
)

func TestLocalElsewhere(t *testing.T) {
	h := host.Local()
	t.Setenv("KB_SET", "x")
	if v, err := h.Env("KB_SET"); v != "x" || err != nil {
		t.Errorf("Env: %q, %v", v, err)
	}
	if _, err := h.Env("KB_UNSET"); err != host.ErrAbsent {
		t.Errorf("Env of an unset variable: %v", err)
	}
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
	_, errs["TempDir"] = h.TempDir()
	_, errs["Entries"] = h.Entries(`C:\x`)
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
	_, errs["Instances"] = h.Instances("root", "x", nil)
	_, errs["SecureKernel"] = h.SecureKernel()
	_, errs["Processes"] = h.Processes("x")
	_, errs["Openers"] = h.Openers(`C:\x`)
	_, errs["Listeners"] = h.Listeners(1)
	_, errs["Certificates"] = h.Certificates("MY")
	_, errs["UpdateResults"] = h.UpdateResults()
	_, errs["FirewallProfiles"] = h.FirewallProfiles()
	for what, err := range errs {
		if err != host.ErrUnsupported {
			t.Errorf("%s: %v", what, err)
		}
	}
}
