package check_test

import (
	"fmt"
	"strings"
	"testing"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/host"
)

// TestCutShort holds that a check whose list was cut says so: what it counts is
// then a minimum, and an ok is not one.
func TestCutShort(t *testing.T) {
	const (
		clock = "[clock]\nnow = 2026-11-21T09:00:00Z\n"
		srp   = `HKLM\SOFTWARE\Policies\Microsoft\Windows\Safer\CodeIdentifiers`
		rules = `HKLM\SOFTWARE\Policies\Microsoft\Windows\SrpV2\Exe`
		state = `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy\State\Machine`
		file  = `C:\Users\taro\OneDrive`
	)
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format+"\n", i)
		}
		return b.String()
	}
	catalogue := check.All()
	for _, c := range []struct {
		id, machine string
		most        int
		list        string // the line or section of each entry
	}{
		{"appcontrol.applocker-events", clock + "[events Microsoft-Windows-AppLocker/MSI and Script]\n[events Microsoft-Windows-AppLocker/EXE and DLL]\n",
			host.MaxEvents, "event = Microsoft-Windows-AppLocker 8004 -%ds"},
		{"appcontrol.applocker-policy", "[service AppIDSvc]\nstate = stopped\nstart = demand\n[" + rules + "]\nEnforcementMode = dword 1\n",
			host.MaxNames, "[" + rules + `\{%d}]`},
		{"appcontrol.srp", "[system]\nversion = 10.0.19045\n[" + srp + "]\nDefaultLevel = dword 0x40000\n", host.MaxNames, "[" + srp + `\0\Hashes\{%d}]`},
		{"credman.rdp-entries", "[system]\nversion = 10.0.26200\n[credentials]\n", host.MaxNames, "credential = TERMSRV/%d generic taro machine"},
		{"defender.block-events", clock + "[events Microsoft-Windows-Windows Defender/Operational]\n",
			host.MaxEvents, `event = "Microsoft-Windows-Windows Defender" 1116 -%ds`},
		{"defender.detections", clock + `[wmi root\Microsoft\Windows\Defender MSFT_MpThreatDetection]` + "\n", host.MaxInstances, "instance = ThreatID=%d"},
		{"delegation.deny-lists", `[HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation]` + "\nDenySavedCredentials = dword 1\n" +
			`[HKLM\SOFTWARE\Policies\Microsoft\Windows\CredentialsDelegation\DenySavedCredentials]` + "\n", host.MaxNames, "%d = sz TERMSRV/other"},
		{"office.activation", "[service osppsvc]\nstate = stopped\nstart = demand\n[credentials]\n", host.MaxNames, "credential = MicrosoftOffice16_%d generic taro machine"},
		{"onedrive.folder", "[env]\nOneDrive = " + file + "\n[volume C:]\ntype = fixed\nfilesystem = NTFS\n[file " + file + "]\nattributes = directory\n" +
			"owner = S-1-5-18\nace = allow 0x1f01ff S-1-1-0\ngranted = 0x1f01ff\n", host.MaxNames, "[file " + file + `\%d]`},
		{"onedrive.policies", "[system]\nversion = 10.0.26200\n" + `[HKLM\SOFTWARE\Policies\Microsoft\OneDrive\AllowTenantList]` + "\n", host.MaxNames, "%d = sz x"},
		{"policy.gpo-list", "[token]\nuser = S-1-5-21-1-2-3-1001\n", 256, "[" + state + `\GPO-List\%d]`},
		{"policy.mdm", "", host.MaxNames, `[HKLM\SOFTWARE\Microsoft\Enrollments\{%d}]`},
		{"wu.failures", clock + "[events System]\n", host.MaxEvents, "event = Microsoft-Windows-WindowsUpdateClient 19 -%ds updateTitle=x"},
	} {
		t.Run(c.id, func(t *testing.T) {
			one, ok := catalogue.Find(c.id)
			if !ok {
				t.Fatal("there is no such check")
			}
			for n, want := range map[int]bool{c.most - 1: false, c.most: true} {
				said := false
				for _, f := range judge(t, one, c.id, c.machine+many(n, c.list), "") {
					said = said || f.Finding == check.FindingCut
				}
				if said != want {
					t.Errorf("with %d entries it says that a list was cut: %t, want %t", n, said, want)
				}
			}
		})
	}
}
