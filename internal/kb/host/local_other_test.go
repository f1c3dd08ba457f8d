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
	for what, err := range errs {
		if err != host.ErrUnsupported {
			t.Errorf("%s: %v", what, err)
		}
	}
}
