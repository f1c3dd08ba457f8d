//go:build windows

// Command askhost asks the machine it runs on. Each line of standard input is
// a question, the method of host.Host and its arguments with tabs between; each
// line of output is an answer in JSON.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
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
		q := append(strings.Split(lines.Text(), "\t"), "", "", "")
		v, err := ask(h, q[0], q[1], q[2], q[3])
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

func ask(h host.Host, method, a, b, c string) (any, error) {
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
	case "Values":
		return h.Values(a)
	case "Subkeys":
		return h.Subkeys(a)
	case "Entries":
		return h.Entries(a)
	case "KeySecurity":
		return h.KeySecurity(a)
	case "ReadFile":
		most, err := strconv.Atoi(b)
		if err != nil {
			return nil, err
		}
		content, err := h.ReadFile(a, most)
		return string(content), err
	case "Folder":
		return h.Folder(host.Folder(a))
	case "DriveTarget":
		return h.DriveTarget(a)
	case "Program":
		return h.Program()
	}
	return askMore(h, method, a, b, c)
}

func askMore(h host.Host, method, a, b, c string) (any, error) {
	switch method {
	case "Events":
		return h.Events(host.EventQuery{Channel: a})
	case "LocalUser":
		return h.LocalUser(a)
	case "GroupMembers":
		return h.GroupMembers(a)
	case "RightHolders":
		return h.RightHolders(a)
	case "Join":
		return h.Join()
	case "EntraJoin":
		return h.EntraJoin()
	case "Credentials":
		return h.Credentials(a)
	case "Clock":
		return h.Clock()
	case "Instances":
		return h.Instances(a, b, strings.Fields(c))
	case "SecureKernel":
		return h.SecureKernel()
	case "Processes":
		return h.Processes(a)
	case "Openers":
		return h.Openers(a)
	case "Listeners":
		port, err := strconv.ParseUint(a, 10, 16)
		if err != nil {
			return nil, err
		}
		return h.Listeners(uint16(port))
	case "Handles":
		return handles()
	case "OwnListeners":
		return ownListeners(h)
	case "Certificates":
		return h.Certificates(a)
	case "UpdateResults":
		return h.UpdateResults()
	case "FirewallProfiles":
		return h.FirewallProfiles()
	}
	return nil, errors.New("unknown method " + method)
}

// ownListeners listens on ports and returns how many are said to listen there,
// then and afterwards.
func ownListeners(h host.Host) (map[string][2]int, error) {
	n := map[string][2]int{}
	for _, addr := range []string{"127.0.0.1:0", "[::1]:0"} {
		l, err := net.Listen("tcp", addr)
		if err != nil && len(n) > 0 {
			continue // a machine without IPv6
		}
		if err != nil {
			return nil, err
		}
		port := uint16(l.Addr().(*net.TCPAddr).Port)
		during, err := h.Listeners(port)
		l.Close()
		if err != nil {
			return nil, err
		}
		after, err := h.Listeners(port)
		if err != nil {
			return nil, err
		}
		n[addr] = [2]int{len(during), len(after)}
	}
	return n, nil
}
