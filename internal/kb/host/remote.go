package host

import (
	"io"
	"net/netip"
	"time"
)

// Network reaches the one host that the user has named. It is the only way
// out of this machine.
type Network interface {
	// Remote returns the host with this name or address. Only [Limit] decides
	// which name that may be; every other is ErrNotNamed.
	Remote(name string) (Remote, error)
}

// Remote is a host that the user has named. Everything it answers is hostile
// until parsed.
type Remote interface {
	// Addresses returns the host's addresses, from the system's resolver.
	// ErrAbsent if the name does not exist.
	Addresses() ([]netip.Addr, error)

	// Names returns the names that DNS has for one of the host's addresses
	// (PTR). ErrAbsent if there is none.
	Names(addr netip.Addr) ([]string, error)

	// Forward returns the addresses of a name that Names has returned.
	Forward(name string) ([]netip.Addr, error)

	// Dial opens a TCP connection. Errors: ErrRefused, ErrTimeout,
	// ErrUnreachable.
	Dial(addr netip.AddrPort, limit time.Duration) (Conn, error)

	// Ask sends one UDP packet and returns the first answer from the same
	// address, at most 512 bytes, with when it was sent and received.
	Ask(addr netip.AddrPort, packet []byte, limit time.Duration) (Answer, error)
}

// Conn is a TCP connection. Every Read and Write is done within the limit
// given to Dial, counted from Dial, or fails with ErrTimeout.
type Conn interface {
	io.ReadWriteCloser

	// StartTLS makes a TLS handshake with the system's own TLS, verifying
	// nothing, and describes the server's certificate. From then on Read and
	// Write go through TLS.
	StartTLS(serverName string) (TLS, error)
}

// TLS describes a TLS connection.
type TLS struct {
	Version   uint16 // 0x0301 TLS 1.0 … 0x0304 TLS 1.3
	Subject   string
	Issuer    string
	Names     []string // DNS names and addresses of the subject alternative name
	NotBefore time.Time
	NotAfter  time.Time
	SHA1      [20]byte
	KeyBits   int
	// Trusted says that the system trusts the chain; what is wrong with it,
	// if not, is in ChainStatus (CERT_TRUST_STATUS.dwErrorStatus).
	Trusted     bool
	ChainStatus uint32
}

// Answer is the answer to a UDP packet.
type Answer struct {
	Packet         []byte
	Sent, Received time.Time
}
