// Package recorded is a machine written down as text, for tests.
//
// A recorded machine answers like a real one, but only what its text says, so
// that a test case shows everything its outcome rests on:
//
//	# A line that starts with # is a comment.
//	[system]
//	version = 10.0.26200
//	product = workstation
//
//	[HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion]
//	@ = sz the default value
//	EditionID = sz Professional
//	Folder = expand %SystemRoot%\System32
//	UBR = dword 7092
//	Large = qword 0x100000000
//	List = multi "a" "b"
//	Bytes = binary 01 02 ff
//	Short = raw dword 01 00
//	Secret = !denied
//
//	[HKLM\SOFTWARE\Policies\X] !denied
//
//	[service TermService]
//	state = running
//	start = demand
//
//	[token]
//	user = S-1-5-21-1-2-3-1001
//	elevated = yes
//	elevation = full
//	integrity = 0x3000
//	group = S-1-5-32-544 enabled
//	group = S-1-5-114 deny-only
//	privilege = SeBackupPrivilege disabled
//
//	[identity]
//	user = taro
//	domain = EXAMPLE
//	dns = example.test
//	machine = PC1
//	home = C:\Users\taro
//	sid = S-1-5-21-1-2-3-1001
//
//	[env]
//	TEMP = C:\Temp
//
//	[temp]
//	path = C:\Temp\
//
//	[volume C:]
//	type = fixed
//	free = 10 GiB
//
//	[file C:\Temp]
//	attributes = directory
//	owner = S-1-5-18
//	ace = allow 0x1f01ff S-1-5-18
//	ace = deny 0x2 S-1-1-0 inherit-only
//	granted = 0x1f01ff
//
//	[file C:\Windows\System32\TSpkg.dll]
//	version = 6.1.7601.24117
//
// Numbers are decimal, or hexadecimal with 0x. Text stands as it is; if it starts
// with a double quote or a backquote it is a Go string. The bytes behind raw and
// a type (dword, sz, ... or a type's number) go through [host.DecodeValue], as
// those of a real registry do.
//
// What can be written:
//
//	product     workstation, server, domain controller (workstation if left out)
//	state       stopped, start-pending, stop-pending, running,
//	            continue-pending, pause-pending, paused
//	start       boot, system, auto, demand, disabled
//	elevation   default, limited, full (default if left out)
//	integrity   the last number of the level's SID (0x2000 if left out)
//	group       enabled, deny-only, disabled, or the attributes as 0x...
//	type        fixed, removable, remote, cdrom, ramdisk, unknown
//	free        B, KiB, MiB, GiB, TiB
//	attributes  directory, read-only, reparse-point, or 0x... (none if left out)
//	ace         allow or deny, mask, SID, then inherit-only or flags as 0x...;
//	            or "type 9", a kind whose mask and SID are not read
//	dacl        in place of ace lines: null (no DACL) or empty (one without entries)
//
// In place of any value, or behind any section's header, can stand what the
// machine answers instead: !absent, !denied, !unsupported, !timeout,
// !failed CALL CODE, or !hang, which never answers. In a file's section
// "security = !denied" stands for owner, permissions and granted together.
//
// What is not written down is absent, as far as a machine can lack it:
// registry values, services, files, drives, variables. System, token, identity,
// temporary folder, a file's security and its version are not supported unless
// they are given. Keys, names and paths compare without regard to case.
//
// Anything that is not understood is an error, an *[Error]: a misspelt key must
// not make a test pass.
package recorded

import (
	"strings"

	"kbgen/internal/kb/host"
)

// Machine is a recorded machine. It implements [host.Host].
type Machine struct {
	// Sections in lower case; in each, values by name in lower case.
	values   map[string]map[string]answer[host.Value]
	keys     map[string]answer[host.Value] // answers for every value of a key
	services map[string]answer[host.Service]
	files    map[string]*file
	volumes  map[string]answer[host.Volume]
	env      map[string]answer[string]

	system   answer[host.System]
	token    answer[host.Token]
	identity answer[host.Identity]
	temp     answer[string]
}

var _ host.Host = (*Machine)(nil)

type file struct {
	attributes answer[host.File]
	security   answer[host.Security]
	version    answer[host.Version]
}

// answer is what one read answers.
type answer[T any] struct {
	value T
	err   error
	hang  bool
}

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

// lookup is the answer of that name, or absent.
func lookup[T any](m map[string]answer[T], name string) (T, error) {
	a, ok := m[strings.ToLower(name)]
	if !ok {
		a.err = host.ErrAbsent
	}
	return a.get()
}

// Value implements host.Host.
func (m *Machine) Value(key, name string) (host.Value, error) {
	key = fold(key)
	if _, ok := m.keys[key]; ok {
		return lookup(m.keys, key)
	}
	return lookup(m.values[key], name)
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

// Env implements host.Host.
func (m *Machine) Env(name string) (string, error) { return lookup(m.env, name) }

// File implements host.Host.
func (m *Machine) File(path string) (host.File, error) { return m.file(path).attributes.get() }

// Security implements host.Host.
func (m *Machine) Security(path string) (host.Security, error) { return m.file(path).security.get() }

// FileVersion implements host.Host.
func (m *Machine) FileVersion(path string) (host.Version, error) { return m.file(path).version.get() }

func (m *Machine) file(path string) *file {
	if f, ok := m.files[fold(path)]; ok {
		return f
	}
	return &file{
		attributes: answer[host.File]{err: host.ErrAbsent},
		security:   answer[host.Security]{err: host.ErrAbsent},
		version:    answer[host.Version]{err: host.ErrAbsent},
	}
}

// Volume implements host.Host. A share is remote, as on a real machine.
func (m *Machine) Volume(path string) (host.Volume, error) {
	p := fold(path)
	if strings.HasPrefix(p, `\\`) {
		return host.Volume{Type: host.DriveRemote}, nil
	}
	return lookup(m.volumes, p[:min(2, len(p))])
}

// fold makes equal what Windows takes for the same path or key.
func fold(path string) string {
	return strings.TrimRight(strings.ReplaceAll(strings.ToLower(path), "/", `\`), `\`)
}

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
func (n nothing) Remote(name string) (v host.Remote, err error)               { return v, n.err }
