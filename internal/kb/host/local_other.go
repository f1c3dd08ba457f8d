//go:build !windows

package host

// Local returns the machine that this program runs on. Only Windows can be
// asked: elsewhere every answer but Env's is [ErrUnsupported], so that the
// probe can be run, and says so.
func Local() Host { return local{} }

type local struct{ environment }

func (local) Value(key, name string) (Value, error)    { return Value{}, ErrUnsupported }
func (local) Service(name string) (Service, error)     { return Service{}, ErrUnsupported }
func (local) System() (System, error)                  { return System{}, ErrUnsupported }
func (local) Token() (Token, error)                    { return Token{}, ErrUnsupported }
func (local) Identity() (Identity, error)              { return Identity{}, ErrUnsupported }
func (local) File(path string) (File, error)           { return File{}, ErrUnsupported }
func (local) Security(path string) (Security, error)   { return Security{}, ErrUnsupported }
func (local) FileVersion(path string) (Version, error) { return Version{}, ErrUnsupported }
func (local) Volume(path string) (Volume, error)       { return Volume{}, ErrUnsupported }
func (local) TempDir() (string, error)                 { return "", ErrUnsupported }
