// Package plan carries the checks of every article into the probe.
//
// A [Plan] is what the probe needs to know of one article: its slug, titles
// and error wordings, the checks of its step list in order, and the addresses
// of its pages. All plans of a site make a [Catalogue].
//
// Package stamp appends the catalogue to a program as a zip with one member,
// catalogue.json, so that
//
//	unzip -p kbprobe.exe catalogue.json
//
// shows anyone what the program will do. Stamping comes before signing: the
// signature then covers the plans. [Read] reads them back, also from a signed
// file, where the signature follows the zip.
//
// Nothing that comes from outside the program (a file name, the address it
// was downloaded from, typed text) can do more than choose among the plans
// inside it: see [Choose].
package plan

import (
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"slices"
	"strings"

	"kbgen/internal/kb/check"
)

// Step is one check of an article's step list.
type Step struct {
	Anchor string // of the step on the page: the check ID, with -2 for its second use
	Check  string // ID in the catalogue of checks
	Args   check.Args
}

// Plan is the ordered list of checks of one article.
type Plan struct {
	Slug       string
	Title      check.Text
	ErrorTexts []string   // observed wordings, in every language
	Hash       string     // see Hash
	Pages      check.Text // absolute addresses of the article; empty if the site has none
	Steps      []Step
}

// HashLength is the number of hexadecimal digits in a plan hash.
const HashLength = 7

// Hash identifies a slug with its steps in seven hexadecimal digits, which
// page and probe both show. The same slug and steps have the same hash,
// whatever the words around them. It tells versions of a step list apart; it
// does not protect against anyone: that is what the signature is for.
func Hash(slug string, steps []Step) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q\n", slug)
	for _, s := range steps {
		fmt.Fprintf(h, "%q %q", s.Anchor, s.Check)
		for _, name := range slices.Sorted(maps.Keys(s.Args)) {
			fmt.Fprintf(h, " %q=%q", name, s.Args[name])
		}
		io.WriteString(h, "\n")
	}
	return fmt.Sprintf("%016x", h.Sum64())[:HashLength]
}

// Catalogue is all plans of a site, with the words of the checks in them.
type Catalogue struct {
	Format int             // CatalogueFormat
	Site   string          // base address of the site; may be empty
	Plans  []Plan          // sorted by slug
	Checks []Check         // those of the plans, sorted by ID
	Common []check.Finding // those that every check can come to
}

// Check is what the probe says about a check and needs to run it.
type Check struct {
	ID       string
	Title    check.Text
	Reads    []check.Text
	Admin    check.Admin
	Network  bool       // runs only if the user names a host
	Host     string     // the parameter that takes the host; empty: none
	Defaults check.Args // of its parameters
	Findings []check.Finding
}

// Describe adds the checks that the plans use, and the common findings. It
// fails if a plan uses a check that is not in all.
func (c *Catalogue) Describe(all check.Catalogue) error {
	used := map[string]bool{}
	for i := range c.Plans {
		for _, s := range c.Plans[i].Steps {
			used[s.Check] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(used)) {
		k, ok := all.Find(id)
		if !ok {
			return fmt.Errorf("there is no check %q", id)
		}
		c.Checks = append(c.Checks, Check{
			ID: k.ID, Title: k.Title, Reads: k.Reads,
			Admin: k.Needs.AdminLevel(), Network: k.Needs.Network, Host: k.HostParam(),
			Defaults: k.WithDefaults(nil), Findings: k.Findings,
		})
	}
	c.Common = check.Common()
	return nil
}

// Check returns the check with this ID.
func (c *Catalogue) Check(id string) (*Check, bool) {
	i, ok := slices.BinarySearchFunc(c.Checks, id, func(k Check, id string) int { return strings.Compare(k.ID, id) })
	if !ok {
		return nil, false
	}
	return &c.Checks[i], true
}

// Finding returns a finding of a check, or a common one.
func (c *Catalogue) Finding(k *Check, id string) (check.Finding, bool) {
	for _, list := range [][]check.Finding{k.Findings, c.Common} {
		for _, f := range list {
			if f.ID == id {
				return f, true
			}
		}
	}
	return check.Finding{}, false
}

// Args are the values of all parameters: those given, and the defaults.
func (k *Check) Args(given check.Args) check.Args {
	full := check.Args{}
	maps.Copy(full, k.Defaults)
	maps.Copy(full, given)
	return full
}

// CatalogueFormat is the version of the catalogue's format. A probe refuses
// any other.
const CatalogueFormat = 1

// Find returns the plan of the article with this slug.
func (c *Catalogue) Find(slug string) (*Plan, bool) {
	i, ok := slices.BinarySearchFunc(c.Plans, slug, func(p Plan, slug string) int { return strings.Compare(p.Slug, slug) })
	if !ok {
		return nil, false
	}
	return &c.Plans[i], true
}

// Slugs lists the slugs of all plans.
func (c *Catalogue) Slugs() []string {
	slugs := make([]string, len(c.Plans))
	for i := range c.Plans {
		slugs[i] = c.Plans[i].Slug
	}
	return slugs
}
