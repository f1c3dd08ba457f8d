package host

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// Control bits of a security descriptor, winnt.h.
const (
	seDACLPresent   = 0x0004
	seDACLProtected = 0x1000
	seSelfRelative  = 0x8000
)

var errDescriptor = errors.New("malformed security descriptor")

// parseDescriptor reads owner and DACL out of a self-relative
// SECURITY_DESCRIPTOR, [MS-DTYP] 2.4.6. Granted is left 0.
func parseDescriptor(b []byte) (Security, error) {
	if len(b) < 20 || b[0] != 1 {
		return Security{}, errDescriptor
	}
	le := binary.LittleEndian
	control := le.Uint16(b[2:])
	if control&seSelfRelative == 0 {
		return Security{}, errDescriptor
	}
	s := Security{Protected: control&seDACLProtected != 0}
	if at := le.Uint32(b[4:]); at != 0 {
		owner, err := sidAt(b, at)
		if err != nil {
			return Security{}, err
		}
		s.Owner = owner
	}
	at := le.Uint32(b[16:])
	if control&seDACLPresent == 0 || at == 0 {
		s.NullDACL = true
		return s, nil
	}
	if uint64(at)+8 > uint64(len(b)) {
		return Security{}, errDescriptor
	}
	var err error
	s.DACL, err = parseACL(b[at:])
	return s, err
}

// parseACL reads the entries of an ACL, [MS-DTYP] 2.4.5. b starts with its
// header.
func parseACL(b []byte) ([]ACE, error) {
	le := binary.LittleEndian
	size, count := int(le.Uint16(b[2:])), int(le.Uint16(b[4:]))
	if size < 8 || size > len(b) {
		return nil, errDescriptor
	}
	b = b[8:size]
	var aces []ACE
	for range count {
		if len(b) < 4 {
			return nil, errDescriptor
		}
		n := int(le.Uint16(b[2:]))
		if n < 4 || n > len(b) {
			return nil, errDescriptor
		}
		ace, err := parseACE(b[:n])
		if err != nil {
			return nil, err
		}
		aces = append(aces, ace)
		b = b[n:]
	}
	return aces, nil
}

// parseACE reads one entry. Only the two basic kinds have a mask and a SID at
// a fixed place; of the others the kind is all that is told.
func parseACE(b []byte) (ACE, error) {
	ace := ACE{Type: b[0], Flags: b[1]}
	if ace.Type != ACEAllow && ace.Type != ACEDeny {
		return ace, nil
	}
	if len(b) < 8 {
		return ACE{}, errDescriptor
	}
	ace.Mask = binary.LittleEndian.Uint32(b[4:])
	sid, err := sidAt(b, 8)
	ace.SID = sid
	return ace, err
}

// sidAt renders the SID at an offset as a string, [MS-DTYP] 2.4.2.1.
func sidAt(b []byte, at uint32) (string, error) {
	if uint64(at)+8 > uint64(len(b)) {
		return "", errDescriptor
	}
	b = b[at:]
	count := int(b[1])
	if b[0] != 1 || count > 15 || len(b) < 8+4*count {
		return "", errDescriptor
	}
	var authority uint64
	for _, c := range b[2:8] {
		authority = authority<<8 | uint64(c)
	}
	var s strings.Builder
	format := "S-1-%d"
	if authority > 0xffffffff {
		format = "S-1-0x%012x"
	}
	fmt.Fprintf(&s, format, authority)
	for i := range count {
		fmt.Fprintf(&s, "-%d", binary.LittleEndian.Uint32(b[8+4*i:]))
	}
	return s.String(), nil
}
