//go:build linux

package winetest

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Mutation is a request to the Wine server that changes something, or that
// opens a socket.
type Mutation struct {
	Process string // the command line of the process that asked; empty for one that the test started itself
	Kind    string // registry, file, process, security, network
	What    string // the request and what it is about
}

func (m Mutation) String() string {
	s := m.Kind + ": " + m.What
	if m.Process != "" {
		s += " (by " + m.Process + ")"
	}
	return s
}

// Ledger runs do and returns every change that any process in the prefix made
// meanwhile. All registry and object calls and all file opens of Wine go
// through its server, whose log of requests is read for this.
//
// warmUp runs first and is not looked at: it takes the writes with which Wine
// itself starts up. It should run the same program as do. What Wine writes in
// every process (the time zone) is left out; more noise, as that of programs
// that use windows or certificates, is for the caller to know.
//
// Not seen are attributes, times and modes of files. If programs ran before,
// the server is started anew: security set on registry keys is gone.
func (p *Prefix) Ledger(warmUp, do func()) []Mutation {
	p.t.Helper()
	p.stop()
	p.startLogging()
	warmUp()
	p.quiet(time.Second) // services are still starting
	begin := p.logSize()
	if begin == 0 {
		p.t.Fatal("the Wine server logs nothing; did warmUp run a program?")
	}
	do()
	p.quiet(300 * time.Millisecond)
	log := p.read(p.log)
	if int64(len(log)) == begin {
		p.t.Fatal("the Wine server logged nothing; did do run a program?")
	}
	return mutations(log[:begin], log[begin:])
}

// startLogging starts a server that logs its requests.
func (p *Prefix) startLogging() {
	p.t.Helper()
	p.log = filepath.Join(p.t.TempDir(), "server.log")
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		p.t.Fatal(err)
	}
	defer log.Close()
	server := wineCommand(p.dir, "wineserver", "-f", "-d1", "-p30")
	server.Stderr = log
	if err := server.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.running = true
	p.t.Cleanup(func() {
		p.stop()
		_ = server.Wait() // stop ends it by a signal
	})
	// A program started before the server listens would start its own.
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if p.listening() {
			return
		}
	}
	p.t.Fatal("the Wine server does not start")
}

// listening reports whether the server's socket is there.
func (p *Prefix) listening() bool {
	pattern := filepath.Join("/tmp", fmt.Sprintf(".wine-%d", os.Getuid()), "server-*", "socket")
	if name, err := os.ReadFile(filepath.Join(p.dir, "wineserver")); err == nil {
		pattern = filepath.Join("/tmp", string(name), "server-*", "socket")
	}
	sockets, _ := filepath.Glob(pattern)
	return len(sockets) > 0
}

func (p *Prefix) logSize() int64 {
	p.t.Helper()
	info, err := os.Stat(p.log)
	if err != nil {
		p.t.Fatal(err)
	}
	return info.Size()
}

// quiet waits until the server has had nothing to do for as long as pause:
// processes that a program started may outlive it.
func (p *Prefix) quiet(pause time.Duration) {
	p.t.Helper()
	size, since := p.logSize(), time.Now()
	for end := time.Now().Add(20 * time.Second); time.Since(since) < pause; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatal("the Wine server does not come to rest")
		}
		if n := p.logSize(); n != size {
			size, since = n, time.Now()
		}
	}
}

var (
	requestLine = regexp.MustCompile(`^([0-9a-f]{4,}): ([a-z_0-9]+)\((.*)$`)
	accessArg   = regexp.MustCompile(`access=([0-9a-f]+)`)
	createArg   = regexp.MustCompile(`create=(\d+)`)
	fileArg     = regexp.MustCompile(`filename="([^"]*)"`)
	nameArg     = regexp.MustCompile(`name=L"((?:[^"\\]|\\.)*)"`)
	handleArg   = regexp.MustCompile(`(?:hkey|handle|parent|rootdir)=([0-9a-f]+)`)
	commandArg  = regexp.MustCompile(`cmdline=L"((?:[^"\\]|\\.)*)"`)
	processArg  = regexp.MustCompile(`pid=([0-9a-f]+)`)
	threadArg   = regexp.MustCompile(`tid=([0-9a-f]+)`)
)

const (
	// fileWriteBits are the access rights that change a file: GENERIC_ALL,
	// GENERIC_WRITE, write and append data, write (extended) attributes,
	// DELETE, WRITE_DAC and WRITE_OWNER, winnt.h.
	fileWriteBits = 0x10000000 | 0x40000000 | 0x2 | 0x4 | 0x10 | 0x100 | 0x10000 | 0x40000 | 0x80000

	fileOpen = "1" // the only create disposition that makes nothing
)

// trace follows a log of requests, a line for each request ("0024: name( … )")
// and one for each answer ("0024: name() = status { … }").
type trace struct {
	process map[string]string // by thread: its process
	started map[string]string // by thread: the command line of the process that it is starting
	command map[string]string // by process: its command line, if another process started it
	opening map[string]string // by thread: the key whose open_key or create_key has no answer yet
	keys    map[handle]string // names of open keys
	found   []Mutation
}

// handle is a handle of a process, or of a thread whose process is not known.
type handle struct{ owner, number string }

// mutations returns those of log; before is what was logged earlier.
func mutations(before, log string) []Mutation {
	t := trace{
		process: map[string]string{}, started: map[string]string{}, command: map[string]string{},
		opening: map[string]string{}, keys: map[handle]string{},
	}
	t.read(before)
	t.found = nil
	t.read(log)
	return t.found
}

func (t *trace) read(log string) {
	for line := range strings.Lines(log) {
		m := requestLine.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			continue
		}
		thread, request, args := m[1], m[2], m[3]
		if answer, ok := strings.CutPrefix(args, ") "); ok {
			t.answer(thread, request, answer)
		} else {
			t.request(thread, request, args)
		}
	}
}

func (t *trace) add(thread, kind, what string) {
	t.found = append(t.found, Mutation{t.command[t.process[thread]], kind, strings.TrimSpace(what)})
}

func (t *trace) handle(thread, number string) handle {
	if process, ok := t.process[thread]; ok {
		return handle{process, number}
	}
	return handle{thread, number}
}

// answer notes which process a thread belongs to and which key a handle is.
func (t *trace) answer(thread, request, answer string) {
	switch request {
	case "init_first_thread":
		t.process[thread] = first(processArg, answer)
	case "new_process":
		t.command[first(processArg, answer)] = t.started[thread]
	case "new_thread":
		// For another process the thread's own init_first_thread corrects it.
		if process, ok := t.process[thread]; ok {
			t.process[first(threadArg, answer)] = process
		}
	case "open_key", "create_key":
		t.opened(thread, request, answer)
	}
}

// opened reads the answer to open_key and create_key: a created key has status
// 0, one that create_key found has OBJECT_NAME_EXISTS.
func (t *trace) opened(thread, request, answer string) {
	key, ok := t.opening[thread]
	if !ok {
		return
	}
	delete(t.opening, thread)
	made := strings.HasPrefix(answer, "= 0 ")
	if h := first(handleArg, answer); h != "" && (made || strings.HasPrefix(answer, "= OBJECT_NAME_EXISTS")) {
		t.keys[t.handle(thread, h)] = key
	}
	if request == "create_key" && made {
		t.add(thread, "registry", "create_key "+key)
	}
}

func (t *trace) request(thread, request, args string) {
	if strings.Contains(unescape(args), `\Device\Afd`) {
		t.add(thread, "network", request+" of a socket")
	}
	switch request {
	case "create_key", "open_key":
		t.opening[thread] = t.key(thread, args)
	case "set_key_value", "delete_key_value", "delete_key", "rename_key", "save_registry", "load_registry", "unload_registry":
		key := t.key(thread, args)
		if request == "set_key_value" && strings.Contains(key, "TimeZoneInformation") {
			return // Wine, in every process
		}
		t.add(thread, "registry", request+" "+key)
	case "set_security_object", "set_token_default_dacl", "adjust_token_privileges":
		t.add(thread, "security", request+" "+args)
	case "set_fd_name_info", "set_fd_disp_info", "set_fd_eof_info":
		t.add(thread, "file", request+" "+args)
	case "create_file":
		access, _ := strconv.ParseUint(first(accessArg, args), 16, 32)
		create := first(createArg, args)
		if access&fileWriteBits != 0 || create != fileOpen {
			t.add(thread, "file", fmt.Sprintf("create_file access=%08x create=%s %s", access, create, first(fileArg, args)))
		}
	case "new_process":
		// Not all of args: the environment is in there.
		t.started[thread] = unescape(first(commandArg, args))
		t.add(thread, "process", request+" "+t.started[thread])
	case "terminate_process":
		if !strings.Contains(args, "handle=ffffffff") && !strings.Contains(args, "handle=0000,") {
			t.add(thread, "process", request+" "+args)
		}
	}
}

func first(r *regexp.Regexp, s string) string {
	if m := r.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// key is the name in a request below the key that its handle stands for, as
// far as its opening was seen.
func (t *trace) key(thread, args string) string {
	name := unescape(first(nameArg, args))
	if parent, ok := t.keys[t.handle(thread, first(handleArg, args))]; ok {
		return strings.TrimRight(parent+`\`+name, `\`)
	}
	return name
}

func unescape(s string) string { return strings.ReplaceAll(s, `\\`, `\`) }
