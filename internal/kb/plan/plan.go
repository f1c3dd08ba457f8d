// Package plan carries the checks of every article into the probe.
//
// A [Plan] is what the probe needs to know of one article: its slug, titles
// and error wordings, the checks of its step list in order, and the addresses
// of its pages. All plans of a site make a [Catalogue].
//
// [Stamp] appends the catalogue to a program as a zip with one member,
// catalogue.json, so that
//
//	unzip -p kbprobe.exe catalogue.json
//
// shows anyone what the program will do. Stamping comes before signing: the
// signature then covers the plans. [Open] reads them back, also from a signed
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

	"kbgen/internal/kb/check"
)

// Step is one check of an article's step list.
type Step struct {
	Anchor string     `json:"anchor"` // of the step on the page: the check ID, with -2 for its second use
	Check  string     `json:"check"`  // ID in the catalogue of checks
	Args   check.Args `json:"args,omitempty"`
}

// Plan is the ordered list of checks of one article.
type Plan struct {
	Slug       string     `json:"slug"`
	Title      check.Text `json:"title"`
	ErrorTexts []string   `json:"errorTexts"` // observed wordings, in every language
	Hash       string     `json:"hash"`       // see Hash
	Pages      check.Text `json:"pages"`      // absolute addresses of the article; empty if the site has none
	Steps      []Step     `json:"steps"`
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

// Catalogue is all plans of a site, sorted by slug.
type Catalogue struct {
	Format int    `json:"format"` // CatalogueFormat
	Site   string `json:"site"`   // base address of the site; may be empty
	Plans  []Plan `json:"plans"`
}

// CatalogueFormat is the version of the catalogue's format. A probe refuses
// any other.
const CatalogueFormat = 1

// Find returns the plan of the article with this slug.
func (c *Catalogue) Find(slug string) (*Plan, bool) {
	i, ok := slices.BinarySearchFunc(c.Plans, slug, func(p Plan, slug string) int {
		switch {
		case p.Slug < slug:
			return -1
		case p.Slug > slug:
			return 1
		}
		return 0
	})
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
