package plan

import (
	"errors"
	"fmt"
	"io"
)

// Member is the only member of the zip behind the program.
const Member = "catalogue.json"

// MaxCatalogue is the largest catalogue.json that is written or read, in
// bytes: room for about 100,000 articles.
const MaxCatalogue = 128 << 20

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
	end, err := PayloadEnd(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	data, err := readMember(r, end)
	if errors.Is(err, ErrNoPlans) {
		return nil, ErrNoPlans
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	c, err := decode(string(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return c, nil
}
