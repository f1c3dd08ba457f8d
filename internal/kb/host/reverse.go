package host

import (
	"strconv"
	"strings"
)

// reverseName is the name that an address of 4 or 16 bytes has its PTR record
// under.
func reverseName(addr []byte) string {
	const digits = "0123456789abcdef"
	var s strings.Builder
	for i := len(addr) - 1; i >= 0; i-- {
		if len(addr) == 4 {
			s.WriteString(strconv.Itoa(int(addr[i])) + ".")
		} else {
			s.Write([]byte{digits[addr[i]&15], '.', digits[addr[i]>>4], '.'})
		}
	}
	if len(addr) == 4 {
		return s.String() + "in-addr.arpa"
	}
	return s.String() + "ip6.arpa"
}
