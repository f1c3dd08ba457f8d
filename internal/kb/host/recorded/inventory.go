package recorded

import (
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

// Instances implements host.Host.
func (m *Machine) Instances(namespace, class string, properties []string) ([]host.Instance, error) {
	all, err := lookupOr(m.classes, fold(namespace)+" "+class, host.ErrUnsupported)
	if err != nil {
		return nil, err
	}
	found := []host.Instance{}
	for _, recorded := range all {
		asked := host.Instance{}
		for _, p := range properties {
			if v, ok := recorded[strings.ToLower(p)]; ok {
				asked[p] = append([]string{}, v...)
			}
		}
		found = append(found, asked)
	}
	return found, nil
}

// SecureKernel implements host.Host.
func (m *Machine) SecureKernel() (host.SecureKernel, error) { return m.secureKernel.get() }

// Processes implements host.Host.
func (m *Machine) Processes(program string) ([]host.Process, error) {
	all, err := m.processes.get()
	if err != nil {
		return nil, err
	}
	found := []host.Process{}
	for _, p := range all {
		if strings.EqualFold(p.Program, program) {
			found = append(found, p)
		}
	}
	return found, nil
}

// Openers implements host.Host.
func (m *Machine) Openers(path string) ([]host.Process, error) {
	_, err := m.File(path)
	if err == nil {
		err = host.ErrUnsupported
	}
	return lookupOr(m.openers, fold(path), err)
}

// Listeners implements host.Host.
func (m *Machine) Listeners(port uint16) ([]host.Process, error) {
	return lookupOr(m.listeners, strconv.Itoa(int(port)), host.ErrUnsupported)
}

// Certificates implements host.Host.
func (m *Machine) Certificates(store string) ([]host.Certificate, error) {
	return lookupOr(m.certificates, store, host.ErrUnsupported)
}

// UpdateResults implements host.Host.
func (m *Machine) UpdateResults() (host.UpdateResults, error) { return m.updates.get() }

// FirewallProfiles implements host.Host.
func (m *Machine) FirewallProfiles() (host.FirewallProfiles, error) { return m.firewall.get() }

func (m *Machine) addClass(s section) error {
	i := strings.LastIndexAny(s.name.text, " \t")
	if i < 0 {
		return s.name.fail("a namespace and a class belong here", `write [wmi root\cimv2 Win32_OperatingSystem]`)
	}
	namespace, class := strings.TrimSpace(s.name.text[:i]), s.name.text[i+1:]
	return addTo(m.classes, fold(namespace)+" "+strings.ToLower(class), s, readList("instance", readInstance))
}

// readInstance reads NAME=VALUE and NAME=VALUE,VALUE. Names are in lower case.
func readInstance(t token) (host.Instance, error) {
	instance := host.Instance{}
	for t = t.trim(); t.text != ""; t = t.trim() {
		name, rest, ok := t.named()
		if !ok {
			return nil, t.fail("this is not a property", "write NAME=VALUE, or NAME=VALUE,VALUE")
		}
		id := strings.ToLower(name.text)
		if _, ok := instance[id]; ok {
			return nil, name.fail("this property is there twice", "an array is NAME=VALUE,VALUE")
		}
		var err error
		if instance[id], t, err = rest.list(); err != nil {
			return nil, err
		}
	}
	return instance, nil
}

func readSecureKernel(s section) (host.SecureKernel, error) {
	return readOne("flags", func(t token) (host.SecureKernel, error) {
		flags, err := readFlags(t.words(), map[string]uint32{
			"running": uint32(host.SecureKernelRunning), "hvci": uint32(host.HVCIEnabled),
			"hvci-strict": uint32(host.HVCIStrict), "trustlet": uint32(host.TrustletRunning),
		})
		return host.SecureKernel(flags), err
	})(s)
}

func readProfiles(t token) (host.FirewallProfiles, error) {
	profiles, err := readFlags(t.words(), map[string]uint32{
		"domain": uint32(host.FirewallDomain), "private": uint32(host.FirewallPrivate), "public": uint32(host.FirewallPublic),
	})
	return host.FirewallProfiles(profiles), err
}

// readProcess reads "PROGRAM PID", then elevated.
func readProcess(t token) (p host.Process, err error) {
	if p.Program, t, err = t.item(""); err != nil {
		return p, err
	}
	pid, t := t.cut()
	if p.PID, err = readMask(pid); err != nil {
		return p, err
	}
	if t.text != "" {
		p.Elevated, err = oneOf(t, map[string]bool{"elevated": true})
	}
	return p, err
}

func (m *Machine) addOpeners(s section) error {
	return addTo(m.openers, fold(s.name.text), s, readList("process", readProcess))
}

func (m *Machine) addListeners(s section) error {
	port, err := strconv.ParseUint(s.name.text, 10, 16)
	if err != nil || port == 0 || strconv.FormatUint(port, 10) != s.name.text {
		return s.name.fail("this is not a port", "a number from 1 to 65535")
	}
	return addTo(m.listeners, s.name.text, s, readList("process", readProcess))
}

func (m *Machine) addCertificates(s section) error {
	return addTo(m.certificates, strings.ToLower(s.name.text), s, readList("certificate", m.readCertificate))
}

// readCertificate reads "SHA1 NOTBEFORE NOTAFTER", then key and self-made.
func (m *Machine) readCertificate(t token) (c host.Certificate, err error) {
	hash, t := t.cut()
	sha1, err := readHex(hash)
	if err != nil || copy(c.SHA1[:], sha1) != len(c.SHA1) || len(sha1) != len(c.SHA1) {
		return c, hash.fail("this is not a SHA-1 hash", "40 hexadecimal digits")
	}
	first, t := t.cut()
	if c.NotBefore, err = m.readTime(first); err != nil {
		return c, err
	}
	last, t := t.cut()
	if c.NotAfter, err = m.readTime(last); err != nil {
		return c, err
	}
	for _, w := range t.words() {
		is, err := oneOf(w, map[string]*bool{"key": &c.HasKey, "self-made": &c.SelfMade})
		if err != nil {
			return c, err
		}
		*is = true
	}
	return c, nil
}

func (m *Machine) readUpdates(s section) (v host.UpdateResults, err error) {
	err = s.each("search install", "", map[string]func(token) error{
		"search":  into(&v.LastSearch, m.readTimeOrNever),
		"install": into(&v.LastInstall, m.readTimeOrNever),
	})
	return v, err
}
