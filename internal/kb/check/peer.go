package check

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"kbgen/internal/kb/host"
	"kbgen/internal/kb/rdp"
)

// peerParams are the parameters of a check that connects to the host.
func peerParams() []Param {
	return []Param{
		peerParam(),
		{
			Name: "port", Kind: KindNumber, Default: "3389", Min: 1, Max: 65535,
			About: Text{JA: "TCP ポート番号", EN: "TCP port"},
		},
		limitParam("5s", 3), // Windows takes two seconds to say that a port refuses
	}
}

func peerParam() Param {
	return Param{Name: "host", Kind: KindHost, About: Text{JA: "接続先の名前かアドレス", EN: "name or address of the host"}}
}

func limitParam(usual string, least int) Param {
	return Param{
		Name: "timeout", Kind: KindSeconds, Default: usual, Min: least, Max: 30,
		About: Text{JA: "応答を待つ時間", EN: "how long to wait for an answer"},
	}
}

// noConnection is the finding of checks that need a connection and get none.
func noConnection() Finding {
	return Finding{
		ID: "no-connection", Verdict: Unknown,
		Text: Text{
			JA: "{address} に接続できないため、確認できません ({error})。net.tcp-reach の結果を先に確認してください。",
			EN: "{address} cannot be connected to ({error}), so nothing can be said. See the result of net.tcp-reach first.",
		},
	}
}

// brokenOff are the findings of checks whose connection ends without the
// answer that they need.
func brokenOff() []Finding {
	return []Finding{
		{
			ID: "not-rdp", Verdict: Unknown,
			Text: Text{
				JA: "{address} の応答がリモート デスクトップの形式ではないため、判断できません (受信した先頭のバイト: {bytes})。別のサービスのポートか、途中の機器による応答が考えられます。",
				EN: "Nothing can be concluded, because the answer of {address} is not in the form of Remote Desktop (first bytes received: {bytes}). The port may belong to another service, or something on the way may answer.",
			},
		},
		{
			ID: "no-answer", Verdict: Unknown,
			Text: Text{
				JA: "{address} に接続できますが、応答が制限時間内に完了しないため、判断できません。別のサービスのポートか、途中の機器による遮断、接続先の高負荷が考えられます。",
				EN: "{address} can be connected to but does not complete its answer within the time limit, so nothing can be concluded. It may be the port of another service, something on the way that filters, or a busy host.",
			},
		},
	}
}

// winsockName is a failed connection as a code that can be searched for.
func winsockName(err error) string {
	switch {
	case errors.Is(err, host.ErrRefused):
		return "WSAECONNREFUSED 10061"
	case errors.Is(err, host.ErrTimeout):
		return "WSAETIMEDOUT 10060"
	case errors.Is(err, host.ErrUnreachable):
		return "WSAEHOSTUNREACH 10065"
	}
	return err.Error()
}

// peer is the host that a check asks.
type peer struct {
	remote host.Remote
	name   string
	port   uint16
	limit  time.Duration
	addrs  []string
}

// newPeer finds the host's addresses, or returns the finding that says why not.
func newPeer(h host.Host, args Args, nameParam string, port uint16) (*peer, []Found) {
	p := &peer{name: args[nameParam], port: port, limit: args.Seconds("timeout")}
	var err error
	if p.remote, err = h.Remote(p.name); err == nil {
		p.addrs, err = p.remote.Addresses()
	}
	if err == nil && len(p.addrs) == 0 {
		err = host.ErrAbsent
	}
	if err != nil {
		return nil, unread(p.name, err)
	}
	p.addrs = p.addrs[:min(len(p.addrs), host.MaxAddresses)]
	return p, nil
}

// at is an address with the port.
func (p *peer) at(addr string) string {
	if strings.Contains(addr, ":") {
		addr = "[" + addr + "]"
	}
	return addr + ":" + strconv.Itoa(int(p.port))
}

// isAddress reports whether a host was named by its address.
func isAddress(host string) bool {
	return strings.Contains(host, ":") || strings.Trim(host, "0123456789.") == ""
}

// found is found with the address.
func (p *peer) found(id string, namesAndTexts ...string) []Found {
	return found(id, append(namesAndTexts, "address", p.address())...)
}

// dial connects to the first address that answers, and makes it the only one.
func (p *peer) dial() (host.Conn, []Found) {
	var err error
	for _, a := range p.addrs {
		var c host.Conn
		if c, err = p.remote.Dial(a, p.port, p.limit); err == nil {
			p.addrs = []string{a}
			return c, nil
		}
	}
	for _, known := range []error{host.ErrRefused, host.ErrTimeout, host.ErrUnreachable} {
		if errors.Is(err, known) {
			return nil, p.found("no-connection", "error", winsockName(err))
		}
	}
	return nil, unread(p.address(), err)
}

// address is the last address tried, with its port.
func (p *peer) address() string { return p.at(p.addrs[len(p.addrs)-1]) }

// negotiate opens a connection and offers protocols. If there is no answer to
// that, the connection is nil, and there is either a finding, for a host that
// cannot be reached, or an error, for closed and broken to judge.
func (p *peer) negotiate(offer rdp.Protocols) (host.Conn, rdp.Reply, []Found, error) {
	c, unreached := p.dial()
	if unreached != nil {
		return nil, rdp.Reply{}, unreached, nil
	}
	_, err := c.Write(rdp.Request(offer))
	var reply rdp.Reply
	if err == nil {
		reply, err = rdp.ReadReply(c)
	}
	if err != nil {
		c.Close()
		return nil, reply, nil, err
	}
	return c, reply, nil, nil
}

// closed reports whether err means that the other side hung up.
func closed(err error) bool { return errors.Is(err, rdp.ErrClosed) || errors.Is(err, io.EOF) }

// broken is the finding for an answer that did not come. Checks handle closed
// themselves.
func (p *peer) broken(err error) []Found {
	var m *rdp.Malformed
	switch {
	case errors.As(err, &m):
		return p.found("not-rdp", "bytes", fmt.Sprintf("% x", m.Got))
	case errors.Is(err, host.ErrTimeout):
		return p.found("no-answer")
	}
	return unread(p.address(), err)
}
