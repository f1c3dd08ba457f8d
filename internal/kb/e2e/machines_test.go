//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kbgen/internal/kb/winetest"
)

// The shipped program reads two machines, one in order and one not, in the
// language of each: versions, registry, services, files, the token, permissions
// of keys and saved credentials.
//
// A problem is not to be had of some: access.elevation, credman.storage-policy,
// credman.vault-service and office.networkservice-key have warnings at most, and
// the one problem of credman.rdp-entries is Credential Guard, which Wine lacks.
func TestTwoMachines(t *testing.T) {
	winetest.Require(t)
	exe := probeWith(t, everything())
	seeder := winetest.NewSeeder(t)
	filtered := winetest.Build(t, winetest.Filtered)
	const (
		networkService = `HKU\S-1-5-20`
		licensing      = networkService + `\Software\Microsoft\Windows NT\CurrentVersion\SoftwareProtectionPlatform`
	)
	for _, tt := range []struct {
		name, registry, user, lang string
		env                        []string
		seed                       func(*winetest.Prefix)
		elevated                   bool
		want                       map[string]string
	}{
		{
			"in order", windows11 + oracle("dword:00000001") + `
[System\\CurrentControlSet\\Services\\VaultSvc] 1
"Start"=dword:00000003
"Type"=dword:00000020
"ErrorControl"=dword:00000001
"ObjectName"="LocalSystem"
"ImagePath"=str(2):"C:\\windows\\system32\\lsass.exe"
`, "", "en", nil,
			func(p *winetest.Prefix) {
				seeder.Key(p, networkService, "D:P(A;;KA;;;NS)(A;;KA;;;BA)")
				seeder.Key(p, licensing, "D:P(A;;KA;;;NS)(A;;KR;;;WD)")
				seeder.Credential(p, "TERMSRV/server.example.test", "EXAMPLE\\taro", "1", "2")
			}, true,
			map[string]string{
				"os.version":                "ok version",
				"credssp.patch-level":       "ok patched",
				"credssp.encryption-oracle": "ok mitigated",
				"rdp-server.service":        "ok not-a-host",
				"access.temp-writable":      "ok temp-writable",
				"access.elevation":          "ok elevated",
				"access.path-acl":           "ok granted",
				"office.networkservice-key": "ok granted granted",
				"credman.storage-policy":    "ok allowed",
				"credman.vault-service":     "ok ready",
				"credman.rdp-entries":       "ok entries",
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

[System\\CurrentControlSet\\Control\\Lsa] 1
"DisableDomainCreds"=dword:00000001

[System\\CurrentControlSet\\Services\\TermService] 1
"Start"=dword:00000004

[System\\CurrentControlSet\\Services\\wuauserv] 1
"Start"=dword:00000004
`, `[Environment] 1
"TEMP"="C:\\no-such-folder"
"TMP"="C:\\no-such-folder"
`, "ja", winetest.Japanese(t),
			func(p *winetest.Prefix) {
				seeder.Key(p, networkService, "D:P(A;;KR;;;NS)(A;;KA;;;BA)(A;;KR;;;WD)")
				seeder.Key(p, licensing, "D:P(D;;0x2;;;NS)(A;;KA;;;NS)(A;;KR;;;WD)")
				seeder.Credential(p, "TERMSRV/日本", "taro", "1", "1")
				if err := os.Chmod(filepath.Join(p.DriveC(), "windows", "temp"), 0o555); err != nil {
					t.Fatal(err)
				}
			}, false,
			map[string]string{
				"os.version":                        "warning support-ended",
				"credssp.patch-level":               "problem unpatched",
				"credssp.encryption-oracle":         "n-a no-effect",
				"rdp-client.password-saving-policy": "problem forbidden",
				"rdp-server.service":                "problem disabled",
				"wu.services":                       "problem disabled",
				"access.temp-writable":              "problem temp-missing",
				"access.elevation":                  "warning not-elevated",
				"access.path-acl":                   "problem refused",
				"office.networkservice-key":         "warning not-granted denied-entry",
				"credman.storage-policy":            "warning forbidden",
				"credman.vault-service":             "warning missing",
				"credman.rdp-entries":               "warning session-only user-bare entries",
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			prefix := winetest.New(t)
			prefix.SystemReg(tt.registry)
			prefix.UserReg(tt.user)
			tt.seed(prefix)
			run := winetest.Cmd{Exe: exe, Args: []string{"-json"}, Env: tt.env}
			if !tt.elevated {
				run.Exe, run.Args = filtered, []string{winetest.WinPath(exe), "-json"}
			}
			r := parseReport(t, prefix.Run(run))
			if r.Lang != tt.lang {
				t.Errorf("the report is in %q, want %q", r.Lang, tt.lang)
			}
			for id, want := range tt.want {
				// The verdict and the first findings, as many as are wanted.
				got := r.findings(id)
				if n := len(strings.Fields(want)); len(got) > n {
					got = got[:n]
				}
				if strings.Join(got, " ") != want {
					t.Errorf("%s is %s, want %s", id, got, want)
				}
			}
			administrators := "Administrators"
			if !tt.elevated {
				administrators += " (deny only)"
			}
			if got := r.value("access.token-groups-privileges", "groups"); !strings.Contains(got+",", administrators+",") {
				t.Errorf("groups %q, want %s", got, administrators)
			}
		})
	}
}
