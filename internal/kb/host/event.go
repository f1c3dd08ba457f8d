package host

import (
	"slices"
	"time"
)

// Events are the event logs.
type Events interface {
	// Events returns what a channel has recorded, newest first. A channel that
	// does not exist is ErrAbsent; one that is switched off is ErrDisabled; an
	// event log that cannot be asked is ErrUnsupported. None found is an empty
	// list.
	Events(q EventQuery) ([]Event, error)
}

// EventQuery selects events by where they come from, never by their text,
// which is localised.
type EventQuery struct {
	Channel   string   // such as System
	Providers []string // any of these; empty: any provider
	IDs       []uint32 // any of these; empty: any ID
	Since     time.Time
	Most      int // the newest so many; 0, or above MaxEvents: MaxEvents
}

// MaxEvents is the most events that one query returns.
const MaxEvents = 1024

// Limit is the most events that q returns.
func (q EventQuery) Limit() int {
	if q.Most <= 0 || q.Most > MaxEvents {
		return MaxEvents
	}
	return q.Most
}

// Selects reports whether q asks for e, the channel aside.
func (q EventQuery) Selects(e Event) bool {
	return (len(q.Providers) == 0 || slices.Contains(q.Providers, e.Provider)) &&
		(len(q.IDs) == 0 || slices.Contains(q.IDs, e.ID)) && !e.Time.Before(q.Since)
}

// Event is one event.
type Event struct {
	Provider string
	ID       uint32
	Time     time.Time // UTC
	Data     []Field   // EventData or UserData, in order
}

// Field is one datum of an event.
type Field struct {
	Name string // empty for a classic event, whose data have no names
	Text string
}

// Field returns the text of the datum with this name, or "".
func (e Event) Field(name string) string {
	for _, f := range e.Data {
		if f.Name == name {
			return f.Text
		}
	}
	return ""
}

// At returns the text of the datum at this place, from 0, or "".
func (e Event) At(i int) string {
	if i < len(e.Data) {
		return e.Data[i].Text
	}
	return ""
}
