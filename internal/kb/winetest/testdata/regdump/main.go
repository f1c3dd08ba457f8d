//go:build windows

// Command regdump prints every key below HKEY_LOCAL_MACHINE and HKEY_USERS
// with its last write time and its values, a line each.
package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"

	"golang.org/x/sys/windows/registry"
)

func main() {
	w := bufio.NewWriter(os.Stdout)
	defer w.Flush()
	dump(w, registry.LOCAL_MACHINE, "HKLM")
	dump(w, registry.USERS, "HKU")
}

func dump(w *bufio.Writer, k registry.Key, path string) {
	if info, err := k.Stat(); err == nil {
		fmt.Fprintln(w, path, info.ModTime().UnixNano())
	}
	values, _ := k.ReadValueNames(-1)
	slices.Sort(values)
	for _, name := range values {
		data := make([]byte, 64<<10)
		n, kind, err := k.GetValue(name, data)
		if err != nil {
			n = 0
		}
		fmt.Fprintf(w, "%s\\%q %d %x\n", path, name, kind, data[:min(n, len(data))])
	}
	keys, _ := k.ReadSubKeyNames(-1)
	slices.Sort(keys)
	for _, name := range keys {
		sub, err := registry.OpenKey(k, name, registry.READ)
		if err != nil {
			fmt.Fprintln(w, path+`\`+name, err)
			continue
		}
		dump(w, sub, path+`\`+name)
		sub.Close()
	}
}
