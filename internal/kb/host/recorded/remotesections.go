package recorded

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"kbgen/internal/kb/host"
)

func (m *Machine) addRemote(s section) error {
	id := strings.ToLower(s.name.text)
	m.remote.inDNS[id] = answer[bool]{value: true}
	dns, rest := s.take("dns")
	err := dns.each("", "", map[string]func(token) error{"dns": func(t token) (err error) {
		m.remote.inDNS[id], err = orInstead(t, readYes)
		return err
	}})
	if err != nil {
		return err
	}
	return addTo(m.remote.addresses, id, rest, readList("address", readAddr))
}

func (m *Machine) addNames(s section) error {
	addr, err := readAddr(s.name)
	if err != nil {
		return err
	}
	return addTo(m.remote.names, addr, s, readList("name", readText))
}

func (m *Machine) addForward(s section) error {
	return addTo(m.remote.forward, strings.ToLower(s.name.text), s, readList("address", readAddr))
}

func readAddr(t token) (string, error) {
	a, err := netip.ParseAddr(t.text)
	if err != nil || a.String() != t.text {
		return "", t.fail("this is not an address", "write 10.0.0.5 or fd00::5, in its shortest form")
	}
	return t.text, nil
}

// addPort reads a section about a port. Only there can stand !refused and
// !unreachable.
func addPort[T any](to map[string]answer[T], s section, read func(section) (T, error)) error {
	addr, err := netip.ParseAddrPort(s.name.text)
	if err != nil {
		return s.name.fail("this is not a port of an address", "write 10.0.0.5:3389 or [fd00::5]:3389")
	}
	switch s.bang.text {
	case "!refused":
		to[addr.String()] = answer[T]{err: host.ErrRefused}
		return nil
	case "!unreachable":
		to[addr.String()] = answer[T]{err: host.ErrUnreachable}
		return nil
	}
	return addTo(to, addr.String(), s, read)
}

func (m *Machine) addTCP(s section) error {
	return addPort(m.remote.tcp, s, func(s section) (*server, error) {
		certificate, dialogue := s.take("tls", "subject", "issuer", "name", "valid", "sha1", "bits", "chain")
		v := &server{tls: answer[host.TLS]{err: host.ErrUnsupported}}
		for _, l := range dialogue.lines {
			said, err := readSays(l)
			if err != nil {
				return nil, err
			}
			v.says = append(v.says, said)
		}
		if len(certificate.lines) == 0 {
			return v, nil
		}
		if l := certificate.lines[0]; len(certificate.lines) == 1 && l.name.text == "tls" {
			if a, ok, err := instead[host.TLS](l.value); ok {
				v.tls = a
				return v, err
			}
			if l.value.text == "closed" {
				v.tls.err = io.EOF
				return v, nil
			}
		}
		var err error
		v.tls.err = nil
		v.tls.value, err = m.readTLS(certificate)
		return v, err
	})
}

// readSays reads "BYTES = BYTES closed|stall|endless".
func readSays(l line) (says, error) {
	asked, err := readHex(l.name)
	if err != nil {
		return says{}, l.name.fail("this is neither a name of this section nor bytes", "write the bytes that are awaited = the bytes that are sent")
	}
	s := says{to: fmt.Sprintf("%x", asked), end: host.ErrTimeout}
	sent := l.value
	if i := strings.LastIndexAny(sent.text, " \t") + 1; sent.text != "" {
		end := sent
		end.text, end.col = sent.text[i:], sent.col+i
		switch end.text {
		case "closed":
			s.end = io.EOF
		case "endless":
			s.endless = true
		case "stall":
		default:
			i = len(sent.text)
		}
		sent.text = sent.text[:i]
	}
	s.reply, err = readHex(sent)
	if s.endless && len(s.reply) == 0 {
		err = errors.Join(err, sent.fail("nothing for ever is a stall", "write the bytes that repeat"))
	}
	return s, err
}

func (m *Machine) readTLS(s section) (v host.TLS, err error) {
	v.NotBefore, v.NotAfter, v.KeyBits = m.now.Add(-24*time.Hour), m.now.Add(180*24*time.Hour), 2048
	err = s.each("tls subject issuer", "name", map[string]func(token) error{
		"tls": into(&v.Version, func(t token) (uint16, error) {
			return oneOf(t, map[string]uint16{"1.0": 0x301, "1.1": 0x302, "1.2": 0x303, "1.3": 0x304})
		}),
		"subject": into(&v.Subject, readText),
		"issuer":  into(&v.Issuer, readText),
		"name":    appendTo(&v.Names, readText),
		"valid": func(t token) error {
			from, to := t.cut()
			if v.NotBefore, err = m.readTime(from); err != nil {
				return err
			}
			v.NotAfter, err = m.readTime(to)
			return err
		},
		"sha1": func(t token) error {
			b, err := readHex(t)
			if err == nil && copy(v.SHA1[:], b) != len(b) || len(b) != len(v.SHA1) {
				return t.fail("this is not a SHA-1 hash", "20 bytes")
			}
			return err
		},
		"bits": func(t token) error {
			n, err := number(t, 16)
			v.KeyBits = int(n)
			return err
		},
		"chain": into(&v.ChainStatus, readMask),
	})
	return v, err
}

func (m *Machine) addUDP(s section) error {
	return addPort(m.remote.udp, s, func(s section) (*replies, error) {
		v := &replies{}
		err := s.each("reply", "reply", map[string]func(token) error{
			"delay": into(&v.delay, readDuration),
			"reply": appendTo(&v.left, func(t token) (answer[reply], error) { return orInstead(t, m.readReply) }),
		})
		return v, err
	})
}

// readReply reads bytes, with {FROM:TO} for those of the packet that is
// answered and {DURATION} for a time in the format of NTP, from the clock's.
func (m *Machine) readReply(t token) (reply, error) {
	var parts []reply
	for rest := t; rest.text != ""; {
		plain, _, _ := strings.Cut(rest.text, "{")
		literal := rest
		literal.text = plain
		b, err := readHex(literal)
		if err != nil {
			return nil, err
		}
		parts = append(parts, func([]byte) []byte { return b })
		rest.text, rest.col = rest.text[len(plain):], rest.col+len(plain)
		if rest.text == "" {
			break
		}
		inside, _, ok := strings.Cut(rest.text[1:], "}")
		if !ok {
			return nil, rest.fail("this brace has no end", "write }")
		}
		place := rest
		place.text, place.col = inside, rest.col+1
		part, err := m.readPlace(place)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		rest.text, rest.col = rest.text[len(inside)+2:], rest.col+len(inside)+2
	}
	return func(packet []byte) []byte {
		var all []byte
		for _, p := range parts {
			all = append(all, p(packet)...)
		}
		return all
	}, nil
}

func (m *Machine) readPlace(t token) (reply, error) {
	if first, last, ok := strings.Cut(t.text, ":"); ok {
		from, to := t, t
		from.text, to.text, to.col = first, last, t.col+len(first)+1
		a, err := number(from, 8)
		if err != nil {
			return nil, err
		}
		b, err := number(to, 8)
		if err == nil && a > b {
			err = t.fail("these bytes end before they start", "write {40:48}")
		}
		return func(packet []byte) []byte {
			return packet[min(int(a), len(packet)):min(int(b), len(packet))]
		}, err
	}
	after, err := readDuration(t)
	if err != nil {
		return nil, err
	}
	when := m.now.Add(after)
	const since1900 = 2208988800
	stamp := uint64(when.Unix()+since1900)<<32 | uint64(when.Nanosecond())<<32/uint64(time.Second)
	return func([]byte) []byte { return binary.BigEndian.AppendUint64(nil, stamp) }, nil
}
