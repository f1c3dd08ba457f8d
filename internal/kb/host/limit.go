package host

import "time"

// Limit returns h with a time limit on every read, and with one remote host
// within reach: the one that the user has named, none if named is empty.
//
// A read that takes longer answers [ErrTimeout]; what the system does with it
// afterwards is its own affair, and its late answer is dropped. What goes over
// the network has limits of its own, given with each call.
func Limit(h Host, each time.Duration, named string) Host {
	return limited{h, each, named}
}

type limited struct {
	h     Host
	each  time.Duration
	named string
}

func within[T any](d time.Duration, read func() (T, error)) (T, error) {
	var v T
	var err error
	if finished(d, func() { v, err = read() }) {
		return v, err
	}
	var none T // v may still be written
	return none, ErrTimeout
}

// finished runs f and reports whether it came to its end in time. It is apart
// from within because that is compiled once for each type.
func finished(d time.Duration, f func()) bool {
	done := make(chan any, 1)
	go func() {
		defer func() { done <- recover() }()
		f()
	}()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case panicked := <-done:
		if panicked != nil {
			panic(panicked) // on the check's own goroutine, where its runner catches it
		}
		return true
	case <-t.C:
		return false
	}
}

func (l limited) Value(key, name string) (Value, error) {
	return within(l.each, func() (Value, error) { return l.h.Value(key, name) })
}

func (l limited) Service(name string) (Service, error) {
	return within(l.each, func() (Service, error) { return l.h.Service(name) })
}

func (l limited) System() (System, error) { return within(l.each, l.h.System) }

func (l limited) Token() (Token, error) { return within(l.each, l.h.Token) }

func (l limited) Identity() (Identity, error) { return within(l.each, l.h.Identity) }

func (l limited) File(path string) (File, error) {
	return within(l.each, func() (File, error) { return l.h.File(path) })
}

func (l limited) Security(path string) (Security, error) {
	return within(l.each, func() (Security, error) { return l.h.Security(path) })
}

func (l limited) FileVersion(path string) (Version, error) {
	return within(l.each, func() (Version, error) { return l.h.FileVersion(path) })
}

func (l limited) Volume(path string) (Volume, error) {
	return within(l.each, func() (Volume, error) { return l.h.Volume(path) })
}

func (l limited) Env(name string) (string, error) {
	return within(l.each, func() (string, error) { return l.h.Env(name) })
}

func (l limited) TempDir() (string, error) { return within(l.each, l.h.TempDir) }

func (l limited) Values(key string) ([]NamedValue, error) {
	return within(l.each, func() ([]NamedValue, error) { return l.h.Values(key) })
}

func (l limited) Subkeys(key string) ([]string, error) {
	return within(l.each, func() ([]string, error) { return l.h.Subkeys(key) })
}

func (l limited) Entries(folder string) ([]Entry, error) {
	return within(l.each, func() ([]Entry, error) { return l.h.Entries(folder) })
}

func (l limited) KeySecurity(key string) (Security, error) {
	return within(l.each, func() (Security, error) { return l.h.KeySecurity(key) })
}

func (l limited) ReadFile(path string, most int) ([]byte, error) {
	return within(l.each, func() ([]byte, error) { return l.h.ReadFile(path, most) })
}

func (l limited) Folder(f Folder) (string, error) {
	return within(l.each, func() (string, error) { return l.h.Folder(f) })
}

func (l limited) DriveTarget(drive string) (string, error) {
	return within(l.each, func() (string, error) { return l.h.DriveTarget(drive) })
}

func (l limited) Program() (string, error) { return within(l.each, l.h.Program) }

func (l limited) Events(q EventQuery) ([]Event, error) {
	return within(l.each, func() ([]Event, error) { return l.h.Events(q) })
}

func (l limited) LocalUser(name string) (LocalUser, error) {
	return within(l.each, func() (LocalUser, error) { return l.h.LocalUser(name) })
}

func (l limited) GroupMembers(groupSID string) ([]string, error) {
	return within(l.each, func() ([]string, error) { return l.h.GroupMembers(groupSID) })
}

func (l limited) RightHolders(right string) ([]string, error) {
	return within(l.each, func() ([]string, error) { return l.h.RightHolders(right) })
}

func (l limited) Join() (Join, error) { return within(l.each, l.h.Join) }

func (l limited) EntraJoin() (EntraJoin, error) { return within(l.each, l.h.EntraJoin) }

func (l limited) Credentials(prefix string) ([]Credential, error) {
	return within(l.each, func() ([]Credential, error) { return l.h.Credentials(prefix) })
}

func (l limited) Clock() (Clock, error) { return within(l.each, l.h.Clock) }

func (l limited) Instances(namespace, class string, properties []string) ([]Instance, error) {
	return within(l.each, func() ([]Instance, error) { return l.h.Instances(namespace, class, properties) })
}

func (l limited) SecureKernel() (SecureKernel, error) { return within(l.each, l.h.SecureKernel) }

func (l limited) Processes(program string) ([]Process, error) {
	return within(l.each, func() ([]Process, error) { return l.h.Processes(program) })
}

func (l limited) Openers(path string) ([]Process, error) {
	return within(l.each, func() ([]Process, error) { return l.h.Openers(path) })
}

func (l limited) Listeners(port uint16) ([]Process, error) {
	return within(l.each, func() ([]Process, error) { return l.h.Listeners(port) })
}

func (l limited) Certificates(store string) ([]Certificate, error) {
	return within(l.each, func() ([]Certificate, error) { return l.h.Certificates(store) })
}

func (l limited) UpdateResults() (UpdateResults, error) { return within(l.each, l.h.UpdateResults) }

func (l limited) FirewallProfiles() (FirewallProfiles, error) {
	return within(l.each, l.h.FirewallProfiles)
}

func (l limited) Remote(name string) (Remote, error) {
	if l.named == "" || name != l.named {
		return nil, ErrNotNamed
	}
	return l.h.Remote(name)
}
