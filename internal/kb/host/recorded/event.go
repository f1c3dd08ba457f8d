package recorded

import (
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

// Events implements host.Host.
func (m *Machine) Events(q host.EventQuery) ([]host.Event, error) {
	all, err := lookup(m.events, q.Channel)
	if err != nil {
		return nil, err
	}
	found := []host.Event{}
	for _, e := range all {
		if q.Selects(e) {
			found = append(found, e)
		}
	}
	// Of events of one time, those written down later are newer.
	slices.Reverse(found)
	slices.SortStableFunc(found, func(a, b host.Event) int { return b.Time.Compare(a.Time) })
	return found[:min(len(found), q.Limit())], nil
}

func (m *Machine) addEvents(s section) error {
	return addTo(m.events, strings.ToLower(s.name.text), s, readList("event", m.readEvent))
}

// readEvent reads "PROVIDER ID TIME", then TEXT or NAME=TEXT.
func (m *Machine) readEvent(t token) (e host.Event, err error) {
	if e.Provider, t, err = t.item(""); err != nil {
		return e, err
	}
	id, t := t.cut()
	n, err := number(id, 16)
	if err != nil {
		return e, err
	}
	e.ID = uint32(n)
	when, t := t.cut()
	if e.Time, err = m.readTime(when); err != nil {
		return e, err
	}
	for t = t.trim(); t.text != ""; t = t.trim() {
		var f host.Field
		if name, value, ok := t.named(); ok {
			f.Name, t = name.text, value
		}
		if f.Text, t, err = t.itemHere(" \t"); err != nil {
			return e, err
		}
		e.Data = append(e.Data, f)
	}
	return e, nil
}
