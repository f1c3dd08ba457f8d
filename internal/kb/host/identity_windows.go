package host

import (
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Identity asks this machine only; no domain controller is involved. A name
// that cannot be read stays empty.
func (l *local) Identity() (Identity, error) {
	var id Identity
	id.Domain, id.User = l.account()
	id.Machine = computerName(windows.ComputerNameNetBIOS)
	id.DNS = computerName(windows.ComputerNameDnsDomain)
	t, err := openToken(windows.TOKEN_QUERY)
	if err != nil {
		return id, nil
	}
	defer t.Close()
	var token Token
	if readUser(t, &token) == nil {
		id.SID = token.UserSID
	}
	// Not the known folder: that would load shell32, which starts more than
	// a reading program needs.
	id.Home, _ = t.GetUserProfileDirectory()
	return id, nil
}

func (l *local) account() (domain, user string) {
	full, err := text(func(buf *uint16, size uint32) (uint32, error) {
		err := windows.GetUserNameEx(windows.NameSamCompatible, buf, &size)
		if err == windows.ERROR_MORE_DATA {
			err = nil
		}
		return size, err
	})
	if domain, user, ok := strings.Cut(full, `\`); err == nil && ok {
		return domain, user
	}
	user, _ = text(func(buf *uint16, size uint32) (uint32, error) {
		err := call(l.getUserName, uintptr(unsafe.Pointer(buf)), uintptr(unsafe.Pointer(&size)))
		if err == windows.ERROR_INSUFFICIENT_BUFFER {
			return size, nil
		}
		return max(size, 1) - 1, err // its size counts the NUL
	})
	return "", user
}

func computerName(kind uint32) string {
	name, _ := text(func(buf *uint16, size uint32) (uint32, error) {
		err := windows.GetComputerNameEx(kind, buf, &size)
		if err == windows.ERROR_MORE_DATA {
			err = nil
		}
		return size, err
	})
	return name
}
