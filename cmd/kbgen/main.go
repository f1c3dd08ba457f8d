// Kbgen turns articles into the site of the knowledge base and into the
// programs that readers run. Run it without arguments for its manual.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// Exit codes.
const (
	exitDone     = 0
	exitContent  = 1 // the content has errors
	exitUsage    = 2
	exitInternal = 3
)

// run runs the subcommand that args name and returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	t := terminal{out: stdout, err: stderr}
	if len(args) == 0 {
		fmt.Fprint(stderr, manual())
		return exitUsage
	}
	if name := args[0]; name == "help" || name == "-h" || name == "-help" || name == "--help" {
		fmt.Fprint(stdout, manual())
		return exitDone
	}
	c, ok := findCommand(args[0])
	if !ok {
		t.failure(unknownCommand(args[0]))
		return exitUsage
	}
	err := c.run(&t, args[1:])
	var usage *usageError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, c.help())
		return exitDone
	case errors.Is(err, errContent):
		return exitContent
	case errors.As(err, &usage):
		t.failure(usage)
		return exitUsage
	}
	t.failure(err)
	return exitInternal
}
