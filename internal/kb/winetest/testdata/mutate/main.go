//go:build windows

// Command mutate changes things in every way that a ledger must catch.
package main

import (
	"fmt"
	"os"
	"os/exec"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

func main() {
	if len(os.Args) < 2 {
		return // a run that changes nothing, for the warm-up, and the child
	}
	steps := []struct {
		name string
		do   func() error
	}{
		{"write", func() error { return os.WriteFile(`C:\written.txt`, []byte("x"), 0o644) }},
		{"rename", func() error { return os.Rename(`C:\written.txt`, `C:\renamed.txt`) }},
		{"remove", func() error { return os.Remove(`C:\renamed.txt`) }},
		{"folder", func() error { return os.Mkdir(`C:\made`, 0o755) }},
		{"key", func() error { return withKey(func(registry.Key) error { return nil }) }},
		{"value", func() error { return withKey(func(k registry.Key) error { return k.SetDWordValue("Written", 1) }) }},
		{"delete value", func() error { return withKey(func(k registry.Key) error { return k.DeleteValue("Written") }) }},
		{"delete key", func() error { return registry.DeleteKey(registry.CURRENT_USER, `Software\KbTest`) }},
		{"socket", socket},
		{"child", func() error { return exec.Command(os.Args[0]).Run() }},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			fmt.Println(s.name, err)
			os.Exit(1)
		}
	}
}

func withKey(do func(registry.Key) error) error {
	k, _, err := registry.CreateKey(registry.CURRENT_USER, `Software\KbTest`, registry.ALL_ACCESS)
	if err != nil {
		return err
	}
	defer k.Close()
	return do(k)
}

// socket opens one and sends nothing.
func socket() error {
	var data windows.WSAData
	if err := windows.WSAStartup(0x202, &data); err != nil {
		return err
	}
	s, err := windows.Socket(windows.AF_INET, windows.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	return windows.Closesocket(s)
}
