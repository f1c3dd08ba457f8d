package rdp

import "io"

// CredSSPRequest is a TSRequest of version 6 with an NTLM NEGOTIATE message
// that names neither user nor machine.
func CredSSPRequest() []byte {
	return []byte{
		0x30, 0x37, // TSRequest ::= SEQUENCE
		0xa0, 0x03, 0x02, 0x01, 0x06, // version [0] INTEGER 6
		0xa1, 0x30, 0x30, 0x2e, 0x30, 0x2c, 0xa0, 0x2a, 0x04, 0x28, // negoTokens [1], one of 40 bytes
		'N', 'T', 'L', 'M', 'S', 'S', 'P', 0, 1, 0, 0, 0, // NEGOTIATE
		0xb7, 0x82, 0x08, 0xe2, // flags
		0, 0, 0, 0, 0, 0, 0, 0, // no domain
		0, 0, 0, 0, 0, 0, 0, 0, // no workstation
		0x0a, 0x00, 0x63, 0x45, 0x00, 0x00, 0x00, 0x0f, // version 10.0.17763, NTLM revision 15
	}
}

// CredSSPReply is what a server's TSRequest says.
type CredSSPReply struct {
	Version uint32 // 2 or higher; 5 and higher are not open to CVE-2018-0886
	Error   uint32 // NTSTATUS; 0 if there is none
}

// MaxCredSSP is the length in bytes of the longest TSRequest that is read.
// A challenge takes some 300.
const MaxCredSSP = 16 << 10

// Tags of DER.
const (
	tagInteger  = 0x02
	tagSequence = 0x30
	tagContext  = 0xa0 // [0], constructed
)

// ReadCredSSP reads a server's TSRequest. Errors are as those of ReadReply.
func ReadCredSSP(r io.Reader) (CredSSPReply, error) {
	head := make([]byte, 2, 4)
	if err := fill(r, head, 0, 2); err != nil {
		return CredSSPReply{}, err
	}
	if extra := int(head[1]) - 0x80; extra == 1 || extra == 2 {
		head = head[:2+extra]
		if err := fill(r, head, 2, len(head)); err != nil {
			return CredSSPReply{}, err
		}
	}
	length, ok := derLength(head[1:])
	if head[0] != tagSequence || !ok || length > MaxCredSSP-len(head) {
		return CredSSPReply{}, malformed(head)
	}
	b := append(head, make([]byte, length)...)
	if err := fill(r, b, len(head), len(b)); err != nil {
		return CredSSPReply{}, err
	}
	reply, ok := parseTSRequest(b[len(head):])
	if !ok {
		return CredSSPReply{}, malformed(b)
	}
	return reply, nil
}

// derLength reads a length that takes up all of b, in its shortest form.
func derLength(b []byte) (n int, ok bool) {
	switch {
	case len(b) == 1:
		return int(b[0]), b[0] < 0x80
	case len(b) == 2 && b[0] == 0x81:
		return int(b[1]), b[1] >= 0x80
	case len(b) == 3 && b[0] == 0x82:
		return int(b[1])<<8 | int(b[2]), b[1] != 0
	}
	return 0, false
}

// element cuts the first element off b.
func element(b []byte) (tag byte, content, rest []byte, ok bool) {
	if len(b) < 2 {
		return 0, nil, nil, false
	}
	size := 1
	if b[1] > 0x80 {
		size += int(b[1] - 0x80)
	}
	if len(b) < 1+size {
		return 0, nil, nil, false
	}
	n, ok := derLength(b[1 : 1+size])
	if content = b[1+size:]; !ok || n > len(content) {
		return 0, nil, nil, false
	}
	return b[0], content[:n], content[n:], true
}

// parseTSRequest reads the fields of a TSRequest, [0] to [5] in ascending order
// with version [0] first. Of the others only errorCode [4] is looked into.
func parseTSRequest(b []byte) (reply CredSSPReply, ok bool) {
	for last := -1; len(b) > 0; {
		tag, content, rest, ok := element(b)
		field := int(tag) - tagContext
		if !ok || field <= last || field > 5 || last < 0 && field != 0 {
			return reply, false
		}
		switch field {
		case 0:
			reply.Version, ok = integer(content)
		case 4:
			reply.Error, ok = integer(content)
		}
		if !ok {
			return reply, false
		}
		last, b = field, rest
	}
	return reply, reply.Version >= 2
}

// integer reads an INTEGER of at most 32 bits that takes up all of b. A
// negative one is what an NTSTATUS in four bytes is; it keeps its bits.
func integer(b []byte) (uint32, bool) {
	tag, content, rest, ok := element(b)
	if !ok || tag != tagInteger || len(rest) > 0 || len(content) < 1 || len(content) > 5 || len(content) == 5 && content[0] != 0 {
		return 0, false
	}
	var n uint32
	for _, c := range content {
		n = n<<8 | uint32(c)
	}
	return n, true
}
