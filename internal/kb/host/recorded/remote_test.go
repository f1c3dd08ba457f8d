package recorded_test

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"kbgen/internal/kb/host"
	"kbgen/internal/kb/host/recorded"
)

func remoteOf(t *testing.T, m host.Host, name string) host.Remote {
	t.Helper()
	r, err := m.Remote(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestManualRemote(t *testing.T) {
	m := parse(t, manual(t))
	r := remoteOf(t, m, "Server.Example.test")
	addr := "10.0.0.5"
	same(t, "addresses", []string{addr})(r.Addresses())
	same(t, "in DNS", true)(r.InDNS())
	same(t, "names", []string{"server.example.test"})(r.Names(addr))
	same(t, "forward", []string{addr})(r.Forward("SERVER.example.test"))
	fails(t, "names of another", host.ErrAbsent)(r.Names("10.0.0.6"))
	fails(t, "refused", host.ErrRefused)(r.Dial(addr, 3390, time.Second))
	fails(t, "not recorded", host.ErrUnsupported)(r.Dial(addr, 80, time.Second))
	fails(t, "no such host", host.ErrUnsupported)(m.Remote("other"))

	c, err := r.Dial(addr, 3389, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte("0\x37\xa0")); err != nil {
		t.Error(err)
	}
	if b, err := io.ReadAll(c); string(b) != "0\x05\xa0\x03\x02\x01\x06" || err != nil {
		t.Errorf("% x, %v", b, err)
	}
	if _, err := c.Write([]byte("other")); err == nil {
		t.Error("an answer to what nobody awaits")
	}
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	same(t, "TLS", host.TLS{
		Version: 0x303, Subject: "server.example.test", Issuer: "Example CA", Names: []string{"server.example.test"},
		NotBefore: now.AddDate(0, 0, -30), NotAfter: now.AddDate(0, 0, 150), KeyBits: 2048,
	})(c.StartTLS(""))

	a, err := r.Ask(addr, 123, []byte(strings.Repeat("x", 40)+"12345678"), time.Second)
	if err != nil || len(a.Packet) != 48 || string(a.Packet[24:32]) != "12345678" || a.Received.Sub(a.Sent) != 20*time.Millisecond {
		t.Fatalf("%+v, %v", a, err)
	}
	if got := time.Unix(int64(binary.BigEndian.Uint32(a.Packet[40:]))-2208988800, 0); !got.Equal(now.Add(10 * time.Minute)) {
		t.Errorf("the packet says %v", got)
	}
}

func TestRemoteAnswers(t *testing.T) {
	r := remoteOf(t, parse(t, `
[remote x] !timeout
[remote y]
address = fd00::5
dns = !failed DnsQuery_W 9002
[tcp 10.0.0.5:1]
01 = 02 closed
0102 = closed
0103 = stall
0104 = 0506 endless
tls = !failed InitializeSecurityContext 0x80090331
[tcp 10.0.0.5:2] !unreachable
[tcp [fd00::5]:3]
tls = closed
[udp [fd00::5]:123]
reply = 01
reply = !timeout
reply = 02{0:99}{7:8}
[udp 10.0.0.5:123] !refused
`), "x")
	fails(t, "addresses", host.ErrTimeout)(r.Addresses())
	if _, err := remoteOf(t, parse(t, "[remote y]\ndns = no"), "y").InDNS(); err != nil {
		t.Error(err)
	}
	fails(t, "unreachable", host.ErrUnreachable)(r.Dial("10.0.0.5", 2, time.Second))
	fails(t, "refused", host.ErrRefused)(r.Ask("10.0.0.5", 123, nil, time.Second))

	for asked, want := range map[string]struct {
		reply string
		err   error
	}{
		"\x01":     {"\x02", nil},
		"\x01\x02": {"", nil},
		"\x01\x03": {"", host.ErrTimeout},
		"\x01\x04": {"\x05\x06\x05\x06\x05\x06\x05", nil},
	} {
		c, err := r.Dial("10.0.0.5", 1, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(make([]byte, 1)); err != host.ErrTimeout {
			t.Errorf("before a question: %v", err)
		}
		if _, err := io.WriteString(c, asked); err != nil {
			t.Error(err)
		}
		if b, err := io.ReadAll(io.LimitReader(c, 7)); string(b) != want.reply || err != want.err {
			t.Errorf("%x: % x, %v", asked, b, err)
		}
		var call *host.CallError
		if _, err := c.StartTLS(""); !errors.As(err, &call) || call.Code != 0x80090331 {
			t.Error(err)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	c, err := r.Dial("fd00::5", 3, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	fails(t, "TLS", io.EOF)(c.StartTLS(""))
	for i, want := range []string{"\x01", "", "\x02abc", "\x02abc"} {
		a, err := r.Ask("fd00::5", 123, []byte("abc"), time.Second)
		if string(a.Packet) != want || (err == host.ErrTimeout) != (i == 1) {
			t.Errorf("%d: % x, %v", i, a.Packet, err)
		}
	}
}

func TestRemoteErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"[remote x]\naddress = y", "m:2:11: this is not an address"},
		{"[remote x]\nport = 1", "m:2:1: there is no such name in this section"},
		{"[remote x] !refused", "m:1:12: there is no such answer"},
		{"[names x]\nname = y", "m:1:8: this is not an address"},
		{"[tcp 10.0.0.5]", "m:1:6: this is not a port of an address"},
		{"[tcp 10.0.0.5:1]\n0 = 1", "m:2:1: this is neither a name of this section nor bytes"},
		{"[tcp 10.0.0.5:1]\n00 = 1", "m:2:6: these are not bytes"},
		{"[tcp 10.0.0.5:1]\n00 = 01 later", "m:2:6: these are not bytes"},
		{"[tcp 10.0.0.5:1]\n00 = endless", "m:2:6: nothing for ever is a stall"},
		{"[tcp 10.0.0.5:1]\ntls = 1.4", "m:2:7: there is no such value"},
		{"[tcp 10.0.0.5:1]\ntls = 1.2", "m:1:2: this section lacks subject"},
		{"[tcp 10.0.0.5:1]\ntls = 1.2\nsha1 = 00", "m:3:8: this is not a SHA-1 hash"},
		{"[tcp 10.0.0.5:1]\ntls = 1.2\nvalid = -1d", "m:3:12: this is not a time"},
		{"[udp 10.0.0.5:1]", "m:1:2: this section lacks reply"},
		{"[udp 10.0.0.5:1]\nreply = {1", "m:2:9: this brace has no end"},
		{"[udp 10.0.0.5:1]\nreply = 00{3:1}", "m:2:12: these bytes end before they start"},
		{"[udp 10.0.0.5:1]\nreply = 00{x}", "m:2:12: this is not a time relative"},
	} {
		_, err := recorded.Parse("m", c.text)
		var located *recorded.Error
		if !errors.As(err, &located) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}
