package host

import (
	"encoding/binary"
	"slices"
)

// Rows of a TCP table with owners, iprtrmib.h and tcpmib.h: their size, and
// where in them local port and process ID are, in bytes.
type tcpRow struct{ size, port, pid int }

var (
	tcpRow4 = tcpRow{24, 8, 20}
	tcpRow6 = tcpRow{56, 20, 52}
)

// owners returns the processes that have the port in a table of
// GetExtendedTcpTable: a count, then rows. Ports are in network order.
func (row tcpRow) owners(table []byte, port uint16) []uint32 {
	if len(table) < 4 {
		return nil
	}
	le := binary.LittleEndian
	var pids []uint32
	count, table := le.Uint32(table), table[4:]
	for ; count > 0 && len(table) >= row.size; count-- {
		pid := le.Uint32(table[row.pid:])
		if binary.BigEndian.Uint16(table[row.port:]) == port && !slices.Contains(pids, pid) {
			pids = append(pids, pid)
		}
		table = table[row.size:]
	}
	return pids
}

// processIDs reads a FILE_PROCESS_IDS_USING_FILE_INFORMATION of a 64-bit
// system: a count, then numbers of the size of a pointer.
func processIDs(b []byte) []uint32 {
	if len(b) < 8 {
		return nil
	}
	var pids []uint32
	count, b := binary.LittleEndian.Uint32(b), b[8:]
	for ; count > 0 && len(b) >= 8; count-- {
		pids = append(pids, uint32(binary.LittleEndian.Uint64(b)))
		b = b[8:]
	}
	return pids
}
