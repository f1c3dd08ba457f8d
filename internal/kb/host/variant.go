package host

import (
	"math"
	"strconv"
	"time"
)

// Types of a VARIANT, wtypes.h.
const (
	vtI2       = 2
	vtI4       = 3
	vtR4       = 4
	vtR8       = 5
	vtDate     = 7
	vtString   = 8
	vtDispatch = 9
	vtBool     = 11
	vtI1       = 16
	vtUI1      = 17
	vtUI2      = 18
	vtUI4      = 19
	vtI8       = 20
	vtUI8      = 21
	vtArray    = 0x2000
)

// Types of a WMI property, CIMTYPE_ENUMERATION of wbemcli.h.
const (
	cimUint16 = 18
	cimUint32 = 19
)

// scalarText renders a VARIANT that holds no pointer; raw is its first eight
// bytes of data. WMI hands out unsigned numbers as signed ones: cim tells. ok is
// false for types that WMI does not use.
func scalarText(vt uint16, raw uint64, cim uint32) (text string, ok bool) {
	var n int64
	switch vt {
	case vtBool:
		return strconv.FormatBool(uint16(raw) != 0), true
	case vtR4:
		return strconv.FormatFloat(float64(math.Float32frombits(uint32(raw))), 'g', -1, 32), true
	case vtR8:
		return strconv.FormatFloat(math.Float64frombits(raw), 'g', -1, 64), true
	case vtUI8:
		return strconv.FormatUint(raw, 10), true
	case vtI1:
		n = int64(int8(raw))
	case vtUI1:
		n = int64(uint8(raw))
	case vtI2:
		n = int64(int16(raw))
	case vtUI2:
		n = int64(uint16(raw))
	case vtI4:
		n = int64(int32(raw))
	case vtUI4:
		n = int64(uint32(raw))
	case vtI8:
		n = int64(raw)
	default:
		return "", false
	}
	switch cim {
	case cimUint16:
		n = int64(uint16(n))
	case cimUint32:
		n = int64(uint32(n))
	}
	return strconv.FormatInt(n, 10), true
}

// variantSize is the size in bytes of a type of scalarText in an array, or 0.
func variantSize(vt uint16) uint32 {
	switch vt {
	case vtI1, vtUI1:
		return 1
	case vtI2, vtUI2, vtBool:
		return 2
	case vtI4, vtUI4, vtR4:
		return 4
	case vtI8, vtUI8, vtR8:
		return 8
	}
	return 0
}

// oleTime is the time that a DATE stands for: days since 30 December 1899. Dates
// before 1970 are none that Windows Update can mean.
func oleTime(date float64) (time.Time, bool) {
	const epoch, end = 25569, 2958466 // 1970 and 10000
	if !(date >= epoch && date < end) {
		return time.Time{}, false
	}
	seconds := math.Round((date - epoch) * 24 * 60 * 60)
	return time.Unix(int64(seconds), 0).UTC(), true
}

// wmiName reports whether s is a name of WMI, which can stand in a query.
func wmiName(s string) bool {
	for _, c := range s {
		if c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return s != ""
}
