package check

import (
	"fmt"
	"strings"
	"testing"

	"kbgen/internal/kb/host/recorded"
)

// FuzzParseFirewallRule feeds the parser what anything may have written to the
// registry. Whatever it makes of that must not depend on fields without a
// meaning, and a rule that is switched off must cover nothing.
func FuzzParseFirewallRule(f *testing.F) {
	for _, s := range []string{
		"",
		"v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|App=%SystemRoot%\\system32\\svchost.exe|Svc=termservice|EmbedCtxt=@FirewallAPI.dll,-28752|",
		"v2.10|Action=Block|Active=TRUE|Dir=In|LPort2_10=3380-3390|RA4=10.0.0.0/255.0.0.0|",
		"v2.33|Action=Allow|Active=TRUE|Dir=In|Profile=Domain|Profile=Private|LPort=RPC|",
	} {
		f.Add(s, uint16(3389))
	}
	f.Fuzz(func(t *testing.T, text string, port uint16) {
		r, ok := parseFirewallRule(text)
		if !ok {
			return
		}
		if len(text) > maxRuleLength {
			t.Fatalf("took a rule of %d bytes", len(text))
		}
		for _, p := range r.ports {
			if p[0] > p[1] {
				t.Errorf("ports %v", p)
			}
		}
		text = strings.TrimSuffix(text, "|")
		same, ok := parseFirewallRule(text + "|Desc=x|")
		if len(text) < maxRuleLength-100 && strings.Count(text, "|") < maxRuleFields-10 && (!ok || same.covers(port) != r.covers(port) || same.block != r.block) {
			t.Errorf("%q: a description changes it: %+v, %+v", text, r, same)
		}
		if off, ok := parseFirewallRule(text + "|Active=FALSE|"); ok && off.covers(port) {
			t.Errorf("%q: covers %d although it is switched off", text, port)
		}
		if r.covers(port) && !strings.Contains(text, "Dir=In") {
			t.Errorf("%q: covers %d, and is not inbound", text, port)
		}
	})
}

func TestParseFirewallRule(t *testing.T) {
	const head = "v2.31|Action=Allow|Active=TRUE|Dir=In|"
	for _, c := range []struct {
		rule string
		want bool // covers 3389
	}{
		{head + "Protocol=6|LPort=3389|", true},
		{head + "Protocol=6|LPort=3389", true},
		{head + "Protocol=17|LPort=3389|", false},
		{head + "Protocol=6|LPort=3390|", false},
		{head + "Protocol=6|LPort=80|LPort=3389|", true},
		{head + "Protocol=6|LPort2_10=3380-3389|", true},
		{head + "Protocol=6|LPort2_10=3389-3380|", false},
		{head + "Protocol=6|LPort=RPC|", false},
		{head + "Protocol=6|LPort=68925|", false},
		{head + "Protocol=6|LPort=-3389|", false},
		{head, true},
		{head + "Svc=TermService|", true},
		{head + "Svc=*|", true},
		{head + "Svc=LanmanServer|", false},
		{head + `App=%SystemRoot%\system32\SVCHOST.exe|`, true},
		{head + `App=C:\Apps\svchost.exe.bak|`, false},
		{head + `App=C:\Apps\notsvchost.exe|LPort=3389|`, false},
		{head + `App=%SystemRoot%\system32\RdpSa.exe|EmbedCtxt=@FirewallAPI.dll,-28752|`, false},
		{head + "App=System|LPort=3389|", true},
		{head + "App=System|", false},
		{head + "LPort=3389|AppPkgId=S-1-15-2-1|", false},
		{head + "LPort=3389|LUOwn=S-1-5-21-1-2-3-1001|", false},
		{"v2.31|Action=Allow|Active=FALSE|Dir=In|LPort=3389|", false},
		{"v2.31|Action=Allow|Dir=In|LPort=3389|", false},
		{"v2.31|Action=Allow|Active=TRUE|Dir=Out|LPort=3389|", false},
	} {
		r, ok := parseFirewallRule(c.rule)
		if !ok || r.covers(3389) != c.want {
			t.Errorf("%s: read %t, covers %t", c.rule, ok, r.covers(3389))
		}
	}
	for _, rule := range []string{
		"", "|", "v2.31", "Action=Allow|Active=TRUE|Dir=In|", "v2.31|Active=TRUE|Dir=In|", head + "what|",
		head + strings.Repeat("LPort=1|", maxRuleFields), head + "Desc=" + strings.Repeat("x", maxRuleLength),
	} {
		if r, ok := parseFirewallRule(rule); ok {
			t.Errorf("%.60q: read as %+v", rule, r)
		}
	}
}

// TestMoreFirewallRules has a machine with more rules than a host reads: that
// none of those read is the one proves nothing.
func TestMoreFirewallRules(t *testing.T) {
	machine := `[HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion]
EditionID = sz Professional
[HKLM\SYSTEM\CurrentControlSet\Control\Terminal Server]
fDenyTSConnections = dword 0
[` + firewallLocal + `\FirewallRules]
`
	for _, c := range []struct {
		rules int
		want  string
	}{
		{maxFirewallRules - 1, "no-rule"},
		{maxFirewallRules, FindingFailed},
	} {
		var b strings.Builder
		b.WriteString(machine)
		for i := range c.rules {
			fmt.Fprintf(&b, "{%d} = sz v2.31|Action=Allow|Active=TRUE|Dir=Out|\n", i)
		}
		m, err := recorded.Parse("m", b.String())
		if err != nil {
			t.Fatal(err)
		}
		if found := judgeRDPFirewall(m, nil); found[0].Finding != c.want {
			t.Errorf("%d rules: %+v, want %s", c.rules, found, c.want)
		}
	}
}
