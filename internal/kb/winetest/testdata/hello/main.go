// Command hello shows what a program in a Wine prefix gets and does not change
// anything.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "ask" {
		fmt.Print("名前は? ")
		name, _ := bufio.NewReader(os.Stdin).ReadString('\n')
		fmt.Printf("hello %q\n", name)
		return
	}
	dir, err := os.Getwd()
	fmt.Printf("args %q\ndir %s %v\nX=%s\n", os.Args[1:], dir, err, os.Getenv("X"))
	fmt.Fprintln(os.Stderr, "on stderr")
	if len(os.Args) > 1 {
		code, _ := strconv.Atoi(os.Args[1])
		os.Exit(code)
	}
}
