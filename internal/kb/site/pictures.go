package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // formats that articles may show
	_ "image/jpeg"
	_ "image/png"
	"io/fs"
	"path"
	"slices"
	"strings"

	_ "golang.org/x/image/webp"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/check"
)

// picture is a picture beside an article.
type picture struct {
	source        string // path in the site's root
	name          string // file name in the output, with a hash of the content
	width, height int    // pixels
}

// readPictures looks at every picture that an article shows.
func (l *library) readPictures(in Input, articles []*article.Article) ([]article.Message, error) {
	l.pictures = map[string]picture{}
	var messages []article.Message
	for _, a := range articles {
		for _, image := range a.Images {
			if _, done := l.pictures[image.Path]; done {
				continue
			}
			p, problem, err := readPicture(in, image.Path)
			if err != nil {
				return nil, err
			}
			if problem != nil {
				problem.Path, problem.Line, problem.Column = a.Path, image.Line, image.Column
				problem.Source = lineOf(in.Root, a.Path, image.Line)
				messages = append(messages, *problem)
				continue
			}
			l.pictures[image.Path] = p
		}
	}
	return messages, nil
}

// lineOf returns a line of a file, or "" if it is no longer there.
func lineOf(root fs.FS, name string, number int) string {
	data, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(data)) {
		if number--; number == 0 {
			return strings.TrimRight(line, "\r\n")
		}
	}
	return ""
}

func readPicture(in Input, source string) (picture, *article.Message, error) {
	if !fs.ValidPath(source) {
		return picture{}, &article.Message{
			Level: article.Error, Text: fmt.Sprintf("the picture %s is outside the site", source),
			Hint: "put it beside the article",
		}, nil
	}
	data, err := fs.ReadFile(in.Root, source)
	if errors.Is(err, fs.ErrNotExist) {
		return picture{}, missingPicture(in.Root, source), nil
	}
	if err != nil {
		return picture{}, nil, err
	}
	p, err := cached(in.Cache, keyOf("picture", []byte(source), data), func() (picture, error) {
		config, format, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			return picture{}, err
		}
		sum := sha256.Sum256(data)
		stem := strings.TrimSuffix(path.Base(source), path.Ext(source))
		return picture{
			source: source,
			name:   tagID(stem) + "-" + hex.EncodeToString(sum[:8]) + "." + format,
			width:  config.Width, height: config.Height,
		}, nil
	})
	if err != nil {
		return picture{}, &article.Message{
			Level: article.Error, Text: fmt.Sprintf("%s is not a picture that browsers show: %v", source, err),
			Hint: "use a PNG, JPEG, GIF or WebP file",
		}, nil
	}
	return p, nil, nil
}

func missingPicture(root fs.FS, source string) *article.Message {
	m := &article.Message{
		Level: article.Error, Text: fmt.Sprintf("there is no picture %s", source),
		Hint: "put the picture beside the article",
	}
	beside, err := fs.ReadDir(root, path.Dir(source))
	if err != nil {
		return m
	}
	var names []string
	for _, d := range beside {
		if slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".webp"}, strings.ToLower(path.Ext(d.Name()))) {
			names = append(names, d.Name())
		}
	}
	if near := check.Nearest(path.Base(source), names); near != "" {
		m.Hint = fmt.Sprintf("did you mean %q?", near)
	}
	return m
}

// pictureFiles copies each picture once, also if two folders hold the same.
func (b *builder) pictureFiles() []File {
	var files []File
	done := map[string]bool{}
	for _, p := range b.content.pictures {
		if done[p.name] {
			continue
		}
		done[p.name] = true
		files = append(files, File{
			Path: "pictures/" + p.name, stage: stageAsset,
			Bytes: func() ([]byte, error) { return b.readUnchanged(p) },
		})
	}
	return files
}

// readUnchanged reads a picture again. Its name tells its content, so it must
// still be the same.
func (b *builder) readUnchanged(p picture) ([]byte, error) {
	data, err := fs.ReadFile(b.in.Root, p.source)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	if !strings.Contains(p.name, hex.EncodeToString(sum[:8])) {
		return nil, fmt.Errorf("%s changed during the build; build again", p.source)
	}
	return data, nil
}
