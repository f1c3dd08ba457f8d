package check

import (
	"errors"
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

func forwardReverse() Check {
	return Check{
		ID: "net.dns-forward-reverse",
		Title: Text{
			JA: "接続先の名前解決 (正引きと逆引き)",
			EN: "Name resolution of the host, forward and reverse",
		},
		About: Text{
			JA: "接続先の名前からアドレスが得られ、そのアドレスから同じ名前に戻れるかを確認します。",
			EN: "Does the host's name lead to addresses, and do these lead back to the same name?",
		},
		Reads: []Text{
			{JA: "-host の接続先のアドレス (GetAddrInfoW)", EN: "addresses of the host of -host (GetAddrInfoW)"},
			{
				JA: "DNS の A、AAAA、PTR レコード (DnsQuery_W)、逆引きで得た名前のアドレス",
				EN: "A, AAAA and PTR records in DNS (DnsQuery_W), and the addresses of the names found by reverse lookup",
			},
		},
		Needs:    Needs{Network: true},
		Params:   []Param{peerParam()},
		Findings: dnsFindings(),
		Sources:  []string{"ws2tcpip.h (GetAddrInfoW)", "windns.h (DnsQuery_W)", "RFC 1912"},
	}
}

func dnsFindings() []Finding {
	records := Remedy{Text: Text{
		JA: "DNS の管理者が、接続先の A、AAAA、PTR レコードを確認します。Kerberos を使うには、接続先の完全な名前 (FQDN) で接続します。",
		EN: "The administrator of DNS checks the A, AAAA and PTR records of the host. To use Kerberos, connect by the host's full name (FQDN).",
	}}
	return []Finding{
		{
			ID: "no-address", Verdict: Problem,
			Text: Text{
				JA: "{host} という名前のアドレスが見つかりません。",
				EN: "No address was found for {host}.",
			},
			Fix: Remedy{Text: Text{
				JA: "名前のつづりと VPN の接続を確かめます。社内の名前は、完全な名前 (server.example.local など) で試します。",
				EN: "Check the spelling and the VPN connection. For a name inside an organization, try the full one, such as server.example.local.",
			}},
		},
		{
			ID: "consistent", Verdict: OK,
			Text: Text{
				JA: "{host} のアドレスは {addresses} で、逆引きの名前は {names} です。正引きと逆引きは一致しています。",
				EN: "{host} has the addresses {addresses}, whose names are {names}. Forward and reverse lookup agree.",
			},
		},
		{
			ID: "addresses", Verdict: OK,
			Text: Text{
				JA: "{host} のアドレスは {addresses} です。",
				EN: "{host} has the addresses {addresses}.",
			},
		},
		{
			ID: "not-in-dns", Verdict: Warning,
			Text: Text{
				JA: "{host} は DNS にありません。アドレスは hosts ファイル、LLMNR、mDNS、NetBIOS のいずれかで得られました。Kerberos を使えない、別の PC につながる、などの原因になります。",
				EN: "{host} is not in DNS. Its addresses come from the hosts file, LLMNR, mDNS or NetBIOS. Kerberos may not work, or the connection may reach another computer.",
			},
			Fix: Remedy{Text: Text{
				JA: "接続先の完全な名前 (FQDN) で接続します。hosts ファイルに古い記述が残っていないかも確かめます。",
				EN: "Connect by the host's full name (FQDN). Check the hosts file for old entries, too.",
			}},
		},
		{
			ID: "no-ptr", Verdict: Warning,
			Text: Text{
				JA: "{addresses} に逆引き (PTR) の名前がありません。",
				EN: "{addresses}: no name by reverse lookup (PTR).",
			},
			Fix: records,
		},
		{
			ID: "not-back", Verdict: Warning,
			Text: Text{
				JA: "逆引きの名前 {names} からは、元のアドレス {address} に戻れません。古い DNS レコードが残っている可能性があります。",
				EN: "The names from reverse lookup, {names}, do not lead back to {address}. A DNS record may be out of date.",
			},
			Fix: records,
		},
		{
			ID: "name-differs", Verdict: Warning,
			Text: Text{
				JA: "{address} の逆引きの名前 {names} は、指定した {host} と異なります。別名での接続では Kerberos (SPN) が一致せず、NTLM になるか 0x80090322 で失敗することがあります。",
				EN: "The names {names} of {address} differ from {host}. Under an alias, Kerberos (SPN) may not match: the connection falls back to NTLM or fails with 0x80090322.",
			},
			Fix: records,
		},
	}
}

func judgeDNS(h host.Host, args Args) []Found {
	name := args["host"]
	r, err := h.Remote(name)
	if err != nil {
		return unread(name, err)
	}
	addrs, err := r.Addresses()
	if errors.Is(err, host.ErrAbsent) || err == nil && len(addrs) == 0 {
		return found("no-address", "host", name)
	}
	if err != nil {
		return unread(name, err)
	}
	addrs = addrs[:min(len(addrs), host.MaxAddresses)]
	fs := reverse(r, name, addrs)
	if isAddress(name) {
		return fs
	}
	switch inDNS, err := r.InDNS(); {
	case err != nil:
		fs = append(fs, unread("DnsQuery_W "+name, err)...)
	case !inDNS:
		fs = append(fs, found("not-in-dns", "host", name)...)
	}
	return fs
}

// reverse looks the addresses up, and the names that they have.
func reverse(r host.Remote, name string, addrs []string) []Found {
	var fs []Found
	var nameless, all []string
	for _, a := range addrs {
		names, err := r.Names(a)
		names = names[:min(len(names), host.MaxAddresses)]
		switch {
		case errors.Is(err, host.ErrAbsent) || err == nil && len(names) == 0:
			nameless = append(nameless, a)
			continue
		case err != nil:
			fs = append(fs, unread("PTR "+a, err)...)
			continue
		}
		all = append(all, names...)
		back, err := leadsBack(r, names, a)
		switch {
		case err != nil:
			fs = append(fs, unread(joined(names), err)...)
		case !back:
			fs = append(fs, found("not-back", "names", joined(names), "address", a)...)
		}
		if !slices.ContainsFunc(names, func(n string) bool { return sameHost(n, name) }) {
			fs = append(fs, found("name-differs", "address", a, "names", joined(names), "host", name)...)
		}
	}
	if nameless != nil {
		fs = append(fs, found("no-ptr", "addresses", strings.Join(nameless, ", "))...)
	}
	addresses := strings.Join(addrs, ", ")
	if fs == nil {
		slices.Sort(all)
		return found("consistent", "host", name, "addresses", addresses, "names", joined(slices.Compact(all)))
	}
	return append(found("addresses", "host", name, "addresses", addresses), fs...)
}

// leadsBack reports whether one of the names has the address.
func leadsBack(r host.Remote, names []string, a string) (bool, error) {
	var failed error
	for _, n := range names {
		forward, err := r.Forward(n)
		if err != nil && !errors.Is(err, host.ErrAbsent) {
			failed = err
		}
		if slices.Contains(forward, a) {
			return true, nil
		}
	}
	return false, failed
}

// sameHost reports whether a name from DNS is the one that was typed, which
// may be an address or a name's first label.
func sameHost(full, typed string) bool {
	if isAddress(typed) {
		return true
	}
	full, typed = strings.TrimSuffix(full, "."), strings.TrimSuffix(typed, ".")
	if !strings.Contains(typed, ".") {
		full, _, _ = strings.Cut(full, ".")
	}
	return strings.EqualFold(full, typed)
}
