package host

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// openToken opens the token of this process.
func openToken(access uint32) (windows.Token, error) {
	var t windows.Token
	if err := windows.OpenProcessToken(windows.CurrentProcess(), access, &t); err != nil {
		return 0, failed("OpenProcessToken", err)
	}
	return t, nil
}

func (l *local) Token() (Token, error) {
	t, err := openToken(windows.TOKEN_QUERY)
	if err != nil {
		return Token{}, err
	}
	defer t.Close()
	var token Token
	for _, read := range []func(windows.Token, *Token) error{readUser, readElevation, readIntegrity, readGroups, l.readPrivileges} {
		if err := read(t, &token); err != nil {
			return Token{}, err
		}
	}
	return token, nil
}

// tokenInfo reads one class of information. The struct at the start of the
// answer may point into the rest of it, which the returned pointer keeps alive.
func tokenInfo[T any](t windows.Token, class uint32) (*T, error) {
	const call = "GetTokenInformation"
	size := uint32(256)
	for {
		buf := make([]uintptr, (size+7)/uint32(unsafe.Sizeof(uintptr(0))))
		var n uint32
		err := windows.GetTokenInformation(t, class, (*byte)(unsafe.Pointer(&buf[0])), size, &n)
		if err == nil {
			if uintptr(n) < unsafe.Sizeof(*new(T)) {
				return nil, ErrUnsupported
			}
			return (*T)(unsafe.Pointer(&buf[0])), nil
		}
		if err != windows.ERROR_INSUFFICIENT_BUFFER || n <= size || n > 1<<20 {
			return nil, failed(call, err)
		}
		size = n
	}
}

func readUser(t windows.Token, token *Token) error {
	user, err := tokenInfo[windows.Tokenuser](t, windows.TokenUser)
	if err != nil {
		return err
	}
	token.UserSID = user.User.Sid.String()
	return nil
}

func readElevation(t windows.Token, token *Token) error {
	elevated, err := tokenInfo[uint32](t, windows.TokenElevation)
	if err != nil {
		return err
	}
	kind, err := tokenInfo[Elevation](t, windows.TokenElevationType)
	if err != nil {
		return err
	}
	token.Elevated, token.Elevation = *elevated != 0, *kind
	return nil
}

func readIntegrity(t windows.Token, token *Token) error {
	label, err := tokenInfo[windows.Tokenmandatorylabel](t, windows.TokenIntegrityLevel)
	if err != nil {
		return err
	}
	sid := label.Label.Sid
	if n := sid.SubAuthorityCount(); n > 0 {
		token.Integrity = sid.SubAuthority(uint32(n) - 1)
	}
	return nil
}

func readGroups(t windows.Token, token *Token) error {
	groups, err := tokenInfo[windows.Tokengroups](t, windows.TokenGroups)
	if err != nil {
		return err
	}
	for _, g := range groups.AllGroups() {
		token.Groups = append(token.Groups, Group{SID: g.Sid.String(), Attributes: g.Attributes})
	}
	return nil
}

func (l *local) readPrivileges(t windows.Token, token *Token) error {
	privileges, err := tokenInfo[windows.Tokenprivileges](t, windows.TokenPrivileges)
	if err != nil {
		return err
	}
	for _, p := range privileges.AllPrivileges() {
		name, err := l.privilegeName(p.Luid)
		if err != nil {
			return failed("LookupPrivilegeNameW", err)
		}
		token.Privileges = append(token.Privileges, Privilege{Name: name, Enabled: p.Attributes&PrivilegeEnabled != 0})
	}
	return nil
}

func (l *local) privilegeName(luid windows.LUID) (string, error) {
	return text(func(buf *uint16, size uint32) (uint32, error) {
		err := call(l.lookupPrivilegeName, 0, uintptr(unsafe.Pointer(&luid)), uintptr(unsafe.Pointer(buf)), uintptr(unsafe.Pointer(&size)))
		if err == windows.ERROR_INSUFFICIENT_BUFFER {
			err = nil
		}
		return size, err
	})
}
