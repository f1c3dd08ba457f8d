package host

import "time"

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
	Most      int // at most so many
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
