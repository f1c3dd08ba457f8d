package host

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

func (l *local) Security(path string) (Security, error) {
	p, err := native(path)
	if err != nil {
		return Security{}, err
	}
	// READ_CONTROL reads permissions and nothing else; a link is looked at
	// itself, so that its target is not asked.
	h, err := windows.CreateFile(p, windows.READ_CONTROL,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, nil,
		windows.OPEN_EXISTING, windows.FILE_FLAG_BACKUP_SEMANTICS|windows.FILE_FLAG_OPEN_REPARSE_POINT, 0)
	if err != nil {
		return Security{}, failed("CreateFileW", err)
	}
	defer windows.CloseHandle(h)
	descriptor, err := l.descriptor(h)
	if err != nil {
		return Security{}, err
	}
	s, err := parseDescriptor(descriptor)
	if err != nil {
		return Security{}, &CallError{Call: l.getKernelObjectSecurity.Name, Code: errorInvalidSecurityDescr}
	}
	s.Granted, err = l.granted(descriptor)
	return s, err
}

// descriptor reads the self-relative security descriptor of an open file.
// The bytes are aligned as the system's functions want them.
func (l *local) descriptor(h windows.Handle) ([]byte, error) {
	const what = windows.OWNER_SECURITY_INFORMATION | windows.GROUP_SECURITY_INFORMATION | windows.DACL_SECURITY_INFORMATION
	size := uint32(512)
	for {
		buf := make([]uint64, (size+7)/8)
		var n uint32
		err := call(l.getKernelObjectSecurity, uintptr(h), what, uintptr(unsafe.Pointer(&buf[0])), uintptr(size), uintptr(unsafe.Pointer(&n)))
		if err == nil {
			return unsafe.Slice((*byte)(unsafe.Pointer(&buf[0])), size), nil
		}
		if err != windows.ERROR_INSUFFICIENT_BUFFER || n <= size || n > 1<<18 {
			return nil, failed(l.getKernelObjectSecurity.Name, err)
		}
		size = n
	}
}

// granted asks the system which rights a descriptor grants to the user of
// this process. It sees permissions only: not locks, not shares, not what
// security software does.
func (l *local) granted(descriptor []byte) (uint32, error) {
	process, err := openToken(windows.TOKEN_QUERY | windows.TOKEN_DUPLICATE)
	if err != nil {
		return 0, err
	}
	defer process.Close()
	var token windows.Token // AccessCheck wants one for impersonation
	err = windows.DuplicateTokenEx(process, windows.TOKEN_QUERY, nil, windows.SecurityIdentification, windows.TokenImpersonation, &token)
	if err != nil {
		return 0, failed("DuplicateTokenEx", err)
	}
	defer token.Close()

	mapping := struct{ read, write, execute, all uint32 }{0x120089, 0x120116, 0x1200a0, 0x1f01ff}
	var privileges [1024]byte
	privilegesSize := uint32(len(privileges))
	var granted, status uint32
	err = call(l.accessCheck,
		uintptr(unsafe.Pointer(&descriptor[0])), uintptr(token), windows.MAXIMUM_ALLOWED, uintptr(unsafe.Pointer(&mapping)),
		uintptr(unsafe.Pointer(&privileges)), uintptr(unsafe.Pointer(&privilegesSize)),
		uintptr(unsafe.Pointer(&granted)), uintptr(unsafe.Pointer(&status)))
	if err != nil {
		return 0, failed(l.accessCheck.Name, err)
	}
	if status == 0 {
		return 0, nil
	}
	return granted, nil
}
