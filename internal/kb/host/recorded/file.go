package recorded

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"kbgen/internal/kb/host"
)

type file struct {
	path       string // as written
	attributes answer[host.File]
	security   answer[host.Security]
	version    answer[host.Version]
	content    answer[[]byte]
	entries    answer[struct{}] // what listing it answers; the list is that of the files
}

// File implements host.Host.
func (m *Machine) File(path string) (host.File, error) { return m.file(path).attributes.get() }

// Security implements host.Host.
func (m *Machine) Security(path string) (host.Security, error) { return m.file(path).security.get() }

// FileVersion implements host.Host.
func (m *Machine) FileVersion(path string) (host.Version, error) { return m.file(path).version.get() }

// ReadFile implements host.Host.
func (m *Machine) ReadFile(path string, most int) ([]byte, error) {
	f := m.file(path)
	content, err := f.content.get()
	if err != nil {
		return nil, err
	}
	if attributes, err := f.attributes.get(); err == nil && attributes.Elsewhere() {
		return nil, &host.CallError{Call: "ReadFile", Code: host.CodeOffline}
	}
	if len(content) > most {
		return nil, &host.CallError{Call: "ReadFile", Code: host.CodeTooLarge}
	}
	return append([]byte{}, content...), nil
}

func (m *Machine) file(path string) *file {
	if f, ok := m.files[fold(path)]; ok {
		return f
	}
	return noFile(path, answer[host.File]{err: host.ErrAbsent})
}

// noFile is one that answers a to everything.
func noFile(path string, a answer[host.File]) *file {
	return &file{path, a, like[host.Security](a), like[host.Version](a), like[[]byte](a), like[struct{}](a)}
}

// Entries implements host.Host: the files that have a section.
func (m *Machine) Entries(folder string) ([]host.Entry, error) {
	f := m.file(folder)
	if _, err := f.entries.get(); err != nil {
		return nil, err
	}
	if a, err := f.attributes.get(); err != nil {
		return nil, err
	} else if a.Elsewhere() {
		return nil, &host.CallError{Call: "FindFirstFileW", Code: host.CodeOffline}
	}
	all, prefix := []host.Entry{}, fold(folder)+`\`
	for _, id := range sorted(m.files) {
		rest, below := strings.CutPrefix(id, prefix)
		if !below || rest == "" || strings.ContainsAny(rest, `\:`) {
			continue
		}
		a, err := m.files[id].attributes.get()
		if err == host.ErrAbsent {
			continue
		}
		path := m.files[id].path
		all = append(all, host.Entry{Name: path[strings.LastIndexAny(path, `\/`)+1:], File: a})
	}
	return all[:min(len(all), host.MaxNames)], nil
}

// Volume implements host.Host. A share is remote, as on a real machine.
func (m *Machine) Volume(path string) (host.Volume, error) {
	p := fold(path)
	if strings.HasPrefix(p, `\\`) {
		return host.Volume{Type: host.DriveRemote}, nil
	}
	return lookup(m.volumes, p[:min(2, len(p))])
}

// Folder implements host.Host.
func (m *Machine) Folder(f host.Folder) (string, error) { return lookup(m.folders, string(f)) }

// DriveTarget implements host.Host.
func (m *Machine) DriveTarget(drive string) (string, error) { return lookup(m.drives, fold(drive)) }

func (m *Machine) addFile(s section) error {
	path := strings.TrimRight(s.name.text, `\/`)
	f := &file{
		path:     path,
		security: unsupported[host.Security](),
		version:  unsupported[host.Version](),
		content:  unsupported[[]byte](),
	}
	m.files[fold(s.name.text)] = f
	if a, ok, err := instead[host.File](s.bang); ok {
		*f = *noFile(path, a)
		return err
	}
	security, rest := s.take("owner", "ace", "dacl", "protected", "granted")
	content, rest := rest.take("text", "utf16", "content")
	given := false
	err := rest.each("", "", map[string]func(token) error{
		"attributes": into(&f.attributes, func(t token) (answer[host.File], error) { return orInstead(t, readAttributes) }),
		"version":    into(&f.version, func(t token) (answer[host.Version], error) { return orInstead(t, readVersion) }),
		"entries": into(&f.entries, func(t token) (answer[struct{}], error) {
			return orInstead(t, func(t token) (v struct{}, err error) {
				return v, t.fail("only an answer can stand here", "write !denied or the like; the files have sections of their own")
			})
		}),
		"security": func(t token) (err error) {
			given = true
			f.security, err = orInstead(t, func(t token) (host.Security, error) {
				return host.Security{}, t.fail("only an answer can stand here", "write !denied or the like, or owner, ace and granted")
			})
			return err
		},
	})
	if err != nil {
		return err
	}
	if len(content.lines) > 0 {
		if f.content, err = readContent(content); err != nil {
			return err
		}
	}
	if len(security.lines) == 0 {
		return nil
	}
	if given {
		return security.lines[0].name.fail("security is given already", "remove one of them")
	}
	return readInto(&f.security, security, readSecurity)
}

// readContent reads text lines, utf16 lines, or one content line.
func readContent(s section) (answer[[]byte], error) {
	kind := s.lines[0].name.text
	for _, l := range s.lines[1:] {
		if l.name.text != kind || kind == "content" {
			return answer[[]byte]{}, l.name.fail("the content is given already", "either text lines, or utf16 lines, or one content line")
		}
	}
	if kind == "content" {
		return orInstead(s.lines[0].value, readHex)
	}
	var lines []string
	err := s.each("", kind, map[string]func(token) error{kind: appendTo(&lines, readText)})
	text := strings.Join(lines, "\r\n") + "\r\n"
	if kind == "text" {
		return answer[[]byte]{value: []byte(text)}, err
	}
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return answer[[]byte]{value: b}, err
}

func (m *Machine) addVolume(s section) error {
	drive, err := readDrive(s.name)
	if err != nil {
		return err
	}
	return addTo(m.volumes, drive, s, func(s section) (v host.Volume, err error) {
		err = s.each("type", "", map[string]func(token) error{
			"type":       into(&v.Type, readDriveType),
			"free":       into(&v.Free, readBytes),
			"filesystem": into(&v.FileSystem, readText),
		})
		return v, err
	})
}

func (m *Machine) addDrive(s section) error {
	drive, err := readDrive(s.name)
	if err != nil {
		return err
	}
	return addTo(m.drives, drive, s, readOne("target", readText))
}

func readDrive(t token) (string, error) {
	name := fold(t.text)
	if len(name) != 2 || name[1] != ':' {
		return "", t.fail("this is not a drive", "write it as C:")
	}
	return name, nil
}

func (m *Machine) addFolder(s section) error {
	folders := map[string]bool{}
	for _, f := range []host.Folder{host.Documents, host.LocalAppData, host.ProgramFiles, host.Windows, host.System32} {
		folders[string(f)] = true
	}
	if _, err := oneOf(s.name, folders); err != nil {
		return err
	}
	return addTo(m.folders, strings.ToLower(s.name.text), s, readOne("path", readText))
}
