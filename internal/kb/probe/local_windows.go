package probe

import (
	"fmt"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"

	"kbgen/internal/kb/check"
)

// userLanguage is Japanese if that is the first language of the user's
// interface, else English.
func userLanguage() check.Lang {
	langs, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err == nil && len(langs) > 0 && strings.HasPrefix(strings.ToLower(langs[0]), "ja") {
		return check.JA
	}
	return check.EN
}

// ownConsole reports whether the console belongs to this process alone, as it
// does after a double-click: the window closes when the program ends.
func ownConsole() bool {
	getConsoleProcessList := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetConsoleProcessList")
	if getConsoleProcessList.Find() != nil {
		return false
	}
	var pids [2]uint32
	n, _, _ := getConsoleProcessList.Call(uintptr(unsafe.Pointer(&pids[0])), uintptr(len(pids)))
	return n == 1 && isConsole(windows.STD_INPUT_HANDLE) && isConsole(windows.STD_OUTPUT_HANDLE)
}

func isConsole(std uint32) bool {
	h, err := windows.GetStdHandle(std)
	if err != nil {
		return false
	}
	var mode uint32
	return windows.GetConsoleMode(h, &mode) == nil
}

// openPage shows a web page in the user's browser.
func openPage(url string) error {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") {
		return fmt.Errorf("not a web address")
	}
	verb, err := windows.UTF16PtrFromString("open")
	if err != nil {
		return err
	}
	file, err := windows.UTF16PtrFromString(url)
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, verb, file, nil, nil, windows.SW_SHOWNORMAL)
}
