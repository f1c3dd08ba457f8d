//go:build !windows

package host

// Local returns the machine that this program runs on. Only Windows can be
// asked: elsewhere every answer but Env's is [ErrUnsupported], so that the
// probe can be run, and says so.
func Local() Host { return local{} }

type local struct{ environment }

func (local) Value(key, name string) (Value, error)                 { return Value{}, ErrUnsupported }
func (local) Service(name string) (Service, error)                  { return Service{}, ErrUnsupported }
func (local) System() (System, error)                               { return System{}, ErrUnsupported }
func (local) Token() (Token, error)                                 { return Token{}, ErrUnsupported }
func (local) Identity() (Identity, error)                           { return Identity{}, ErrUnsupported }
func (local) File(path string) (File, error)                        { return File{}, ErrUnsupported }
func (local) Security(path string) (Security, error)                { return Security{}, ErrUnsupported }
func (local) FileVersion(path string) (Version, error)              { return Version{}, ErrUnsupported }
func (local) Volume(path string) (Volume, error)                    { return Volume{}, ErrUnsupported }
func (local) TempDir() (string, error)                              { return "", ErrUnsupported }
func (local) Entries(folder string) (v []Entry, err error)          { return v, ErrUnsupported }
func (local) Values(key string) (v []NamedValue, err error)         { return v, ErrUnsupported }
func (local) Subkeys(key string) (v []string, err error)            { return v, ErrUnsupported }
func (local) KeySecurity(key string) (v Security, err error)        { return v, ErrUnsupported }
func (local) ReadFile(path string, most int) (v []byte, err error)  { return v, ErrUnsupported }
func (local) Folder(f Folder) (v string, err error)                 { return v, ErrUnsupported }
func (local) DriveTarget(drive string) (v string, err error)        { return v, ErrUnsupported }
func (local) Program() (v string, err error)                        { return v, ErrUnsupported }
func (local) Events(q EventQuery) (v []Event, err error)            { return v, ErrUnsupported }
func (local) LocalUser(name string) (v LocalUser, err error)        { return v, ErrUnsupported }
func (local) GroupMembers(groupSID string) (v []string, err error)  { return v, ErrUnsupported }
func (local) RightHolders(right string) (v []string, err error)     { return v, ErrUnsupported }
func (local) Join() (v Join, err error)                             { return v, ErrUnsupported }
func (local) EntraJoin() (v EntraJoin, err error)                   { return v, ErrUnsupported }
func (local) Credentials(prefix string) (v []Credential, err error) { return v, ErrUnsupported }
func (local) Clock() (v Clock, err error)                           { return v, ErrUnsupported }
func (local) Instances(namespace, class string, properties []string) (v []Instance, err error) {
	return v, ErrUnsupported
}
func (local) SecureKernel() (v SecureKernel, err error)              { return v, ErrUnsupported }
func (local) Processes(program string) (v []Process, err error)      { return v, ErrUnsupported }
func (local) Openers(path string) (v []Process, err error)           { return v, ErrUnsupported }
func (local) Listeners(port uint16) (v []Process, err error)         { return v, ErrUnsupported }
func (local) Certificates(store string) (v []Certificate, err error) { return v, ErrUnsupported }
func (local) UpdateResults() (v UpdateResults, err error)            { return v, ErrUnsupported }
func (local) FirewallProfiles() (v FirewallProfiles, err error)      { return v, ErrUnsupported }
func (local) Remote(name string) (v Remote, err error)               { return v, ErrUnsupported }
