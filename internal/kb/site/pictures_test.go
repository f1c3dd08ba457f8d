package site

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// pngOf is a PNG of this size in pixels.
func pngOf(width, height int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White})); err != nil {
		panic(err) // a bytes.Buffer takes every write
	}
	return b.Bytes()
}

func TestPictures(t *testing.T) {
	root := mapFS(t, os.DirFS("testdata/site"))
	root["content/ja/settings.png"] = &fstest.MapFile{Data: pngOf(321, 123)}
	files := rendered(t, mustBuild(t, inputOf(t, root)))
	page := files["ja/temp-folder-denied/index.html"]
	if !strings.Contains(page, `width="321" height="123"`) {
		t.Error("the page does not tell the picture's size")
	}
	copied := 0
	for name, content := range files {
		if strings.HasPrefix(name, "pictures/settings-") {
			copied++
			if content != string(pngOf(321, 123)) || !strings.Contains(page, "/help/"+name) {
				t.Errorf("%s is not the picture of the page", name)
			}
		}
	}
	if copied != 1 {
		t.Errorf("%d copies of the picture", copied)
	}
}

func TestBadPicture(t *testing.T) {
	root := mapFS(t, os.DirFS("testdata/site"))
	root["content/ja/settings.png"] = &fstest.MapFile{Data: []byte("<svg onload=alert(1)>")}
	s, messages, err := Build(inputOf(t, root))
	if s != nil || err != nil || !strings.Contains(listing(messages), "is not a picture that browsers show") {
		t.Errorf("%v %v\n%s", s, err, listing(messages))
	}
}

// A picture's name tells its content, so the content must not be another.
func TestPictureChangedDuringBuild(t *testing.T) {
	root := mapFS(t, os.DirFS("testdata/site"))
	s := mustBuild(t, inputOf(t, root))
	root["content/ja/settings.png"] = &fstest.MapFile{Data: pngOf(1, 1)}
	for _, f := range s.Files {
		if strings.HasPrefix(f.Path, "pictures/") {
			if _, err := f.Bytes(); err == nil {
				t.Error("another picture was copied")
			}
		}
	}
}
