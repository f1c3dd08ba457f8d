package probe

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"kbgen/internal/kb/host"
)

// mask replaces what names a person or a machine. The names to look for are
// those of the machine itself; SIDs of accounts and the home folders of others
// are found by their form.
type mask struct {
	off   bool
	blind bool // the names could not be read, so that every value may hold one
	names []maskedName
}

type maskedName struct {
	name, shown string
	cut         bool // the system has shortened it: more of it may follow
	folder      bool // with a space behind it, it is the start of another
}

// shownHome stands for the home folder.
const shownHome = "%USERPROFILE%"

// minName is the length from which a name is masked wherever it stands; a
// shorter one would black out half of every text.
const minName = 2

func newMask(h host.Host, off bool) *mask {
	m := &mask{off: off}
	id, err := h.Identity()
	if err != nil {
		// A system without these names (ErrUnsupported) has none to hide.
		m.blind = !errors.Is(err, host.ErrUnsupported)
		return m
	}
	// A NetBIOS name is the start of a longer DNS name, a SAM account name
	// that of a longer UPN.
	const maxNetBIOS, maxSAM = 15, 20
	m.add(id.Home, shownHome, 0)
	m.add(id.SID, "<SID>", 0)
	m.add(id.DNS, "<domain>", 0)
	m.add(id.Machine, "<computer>", maxNetBIOS)
	m.add(id.Domain, "<domain>", maxNetBIOS)
	m.add(id.User, "<user>", maxSAM)
	// The folder keeps its name when the account is renamed, and has one of
	// its own for a Microsoft account.
	m.add(id.Home[strings.LastIndexAny(id.Home, `\/`)+1:], "<user>", 0)
	// The longest first: a home folder holds the user's name.
	slices.SortStableFunc(m.names, func(a, b maskedName) int { return cmp.Compare(len(b.name), len(a.name)) })
	return m
}

// add adds a name. One of most characters may be the start of a longer one.
func (m *mask) add(name, shown string, most int) {
	if n := utf8.RuneCountInString(name); n >= minName {
		m.names = append(m.names, maskedName{name, shown, n == most, shown == shownHome})
	}
}

// hide returns s with every masked name replaced.
func (m *mask) hide(s string) string {
	if m.off {
		return s
	}
	if m.blind {
		return "…"
	}
	for _, n := range m.names {
		s = n.replace(s)
	}
	return hideHomes(hideSIDs(s))
}

// replace replaces the name where it stands as a whole word, whatever its
// case.
func (n maskedName) replace(s string) string {
	var b strings.Builder
	for {
		i := indexFold(s, n.name)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := i + len(n.name)
		for n.cut && end < len(s) && (wordRune(rune(s[end])) || s[end] == '-') {
			end++
		}
		if wordRune(lastRune(s[:i])) || wordRune(firstRune(s[end:])) || n.folder && strings.HasPrefix(s[end:], " ") {
			b.WriteString(s[:end])
		} else {
			b.WriteString(s[:i])
			b.WriteString(n.shown)
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
			i := indexFold(s, prefix)
			if i < 0 {
				b.WriteString(s)
				break
			}
			b.WriteString(s[:i] + prefix + "…")
			s = strings.TrimLeft(s[i+len(prefix):], "0123456789-")
		}
		s = b.String()
	}
	return s
}

// hideHomes masks the name of a folder in Users: someone else's, or this
// user's in its short form (YAMADA~1). What follows a name without a separator
// goes with it, since a name may hold spaces.
func hideHomes(s string) string {
	const folder = "users"
	slash := func(i int) bool { return i >= 0 && i < len(s) && (s[i] == '\\' || s[i] == '/') }
	var b strings.Builder
	for {
		i := indexFold(s, folder)
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		end := i + len(folder)
		if !slash(i-1) || !slash(end) {
			b.WriteString(s[:end])
			s = s[end:]
			continue
		}
		b.WriteString(s[:end+1])
		s = s[end+1:]
		name := s
		if n := strings.IndexAny(s, "\\/:*?\"|,;"); n >= 0 {
			name = s[:n]
		}
		if name == "" || namesNobody(name) {
			b.WriteString(name)
		} else {
			b.WriteString("<user>")
		}
		s = s[len(name):]
	}
}

// namesNobody reports whether every Windows has this folder in Users.
func namesNobody(name string) bool {
	return slices.ContainsFunc([]string{"Public", "Default", "Default User", "All Users"}, func(s string) bool {
		return strings.EqualFold(s, name)
	})
}
