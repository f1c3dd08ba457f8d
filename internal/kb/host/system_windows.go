package host

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

func (l *local) System() (System, error) {
	v := windows.RtlGetVersion()
	if v.MajorVersion == 0 {
		return System{}, ErrUnsupported
	}
	var edition uint32
	if call(l.getProductInfo, uintptr(v.MajorVersion), uintptr(v.MinorVersion), uintptr(v.ServicePackMajor), uintptr(v.ServicePackMinor),
		uintptr(unsafe.Pointer(&edition))) != nil {
		edition = 0
	}
	return System{
		Major:   v.MajorVersion,
		Minor:   v.MinorVersion,
		Build:   v.BuildNumber,
		Product: ProductType(v.ProductType),
		Edition: edition,
	}, nil
}

func (l *local) TempDir() (string, error) {
	name, ask := "GetTempPathW", func(buf *uint16, size uint32) (uint32, error) {
		return windows.GetTempPath(size, buf)
	}
	if l.getTempPath2.Find() == nil {
		name, ask = l.getTempPath2.Name, func(buf *uint16, size uint32) (uint32, error) {
			n, _, err := l.getTempPath2.Call(uintptr(size), uintptr(unsafe.Pointer(buf)))
			if n == 0 {
				return 0, err
			}
			return uint32(n), nil
		}
	}
	dir, err := text(ask)
	if err != nil {
		return "", failed(name, err)
	}
	return dir, nil
}
