package recorded

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"kbgen/internal/kb/host"
)

// remote is what the machine knows of the network. Maps are by name or
// address in lower case.
type remote struct {
	addresses map[string]answer[[]string]
	inDNS     map[string]answer[bool]
	names     map[string]answer[[]string]
	forward   map[string]answer[[]string]
	tcp       map[string]answer[*server]
	udp       map[string]answer[*replies]
}

func newRemote() remote {
	return remote{
		addresses: map[string]answer[[]string]{},
		inDNS:     map[string]answer[bool]{},
		names:     map[string]answer[[]string]{},
		forward:   map[string]answer[[]string]{},
		tcp:       map[string]answer[*server]{},
		udp:       map[string]answer[*replies]{},
	}
}

// Remote implements host.Host. A host without a section is not supported.
func (m *Machine) Remote(name string) (host.Remote, error) {
	if name == "" {
		return nil, host.ErrNotNamed
	}
	name = strings.ToLower(name)
	if _, ok := m.remote.addresses[name]; !ok {
		return nil, host.ErrUnsupported
	}
	return named{&m.remote, name, m.now}, nil
}

// named is a recorded host.
type named struct {
	*remote
	name string
	now  time.Time
}

func (n named) Addresses() ([]string, error) { return lookup(n.addresses, n.name) }

func (n named) InDNS() (bool, error) { return n.inDNS[n.name].get() }

func (n named) Names(addr string) ([]string, error) { return lookup(n.names, addr) }

func (n named) Forward(name string) ([]string, error) { return lookup(n.forward, name) }

// reached is the recorded answer of an address, not supported if there is none.
func reached[T any](m map[string]answer[T], addr string, port uint16) (T, error) {
	a, ok := m[net.JoinHostPort(addr, strconv.Itoa(int(port)))]
	if !ok {
		a.err = host.ErrUnsupported
	}
	return a.get()
}

func (n named) Dial(addr string, port uint16, _ time.Duration) (host.Conn, error) {
	s, err := reached(n.tcp, addr, port)
	if err != nil {
		return nil, err
	}
	return &conn{server: s, end: host.ErrTimeout}, nil
}

func (n named) Ask(addr string, port uint16, packet []byte, _ time.Duration) (host.Answer, error) {
	r, err := reached(n.udp, addr, port)
	if err != nil {
		return host.Answer{}, err
	}
	reply, err := r.next()
	if err != nil {
		return host.Answer{}, err
	}
	return host.Answer{Packet: reply(packet), Sent: n.now, Received: n.now.Add(r.delay)}, nil
}

// server is what a TCP port says.
type server struct {
	says []says
	tls  answer[host.TLS]
}

// says is an answer: reply, and then end, or reply for ever.
type says struct {
	to      string // in hexadecimal digits
	reply   []byte
	end     error
	endless bool
}

// conn is a connection to a server. It is not safe for concurrent use, which
// no connection is.
type conn struct {
	server *server
	reply  io.Reader
	end    error // what Read answers after reply
}

func (c *conn) Write(b []byte) (int, error) {
	for _, s := range c.server.says {
		if s.to != fmt.Sprintf("%x", b) {
			continue
		}
		c.reply, c.end = bytes.NewReader(s.reply), s.end
		if s.endless {
			c.reply = &endless{s.reply, 0}
		}
		return len(b), nil
	}
	return 0, fmt.Errorf("the recorded server has no answer to %x", b)
}

func (c *conn) Read(b []byte) (int, error) {
	if c.reply == nil {
		return 0, c.end
	}
	n, err := c.reply.Read(b)
	if err == io.EOF {
		err = c.end
	}
	return n, err
}

func (c *conn) Close() error { return nil }

func (c *conn) StartTLS(string) (host.TLS, error) { return c.server.tls.get() }

// endless repeats its bytes.
type endless struct {
	bytes []byte
	next  int
}

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = e.bytes[e.next]
		e.next = (e.next + 1) % len(e.bytes)
	}
	return len(b), nil
}

// replies are what a UDP port says, one after the other, the last again and again.
type replies struct {
	delay time.Duration

	mu   sync.Mutex
	left []answer[reply]
}

// reply makes an answer to a packet.
type reply func(packet []byte) []byte

func (r *replies) next() (reply, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.left[0]
	if len(r.left) > 1 {
		r.left = r.left[1:]
	}
	return a.get()
}
