package probe

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"kbgen/internal/kb/host"
)

// mask replaces what names a person or a machine. The names to look for are
// those of the machine itself; SIDs of accounts are found by their form.
type mask struct {
	off   bool
	names []maskedName
}

type maskedName struct{ name, shown string }

// minName is the length from which a name is masked wherever it stands; a
// shorter one would black out half of every text.
const minName = 2

func newMask(h host.Host, off bool) *mask {
	m := &mask{off: off}
	id, err := h.Identity()
	if err != nil {
		return m
	}
	m.add(id.Home, "%USERPROFILE%")
	m.add(id.SID, "<SID>")
	m.add(id.DNS, "<domain>")
	m.add(id.Machine, "<computer>")
	m.add(id.Domain, "<domain>")
	m.add(id.User, "<user>")
	// The longest first: a home folder holds the user's name.
	slices.SortStableFunc(m.names, func(a, b maskedName) int { return cmp.Compare(len(b.name), len(a.name)) })
	return m
}

func (m *mask) add(name, shown string) {
	if utf8.RuneCountInString(name) >= minName {
		m.names = append(m.names, maskedName{name, shown})
	}
}

// hide returns s with every masked name replaced.
func (m *mask) hide(s string) string {
	if m.off {
		return s
	}
	for _, n := range m.names {
		s = replaceFold(s, n.name, n.shown)
	}
	return hideSIDs(s)
}

// replaceFold replaces name where it stands as a whole word, whatever its
// case.
func replaceFold(s, name, shown string) string {
	var b strings.Builder
	for {
		i := indexFold(s, name)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := i + len(name)
		if wordRune(lastRune(s[:i])) || wordRune(firstRune(s[end:])) {
			b.WriteString(s[:end])
		} else {
			b.WriteString(s[:i])
			b.WriteString(shown)
		}
		s = s[end:]
	}
}

// indexFold finds name in s, whatever its case, among the places of equal
// length in bytes. The system's names compare the same way.
func indexFold(s, name string) int {
	for i := 0; i+len(name) <= len(s); i++ {
		if strings.EqualFold(s[i:i+len(name)], name) {
			return i
		}
	}
	return -1
}

func firstRune(s string) rune { r, _ := utf8.DecodeRuneInString(s); return r }
func lastRune(s string) rune  { r, _ := utf8.DecodeLastRuneInString(s); return r }

func wordRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// hideSIDs masks the SIDs of accounts of a machine or domain (S-1-5-21-…) and
// of Entra accounts (S-1-12-1-…). Well-known SIDs stay: they name nobody.
func hideSIDs(s string) string {
	for _, prefix := range []string{"S-1-5-21-", "S-1-12-1-"} {
		var b strings.Builder
		for {
			before, after, ok := strings.Cut(s, prefix)
			b.WriteString(before)
			if !ok {
				break
			}
			b.WriteString(prefix + "…")
			s = strings.TrimLeft(after, "0123456789-")
		}
		s = b.String()
	}
	return s
}
