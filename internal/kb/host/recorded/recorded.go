package recorded

import (
	"strings"
	"time"

	"kbgen/internal/kb/host"
)

// Machine is a recorded machine. It implements [host.Host].
type Machine struct {
	// Names are in lower case.
	keys        map[string]*key
	keySecurity map[string]answer[host.Security]
	services    map[string]answer[host.Service]
	files       map[string]*file
	folders     map[string]answer[string]
	volumes     map[string]answer[host.Volume]
	drives      map[string]answer[string]
	env         map[string]answer[string]

	system   answer[host.System]
	token    answer[host.Token]
	identity answer[host.Identity]
	temp     answer[string]
	program  answer[string]

	events map[string]answer[[]host.Event]

	users       map[string]answer[host.LocalUser] // the process's own one also as ""
	groups      map[string]answer[[]string]
	rights      map[string]answer[[]string]
	join        answer[host.Join]
	entra       answer[host.EntraJoin]
	credentials answer[[]host.Credential]

	clock        answer[host.Clock]
	now          time.Time // what relative times count from, even if clock has another answer
	classes      map[string]answer[[]host.Instance]
	secureKernel answer[host.SecureKernel]
	processes    answer[[]host.Process]
	openers      map[string]answer[[]host.Process]
	listeners    map[string]answer[[]host.Process]
	certificates map[string]answer[[]host.Certificate]
	updates      answer[host.UpdateResults]
	firewall     answer[host.FirewallProfiles]

	remote remote
}

var _ host.Host = (*Machine)(nil)

func newMachine() *Machine {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	return &Machine{
		keys:        map[string]*key{},
		keySecurity: map[string]answer[host.Security]{},
		services:    map[string]answer[host.Service]{},
		files:       map[string]*file{},
		folders:     map[string]answer[string]{},
		volumes:     map[string]answer[host.Volume]{},
		drives:      map[string]answer[string]{},
		env:         map[string]answer[string]{},

		system:   unsupported[host.System](),
		token:    unsupported[host.Token](),
		identity: unsupported[host.Identity](),
		temp:     unsupported[string](),
		program:  unsupported[string](),

		events: map[string]answer[[]host.Event]{},

		users:       map[string]answer[host.LocalUser]{},
		groups:      map[string]answer[[]string]{},
		rights:      map[string]answer[[]string]{},
		join:        unsupported[host.Join](),
		entra:       unsupported[host.EntraJoin](),
		credentials: unsupported[[]host.Credential](),

		clock:        answer[host.Clock]{value: host.Clock{Now: now, Boot: now.Add(-24 * time.Hour)}},
		now:          now,
		classes:      map[string]answer[[]host.Instance]{},
		secureKernel: unsupported[host.SecureKernel](),
		processes:    unsupported[[]host.Process](),
		openers:      map[string]answer[[]host.Process]{},
		listeners:    map[string]answer[[]host.Process]{},
		certificates: map[string]answer[[]host.Certificate]{},
		updates:      unsupported[host.UpdateResults](),
		firewall:     unsupported[host.FirewallProfiles](),

		remote: newRemote(),
	}
}

// answer is what one read answers.
type answer[T any] struct {
	value T
	err   error
	hang  bool
}

func unsupported[T any]() answer[T] { return answer[T]{err: host.ErrUnsupported} }

func (a answer[T]) get() (T, error) {
	if a.hang {
		select {}
	}
	if a.err != nil {
		var none T
		return none, a.err
	}
	return a.value, nil
}

// like is a, of another type, if it is not a value.
func like[T, U any](a answer[U]) answer[T] { return answer[T]{err: a.err, hang: a.hang} }

// lookup is the answer of that name, or absent.
func lookup[T any](m map[string]answer[T], name string) (T, error) {
	return lookupOr(m, name, host.ErrAbsent)
}

// lookupOr is the answer of that name, or err.
func lookupOr[T any](m map[string]answer[T], name string, err error) (T, error) {
	a, ok := m[strings.ToLower(name)]
	if !ok {
		a.err = err
	}
	return a.get()
}

// Service implements host.Host.
func (m *Machine) Service(name string) (host.Service, error) { return lookup(m.services, name) }

// System implements host.Host.
func (m *Machine) System() (host.System, error) { return m.system.get() }

// Token implements host.Host.
func (m *Machine) Token() (host.Token, error) { return m.token.get() }

// Identity implements host.Host.
func (m *Machine) Identity() (host.Identity, error) { return m.identity.get() }

// TempDir implements host.Host.
func (m *Machine) TempDir() (string, error) { return m.temp.get() }

// Program implements host.Host.
func (m *Machine) Program() (string, error) { return m.program.get() }

// Env implements host.Host.
func (m *Machine) Env(name string) (string, error) { return lookup(m.env, name) }

// fold makes equal what Windows takes for the same path or key.
func fold(path string) string {
	return strings.TrimRight(strings.ReplaceAll(strings.ToLower(path), "/", `\`), `\`)
}
