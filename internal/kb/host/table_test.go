package host

import (
	"encoding/binary"
	"slices"
	"testing"
)

// table makes a TCP table of rows: local port, process ID.
func table(row tcpRow, count uint32, rows ...[2]uint32) []byte {
	b := binary.LittleEndian.AppendUint32(nil, count)
	for _, r := range rows {
		one := make([]byte, row.size)
		binary.BigEndian.PutUint16(one[row.port:], uint16(r[0]))
		binary.LittleEndian.PutUint32(one[row.pid:], r[1])
		b = append(b, one...)
	}
	return b
}

func TestOwners(t *testing.T) {
	for _, row := range []tcpRow{tcpRow4, tcpRow6} {
		rows := [][2]uint32{{3389, 816}, {135, 4}, {3389, 816}, {3389, 900}}
		for name, c := range map[string]struct {
			table []byte
			want  []uint32
		}{
			"all":             {table(row, 4, rows...), []uint32{816, 900}},
			"fewer counted":   {table(row, 2, rows...), []uint32{816}},
			"more counted":    {table(row, 1<<31, rows...), []uint32{816, 900}},
			"cut":             {table(row, 4, rows...)[:4+row.size*2-1], []uint32{816}},
			"nothing":         {table(row, 0), nil},
			"less than that":  {[]byte{1, 0}, nil},
			"not in the port": {table(row, 1, [2]uint32{15629, 1}), nil}, // 3389 with its bytes swapped
		} {
			if got := row.owners(c.table, 3389); !slices.Equal(got, c.want) {
				t.Errorf("rows of %d bytes, %s: %v, want %v", row.size, name, got, c.want)
			}
		}
	}
}

func FuzzTables(f *testing.F) {
	f.Add(table(tcpRow4, 2, [2]uint32{3389, 816}, [2]uint32{135, 4}))
	f.Add(table(tcpRow6, 1, [2]uint32{3389, 816}))
	f.Fuzz(func(t *testing.T, b []byte) {
		if n := len(tcpRow4.owners(b, 3389)) + len(tcpRow6.owners(b, 3389)) + len(processIDs(b)); n > len(b) {
			t.Error(n)
		}
	})
}

func TestProcessIDs(t *testing.T) {
	le := binary.LittleEndian
	b := le.AppendUint64(le.AppendUint64(le.AppendUint64(nil, 2), 816), 4711)
	for count, want := range map[uint32][]uint32{0: nil, 1: {816}, 2: {816, 4711}, 1 << 31: {816, 4711}} {
		le.PutUint32(b, count)
		if got := processIDs(b); !slices.Equal(got, want) {
			t.Errorf("count %d: %v, want %v", count, got, want)
		}
	}
	if got := processIDs(b[:12]); got != nil {
		t.Errorf("cut: %v", got)
	}
}
