package host

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wideBytes is s as little-endian UTF-16, for ASCII.
func wideBytes(s string) []byte { return []byte(strings.Join(strings.Split(s, ""), "\x00") + "\x00") }

func TestDecodeValue(t *testing.T) {
	for _, c := range []struct {
		name string
		kind ValueType
		data []byte
		want Value
	}{
		{"string", RegString, wideBytes("ab\x00"), Value{Type: RegString, Text: "ab"}},
		{"string without NUL", RegString, wideBytes("ab"), Value{Type: RegString, Text: "ab"}},
		{"string of odd length", RegString, append(wideBytes("ab"), 'c'), Value{Type: RegString, Text: "ab"}},
		{"string with data after NUL", RegString, wideBytes("ab\x00cd"), Value{Type: RegString, Text: "ab"}},
		{"empty string", RegString, nil, Value{Type: RegString}},
		{"Japanese", RegExpand, []byte{0xe5, 0x65, 0x2c, 0x67, 0, 0}, Value{Type: RegExpand, Text: "日本"}},
		{"surrogate pair", RegString, []byte{0x42, 0xd8, 0xb7, 0xdf}, Value{Type: RegString, Text: "𠮷"}},
		{"half a surrogate pair", RegString, []byte{0x42, 0xd8, 'a', 0}, Value{Type: RegString, Text: "\ufffda"}},
		{"strings", RegMultiStr, wideBytes("a\x00bc\x00\x00"), Value{Type: RegMultiStr, Strings: []string{"a", "bc"}}},
		{"strings without NUL", RegMultiStr, wideBytes("a\x00bc"), Value{Type: RegMultiStr, Strings: []string{"a", "bc"}}},
		{"strings end at the empty one", RegMultiStr, wideBytes("a\x00\x00b\x00\x00"), Value{Type: RegMultiStr, Strings: []string{"a"}}},
		{"no strings", RegMultiStr, wideBytes("\x00"), Value{Type: RegMultiStr}},
		{"number", RegDWord, []byte{1, 2, 0, 0}, Value{Type: RegDWord, Number: 0x201}},
		{"short number", RegDWord, []byte{2, 0}, Value{Type: RegDWord, Data: []byte{2, 0}}},
		{"long number", RegDWord, []byte{2, 0, 0, 0, 0, 0, 0, 0}, Value{Type: RegDWord, Data: []byte{2, 0, 0, 0, 0, 0, 0, 0}}},
		{"no number", RegDWord, nil, Value{Type: RegDWord, Data: []byte{}}},
		{"64-bit number", RegQWord, []byte{0, 0, 0, 0, 1, 0, 0, 0}, Value{Type: RegQWord, Number: 1 << 32}},
		{"short 64-bit number", RegQWord, []byte{1, 0, 0, 0}, Value{Type: RegQWord, Data: []byte{1, 0, 0, 0}}},
		{"bytes", RegBinary, []byte{1}, Value{Type: RegBinary, Data: []byte{1}}},
		{"big-endian number", 5, []byte{0, 0, 0, 2}, Value{Type: 5, Data: []byte{0, 0, 0, 2}}},
	} {
		if diff := cmp.Diff(c.want, DecodeValue(c.kind, c.data)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestDWordIsFourBytes(t *testing.T) {
	for data, want := range map[string]bool{"": false, "\x02": false, "\x02\x00\x00\x00": true, "\x02\x00\x00\x00\x00": false} {
		v := DecodeValue(RegDWord, []byte(data))
		if n, ok := v.DWord(); ok != want || want && n != 2 {
			t.Errorf("%d bytes: %d, %v", len(data), n, ok)
		}
	}
	if _, ok := DecodeValue(RegQWord, make([]byte, 8)).DWord(); ok {
		t.Error("a REG_QWORD passes as REG_DWORD")
	}
}

func TestValueString(t *testing.T) {
	for want, v := range map[string]Value{
		"7":               {Type: RegDWord, Number: 7},
		"02 00":           {Type: RegDWord, Data: []byte{2, 0}},
		`""`:              {Type: RegBinary, Data: []byte{}},
		"a, b":            {Type: RegMultiStr, Strings: []string{"a", "b"}},
		"%SystemRoot%\\x": {Type: RegExpand, Text: `%SystemRoot%\x`},
		"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 … (40 bytes)": {Type: RegBinary, Data: make([]byte, 40)},
	} {
		if got := v.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func FuzzDecodeValue(f *testing.F) {
	f.Add(uint32(RegMultiStr), wideBytes("a\x00b"))
	f.Fuzz(func(t *testing.T, kind uint32, data []byte) {
		v := DecodeValue(ValueType(kind), data)
		if strings.ContainsRune(v.Text+strings.Join(v.Strings, ""), 0) {
			t.Error("a NUL in the text")
		}
		if n, ok := v.DWord(); ok && (len(data) != 4 || uint64(n) != v.Number) {
			t.Error("a number of the wrong length")
		}
	})
}
