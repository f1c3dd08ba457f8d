package plan

import (
	"bufio"
	"slices"
	"strings"
	"unicode/utf16"

	"kbgen/internal/kb/check"
)

// Source says where a choice came from.
type Source string

// Sources of a choice, strongest first.
const (
	ByArgument Source = "argument"  // named on the command line
	ByFileName Source = "file-name" // kbprobe-SLUG.exe
	ByDownload Source = "download"  // ?kb=SLUG in the address it was downloaded from
	ByQuestion Source = "question"  // picked by the user
)

// Hints is what a program can learn about which article it was downloaded
// for. All of it comes from outside and is only ever compared with the slugs
// of the catalogue.
type Hints struct {
	Argument string // first argument, or empty
	FileName string // the program's own file name, with or without folders
	Zone     []byte // content of its Zone.Identifier stream, or nil
}

// Choice is the plan to run, or none.
type Choice struct {
	Plan *Plan // nil: ask
	By   Source
	// Conflict is the plan that the download address names, if the file name
	// names another. The file name wins.
	Conflict *Plan
	// Suggestion is the plan whose slug begins the file name. It is too weak
	// a sign to run without asking: an old program must not quietly run the
	// neighbour of an article that it does not know.
	Suggestion *Plan
}

// UnknownSlugError is an argument that names no plan.
type UnknownSlugError struct {
	Slug    string
	Nearest string // the slug that was probably meant; may be empty
}

func (e *UnknownSlugError) Error() string {
	return "no article has the slug " + e.Slug
}

// Choose picks a plan: the argument if there is one, else the file name, else
// the download address. The only error is an [*UnknownSlugError], for an
// argument that names no plan.
func (c *Catalogue) Choose(h Hints) (Choice, error) {
	if h.Argument != "" {
		if p, ok := c.Find(h.Argument); ok {
			return Choice{Plan: p, By: ByArgument}, nil
		}
		return Choice{}, &UnknownSlugError{Slug: h.Argument, Nearest: check.Nearest(strings.ToLower(h.Argument), c.Slugs())}
	}
	downloaded, _ := c.Find(SlugOfZone(h.Zone))
	name := SlugOfFileName(h.FileName)
	if p, ok := c.Find(name); ok {
		choice := Choice{Plan: p, By: ByFileName}
		if downloaded != p {
			choice.Conflict = downloaded
		}
		return choice, nil
	}
	if downloaded != nil {
		return Choice{Plan: downloaded, By: ByDownload}, nil
	}
	return Choice{Suggestion: c.longestPrefix(name)}, nil
}

// longestPrefix shortens name at its hyphens until it is a slug.
func (c *Catalogue) longestPrefix(name string) *Plan {
	for {
		i := strings.LastIndexByte(name, '-')
		if i < 0 {
			return nil
		}
		name = name[:i]
		if p, ok := c.Find(name); ok {
			return p
		}
	}
}

// SlugOfFileName returns what a program's file name says about its article,
// or "". Browsers and people change the name in ways that must not matter:
//
//	kbprobe-x (1).exe   kbprobe-x（1）.exe   kbprobe-x - コピー.exe
//	kbprobe-x.exe.exe   KBPROBE-X.EXE
func SlugOfFileName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	const prefix = "kbprobe-"
	if len(name) < len(prefix) || !strings.EqualFold(name[:len(prefix)], prefix) {
		return ""
	}
	name = strings.Map(lowerASCII, name[len(prefix):])
	if end := strings.IndexFunc(name, func(r rune) bool { return !slugRune(r) }); end >= 0 {
		name = name[:end]
	}
	if len(name) > 64 {
		return ""
	}
	return name
}

func lowerASCII(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + ('a' - 'A')
	}
	return r
}

// SlugOfZone returns the value of kb in the addresses of a Zone.Identifier
// stream, or "". The stream is an INI file, written by browsers in UTF-8, the
// system's code page or UTF-16:
//
//	[ZoneTransfer]
//	ZoneId=3
//	ReferrerUrl=https://kb.example.com/ja/x/
//	HostUrl=https://kb.example.com/probe/kbprobe-windows-amd64.exe?kb=x
func SlugOfZone(zone []byte) string {
	const most = 64 << 10
	if len(zone) > most {
		return ""
	}
	var slugs [2]string
	s := bufio.NewScanner(strings.NewReader(decodeZone(zone)))
	for s.Scan() {
		key, value, ok := strings.Cut(s.Text(), "=")
		if !ok {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "hosturl":
			slugs[0] = slugOfURL(strings.TrimSpace(value))
		case "referrerurl":
			slugs[1] = slugOfURL(strings.TrimSpace(value))
		}
	}
	if slugs[0] != "" {
		return slugs[0]
	}
	return slugs[1]
}

func decodeZone(zone []byte) string {
	if len(zone) < 2 || zone[0] != 0xff || zone[1] != 0xfe {
		return strings.TrimPrefix(string(zone), "\ufeff")
	}
	units := make([]uint16, 0, len(zone)/2)
	for pair := range slices.Chunk(zone[2:], 2) {
		if len(pair) == 2 {
			units = append(units, uint16(pair[0])|uint16(pair[1])<<8)
		}
	}
	return string(utf16.Decode(units))
}

// slugOfURL returns the slug in the query of an address. Slugs need no
// escapes, so that an escaped one is none.
func slugOfURL(address string) string {
	address, _, _ = strings.Cut(address, "#")
	_, query, _ := strings.Cut(address, "?")
	for pair := range strings.SplitSeq(query, "&") {
		if slug, ok := strings.CutPrefix(pair, "kb="); ok && validSlug(slug) {
			return slug
		}
	}
	return ""
}
