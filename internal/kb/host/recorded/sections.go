package recorded

import (
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

// add reads one section into the machine.
func (m *Machine) add(s section) error {
	named := map[string]func(section) error{
		"key":          m.addKey,
		"security":     m.addKeySecurity,
		"service":      m.addService,
		"file":         m.addFile,
		"folder":       m.addFolder,
		"volume":       m.addVolume,
		"drive":        m.addDrive,
		"events":       m.addEvents,
		"group":        m.addGroup,
		"right":        m.addRight,
		"wmi":          m.addClass,
		"openers":      m.addOpeners,
		"listeners":    m.addListeners,
		"certificates": m.addCertificates,
		"remote":       m.addRemote,
		"names":        m.addNames,
		"forward":      m.addForward,
		"tcp":          m.addTCP,
		"udp":          m.addUDP,
	}
	single := map[string]func(section) error{
		"system":        single(&m.system, readSystem),
		"token":         single(&m.token, readToken),
		"identity":      single(&m.identity, readIdentity),
		"temp":          single(&m.temp, readOne("path", readText)),
		"program":       single(&m.program, readOne("path", readText)),
		"env":           m.addEnv,
		"join":          single(&m.join, readJoin),
		"entra":         single(&m.entra, readEntra),
		"credentials":   single(&m.credentials, readList("credential", readCredential)),
		"clock":         m.addClock,
		"secure-kernel": single(&m.secureKernel, readSecureKernel),
		"processes":     single(&m.processes, readList("process", readProcess)),
		"updates":       single(&m.updates, m.readUpdates),
		"firewall":      single(&m.firewall, readOne("active", readProfiles)),
	}
	if s.kind.text == "user" { // with a name or without
		return m.addUser(s)
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
	delete(named, "key")
	return s.kind.fail("there is no such section", `[HKLM\…], [HKCU\…], [HKU\…], [user], [user NAME], with a name `+
		strings.Join(sorted(named), ", ")+"; without "+strings.Join(sorted(single), ", "))
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

// single makes a section's reader out of one for its answer.
func single[T any](to *answer[T], read func(section) (T, error)) func(section) error {
	return func(s section) error { return readInto(to, s, read) }
}

// addTo reads a section that is one answer of many.
func addTo[T any](to map[string]answer[T], id string, s section, read func(section) (T, error)) error {
	var a answer[T]
	err := readInto(&a, s, read)
	to[id] = a
	return err
}

// readOne reads a section with one line.
func readOne[T any](name string, read func(token) (T, error)) func(section) (T, error) {
	return func(s section) (v T, err error) {
		err = s.each(name, "", map[string]func(token) error{name: into(&v, read)})
		return v, err
	}
}

// readList reads a section with any number of lines of one name.
func readList[T any](name string, read func(token) (T, error)) func(section) ([]T, error) {
	return func(s section) ([]T, error) {
		all := []T{}
		err := s.each("", name, map[string]func(token) error{name: appendTo(&all, read)})
		return all, err
	}
}

// take splits off the lines with one of the names.
func (s section) take(names ...string) (taken, rest section) {
	taken, rest = s, s
	taken.lines, rest.lines = nil, nil
	for _, l := range s.lines {
		if slices.Contains(names, l.name.text) {
			taken.lines = append(taken.lines, l)
		} else {
			rest.lines = append(rest.lines, l)
		}
	}
	return taken, rest
}

// each calls the reader of every line's name. Names in many may come more than
// once. It checks that the required names are there. Both are names with spaces
// between them.
func (s section) each(required, many string, readers map[string]func(token) error) error {
	seen := map[string]bool{}
	for _, l := range s.lines {
		name := l.name.text
		read, ok := readers[name]
		if !ok {
			return l.name.fail("there is no such name in this section", "one of "+strings.Join(sorted(readers), ", "))
		}
		if seen[name] && !slices.Contains(strings.Fields(many), name) {
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

func (m *Machine) addService(s section) error {
	return addTo(m.services, strings.ToLower(s.name.text), s, func(s section) (v host.Service, err error) {
		err = s.each("state start", "", map[string]func(token) error{
			"state": into(&v.State, readState),
			"start": into(&v.Start, readStart),
			"pid":   into(&v.PID, readMask),
		})
		return v, err
	})
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

func readSystem(s section) (v host.System, err error) {
	v.Product = host.Workstation
	err = s.each("version", "", map[string]func(token) error{
		"version": func(t token) error { return readParts(t, &v.Major, &v.Minor, &v.Build) },
		"product": into(&v.Product, readProduct),
		"edition": into(&v.Edition, readMask),
	})
	return v, err
}

func readToken(s section) (v host.Token, err error) {
	v.Elevation, v.Integrity = host.ElevationDefault, 0x2000
	err = s.each("user", "group privilege", map[string]func(token) error{
		"user":      into(&v.UserSID, readSID),
		"elevated":  into(&v.Elevated, readYes),
		"elevation": into(&v.Elevation, readElevation),
		"integrity": into(&v.Integrity, readMask),
		"group":     appendTo(&v.Groups, readGroup),
		"privilege": appendTo(&v.Privileges, readPrivilege),
	})
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

func readSecurity(s section) (v host.Security, err error) {
	empty := false
	err = s.each("owner granted", "ace", map[string]func(token) error{
		"owner":     into(&v.Owner, readSID),
		"granted":   into(&v.Granted, readMask),
		"ace":       appendTo(&v.DACL, readACE),
		"protected": into(&v.Protected, readYes),
		"dacl": func(t token) error {
			v.NullDACL, empty = t.text == "null", t.text == "empty"
			if !v.NullDACL && !empty {
				return t.fail("there is no such DACL", "null or empty; else write ace lines")
			}
			return nil
		},
	})
	if err == nil && (len(v.DACL) > 0) == (v.NullDACL || empty) {
		return v, s.kind.fail("there are either ace lines or a dacl", "dacl = null means no DACL, dacl = empty one without entries")
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
