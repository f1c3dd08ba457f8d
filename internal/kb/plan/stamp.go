package plan

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
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
	data, err := c.Encode()
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
	return decode(string(data))
}
