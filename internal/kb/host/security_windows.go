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
	return l.security(l.getKernelObjectSecurity.Name, fileMapping(), func(buf unsafe.Pointer, size uint32) (uint32, error) {
		var n uint32
		err := call(l.getKernelObjectSecurity, uintptr(h), securityParts, uintptr(buf), uintptr(size), uintptr(unsafe.Pointer(&n)))
		return n, err
	})
}

// securityParts is what is read of a security descriptor.
const securityParts = windows.OWNER_SECURITY_INFORMATION | windows.GROUP_SECURITY_INFORMATION | windows.DACL_SECURITY_INFORMATION

// genericMapping is a GENERIC_MAPPING, winnt.h.
type genericMapping struct{ read, write, execute, all uint32 }

func fileMapping() *genericMapping { return &genericMapping{0x120089, 0x120116, 0x1200a0, 0x1f01ff} }

func registryMapping() *genericMapping { return &genericMapping{0x20019, 0x20006, 0x20019, 0xf003f} }

// security reads a self-relative security descriptor with fill, which returns
// the size that it needs if that is larger.
func (l *local) security(name string, mapping *genericMapping, fill func(buf unsafe.Pointer, size uint32) (uint32, error)) (Security, error) {
	descriptor, err := readDescriptor(fill)
	if err != nil {
		return Security{}, failed(name, err)
	}
	s, err := parseDescriptor(descriptor)
	if err != nil {
		return Security{}, &CallError{Call: name, Code: errorInvalidSecurityDescr}
	}
	s.Granted, err = l.granted(descriptor, mapping)
	return s, err
}

// readDescriptor returns bytes that are aligned as the system's functions want them.
func readDescriptor(fill func(buf unsafe.Pointer, size uint32) (uint32, error)) ([]byte, error) {
	size := uint32(512)
	for {
		buf := make([]uint64, (size+7)/8)
		n, err := fill(unsafe.Pointer(&buf[0]), size)
		if err == nil {
			return unsafe.Slice((*byte)(unsafe.Pointer(&buf[0])), size), nil
		}
		if err != windows.ERROR_INSUFFICIENT_BUFFER || n <= size || n > 1<<18 {
			return nil, err
		}
		size = n
	}
}

// granted asks the system which rights a descriptor grants to the user of
// this process. It sees permissions only: not locks, not shares, not what
// security software does.
func (l *local) granted(descriptor []byte, mapping *genericMapping) (uint32, error) {
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

	var privileges [1024]byte
	privilegesSize := uint32(len(privileges))
	var granted, status uint32
	err = call(l.accessCheck,
		uintptr(unsafe.Pointer(&descriptor[0])), uintptr(token), windows.MAXIMUM_ALLOWED, uintptr(unsafe.Pointer(mapping)),
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
