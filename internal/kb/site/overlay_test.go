package site

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestOverlay(t *testing.T) {
	upper := fstest.MapFS{"a/x": {Data: []byte("upper")}, "a/new": {}}
	lower := fstest.MapFS{"a/x": {Data: []byte("lower")}, "a/y": {}, "b/z": {}}
	o := Overlay(upper, lower)
	data, err := fs.ReadFile(o, "a/x")
	if err != nil || string(data) != "upper" {
		t.Errorf("%q %v", data, err)
	}
	for name, want := range map[string]int{"a": 3, "b": 1} {
		entries, err := o.(overlay).ReadDir(name)
		if err != nil || len(entries) != want {
			t.Errorf("%s: %v %v", name, entries, err)
		}
	}
	if _, err := o.(overlay).ReadDir("none"); err == nil {
		t.Error("a folder that is not there was read")
	}
}
