//go:build linux

package winetest

import (
	"bytes"
	"debug/pe"
	"strings"
	"testing"
)

func TestStubDLL(t *testing.T) {
	b := stubDLL()
	if len(b) != 1024 {
		t.Errorf("%d bytes, want 1024", len(b))
	}
	f, err := pe.NewFile(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	section := f.Section(".edata")
	if section == nil {
		t.Fatal("no export section")
	}
	exports, err := section.Data()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bcryptprimitives.dll\x00", "ProcessPrng\x00", "advapi32.SystemFunction036\x00"} {
		if !strings.Contains(string(exports), name) {
			t.Errorf("%q is missing", name)
		}
	}
}
