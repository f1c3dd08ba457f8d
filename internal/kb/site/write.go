package site

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// Names of kbgen's own in the output folder.
const (
	manifestName = ".kbgen-manifest" // lists the files that kbgen wrote
	stagingName  = ".kbgen-staging"  // holds files that are not published yet
)

// Outcome counts what Write did.
type Outcome struct {
	Written   int `json:"written"`
	Unchanged int `json:"unchanged"`
	Removed   int `json:"removed"`
}

// Write publishes the site in the folder out, which it makes if need be.
//
// Everything is rendered before anything is published. Then new files are
// moved to their places: nothing refers to them yet. Then changed files are
// moved over the old ones, and files of a former build that are no longer
// part of the site go last: nothing refers to them any more. So whatever a
// reader can reach from the home page is complete at any moment, also if the
// build is killed. Files that did not change are left alone.
//
// A manifest lists what kbgen wrote, in the order of publication. Any other file in out is neither changed
// nor removed; a folder that holds files but no manifest is refused.
//
// progress, if not nil, is called from several goroutines with the number of
// files rendered so far.
func (s *Site) Write(out string, progress func(done, total int)) (Outcome, error) {
	if err := os.MkdirAll(out, 0o777); err != nil {
		return Outcome{}, outError(out, err)
	}
	root, err := os.OpenRoot(out)
	if err != nil {
		return Outcome{}, outError(out, err)
	}
	defer root.Close()
	w := writer{root: root, site: s, progress: progress}
	outcome, err := w.write()
	if err != nil {
		return outcome, outError(out, err)
	}
	return outcome, nil
}

func outError(out string, err error) error {
	return fmt.Errorf("output folder %s: %w", filepath.ToSlash(out), err)
}

type writer struct {
	root     *os.Root
	site     *Site
	progress func(done, total int)
	manifest []string        // files of the former build, in the order of publication
	former   map[string]bool // the same
}

func (w *writer) write() (Outcome, error) {
	if err := w.readManifest(); err != nil {
		return Outcome{}, err
	}
	if err := w.root.RemoveAll(stagingName); err != nil {
		return Outcome{}, err
	}
	if err := w.root.Mkdir(stagingName, 0o777); err != nil {
		return Outcome{}, err
	}
	waiting, err := w.stageAll()
	if err == nil {
		err = w.publish(waiting)
	}
	removed := 0
	if err == nil {
		removed, err = w.removeStale()
	}
	err = errors.Join(err, w.root.RemoveAll(stagingName))
	return Outcome{len(waiting), len(w.site.Files) - len(waiting), removed}, err
}

// readManifest learns what the former build wrote, and refuses a folder that
// is not kbgen's.
func (w *writer) readManifest() error {
	w.former = map[string]bool{}
	data, err := w.root.ReadFile(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return w.refuseForeign()
	}
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(data)) {
		name := strings.TrimSuffix(line, "\n")
		if fs.ValidPath(name) && name != "." && !w.former[name] {
			w.manifest = append(w.manifest, name)
			w.former[name] = true
		}
	}
	return nil
}

func (w *writer) refuseForeign() error {
	entries, err := fs.ReadDir(w.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !slices.Contains([]string{".gitignore", stagingName}, e.Name()) {
			return fmt.Errorf("it holds %s, which kbgen did not write; choose an empty folder with -out", e.Name())
		}
	}
	return nil
}

// staged is a file that waits in the staging folder.
type staged struct {
	index int  // in Site.Files; also its name there
	first bool // nothing is published under its path yet
}

func (f staged) name() string { return stagingName + "/" + strconv.Itoa(f.index) }

// stageAll renders every file on all cores and puts those that differ from
// what is published into the staging folder. It returns them in the order in
// which they are to be published.
func (w *writer) stageAll() ([]staged, error) {
	files := w.site.Files
	var mu sync.Mutex
	var waiting []staged
	var errs []error
	var done atomic.Int64
	parallel(len(files), func(i int) {
		f, differs, err := w.stageOne(i)
		mu.Lock()
		if err != nil {
			errs = append(errs, err)
		} else if differs {
			waiting = append(waiting, f)
		}
		mu.Unlock()
		if n := int(done.Add(1)); w.progress != nil {
			w.progress(n, len(files))
		}
	})
	if len(errs) > 0 {
		return nil, errs[0]
	}
	slices.SortFunc(waiting, func(a, b staged) int {
		if a.first != b.first {
			if a.first {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(files[a.index].stage, files[b.index].stage), cmp.Compare(a.index, b.index))
	})
	return waiting, nil
}

func (w *writer) stageOne(i int) (f staged, differs bool, err error) {
	file := w.site.Files[i]
	data, err := file.Bytes()
	if err != nil {
		return f, false, err
	}
	published, err := w.root.ReadFile(file.Path)
	f = staged{index: i, first: errors.Is(err, fs.ErrNotExist)}
	switch {
	case err != nil && !f.first:
		return f, false, err
	case err == nil && bytes.Equal(published, data):
		return f, false, nil
	case err == nil && !w.former[file.Path]:
		return f, false, fmt.Errorf("it holds %s, which kbgen did not write; move it away or choose another folder with -out", file.Path)
	}
	return f, true, w.root.WriteFile(f.name(), data, 0o666)
}

// publish moves the staged files to their places. The manifest comes first
// and lists old and new files, so that a build that is cut off leaves nothing
// that the next one would take for somebody else's.
func (w *writer) publish(waiting []staged) error {
	both := slices.Clone(w.manifest)
	for _, name := range w.inOrder() {
		if !w.former[name] {
			both = append(both, name)
		}
	}
	if err := w.writeManifest(both); err != nil {
		return err
	}
	for _, f := range waiting {
		target := w.site.Files[f.index].Path
		if err := w.root.MkdirAll(path.Dir(target), 0o777); err != nil {
			return err
		}
		if err := w.root.Rename(f.name(), target); err != nil {
			return err
		}
	}
	return nil
}

// inOrder lists the site's files in the order of publication.
func (w *writer) inOrder() []string {
	files := slices.Clone(w.site.Files)
	slices.SortStableFunc(files, func(a, b File) int { return cmp.Compare(a.stage, b.stage) })
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Path
	}
	return names
}

// removeStale removes what the former build wrote and this one did not, in
// the reverse order of publication, and the folders that this leaves empty.
func (w *writer) removeStale() (int, error) {
	removed := 0
	for _, name := range slices.Backward(w.manifest) {
		if _, current := w.site.Find(name); current {
			continue
		}
		err := w.root.Remove(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return removed, err
		}
		removed++
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if w.root.Remove(dir) != nil {
				break // not empty
			}
		}
	}
	return removed, w.writeManifest(w.inOrder())
}

func (w *writer) writeManifest(names []string) error {
	data := []byte(strings.Join(names, "\n") + "\n")
	if old, err := w.root.ReadFile(manifestName); err == nil && bytes.Equal(old, data) {
		return nil
	}
	staged := stagingName + "/manifest"
	if err := w.root.WriteFile(staged, data, 0o666); err != nil {
		return err
	}
	return w.root.Rename(staged, manifestName)
}
