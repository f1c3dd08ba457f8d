package recorded

import (
	"strings"

	"kbgen/internal/kb/host"
)

// LocalUser implements host.Host.
func (m *Machine) LocalUser(name string) (host.LocalUser, error) { return lookup(m.users, name) }

// GroupMembers implements host.Host.
func (m *Machine) GroupMembers(groupSID string) ([]string, error) {
	return lookupOr(m.groups, groupSID, host.ErrUnsupported)
}

// RightHolders implements host.Host.
func (m *Machine) RightHolders(right string) ([]string, error) {
	return lookupOr(m.rights, right, host.ErrUnsupported)
}

// Join implements host.Host.
func (m *Machine) Join() (host.Join, error) { return m.join.get() }

// EntraJoin implements host.Host.
func (m *Machine) EntraJoin() (host.EntraJoin, error) { return m.entra.get() }

// Credentials implements host.Host.
func (m *Machine) Credentials(prefix string) ([]host.Credential, error) {
	all, err := m.credentials.get()
	if err != nil {
		return nil, err
	}
	found := []host.Credential{}
	for _, c := range all {
		if strings.HasPrefix(strings.ToLower(c.Target), strings.ToLower(prefix)) {
			found = append(found, c)
		}
	}
	return found, nil
}

// addUser reads [user NAME], or [user] for the account of the process.
func (m *Machine) addUser(s section) error {
	own := s.name.text == ""
	if _, ok := m.users[strings.ToLower(s.name.text)]; ok {
		return s.kind.fail("this user has a section already", "put its lines into one section")
	}
	v := host.LocalUser{Name: s.name.text, AccountExpires: 0xffffffff}
	id := strings.ToLower(v.Name)
	err := addTo(m.users, id, s, func(s section) (host.LocalUser, error) {
		lines := map[string]func(token) error{
			"sid":              into(&v.SID, readSID),
			"flags":            into(&v.Flags, readUserFlags),
			"bad-passwords":    into(&v.BadPasswords, readMask),
			"password-expired": into(&v.PasswordExpired, readYes),
			"account-expires":  into(&v.AccountExpires, m.readExpiry),
		}
		required := "sid"
		if own {
			lines["name"], required = into(&v.Name, readText), "name sid"
		}
		err := s.each(required, "", lines)
		return v, err
	})
	if err != nil || !own || v.Name == "" {
		return err
	}
	name := strings.ToLower(v.Name)
	if _, ok := m.users[name]; ok {
		return s.kind.fail("this user has a section already", "put its lines into one section")
	}
	m.users[name] = m.users[id]
	return nil
}

func readUserFlags(t token) (uint32, error) {
	return readFlags(t.words(), map[string]uint32{
		"disabled": host.UserDisabled, "locked-out": host.UserLockedOut, "password-not-required": host.UserPasswordNotRequired,
		"password-never-expires": host.UserPasswordNeverExpire, "smartcard-required": host.UserSmartCardRequired,
	})
}

// readExpiry reads a time as seconds since 1970, or never.
func (m *Machine) readExpiry(t token) (uint32, error) {
	when, err := m.readTimeOrNever(t)
	if err != nil || when.IsZero() {
		return 0xffffffff, err
	}
	seconds := when.Unix()
	if seconds < 0 || seconds >= 0xffffffff {
		return 0, t.fail("this time has more than 32 bits", "write never, or a time before 2106")
	}
	return uint32(seconds), nil
}

func (m *Machine) addGroup(s section) error {
	if _, err := readSID(s.name); err != nil {
		return err
	}
	return addTo(m.groups, strings.ToLower(s.name.text), s, readList("member", readSID))
}

func (m *Machine) addRight(s section) error {
	return addTo(m.rights, strings.ToLower(s.name.text), s, readList("holder", readSID))
}

func readJoin(s section) (v host.Join, err error) {
	err = s.each("status", "", map[string]func(token) error{
		"status": into(&v.Status, func(t token) (host.JoinStatus, error) {
			return oneOf(t, map[string]host.JoinStatus{
				"unknown": host.JoinUnknown, "none": host.JoinNone, "workgroup": host.JoinWorkgroup, "domain": host.JoinDomain,
			})
		}),
		"name": into(&v.Name, readText),
	})
	return v, err
}

func readEntra(s section) (v host.EntraJoin, err error) {
	err = s.each("", "", map[string]func(token) error{
		"device":    into(&v.Device, readYes),
		"workplace": into(&v.Workplace, readYes),
	})
	return v, err
}

// readCredential reads "TARGET TYPE USER PERSIST FLAGS…".
func readCredential(t token) (c host.Credential, err error) {
	if c.Target, t, err = t.item(""); err != nil {
		return c, err
	}
	kind, t := t.cut()
	c.Type, err = oneOf(kind, map[string]uint32{
		"generic": host.CredGeneric, "domain-password": host.CredDomainPassword,
		"domain-certificate": host.CredDomainCert, "domain-extended": host.CredDomainExtended,
	})
	if err != nil {
		return c, err
	}
	if c.User, t, err = t.item(""); err != nil {
		return c, err
	}
	persist, t := t.cut()
	c.Persist, err = oneOf(persist, map[string]uint32{
		"session": host.PersistSession, "machine": host.PersistMachine, "enterprise": host.PersistEnterprise,
	})
	if err != nil {
		return c, err
	}
	c.Flags, err = readFlags(t.words(), map[string]uint32{"prompt-now": host.CredPromptNow})
	return c, err
}
