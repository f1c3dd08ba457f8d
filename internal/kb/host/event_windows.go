package host

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

const (
	evtQueryChannelPath      = 0x1
	evtQueryReverseDirection = 0x200
	evtRenderXML             = 1
	evtVarTypeBoolean        = 13

	// nextTimeout is how long EvtNext may wait, in milliseconds.
	nextTimeout = 5000

	// maxScanned is how many events are looked at for one query.
	maxScanned = 20000

	// maxEventXML bounds an event as XML, in bytes. Windows does not store
	// more than 64 KiB of data.
	maxEventXML = 1 << 20
)

func (l *local) Events(q EventQuery) ([]Event, error) {
	query, ok := q.xpath()
	if !ok {
		return nil, &CallError{Call: l.evtQuery.Name, Code: errorInvalidParameter}
	}
	channel, err := wide(l.evtQuery.Name, q.Channel)
	if err != nil {
		return nil, err
	}
	xpath, err := wide(l.evtQuery.Name, query)
	if err != nil {
		return nil, err
	}
	if err := l.channelEnabled(channel); err != nil {
		return nil, err
	}
	results, err := l.evtHandle(l.evtQuery, 0, uintptr(unsafe.Pointer(channel)), uintptr(unsafe.Pointer(xpath)),
		evtQueryChannelPath|evtQueryReverseDirection)
	if err != nil {
		return nil, err
	}
	defer free(l.evtClose, results)
	found := []Event{}
	for range maxScanned {
		e, err := l.nextEvent(results)
		if err == windows.ERROR_NO_MORE_ITEMS {
			return found, nil
		}
		if err != nil {
			return nil, failed(l.evtNext.Name, err)
		}
		if !q.Selects(e) {
			continue
		}
		if found = append(found, e); len(found) == q.Limit() {
			return found, nil
		}
	}
	return nil, &CallError{Call: l.evtNext.Name, Code: errorMoreData}
}

// evtHandle calls a function that returns a handle. Wine returns none and no
// error.
//
//go:uintptrescapes
func (l *local) evtHandle(p *windows.LazyProc, args ...uintptr) (uintptr, error) {
	if p.Find() != nil {
		return 0, ErrUnsupported
	}
	h, _, err := p.Call(args...)
	if h == 0 {
		if err == windows.ERROR_SUCCESS {
			return 0, ErrUnsupported
		}
		return 0, failed(p.Name, err)
	}
	return h, nil
}

// channelEnabled answers ErrDisabled for a channel that records nothing. If its
// settings cannot be read, the query will tell.
func (l *local) channelEnabled(channel *uint16) error {
	config, err := l.evtHandle(l.evtOpenChannelConfig, 0, uintptr(unsafe.Pointer(channel)), 0)
	if err == ErrAbsent {
		return err
	}
	if err != nil {
		return nil
	}
	defer free(l.evtClose, config)
	var v struct { // EVT_VARIANT
		enabled     uint32
		_           uint32
		count, kind uint32
	}
	const enabledProperty = 0
	var used uint32
	err = call(l.evtGetChannelConfigProperty, config, enabledProperty, 0, unsafe.Sizeof(v), uintptr(unsafe.Pointer(&v)), uintptr(unsafe.Pointer(&used)))
	if err == nil && v.kind == evtVarTypeBoolean && v.enabled == 0 {
		return ErrDisabled
	}
	return nil
}

// nextEvent returns the next event, or ERROR_NO_MORE_ITEMS.
func (l *local) nextEvent(results uintptr) (Event, error) {
	var event uintptr
	var n uint32
	err := call(l.evtNext, results, 1, uintptr(unsafe.Pointer(&event)), nextTimeout, 0, uintptr(unsafe.Pointer(&n)))
	if err != nil {
		return Event{}, err
	}
	defer free(l.evtClose, event)
	for size := uint32(4096); ; {
		buf := make([]uint16, size/2)
		var used, properties uint32
		err := call(l.evtRender, 0, event, evtRenderXML, uintptr(size), uintptr(unsafe.Pointer(&buf[0])),
			uintptr(unsafe.Pointer(&used)), uintptr(unsafe.Pointer(&properties)))
		if err == nil {
			e, err := parseEvent(windows.UTF16ToString(buf[:min(used, size)/2]))
			if err != nil {
				return Event{}, windows.ERROR_INVALID_DATA
			}
			return e, nil
		}
		if err != windows.ERROR_INSUFFICIENT_BUFFER || used <= size || used > maxEventXML {
			return Event{}, err
		}
		size = used + used%2
	}
}
