//go:build windows

// Command scene puts the certificates in the files of its arguments into the
// machine's store MY, the first of them with the name of a private key.
package main

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

func main() {
	for i, path := range os.Args[1:] {
		if err := install(path, i == 0); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
}

// keyProvInfo is CRYPT_KEY_PROV_INFO, wincrypt.h.
type keyProvInfo struct {
	container, provider *uint16
	kind, flags         uint32
	parameters          uint32
	parameterList       uintptr
	spec                uint32
}

func install(path string, withKey bool) error {
	der, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	const localMachine = 2 << 16 // CERT_SYSTEM_STORE_LOCAL_MACHINE
	name, err := windows.UTF16PtrFromString("MY")
	if err != nil {
		return err
	}
	store, err := windows.CertOpenStore(windows.CERT_STORE_PROV_SYSTEM_W, 0, 0, localMachine, uintptr(unsafe.Pointer(name)))
	if err != nil {
		return err
	}
	defer windows.CertCloseStore(store, 0)
	c, err := windows.CertCreateCertificateContext(windows.X509_ASN_ENCODING, &der[0], uint32(len(der)))
	if err != nil {
		return err
	}
	defer windows.CertFreeCertificateContext(c)
	if withKey {
		key := keyProvInfo{container: name, provider: name, kind: 1}
		set := windows.NewLazySystemDLL("crypt32.dll").NewProc("CertSetCertificateContextProperty")
		if ok, _, err := set.Call(uintptr(unsafe.Pointer(c)), 2, 0, uintptr(unsafe.Pointer(&key))); ok == 0 {
			return fmt.Errorf("CertSetCertificateContextProperty: %w", err)
		}
	}
	return windows.CertAddCertificateContextToStore(store, c, windows.CERT_STORE_ADD_ALWAYS, nil)
}
