package host

import (
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

const (
	// rowTimeout is how long the next instance may take, in milliseconds.
	rowTimeout = 10000

	wbemTimedOut = 0x40004
)

func (l *local) Instances(namespace, class string, properties []string) ([]Instance, error) {
	ok := wmiName(class)
	for _, n := range append(strings.Split(namespace, `\`), properties...) {
		ok = ok && wmiName(n)
	}
	if !ok {
		return nil, &CallError{Call: "IWbemServices::ExecQuery", Code: errorInvalidName}
	}
	if err := l.running("Winmgmt"); err != nil {
		return nil, err
	}
	all := []Instance{}
	err := withCOM(func() error {
		services, err := l.wmiServices(namespace)
		if err != nil {
			return err
		}
		defer services.release()
		rows, err := l.wmiQuery(services, "SELECT * FROM "+class)
		if err != nil {
			return err
		}
		defer rows.release()
		for range MaxInstances {
			row, err := nextRow(rows)
			if row == nil || err != nil {
				return err
			}
			instance, err := l.instance(row, properties)
			row.release()
			if err != nil {
				return err
			}
			all = append(all, instance)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// wmiServices connects to a namespace.
func (l *local) wmiServices(namespace string) (*comObject, error) {
	locator, err := l.create(
		windows.GUID{Data1: 0x4590f811, Data2: 0x1d3a, Data3: 0x11d0, Data4: [8]byte{0x89, 0x1f, 0, 0xaa, 0, 0x4b, 0x2e, 0x24}},
		windows.GUID{Data1: 0xdc12a687, Data2: 0x737f, Data3: 0x11cf, Data4: [8]byte{0x88, 0x4d, 0, 0xaa, 0, 0x4b, 0x2e, 0x24}})
	if err != nil {
		return nil, err
	}
	defer locator.release()
	name, err := l.bstr(namespace)
	if err != nil {
		return nil, err
	}
	defer free(l.sysFreeString, name)
	const connectServer, useMaxWait = 3, 0x80
	var services *comObject
	err = locator.call(connectServer, name, 0, 0, 0, useMaxWait, 0, 0, uintptr(unsafe.Pointer(&services)))
	if err != nil {
		return nil, failed("IWbemLocator::ConnectServer", err)
	}
	if err := l.impersonate(services); err != nil {
		services.release()
		return nil, err
	}
	return services, nil
}

// impersonate lets WMI act as this user: as anyone else it would answer less.
func (l *local) impersonate(proxy *comObject) error {
	const winNT, levelCall, levelImpersonate = 10, 3, 3
	err := code(l.coSetProxyBlanket, uintptr(unsafe.Pointer(proxy)), winNT, 0, 0, levelCall, levelImpersonate, 0, 0)
	if err != nil {
		return failed(l.coSetProxyBlanket.Name, err)
	}
	return nil
}

func (l *local) wmiQuery(services *comObject, query string) (*comObject, error) {
	language, err := l.bstr("WQL")
	if err != nil {
		return nil, err
	}
	defer free(l.sysFreeString, language)
	text, err := l.bstr(query)
	if err != nil {
		return nil, err
	}
	defer free(l.sysFreeString, text)
	const execQuery, forwardOnly, returnImmediately = 20, 0x20, 0x10
	var rows *comObject
	err = services.call(execQuery, language, text, forwardOnly|returnImmediately, 0, uintptr(unsafe.Pointer(&rows)))
	if err != nil {
		return nil, failed("IWbemServices::ExecQuery", err)
	}
	if err := l.impersonate(rows); err != nil {
		rows.release()
		return nil, err
	}
	return rows, nil
}

// nextRow returns nil after the last row.
func nextRow(rows *comObject) (*comObject, error) {
	const next = 4
	var row *comObject
	var n uint32
	r, _, _ := syscall.SyscallN(rows.functions[next], uintptr(unsafe.Pointer(rows)), rowTimeout, 1, uintptr(unsafe.Pointer(&row)), uintptr(unsafe.Pointer(&n)))
	switch {
	case int32(r) < 0:
		return nil, failed("IEnumWbemClassObject::Next", syscall.Errno(uint32(r)))
	case r == wbemTimedOut:
		return nil, ErrTimeout
	case n == 0:
		return nil, nil
	}
	return row, nil
}

func (l *local) instance(row *comObject, properties []string) (Instance, error) {
	const get, notFound = 4, 0x80041002
	instance := Instance{}
	for _, p := range properties {
		name, err := wide("IWbemClassObject::Get", p)
		if err != nil {
			return nil, err
		}
		var v variant
		var cim uint32
		err = row.call(get, uintptr(unsafe.Pointer(name)), 0, uintptr(unsafe.Pointer(&v)), uintptr(unsafe.Pointer(&cim)), 0)
		if err == syscall.Errno(notFound) {
			continue
		}
		if err != nil {
			return nil, failed("IWbemClassObject::Get", err)
		}
		if texts, ok := v.texts(cim &^ vtArray); ok {
			instance[p] = texts
		}
		free(l.variantClear, uintptr(unsafe.Pointer(&v)))
	}
	return instance, nil
}
