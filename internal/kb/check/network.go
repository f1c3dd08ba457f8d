package check

import (
	"errors"
	"strings"

	"kbgen/internal/kb/host"
)

// network is the family about names and connections to the host that the reader names.
func network() []Check {
	return []Check{
		{
			ID: "net.tcp-reach",
			Title: Text{
				JA: "接続先への TCP 接続",
				EN: "TCP connection to the host",
			},
			About: Text{
				JA: "接続先のポートに、この PC から接続できるかをアドレスごとに確認します。",
				EN: "Can this computer connect to the port of the host, at each of its addresses?",
			},
			Reads: []Text{{
				JA: "-host の接続先の各アドレス (最大 8 個) への TCP 接続。データは送りません",
				EN: "a TCP connection to each address of the host of -host (at most 8); no data is sent",
			}},
			Needs:    Needs{Network: true},
			Params:   peerParams(),
			Findings: tcpFindings(),
			Sources:  []string{"learn.microsoft.com/troubleshoot/windows-server/remote/rdp-error-general-troubleshooting", "winsock2.h"},
		},
		forwardReverse(),
	}
}

func tcpFindings() []Finding {
	return []Finding{
		{
			ID: "connected", Verdict: OK,
			Text: Text{
				JA: "{addresses} に TCP で接続できます。",
				EN: "TCP connections to {addresses} work.",
			},
		},
		{
			ID: "partly", Verdict: Warning,
			Text: Text{
				JA: "{addresses} には接続できません ({error})。接続先の別のアドレスには接続できるため、接続に時間がかかる、またはときどき失敗する原因になります。",
				EN: "Connections to {addresses} fail ({error}). Another address of the host works, so connections may be slow or fail now and then.",
			},
		},
		{
			ID: "refused", Verdict: Problem,
			Text: Text{
				JA: "{addresses} は接続を拒否しています (WSAECONNREFUSED 10061)。接続先は動作していますが、このポートで待ち受けるサービスがないか、ファイアウォールが拒否しています。",
				EN: "The connection to {addresses} is refused (WSAECONNREFUSED 10061). The host is up, but nothing listens on the port, or a firewall rejects it.",
			},
			Fix: Remedy{Text: Text{
				JA: "ポート番号を確かめます。接続先の管理者が、接続先でリモート デスクトップの有効化 (rdp-server.enabled)、サービス (rdp-server.service)、ポート (rdp-server.port) を確認します。",
				EN: "Check the port. The administrator of the host checks there whether Remote Desktop is enabled (rdp-server.enabled), its services (rdp-server.service) and its port (rdp-server.port).",
			}},
		},
		{
			ID: "filtered", Verdict: Problem,
			Text: Text{
				JA: "{addresses} から {timeout} 以内に応答がありません (WSAETIMEDOUT 10060)。接続先が停止しているか、ファイアウォールが通信を破棄しています。",
				EN: "No answer from {addresses} within {timeout} (WSAETIMEDOUT 10060). The host is down, or a firewall drops the packets.",
			},
			Fix: Remedy{Text: Text{
				JA: "接続先の電源とスリープ、VPN の接続を確かめます。接続先の管理者が、接続先のファイアウォール (rdp-server.firewall) と途中のファイアウォールで TCP のポートが許可されているかを確認します。ping への応答の有無は、判断の材料になりません。",
				EN: "Check that the host is on and awake, and that the VPN is connected. The administrator of the host checks whether its firewall (rdp-server.firewall) and those on the way let the TCP port through. Whether it answers ping proves nothing.",
			}},
		},
		{
			ID: "unreachable", Verdict: Problem,
			Text: Text{
				JA: "{addresses} への経路がありません (WSAEHOSTUNREACH 10065)。",
				EN: "There is no route to {addresses} (WSAEHOSTUNREACH 10065).",
			},
			Fix: Remedy{Text: Text{
				JA: "この PC のネットワークと VPN の接続を確かめます。名前から得られたアドレスが正しいかは net.dns-forward-reverse で確認できます。",
				EN: "Check this computer's network and VPN connection. net.dns-forward-reverse shows whether the name leads to the right address.",
			}},
		},
	}
}

func judgeTCP(h host.Host, args Args) []Found {
	p, unreached := newPeer(h, args, "host", uint16(args.Number("port")))
	if unreached != nil {
		return unreached
	}
	failures := []struct {
		err error
		id  string
	}{{host.ErrRefused, "refused"}, {host.ErrTimeout, "filtered"}, {host.ErrUnreachable, "unreachable"}}
	var works []string
	failing := make([][]string, len(failures))
	var others []Found
	for _, a := range p.addrs {
		address := p.at(a)
		c, err := p.remote.Dial(a, p.port, p.limit)
		if err == nil {
			c.Close()
			works = append(works, address)
			continue
		}
		known := false
		for i, f := range failures {
			if errors.Is(err, f.err) {
				failing[i], known = append(failing[i], address), true
			}
		}
		if !known {
			others = append(others, unread(address, err)...)
		}
	}
	var fs []Found
	if works != nil {
		fs = found("connected", "addresses", strings.Join(works, ", "))
	}
	for i, f := range failures {
		addresses := strings.Join(failing[i], ", ")
		switch {
		case addresses == "":
		case works != nil:
			fs = append(fs, found("partly", "addresses", addresses, "error", winsockName(f.err))...)
		case f.id == "filtered":
			fs = append(fs, found(f.id, "addresses", addresses, "timeout", args["timeout"])...)
		default:
			fs = append(fs, found(f.id, "addresses", addresses)...)
		}
	}
	return append(fs, others...)
}
