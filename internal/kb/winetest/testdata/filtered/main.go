//go:build windows

// Command filtered runs a program with a token such as UAC gives to an
// administrator who has not confirmed anything: not elevated, Administrators
// for deny only. (Wine does not take the privileges away.)
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

func main() {
	token, err := filtered()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(125)
	}
	c := exec.Command(os.Args[1], os.Args[2:]...)
	c.SysProcAttr = &syscall.SysProcAttr{Token: syscall.Token(token)}
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = c.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(125)
	}
}

func filtered() (windows.Token, error) {
	var self, primary, token windows.Token
	if err := windows.OpenProcessToken(windows.CurrentProcess(), windows.TOKEN_ALL_ACCESS, &self); err != nil {
		return 0, err
	}
	linked, err := self.GetLinkedToken()
	if err != nil {
		return 0, err
	}
	err = windows.DuplicateTokenEx(linked, windows.TOKEN_ALL_ACCESS, nil, windows.SecurityImpersonation, windows.TokenPrimary, &primary)
	if err != nil {
		return 0, err
	}
	administrators, err := windows.CreateWellKnownSid(windows.WinBuiltinAdministratorsSid)
	if err != nil {
		return 0, err
	}
	const disableMaxPrivilege = 1
	deny := windows.SIDAndAttributes{Sid: administrators}
	restrict := windows.NewLazySystemDLL("advapi32.dll").NewProc("CreateRestrictedToken")
	ok, _, err := restrict.Call(uintptr(primary), disableMaxPrivilege, 1, uintptr(unsafe.Pointer(&deny)),
		0, 0, 0, 0, uintptr(unsafe.Pointer(&token)))
	if ok == 0 {
		return 0, err
	}
	return token, nil
}
