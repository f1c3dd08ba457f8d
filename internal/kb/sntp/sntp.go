// Package sntp asks a time server how far a clock is off, with the packets of
// RFC 4330 (a subset of NTP, RFC 5905). It makes and reads packets; sending them
// is its caller's affair.
package sntp

import (
	"encoding/binary"
	"errors"
	"time"
)

// Size is the length of a packet in bytes, without the extensions that may
// follow it.
const Size = 48

// Offsets in a packet.
const (
	stratum   = 1
	kissCode  = 12
	originate = 24
	received  = 32
	sent      = 40
)

const (
	version    = 4
	modeClient = 3
	modeServer = 4
	leapAlarm  = 3 // the server's own clock is not set
)

// Request is a question. nonce stands where a client's clock would: any number
// that is not 0 and that nobody can guess; the answer must repeat it.
func Request(nonce uint64) []byte {
	p := make([]byte, Size)
	p[0] = version<<3 | modeClient
	binary.BigEndian.PutUint64(p[sent:], nonce)
	return p
}

// The answers that tell no time.
var (
	ErrFormat         = errors.New("not an answer of a time server")
	ErrOtherQuestion  = errors.New("an answer to another question")
	ErrUnsynchronized = errors.New("the server's clock is not set")
)

// Kiss is a Kiss-o'-Death: the server will not answer, and this code says why,
// such as RATE or DENY. Codes are four letters; what is none reads as "?".
type Kiss string

func (k Kiss) Error() string { return "kiss code " + string(k) }

// Offset reads an answer and returns how far the server's clock is ahead of
// the one that told when the question left and the answer came. It is right
// if both took as long. Errors: those above, and Kiss.
func Offset(packet []byte, nonce uint64, left, came time.Time) (time.Duration, error) {
	if len(packet) < Size || packet[0]&7 != modeServer || packet[0]>>3&7 == 0 || came.Before(left) {
		return 0, ErrFormat
	}
	if binary.BigEndian.Uint64(packet[originate:]) != nonce {
		return 0, ErrOtherQuestion
	}
	if packet[stratum] == 0 {
		return 0, kiss(packet[kissCode : kissCode+4])
	}
	in, out := binary.BigEndian.Uint64(packet[received:]), binary.BigEndian.Uint64(packet[sent:])
	switch {
	case packet[0]>>6 == leapAlarm || packet[stratum] > 15:
		return 0, ErrUnsynchronized
	case in == 0 || out == 0:
		return 0, ErrFormat
	}
	// Differences modulo 2^64 are right across the end of an era in 2036, as
	// long as the clocks are less than 68 years apart. Halving comes first so
	// that the sum fits.
	return between(timestamp(left), in)/2 + between(timestamp(came), out)/2, nil
}

func kiss(code []byte) Kiss {
	for _, c := range code {
		if c < 'A' || c > 'Z' {
			return "?"
		}
	}
	return Kiss(code)
}

// unixEpoch is 1970 in seconds since 1900.
const unixEpoch = 2208988800

// timestamp is t as seconds since 1900 with 32 bits of fraction.
func timestamp(t time.Time) uint64 {
	seconds := uint64(t.Unix() + unixEpoch)
	return seconds<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}

// between is the time from one timestamp to another.
func between(from, to uint64) time.Duration {
	d := int64(to - from)
	seconds, fraction := d>>32, d&0xffffffff
	return time.Duration(seconds)*time.Second + time.Duration(fraction*int64(time.Second)>>32)
}
