//go:build linux

package winetest

import "testing"

// Programs that set a scene, for [Build].
const (
	// seed writes what no text file can; see its comment.
	seed = "kbgen/internal/kb/winetest/testdata/seed"

	// Filtered runs the program in its arguments as an administrator who is
	// not elevated. Programs of this machine are named by [WinPath].
	Filtered = "kbgen/internal/kb/winetest/testdata/filtered"
)

// Unreadable are the permissions, for [Seeder.Key], of a key that nobody may
// read.
const Unreadable = "D:P(D;;KR;;;WD)(A;;KA;;;BA)"

// Seeder writes into a prefix while its server runs.
type Seeder struct{ exe string }

// NewSeeder compiles the program that writes.
func NewSeeder(t testing.TB) *Seeder {
	t.Helper()
	return &Seeder{Build(t, seed)}
}

// Key makes a key of HKLM, HKCU or HKU with the permissions of an SDDL text.
// They last until the server ends.
func (s *Seeder) Key(p *Prefix, path, sddl string) { s.run(p, "key", path, sddl) }

// Credential saves a credential with a secret. kind and persist are numbers of
// wincred.h.
func (s *Seeder) Credential(p *Prefix, target, user, kind, persist string) {
	s.run(p, "credential", target, user, kind, persist)
}

func (s *Seeder) run(p *Prefix, args ...string) {
	p.t.Helper()
	if r := p.Run(Cmd{Exe: s.exe, Args: args}); r.Code != 0 {
		p.t.Fatalf("seed %q: %s%s", args, r.Stdout, r.Stderr)
	}
}
