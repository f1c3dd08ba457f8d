//go:build linux

package e2e

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/plan"
	"kbgen/internal/kb/rdp"
	"kbgen/internal/kb/winetest"
)

// Requests as they go over the wire.
var (
	askNothing = rdp.Request(rdp.Standard)
	askTLS     = rdp.Request(rdp.TLS)
	askAll     = rdp.Request(rdp.TLS | rdp.CredSSP | rdp.CredSSPEx)
)

func selects(p rdp.Protocols, flags byte) []byte {
	return []byte{3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0, 2, flags, 8, 0, byte(p), 0, 0, 0}
}

func fails(f rdp.Failure) []byte {
	return []byte{3, 0, 0, 19, 14, 0xd0, 0, 0, 0x12, 0x34, 0, 3, 0, 8, 0, byte(f), 0, 0, 0}
}

// finding is one of a report, with its values.
type finding struct {
	ID, Verdict, Text string
	Values            map[string]string
}

type networkStep struct {
	Anchor   string
	Findings []finding
}

// target is a step of a plan that connects to a port, and what it must find.
type target struct {
	name, check string
	port        int
	want        string            // verdict and ID of each finding, with commas
	values      map[string]string // among those of the findings
}

// network is the program in a Wine of its own.
type network struct {
	prefix *winetest.Prefix
	probe  string
}

func newNetwork(t *testing.T) *network {
	winetest.Require(t)
	return &network{winetest.New(t), winetest.Build(t, "kbgen/cmd/kbprobe")}
}

// run runs the program once, with a step for each target.
func (n *network) run(t *testing.T, host string, targets []target) {
	t.Helper()
	p := plan.Plan{Slug: "network", Title: check.Text{JA: "ネットワーク", EN: "Network"}}
	uses := map[string]int{}
	for _, target := range targets {
		s := plan.Step{Anchor: target.check, Check: target.check}
		if uses[target.check]++; uses[target.check] > 1 {
			s.Anchor += "-" + strconv.Itoa(uses[target.check])
		}
		if target.port != 0 {
			s.Args = check.Args{"port": strconv.Itoa(target.port), "timeout": "3s"}
		}
		p.Steps = append(p.Steps, s)
	}
	p.Hash = plan.Hash(p.Slug, p.Steps)
	exe := filepath.Join(t.TempDir(), "kbprobe-network.exe")
	program, err := os.ReadFile(n.probe)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(exe, stamped(t, program, p), 0o755); err != nil {
		t.Fatal(err)
	}
	r := n.prefix.Run(winetest.Cmd{Exe: exe, Args: []string{"-json", "-host", host, "-lang", "en"}, Timeout: 2 * time.Minute})
	var report struct{ Steps []networkStep }
	if err := json.Unmarshal([]byte(r.Stdout), &report); err != nil || len(report.Steps) != len(targets) {
		t.Fatalf("%v, %d steps for %d\nstandard output: %s\nstandard error: %s", err, len(report.Steps), len(targets), r.Stdout, r.Stderr)
	}
	for i, target := range targets {
		var got []string
		values := map[string]string{}
		for _, f := range report.Steps[i].Findings {
			got = append(got, f.Verdict+" "+f.ID)
			for name, v := range f.Values {
				values[name] = v
			}
		}
		if s := strings.Join(got, ", "); !slices.Contains(strings.Split(target.want, "|"), s) {
			t.Errorf("%s, %s: %s, want %s\n%v", target.check, target.name, s, target.want, values)
		}
		for name, want := range target.values {
			if values[name] != want {
				t.Errorf("%s, %s: %s is %q, want %q", target.check, target.name, name, values[name], want)
			}
		}
	}
}

// peers are servers of a test, gone at its end.
type peers struct {
	t   *testing.T
	mu  sync.Mutex
	end []io.Closer
}

func newPeers(t *testing.T) *peers {
	p := &peers{t: t}
	t.Cleanup(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, c := range p.end {
			c.Close()
		}
	})
	return p
}

func (p *peers) keep(c io.Closer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.end = append(p.end, c)
}

// serve listens on a port that serves each connection.
func (p *peers) serve(each func(net.Conn)) (port int) {
	p.t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	p.keep(l)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.keep(c)
			go func() {
				each(c)
				c.Close()
			}()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

// stall keeps the line open until the client hangs up.
func stall(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// says answers one request, whatever it is, and waits.
func says(b []byte) func(net.Conn) {
	return func(c net.Conn) {
		if _, err := io.ReadFull(c, make([]byte, 19)); err == nil {
			_, _ = c.Write(b)
			stall(c)
		}
	}
}

// answers answers each of the three requests of a negotiation.
func answers(plain, tls, all []byte) func(net.Conn) {
	return func(c net.Conn) {
		request := make([]byte, 19)
		if _, err := io.ReadFull(c, request); err != nil {
			return
		}
		for i, asked := range [][]byte{askNothing, askTLS, askAll} {
			if bytes.Equal(request, asked) {
				_, _ = c.Write([][]byte{plain, tls, all}[i])
				stall(c)
			}
		}
	}
}

func endless(b []byte) func(net.Conn) {
	b = bytes.Repeat(b, 1000)
	return func(c net.Conn) {
		for {
			if _, err := c.Write(b); err != nil {
				return
			}
		}
	}
}

// reset ends a connection with a RST.
func reset(c net.Conn) {
	_, _ = io.ReadFull(c, make([]byte, 19))
	_ = c.(*net.TCPConn).SetLinger(0)
}

func TestNegotiation(t *testing.T) {
	n, p := newNetwork(t), newPeers(t)
	nla := selects(rdp.CredSSP, 0x1f)
	free, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing := free.Addr().(*net.TCPAddr).Port
	free.Close()
	const id = "rdp-net.negotiation"
	targets := []target{
		{name: "NLA required", port: p.serve(answers(fails(rdp.HybridRequired), fails(rdp.HybridRequired), nla)), want: "ok nla-required, ok modes",
			values: map[string]string{"rdp": "HYBRID_REQUIRED_BY_SERVER", "nla": "HYBRID", "modes": "Restricted Admin, Remote Credential Guard"}},
		{name: "NLA available", port: p.serve(answers(selects(0, 0), selects(rdp.TLS, 0), selects(rdp.CredSSPEx, 0))), want: "ok nla-available, ok no-modes"},
		{name: "TLS required", port: p.serve(answers(fails(rdp.SSLRequired), selects(rdp.TLS, 0), selects(rdp.TLS, 0))), want: "ok tls-only"},
		{name: "standard only", port: p.serve(answers(selects(0, 0), fails(rdp.SSLNotAllowed), fails(rdp.SSLNotAllowed))), want: "warning standard-only"},
		{name: "no negotiation data", port: p.serve(says([]byte{3, 0, 0, 11, 6, 0xd0, 0, 0, 0x12, 0x34, 0})), want: "warning standard-only"},
		{name: "no certificate", port: p.serve(answers(selects(0, 0), fails(rdp.NoCertificate), fails(rdp.NoCertificate))), want: "problem no-certificate"},
		{name: "failure 4", port: p.serve(says(fails(4))), want: "warning refused"},
		{name: "failure 6", port: p.serve(says(fails(6))), want: "warning refused"},
		{name: "banner", port: p.serve(func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-x\r\n"); stall(c) }), want: "unknown not-rdp",
			values: map[string]string{"bytes": "53 53 48 2d"}},
		{name: "endless garbage", port: p.serve(endless([]byte{0})), want: "unknown not-rdp"},
		{name: "endless TPKT", port: p.serve(endless([]byte{3, 0, 0, 19, 14, 0xd0})), want: "unknown not-rdp"},
		{name: "huge length", port: p.serve(says([]byte{3, 0, 0xff, 0xff, 14, 0xd0})), want: "unknown not-rdp"},
		{name: "a byte at a time", port: p.serve(func(c net.Conn) {
			for _, b := range nla {
				time.Sleep(5 * time.Millisecond)
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
			}
			stall(c)
		}), want: "ok nla-available, ok modes"},
		{name: "stall", port: p.serve(stall), want: "unknown no-answer"},
		{name: "half an answer", port: p.serve(says(nla[:9])), want: "unknown no-answer"},
		{name: "a byte a second", port: p.serve(func(c net.Conn) {
			for _, b := range nla {
				time.Sleep(time.Second)
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
			}
		}), want: "unknown no-answer"},
		{name: "reset", port: p.serve(reset), want: "problem closed"},
		{name: "closed at once", port: p.serve(func(net.Conn) {}), want: "problem closed"},
		{name: "refused", port: refusing, want: "unknown no-connection", values: map[string]string{"error": "WSAECONNREFUSED 10061"}},
	}
	for i := range targets {
		targets[i].check = id
	}
	open := p.serve(stall)
	targets = append(targets,
		target{name: "open", check: "net.tcp-reach", port: open, want: "ok connected", values: map[string]string{"addresses": fmt.Sprintf("127.0.0.1:%d", open)}},
		target{name: "refused", check: "net.tcp-reach", port: refusing, want: "problem refused"},
	)
	n.run(t, "127.0.0.1", targets)
}

// certificate makes a key pair with a self-signed certificate.
func certificate(t *testing.T, change func(*x509.Certificate)) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signed(t, change, key, &key.PublicKey)
}

func signed(t *testing.T, change func(*x509.Certificate), key any, public any) tls.Certificate {
	t.Helper()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "server.example.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		DNSNames: []string{"server.example.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if change != nil {
		change(c)
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, public, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// secured selects a protocol, makes a TLS handshake and goes on with next.
func secured(selected rdp.Protocols, config *tls.Config, next func(*tls.Conn)) func(net.Conn) {
	return func(c net.Conn) {
		if _, err := io.ReadFull(c, make([]byte, 19)); err != nil {
			return
		}
		if _, err := c.Write(selects(selected, 0x1f)); err != nil {
			return
		}
		s := tls.Server(c, config)
		if s.Handshake() == nil && next != nil {
			next(s)
		}
	}
}

func TestCertificate(t *testing.T) {
	n, p := newNetwork(t), newPeers(t)
	serve := func(config *tls.Config, change func(*x509.Certificate)) int {
		config.Certificates = []tls.Certificate{certificate(t, change)}
		return p.serve(secured(rdp.CredSSP, config, func(c *tls.Conn) { stall(c) }))
	}
	key, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		t.Fatal(err)
	}
	known := signed(t, nil, key, &key.PublicKey)
	hash := fmt.Sprintf("%X", sha1.Sum(known.Certificate[0]))
	old := &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}}
	const selfMade = "ok certificate, warning untrusted"
	targets := []target{
		{name: "all fields", port: p.serve(secured(rdp.TLS, &tls.Config{Certificates: []tls.Certificate{known}}, func(c *tls.Conn) { stall(c) })), want: selfMade,
			values: map[string]string{
				"subject": "server.example.test", "issuer": "server.example.test", "names": "server.example.test, 127.0.0.1, ::1", "bits": "3072", "sha1": hash, "tls": "TLS 1.2",
				"from": known0(known).NotBefore.UTC().Format("2006-01-02 15:04 UTC"), "to": known0(known).NotAfter.UTC().Format("2006-01-02 15:04 UTC"),
			}},
		{name: "expired", port: serve(&tls.Config{}, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().AddDate(-1, 0, 0), time.Now().AddDate(0, 0, -1)
		}),
			want: "ok certificate, problem expired, warning untrusted"},
		{name: "not valid yet", port: serve(&tls.Config{}, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) }),
			want: "ok certificate, problem not-yet-valid, warning untrusted"},
		{name: "until the year 9999", port: serve(&tls.Config{}, func(c *x509.Certificate) { c.NotAfter = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) }),
			want: selfMade, values: map[string]string{"to": "9999-12-31 23:59 UTC"}},
		{name: "another name", port: serve(&tls.Config{}, func(c *x509.Certificate) { c.IPAddresses = nil }),
			want: "ok certificate, warning name-differs, warning untrusted"},
		{name: "common name alone", port: serve(&tls.Config{}, func(c *x509.Certificate) {
			c.IPAddresses, c.DNSNames, c.Subject.CommonName = nil, nil, "127.0.0.1"
		}), want: selfMade, values: map[string]string{"names": "127.0.0.1"}},
		{name: "texts that do something", port: serve(&tls.Config{}, func(c *x509.Certificate) { c.Subject.CommonName = "a\x1b[2J\nb日本" }),
			want: selfMade, values: map[string]string{"subject": "a?[2J?b日本"}},
		{name: "10,000 names", port: serve(&tls.Config{}, func(c *x509.Certificate) {
			c.DNSNames = slices.Repeat([]string{"x"}, 10000)
		}), want: "ok certificate, warning name-differs, warning untrusted"},
		{name: "client certificate wanted", port: serve(&tls.Config{ClientAuth: tls.RequestClientCert}, nil), want: selfMade},
		{name: "TLS 1.0", port: serve(old, nil), want: selfMade + ", warning tls-old", values: map[string]string{"tls": "TLS 1.0"}},
		{name: "no TLS", port: p.serve(says(selects(0, 0))), want: "n-a no-tls"},
		{name: "TLS not allowed", port: p.serve(says(fails(rdp.SSLNotAllowed))), want: "n-a no-tls"},
		{name: "no certificate", port: p.serve(says(fails(rdp.NoCertificate))), want: "problem no-certificate"},
		{name: "stall in the handshake", port: p.serve(says(selects(rdp.TLS, 0))), want: "unknown no-answer"},
		{name: "closed in the handshake", port: p.serve(func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 19))
			_, _ = c.Write(selects(rdp.TLS, 0))
			_, _ = c.Read(make([]byte, 1))
		}), want: "unknown cut-off"},
		{name: "garbage in the handshake", port: p.serve(says(append(selects(rdp.TLS, 0), "HTTP/1.1 400 Bad Request\r\n\r\n"...))),
			want: "unknown tls-failed|unknown no-answer"}, // Wine waits for the rest of a record
		{name: "TLS 1.3 alone", port: serve(&tls.Config{MinVersion: tls.VersionTLS13}, nil), want: "warning tls-mismatch|unknown tls-failed"}, // Wine has one code for all that fails
		{name: "endless handshake", port: p.serve(func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 19))
			_, _ = c.Write(selects(rdp.TLS, 0))
			endless(append([]byte{22, 3, 3, 0x40, 0}, make([]byte, 0x4000)...))(c)
		}), want: "unknown tls-failed"},
		{name: "stall", port: p.serve(stall), want: "unknown no-answer"},
		{name: "reset", port: p.serve(reset), want: "unknown cut-off"},
		{name: "banner", port: p.serve(func(c net.Conn) { _, _ = io.WriteString(c, "SSH-2.0-x\r\n"); stall(c) }), want: "unknown not-rdp"},
	}
	for i := range targets {
		targets[i].check = "rdp-net.tls-certificate"
	}
	n.run(t, "127.0.0.1", targets)
}

func known0(c tls.Certificate) *x509.Certificate {
	leaf, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		panic(err)
	}
	return leaf
}

// tsRequest is a TSRequest of a version with a token of that many bytes.
func tsRequest(version byte, token int) []byte {
	b := []byte{0xa0, 3, 2, 1, version, 0xa1, 0x82, byte(token >> 8), byte(token)}
	b = append(b, make([]byte, token)...)
	return append([]byte{0x30, 0x82, byte(len(b) >> 8), byte(len(b))}, b...)
}

func TestCredSSPVersion(t *testing.T) {
	n, p := newNetwork(t), newPeers(t)
	config := &tls.Config{Certificates: []tls.Certificate{certificate(t, nil)}}
	var mu sync.Mutex
	unexpected := []string{}
	// replies reads the request to the letter, answers, and sees to it that
	// nothing follows: the authentication ends here.
	replies := func(b []byte) int {
		return p.serve(secured(rdp.CredSSP, config, func(c *tls.Conn) {
			got := make([]byte, len(rdp.CredSSPRequest()))
			_, err := io.ReadFull(c, got)
			_, _ = c.Write(b)
			rest, _ := io.ReadAll(c)
			if err != nil || !bytes.Equal(got, rdp.CredSSPRequest()) || len(rest) > 0 {
				mu.Lock()
				defer mu.Unlock()
				unexpected = append(unexpected, fmt.Sprintf("% x, %v, then % x", got, err, rest))
			}
		}))
	}
	short := func(version byte) []byte { return []byte{0x30, 5, 0xa0, 3, 2, 1, version} }
	targets := []target{
		{name: "2", port: replies(short(2)), want: "problem server-unpatched", values: map[string]string{"version": "2"}},
		{name: "3", port: replies(short(3)), want: "problem server-unpatched"},
		{name: "4", port: replies(short(4)), want: "problem server-unpatched"},
		{name: "5", port: replies(short(5)), want: "ok server-patched"},
		{name: "6", port: replies(tsRequest(6, 300)), want: "ok server-patched", values: map[string]string{"version": "6"}},
		{name: "largest", port: replies(tsRequest(6, rdp.MaxCredSSP-13)), want: "ok server-patched"},
		{name: "over TLS 1.2 at least", port: p.serve(secured(rdp.CredSSP, &tls.Config{Certificates: config.Certificates, MinVersion: tls.VersionTLS12}, func(c *tls.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 57))
			for _, b := range tsRequest(6, 300) { // a record for each byte
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
			}
			stall(c)
		})), want: "ok server-patched"},
		{name: "too large", port: replies(tsRequest(6, rdp.MaxCredSSP)), want: "unknown not-rdp"},
		{name: "huge length", port: replies([]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff}), want: "unknown not-rdp"},
		{name: "garbage", port: replies([]byte("HTTP/1.1 400")), want: "unknown not-rdp"},
		{name: "endless", port: p.serve(secured(rdp.CredSSP, config, func(c *tls.Conn) { endless([]byte{0x30})(c) })), want: "unknown not-rdp"},
		{name: "stall", port: p.serve(secured(rdp.CredSSP, config, func(c *tls.Conn) { stall(c) })), want: "unknown no-answer"},
		{name: "closed", port: p.serve(secured(rdp.CredSSP, config, func(c *tls.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 57))
			c.Close()
		})), want: "unknown cut-off"},
		{name: "closed without a farewell", port: p.serve(secured(rdp.CredSSP, config, nil)), want: "unknown cut-off"},
		{name: "reset", port: p.serve(secured(rdp.CredSSP, config, func(c *tls.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 57))
			_ = c.NetConn().(*net.TCPConn).SetLinger(0)
			c.NetConn().Close()
		})), want: "unknown cut-off"},
		{name: "garbage in place of a record", port: p.serve(secured(rdp.CredSSP, config, func(c *tls.Conn) {
			_, _ = c.NetConn().Write(bytes.Repeat([]byte{23, 3, 3, 0, 64}, 40))
			stall(c)
		})), want: "unknown failed"},
		{name: "TLS alone", port: p.serve(secured(rdp.TLS, config, nil)), want: "n-a no-credssp"},
		{name: "NLA not there", port: p.serve(says(fails(rdp.SSLRequired))), want: "n-a no-credssp"},
	}
	for i := range targets {
		targets[i].check = "credssp.server-version"
	}
	n.run(t, "127.0.0.1", targets)
	mu.Lock()
	defer mu.Unlock()
	for _, u := range unexpected {
		t.Errorf("the program sent %s", u)
	}
}

// timeServer answers on port 123 of an address.
func (p *peers) timeServer(address string, answer func(question []byte) []byte) {
	p.t.Helper()
	c, err := net.ListenPacket("udp4", address+":123")
	if err != nil {
		if errors.Is(err, net.ErrClosed) {
			p.t.Fatal(err)
		}
		winetest.Missing(p.t, fmt.Sprintf("cannot be a time server on this machine: %v", err))
	}
	p.keep(c)
	go func() {
		b := make([]byte, 1500)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			if a := answer(bytes.Clone(b[:n])); a != nil {
				_, _ = c.WriteTo(a, from)
			}
		}
	}()
}

// timeAnswer is the right answer of a server whose clock is ahead.
func timeAnswer(question []byte, ahead time.Duration) []byte {
	a := make([]byte, 48)
	a[0], a[1] = 0x24, 2
	copy(a[24:], question[40:48])
	now := time.Now().Add(ahead)
	stamp := uint64(now.Unix()+2208988800)<<32 | uint64(now.Nanosecond())<<32/1e9
	binary.BigEndian.PutUint64(a[32:], stamp)
	binary.BigEndian.PutUint64(a[40:], stamp)
	return a
}

func TestTimeOffset(t *testing.T) {
	n, p := newNetwork(t), newPeers(t)
	for i, c := range []struct {
		name, want string
		answer     func(question []byte) []byte
	}{
		{"in step", "ok in-step", func(q []byte) []byte { return timeAnswer(q, 0) }},
		{"slow", "problem far-off", func(q []byte) []byte { return timeAnswer(q, 10*time.Minute) }},
		{"fast", "warning off", func(q []byte) []byte { return timeAnswer(q, -2*time.Minute) }},
		{"kiss", "unknown kiss", func(q []byte) []byte {
			a := timeAnswer(q, 0)
			a[1] = 0
			copy(a[12:], "RATE")
			return a
		}},
		{"wrong originate", "unknown not-ntp", func(q []byte) []byte {
			a := timeAnswer(q, 0)
			a[24] ^= 1
			return a
		}},
		{"garbage", "unknown not-ntp", func([]byte) []byte { return []byte("what?") }},
		{"larger than is read", "unknown failed", func([]byte) []byte { return bytes.Repeat([]byte{0x24}, 1400) }},
		{"silent", "unknown no-reply", func([]byte) []byte { return nil }},
		{"nobody there", "unknown no-reply", nil},
	} {
		address := fmt.Sprintf("127.0.0.%d", 10+i)
		if c.answer != nil {
			p.timeServer(address, func(q []byte) []byte {
				if len(q) != 48 || q[0] != 0x23 {
					t.Errorf("the program asks % x", q)
					return nil
				}
				return c.answer(q)
			})
		}
		n.run(t, address, []target{{name: c.name, check: "time.ntp-offset", want: c.want}})
	}
}

// TestNames asks the resolver of this machine, which may have no DNS.
func TestNames(t *testing.T) {
	n, p := newNetwork(t), newPeers(t)
	open := p.serve(stall)
	n.run(t, "localhost", []target{
		{name: "a name", check: "net.tcp-reach", port: open, want: "ok connected|ok connected, warning partly"},
		// Names of this machine may or may not be in some DNS.
		{name: "a name", check: "net.dns-forward-reverse", want: "ok addresses, warning no-ptr, warning not-in-dns|ok addresses, warning no-ptr|ok consistent, warning not-in-dns|ok consistent",
			values: map[string]string{"host": "localhost"}},
	})
	n.run(t, "::1", []target{
		{name: "an address", check: "net.dns-forward-reverse", want: "ok addresses, warning no-ptr|ok consistent", values: map[string]string{"addresses": "::1"}},
		{name: "nobody there", check: "net.tcp-reach", port: open, want: "problem refused|problem unreachable", values: map[string]string{"addresses": fmt.Sprintf("[::1]:%d", open)}},
	})
	// Without any DNS the resolver fails, with 11002.
	n.run(t, "kb-no-such-host.invalid", []target{
		{name: "no such name", check: "net.dns-forward-reverse", want: "problem no-address|unknown failed"},
		{name: "no such name", check: "net.tcp-reach", port: open, want: "unknown absent|unknown failed"},
	})
}
