package recorded

import "kbgen/internal/kb/host"

// Nothing returns a machine on which every read answers err.
func Nothing(err error) host.Host { return nothing{err} }

type nothing struct{ err error }

func (n nothing) Value(key, name string) (host.Value, error)                 { return host.Value{}, n.err }
func (n nothing) Service(name string) (host.Service, error)                  { return host.Service{}, n.err }
func (n nothing) System() (host.System, error)                               { return host.System{}, n.err }
func (n nothing) Token() (host.Token, error)                                 { return host.Token{}, n.err }
func (n nothing) Identity() (host.Identity, error)                           { return host.Identity{}, n.err }
func (n nothing) File(path string) (host.File, error)                        { return host.File{}, n.err }
func (n nothing) Security(path string) (host.Security, error)                { return host.Security{}, n.err }
func (n nothing) FileVersion(path string) (host.Version, error)              { return host.Version{}, n.err }
func (n nothing) Volume(path string) (host.Volume, error)                    { return host.Volume{}, n.err }
func (n nothing) Env(name string) (string, error)                            { return "", n.err }
func (n nothing) TempDir() (string, error)                                   { return "", n.err }
func (n nothing) Values(key string) (v []host.NamedValue, err error)         { return v, n.err }
func (n nothing) Subkeys(key string) (v []string, err error)                 { return v, n.err }
func (n nothing) KeySecurity(key string) (v host.Security, err error)        { return v, n.err }
func (n nothing) Entries(folder string) (v []host.Entry, err error)          { return v, n.err }
func (n nothing) ReadFile(path string, most int) (v []byte, err error)       { return v, n.err }
func (n nothing) Folder(f host.Folder) (v string, err error)                 { return v, n.err }
func (n nothing) DriveTarget(drive string) (v string, err error)             { return v, n.err }
func (n nothing) Program() (v string, err error)                             { return v, n.err }
func (n nothing) Events(q host.EventQuery) (v []host.Event, err error)       { return v, n.err }
func (n nothing) LocalUser(name string) (v host.LocalUser, err error)        { return v, n.err }
func (n nothing) GroupMembers(groupSID string) (v []string, err error)       { return v, n.err }
func (n nothing) RightHolders(right string) (v []string, err error)          { return v, n.err }
func (n nothing) Join() (v host.Join, err error)                             { return v, n.err }
func (n nothing) EntraJoin() (v host.EntraJoin, err error)                   { return v, n.err }
func (n nothing) Credentials(prefix string) (v []host.Credential, err error) { return v, n.err }
func (n nothing) Clock() (v host.Clock, err error)                           { return v, n.err }
func (n nothing) Instances(namespace, class string, properties []string) (v []host.Instance, err error) {
	return v, n.err
}
func (n nothing) SecureKernel() (v host.SecureKernel, err error)              { return v, n.err }
func (n nothing) Processes(program string) (v []host.Process, err error)      { return v, n.err }
func (n nothing) Openers(path string) (v []host.Process, err error)           { return v, n.err }
func (n nothing) Listeners(port uint16) (v []host.Process, err error)         { return v, n.err }
func (n nothing) Certificates(store string) (v []host.Certificate, err error) { return v, n.err }
func (n nothing) UpdateResults() (v host.UpdateResults, err error)            { return v, n.err }
func (n nothing) FirewallProfiles() (v host.FirewallProfiles, err error)      { return v, n.err }
func (n nothing) Remote(name string) (v host.Remote, err error)               { return v, n.err }
