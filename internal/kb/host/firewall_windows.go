package host

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// FirewallProfiles asks an INetFwPolicy2, netfw.h, for its CurrentProfileTypes.
func (l *local) FirewallProfiles() (profiles FirewallProfiles, err error) {
	const currentProfileTypes = 7 // behind the functions of IDispatch
	err = withCOM(func() error {
		policy, err := l.create(
			windows.GUID{Data1: 0xe2b3c97f, Data2: 0x6ae1, Data3: 0x41ac, Data4: [8]byte{0x81, 0x7a, 0xf6, 0xf9, 0x21, 0x66, 0xd7, 0xdd}},
			windows.GUID{Data1: 0x98325047, Data2: 0xc671, Data3: 0x4174, Data4: [8]byte{0x8d, 0x81, 0xde, 0xfc, 0xd3, 0xf0, 0x31, 0x86}})
		if err != nil {
			return err
		}
		defer policy.release()
		if err := policy.call(currentProfileTypes, uintptr(unsafe.Pointer(&profiles))); err != nil {
			return failed("INetFwPolicy2::CurrentProfileTypes", err)
		}
		return nil
	})
	return profiles, err
}
