package host

func (l *local) Values(key string) (v []NamedValue, err error)         { return v, ErrUnsupported }
func (l *local) Subkeys(key string) (v []string, err error)            { return v, ErrUnsupported }
func (l *local) KeySecurity(key string) (v Security, err error)        { return v, ErrUnsupported }
func (l *local) ReadFile(path string, most int) (v []byte, err error)  { return v, ErrUnsupported }
func (l *local) Folder(f Folder) (v string, err error)                 { return v, ErrUnsupported }
func (l *local) DriveTarget(drive string) (v string, err error)        { return v, ErrUnsupported }
func (l *local) Program() (v string, err error)                        { return v, ErrUnsupported }
func (l *local) Events(q EventQuery) (v []Event, err error)            { return v, ErrUnsupported }
func (l *local) LocalUser(name string) (v LocalUser, err error)        { return v, ErrUnsupported }
func (l *local) GroupMembers(groupSID string) (v []string, err error)  { return v, ErrUnsupported }
func (l *local) RightHolders(right string) (v []string, err error)     { return v, ErrUnsupported }
func (l *local) Join() (v Join, err error)                             { return v, ErrUnsupported }
func (l *local) EntraJoin() (v EntraJoin, err error)                   { return v, ErrUnsupported }
func (l *local) Credentials(prefix string) (v []Credential, err error) { return v, ErrUnsupported }
func (l *local) Clock() (v Clock, err error)                           { return v, ErrUnsupported }
func (l *local) Instances(namespace, class string, properties []string) (v []Instance, err error) {
	return v, ErrUnsupported
}
func (l *local) SecureKernel() (v SecureKernel, err error)              { return v, ErrUnsupported }
func (l *local) Processes(program string) (v []Process, err error)      { return v, ErrUnsupported }
func (l *local) Openers(path string) (v []Process, err error)           { return v, ErrUnsupported }
func (l *local) Listeners(port uint16) (v []Process, err error)         { return v, ErrUnsupported }
func (l *local) Certificates(store string) (v []Certificate, err error) { return v, ErrUnsupported }
func (l *local) UpdateResults() (v UpdateResults, err error)            { return v, ErrUnsupported }
func (l *local) Remote(name string) (v Remote, err error)               { return v, ErrUnsupported }
