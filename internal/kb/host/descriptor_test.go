package host

import (
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A descriptor as Windows lays it out: header, then owner, then DACL.
func descriptor(control uint16, owner, acl []byte) []byte {
	le := binary.LittleEndian
	b := make([]byte, 20)
	b[0] = 1
	le.PutUint16(b[2:], control|seSelfRelative)
	if owner != nil {
		le.PutUint32(b[4:], uint32(len(b)))
		b = append(b, owner...)
	}
	if acl != nil {
		le.PutUint32(b[16:], uint32(len(b)))
		b = append(b, acl...)
	}
	return b
}

func sid(authority byte, subs ...uint32) []byte {
	b := []byte{1, byte(len(subs)), 0, 0, 0, 0, 0, authority}
	for _, s := range subs {
		b = binary.LittleEndian.AppendUint32(b, s)
	}
	return b
}

func ace(kind, flags byte, mask uint32, sid []byte) []byte {
	b := []byte{kind, flags, 0, 0}
	b = binary.LittleEndian.AppendUint32(b, mask)
	b = append(b, sid...)
	binary.LittleEndian.PutUint16(b[2:], uint16(len(b)))
	return b
}

func acl(aces ...[]byte) []byte {
	b := []byte{2, 0, 0, 0, byte(len(aces)), 0, 0, 0}
	for _, a := range aces {
		b = append(b, a...)
	}
	binary.LittleEndian.PutUint16(b[2:], uint16(len(b)))
	return b
}

func TestParseDescriptor(t *testing.T) {
	admins := sid(5, 32, 544)
	for _, c := range []struct {
		name string
		b    []byte
		want Security
	}{
		{
			"allow, deny and an object entry",
			descriptor(seDACLPresent, admins, acl(
				ace(ACEDeny, 0, 0x2, sid(1, 0)),
				ace(ACEAllow, ACEInheritOnly, 0x1f01ff, admins),
				ace(5, 3, 0, make([]byte, 36)),
			)),
			Security{Owner: SIDAdministrators, DACL: []ACE{
				{Type: ACEDeny, Mask: 0x2, SID: SIDEveryone},
				{Type: ACEAllow, Flags: ACEInheritOnly, Mask: 0x1f01ff, SID: SIDAdministrators},
				{Type: 5, Flags: 3},
			}},
		},
		{"inheritance switched off", descriptor(seDACLPresent|seDACLProtected, admins, acl(ace(ACEAllow, 0, 1, admins))), Security{
			Owner: SIDAdministrators, Protected: true, DACL: []ACE{{Type: ACEAllow, Mask: 1, SID: SIDAdministrators}},
		}},
		{"empty DACL", descriptor(seDACLPresent, admins, acl()), Security{Owner: SIDAdministrators}},
		{"NULL DACL", descriptor(seDACLPresent, admins, nil), Security{Owner: SIDAdministrators, NullDACL: true}},
		{"no DACL", descriptor(0, admins, nil), Security{Owner: SIDAdministrators, NullDACL: true}},
		{"no owner", descriptor(0, nil, nil), Security{NullDACL: true}},
	} {
		got, err := parseDescriptor(c.b)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", c.name, err, diff)
		}
	}
}

func TestParseDescriptorMalformed(t *testing.T) {
	good := descriptor(seDACLPresent, sid(5, 18), acl(ace(ACEAllow, 0, 1, sid(1, 0))))
	for n := range good {
		if s, err := parseDescriptor(good[:n]); err == nil {
			t.Errorf("cut to %d bytes: %+v", n, s)
		}
	}
	for name, b := range map[string][]byte{
		"not self-relative":    append([]byte{1, 0, 4, 0}, make([]byte, 40)...),
		"more entries counted": descriptor(seDACLPresent, nil, append([]byte{2, 0, 8, 0, 1, 0}, 0, 0)),
		"entry of no size":     descriptor(seDACLPresent, nil, acl([]byte{0, 0, 0, 0})),
		"SID too long":         descriptor(0, append([]byte{1, 16}, make([]byte, 80)...), nil),
	} {
		if s, err := parseDescriptor(b); err == nil {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func TestSIDString(t *testing.T) {
	for want, b := range map[string][]byte{
		"S-1-0":                sid(0),
		"S-1-5-32-544":         sid(5, 32, 544),
		"S-1-5-21-4294967295":  sid(5, 21, 0xffffffff),
		"S-1-0x010000000000-1": {1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0},
	} {
		if got, err := sidAt(b, 0); got != want || err != nil {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
}

func FuzzParseDescriptor(f *testing.F) {
	f.Add(descriptor(seDACLPresent, sid(5, 18), acl(ace(ACEDeny, 0, 1, sid(1, 0)), ace(5, 0, 0, nil))))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := parseDescriptor(b)
		if err != nil {
			return
		}
		if s.NullDACL && len(s.DACL) > 0 {
			t.Error("both no DACL and a DACL")
		}
		for _, a := range s.DACL {
			if (a.Type == ACEAllow || a.Type == ACEDeny) && a.SID == "" {
				t.Error("an entry for nobody")
			}
		}
	})
}
