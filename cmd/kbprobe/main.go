// Command kbprobe runs the checks of an article on this machine. It only
// reads; see package probe for what it prints and when it waits.
package main

// The resources: version information, and a manifest that asks for no more
// rights than the user has. Without one, Windows takes a program with "update"
// or "install" in its name for an installer and asks for an administrator.
//go:generate go run github.com/tc-hib/go-winres@v0.3.3 make --in winres/winres.json --out rsrc --arch amd64,arm64

import (
	"fmt"
	"os"

	"kbgen/internal/kb/probe"
)

func main() {
	code, err := probe.Local()
	if err != nil {
		fmt.Fprintln(os.Stderr, "kbprobe:", err)
	}
	os.Exit(code)
}
