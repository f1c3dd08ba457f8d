package host

import "time"

// Limit returns h with a time limit on every read. A read that takes longer
// answers [ErrTimeout]; what the system does with it afterwards is its own
// affair, and its late answer is dropped.
func Limit(h Host, each time.Duration) Host {
	return limited{h, each}
}

type limited struct {
	h    Host
	each time.Duration
}

func within[T any](d time.Duration, read func() (T, error)) (T, error) {
	type answer struct {
		v        T
		err      error
		panicked any
	}
	c := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			a.panicked = recover()
			c <- a
		}()
		a.v, a.err = read()
	}()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case a := <-c:
		if a.panicked != nil {
			panic(a.panicked) // on the check's own goroutine, where its runner catches it
		}
		return a.v, a.err
	case <-t.C:
		var none T
		return none, ErrTimeout
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
