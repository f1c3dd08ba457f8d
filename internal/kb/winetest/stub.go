//go:build linux

package winetest

import (
	"bytes"
	"encoding/binary"
)

// stubDLL is a bcryptprimitives.dll of 1024 bytes without code: its one export,
// ProcessPrng, is forwarded to advapi32.SystemFunction036 (RtlGenRandom).
func stubDLL() []byte {
	const (
		fileAlign    = 0x200
		sectionRVA   = 0x1000
		functionsRVA = sectionRVA + 40 // the export directory takes 40 bytes
		namesRVA     = functionsRVA + 4
		ordinalsRVA  = namesRVA + 4
		textAt       = 64
	)
	le := binary.LittleEndian

	section := make([]byte, fileAlign)
	at := textAt
	text := func(s string) (rva uint32) {
		rva = uint32(sectionRVA + at)
		at += copy(section[at:], s) + 1
		return rva
	}
	name, function, forward := text("bcryptprimitives.dll"), text("ProcessPrng"), text("advapi32.SystemFunction036")
	size := uint32(at)
	for offset, v := range map[int]uint32{
		12: name,
		16: 1, // first ordinal
		20: 1, // functions
		24: 1, // names
		28: functionsRVA,
		32: namesRVA,
		36: ordinalsRVA,
		40: forward,
		44: function,
	} {
		le.PutUint32(section[offset:], v)
	}

	var b bytes.Buffer
	write := func(v any) { binary.Write(&b, le, v) } // a bytes.Buffer takes everything
	dos := make([]byte, 0x40)
	copy(dos, "MZ")
	le.PutUint32(dos[0x3c:], uint32(len(dos)))
	write(dos)
	write([]byte("PE\x00\x00"))
	write(fileHeader{Machine: 0x8664, Sections: 1, OptionalSize: 240, Characteristics: 0x2022})
	write(optionalHeader{
		Magic: 0x20b, InitializedData: fileAlign, ImageBase: 0x180000000,
		SectionAlign: 0x1000, FileAlign: fileAlign, OSMajor: 6, SubsystemMajor: 6,
		ImageSize: 0x2000, HeadersSize: fileAlign, Subsystem: 3, DLLCharacteristics: 0x160,
		StackReserve: 0x100000, StackCommit: 0x1000, HeapReserve: 0x100000, HeapCommit: 0x1000,
		DirectoryCount: 16, Export: directory{sectionRVA, size},
	})
	write(sectionHeader{
		Name: [8]byte{'.', 'e', 'd', 'a', 't', 'a'}, VirtualSize: size, VirtualAddress: sectionRVA,
		RawSize: fileAlign, RawAt: fileAlign, Characteristics: 0x40000040,
	})
	write(make([]byte, fileAlign-b.Len()))
	write(section)
	return b.Bytes()
}

// The headers of a PE32+ file, as far as they are not zero here.
type (
	fileHeader struct {
		Machine, Sections             uint16
		Time, SymbolsAt, Symbols      uint32
		OptionalSize, Characteristics uint16
	}
	directory      struct{ RVA, Size uint32 }
	optionalHeader struct {
		Magic                                                     uint16
		LinkerMajor, LinkerMinor                                  uint8
		Code, InitializedData, UninitializedData, Entry, CodeBase uint32
		ImageBase                                                 uint64
		SectionAlign, FileAlign                                   uint32
		OSMajor, OSMinor, ImageMajor, ImageMinor                  uint16
		SubsystemMajor, SubsystemMinor                            uint16
		Win32Version, ImageSize, HeadersSize, CheckSum            uint32
		Subsystem, DLLCharacteristics                             uint16
		StackReserve, StackCommit, HeapReserve, HeapCommit        uint64
		LoaderFlags, DirectoryCount                               uint32
		Export                                                    directory
		Others                                                    [15]directory
	}
	sectionHeader struct {
		Name                                        [8]byte
		VirtualSize, VirtualAddress, RawSize, RawAt uint32
		RelocationsAt, LinesAt                      uint32
		Relocations, Lines                          uint16
		Characteristics                             uint32
	}
)
