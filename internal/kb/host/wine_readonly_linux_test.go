package host_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestLocalOnlyReads is the promise of the package, proven by the log of the
// Wine server: asking everything changes nothing.
//
// Everything is asked before too, since the first list of credentials makes Wine
// write.
func TestLocalOnlyReads(t *testing.T) {
	m := newMachine(t)
	ask := func() { m.ask(quiet()...) }
	for _, mutation := range m.prefix.Ledger(ask, ask) {
		t.Error(mutation)
	}
}

// TestLocalOnlyReadsWithUser32 is TestLocalOnlyReads for what loads user32.dll
// in Wine (COM, network drives, certificates), which starts the process of its desktop and sets
// a keyboard layout.
func TestLocalOnlyReadsWithUser32(t *testing.T) {
	m := newMachine(t)
	ask := func() { m.ask(withUser32()...) }
	for _, mutation := range m.prefix.Ledger(ask, ask) {
		desktop := strings.Contains(mutation.Process, "explorer.exe") || mutation.Kind == "process" && strings.Contains(mutation.What, "explorer.exe")
		if !desktop && !strings.Contains(mutation.What, `\Keyboard Layout\Preload`) {
			t.Error(mutation)
		}
	}
}

// quiet are the questions that make Wine write nothing of its own.
func quiet() []string {
	return []string{
		"Value\tHKLM\\Software\\KbTest\tTwo", "Value\tHKCU\\Software\\KbTest\tMine", "Value\tHKLM\\Software\\KbTest\\Missing\tTwo",
		"Service\tTermService", "Service\tNoSuchService", "System", "Token", "Identity",
		"File\tC:\\windows", "File\tC:\\missing", "Security\tC:\\windows",
		"FileVersion\t%SystemRoot%\\system32\\kernel32.dll", "Volume\tC:\\x", "Entries\tC:\\windows", "Env\tTEMP", "TempDir",
		"Values\tHKLM\\Software\\KbTest\\List", "Subkeys\tHKLM\\Software\\KbTest", "KeySecurity\tHKLM\\Software\\KbTest",
		"ReadFile\tC:\\windows\\win.ini\t100000", "Program",
		"Folder\tWindows", "Folder\tSystem32", "Folder\tDocuments", "Folder\tLocalAppData", "Folder\tProgramFiles",
		"Events\tSystem", "LocalUser", "GroupMembers\tS-1-5-32-555", "RightHolders\tSeNetworkLogonRight", "Join", "EntraJoin",
		"Credentials", "Clock", "SecureKernel", "Processes\texplorer.exe", "Openers\tC:\\windows\\win.ini", "Listeners\t3389",
	}
}

// withUser32 are the other ones.
func withUser32() []string {
	return []string{
		"Instances\troot\\cimv2\tWin32_OperatingSystem\tBuildNumber", "UpdateResults", "FirewallProfiles", "DriveTarget\tX:", "Certificates\tMY",
	}
}

// TestLocalKeepsNothing asks everything again and again: no handle may stay
// open.
func TestLocalKeepsNothing(t *testing.T) {
	m := newMachine(t)
	const times = 20
	all := append(quiet(), withUser32()...)
	// Threads that the runtime and Wine start at first have handles too.
	questions := slices.Concat(all, all, all, []string{"Handles"}, slices.Repeat(all, times), []string{"Handles"})
	answers := m.ask(questions...)
	var before, after int
	for i, n := range map[int]*int{3 * len(all): &before, len(questions) - 1: &after} {
		if err := json.Unmarshal(answers[i].Value, n); err != nil {
			t.Fatal(err)
		}
	}
	if before == 0 || after >= before+times {
		t.Errorf("%d handles before, %d after", before, after)
	}
}
