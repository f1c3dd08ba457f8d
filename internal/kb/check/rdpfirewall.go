package check

import (
	"errors"
	"slices"
	"strconv"

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
			JA: "規則グループを無効に戻します。変更前から有効だった規則がグループにあれば、改めて有効にします。",
			EN: "Disable the group of rules again, then enable any rule of it that was enabled before.",
		},
		Command: `netsh advfirewall firewall set rule group="` + firewallGroup + `" new enable=no`,
	}
	trust := Remedy{Text: Text{
		JA: "接続中のネットワークを [設定] > [ネットワークとインターネット] で確認します。信頼できる社内または自宅のネットワークがパブリック (Public) になっている場合に限り、プライベート (Private) に変更します (管理者)。プロファイルが正しければ、管理者が必要な範囲に限って規則の対象のプロファイルを変更します。",
		EN: "Look at the network in Settings > Network & internet. Only if it is a trusted one, of the office or at home, and is Public, change it to Private (administrator). If the profile is right, an administrator changes the profiles of the rule, no further than needed.",
	}}
	distrust := Remedy{Text: Text{
		JA: "変更したもの (ネットワークのプロファイルまたは規則のプロファイル) を変更前に戻します。",
		EN: "Set what was changed, the profile of the network or of the rule, back to what it was.",
	}}
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
			{
				JA: "接続中のネットワークのプロファイル (INetFwPolicy2::CurrentProfileTypes)",
				EN: "profiles of the networks that are connected (INetFwPolicy2::CurrentProfileTypes)",
			},
			editionRead(),
		},
		Findings: append([]Finding{
			{
				ID: "no-rule", Verdict: Problem,
				Text: Text{
					JA: "リモート デスクトップは有効ですが、TCP ポート {port} への接続を許可する有効な受信の規則がありません (確認したプロファイル: {profiles})。",
					EN: "Remote Desktop is enabled, but no active inbound rule allows connections to TCP port {port} (profiles looked at: {profiles}).",
				},
				Fix: enable, Rollback: disable,
			},
			{
				ID: "closed-here", Verdict: Problem,
				Text: Text{
					JA: "接続中のネットワークのプロファイルは {closed} で、TCP ポート {port} への接続は許可されません。許可されるのは {open} のときだけです。",
					EN: "The network that is connected has the profile {closed}, in which TCP port {port} is closed. It is open only in {open}.",
				},
				Fix: trust, Rollback: distrust,
			},
			{
				ID: "blocked", Verdict: Problem,
				Text: Text{
					JA: "TCP ポート {port} への接続をブロックする受信の規則があります ({rules}。確認したプロファイル: {profiles})。ブロックは許可より優先されます。",
					EN: "An inbound rule blocks connections to TCP port {port} ({rules}; profiles looked at: {profiles}). Blocking wins over allowing.",
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
					JA: "TCP ポート {port} への接続が許可されるのは、ネットワークのプロファイルが {open} のときだけです。{closed} では許可されません。",
					EN: "TCP port {port} is open only while the network profile is {open}, not while it is {closed}.",
				},
				Fix: trust, Rollback: distrust,
			},
			{
				ID: "limited", Verdict: Warning,
				Text: Text{
					JA: "TCP ポート {port} の規則 ({rules}) は、一部の接続元またはインターフェイスだけが対象です。接続元が範囲外であれば接続できません。",
					EN: "The rules for TCP port {port} ({rules}) hold only for some remote addresses or interfaces. A client outside of them cannot connect.",
				},
				Fix: Remedy{Text: Text{
					JA: "規則の [スコープ] に接続元が含まれるかを確認し、必要であれば管理者が接続元のアドレスを追加します。",
					EN: "Look whether the scope of the rule includes the client. If needed, an administrator adds the client's address to it.",
				}},
				Rollback: Remedy{Text: Text{
					JA: "追加したアドレスを外します。",
					EN: "Take that address out again.",
				}},
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
					JA: "Windows ファイアウォールは無効のため、ポートをブロックしていません (確認したプロファイル: {profiles})。",
					EN: "Windows Firewall is off, so it blocks no port (profiles looked at: {profiles}).",
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
			"netfw.h (INetFwPolicy2)",
		},
	}
}

// firewallProfile is a profile of Windows Firewall and the names of its keys;
// the policy has Private under two.
type firewallProfile struct {
	bit    host.FirewallProfiles
	name   string
	local  string
	policy []string
}

func firewallProfiles() []firewallProfile {
	return []firewallProfile{
		{host.FirewallDomain, "Domain", "DomainProfile", []string{"DomainProfile"}},
		{host.FirewallPrivate, "Private", "StandardProfile", []string{"PrivateProfile", "StandardProfile"}},
		{host.FirewallPublic, "Public", "PublicProfile", []string{"PublicProfile"}},
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
	// Without an answer, or a connected network, every profile may be the one.
	const anywhere = host.FirewallDomain | host.FirewallPrivate | host.FirewallPublic
	current, err := h.FirewallProfiles()
	if err != nil || current&anywhere == 0 {
		current = anywhere
	}
	var here, elsewhere firewallState
	for _, profile := range firewallProfiles() {
		state := &here
		if current&profile.bit == 0 {
			state = &elsewhere
		}
		if bad := state.add(h, profile, rules, port); bad != nil {
			return bad
		}
	}
	number := strconv.Itoa(int(port))
	profiles := list(append(here.open, here.closed...))
	switch {
	case here.off > 0 && here.off == len(here.open) && here.closed == nil:
		return found("off", "profiles", profiles)
	case here.open == nil && here.blocking != nil:
		return found("blocked", "port", number, "rules", joined(here.blocking), "profiles", profiles)
	case more != nil && here.closed != nil:
		return more
	case here.open == nil && len(elsewhere.open) > elsewhere.off:
		return found("closed-here", "port", number, "open", list(elsewhere.open), "closed", list(here.closed))
	case here.open == nil:
		answer := found("no-rule", "port", number, "profiles", list(append(here.closed, elsewhere.closed...)))
		if malformed != nil {
			answer = append(answer, found("malformed", "rules", joined(malformed))...)
		}
		return answer
	case here.closed != nil:
		return found("some-profiles", "port", number, "open", list(here.open), "closed", list(here.closed))
	case here.limiting != nil:
		return append(found("limited", "port", number, "rules", joined(here.limiting)), more...)
	}
	return append(found("open", "port", number, "rules", joined(here.allowing)), more...)
}

// firewallState is what becomes of connections to the port in some profiles.
type firewallState struct {
	open, closed                 []string // names of profiles
	off                          int      // how many of the open ones have no firewall
	allowing, blocking, limiting []string // names of rules
}

// add judges one more profile.
func (s *firewallState) add(h host.Host, profile firewallProfile, rules []firewallRule, port uint16) (bad []Found) {
	on, bad := profile.on(h)
	if bad != nil {
		return bad
	}
	if !on {
		s.off++
		s.open = append(s.open, profile.name)
		return nil
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
	s.blocking = appendNew(s.blocking, block)
	if block != nil || allow == nil && allowSome == nil {
		s.closed = append(s.closed, profile.name)
		return nil
	}
	s.open = append(s.open, profile.name)
	s.allowing = appendNew(s.allowing, allow)
	s.limiting = appendNew(s.limiting, blockSome)
	if allow == nil {
		s.limiting = appendNew(s.limiting, allowSome)
	}
	return nil
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
