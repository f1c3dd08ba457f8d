package recorded

import (
	"strings"
	"time"

	"kbgen/internal/kb/host"
)

// Clock implements host.Host.
func (m *Machine) Clock() (host.Clock, error) { return m.clock.get() }

// addClock must come before any section with a time.
func (m *Machine) addClock(s section) error {
	return readInto(&m.clock, s, func(s section) (c host.Clock, err error) {
		now, rest := s.take("now")
		if err := now.each("", "", map[string]func(token) error{"now": into(&m.now, m.readTime)}); err != nil {
			return c, err
		}
		c.Now, c.Boot = m.now, m.now.Add(-24*time.Hour)
		err = rest.each("", "", map[string]func(token) error{"boot": into(&c.Boot, m.readTime)})
		return c, err
	})
}

// readTime reads RFC 3339, or a time relative to the clock.
func (m *Machine) readTime(t token) (time.Time, error) {
	if t.text != "" && strings.ContainsRune("+-", rune(t.text[0])) {
		d, err := readDuration(t)
		return m.now.Add(d), err
	}
	when, err := time.Parse(time.RFC3339, t.text)
	if err != nil {
		return time.Time{}, t.fail("this is not a time", "write 2026-11-21T09:00:00Z, or -2h or -3d from the clock's time")
	}
	return when.UTC(), nil
}

// readTimeOrNever reads a time; never is zero.
func (m *Machine) readTimeOrNever(t token) (time.Time, error) {
	if t.text == "never" {
		return time.Time{}, nil
	}
	return m.readTime(t)
}

// readDuration reads a duration of Go, or whole days with d.
func readDuration(t token) (time.Duration, error) {
	const day = 24 * time.Hour
	text, factor := t.text, time.Duration(1)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		text, factor = days+"h", 24
	}
	d, err := time.ParseDuration(text)
	const most = 36500 * day
	if err != nil || d > most/factor || d < -most/factor {
		return 0, t.fail("this is not a time relative to the clock", "write -90s, -2h30m, -3d, +150d; a hundred years at most")
	}
	return d * factor, nil
}
