package plan

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// PayloadEnd returns where the bytes end that a signature covers: the file
// offset of the certificate table for a signed Windows program, else size.
//
// Layout: Microsoft PE and COFF Specification. The certificate table is entry
// 4 of the data directories, and its address is an offset in the file.
func PayloadEnd(r io.ReaderAt, size int64) (int64, error) {
	dos := make([]byte, 64)
	if !readAt(r, dos, 0) || string(dos[:2]) != "MZ" {
		return size, nil // not a Windows program
	}
	pe := int64(binary.LittleEndian.Uint32(dos[0x3c:]))
	head := make([]byte, 24+2)
	if !readAt(r, head, pe) || string(head[:4]) != "PE\x00\x00" {
		return 0, errors.New("not a Windows program: no PE header")
	}
	// Sizes of the optional header in front of the data directories.
	var fixed int64
	switch magic := binary.LittleEndian.Uint16(head[24:]); magic {
	case 0x10b:
		fixed = 96
	case 0x20b:
		fixed = 112
	default:
		return 0, fmt.Errorf("not a Windows program: optional header 0x%x", magic)
	}
	const certificateTable = 4
	counted := make([]byte, 4)
	if !readAt(r, counted, pe+24+fixed-4) {
		return 0, errors.New("not a Windows program: header cut off")
	}
	if binary.LittleEndian.Uint32(counted) <= certificateTable {
		return size, nil
	}
	entry := make([]byte, 8)
	if !readAt(r, entry, pe+24+fixed+8*certificateTable) {
		return 0, errors.New("not a Windows program: header cut off")
	}
	offset := int64(binary.LittleEndian.Uint32(entry))
	length := int64(binary.LittleEndian.Uint32(entry[4:]))
	if length == 0 {
		return size, nil
	}
	if offset+length > size {
		return 0, errors.New("the signature is cut off")
	}
	return offset, nil
}

func readAt(r io.ReaderAt, b []byte, off int64) bool {
	n, _ := r.ReadAt(b, off)
	return n == len(b)
}
