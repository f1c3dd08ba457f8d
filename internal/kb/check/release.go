package check

import (
	"strings"

	"kbgen/internal/kb/host"
)

// release is a release of Windows by its first build, and the last day on which
// each group of editions gets updates, as Microsoft publishes it; empty where a
// group does not exist. Extended Security Updates do not count.
type release struct {
	build      uint32
	home       string // Home and Pro; for servers all editions
	enterprise string // Enterprise and Education
	ltsc       string // Enterprise LTSC
	iot        string // IoT Enterprise LTSC

	_ [0]func() // not comparable: see Finding
}

// clientReleases are in the order of their builds. One that is not listed, such
// as a preview, counts as the one before it.
// Source: learn.microsoft.com/windows/release-health (release information).
func clientReleases() []release {
	return []release{
		{build: 0, home: "2020-01-14", enterprise: "2020-01-14"}, // Windows 7
		{build: 9200, home: "2016-01-12", enterprise: "2016-01-12"},
		{build: 9600, home: "2023-01-10", enterprise: "2023-01-10"},
		{build: 10240, home: "2017-05-09", enterprise: "2017-05-09", ltsc: "2025-10-14", iot: "2025-10-14"},
		{build: 10586, home: "2017-10-10", enterprise: "2017-10-10"},
		{build: 14393, home: "2018-04-10", enterprise: "2019-04-09", ltsc: "2026-10-13", iot: "2026-10-13"},
		{build: 15063, home: "2018-10-09", enterprise: "2019-10-08"},
		{build: 16299, home: "2019-04-09", enterprise: "2020-10-13"},
		{build: 17134, home: "2019-11-12", enterprise: "2021-05-11"},
		{build: 17763, home: "2020-11-10", enterprise: "2021-05-11", ltsc: "2029-01-09", iot: "2029-01-09"},
		{build: 18362, home: "2020-12-08", enterprise: "2020-12-08"},
		{build: 18363, home: "2021-05-11", enterprise: "2022-05-10"},
		{build: 19041, home: "2021-12-14", enterprise: "2021-12-14"},
		{build: 19042, home: "2022-05-10", enterprise: "2023-05-09"},
		{build: 19043, home: "2022-12-13", enterprise: "2022-12-13"},
		{build: 19044, home: "2023-06-13", enterprise: "2024-06-11", ltsc: "2027-01-12", iot: "2032-01-13"},
		{build: lastWindows10, home: "2025-10-14", enterprise: "2025-10-14"},
		{build: firstWindows11, home: "2023-10-10", enterprise: "2024-10-08"},
		{build: 22621, home: "2024-10-08", enterprise: "2025-10-14"},
		{build: 22631, home: "2025-11-11", enterprise: "2026-11-10"},
		{build: 26100, home: "2026-10-13", enterprise: "2027-10-12", ltsc: "2029-10-09", iot: "2034-10-10"},
		{build: 26200, home: "2027-10-12", enterprise: "2028-10-10"},
		{build: 26300, home: "2028-10-10", enterprise: "2029-10-09"},
		{build: 28000, home: "2028-03-14", enterprise: "2029-03-13"},
	}
}

func serverReleases() []release {
	return []release{
		{build: 0, home: "2020-01-14"},    // Windows Server 2008 R2
		{build: 9200, home: "2023-10-10"}, // 2012 and 2012 R2
		{build: 14393, home: "2027-01-12"},
		{build: 16299, home: "2019-04-09"},
		{build: 17134, home: "2019-11-12"},
		{build: 17763, home: "2029-01-09"},
		{build: 18362, home: "2020-12-08"},
		{build: 18363, home: "2021-05-11"},
		{build: 19041, home: "2021-12-14"},
		{build: 19042, home: "2022-08-09"},
		{build: 20348, home: "2031-10-14"},
		{build: 25398, home: "2025-10-24"},
		{build: 26100, home: "2034-11-14"},
	}
}

// releaseOf is the release that a build belongs to.
func releaseOf(s host.System) (r release) {
	all := serverReleases()
	if s.Product == host.Workstation {
		all = clientReleases()
	}
	for _, of := range all {
		if of.build <= s.Build {
			r = of
		}
	}
	return r
}

// lastDay is the last day of updates for an edition.
func (r release) lastDay(edition string) string {
	switch {
	case r.enterprise == "": // a server
	case strings.HasPrefix(edition, "IoTEnterpriseS") && r.iot != "":
		return r.iot
	case strings.HasPrefix(edition, "EnterpriseS") && r.ltsc != "":
		return r.ltsc
	case strings.HasPrefix(edition, "Enterprise"), strings.HasPrefix(edition, "IoTEnterprise"),
		strings.HasPrefix(edition, "Education"), strings.HasPrefix(edition, "ServerRdsh"): // the last is Enterprise multi-session
		return r.enterprise
	}
	return r.home
}

// mayDecide reports whether on this day the edition decides about support.
func (r release) mayDecide(today string) bool {
	for _, last := range []string{r.enterprise, r.ltsc, r.iot} {
		if last != "" && (today <= last) != (today <= r.home) {
			return true
		}
	}
	return false
}
