package host

import (
	"net/netip"
	"testing"
)

func TestReverseName(t *testing.T) {
	for addr, want := range map[string]string{
		"192.0.2.5":   "5.2.0.192.in-addr.arpa",
		"0.0.0.0":     "0.0.0.0.in-addr.arpa",
		"2001:db8::a": "a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
	} {
		if got := reverseName(netip.MustParseAddr(addr).AsSlice()); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}
