// Command askhost asks the machine it runs on. Each line of standard input is
// a question, the method of host.Host and its arguments with tabs between; each
// line of output is an answer in JSON.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"kbgen/internal/kb/host"
)

type answer struct {
	Value any
	Error string          // one word, or the text of a CallError
	Call  *host.CallError `json:",omitempty"`
}

func main() {
	h := host.Local()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		q := append(strings.Split(lines.Text(), "\t"), "", "")
		v, err := ask(h, q[0], q[1], q[2])
		a := answer{Value: v}
		if err != nil {
			a = answer{Error: err.Error()}
			errors.As(err, &a.Call)
		}
		b, err := json.Marshal(a)
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(string(b))
	}
}

func ask(h host.Host, method, a, b string) (any, error) {
	switch method {
	case "Value":
		return h.Value(a, b)
	case "Service":
		return h.Service(a)
	case "System":
		return h.System()
	case "Token":
		return h.Token()
	case "Identity":
		return h.Identity()
	case "File":
		return h.File(a)
	case "Security":
		return h.Security(a)
	case "FileVersion":
		return h.FileVersion(a)
	case "Volume":
		return h.Volume(a)
	case "Env":
		return h.Env(a)
	case "TempDir":
		return h.TempDir()
	}
	return nil, errors.New("unknown method " + method)
}
