// Package winetest runs Windows programs under Wine. Only tests import it.
//
// A test gets a private Wine prefix (a Windows drive and registry of its own)
// with a Wine server of its own, both gone at its end:
//
//	winetest.Require(t)
//	exe := winetest.Build(t, "kbgen/cmd/kbprobe")
//	p := winetest.New(t)
//	p.SystemReg(`[Software\\Policies\\X] 1` + "\n" + `"Y"=dword:00000002` + "\n")
//	r := p.Run(winetest.Cmd{Exe: exe, Args: []string{"-list"}})
//
// Making a prefix takes Wine several seconds and 700 MB. So it is made once per
// machine and Wine version, as a template of about 13 MB in the user's cache
// folder (kbgen/winetest), and copied for each test in some 50 ms. The first
// program in a prefix takes a third of a second, each further one some 20 ms.
//
// What Wine cannot show (deny entries of files, event logs, service security,
// arm64) no test here can prove; see the tests of package host for what is
// asserted as not supported.
//
// The package works on Linux with Wine 8 or later for amd64. On Debian:
//
//	apt-get install --no-install-recommends wine wine64 locales
//
// Without Wine the tests are skipped; with KB_E2E=required in the environment
// they fail.
package winetest
