package host

import (
	"errors"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Errors of the resolver that mean that there is no such name or record.
const (
	wsaHostNotFound = 11001
	wsaNoData       = 11004
	dnsNameError    = 9003 // DNS_ERROR_RCODE_NAME_ERROR
	dnsNoRecords    = 9501 // DNS_INFO_NO_RECORDS
	dnsErrorTimeout = 1460 // ERROR_TIMEOUT
)

func resolverError(call string, err error) error {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		switch errno {
		case wsaHostNotFound, wsaNoData, dnsNameError, dnsNoRecords:
			return ErrAbsent
		case dnsErrorTimeout:
			return ErrTimeout
		}
		return &CallError{Call: call, Code: uint32(errno)}
	}
	return failed(call, err)
}

// addrInfo is an ADDRINFOW whose address is a pointer.
type addrInfo struct {
	flags, family, kind, protocol int32
	length                        uintptr
	name                          *uint16
	addr                          *windows.RawSockaddrAny
	next                          *addrInfo
}

// ipAddr is an address that the resolver returned.
type ipAddr struct {
	text  string
	bytes []byte // 4 or 16
	zone  uint32
}

func texts(addrs []ipAddr) (all []string) {
	for _, a := range addrs {
		all = append(all, a.text)
	}
	return all
}

func (a ipAddr) at(port uint16) endpoint {
	if len(a.bytes) == 4 {
		return endpoint{&windows.SockaddrInet4{Port: int(port), Addr: [4]byte(a.bytes)}, windows.AF_INET}
	}
	return endpoint{&windows.SockaddrInet6{Port: int(port), ZoneId: a.zone, Addr: [16]byte(a.bytes)}, windows.AF_INET6}
}

// resolve asks the system's resolver, with all the ways it has.
func (r *remote) resolve(name string) ([]ipAddr, error) {
	const call = "GetAddrInfoW"
	node, err := wide(call, name)
	if err != nil {
		return nil, err
	}
	if err := startWinsock(); err != nil {
		return nil, err
	}
	defer windows.WSACleanup()
	hints := &windows.AddrinfoW{Family: windows.AF_UNSPEC, Socktype: windows.SOCK_STREAM, Protocol: windows.IPPROTO_TCP}
	var result *windows.AddrinfoW
	if err := windows.GetAddrInfoW(node, nil, hints, &result); err != nil {
		return nil, resolverError(call, err)
	}
	defer windows.FreeAddrInfoW(result)
	var addrs []ipAddr
	for i := (*addrInfo)(unsafe.Pointer(result)); i != nil && len(addrs) < MaxAddresses; i = i.next {
		if a := address(i); a.bytes != nil {
			if a.text, err = r.ntop(a); err != nil {
				return nil, err
			}
			addrs = append(addrs, a)
		}
	}
	if addrs == nil {
		return nil, ErrAbsent
	}
	return addrs, nil
}

func address(i *addrInfo) (a ipAddr) {
	switch {
	case i.addr == nil:
	case i.family == windows.AF_INET && i.length >= unsafe.Sizeof(windows.RawSockaddrInet4{}):
		raw := (*windows.RawSockaddrInet4)(unsafe.Pointer(i.addr)).Addr
		a.bytes = raw[:]
	case i.family == windows.AF_INET6 && i.length >= unsafe.Sizeof(windows.RawSockaddrInet6{}):
		raw := *(*windows.RawSockaddrInet6)(unsafe.Pointer(i.addr))
		a.bytes, a.zone = raw.Addr[:], raw.Scope_id
	}
	return a
}

// Options of DnsQuery, windns.h. Together: DNS alone.
const (
	dnsNoHostsFile = 0x40
	dnsNoNetBIOS   = 0x80
	dnsNoMulticast = 0x800
)

// inDNS returns some text for every address of a name in DNS.
func inDNS(name string) (found []string, err error) {
	for _, kind := range []uint16{windows.DNS_TYPE_A, windows.DNS_TYPE_AAAA} {
		found, err = query(name, kind, dnsNoHostsFile|dnsNoNetBIOS|dnsNoMulticast)
		if err != ErrAbsent {
			break
		}
	}
	return found, err
}

func namesOf(addr []byte) ([]string, error) { return query(reverseName(addr), windows.DNS_TYPE_PTR, 0) }

// query returns the names in the records of a type, "" for one that has no
// name. If there is no record it is ErrAbsent.
func query(name string, kind uint16, options uint32) (found []string, err error) {
	const call = "DnsQuery_W"
	if _, err := wide(call, name); err != nil {
		return nil, err
	}
	var records *windows.DNSRecord
	if err := windows.DnsQuery(name, kind, options, nil, &records, nil); err != nil {
		return nil, resolverError(call, err)
	}
	const freeRecordList = 1
	defer windows.DnsRecordListFree(records, freeRecordList)
	const most = 256
	for r, n := records, 0; r != nil && n < most && len(found) < MaxAddresses; r, n = r.Next, n+1 {
		if r.Type != kind {
			continue
		}
		text := ""
		if kind == windows.DNS_TYPE_PTR {
			host := *(**uint16)(unsafe.Pointer(&r.Data)) // DNS_PTR_DATA
			text = strings.TrimSuffix(windows.UTF16PtrToString(host), ".")
		}
		found = append(found, text)
	}
	if found == nil {
		return nil, ErrAbsent
	}
	return found, nil
}

// ntop is how an address is written.
func (r *remote) ntop(a ipAddr) (string, error) {
	s, err := inetNtop(r.inetNtop, a.bytes)
	if a.zone != 0 {
		s += "%" + strconv.FormatUint(uint64(a.zone), 10)
	}
	return s, err
}

func inetNtop(p *windows.LazyProc, addr []byte) (string, error) {
	family := uintptr(windows.AF_INET)
	if len(addr) == 16 {
		family = windows.AF_INET6
	}
	buf := make([]uint16, 46) // INET6_ADDRSTRLEN
	if err := call(p, family, uintptr(unsafe.Pointer(&addr[0])), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf))); err != nil {
		return "", failed("InetNtopW", err)
	}
	return windows.UTF16ToString(buf), nil
}
