package rdp_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"kbgen/internal/kb/rdp"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRequest(t *testing.T) {
	for offer, want := range map[rdp.Protocols]string{
		rdp.Standard:                 "03 00 00 13 0e e0 00 00 00 00 00 01 00 08 00 00 00 00 00",
		rdp.TLS:                      "03 00 00 13 0e e0 00 00 00 00 00 01 00 08 00 01 00 00 00",
		rdp.TLS | rdp.CredSSP | 0x08: "03 00 00 13 0e e0 00 00 00 00 00 01 00 08 00 0b 00 00 00",
	} {
		if got := rdp.Request(offer); !bytes.Equal(got, unhex(t, want)) {
			t.Errorf("%v: % x, want %s", offer, got, want)
		}
	}
}

func TestCredSSPRequest(t *testing.T) {
	want := unhex(t, "3037a003020106a130302e302ca02a0428"+
		"4e544c4d5353500001000000b78208e2"+
		"000000000000000000000000000000000a0063450000000f")
	if got := rdp.CredSSPRequest(); !bytes.Equal(got, want) || len(got) != 57 {
		t.Errorf("% x (%d bytes)", got, len(got))
	}
}

var replies = []struct {
	name, bytes string
	want        rdp.Reply
	err         error // ErrClosed, a *Malformed without its bytes, or nil
}{
	{"example of the specification", "030000130ed000001234000200080000000000", rdp.Reply{}, nil},
	{"NLA", "030000130ed00000123400021f080002000000", rdp.Reply{Selected: rdp.CredSSP, Flags: 0x1f}, nil},
	{"NLA with early authorization", "030000130ed000001234000200080008000000", rdp.Reply{Selected: rdp.CredSSPEx}, nil},
	{"a protocol of the future", "030000130ed000001234000200080000000080", rdp.Reply{Selected: 0x80000000}, nil},
	{"NLA required", "030000130ed000001234000300080005000000", rdp.Reply{Failure: rdp.HybridRequired}, nil},
	{"a failure of the future", "030000130ed0000012340003000800ffffff00", rdp.Reply{Failure: 0xffffff}, nil},
	{"legacy", "0300000b06d00000123400", rdp.Reply{Legacy: true}, nil},
	{"more than the answer is not read", "0300000b06d00000123400ffff", rdp.Reply{Legacy: true}, nil},
	{"nothing", "", rdp.Reply{}, rdp.ErrClosed},
	{"a banner", "5353482d322e302d4f70656e5353480d0a", rdp.Reply{}, &rdp.Malformed{}},
	{"TPKT of another version", "0400000b06d00000123400", rdp.Reply{}, &rdp.Malformed{}},
	{"reserved byte", "0301000b06d00000123400", rdp.Reply{}, &rdp.Malformed{}},
	{"one byte", "03", rdp.Reply{}, &rdp.Malformed{}},
	{"half", "030000130ed00000", rdp.Reply{}, &rdp.Malformed{}},
	{"huge length", "0300ffff0ed000001234000200080000000000", rdp.Reply{}, &rdp.Malformed{}},
	{"length of the header alone", "03000004", rdp.Reply{}, &rdp.Malformed{}},
	{"length 0", "03000000", rdp.Reply{}, &rdp.Malformed{}},
	{"length in little-endian", "030013000ed000001234000200080000000000", rdp.Reply{}, &rdp.Malformed{}},
	{"X.224 length of the other answer", "0300001306d000001234000200080000000000", rdp.Reply{}, &rdp.Malformed{}},
	{"a disconnect request", "0300000b06800000123400", rdp.Reply{}, &rdp.Malformed{}},
	{"type of a request", "030000130ed000001234000100080000000000", rdp.Reply{}, &rdp.Malformed{}},
	{"negotiation length in big-endian", "030000130ed000001234000200000800000000", rdp.Reply{}, &rdp.Malformed{}},
	{"failure 0", "030000130ed000001234000300080000000000", rdp.Reply{}, &rdp.Malformed{}},
}

func TestReadReply(t *testing.T) {
	for _, c := range replies {
		for _, r := range []io.Reader{bytes.NewReader(unhex(t, c.bytes)), iotest.OneByteReader(bytes.NewReader(unhex(t, c.bytes)))} {
			got, err := rdp.ReadReply(r)
			if got != c.want || !sameKind(err, c.err) {
				t.Errorf("%s: %+v, %v; want %+v, %v", c.name, got, err, c.want, c.err)
			}
		}
	}
}

func sameKind(got, want error) bool {
	var g, w *rdp.Malformed
	if errors.As(want, &w) {
		return errors.As(got, &g) && len(g.Got) > 0 && len(g.Got) <= rdp.MaxReply
	}
	return errors.Is(got, want)
}

var tsRequests = []struct {
	name, bytes string
	want        rdp.CredSSPReply
	err         error
}{
	{"version 2", "3005a003020102", rdp.CredSSPReply{Version: 2}, nil},
	{"version 6 with a token", "300ea003020106a10730053003a00100", rdp.CredSSPReply{Version: 6}, nil},
	{"long form 81", "308180a003020105a179" + strings.Repeat("00", 0x79), rdp.CredSSPReply{Version: 5}, nil},
	{"long form 82", "3082010aa003020106a1820101" + strings.Repeat("00", 0x101), rdp.CredSSPReply{Version: 6}, nil},
	{"an error as Windows writes it", "300da003020106a4060204c000006d", rdp.CredSSPReply{Version: 6, Error: 0xc000006d}, nil},
	{"an error as DER wants it", "300ea003020106a407020500c000006d", rdp.CredSSPReply{Version: 6, Error: 0xc000006d}, nil},
	{"more than the answer is not read", "3005a003020106ffff", rdp.CredSSPReply{Version: 6}, nil},
	{"nothing", "", rdp.CredSSPReply{}, rdp.ErrClosed},
	{"half", "3005a003", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"empty", "3000", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"a banner", "485454502f312e31203430302042616420526571756573740d0a", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"huge length", "3084ffffffff", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"largest length of two bytes", "3082ffff", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"indefinite length", "3080a0030201060000", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"length not in its shortest form", "308105a003020106", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"no version", "3005a103020106", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"version 0", "3005a003020100", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"version 1", "3005a003020101", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"version not a number", "3005a003040106", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"version of no bytes", "3004a0020200", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"version of five bytes", "3009a00702050100000006", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"two numbers in the version", "3008a006020106020106", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"version longer than its field", "3005a003020206", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"field longer than the answer", "3005a004020106", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"version twice", "300aa003020106a003020106", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"fields out of order", "300ea003020106a400a100a000", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"a field that does not exist", "3007a003020106a600", rdp.CredSSPReply{}, &rdp.Malformed{}},
	{"a stray byte", "3006a00302010600", rdp.CredSSPReply{}, &rdp.Malformed{}},
}

func TestReadCredSSP(t *testing.T) {
	for _, c := range tsRequests {
		for _, r := range []io.Reader{bytes.NewReader(unhex(t, c.bytes)), iotest.OneByteReader(bytes.NewReader(unhex(t, c.bytes)))} {
			got, err := rdp.ReadCredSSP(r)
			if got != c.want || !sameKind(err, c.err) {
				t.Errorf("%s: %+v, %v; want %+v, %v", c.name, got, err, c.want, c.err)
			}
		}
	}
}

// endless never runs out. It counts what was taken.
type endless struct{ taken int }

func (e *endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 0x30
	}
	e.taken += len(b)
	return len(b), nil
}

func TestEndless(t *testing.T) {
	var e endless
	if _, err := rdp.ReadReply(&e); err == nil || e.taken > rdp.MaxReply {
		t.Errorf("%v after %d bytes", err, e.taken)
	}
	e.taken = 0
	if _, err := rdp.ReadCredSSP(&e); err == nil || e.taken > rdp.MaxCredSSP {
		t.Errorf("%v after %d bytes", err, e.taken)
	}
}

func TestReadersError(t *testing.T) {
	broken := errors.New("broken")
	for _, first := range []string{"", "03", "0300", "30", "3082", "300ea0"} {
		r := func() io.Reader { return io.MultiReader(bytes.NewReader(unhex(t, first)), iotest.ErrReader(broken)) }
		if _, err := rdp.ReadReply(r()); err != broken && len(first) < 8 {
			t.Errorf("reply after %q: %v", first, err)
		}
		if _, err := rdp.ReadCredSSP(r()); err != broken && (first == "" || first[0] == '3') {
			t.Errorf("CredSSP after %q: %v", first, err)
		}
	}
}

func TestNames(t *testing.T) {
	for got, want := range map[string]string{
		rdp.CredSSP.Name(): "HYBRID", rdp.Protocols(0x10).Name(): "0x10",
		rdp.HybridRequired.Name(): "HYBRID_REQUIRED_BY_SERVER", rdp.Failure(7).Name(): "0x7", rdp.Failure(1 << 31).Name(): "0x80000000",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func FuzzReadReply(f *testing.F) {
	for _, c := range replies {
		f.Add(unhex(f, c.bytes))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		reply, err := rdp.ReadReply(r)
		if taken := len(b) - r.Len(); taken > rdp.MaxReply {
			t.Fatalf("took %d bytes", taken)
		}
		check(t, b, err)
		if err == nil && reply.Failure != 0 && reply.Selected != 0 {
			t.Fatalf("both selected and failed: %+v", reply)
		}
	})
}

func FuzzReadCredSSP(f *testing.F) {
	for _, c := range tsRequests {
		f.Add(unhex(f, c.bytes))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		reply, err := rdp.ReadCredSSP(r)
		if taken := len(b) - r.Len(); taken > rdp.MaxCredSSP {
			t.Fatalf("took %d bytes", taken)
		}
		check(t, b, err)
		if err == nil && reply.Version < 2 {
			t.Fatalf("no version: %+v", reply)
		}
	})
}

// check holds an error against what was there to read.
func check(t *testing.T, b []byte, err error) {
	t.Helper()
	var m *rdp.Malformed
	switch {
	case err == nil:
	case errors.Is(err, rdp.ErrClosed):
		if len(b) > 0 {
			t.Fatal("closed, with bytes to read")
		}
	case errors.As(err, &m):
		if len(m.Got) == 0 || !bytes.HasPrefix(b, m.Got) {
			t.Fatalf("malformed % x of % x", m.Got, b)
		}
	default:
		t.Fatal(err)
	}
}
