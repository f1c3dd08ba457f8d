package plan

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// memberName is the only member of the zip behind the program.
const memberName = "catalogue.json"

// MaxCatalogue is the largest catalogue.json that is written or read, in
// bytes: room for about 100,000 articles.
const MaxCatalogue = 128 << 20

// Stamp writes program followed by a zip that holds the catalogue. The same
// program and plans give the same bytes. It fails if program already carries
// plans or a signature, either of which would have to come after.
func Stamp(w io.Writer, program []byte, c *Catalogue) error {
	r := bytes.NewReader(program)
	if end, err := payloadEnd(r, r.Size()); err != nil {
		return fmt.Errorf("stamp: %w", err)
	} else if end != r.Size() {
		return errors.New("stamp: the program is already signed; stamp first, then sign")
	}
	if _, err := Read(r, r.Size()); !errors.Is(err, ErrNoPlans) {
		return errors.New("stamp: the program already carries plans")
	}
	data, err := c.encode()
	if err != nil {
		return fmt.Errorf("stamp: %w", err)
	}
	if _, err := w.Write(program); err != nil {
		return fmt.Errorf("stamp: %w", err)
	}
	z := zip.NewWriter(w)
	z.SetOffset(r.Size()) // so that unzip finds the member without a warning
	member, err := z.CreateHeader(&zip.FileHeader{Name: memberName, Method: zip.Deflate})
	if err != nil {
		return fmt.Errorf("stamp: %w", err)
	}
	if _, err := member.Write(data); err != nil {
		return fmt.Errorf("stamp: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("stamp: %w", err)
	}
	return nil
}

// encode renders the catalogue as JSON with one plan on each line, for people
// who look into the program.
func (c *Catalogue) encode() ([]byte, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	site, err := json.Marshal(c.Site)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"format":%d,"site":%s,"plans":[`, c.Format, site)
	for i := range c.Plans {
		line, err := json.Marshal(&c.Plans[i])
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	b.WriteString("\n]}\n")
	if b.Len() > MaxCatalogue {
		return nil, fmt.Errorf("the catalogue of %d plans is larger than %d bytes", len(c.Plans), MaxCatalogue)
	}
	return b.Bytes(), nil
}

// The answers of Read that are not a catalogue.
var (
	// ErrNoPlans: nothing was stamped, or the end of the file is missing.
	ErrNoPlans = errors.New("the program carries no plans")
	// ErrDamaged: there are plans, but not as they were written.
	ErrDamaged = errors.New("the plans in the program are damaged")
)

// Read returns the catalogue of a stamped program of the given size, signed
// or not. Errors are ErrNoPlans, or ErrDamaged with the cause.
func Read(r io.ReaderAt, size int64) (*Catalogue, error) {
	end, err := payloadEnd(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	z, err := zip.NewReader(io.NewSectionReader(r, 0, end), end)
	if errors.Is(err, zip.ErrFormat) {
		return nil, ErrNoPlans
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if len(z.File) != 1 || z.File[0].Name != memberName {
		return nil, fmt.Errorf("%w: not a zip with the one member %s", ErrDamaged, memberName)
	}
	c, err := readMember(z.File[0])
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return c, nil
}

func readMember(f *zip.File) (*Catalogue, error) {
	if f.UncompressedSize64 > MaxCatalogue {
		return nil, fmt.Errorf("%s claims %d bytes", memberName, f.UncompressedSize64)
	}
	m, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer m.Close()
	data, err := io.ReadAll(io.LimitReader(m, MaxCatalogue+1))
	if err != nil {
		return nil, err
	}
	var c Catalogue
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, err
	}
	if err := c.validate(); err != nil {
		return nil, err
	}
	return &c, nil
}

// validate makes sure of what the rest of the program relies on.
func (c *Catalogue) validate() error {
	if c.Format != CatalogueFormat {
		return fmt.Errorf("catalogue format %d, want %d", c.Format, CatalogueFormat)
	}
	for i := range c.Plans {
		p := &c.Plans[i]
		if !validSlug(p.Slug) {
			return fmt.Errorf("plan %d: slug %q is not of the form [a-z0-9-]{3,64}", i+1, p.Slug)
		}
		if !validHash(p.Hash) {
			return fmt.Errorf("plan %q: hash %q is not %d hexadecimal digits", p.Slug, p.Hash, HashLength)
		}
		if i > 0 && c.Plans[i-1].Slug >= p.Slug {
			return fmt.Errorf("plan %q does not sort after %q", p.Slug, c.Plans[i-1].Slug)
		}
		for _, s := range p.Steps {
			if s.Check == "" || !strings.HasPrefix(s.Anchor, s.Check) {
				return fmt.Errorf("plan %q: anchor %q is not of check %q", p.Slug, s.Anchor, s.Check)
			}
		}
	}
	return nil
}

func validSlug(s string) bool {
	return len(s) >= 3 && len(s) <= 64 && !strings.ContainsFunc(s, func(r rune) bool { return !slugRune(r) })
}

func slugRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-'
}

func validHash(s string) bool {
	return len(s) == HashLength && !strings.ContainsFunc(s, func(r rune) bool {
		return !slices.Contains([]rune("0123456789abcdef"), r)
	})
}
