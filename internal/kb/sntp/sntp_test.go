package sntp_test

import (
	"bytes"
	"encoding/binary"
	"testing"
	"time"

	"kbgen/internal/kb/sntp"
)

const nonce = 0x0123456789abcdef

var left = time.Date(2026, 1, 2, 3, 4, 5, 600_000_000, time.UTC)

// seconds since 1900, with 32 bits of fraction
func stamp(t time.Time) uint64 {
	return uint64(t.Unix()+2208988800)<<32 | uint64(float64(t.Nanosecond())/1e9*(1<<32))
}

// answer is what a server says whose clock is ahead by that much, if a packet
// takes 20 ms and the server 10.
func answer(ahead time.Duration, change func(p []byte)) []byte {
	p := make([]byte, sntp.Size)
	p[0], p[1] = 0x24, 2
	binary.BigEndian.PutUint64(p[24:], nonce)
	binary.BigEndian.PutUint64(p[32:], stamp(left.Add(ahead+20*time.Millisecond)))
	binary.BigEndian.PutUint64(p[40:], stamp(left.Add(ahead+30*time.Millisecond)))
	if change != nil {
		change(p)
	}
	return p
}

var came = left.Add(50 * time.Millisecond)

func TestRequest(t *testing.T) {
	p := sntp.Request(nonce)
	want := make([]byte, 48)
	want[0] = 0x23
	binary.BigEndian.PutUint64(want[40:], nonce)
	if !bytes.Equal(p, want) {
		t.Errorf("% x", p)
	}
}

func TestOffset(t *testing.T) {
	for _, want := range []time.Duration{0, time.Second, -time.Second, 10 * time.Minute, -301500 * time.Millisecond, 20 * 365 * 24 * time.Hour, -60 * 365 * 24 * time.Hour} {
		got, err := sntp.Offset(answer(want, nil), nonce, left, came)
		if d := got - want; err != nil || d > time.Microsecond || d < -time.Microsecond {
			t.Errorf("%v, %v; want %v", got, err, want)
		}
	}
	// Version 3, and extension fields behind the packet.
	longer := append(answer(time.Hour, func(p []byte) { p[0] = 0x1c }), make([]byte, 20)...)
	if got, err := sntp.Offset(longer, nonce, left, came); err != nil || got.Round(time.Millisecond) != time.Hour {
		t.Errorf("longer: %v, %v", got, err)
	}
}

func TestEraEnds(t *testing.T) {
	left := time.Date(2036, 2, 7, 6, 28, 15, 0, time.UTC) // a second before
	p := answer(0, func(p []byte) {
		binary.BigEndian.PutUint64(p[32:], 1<<32) // a second after
		binary.BigEndian.PutUint64(p[40:], 1<<32)
	})
	if got, err := sntp.Offset(p, nonce, left, left); err != nil || got != 2*time.Second {
		t.Errorf("%v, %v", got, err)
	}
}

func TestRefused(t *testing.T) {
	kiss := func(code string) func([]byte) {
		return func(p []byte) { p[1] = 0; copy(p[12:], code) }
	}
	for name, c := range map[string]struct {
		packet []byte
		want   error
	}{
		"nothing":              {nil, sntp.ErrFormat},
		"short":                {answer(0, nil)[:47], sntp.ErrFormat},
		"our own question":     {sntp.Request(nonce), sntp.ErrFormat},
		"broadcast":            {answer(0, func(p []byte) { p[0] = 0x25 }), sntp.ErrFormat},
		"version 0":            {answer(0, func(p []byte) { p[0] = 0x04 }), sntp.ErrFormat},
		"wrong originate":      {answer(0, func(p []byte) { p[24]++ }), sntp.ErrOtherQuestion},
		"no receive time":      {answer(0, func(p []byte) { clear(p[32:40]) }), sntp.ErrFormat},
		"no transmit time":     {answer(0, func(p []byte) { clear(p[40:48]) }), sntp.ErrFormat},
		"clock not set":        {answer(0, func(p []byte) { p[0] = 0xe4 }), sntp.ErrUnsynchronized},
		"stratum 16":           {answer(0, func(p []byte) { p[1] = 16 }), sntp.ErrUnsynchronized},
		"kiss":                 {answer(0, kiss("RATE")), sntp.Kiss("RATE")},
		"kiss of no letters":   {answer(0, kiss("\x1b[2J")), sntp.Kiss("?")},
		"kiss to another":      {answer(0, func(p []byte) { kiss("DENY")(p); p[24]++ }), sntp.ErrOtherQuestion},
		"kiss from a set unit": {answer(0, func(p []byte) { kiss("DENY")(p); p[0] = 0xe4 }), sntp.Kiss("DENY")},
	} {
		if got, err := sntp.Offset(c.packet, nonce, left, came); err != c.want || got != 0 {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
	if _, err := sntp.Offset(answer(0, nil), nonce, came, left); err != sntp.ErrFormat {
		t.Errorf("an answer from before the question: %v", err)
	}
}

func FuzzOffset(f *testing.F) {
	f.Add(answer(0, nil))
	f.Add(answer(time.Hour, func(p []byte) { p[1] = 0; copy(p[12:], "RATE") }))
	f.Add(bytes.Repeat([]byte{0xff}, 48))
	f.Fuzz(func(t *testing.T, p []byte) {
		d, err := sntp.Offset(p, nonce, left, came)
		if err != nil && d != 0 {
			t.Fatalf("%v with %v", d, err)
		}
		if years := d.Hours() / 24 / 365.25; years > 69 || years < -69 {
			t.Fatalf("%v is further than an era", d)
		}
	})
}
