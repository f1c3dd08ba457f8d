package host

import (
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/windows"
)

// Remote implements Host. Limit decides which names come here.
func (l *local) Remote(name string) (Remote, error) {
	ws2 := windows.NewLazySystemDLL("ws2_32.dll")
	inetNtop := ws2.NewProc("InetNtopW")
	return &remote{name: name, selects: ws2.NewProc("select"), inetNtop: inetNtop, schannel: newSchannel(inetNtop)}, nil
}

// remote is a host on the network. It may be asked side by side.
type remote struct {
	name     string
	selects  *windows.LazyProc
	inetNtop *windows.LazyProc
	schannel *schannel

	mu    sync.Mutex
	addrs []ipAddr // that Addresses has returned: nothing is sent to any other
	names []string // that Names has returned: no other is looked up
}

func (r *remote) Addresses() ([]string, error) {
	return r.lookup(func() ([]string, error) {
		addrs, err := r.resolve(r.name)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.addrs = append(r.addrs, addrs...)
		return texts(addrs), err
	})
}

func (r *remote) InDNS() (bool, error) {
	found, err := r.lookup(func() ([]string, error) { return inDNS(r.name) })
	if err == ErrAbsent {
		return false, nil
	}
	return len(found) > 0, err
}

func (r *remote) Names(addr string) ([]string, error) {
	a, ok := r.known(addr)
	if !ok {
		return nil, ErrNotNamed
	}
	return r.lookup(func() ([]string, error) {
		names, err := namesOf(a.bytes)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.names = append(r.names, names...)
		return names, err
	})
}

func (r *remote) Forward(name string) ([]string, error) {
	r.mu.Lock()
	known := slices.Contains(r.names, name)
	r.mu.Unlock()
	if !known {
		return nil, ErrNotNamed
	}
	return r.lookup(func() ([]string, error) {
		addrs, err := r.resolve(name)
		return texts(addrs), err
	})
}

func (r *remote) lookup(ask func() ([]string, error)) ([]string, error) {
	return within(ResolveLimit, ask)
}

// known returns the address of this text, if Addresses has returned it.
func (r *remote) known(addr string) (ipAddr, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range r.addrs {
		if a.text == addr {
			return a, true
		}
	}
	return ipAddr{}, false
}

func (r *remote) Dial(addr string, port uint16, limit time.Duration) (Conn, error) {
	a, ok := r.known(addr)
	if !ok {
		return nil, ErrNotNamed
	}
	s, err := r.open(a.at(port), windows.SOCK_STREAM, time.Now().Add(limit))
	if errors.Is(err, io.EOF) {
		err = ErrRefused // reset before it was open
	}
	if err != nil {
		return nil, err
	}
	return &conn{socket: s, schannel: r.schannel}, nil
}

// maxAnswer is the largest UDP answer that is read, in bytes.
const maxAnswer = 512

func (r *remote) Ask(addr string, port uint16, packet []byte, limit time.Duration) (Answer, error) {
	to, ok := r.known(addr)
	if !ok {
		return Answer{}, ErrNotNamed
	}
	s, err := r.open(to.at(port), windows.SOCK_DGRAM, time.Now().Add(limit))
	if err != nil {
		return Answer{}, err
	}
	defer s.Close()
	a := Answer{Packet: make([]byte, maxAnswer), Sent: time.Now()}
	_, err = s.Write(packet)
	n := 0
	if err == nil {
		n, err = s.Read(a.Packet)
		a.Received = time.Now()
	}
	if errors.Is(err, io.EOF) {
		err = ErrRefused // ICMP port unreachable, or a packet of no bytes
	}
	if err != nil {
		return Answer{}, err
	}
	a.Packet = a.Packet[:n]
	return a, nil
}

// conn is a TCP connection, in the clear until StartTLS.
type conn struct {
	*socket
	schannel *schannel
	tls      *tlsSession // nil before StartTLS
}

func (c *conn) Read(b []byte) (int, error) {
	if c.tls != nil {
		return c.tls.Read(b)
	}
	return c.socket.Read(b)
}

func (c *conn) Write(b []byte) (int, error) {
	if c.tls != nil {
		return c.tls.Write(b)
	}
	return c.socket.Write(b)
}

func (c *conn) StartTLS(serverName string) (TLS, error) {
	s, err := c.schannel.client(c.socket, serverName)
	if err != nil {
		return TLS{}, err
	}
	c.tls = s
	return s.describe()
}

func (c *conn) Close() error {
	if c.tls != nil {
		c.tls.release()
	}
	return c.socket.Close()
}
