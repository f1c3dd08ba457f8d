// Package stamp puts plans into a program. It is apart from package plan
// because the probe, which only reads them, is to stay small.
package stamp

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"

	"kbgen/internal/kb/plan"
)

// Stamp writes program followed by a zip that holds the catalogue. The same
// program and plans give the same bytes. It fails if program already carries
// plans or a signature, either of which would have to come after.
func Stamp(w io.Writer, program []byte, c *plan.Catalogue) error {
	r := bytes.NewReader(program)
	if end, err := plan.PayloadEnd(r, r.Size()); err != nil {
		return fmt.Errorf("stamp: %w", err)
	} else if end != r.Size() {
		return errors.New("stamp: the program is already signed; stamp first, then sign")
	}
	if _, err := plan.Read(r, r.Size()); !errors.Is(err, plan.ErrNoPlans) {
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
	member, err := z.CreateHeader(&zip.FileHeader{Name: plan.Member, Method: zip.Deflate})
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
