//go:build windows

// Command seed writes into a machine what no text file can:
//
//	seed key PATH SDDL                     makes a key of HKLM, HKCU or HKU with these permissions
//	seed credential TARGET USER TYPE PERSIST   saves a credential; TYPE and PERSIST as in wincred.h
//
// The permissions of a key last until the Wine server ends.
package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

func main() {
	err := errors.New("usage: seed key PATH SDDL, or seed credential TARGET USER TYPE PERSIST")
	switch args := os.Args[1:]; {
	case len(args) == 3 && args[0] == "key":
		err = key(args[1], args[2])
	case len(args) == 5 && args[0] == "credential":
		err = credential(args[1], args[2], args[3], args[4])
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// key makes a key and gives it the DACL of an SDDL text.
func key(path, sddl string) error {
	root, rest, _ := strings.Cut(path, `\`)
	hive, ok := map[string]registry.Key{
		"HKLM": registry.LOCAL_MACHINE, "HKCU": registry.CURRENT_USER, "HKU": registry.USERS,
	}[root]
	if !ok {
		return errors.New("no such root key: " + root)
	}
	k, _, err := registry.CreateKey(hive, rest, registry.ALL_ACCESS)
	if err != nil {
		return err
	}
	defer k.Close()
	sd, err := windows.SecurityDescriptorFromString(sddl)
	if err != nil {
		return err
	}
	// Not SetSecurityInfo: Wine's loses the flag of a protected DACL.
	set := windows.NewLazySystemDLL("advapi32.dll").NewProc("RegSetKeySecurity")
	if code, _, _ := set.Call(uintptr(k), windows.DACL_SECURITY_INFORMATION, uintptr(unsafe.Pointer(sd))); code != 0 {
		return fmt.Errorf("RegSetKeySecurity %s: %w", path, syscall.Errno(code))
	}
	return nil
}

// credentialW is CREDENTIALW, wincred.h.
type credentialW struct {
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

func credential(target, user, kind, persist string) error {
	secret := []byte("s\x00e\x00c\x00r\x00e\x00t\x00")
	k, err := strconv.ParseUint(kind, 10, 32)
	if err != nil {
		return err
	}
	p, err := strconv.ParseUint(persist, 10, 32)
	if err != nil {
		return err
	}
	c := credentialW{kind: uint32(k), persist: uint32(p), secretSize: uint32(len(secret)), secret: &secret[0]}
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
