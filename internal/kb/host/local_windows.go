package host

import (
	"errors"
	"strings"
	"sync"
	"syscall"

	"golang.org/x/sys/windows"
)

// Local returns the machine that this program runs on.
//
// Everything is asked with the least right that answers it: QUERY_VALUE and
// ENUMERATE_SUB_KEYS for registry keys, SC_MANAGER_CONNECT and SERVICE_QUERY_*
// for services, TOKEN_QUERY and TOKEN_DUPLICATE for the token, READ_CONTROL for
// security descriptors, FILE_READ_ATTRIBUTES or FILE_READ_DATA for files,
// QUERY_LIMITED_INFORMATION for processes, VIEW_LOCAL_INFORMATION and
// LOOKUP_NAMES for the security policy, stores of certificates opened as
// read-only. DLLs are loaded from the system folder only, and when they are
// first needed.
func Local() Host {
	advapi32 := windows.NewLazySystemDLL("advapi32.dll")
	kernel32 := windows.NewLazySystemDLL("kernel32.dll")
	netapi32 := windows.NewLazySystemDLL("netapi32.dll")
	oleaut32 := windows.NewLazySystemDLL("oleaut32.dll")
	ole32 := windows.NewLazySystemDLL("ole32.dll")
	version := windows.NewLazySystemDLL("version.dll")
	wevtapi := windows.NewLazySystemDLL("wevtapi.dll")
	return &local{
		accessCheck:              advapi32.NewProc("AccessCheck"),
		getKernelObjectSecurity:  advapi32.NewProc("GetKernelObjectSecurity"),
		regGetKeySecurity:        advapi32.NewProc("RegGetKeySecurity"),
		getUserName:              advapi32.NewProc("GetUserNameW"),
		lookupPrivilegeName:      advapi32.NewProc("LookupPrivilegeNameW"),
		getProductInfo:           kernel32.NewProc("GetProductInfo"),
		getTempPath2:             kernel32.NewProc("GetTempPath2W"),
		getFileVersionInfoSizeEx: version.NewProc("GetFileVersionInfoSizeExW"),
		getFileVersionInfoEx:     version.NewProc("GetFileVersionInfoExW"),
		wNetGetConnection:        windows.NewLazySystemDLL("mpr.dll").NewProc("WNetGetConnectionW"),

		credEnumerate: advapi32.NewProc("CredEnumerateW"),
		credFree:      advapi32.NewProc("CredFree"),

		lsaOpenPolicy:                     advapi32.NewProc("LsaOpenPolicy"),
		lsaEnumerateAccountsWithUserRight: advapi32.NewProc("LsaEnumerateAccountsWithUserRight"),
		lsaFreeMemory:                     advapi32.NewProc("LsaFreeMemory"),
		lsaClose:                          advapi32.NewProc("LsaClose"),
		netLocalGroupGetMembers:           netapi32.NewProc("NetLocalGroupGetMembers"),
		netGetAadJoinInformation:          netapi32.NewProc("NetGetAadJoinInformation"),
		netFreeAadJoinInformation:         netapi32.NewProc("NetFreeAadJoinInformation"),
		certGetCertificateContextProperty: windows.NewLazySystemDLL("crypt32.dll").NewProc("CertGetCertificateContextProperty"),
		getExtendedTCPTable:               windows.NewLazySystemDLL("iphlpapi.dll").NewProc("GetExtendedTcpTable"),
		coCreateInstance:                  ole32.NewProc("CoCreateInstance"),
		coSetProxyBlanket:                 ole32.NewProc("CoSetProxyBlanket"),
		sysAllocString:                    oleaut32.NewProc("SysAllocString"),
		sysFreeString:                     oleaut32.NewProc("SysFreeString"),
		variantClear:                      oleaut32.NewProc("VariantClear"),
		evtOpenChannelConfig:              wevtapi.NewProc("EvtOpenChannelConfig"),
		evtGetChannelConfigProperty:       wevtapi.NewProc("EvtGetChannelConfigProperty"),
		evtQuery:                          wevtapi.NewProc("EvtQuery"),
		evtNext:                           wevtapi.NewProc("EvtNext"),
		evtRender:                         wevtapi.NewProc("EvtRender"),
		evtClose:                          wevtapi.NewProc("EvtClose"),
	}
}

// local holds the functions that x/sys/windows has no wrapper for. A
// LazyProc may be used by several goroutines.
type local struct {
	environment

	// services is held while a service is asked, which takes a millisecond.
	// Wine mixes up the handles of connections that threads open at once.
	services sync.Mutex

	accessCheck              *windows.LazyProc
	getKernelObjectSecurity  *windows.LazyProc
	regGetKeySecurity        *windows.LazyProc
	getUserName              *windows.LazyProc
	lookupPrivilegeName      *windows.LazyProc
	getProductInfo           *windows.LazyProc
	getTempPath2             *windows.LazyProc
	getFileVersionInfoSizeEx *windows.LazyProc
	getFileVersionInfoEx     *windows.LazyProc
	wNetGetConnection        *windows.LazyProc

	credEnumerate *windows.LazyProc
	credFree      *windows.LazyProc

	lsaOpenPolicy                     *windows.LazyProc
	lsaEnumerateAccountsWithUserRight *windows.LazyProc
	lsaFreeMemory                     *windows.LazyProc
	lsaClose                          *windows.LazyProc
	netLocalGroupGetMembers           *windows.LazyProc
	netGetAadJoinInformation          *windows.LazyProc
	netFreeAadJoinInformation         *windows.LazyProc

	certGetCertificateContextProperty *windows.LazyProc
	getExtendedTCPTable               *windows.LazyProc

	coCreateInstance  *windows.LazyProc
	coSetProxyBlanket *windows.LazyProc
	sysAllocString    *windows.LazyProc
	sysFreeString     *windows.LazyProc
	variantClear      *windows.LazyProc

	evtOpenChannelConfig        *windows.LazyProc
	evtGetChannelConfigProperty *windows.LazyProc
	evtQuery                    *windows.LazyProc
	evtNext                     *windows.LazyProc
	evtRender                   *windows.LazyProc
	evtClose                    *windows.LazyProc
}

// failed is the Host's answer for an error of x/sys/windows or of call.
func failed(call string, err error) error {
	var errno syscall.Errno
	var status windows.NTStatus
	switch {
	case err == ErrUnsupported:
		return err
	case errors.As(err, &errno):
		if errno == syscall.EINVAL {
			// How x/sys reports a call that failed without setting an
			// error: a function that is there and does nothing.
			return ErrUnsupported
		}
		return answer(call, uint32(errno))
	case errors.As(err, &status):
		return answer(call, uint32(status))
	}
	return &CallError{Call: call, Code: errorInvalidParameter}
}

// call calls a function that returns a BOOL, after looking it up: Call panics
// if the function is missing. Pointers are converted in the argument list, so
// that the directive keeps what they point to alive.
//
//go:uintptrescapes
func call(p *windows.LazyProc, args ...uintptr) error {
	if p.Find() != nil {
		return ErrUnsupported
	}
	ok, _, err := p.Call(args...)
	if ok != 0 {
		return nil
	}
	if errno, is := err.(syscall.Errno); is && errno == 0 {
		return ErrUnsupported
	}
	return err
}

// code calls a function that returns its error code, a Win32 code, an NTSTATUS
// or an HRESULT, after looking it up. Success is 0.
//
//go:uintptrescapes
func code(p *windows.LazyProc, args ...uintptr) error {
	if p.Find() != nil {
		return ErrUnsupported
	}
	if r, _, _ := p.Call(args...); uint32(r) != 0 {
		return syscall.Errno(uint32(r))
	}
	return nil
}

// free calls a function that frees what another has returned.
//
//go:uintptrescapes
func free(p *windows.LazyProc, arg uintptr) {
	if p.Find() == nil {
		_, _, _ = p.Call(arg)
	}
}

// wide is s as a NUL-terminated UTF-16 string. No name of Windows holds a NUL.
func wide(call, s string) (*uint16, error) {
	if strings.ContainsRune(s, 0) {
		return nil, &CallError{Call: call, Code: errorInvalidName}
	}
	p, err := windows.UTF16PtrFromString(s)
	if err != nil {
		return nil, &CallError{Call: call, Code: errorInvalidName}
	}
	return p, nil
}

// text calls a function that fills a buffer with UTF-16 text and returns its
// length, or the length that it needs, and 0 if it failed.
func text(fill func(buf *uint16, size uint32) (uint32, error)) (string, error) {
	buf := make([]uint16, 128)
	for {
		n, err := fill(&buf[0], uint32(len(buf)))
		switch {
		case err != nil:
			return "", err
		case n == 0:
			return "", ErrUnsupported
		case int(n) < len(buf):
			return windows.UTF16ToString(buf[:n]), nil
		case n > 1<<16:
			return "", windows.ERROR_MORE_DATA
		}
		buf = make([]uint16, n+1)
	}
}
