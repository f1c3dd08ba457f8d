package host

import (
	"math"
	"testing"
	"time"
)

func TestScalarText(t *testing.T) {
	for _, c := range []struct {
		vt   uint16
		raw  uint64
		cim  uint32
		want string // "" if it is no text
	}{
		{vtBool, 0xffff, 11, "true"},
		{vtBool, 0, 11, "false"},
		{vtBool, 0xdead_0000, 11, "false"}, // the rest of the eight bytes is not part of it
		{vtI2, 0xffff, 2, "-1"},
		{vtI4, 0x1_ffff_ffff, 3, "-1"},
		{vtI4, 0xffff_ffff, cimUint32, "4294967295"},
		{vtI4, 0xffff, cimUint16, "65535"},
		{vtUI1, 0x1ff, 17, "255"},
		{vtI1, 0xff, 16, "-1"},
		{vtUI2, 0xffff, 18, "65535"},
		{vtUI4, 0xffff_ffff, 19, "4294967295"},
		{vtI8, math.MaxUint64, 20, "-1"},
		{vtUI8, math.MaxUint64, 21, "18446744073709551615"},
		{vtR4, uint64(math.Float32bits(0.1)), 4, "0.1"},
		{vtR8, math.Float64bits(-1.5), 5, "-1.5"},
		{0, 1, 0, ""},
		{1, 1, 0, ""},
		{vtDispatch, 1, 0, ""},
	} {
		if got, ok := scalarText(c.vt, c.raw, c.cim); got != c.want || ok != (c.want != "") {
			t.Errorf("type %d, %#x, CIM type %d: %q, %v; want %q", c.vt, c.raw, c.cim, got, ok, c.want)
		}
	}
}

func FuzzScalarText(f *testing.F) {
	f.Add(uint16(vtI4), uint64(math.MaxUint32), uint32(cimUint32))
	f.Fuzz(func(t *testing.T, vt uint16, raw uint64, cim uint32) {
		if text, ok := scalarText(vt, raw, cim); ok != (text != "") || ok && variantSize(vt) == 0 {
			t.Errorf("%q, %v, %d bytes", text, ok, variantSize(vt))
		}
	})
}

func TestOLETime(t *testing.T) {
	for date, want := range map[float64]time.Time{
		25569:           time.Unix(0, 0).UTC(),
		46347.375:       time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
		46347.375011574: time.Date(2026, 11, 21, 9, 0, 1, 0, time.UTC),
	} {
		if got, ok := oleTime(date); !ok || !got.Equal(want) {
			t.Errorf("%v: %v, %v; want %v", date, got, ok, want)
		}
	}
	for _, date := range []float64{0, -1, math.NaN(), math.Inf(1), 1e300} {
		if got, ok := oleTime(date); ok {
			t.Errorf("%v: %v", date, got)
		}
	}
}

func TestFileTime(t *testing.T) {
	for ticks, want := range map[uint64]time.Time{
		0:                   time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC),
		116444736000000001:  time.Unix(0, 100).UTC(),
		2650467743990000000: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	} {
		if got := fileTime(ticks); !got.Equal(want) {
			t.Errorf("%d: %v, want %v", ticks, got, want)
		}
	}
}

func TestWMIName(t *testing.T) {
	for name, want := range map[string]bool{
		"Win32_OperatingSystem": true, "cimv2": true, "": false, "a b": false, "a'": false, "クラス": false, "a.b": false, "@": false, "[": false, "\u212a": false,
	} {
		if wmiName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
