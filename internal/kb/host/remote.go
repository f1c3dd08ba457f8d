package host

import (
	"io"
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
// until parsed. Addresses are text as 10.0.0.5, fd00::5 or fe80::5%7: package
// netip would make the probe 50 KB larger. Names and addresses come from the system's resolver, within
// [ResolveLimit] each, at most [MaxAddresses] of them.
type Remote interface {
	// Addresses returns the host's addresses, in the order in which the
	// system would try them. ErrAbsent if the name does not exist.
	Addresses() ([]string, error)

	// InDNS reports whether DNS has an address for the host's name. If not,
	// its addresses are from the hosts file, LLMNR, mDNS or NetBIOS.
	InDNS() (bool, error)

	// Names returns the names that DNS has for one of the host's addresses
	// (PTR), without a dot at the end. ErrAbsent if there is none.
	Names(addr string) ([]string, error)

	// Forward returns the addresses of a name that Names has returned.
	Forward(name string) ([]string, error)

	// Dial opens a TCP connection to one of the host's addresses. Errors:
	// ErrRefused, ErrTimeout, ErrUnreachable; ErrNotNamed for an address that
	// Addresses has not returned.
	Dial(addr string, port uint16, limit time.Duration) (Conn, error)

	// Ask sends one UDP packet and returns the first answer from the same
	// address, at most 512 bytes, with when it was sent and received. Errors
	// are those of Dial.
	Ask(addr string, port uint16, packet []byte, limit time.Duration) (Answer, error)
}

const (
	// ResolveLimit is how long one question to the resolver may take: more
	// than Windows tries all of its ways to find a name.
	ResolveLimit = 12 * time.Second

	// MaxAddresses is the most addresses, and the most names, of one host.
	MaxAddresses = 8
)

// Conn is a TCP connection. Every Read and Write is done within the limit
// given to Dial, counted from Dial, or fails with ErrTimeout. Read returns
// io.EOF if the other side has closed or reset the connection.
type Conn interface {
	io.ReadWriteCloser

	// StartTLS makes a TLS handshake with the system's own TLS, verifying
	// nothing, and describes the server's certificate. From then on Read and
	// Write go through TLS. No other host is asked about the certificate. A
	// failed handshake is a CallError with an SEC_E_ code, ErrTimeout, or
	// io.EOF. It can be called once. serverName is empty if the host was
	// named by its address.
	StartTLS(serverName string) (TLS, error)
}

// TLS describes a TLS connection. Texts are as the certificate has them.
type TLS struct {
	Version   uint16   // 0x0301 TLS 1.0 … 0x0304 TLS 1.3
	Subject   string   // its common name, or what stands in for one
	Issuer    string   // likewise
	Names     []string // DNS names and addresses of the subject alternative name, at most 64
	NotBefore time.Time
	NotAfter  time.Time
	SHA1      [20]byte
	KeyBits   int
	// ChainStatus says what is wrong with the chain in this system's eyes
	// (CERT_TRUST_STATUS.dwErrorStatus); 0 if it is trusted. Revocation is
	// not looked at: that would ask another host.
	ChainStatus uint32
}

// Bits of a ChainStatus, wincrypt.h.
const (
	ChainNotTimeValid  uint32 = 0x1
	ChainUntrustedRoot uint32 = 0x20
	ChainPartial       uint32 = 0x10000
)

// Answer is the answer to a UDP packet.
type Answer struct {
	Packet         []byte
	Sent, Received time.Time
}
