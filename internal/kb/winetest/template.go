//go:build linux

package winetest

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// recipe is part of the template's name: raise it when the steps below change.
const recipe = "1"

// cacheDir is where templates and locales are kept between runs.
func cacheDir() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	dir := filepath.Join(base, "kbgen", "winetest")
	return dir, os.MkdirAll(dir, 0o755)
}

// cached returns the folder of that name in the cache. If it is not there,
// build fills a folder beside, which is then renamed, so that it is complete
// or not there at all. Only one process builds at a time.
func cached(name string, build func(dir string) error) (string, error) {
	cache, err := cacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, name)
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	lock, err := os.OpenFile(filepath.Join(cache, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", err
	}
	defer lock.Close() // and with it the lock
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", fmt.Errorf("locking %s: %w", lock.Name(), err)
	}
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	// Whoever holds the lock is the only one that builds: what is beside was
	// left by a process that was killed.
	left, err := filepath.Glob(filepath.Join(cache, "new-*"))
	if err != nil {
		return "", err
	}
	for _, dir := range left {
		if err := os.RemoveAll(dir); err != nil {
			return "", err
		}
	}
	beside, err := os.MkdirTemp(cache, "new-")
	if err != nil {
		return "", err
	}
	if err := build(beside); err != nil {
		return "", errors.Join(err, os.RemoveAll(beside))
	}
	return dir, os.Rename(beside, dir)
}

// template returns the folder of the prefix that tests copy.
func template() (string, error) {
	version, err := exec.Command("wine", "--version").Output()
	if err != nil {
		return "", fmt.Errorf("wine --version: %w", err)
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%s %s %x", version, recipe, stubDLL()))
	return cached(fmt.Sprintf("prefix-%x", key[:6]), buildTemplate)
}

func buildTemplate(dir string) error {
	defer stopServer(dir)
	if err := wineCommand(dir, "wineboot", "-i").Run(); err != nil {
		return fmt.Errorf("wineboot -i: %w", err)
	}
	// Go's runtime needs this DLL, which Wine lacks before version 9.
	stub := filepath.Join(dir, "drive_c", "windows", "system32", "bcryptprimitives.dll")
	if _, err := os.Stat(stub); errors.Is(err, fs.ErrNotExist) {
		if err := os.WriteFile(stub, stubDLL(), 0o644); err != nil {
			return err
		}
	}
	if err := wineCommand(dir, "wine", "winecfg", "-v", "win10").Run(); err != nil {
		return fmt.Errorf("winecfg -v win10: %w", err)
	}
	stopServer(dir) // before the files are touched
	// No update later on: it would write through the links made below.
	if err := os.WriteFile(filepath.Join(dir, ".update-timestamp"), []byte("disable\n"), 0o644); err != nil {
		return err
	}
	if err := cutLinksHome(filepath.Join(dir, "drive_c", "users")); err != nil {
		return err
	}
	return linkBuiltins(filepath.Join(dir, "drive_c"))
}

// cutLinksHome replaces Desktop, Documents and the like, which are links into
// the home folder of whoever runs the tests, by empty folders.
func cutLinksHome(users string) error {
	return filepath.WalkDir(users, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Type()&fs.ModeSymlink == 0 {
			return err
		}
		if err := os.Remove(path); err != nil {
			return err
		}
		return os.Mkdir(path, 0o755)
	})
}

// builtinDirs are where distributions keep the DLLs that Wine copies into
// every prefix.
func builtinDirs() []string {
	return []string{
		"/usr/lib/x86_64-linux-gnu/wine/x86_64-windows",
		"/usr/lib64/wine/x86_64-windows",
		"/usr/lib/wine/x86_64-windows",
		"/opt/wine-stable/lib64/wine/x86_64-windows",
	}
}

// linkBuiltins replaces copies of Wine's own DLLs by links to them.
func linkBuiltins(driveC string) error {
	return filepath.WalkDir(driveC, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		for _, dir := range builtinDirs() {
			original := filepath.Join(dir, d.Name())
			if !sameContent(path, original) {
				continue
			}
			if err := os.Remove(path); err != nil {
				return err
			}
			return os.Symlink(original, path)
		}
		return nil
	})
}

func sameContent(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	if errA != nil || errB != nil || infoA.Size() != infoB.Size() {
		return false
	}
	x, errA := os.ReadFile(a)
	y, errB := os.ReadFile(b)
	return errA == nil && errB == nil && bytes.Equal(x, y)
}

// copyTree copies a folder with modes, times and links.
func copyTree(to, from string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		info, err := d.Info()
		if err != nil {
			return err
		}
		switch {
		case d.IsDir():
			return os.Mkdir(target, info.Mode().Perm())
		case d.Type()&fs.ModeSymlink != 0:
			link, err := os.Readlink(path)
			if err != nil {
				return err
			}
			return os.Symlink(link, target)
		case d.Type().IsRegular():
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if err := os.WriteFile(target, b, info.Mode().Perm()); err != nil {
				return err
			}
			return os.Chtimes(target, info.ModTime(), info.ModTime())
		}
		return nil // sockets and the like: a prefix without a server has none
	})
}
