package check

import (
	"strings"

	"kbgen/internal/kb/host"
	"kbgen/internal/kb/rdp"
)

// rdpNet is the family about the Remote Desktop host that the reader names, as seen over the network.
func rdpNet() []Check {
	return []Check{
		{
			ID: "rdp-net.negotiation",
			Title: Text{
				JA: "接続先のリモート デスクトップのネゴシエーション",
				EN: "Remote Desktop negotiation of the host",
			},
			About: Text{
				JA: "接続先がリモート デスクトップとして応答するか、NLA や TLS を要求するか、制限付き管理モードと Remote Credential Guard に対応しているかを確認します。サインインはしません。",
				EN: "Does the host answer as Remote Desktop, does it require NLA or TLS, does it support Restricted Admin and Remote Credential Guard? No sign-in takes place.",
			},
			Reads: []Text{{
				JA: "-host の接続先への TCP 接続 3 回: RDP、TLS、NLA をそれぞれ提示する 19 バイトの要求と、最大 19 バイトの応答",
				EN: "three TCP connections to the host of -host: a request of 19 bytes that offers RDP, TLS and NLA in turn, and an answer of at most 19 bytes",
			}},
			Needs:    Needs{Network: true},
			Params:   peerParams(),
			Findings: append(negotiationFindings(), append(brokenOff(), noConnection())...),
			Sources:  []string{"[MS-RDPBCGR] 2.2.1.1", "[MS-RDPBCGR] 2.2.1.2", "[MS-RDPBCGR] 4.1"},
		},
		tlsCertificate(),
	}
}

// noCertificate is the finding for a server that refuses TLS for lack of a
// certificate.
func noCertificate() Finding {
	return Finding{
		ID: "no-certificate", Verdict: Problem,
		Text: Text{
			JA: "{address} は、有効な証明書がないため TLS と NLA を拒否しています (SSL_CERT_NOT_ON_SERVER)。",
			EN: "{address} refuses TLS and NLA because it has no valid certificate (SSL_CERT_NOT_ON_SERVER).",
		},
		Fix: Remedy{Text: Text{
			JA: "接続先の管理者が、接続先で rdp-server.listener-certificate を実行し、リスナーの証明書を直します。",
			EN: "The administrator of the host runs rdp-server.listener-certificate there and repairs the certificate of the listener.",
		}},
	}
}

func negotiationFindings() []Finding {
	const (
		tableJA = "応答: RDP は {rdp}、TLS は {tls}、NLA は {nla}。"
		tableEN = "Answers: RDP {rdp}; TLS {tls}; NLA {nla}."
	)
	return []Finding{
		{
			ID: "nla-required", Verdict: OK,
			Text: Text{
				JA: "{address} はリモート デスクトップとして応答し、NLA (CredSSP) を必須にしています。" + tableJA,
				EN: "{address} answers as Remote Desktop and requires NLA (CredSSP). " + tableEN,
			},
		},
		{
			ID: "nla-available", Verdict: OK,
			Text: Text{
				JA: "{address} はリモート デスクトップとして応答し、NLA (CredSSP) を使えますが、必須ではありません。" + tableJA,
				EN: "{address} answers as Remote Desktop. NLA (CredSSP) is available but not required. " + tableEN,
			},
		},
		{
			ID: "tls-only", Verdict: OK,
			Text: Text{
				JA: "{address} はリモート デスクトップとして応答し、TLS を使えますが、NLA (CredSSP) は使えません。" + tableJA,
				EN: "{address} answers as Remote Desktop with TLS, but without NLA (CredSSP). " + tableEN,
			},
		},
		{
			ID: "standard-only", Verdict: Warning,
			Text: Text{
				JA: "{address} はリモート デスクトップとして応答しますが、使えるのは従来の RDP 暗号化だけです。TLS も NLA も使えず、接続先が本物かどうかを確かめられません。" + tableJA,
				EN: "{address} answers as Remote Desktop, but only with RDP's own encryption: no TLS, no NLA, and no proof of the host's identity. " + tableEN,
			},
			Fix: Remedy{Text: Text{
				JA: "接続先の管理者が、接続先で rdp-server.security-layer を実行し、セキュリティ レイヤーを「ネゴシエート」か TLS にします。",
				EN: "The administrator of the host runs rdp-server.security-layer there and sets the security layer to Negotiate or TLS.",
			}},
		},
		{
			ID: "refused", Verdict: Warning,
			Text: Text{
				JA: "{address} はリモート デスクトップとして応答しますが、提示した方式のどれも受け入れません。通常の Windows にはない応答です。" + tableJA,
				EN: "{address} answers as Remote Desktop but takes nothing of what was offered, as Windows normally does not. " + tableEN,
			},
		},
		noCertificate(),
		{
			ID: "modes", Verdict: OK,
			Text: Text{
				JA: "接続先は次の方式に対応しています: {modes}。",
				EN: "The host supports: {modes}.",
			},
		},
		{
			ID: "no-modes", Verdict: OK,
			Text: Text{
				JA: "接続先は、制限付き管理モードと Remote Credential Guard に対応していません。",
				EN: "The host supports neither Restricted Admin nor Remote Credential Guard.",
			},
		},
		{
			ID: "closed", Verdict: Problem,
			Text: Text{
				JA: "{address} のポートは開いていますが、リモート デスクトップの要求に応答せず切断します。リモート デスクトップではないサービスか、途中の機器による遮断が考えられます。",
				EN: "The port of {address} is open, but a Remote Desktop request is cut off without an answer. It may be another service, or something on the way that filters.",
			},
			Fix: Remedy{Text: Text{
				JA: "接続先の名前とポートを確かめます。正しければ、接続先の管理者がリモート デスクトップのサービス (rdp-server.service、rdp-server.port) と、途中のファイアウォールを確認します。",
				EN: "Check the name and the port. If they are right, the administrator of the host checks its Remote Desktop services (rdp-server.service, rdp-server.port) and the firewalls on the way.",
			}},
		},
		{
			ID: "inconsistent", Verdict: Unknown,
			Text: Text{
				JA: "{address} は 3 回の要求のうち {failed} に応答していません。途中の負荷分散装置やゲートウェイ、接続数の制限が考えられます。",
				EN: "{address} did not answer {failed} of the three requests. A load balancer or gateway on the way, or a limit on connections, can be the reason.",
			},
		},
	}
}

// negotiated is the answer to one offer.
type negotiated struct {
	rdp.Reply
	err error
}

func (n negotiated) String() string {
	switch {
	case n.err != nil:
		return "-"
	case n.Legacy:
		return "RDP (X.224)"
	case n.Failure != 0:
		return n.Failure.Name()
	}
	return n.Selected.Name()
}

func judgeNegotiation(h host.Host, args Args) []Found {
	p, unread := newPeer(h, args, "host", uint16(args.Number("port")))
	if unread != nil {
		return unread
	}
	offers := []rdp.Protocols{rdp.Standard, rdp.TLS, rdp.TLS | rdp.CredSSP | rdp.CredSSPEx}
	answers := make([]negotiated, len(offers))
	for i, offer := range offers {
		c, reply, unreached, err := p.negotiate(offer)
		if unreached != nil && i == 0 {
			return unreached
		}
		if unreached != nil {
			err = host.ErrUnreachable
		}
		if c != nil {
			c.Close()
		}
		answers[i] = negotiated{reply, err}
	}
	plain, tls, nla := answers[0], answers[1], answers[2]
	switch {
	case nla.err == nil:
		return append(p.security(answers), p.rest(answers)...)
	case plain.err == nil || tls.err == nil:
		return p.rest(answers)
	case closed(nla.err):
		return p.found("closed")
	}
	return p.broken(nla.err)
}

// security judges three answers of which the last is valid.
func (p *peer) security(answers []negotiated) []Found {
	plain, tls, nla := answers[0], answers[1], answers[2]
	id := "refused"
	switch {
	case plain.Failure == rdp.NoCertificate || tls.Failure == rdp.NoCertificate || nla.Failure == rdp.NoCertificate:
		return p.found("no-certificate")
	case nla.Selected == rdp.CredSSP || nla.Selected == rdp.CredSSPEx:
		id = "nla-available"
		if plain.Failure == rdp.HybridRequired || tls.Failure == rdp.HybridRequired {
			id = "nla-required"
		}
	case nla.Selected == rdp.TLS:
		id = "tls-only"
	case nla.Failure == rdp.SSLNotAllowed || nla.Failure == 0 && nla.Selected == rdp.Standard:
		id = "standard-only"
	}
	return p.found(id, "rdp", plain.String(), "tls", tls.String(), "nla", nla.String())
}

// rest is what else three answers say.
func (p *peer) rest(answers []negotiated) (fs []Found) {
	if nla := answers[2]; nla.Selected == rdp.CredSSP || nla.Selected == rdp.CredSSPEx {
		var modes []string
		if nla.Flags&rdp.RestrictedAdmin != 0 {
			modes = append(modes, "Restricted Admin")
		}
		if nla.Flags&rdp.RemoteGuard != 0 {
			modes = append(modes, "Remote Credential Guard")
		}
		if modes == nil {
			fs = found("no-modes")
		} else {
			fs = found("modes", "modes", strings.Join(modes, ", "))
		}
	}
	var failed []string
	for i, name := range []string{"RDP", "TLS", "NLA"} {
		if answers[i].err != nil {
			failed = append(failed, name)
		}
	}
	if failed != nil {
		fs = append(fs, p.found("inconsistent", "failed", strings.Join(failed, ", "))...)
	}
	return fs
}
