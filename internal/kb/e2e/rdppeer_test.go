//go:build linux

package e2e

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kbgen/internal/kb/winetest"
)

// need skips a test, or fails it, without a program.
func need(t *testing.T, program, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		// Debian keeps servers where not every PATH leads.
		if path, err = exec.LookPath("/usr/sbin/" + program); err != nil {
			winetest.Missing(t, "no "+program+" on this machine: install "+pkg)
		}
	}
	return path
}

// start runs a server until the test's end.
func start(t *testing.T, c *exec.Cmd) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "log")
	f, err := os.Create(log)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c.Stdout, c.Stderr = f, f
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		if text, err := os.ReadFile(log); t.Failed() && err == nil {
			t.Logf("%s said:\n%s", filepath.Base(c.Path), text)
		}
	})
}

// freePort is a port that nobody listens on now.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// listens waits until a port can be connected to.
func listens(t *testing.T, port int) {
	t.Helper()
	if !connects(port) {
		t.Fatalf("nothing listens on port %d", port)
	}
}

func connects(port int) bool {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if c, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			c.Close()
			return true
		}
	}
	return false
}

// rdpTargets are the three checks of one server.
func rdpTargets(name string, port int, negotiation, certificate, version string, values map[string]string) []target {
	return []target{
		{name: name, check: "rdp-net.negotiation", port: port, want: negotiation, values: values},
		{name: name, check: "rdp-net.tls-certificate", port: port, want: certificate},
		{name: name, check: "credssp.server-version", port: port, want: version},
		{name: name, check: "net.tcp-reach", port: port, want: "ok connected"},
	}
}

var iniLine = regexp.MustCompile(`(?m)^(port|fork|security_layer|certificate|key_file|LogFile|EnableSyslog)=.*$`)

// TestXRDP asks a real server without NLA, with each of its security layers.
func TestXRDP(t *testing.T) {
	n := newNetwork(t)
	xrdp := need(t, "xrdp", "xrdp")
	ini, err := os.ReadFile("/etc/xrdp/xrdp.ini")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	pair := certificate(t, nil)
	key, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, "key.pem": {Type: "PRIVATE KEY", Bytes: key}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var targets []target
	for layer, want := range map[string]struct {
		negotiation, certificate string
		values                   map[string]string
	}{
		"negotiate": {"ok tls-only", "ok certificate, warning untrusted", map[string]string{"rdp": "RDP", "tls": "SSL", "nla": "SSL"}},
		"tls":       {"ok tls-only", "ok certificate, warning untrusted", map[string]string{"rdp": "SSL_REQUIRED_BY_SERVER", "tls": "SSL", "nla": "SSL"}},
		"rdp":       {"warning standard-only", "n-a no-tls", map[string]string{"rdp": "RDP", "tls": "RDP", "nla": "RDP"}},
	} {
		port := freePort(t)
		settings := map[string]string{
			"port": fmt.Sprintf("tcp://127.0.0.1:%d", port), "fork": "true", "security_layer": layer, "EnableSyslog": "false",
			"certificate": filepath.Join(dir, "cert.pem"), "key_file": filepath.Join(dir, "key.pem"), "LogFile": filepath.Join(dir, layer+".log"),
		}
		text := iniLine.ReplaceAllStringFunc(string(ini), func(line string) string {
			name, _, _ := strings.Cut(line, "=")
			if name == "port" && strings.Contains(line, "=-1") { // of a session, not the server's
				return line
			}
			return name + "=" + settings[name]
		})
		config := filepath.Join(dir, layer+".ini")
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		start(t, exec.Command(xrdp, "--nodaemon", "--config", config))
		listens(t, port)
		targets = append(targets, rdpTargets("xrdp, "+layer, port, want.negotiation, want.certificate, "n-a no-credssp", want.values)...)
	}
	n.run(t, "127.0.0.1", targets)
}

// TestFreeRDP asks a real server with NLA.
func TestFreeRDP(t *testing.T) {
	n := newNetwork(t)
	shadow := need(t, "freerdp-shadow-cli", "freerdp2-shadow-x11")
	display := xvfb(t)
	home := t.TempDir()
	sam := filepath.Join(home, "sam")
	if err := os.WriteFile(sam, []byte("u1:::"+strings.Repeat("0", 32)+":::\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var targets []target
	for security, want := range map[string]struct {
		negotiation, certificate, version string
		values                            map[string]string
	}{
		"nla": {"ok nla-required, ok no-modes", "ok certificate, warning name-differs, warning untrusted", "ok server-patched",
			map[string]string{"rdp": "HYBRID_REQUIRED_BY_SERVER", "tls": "HYBRID_REQUIRED_BY_SERVER", "nla": "HYBRID"}},
		"tls": {"ok tls-only", "ok certificate, warning name-differs, warning untrusted", "n-a no-credssp", map[string]string{"rdp": "SSL_REQUIRED_BY_SERVER"}},
		"rdp": {"warning standard-only", "n-a no-tls", "n-a no-credssp", map[string]string{"nla": "SSL_NOT_ALLOWED_BY_SERVER"}},
	} {
		// On a busy machine a shadow server was seen that never listens.
		port := 0
		for range 3 {
			port = freePort(t)
			c := exec.Command(shadow, fmt.Sprintf("/port:%d", port), "/bind-address:127.0.0.1", "/sec:"+security, "/sam-file:"+sam)
			c.Env = append(os.Environ(), "DISPLAY="+display, "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, ".config"))
			start(t, c)
			if connects(port) {
				break
			}
		}
		listens(t, port)
		targets = append(targets, rdpTargets("freerdp-shadow, "+security, port, want.negotiation, want.certificate, want.version, want.values)...)
	}
	n.run(t, "127.0.0.1", targets)
}

// xvfb starts an X server that shows nothing and returns its display.
func xvfb(t *testing.T) string {
	t.Helper()
	program := need(t, "Xvfb", "xvfb")
	number, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer number.Close()
	c := exec.Command(program, "-displayfd", "3", "-screen", "0", "800x600x24", "-nolisten", "tcp")
	c.ExtraFiles = []*os.File{theirs}
	start(t, c)
	theirs.Close()
	if err := number.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	display, err := bufio.NewReader(number).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb does not start: %v", err)
	}
	return ":" + strings.TrimSpace(display)
}
