// Package rdp speaks the first words of a Remote Desktop connection: enough to
// learn what a server wants, never enough to sign in.
//
// Two exchanges are known:
//
//   - The negotiation ([Request], [ReadReply]): a TPKT packet with an X.224
//     connection request that names the security protocols the client offers,
//     and the server's answer. [MS-RDPBCGR] 2.2.1.1 and 2.2.1.2.
//   - The start of CredSSP ([CredSSPRequest], [ReadCredSSP]), inside TLS: a
//     TSRequest that names a version and begins NTLM without naming a user, and
//     the server's answer. [MS-CSSP] 2.2.1.
//
// Answers are hostile until parsed. A reader takes no byte more than the
// answer's own length says, at most [MaxReply] or [MaxCredSSP], and every field
// that has a fixed value must have it: what does not fit is [Malformed].
// A packet's time limit is its reader's affair.
package rdp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Protocols is a set of security protocols, or the one that was selected.
type Protocols uint32

// Security protocols.
const (
	Standard  Protocols = 0 // RDP's own encryption: no TLS, no server identity
	TLS       Protocols = 1
	CredSSP   Protocols = 2 // network level authentication; offer TLS with it
	CredSSPEx Protocols = 8 // CredSSP with early user authorization; offer CredSSP and TLS with it
)

// Name is the constant's name without its prefix in [MS-RDPBCGR], or the number.
func (p Protocols) Name() string {
	switch p {
	case Standard:
		return "RDP"
	case TLS:
		return "SSL"
	case CredSSP:
		return "HYBRID"
	case CredSSPEx:
		return "HYBRID_EX"
	}
	return fmt.Sprintf("0x%x", uint32(p))
}

// Flags of a reply.
const (
	RestrictedAdmin uint8 = 0x08 // the server supports Restricted Admin mode
	RemoteGuard     uint8 = 0x10 // the server supports Remote Credential Guard
)

// Failure is why a server refuses every protocol it was offered.
type Failure uint32

// Failures.
const (
	SSLRequired    Failure = 1 // offer TLS
	SSLNotAllowed  Failure = 2 // the server does RDP's own encryption only
	NoCertificate  Failure = 3 // the server has no valid certificate
	HybridRequired Failure = 5 // network level authentication is required
)

// Name is the constant's name in [MS-RDPBCGR], or the number.
func (f Failure) Name() string {
	names := [...]string{
		1: "SSL_REQUIRED_BY_SERVER", 2: "SSL_NOT_ALLOWED_BY_SERVER", 3: "SSL_CERT_NOT_ON_SERVER",
		4: "INCONSISTENT_FLAGS", 5: "HYBRID_REQUIRED_BY_SERVER", 6: "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER",
	}
	if f >= 1 && int(f) < len(names) {
		return names[f]
	}
	return fmt.Sprintf("0x%x", uint32(f))
}

// Request is the connection request that offers the given protocols. It holds
// no cookie, so it names no user.
func Request(offer Protocols) []byte {
	b := []byte{
		0x03, 0x00, 0x00, 19, // TPKT: version, reserved, length (big-endian)
		14, 0xe0, 0, 0, 0, 0, 0, // X.224: length of the rest, connection request, references, class 0
		0x01, 0x00, 8, 0, // RDP_NEG_REQ: type, flags, length (little-endian)
	}
	return binary.LittleEndian.AppendUint32(b, uint32(offer))
}

// Reply is a server's answer to a Request.
type Reply struct {
	// Legacy: the answer holds no negotiation data. Such a server does RDP's
	// own encryption and nothing else.
	Legacy   bool
	Failure  Failure   // 0 if a protocol was selected
	Selected Protocols // Standard if Legacy
	Flags    uint8
}

// MaxReply is the length of the longest reply in bytes.
const MaxReply = 19

const (
	legacyLength = 11
	connected    = 0xd0 // X.224 connection confirm
	selected     = 0x02 // RDP_NEG_RSP
	refused      = 0x03 // RDP_NEG_FAILURE
)

// ErrClosed is an answer that ended before its first byte.
var ErrClosed = errors.New("closed without an answer")

// Malformed is an answer that is not of the protocol.
type Malformed struct {
	Got []byte // its first bytes, at most MaxReply, at least one
}

func (m *Malformed) Error() string { return fmt.Sprintf("malformed answer % x", m.Got) }

func malformed(got []byte) error { return &Malformed{Got: got[:min(len(got), MaxReply)]} }

// ReadReply reads a server's answer. Errors are ErrClosed, *Malformed, also for an
// answer that ends early, and r's own.
func ReadReply(r io.Reader) (Reply, error) {
	var b [MaxReply]byte
	if err := fill(r, b[:], 0, 4); err != nil {
		return Reply{}, err
	}
	length := int(binary.BigEndian.Uint16(b[2:]))
	if b[0] != 3 || b[1] != 0 || length != legacyLength && length != MaxReply {
		return Reply{}, malformed(b[:4])
	}
	if err := fill(r, b[:], 4, length); err != nil {
		return Reply{}, err
	}
	return parseReply(b[:length])
}

// fill reads b[from:to], having read what is before it.
func fill(r io.Reader, b []byte, from, to int) error {
	n, err := io.ReadFull(r, b[from:to])
	switch {
	case err == nil:
		return nil
	case !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case from+n == 0:
		return ErrClosed
	}
	return malformed(b[:from+n])
}

// parseReply parses an answer whose TPKT header is right.
func parseReply(b []byte) (Reply, error) {
	if int(b[4]) != len(b)-5 || b[5] != connected {
		return Reply{}, malformed(b)
	}
	if len(b) == legacyLength {
		return Reply{Legacy: true}, nil
	}
	kind, flags, length := b[11], b[12], binary.LittleEndian.Uint16(b[13:])
	value := binary.LittleEndian.Uint32(b[15:])
	switch {
	case length == 8 && kind == selected:
		return Reply{Selected: Protocols(value), Flags: flags}, nil
	case length == 8 && kind == refused && value != 0:
		return Reply{Failure: Failure(value)}, nil
	}
	return Reply{}, malformed(b)
}
