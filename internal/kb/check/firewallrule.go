package check

import (
	"strconv"
	"strings"
)

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
