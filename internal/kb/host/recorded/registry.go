package recorded

import (
	"cmp"
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

// key is a registry key that has a section.
type key struct {
	path   string               // as written
	all    answer[host.Value]   // what every value answers, if answers is set
	closed bool                 // all is set
	values map[string]*keyValue // by name in lower case
}

type keyValue struct {
	name   string // as written
	answer answer[host.Value]
}

// Value implements host.Host.
func (m *Machine) Value(path, name string) (host.Value, error) {
	k, ok := m.keys[fold(path)]
	if !ok {
		return host.Value{}, host.ErrAbsent
	}
	if k.closed {
		return k.all.get()
	}
	if v, ok := k.values[strings.ToLower(name)]; ok {
		return v.answer.get()
	}
	return host.Value{}, host.ErrAbsent
}

// Values implements host.Host. If a value answers something else, that is the
// answer: there is no list with a hole in it.
func (m *Machine) Values(path string) ([]host.NamedValue, error) {
	all := []host.NamedValue{}
	k, ok := m.keys[fold(path)]
	switch {
	case !ok && len(m.below(path)) == 0:
		return nil, host.ErrAbsent
	case !ok:
		return all, nil
	case k.closed:
		_, err := k.all.get()
		return nil, err
	}
	for _, name := range sorted(k.values) {
		v, err := k.values[name].answer.get()
		if err == host.ErrAbsent {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, host.NamedValue{Name: k.values[name].name, Value: v})
	}
	slices.SortFunc(all, func(a, b host.NamedValue) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}

// Subkeys implements host.Host.
func (m *Machine) Subkeys(path string) ([]string, error) {
	if k, ok := m.keys[fold(path)]; ok && k.closed {
		_, err := k.all.get()
		return nil, err
	}
	below := m.below(path)
	if _, ok := m.keys[fold(path)]; !ok && len(below) == 0 {
		return nil, host.ErrAbsent
	}
	names := []string{}
	for _, name := range below {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

// below returns the names of the keys directly below path, as written, by name
// in lower case.
func (m *Machine) below(path string) map[string]string {
	prefix := fold(path) + `\`
	names := map[string]string{}
	for _, id := range sorted(m.keys) {
		k := m.keys[id]
		if !strings.HasPrefix(id, prefix) || k.all.err == host.ErrAbsent {
			continue
		}
		depth := strings.Count(prefix, `\`)
		name := strings.Split(k.path, `\`)[depth]
		if _, ok := names[strings.ToLower(name)]; !ok {
			names[strings.ToLower(name)] = name
		}
	}
	return names
}

// KeySecurity implements host.Host.
func (m *Machine) KeySecurity(path string) (host.Security, error) {
	if a, ok := m.keySecurity[fold(path)]; ok {
		return a.get()
	}
	if _, err := m.Subkeys(path); err != nil {
		return host.Security{}, err
	}
	return host.Security{}, host.ErrUnsupported
}

// checkKey checks the path of a key.
func checkKey(t token) error {
	root, path, _ := strings.Cut(t.text, `\`)
	switch strings.ToUpper(root) {
	case "HKLM", "HKCU", "HKU":
	default:
		return t.fail("there is no such root key", `HKLM\, HKCU\ or HKU\`)
	}
	if path == "" {
		return t.fail("this key has no path", `write HKLM\PATH`)
	}
	if strings.Contains(path, `\\`) || strings.Contains(path, "/") {
		return t.fail("this key's path has an empty part or a /", `write one \ between the parts`)
	}
	return nil
}

func (m *Machine) addKey(s section) error {
	if err := checkKey(s.name); err != nil {
		return err
	}
	k := &key{path: strings.TrimRight(s.name.text, `\`), values: map[string]*keyValue{}}
	m.keys[fold(s.name.text)] = k
	var err error
	if k.all, k.closed, err = instead[host.Value](s.bang); k.closed {
		return err
	}
	for _, l := range s.lines {
		name := l.name.text
		if name == "@" {
			name = ""
		}
		if _, ok := k.values[strings.ToLower(name)]; ok {
			return l.name.fail("this value is there twice", "remove one of them")
		}
		a, err := orInstead(l.value, readValue)
		if err != nil {
			return err
		}
		k.values[strings.ToLower(name)] = &keyValue{name, a}
	}
	return nil
}

func (m *Machine) addKeySecurity(s section) error {
	if err := checkKey(s.name); err != nil {
		return err
	}
	return addTo(m.keySecurity, fold(s.name.text), s, readSecurity)
}
