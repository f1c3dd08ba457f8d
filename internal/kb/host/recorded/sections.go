package recorded

import (
	"strings"

	"kbgen/internal/kb/host"
)

// add reads one section into the machine.
func (m *Machine) add(s section) error {
	named := map[string]func(section) error{
		"key":     m.addKey,
		"service": m.addService,
		"file":    m.addFile,
		"volume":  m.addVolume,
	}
	single := map[string]func(section) error{
		"system":   func(s section) error { return readInto(&m.system, s, readSystem) },
		"token":    func(s section) error { return readInto(&m.token, s, readToken) },
		"identity": func(s section) error { return readInto(&m.identity, s, readIdentity) },
		"temp":     func(s section) error { return readInto(&m.temp, s, readTemp) },
		"env":      m.addEnv,
	}
	if add, ok := single[s.kind.text]; ok {
		if s.name.text != "" {
			return s.name.fail("this section takes no name", "write ["+s.kind.text+"]")
		}
		return add(s)
	}
	if add, ok := named[s.kind.text]; ok {
		if s.name.text == "" {
			return s.kind.fail("this section needs a name", "write ["+s.kind.text+" NAME]")
		}
		return add(s)
	}
	return s.kind.fail("there is no such section",
		`[HKLM\…], [HKCU\…], [HKU\…], [system], [service NAME], [token], [identity], [env], [temp], [volume C:], [file PATH]`)
}

// readInto reads a section that is one answer.
func readInto[T any](to *answer[T], s section, read func(section) (T, error)) error {
	if a, ok, err := instead[T](s.bang); ok {
		*to = a
		return err
	}
	v, err := read(s)
	*to = answer[T]{value: v}
	return err
}

// each calls the reader of every line's name. Names in many may come more than
// once. It checks that the required names are there.
func (s section) each(required string, many string, readers map[string]func(token) error) error {
	seen := map[string]bool{}
	for _, l := range s.lines {
		name := l.name.text
		read, ok := readers[name]
		if !ok {
			return l.name.fail("there is no such name in this section", "one of "+strings.Join(sorted(readers), ", "))
		}
		if seen[name] && name != many {
			return l.name.fail("this name is there twice", "remove one of them")
		}
		seen[name] = true
		if err := read(l.value); err != nil {
			return err
		}
	}
	for _, name := range strings.Fields(required) {
		if !seen[name] {
			return s.kind.fail("this section lacks "+name, "write "+name+" = …")
		}
	}
	return nil
}

func (m *Machine) addKey(s section) error {
	root, path, _ := strings.Cut(s.name.text, `\`)
	switch strings.ToUpper(root) {
	case "HKLM", "HKCU", "HKU":
	default:
		return s.name.fail("there is no such root key", `HKLM\, HKCU\ or HKU\`)
	}
	if path == "" {
		return s.name.fail("this key has no path", `write HKLM\PATH`)
	}
	key := fold(s.name.text)
	if a, ok, err := instead[host.Value](s.bang); ok {
		m.keys[key] = a
		return err
	}
	m.values[key] = map[string]answer[host.Value]{}
	for _, l := range s.lines {
		name := strings.ToLower(l.name.text)
		if name == "@" {
			name = ""
		}
		if _, ok := m.values[key][name]; ok {
			return l.name.fail("this value is there twice", "remove one of them")
		}
		a, err := orInstead(l.value, readValue)
		if err != nil {
			return err
		}
		m.values[key][name] = a
	}
	return nil
}

func (m *Machine) addService(s section) error {
	var a answer[host.Service]
	err := readInto(&a, s, func(s section) (v host.Service, err error) {
		err = s.each("state start", "", map[string]func(token) error{
			"state": into(&v.State, readState),
			"start": into(&v.Start, readStart),
		})
		return v, err
	})
	m.services[strings.ToLower(s.name.text)] = a
	return err
}

func (m *Machine) addVolume(s section) error {
	name := fold(s.name.text)
	if len(name) != 2 || name[1] != ':' {
		return s.name.fail("this is not a drive", "write [volume C:]")
	}
	var a answer[host.Volume]
	err := readInto(&a, s, func(s section) (v host.Volume, err error) {
		err = s.each("type", "", map[string]func(token) error{
			"type": into(&v.Type, readDriveType),
			"free": into(&v.Free, readBytes),
		})
		return v, err
	})
	m.volumes[name] = a
	return err
}

func (m *Machine) addEnv(s section) error {
	if s.bang.text != "" {
		return s.bang.fail("the environment always answers", "give the answer to a variable")
	}
	for _, l := range s.lines {
		name := strings.ToLower(l.name.text)
		if _, ok := m.env[name]; ok {
			return l.name.fail("this variable is there twice", "remove one of them")
		}
		a, err := orInstead(l.value, readText)
		if err != nil {
			return err
		}
		m.env[name] = a
	}
	return nil
}

func (m *Machine) addFile(s section) error {
	f := &file{
		security: answer[host.Security]{err: host.ErrUnsupported},
		version:  answer[host.Version]{err: host.ErrUnsupported},
	}
	m.files[fold(s.name.text)] = f
	if a, ok, err := instead[host.File](s.bang); ok {
		f.attributes = a
		f.security = answer[host.Security]{err: a.err, hang: a.hang}
		f.version = answer[host.Version]{err: a.err, hang: a.hang}
		return err
	}
	var other, security section
	security.kind = s.kind
	for _, l := range s.lines {
		switch l.name.text {
		case "owner", "ace", "dacl", "granted":
			security.lines = append(security.lines, l)
		default:
			other.lines = append(other.lines, l)
		}
	}
	given := false
	err := other.each("", "", map[string]func(token) error{
		"attributes": into(&f.attributes, func(t token) (answer[host.File], error) { return orInstead(t, readAttributes) }),
		"version":    into(&f.version, func(t token) (answer[host.Version], error) { return orInstead(t, readVersion) }),
		"security": func(t token) (err error) {
			given = true
			f.security, err = orInstead(t, func(t token) (host.Security, error) {
				return host.Security{}, t.fail("only an answer can stand here", "write !denied or the like, or owner, ace and granted")
			})
			return err
		},
	})
	if err != nil || len(security.lines) == 0 {
		return err
	}
	if given {
		return security.lines[0].name.fail("security is given already", "remove one of them")
	}
	return readInto(&f.security, security, readSecurity)
}

func readSystem(s section) (v host.System, err error) {
	v.Product = host.Workstation
	err = s.each("version", "", map[string]func(token) error{
		"version": func(t token) error { return readParts(t, &v.Major, &v.Minor, &v.Build) },
		"product": into(&v.Product, readProduct),
	})
	return v, err
}

func readToken(s section) (v host.Token, err error) {
	v.Elevation, v.Integrity = host.ElevationDefault, 0x2000
	lines := map[string]func(token) error{
		"user":      into(&v.UserSID, readSID),
		"elevated":  into(&v.Elevated, readYes),
		"elevation": into(&v.Elevation, readElevation),
		"integrity": into(&v.Integrity, readMask),
	}
	// Groups and privileges may both come more than once.
	var once, groups, privileges section
	once.kind = s.kind
	for _, l := range s.lines {
		switch l.name.text {
		case "group":
			groups.lines = append(groups.lines, l)
		case "privilege":
			privileges.lines = append(privileges.lines, l)
		default:
			once.lines = append(once.lines, l)
		}
	}
	if err := once.each("user", "", lines); err != nil {
		return v, err
	}
	if err := groups.each("", "group", map[string]func(token) error{"group": appendTo(&v.Groups, readGroup)}); err != nil {
		return v, err
	}
	err = privileges.each("", "privilege", map[string]func(token) error{"privilege": appendTo(&v.Privileges, readPrivilege)})
	return v, err
}

func readIdentity(s section) (v host.Identity, err error) {
	err = s.each("", "", map[string]func(token) error{
		"user":    into(&v.User, readText),
		"domain":  into(&v.Domain, readText),
		"dns":     into(&v.DNS, readText),
		"machine": into(&v.Machine, readText),
		"home":    into(&v.Home, readText),
		"sid":     into(&v.SID, readSID),
	})
	return v, err
}

func readTemp(s section) (path string, err error) {
	err = s.each("path", "", map[string]func(token) error{"path": into(&path, readText)})
	return path, err
}

func readSecurity(s section) (v host.Security, err error) {
	empty := false
	err = s.each("owner granted", "ace", map[string]func(token) error{
		"owner":   into(&v.Owner, readSID),
		"granted": into(&v.Granted, readMask),
		"ace":     appendTo(&v.DACL, readACE),
		"dacl": func(t token) error {
			v.NullDACL, empty = t.text == "null", t.text == "empty"
			if !v.NullDACL && !empty {
				return t.fail("there is no such DACL", "null or empty; else write ace lines")
			}
			return nil
		},
	})
	if err == nil && (len(v.DACL) > 0) == (v.NullDACL || empty) {
		return v, s.kind.fail("a file has either ace lines or a dacl", "dacl = null means no DACL, dacl = empty one without entries")
	}
	return v, err
}

// into makes a line's reader out of a value's.
func into[T any](to *T, read func(token) (T, error)) func(token) error {
	return func(t token) (err error) {
		*to, err = read(t)
		return err
	}
}

func appendTo[T any](to *[]T, read func(token) (T, error)) func(token) error {
	return func(t token) error {
		v, err := read(t)
		*to = append(*to, v)
		return err
	}
}
