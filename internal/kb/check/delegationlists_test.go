package check

import "testing"

func TestMatchSPN(t *testing.T) {
	for _, c := range []struct {
		entry, spn string
		want       spnMatch
	}{
		{`TERMSRV/*`, `TERMSRV/server`, spnSure},
		{`TERMSRV/*`, `TERMSRV/server.corp.example.com`, spnSure},
		{`TERMSRV/*`, `TERMSRV/192.0.2.5`, spnSure},
		{`TERMSRV/*`, `TERMSRV/2001:db8::5`, spnSure},
		{`TERMSRV/*`, anyHost, spnSure},
		{`TERMSRV/*`, `WSMAN/server`, spnNone},

		{`TERMSRV/*.corp.example.com`, `TERMSRV/host.corp.example.com`, spnSure},
		{`TERMSRV/*.corp.example.com`, `TERMSRV/a.b.corp.example.com`, spnSure},
		{`TERMSRV/*.corp.example.com`, `TERMSRV/corp.example.com`, spnNone},
		{`TERMSRV/*.corp.example.com`, `TERMSRV/host`, spnNone},
		{`TERMSRV/*.corp.example.com`, `TERMSRV/host.corp.example.com.evil.test`, spnNone},
		{`TERMSRV/*.corp.example.com`, anyHost, spnNone},
		{`TERMSRV/*.x`, `TERMSRV/x`, spnNone},
		{`TERMSRV/*.x`, `TERMSRV/.x`, spnSure},

		{`TERMSRV/host.corp.example.com`, `TERMSRV/host.corp.example.com`, spnSure},
		{`TERMSRV/host.corp.example.com`, `TERMSRV/host`, spnNone},
		{`TERMSRV/host.corp.example.com`, `TERMSRV/192.0.2.5`, spnNone},
		{`TERMSRV/host.corp.example.com`, `TERMSRV/host.corp.example.com.`, spnNone},
		{`TERMSRV/host.corp.example.com`, anyHost, spnNone},
		{`TERMSRV/host`, `TERMSRV/host.corp.example.com`, spnNone},
		{`TERMSRV/web*`, `TERMSRV/web01`, spnSure},
		{`TERMSRV/web*01`, `TERMSRV/web01`, spnSure},
		{`TERMSRV/web*01`, `TERMSRV/web0`, spnNone}, // before and after may not overlap
		{`TERMSRV/aXa*aXa`, `TERMSRV/aXa`, spnNone},

		// Two wildcards are one too many.
		{`TERMSRV/**`, `TERMSRV/server`, spnNone},
		{`TERMSRV/**`, anyHost, spnNone},
		{`TERMSRV/*.example.*`, `TERMSRV/server.example.test`, spnNone},
		{`*/*`, `TERMSRV/server`, spnNone},
		{`**`, `TERMSRV/server`, spnNone},

		// What is reported but not documented.
		{`*`, `TERMSRV/server`, spnLikely},
		{`*`, anyHost, spnLikely},
		{`termsrv/*`, `TERMSRV/server`, spnLikely},
		{`TERMSRV/SERVER`, `TERMSRV/server`, spnLikely},
		{`TermSrv/*.Example.Test`, `TERMSRV/server.example.test`, spnLikely},
		{`*/server`, `TERMSRV/server`, spnLikely},

		{``, `TERMSRV/server`, spnNone},
		{`server`, `TERMSRV/server`, spnNone},
		{`T*`, `TERMSRV/server`, spnNone},
		{`TERMSRV`, `TERMSRV/server`, spnNone},
		{`TERMSRV/`, `TERMSRV/server`, spnNone},
		{` TERMSRV/server`, `TERMSRV/server`, spnNone},
		{`WSMAN/*`, `TERMSRV/server`, spnNone},
	} {
		if got := matchSPN(c.entry, c.spn); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.entry, c.spn, got, c.want)
		}
	}
}

func TestNamesHosts(t *testing.T) {
	for entry, want := range map[string]bool{
		`TERMSRV/*`: true, `termsrv/server`: true, `TERMSRV/*.example.test`: true,
		`TERMSRV/**`: false, `TERMSRV/`: false, `*`: false, `server`: false, ``: false, `WSMAN/*`: false, ` TERMSRV/x`: false,
	} {
		if namesHosts(entry) != want {
			t.Errorf("%q: %v", entry, !want)
		}
	}
}

func TestHostSPN(t *testing.T) {
	for host, want := range map[string]string{
		"":                    anyHost,
		"server":              "TERMSRV/server",
		"server:3390":         "TERMSRV/server",
		"server.example.test": "TERMSRV/server.example.test",
		"192.0.2.5:3389":      "TERMSRV/192.0.2.5",
		"2001:db8::5":         "TERMSRV/2001:db8::5",
	} {
		if got := hostSPN(host); got != want {
			t.Errorf("%q: %q", host, got)
		}
	}
}
