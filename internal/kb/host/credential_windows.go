package host

import (
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// credential is CREDENTIALW, wincred.h. Only what is named is read.
type credential struct {
	flags, kind uint32
	target      *uint16
	_           *uint16
	_           windows.Filetime
	secretSize  uint32
	secret      *byte
	persist     uint32
	_           uint32
	_           uintptr
	_           *uint16
	user        *uint16
}

func (l *local) Credentials(prefix string) ([]Credential, error) {
	name := l.credEnumerate.Name
	if strings.Contains(prefix, "*") {
		return nil, &CallError{Call: name, Code: errorInvalidParameter}
	}
	var filter *uint16
	if prefix != "" {
		var err error
		if filter, err = wide(name, prefix+"*"); err != nil {
			return nil, err
		}
	}
	var n uint32
	var list **credential
	err := call(l.credEnumerate, uintptr(unsafe.Pointer(filter)), 0, uintptr(unsafe.Pointer(&n)), uintptr(unsafe.Pointer(&list)))
	if err == windows.ERROR_NOT_FOUND {
		return []Credential{}, nil
	}
	if err != nil {
		return nil, failed(name, err)
	}
	defer free(l.credFree, uintptr(unsafe.Pointer(list)))
	all := []Credential{}
	for _, c := range unsafe.Slice(list, n) {
		// The system hands secrets out with the list: they are wiped unread.
		if c.secret != nil && c.secretSize < 1<<16 {
			clear(unsafe.Slice(c.secret, c.secretSize))
		}
		if len(all) < MaxNames {
			all = append(all, Credential{
				Target:  windows.UTF16PtrToString(c.target),
				User:    windows.UTF16PtrToString(c.user),
				Type:    c.kind,
				Persist: c.persist,
				Flags:   c.flags,
			})
		}
	}
	return all, nil
}
