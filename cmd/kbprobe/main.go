// Command kbprobe runs the checks of an article on this machine. It only
// reads; see package probe for what it prints and when it waits.
package main

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
