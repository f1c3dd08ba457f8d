package host

import (
	"encoding/binary"
	"time"
	"unicode/utf16"
)

// DecodeValue makes a [Value] of the bytes that the registry holds for it.
//
// Anything may have written those bytes, so nothing is taken for granted: a
// string may lack its terminating NUL, have an odd number of bytes or hold
// half a surrogate pair (shown as U+FFFD), and ends at its first NUL. A number
// whose data has the wrong length is no number: it keeps its Type, and its
// bytes are in Data.
func DecodeValue(t ValueType, data []byte) Value {
	v := Value{Type: t}
	switch {
	case t == RegString || t == RegExpand:
		v.Text = untilNUL(data)
	case t == RegMultiStr:
		v.Strings = multiStrings(data)
	case t == RegDWord && len(data) == 4:
		v.Number = uint64(binary.LittleEndian.Uint32(data))
	case t == RegQWord && len(data) == 8:
		v.Number = binary.LittleEndian.Uint64(data)
	default:
		v.Data = append([]byte{}, data...)
	}
	return v
}

// units are the whole UTF-16 units of data.
func units(data []byte) []uint16 {
	u := make([]uint16, len(data)/2)
	for i := range u {
		u[i] = binary.LittleEndian.Uint16(data[2*i:])
	}
	return u
}

func untilNUL(data []byte) string {
	u := units(data)
	for i, c := range u {
		if c == 0 {
			u = u[:i]
			break
		}
	}
	return string(utf16.Decode(u))
}

// multiStrings splits a REG_MULTI_SZ, which an empty string ends.
func multiStrings(data []byte) []string {
	var all []string
	u := units(data)
	for len(u) > 0 && u[0] != 0 {
		end := 0
		for end < len(u) && u[end] != 0 {
			end++
		}
		all = append(all, string(utf16.Decode(u[:end])))
		u = u[min(end+1, len(u)):]
	}
	return all
}

// fileTime is the time that a FILETIME stands for: 100 ns since 1601 in UTC.
// Unlike Filetime.Nanoseconds of x/sys it does not overflow after 2262, as a
// certificate may.
func fileTime(ticks uint64) time.Time {
	const second, to1970 = 10_000_000, 11644473600
	return time.Unix(int64(ticks/second)-to1970, int64(ticks%second)*100).UTC()
}
