// Package site turns articles into the files of the knowledge base.
//
// [Build] is the only way to do it: "kbgen build", "kbgen serve" and every
// test call it. It reads a file system, checks everything, and returns the
// files of the site, most of them not yet rendered: a page is rendered when
// its bytes are asked for. [Site.Write] asks for all of them and publishes
// them; the development server asks for those that somebody looks at.
//
//	content/ja/*.md  ─ article.Parse ─┐
//	content/en/*.md                   ├─ library ─┬─ pages, feeds, sitemap
//	pictures         ─────────────────┘           └─ plans ─ stamp.Stamp ─ programs
//	templates/assets ─ esbuild ─ styles and scripts
//
// The same input gives the same bytes: nothing in the output tells when,
// where or in which order it was made. Building again with a [Cache] is
// Build again; the cache only remembers pure functions by the content they
// were given.
package site

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/check"
)

// Input is all that a site is made of.
type Input struct {
	Root      fs.FS // holds content/
	Templates fs.FS // see package templates
	Config    Config
	Drafts    bool // build drafts, too

	Programs  []Program // one for each platform; none: pages offer no download
	Compiling bool      // pages say that the programs are being compiled

	// Sign returns the signed form of a stamped program. Nil leaves the
	// programs unsigned.
	Sign func(program []byte) ([]byte, error)

	Cache *Cache // may be nil
}

// Program is kbprobe for one platform, without plans.
type Program struct {
	Platform Platform
	Bytes    []byte
}

// Site is the outcome of a build.
type Site struct {
	Files    []File // sorted by path, no path twice
	Articles int    // files read from content, without the drafts left out
}

// File is one file of the site.
type File struct {
	Path string // slash-separated, relative to the output folder
	// Bytes renders the file. It may be called at any time and from several
	// goroutines, and returns the same bytes each time.
	Bytes func() ([]byte, error)

	stage stage
}

// stage says when a file is published: what pages refer to comes first.
type stage int

const (
	stageAsset stage = iota // what pages refer to
	stagePage
	stageIndex // what refers to pages: home pages, lists, feeds
)

// Find returns the file with this path.
func (s *Site) Find(path string) (File, bool) {
	i, ok := slices.BinarySearchFunc(s.Files, path, func(f File, path string) int {
		return strings.Compare(f.Path, path)
	})
	if !ok {
		return File{}, false
	}
	return s.Files[i], true
}

// Build checks the input and plans the site's files. The messages are for
// writers, sorted by place. If one of them is an error, there is no site. The
// error is for what writers cannot mend in an article: broken templates, a
// failing disk, a signing command that refuses.
func Build(in Input) (*Site, []article.Message, error) {
	if in.Cache == nil {
		in.Cache = &Cache{}
	}
	library, messages, err := load(in)
	if err != nil {
		return nil, nil, fmt.Errorf("reading content: %w", err)
	}
	article.Sort(messages)
	if article.Errors(messages) > 0 {
		return nil, messages, nil
	}
	b, err := newBuilder(in, library)
	if err != nil {
		return nil, messages, err
	}
	files, err := b.files()
	if err != nil {
		return nil, messages, err
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	for i := 1; i < len(files); i++ {
		if files[i].Path == files[i-1].Path {
			return nil, messages, fmt.Errorf("two files of the site are called %s", files[i].Path)
		}
	}
	in.Cache.endBuild()
	return &Site{Files: files, Articles: library.count}, messages, nil
}

// ready is a file whose bytes are there already.
func ready(path string, stage stage, data []byte) File {
	return File{Path: path, stage: stage, Bytes: func() ([]byte, error) { return data, nil }}
}

// other returns the other one of the two languages.
func other(lang check.Lang) check.Lang {
	if lang == check.JA {
		return check.EN
	}
	return check.JA
}
