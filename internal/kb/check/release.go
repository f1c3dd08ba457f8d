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
}

// clientReleases are in the order of their builds. One that is not listed, such
// as a preview, counts as the one before it.
// Source: learn.microsoft.com/windows/release-health (release information).
func clientReleases() []release {
	return []release{
		{0, "2020-01-14", "2020-01-14", "", ""}, // Windows 7
		{9200, "2016-01-12", "2016-01-12", "", ""},
		{9600, "2023-01-10", "2023-01-10", "", ""},
		{10240, "2017-05-09", "2017-05-09", "2025-10-14", "2025-10-14"},
		{10586, "2017-10-10", "2017-10-10", "", ""},
		{14393, "2018-04-10", "2019-04-09", "2026-10-13", "2026-10-13"},
		{15063, "2018-10-09", "2019-10-08", "", ""},
		{16299, "2019-04-09", "2020-10-13", "", ""},
		{17134, "2019-11-12", "2021-05-11", "", ""},
		{17763, "2020-11-10", "2021-05-11", "2029-01-09", "2029-01-09"},
		{18362, "2020-12-08", "2020-12-08", "", ""},
		{18363, "2021-05-11", "2022-05-10", "", ""},
		{19041, "2021-12-14", "2021-12-14", "", ""},
		{19042, "2022-05-10", "2023-05-09", "", ""},
		{19043, "2022-12-13", "2022-12-13", "", ""},
		{19044, "2023-06-13", "2024-06-11", "2027-01-12", "2032-01-13"},
		{lastWindows10, "2025-10-14", "2025-10-14", "", ""},
		{firstWindows11, "2023-10-10", "2024-10-08", "", ""},
		{22621, "2024-10-08", "2025-10-14", "", ""},
		{22631, "2025-11-11", "2026-11-10", "", ""},
		{26100, "2026-10-13", "2027-10-12", "2029-10-09", "2034-10-10"},
		{26200, "2027-10-12", "2028-10-10", "", ""},
		{26300, "2028-10-10", "2029-10-09", "", ""},
		{28000, "2028-03-14", "2029-03-13", "", ""},
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
