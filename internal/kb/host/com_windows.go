package host

import (
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// comObject is an interface of COM: a pointer to its functions, of which the
// first three are those of IUnknown.
type comObject struct{ functions *[64]uintptr }

// call calls the function at a place of the interface. The answer is nil for
// success (an HRESULT that is not negative).
//
//go:uintptrescapes
func (o *comObject) call(place int, args ...uintptr) error {
	r, _, _ := syscall.SyscallN(o.functions[place], append([]uintptr{uintptr(unsafe.Pointer(o))}, args...)...)
	if int32(r) < 0 {
		return syscall.Errno(uint32(r))
	}
	return nil
}

func (o *comObject) release() {
	if o != nil {
		_, _, _ = syscall.SyscallN(o.functions[2], uintptr(unsafe.Pointer(o)))
	}
}

// withCOM runs do on a thread of its own, with COM.
func withCOM(do func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := windows.CoInitializeEx(0, windows.COINIT_MULTITHREADED); err != nil && err != syscall.Errno(windows.S_FALSE) {
		return failed("CoInitializeEx", err)
	}
	defer windows.CoUninitialize()
	return do()
}

// create makes an object that lives in this process.
func (l *local) create(class, iface windows.GUID) (*comObject, error) {
	const inProcess = 1 // CLSCTX_INPROC_SERVER
	var o *comObject
	err := code(l.coCreateInstance, uintptr(unsafe.Pointer(&class)), 0, inProcess, uintptr(unsafe.Pointer(&iface)), uintptr(unsafe.Pointer(&o)))
	if err != nil {
		return nil, failed(l.coCreateInstance.Name, err)
	}
	return o, nil
}

// bstr makes a BSTR, to be freed with SysFreeString. s holds no NUL.
func (l *local) bstr(s string) (uintptr, error) {
	p, err := wide(l.sysAllocString.Name, s)
	if err != nil {
		return 0, err
	}
	if l.sysAllocString.Find() != nil {
		return 0, ErrUnsupported
	}
	b, _, _ := l.sysAllocString.Call(uintptr(unsafe.Pointer(p)))
	if b == 0 {
		return 0, failed(l.sysAllocString.Name, windows.ERROR_OUTOFMEMORY)
	}
	return b, nil
}

// variant is a VARIANT, oaidl.h.
type variant struct {
	kind uint16
	_    [3]uint16
	raw  uint64
	_    uint64
}

// pointer is the pointer that the variant holds.
func (v *variant) pointer() unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&v.raw)) }

// bstrText copies a BSTR; NULL is an empty one.
func bstrText(p unsafe.Pointer) string {
	const most = 1 << 16
	if p == nil {
		return ""
	}
	size := *(*uint32)(unsafe.Add(p, -4)) // bytes
	return windows.UTF16ToString(unsafe.Slice((*uint16)(p), min(size/2, most)))
}

// safeArray is a SAFEARRAY of one dimension, oaidl.h.
type safeArray struct {
	dimensions, _ uint16
	elementSize   uint32
	_             uint32
	data          unsafe.Pointer
	elements      uint32
	_             int32
}

// maxElements bounds the elements of an array that are read.
const maxElements = 1024

// texts renders what the variant holds; ok is false for nothing, and for a
// type that WMI does not use.
func (v *variant) texts(cim uint32) (all []string, ok bool) {
	kind := v.kind &^ vtArray
	if v.kind&vtArray == 0 {
		if kind == vtString {
			return []string{bstrText(v.pointer())}, true
		}
		s, ok := scalarText(kind, v.raw, cim)
		return []string{s}, ok
	}
	a := (*safeArray)(v.pointer())
	if a == nil || a.dimensions != 1 || a.data == nil && a.elements > 0 {
		return nil, false
	}
	size := variantSize(kind)
	if kind == vtString {
		size = uint32(unsafe.Sizeof(uintptr(0)))
	}
	if size == 0 || a.elementSize != size {
		return nil, false
	}
	all = []string{}
	for i := range min(a.elements, maxElements) {
		at := unsafe.Add(a.data, i*size)
		if kind == vtString {
			all = append(all, bstrText(*(*unsafe.Pointer)(at)))
			continue
		}
		var raw uint64
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&raw)), 8), unsafe.Slice((*byte)(at), size))
		s, _ := scalarText(kind, raw, cim)
		all = append(all, s)
	}
	return all, true
}
