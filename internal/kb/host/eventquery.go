package host

import (
	"strconv"
	"strings"
)

// maxXPathTerms is how many providers or IDs are left to the event log to
// select: it refuses a query with more than about twenty conditions. Selects
// does the rest.
const maxXPathTerms = 8

// xpath is q as the event log takes it. It may select more than q; ok is
// false if a name cannot be written in XPath 1.0, which has no escapes.
func (q EventQuery) xpath() (query string, ok bool) {
	var all []string
	if n := len(q.Providers); n > 0 && n <= maxXPathTerms {
		var names []string
		for _, p := range q.Providers {
			quote := "'"
			if strings.Contains(p, quote) {
				quote = `"`
			}
			if strings.Contains(p, quote) {
				return "", false
			}
			names = append(names, "@Name="+quote+p+quote)
		}
		all = append(all, "Provider["+strings.Join(names, " or ")+"]")
	}
	if n := len(q.IDs); n > 0 && n <= maxXPathTerms {
		var ids []string
		for _, id := range q.IDs {
			ids = append(ids, "EventID="+strconv.FormatUint(uint64(id), 10))
		}
		all = append(all, "("+strings.Join(ids, " or ")+")")
	}
	if !q.Since.IsZero() {
		all = append(all, "TimeCreated[@SystemTime>='"+q.Since.UTC().Format("2006-01-02T15:04:05.000Z")+"']")
	}
	if len(all) == 0 {
		return "*", true
	}
	return "*[System[" + strings.Join(all, " and ") + "]]", true
}
