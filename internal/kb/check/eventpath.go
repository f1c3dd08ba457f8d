package check

import (
	"slices"
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

// daysParam is how far back a check reads an event log.
func daysParam() Param {
	return Param{
		Name: "days", Kind: KindNumber, Default: "7", Min: 1, Max: 365,
		About: Text{JA: "さかのぼる日数", EN: "how many days to look back"},
	}
}

// pathParam is the file that a check is about.
func pathParam(required bool, about Text) Param {
	return Param{Name: "path", Kind: KindPath, Required: required, About: about}
}

// concernedPath is the parameter of a check that leaves out what concerns
// other files, if the article names one.
func concernedPath() Param {
	return pathParam(false, Text{
		JA: "対象のプログラムまたはファイル。省略するとすべて",
		EN: "the program or file concerned; all of them if left out",
	})
}

// recentEvents returns what q selects of the last days.
func recentEvents(h host.Host, q host.EventQuery, days int) ([]host.Event, []Found) {
	clock, err := h.Clock()
	if err != nil {
		return nil, unread("GetSystemTimeAsFileTime", err)
	}
	q.Since = clock.Now.AddDate(0, 0, -days)
	events, err := h.Events(q)
	if err != nil {
		return nil, unread(q.Channel, err)
	}
	return events, nil
}

// eventMentions reports whether any datum of an event holds a path. An empty
// path is mentioned everywhere.
func eventMentions(e host.Event, path string) bool {
	for _, f := range e.Data {
		if mentions(f.Text, path) {
			return true
		}
	}
	return path == ""
}

// mentions reports whether a text holds a path on a drive, or one below it, in
// any of the spellings that Windows records: C:\x, %OSDRIVE%\x and
// \Device\HarddiskVolume3\x.
func mentions(text, path string) bool {
	text, path = strings.ToLower(text), strings.TrimRight(strings.ToLower(path), `\`)
	if len(path) < 2 || path[1] != ':' {
		return false
	}
	drive, tail := path[:2], path[2:]
	for at := 0; at <= len(text); at++ {
		i := strings.Index(text[at:], tail)
		if i < 0 {
			return false
		}
		at += i
		before, after := text[:at], text[at+len(tail):]
		onDrive := strings.HasSuffix(before, drive) || strings.HasSuffix(before, "%osdrive%") ||
			strings.HasSuffix(strings.TrimRight(before, "0123456789"), `\device\harddiskvolume`)
		if onDrive && (after == "" || strings.ContainsRune("\\;,\"", rune(after[0]))) {
			return true
		}
	}
	return false
}

// datum returns an event's datum, or -. Names compare without their spaces.
func datum(e host.Event, name string) string {
	for _, f := range e.Data {
		if strings.ReplaceAll(f.Name, " ", "") == name {
			return valueText(f.Text)
		}
	}
	return "-"
}

// eventKind is a finding that events with one of some IDs lead to.
type eventKind struct {
	finding string
	ids     []uint32
	data    []string // pairs: the name of a value, the name of a datum
}

// kindIDs are the IDs of all kinds.
func kindIDs(kinds []eventKind) (ids []uint32) {
	for _, k := range kinds {
		ids = append(ids, k.ids...)
	}
	return ids
}

// judge returns the finding for the events of a kind, with their number and
// the newest one's data, or nil if there are none. Events come newest first.
func (k eventKind) judge(events []host.Event) []Found {
	var newest *host.Event
	count := 0
	for i := range events {
		if !slices.Contains(k.ids, events[i].ID) {
			continue
		}
		if count++; newest == nil {
			newest = &events[i]
		}
	}
	if newest == nil {
		return nil
	}
	values := []string{"count", strconv.Itoa(count), "time", eventTime(*newest)}
	for i := 0; i+1 < len(k.data); i += 2 {
		values = append(values, k.data[i], datum(*newest, k.data[i+1]))
	}
	return found(k.finding, values...)
}

// about is an optional path as a value: * for all.
func about(path string) string {
	if path == "" {
		return "*"
	}
	return path
}

// concerned is the optional path of a check on a local drive, or the finding
// that says why it is none.
func concerned(h host.Host, args Args) (string, []Found) {
	if args["path"] == "" {
		return "", nil
	}
	path, err := localPath(h, args["path"])
	return path, unreadPath(path, err)
}
