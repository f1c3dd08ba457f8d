package plan

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// readMember returns the content of the member of the zip that ends at end.
//
// It reads the zip that package stamp writes and no other: one deflated
// member, no comment, at most seven bytes of padding behind it (a signing tool
// aligns the signature to eight). archive/zip reads every zip, and brings a
// compressor along: 120 KB of the probe. Layout: APPNOTE.TXT of PKWARE.
func readMember(r io.ReaderAt, end int64) ([]byte, error) {
	record, at, ok := endRecord(r, end)
	if !ok {
		return nil, ErrNoPlans
	}
	le := binary.LittleEndian
	if le.Uint16(record[8:]) != 1 || le.Uint16(record[10:]) != 1 {
		return nil, fmt.Errorf("not a zip with the one member %s", Member)
	}
	entryAt := at - int64(le.Uint32(record[12:]))
	entry := make([]byte, 46+len(Member))
	if !readAt(r, entry, entryAt) || le.Uint32(entry) != 0x02014b50 ||
		int(le.Uint16(entry[28:])) != len(Member) || string(entry[46:]) != Member {
		return nil, fmt.Errorf("not a zip with the one member %s", Member)
	}
	method, sum := le.Uint16(entry[10:]), le.Uint32(entry[16:])
	packed, size := int64(le.Uint32(entry[20:])), int64(le.Uint32(entry[24:]))
	headerAt := int64(le.Uint32(entry[42:]))
	if method != 8 || size > MaxCatalogue {
		return nil, fmt.Errorf("%s has method %d and claims %d bytes", Member, method, size)
	}
	header := make([]byte, 30)
	if !readAt(r, header, headerAt) || le.Uint32(header) != 0x04034b50 {
		return nil, errors.New("the header of the member is missing")
	}
	dataAt := headerAt + 30 + int64(le.Uint16(header[26:])) + int64(le.Uint16(header[28:]))
	if dataAt+packed > entryAt {
		return nil, errors.New("the member is longer than the zip")
	}
	unpacked := flate.NewReader(io.NewSectionReader(r, dataAt, packed))
	data, err := io.ReadAll(io.LimitReader(unpacked, size+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) != size || crc32.ChecksumIEEE(data) != sum {
		return nil, errors.New("checksum error")
	}
	return data, nil
}

// endRecord returns the record that ends a zip, and where it begins.
func endRecord(r io.ReaderAt, end int64) (record []byte, at int64, ok bool) {
	const size, padding = 22, 7
	tail := make([]byte, min(size+padding, end))
	if len(tail) < size || !readAt(r, tail, end-int64(len(tail))) {
		return nil, 0, false
	}
	i := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if i < 0 || len(tail)-i < size || binary.LittleEndian.Uint16(tail[i+20:]) != 0 ||
		len(bytes.Trim(tail[i+size:], "\x00")) > 0 {
		return nil, 0, false
	}
	return tail[i : i+size], end - int64(len(tail)) + int64(i), true
}
