package host

import (
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

// maxMembers bounds the members of a group and the holders of a right.
const maxMembers = 4096

// userInfo4 is USER_INFO_4, lmaccess.h.
type userInfo4 struct {
	name            *uint16
	_               uintptr // password, always NULL
	_, _            uint32
	_, _            uintptr
	flags           uint32
	_               uintptr
	_               uint32
	_, _, _, _      uintptr
	_, _            uint32
	accountExpires  uint32
	_, _            uint32
	_               uintptr
	badPasswords, _ uint32
	_               uintptr
	_, _            uint32
	sid             *windows.SID
	_               uint32
	_, _            uintptr
	passwordExpired uint32
}

// Offsets in bytes of a 64-bit system; another one does not compile.
var (
	_ = [1]struct{}{}[unsafe.Offsetof(userInfo4{}.accountExpires)-104]
	_ = [1]struct{}{}[unsafe.Offsetof(userInfo4{}.passwordExpired)-184]
)

func (l *local) LocalUser(name string) (LocalUser, error) {
	if name == "" {
		var domain string
		domain, name = l.account()
		if name == "" {
			return LocalUser{}, ErrUnsupported
		}
		if machine := computerName(windows.ComputerNameNetBIOS); domain != "" && !strings.EqualFold(domain, machine) {
			return LocalUser{}, ErrAbsent
		}
	}
	const call = "NetUserGetInfo"
	user, err := wide(call, name)
	if err != nil {
		return LocalUser{}, err
	}
	if internetIdentity(user) {
		return LocalUser{}, ErrAbsent
	}
	var buf *byte
	if err := windows.NetUserGetInfo(nil, user, 4, &buf); err != nil {
		if err == nerrInternalError {
			return LocalUser{}, ErrUnsupported
		}
		return LocalUser{}, failed(call, err)
	}
	defer windows.NetApiBufferFree(buf)
	info := (*userInfo4)(unsafe.Pointer(buf))
	v := LocalUser{
		Name:            windows.UTF16PtrToString(info.name),
		Flags:           info.flags,
		BadPasswords:    info.badPasswords,
		PasswordExpired: info.passwordExpired != 0,
		AccountExpires:  info.accountExpires,
	}
	if info.sid != nil {
		v.SID = info.sid.String()
	}
	return v, nil
}

// nerrInternalError is how Wine answers for a level that it does not know,
// lmerr.h.
const nerrInternalError = windows.Errno(2140)

// internetIdentity reports whether a local account belongs to a Microsoft
// account, whose password is not kept here.
func internetIdentity(user *uint16) bool {
	var buf *byte
	if windows.NetUserGetInfo(nil, user, 24, &buf) != nil {
		return false
	}
	defer windows.NetApiBufferFree(buf)
	return *(*uint32)(unsafe.Pointer(buf)) != 0
}

func (l *local) GroupMembers(groupSID string) ([]string, error) {
	name := l.netLocalGroupGetMembers.Name
	// Any other group might be looked up on a domain controller.
	if !strings.HasPrefix(groupSID, "S-1-5-32-") {
		return nil, ErrUnsupported
	}
	sid, err := windows.StringToSid(groupSID)
	if err != nil {
		return nil, failed("ConvertStringSidToSidW", err)
	}
	group, _, _, err := sid.LookupAccount("")
	if err != nil {
		return nil, failed("LookupAccountSidW", err)
	}
	wideGroup, err := wide(name, group)
	if err != nil {
		return nil, err
	}
	const (
		maxPreferredLength = 0xffffffff
		untouched          = 0xffffffff // Wine says success and fills nothing in
	)
	var buf unsafe.Pointer
	read, total := uint32(untouched), uint32(untouched)
	err = code(l.netLocalGroupGetMembers, 0, uintptr(unsafe.Pointer(wideGroup)), 0, uintptr(unsafe.Pointer(&buf)), maxPreferredLength,
		uintptr(unsafe.Pointer(&read)), uintptr(unsafe.Pointer(&total)), 0)
	if buf != nil {
		defer windows.NetApiBufferFree((*byte)(buf))
	}
	if err != nil {
		return nil, failed(name, err)
	}
	if read == untouched {
		return nil, ErrUnsupported
	}
	return sids(name, buf, read)
}

// sids copies an array of pointers to SIDs.
func sids(call string, array unsafe.Pointer, n uint32) ([]string, error) {
	all := []string{}
	if n > maxMembers {
		return nil, &CallError{Call: call, Code: errorMoreData}
	}
	if array == nil {
		return all, nil
	}
	for _, sid := range unsafe.Slice((**windows.SID)(array), n) {
		if sid != nil {
			all = append(all, sid.String())
		}
	}
	return all, nil
}

func (l *local) RightHolders(right string) ([]string, error) {
	const viewLocalInformation, lookupNames = 0x1, 0x800
	attributes := struct { // LSA_OBJECT_ATTRIBUTES
		size uint32
		_    [5]uintptr
	}{}
	attributes.size = uint32(unsafe.Sizeof(attributes))
	var policy uintptr
	err := code(l.lsaOpenPolicy, 0, uintptr(unsafe.Pointer(&attributes)), viewLocalInformation|lookupNames, uintptr(unsafe.Pointer(&policy)))
	if err != nil {
		return nil, failed(l.lsaOpenPolicy.Name, err)
	}
	defer free(l.lsaClose, policy)
	holders, err := l.rightHolders(policy, right)
	if err != nil || len(holders) > 0 {
		return holders, err
	}
	// Nobody holds it: true of many rights, but also what Wine answers for
	// each. This one somebody holds on every Windows.
	sure, err := l.rightHolders(policy, "SeChangeNotifyPrivilege")
	if err == nil && len(sure) == 0 {
		return nil, ErrUnsupported
	}
	return holders, nil
}

func (l *local) rightHolders(policy uintptr, right string) ([]string, error) {
	name := l.lsaEnumerateAccountsWithUserRight.Name
	if _, err := wide(name, right); err != nil {
		return nil, err
	}
	text, err := windows.NewNTUnicodeString(right)
	if err != nil {
		return nil, &CallError{Call: name, Code: errorInvalidName}
	}
	var buf unsafe.Pointer
	var n uint32
	err = code(l.lsaEnumerateAccountsWithUserRight, policy, uintptr(unsafe.Pointer(text)), uintptr(unsafe.Pointer(&buf)), uintptr(unsafe.Pointer(&n)))
	if buf != nil {
		defer free(l.lsaFreeMemory, uintptr(buf))
	}
	if err == windows.Errno(windows.STATUS_NO_MORE_ENTRIES) {
		return []string{}, nil
	}
	if err != nil {
		return nil, failed(name, err)
	}
	// LSA_ENUMERATION_INFORMATION is one pointer to a SID.
	return sids(name, buf, n)
}

func (*local) Join() (Join, error) {
	var name *uint16
	var status uint32
	if err := windows.NetGetJoinInformation(nil, &name, &status); err != nil {
		return Join{}, failed("NetGetJoinInformation", err)
	}
	defer windows.NetApiBufferFree((*byte)(unsafe.Pointer(name)))
	return Join{JoinStatus(status), windows.UTF16PtrToString(name)}, nil
}

func (l *local) EntraJoin() (EntraJoin, error) {
	const device, workplace = 1, 2
	var info *uint32 // DSREG_JOIN_INFO, which starts with its kind
	err := code(l.netGetAadJoinInformation, 0, uintptr(unsafe.Pointer(&info)))
	if err != nil {
		return EntraJoin{}, failed(l.netGetAadJoinInformation.Name, err)
	}
	if info == nil {
		return EntraJoin{}, nil
	}
	defer free(l.netFreeAadJoinInformation, uintptr(unsafe.Pointer(info)))
	return EntraJoin{Device: *info == device, Workplace: *info == workplace}, nil
}
