//go:build windows

// Command scene sets up what a text file cannot: saved credentials; a key of
// HKEY_LOCAL_MACHINE, its first argument, in which nobody may set values until
// the Wine server ends; and the certificates in the files of the other arguments
// in the machine's store MY, the first of them with the name of a private key.
package main

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

func main() {
	for _, err := range []error{
		guard(os.Args[1]),
		save(`TERMSRV/server`, `EXAMPLE\taro`, 2, 3),
		save(`TERMSRV/日本`, `taro`, 1, 1),
		save(`Other`, `hanako`, 1, 2),
		install(os.Args[2], true),
		install(os.Args[3], false),
	} {
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
}

func guard(path string) error {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.ALL_ACCESS)
	if err != nil {
		return err
	}
	defer k.Close()
	sd, err := windows.SecurityDescriptorFromString("D:P(D;;0x2;;;WD)(A;;KA;;;BA)")
	if err != nil {
		return err
	}
	dacl, _, err := sd.DACL()
	if err != nil {
		return err
	}
	return windows.SetSecurityInfo(windows.Handle(k), windows.SE_REGISTRY_KEY,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, dacl, nil)
}

// credential is CREDENTIALW, wincred.h.
type credential struct {
	flags, kind    uint32
	target         *uint16
	comment        *uint16
	written        windows.Filetime
	secretSize     uint32
	secret         *byte
	persist        uint32
	attributes     uint32
	attributesList uintptr
	alias          *uint16
	user           *uint16
}

func save(target, user string, kind, persist uint32) error {
	secret := []byte("s\x00e\x00c\x00r\x00e\x00t\x00")
	c := credential{kind: kind, persist: persist, secretSize: uint32(len(secret)), secret: &secret[0]}
	var err error
	if c.target, err = windows.UTF16PtrFromString(target); err != nil {
		return err
	}
	if c.user, err = windows.UTF16PtrFromString(user); err != nil {
		return err
	}
	write := windows.NewLazySystemDLL("advapi32.dll").NewProc("CredWriteW")
	if ok, _, err := write.Call(uintptr(unsafe.Pointer(&c)), 0); ok == 0 {
		return fmt.Errorf("CredWriteW %s: %w", target, err)
	}
	return nil
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
