package host

import "os"

// environment answers Env on every system.
type environment struct{}

func (environment) Env(name string) (string, error) {
	v, ok := os.LookupEnv(name)
	if !ok {
		return "", ErrAbsent
	}
	return v, nil
}
