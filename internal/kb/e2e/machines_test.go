//go:build linux

package e2e

import (
	"testing"

	"kbgen/internal/kb/winetest"
)

// The shipped program reads two machines, one in order and one not, in the
// language of each: versions, registry, services and files.
func TestTwoMachines(t *testing.T) {
	winetest.Require(t)
	exe := probeWith(t, everything())
	for _, tt := range []struct {
		name, registry, user, lang string
		env                        []string
		want                       map[string]string
	}{
		{
			"in order", windows11 + oracle("dword:00000001"), "", "en", nil,
			map[string]string{
				"os.version":                "ok version",
				"credssp.patch-level":       "ok patched",
				"credssp.encryption-oracle": "ok mitigated",
				"rdp-server.service":        "ok not-a-host",
				"access.temp-writable":      "ok temp-writable",
				"access.elevation":          "ok elevated",
				"access.path-acl":           "ok granted",
			},
		},
		{
			"out of order", `[Software\\Microsoft\\Windows NT\\CurrentVersion] 1
"CurrentBuild"="14393"
"CurrentBuildNumber"="14393"
"UBR"=dword:00000700
"EditionID"="Enterprise"

[Software\\Policies\\Microsoft\\Windows NT\\Terminal Services] 1
"DisablePasswordSaving"=dword:00000001

[System\\CurrentControlSet\\Services\\TermService] 1
"Start"=dword:00000004

[System\\CurrentControlSet\\Services\\wuauserv] 1
"Start"=dword:00000004
`, `[Environment] 1
"TEMP"="C:\\no-such-folder"
"TMP"="C:\\no-such-folder"
`, "ja", winetest.Japanese(t),
			map[string]string{
				"os.version":                        "warning support-ended",
				"credssp.patch-level":               "problem unpatched",
				"credssp.encryption-oracle":         "n-a no-effect",
				"rdp-client.password-saving-policy": "problem forbidden",
				"rdp-server.service":                "problem disabled",
				"wu.services":                       "problem disabled",
				"access.temp-writable":              "problem temp-missing",
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			prefix := winetest.New(t)
			prefix.SystemReg(tt.registry)
			prefix.UserReg(tt.user)
			r := parseReport(t, prefix.Run(winetest.Cmd{Exe: exe, Args: []string{"-json"}, Env: tt.env}))
			if r.Lang != tt.lang {
				t.Errorf("the report is in %q, want %q", r.Lang, tt.lang)
			}
			for id, want := range tt.want {
				if got := r.finding(id); got != want {
					t.Errorf("%s is %s, want %s", id, got, want)
				}
			}
		})
	}
}
