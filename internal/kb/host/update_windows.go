package host

import (
	"math"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// UpdateResults asks Microsoft.Update.AutoUpdate for its Results.
func (l *local) UpdateResults() (UpdateResults, error) {
	if err := l.running("wuauserv"); err != nil {
		return UpdateResults{}, err
	}
	var v UpdateResults
	err := withCOM(func() error {
		updates, err := l.create(
			windows.GUID{Data1: 0xbfe18e9c, Data2: 0x6d87, Data3: 0x4450, Data4: [8]byte{0xb3, 0x7c, 0xe0, 0x2f, 0x0b, 0x37, 0x38, 0x03}},
			windows.GUID{Data1: 0x00020400, Data4: [8]byte{0xc0, 7: 0x46}}) // IDispatch
		if err != nil {
			return err
		}
		defer updates.release()
		answer, err := property(updates, "Results")
		if err != nil {
			return err
		}
		defer free(l.variantClear, uintptr(unsafe.Pointer(answer)))
		results := (*comObject)(answer.pointer())
		if answer.kind != vtDispatch || results == nil {
			return ErrUnsupported
		}
		if v.LastSearch, err = dateProperty(results, "LastSearchSuccessDate"); err != nil {
			return err
		}
		v.LastInstall, err = dateProperty(results, "LastInstallationSuccessDate")
		return err
	})
	if err != nil {
		return UpdateResults{}, err
	}
	return v, nil
}

// property reads a property of an IDispatch.
func property(o *comObject, name string) (*variant, error) {
	const getIDsOfNames, invoke, propertyGet = 5, 6, 2
	p, err := wide("IDispatch::GetIDsOfNames", name)
	if err != nil {
		return nil, err
	}
	var none windows.GUID
	var id int32
	err = o.call(getIDsOfNames, uintptr(unsafe.Pointer(&none)), uintptr(unsafe.Pointer(&p)), 1, 0, uintptr(unsafe.Pointer(&id)))
	if err != nil {
		return nil, failed("IDispatch::GetIDsOfNames", err)
	}
	var v variant
	var noArguments struct { // DISPPARAMS
		_, _ uintptr
		_, _ uint32
	}
	err = o.call(invoke, uintptr(id), uintptr(unsafe.Pointer(&none)), 0, propertyGet, uintptr(unsafe.Pointer(&noArguments)),
		uintptr(unsafe.Pointer(&v)), 0, 0)
	if err != nil {
		return nil, failed("IDispatch::Invoke", err)
	}
	return &v, nil
}

// dateProperty reads a date in UTC; an empty one is zero.
func dateProperty(o *comObject, name string) (time.Time, error) {
	v, err := property(o, name)
	if err != nil || v.kind != vtDate {
		return time.Time{}, err
	}
	t, _ := oleTime(math.Float64frombits(v.raw))
	return t, nil
}
