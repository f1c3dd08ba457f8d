package recorded

import "kbgen/internal/kb/host"

func (m *Machine) Values(key string) (v []host.NamedValue, err error)  { return v, host.ErrUnsupported }
func (m *Machine) Subkeys(key string) (v []string, err error)          { return v, host.ErrUnsupported }
func (m *Machine) KeySecurity(key string) (v host.Security, err error) { return v, host.ErrUnsupported }
func (m *Machine) ReadFile(path string, most int) (v []byte, err error) {
	return v, host.ErrUnsupported
}
func (m *Machine) Folder(f host.Folder) (v string, err error)     { return v, host.ErrUnsupported }
func (m *Machine) DriveTarget(drive string) (v string, err error) { return v, host.ErrUnsupported }
func (m *Machine) Program() (v string, err error)                 { return v, host.ErrUnsupported }
func (m *Machine) Events(q host.EventQuery) (v []host.Event, err error) {
	return v, host.ErrUnsupported
}
func (m *Machine) LocalUser(name string) (v host.LocalUser, err error) { return v, host.ErrUnsupported }
func (m *Machine) GroupMembers(groupSID string) (v []string, err error) {
	return v, host.ErrUnsupported
}
func (m *Machine) RightHolders(right string) (v []string, err error) { return v, host.ErrUnsupported }
func (m *Machine) Join() (v host.Join, err error)                    { return v, host.ErrUnsupported }
func (m *Machine) EntraJoin() (v host.EntraJoin, err error)          { return v, host.ErrUnsupported }
func (m *Machine) Credentials(prefix string) (v []host.Credential, err error) {
	return v, host.ErrUnsupported
}
func (m *Machine) Clock() (v host.Clock, err error) { return v, host.ErrUnsupported }
func (m *Machine) Instances(namespace, class string, properties []string) (v []host.Instance, err error) {
	return v, host.ErrUnsupported
}
func (m *Machine) SecureKernel() (v host.SecureKernel, err error) { return v, host.ErrUnsupported }
func (m *Machine) Processes(program string) (v []host.Process, err error) {
	return v, host.ErrUnsupported
}
func (m *Machine) Openers(path string) (v []host.Process, err error)   { return v, host.ErrUnsupported }
func (m *Machine) Listeners(port uint16) (v []host.Process, err error) { return v, host.ErrUnsupported }
func (m *Machine) Certificates(store string) (v []host.Certificate, err error) {
	return v, host.ErrUnsupported
}
func (m *Machine) UpdateResults() (v host.UpdateResults, err error) { return v, host.ErrUnsupported }
func (m *Machine) Remote(name string) (v host.Remote, err error)    { return v, host.ErrUnsupported }
