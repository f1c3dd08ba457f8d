package check

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

const (
	firewallLocal  = `HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy`
	firewallPolicy = `HKLM\SOFTWARE\Policies\Microsoft\WindowsFirewall`
	// firewallGroup names the rules of Remote Desktop in every language.
	firewallGroup = "@FirewallAPI.dll,-28752"
)

func rdpFirewall() Check {
	enable := Remedy{
		Text: Text{
			JA: "組み込みの規則グループ (リモート デスクトップ、ポート 3389) を有効にします (管理者)。ポートを変更している場合は、そのポートの受信の規則を別に作ります。公衆ネットワークでもポートが開くことがあるため、接続先として使わなくなったら無効に戻します。",
			EN: "Enable the built-in group of rules (Remote Desktop, port 3389; administrator). If the port was changed, make an inbound rule for it. The port may be open on public networks too: disable the group when nobody connects to this computer any more.",
		},
		Command: `netsh advfirewall firewall set rule group="` + firewallGroup + `" new enable=yes`,
	}
	disable := Remedy{
		Text: Text{
			JA: "規則グループを無効に戻します。",
			EN: "Disable the group of rules again.",
		},
		Command: `netsh advfirewall firewall set rule group="` + firewallGroup + `" new enable=no`,
	}
	return Check{
		ID: "rdp-server.firewall",
		Title: Text{
			JA: "リモート デスクトップのファイアウォールの規則",
			EN: "Firewall rules for Remote Desktop",
		},
		About: Text{
			JA: "この PC が接続先の場合に、Windows ファイアウォールがリモート デスクトップのポートを通すかを確認します。他社製のファイアウォールは確認できません。",
			EN: "If this computer is the one connected to: does Windows Firewall let Remote Desktop through? Firewalls of other makers cannot be seen.",
		},
		Reads: []Text{
			same(firewallLocal + `\FirewallRules (REG_SZ)`),
			same(firewallPolicy + `\FirewallRules (REG_SZ)`),
			{
				JA: firewallLocal + ` と ` + firewallPolicy + ` の各プロファイルの EnableFirewall (REG_DWORD)`,
				EN: `EnableFirewall (REG_DWORD) of each profile in ` + firewallLocal + ` and ` + firewallPolicy,
			},
			same(rdpListener + `\PortNumber (REG_DWORD)`),
			same(terminalServicesPolicy + `\fDenyTSConnections (REG_DWORD)`),
			same(terminalServer + `\fDenyTSConnections (REG_DWORD)`),
			editionRead(),
		},
		Findings: append([]Finding{
			{
				ID: "no-rule", Verdict: Problem,
				Text: Text{
					JA: "リモート デスクトップは有効ですが、TCP ポート {port} への接続を許可する有効な受信の規則がありません。",
					EN: "Remote Desktop is enabled, but no active inbound rule allows connections to TCP port {port}.",
				},
				Fix: enable, Rollback: disable,
			},
			{
				ID: "blocked", Verdict: Problem,
				Text: Text{
					JA: "TCP ポート {port} への接続をブロックする受信の規則があります ({rules})。ブロックは許可より優先されます。",
					EN: "An inbound rule blocks connections to TCP port {port} ({rules}). Blocking wins over allowing.",
				},
				Fix: Remedy{Text: Text{
					JA: "規則を作った人または GPO の管理者に目的を確認し、不要であれば [セキュリティが強化された Windows Defender ファイアウォール] でその規則を無効にします (管理者)。",
					EN: "Ask whoever made the rule, or the administrator of the GPO, what it is for. If it is not needed, disable it in Windows Defender Firewall with Advanced Security (administrator).",
				}},
				Rollback: Remedy{Text: Text{
					JA: "その規則を有効に戻します。",
					EN: "Enable the rule again.",
				}},
			},
			{
				ID: "some-profiles", Verdict: Warning,
				Text: Text{
					JA: "TCP ポート {port} が通るのは、ネットワークのプロファイルが {open} のときだけです。{closed} では通りません。",
					EN: "TCP port {port} is open only while the network profile is {open}, not while it is {closed}.",
				},
				Fix: Remedy{Text: Text{
					JA: "接続中のネットワークのプロファイルを確認します。信頼できる社内または自宅のネットワークがパブリック (Public) になっている場合は、プライベート (Private) に変更します。",
					EN: "Look which profile the network has. If a trusted network of the office or at home is Public, change it to Private.",
				}},
				Rollback: Remedy{Text: Text{
					JA: "ネットワークのプロファイルをパブリック (Public) に戻します。",
					EN: "Set the network profile back to Public.",
				}},
			},
			{
				ID: "limited", Verdict: Warning,
				Text: Text{
					JA: "TCP ポート {port} の規則 ({rules}) は、一部の接続元またはインターフェイスだけが対象です。接続元が範囲外であれば接続できません。",
					EN: "The rules for TCP port {port} ({rules}) hold only for some remote addresses or interfaces. A client outside of them cannot connect.",
				},
			},
			{
				ID: "open", Verdict: OK,
				Text: Text{
					JA: "TCP ポート {port} への接続は、Windows ファイアウォールで許可されています ({rules})。",
					EN: "Windows Firewall allows connections to TCP port {port} ({rules}).",
				},
			},
			{
				ID: "off", Verdict: OK,
				Text: Text{
					JA: "Windows ファイアウォールはすべてのプロファイルで無効のため、ポートをブロックしていません。",
					EN: "Windows Firewall is off in all profiles, so it blocks no port.",
				},
			},
			{
				ID: "malformed", Verdict: Warning,
				Text: Text{
					JA: "読み取れないファイアウォールの規則があり、判定に含めていません ({rules})。",
					EN: "There are firewall rules that cannot be read; they were not counted ({rules}).",
				},
			},
			{
				ID: "not-a-host", Verdict: OK,
				Text: Text{
					JA: "リモート デスクトップ接続の受け付けが無効なため、ファイアウォールの規則は確認していません。",
					EN: "Remote Desktop connections are not accepted, so the firewall rules were not checked.",
				},
			},
			homeFinding(),
		}, settingFindings()...),
		Sources: []string{
			"learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/enable-disable-firewall-rule-guest-os",
			"MS-GPFAS 2.2.2",
		},
	}
}

// firewallRule is what a rule says about inbound connections.
type firewallRule struct {
	name     string
	inbound  bool // inbound and active
	block    bool
	protocol string // number; empty: all
	profiles []string
	ports    [][2]uint16 // first and last
	anyPort  bool
	app      string
	service  string
	limited  bool // restricted to some packets
	foreign  bool // not about a service
}

// Bounds of a rule's text. The longest rules that Windows itself writes have
// some forty fields.
const (
	maxRuleLength = 32 << 10
	maxRuleFields = 1024
)

// parseFirewallRule reads a rule as the registry has it:
//
//	v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=3389|…|
//
// Fields may repeat; those without a meaning here are skipped. ok is false if
// the text is no rule.
func parseFirewallRule(text string) (r firewallRule, ok bool) {
	if len(text) > maxRuleLength || strings.Count(text, "|") > maxRuleFields {
		return r, false
	}
	fields := strings.Split(strings.TrimSuffix(text, "|"), "|")
	if !strings.HasPrefix(fields[0], "v") {
		return r, false
	}
	r.anyPort = true
	active, in, action := false, false, false
	for _, field := range fields[1:] {
		name, value, isField := strings.Cut(field, "=")
		if !isField {
			return r, false
		}
		switch name {
		case "Action":
			action, r.block = true, value == "Block"
		case "Active":
			active = strings.EqualFold(value, "TRUE")
		case "Dir":
			in = value == "In"
		case "Protocol":
			r.protocol = value
		case "Profile":
			r.profiles = append(r.profiles, value)
		case "LPort", "LPort2_10":
			r.anyPort = false
			if ports, ok := portRange(value); ok {
				r.ports = append(r.ports, ports)
			}
		case "App":
			r.app = strings.ToLower(value)
		case "Svc":
			r.service = value
		default:
			// Addresses, interfaces, remote ports, authenticated peers.
			r.limited = r.limited || hasAnyPrefix(name, "RA", "LA", "IF", "RPort", "RM", "RU", "Security", "TTK")
			// A store app, or the programs of one user.
			r.foreign = r.foreign || hasAnyPrefix(name, "AppPkgId", "PFN", "LUOwn", "LUAuth")
		}
	}
	r.inbound = active && in
	return r, action
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// portRange reads 3389 or 3389-3390. Names such as RPC are no ports here.
func portRange(s string) (r [2]uint16, ok bool) {
	first, last, isRange := strings.Cut(s, "-")
	if !isRange {
		last = first
	}
	a, errA := strconv.ParseUint(first, 10, 16)
	b, errB := strconv.ParseUint(last, 10, 16)
	return [2]uint16{uint16(a), uint16(b)}, errA == nil && errB == nil && a <= b
}

// covers reports whether the rule is about connections to this TCP port of
// TermService.
func (r firewallRule) covers(port uint16) bool {
	const tcp = "6"
	if !r.inbound || r.foreign || r.protocol != "" && r.protocol != tcp ||
		r.service != "" && r.service != "*" && !strings.EqualFold(r.service, "TermService") {
		return false
	}
	// Windows 7 has System for its kernel, which took the connections there.
	if r.app != "" && !strings.HasSuffix(r.app, `\svchost.exe`) && (r.app != "system" || r.anyPort) {
		return false
	}
	for _, p := range r.ports {
		if p[0] <= port && port <= p[1] {
			return true
		}
	}
	return r.anyPort
}

// in reports whether the rule is in force in a profile. Without a profile it
// is in all.
func (r firewallRule) in(profile string) bool {
	for _, p := range r.profiles {
		if strings.EqualFold(p, profile) {
			return true
		}
	}
	return len(r.profiles) == 0
}

// firewallProfile is a profile of Windows Firewall and the names of its keys;
// the policy has Private under two.
type firewallProfile struct {
	name   string
	local  string
	policy []string
}

func firewallProfiles() []firewallProfile {
	return []firewallProfile{
		{"Domain", "DomainProfile", []string{"DomainProfile"}},
		{"Private", "StandardProfile", []string{"PrivateProfile", "StandardProfile"}},
		{"Public", "PublicProfile", []string{"PublicProfile"}},
	}
}

// on reports whether the firewall is on in the profile: by policy, else by the
// local setting, which is on if absent.
func (p firewallProfile) on(h host.Host) (on bool, bad []Found) {
	const name = "EnableFirewall"
	for _, key := range p.policy {
		if d, bad := readSetting(h, firewallPolicy+`\`+key, name, 1); bad != nil || d.set {
			return d.is(1), bad
		}
	}
	d, bad := readSetting(h, firewallLocal+`\`+p.local, name, 1)
	return !d.is(0), bad
}

// maxFirewallRules is how many values of a key a host reads. Some machines
// have more rules.
const maxFirewallRules = 4096

// firewallRules reads the rules of both places, and the names of those that
// are none. more is the finding that not all of them were read.
func firewallRules(h host.Host) (rules []firewallRule, malformed []string, more, unreadable []Found) {
	for _, key := range []string{firewallPolicy, firewallLocal} {
		key += `\FirewallRules`
		values, err := h.Values(key)
		if err != nil && !errors.Is(err, host.ErrAbsent) {
			return nil, nil, nil, unread(key, err)
		}
		if len(values) >= maxFirewallRules {
			const errorMoreData = 234
			more = unread(key, &host.CallError{Call: "RegEnumValueW", Code: errorMoreData})
		}
		for _, v := range values {
			r, ok := parseFirewallRule(v.Text)
			if r.name = v.Name; ok {
				rules = append(rules, r)
			} else if v.Name != "" {
				malformed = append(malformed, v.Name)
			}
		}
	}
	if len(rules)+len(malformed) == 0 { // Windows has hundreds of them
		return nil, nil, nil, unread(firewallLocal+`\FirewallRules`, host.ErrAbsent)
	}
	return rules, malformed, more, nil
}

func judgeRDPFirewall(h host.Host, _ Args) []Found {
	port, bad := rdpPortNumber(h)
	if bad != nil {
		return bad
	}
	enabled, unreadable := rdpEnabled(h)
	if unreadable != nil {
		return unreadable
	}
	if !enabled {
		return found("not-a-host")
	}
	rules, malformed, more, unreadable := firewallRules(h)
	if unreadable != nil {
		return unreadable
	}
	var open, closed, allowing, blocking, limiting []string
	off := 0
	for _, profile := range firewallProfiles() {
		on, bad := profile.on(h)
		if bad != nil {
			return bad
		}
		if !on {
			off++
			open = append(open, profile.name)
			continue
		}
		var allow, block, allowSome, blockSome []string
		for _, r := range rules {
			if !r.covers(port) || !r.in(profile.name) {
				continue
			}
			to := &allow
			switch {
			case r.block && r.limited:
				to = &blockSome
			case r.block:
				to = &block
			case r.limited:
				to = &allowSome
			}
			*to = append(*to, r.name)
		}
		blocking = appendNew(blocking, block)
		if block != nil || allow == nil && allowSome == nil {
			closed = append(closed, profile.name)
			continue
		}
		open = append(open, profile.name)
		allowing = appendNew(allowing, allow)
		limiting = appendNew(limiting, blockSome)
		if allow == nil {
			limiting = appendNew(limiting, allowSome)
		}
	}
	number := strconv.Itoa(int(port))
	switch {
	case off == len(firewallProfiles()):
		return found("off")
	case len(open) == 0 && blocking != nil:
		return found("blocked", "port", number, "rules", joined(blocking))
	case more != nil && closed != nil:
		return more
	case len(open) == 0:
		answer := found("no-rule", "port", number)
		if malformed != nil {
			answer = append(answer, found("malformed", "rules", joined(malformed))...)
		}
		return answer
	case closed != nil:
		return found("some-profiles", "port", number, "open", list(open), "closed", list(closed))
	case limiting != nil:
		return append(found("limited", "port", number, "rules", joined(limiting)), more...)
	}
	return append(found("open", "port", number, "rules", joined(allowing)), more...)
}

// appendNew appends the names that are not there yet.
func appendNew(to, names []string) []string {
	for _, name := range names {
		if !slices.Contains(to, name) {
			to = append(to, name)
		}
	}
	return to
}
