package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// maxProgramSize is the largest kbprobe, in bytes and without plans, that is
// put on a site.
const maxProgramSize = 3_500_000

// ErrNoProgram is the answer of FindPrograms where kbprobe is neither found
// nor can be compiled.
var ErrNoProgram = errors.New("kbprobe is not there and cannot be compiled")

// FindPrograms returns kbprobe for each platform: the file of that name
// beside kbgen's own executable, as a release has it; otherwise it is
// compiled with the Go toolchain from kbgen's sources, which are looked for
// in dir, the working directory, the folder of the executable, and above
// them. What was compiled is kept in the user's cache folder.
func FindPrograms(ctx context.Context, dir string, platforms []Platform) ([]Program, error) {
	var programs []Program
	for _, p := range platforms {
		data, err := findProgram(ctx, dir, p)
		if err != nil {
			return nil, fmt.Errorf("kbprobe for %s: %w", p, err)
		}
		if len(data) > maxProgramSize {
			return nil, fmt.Errorf("kbprobe for %s: %d bytes are more than the %d that a site may offer", p, len(data), maxProgramSize)
		}
		programs = append(programs, Program{p, data})
	}
	return programs, nil
}

func findProgram(ctx context.Context, dir string, p Platform) ([]byte, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, err
	}
	beside := filepath.Join(filepath.Dir(executable), p.FileName())
	data, err := os.ReadFile(beside)
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return data, err
	}
	sources, ok := findSourceFolder(dir, filepath.Dir(executable))
	if !ok {
		return nil, fmt.Errorf("%w: there is no %s beside kbgen, and kbgen's sources are not here", ErrNoProgram, p.FileName())
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		return nil, fmt.Errorf("%w: there is no %s beside kbgen, and no Go toolchain", ErrNoProgram, p.FileName())
	}
	return compiler{ctx, goTool, sources, p}.program()
}

// findSourceFolder looks for the module kbgen at and above each folder, and
// the working directory.
func findSourceFolder(folders ...string) (string, bool) {
	if wd, err := os.Getwd(); err == nil {
		folders = append(folders, wd)
	}
	for _, folder := range folders {
		folder, err := filepath.Abs(folder)
		if err != nil {
			continue
		}
		for {
			if data, err := os.ReadFile(filepath.Join(folder, "go.mod")); err == nil {
				line, _, _ := strings.Cut(string(data), "\n")
				if strings.TrimSpace(line) == "module kbgen" {
					return folder, true
				}
			}
			parent := filepath.Dir(folder)
			if parent == folder {
				break
			}
			folder = parent
		}
	}
	return "", false
}

// compiler compiles kbprobe for a platform.
type compiler struct {
	ctx      context.Context
	goTool   string
	sources  string // folder with go.mod
	platform Platform
}

// program returns the compiled program from the cache, or compiles it.
func (c compiler) program() ([]byte, error) {
	key, err := c.key()
	if err != nil {
		return nil, err
	}
	return fromUserCache("program-"+key+".exe", c.compile)
}

func (c compiler) compile() ([]byte, error) {
	folder, err := os.MkdirTemp("", "kbgen-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	out := filepath.Join(folder, c.platform.FileName())
	args := slices.Concat([]string{"build"}, buildFlags(), []string{"-o", out, "./cmd/kbprobe"})
	if _, err := c.run(args...); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

// buildFlags give the same bytes wherever the program is compiled. Without
// inlining (-l) it is 150 KB smaller, and no slower in anything that a person
// could notice: it waits for Windows.
func buildFlags() []string {
	return []string{"-trimpath", "-buildvcs=false", "-gcflags=all=-l", "-ldflags=-s -w -buildid="}
}

// key hashes all that the program is made of: the toolchain, the platform,
// the module's requirements and the files of its packages.
func (c compiler) key() (string, error) {
	version, err := c.run("env", "GOVERSION")
	if err != nil {
		return "", err
	}
	list, err := c.run("list", "-deps", "-json=Dir,ImportPath,Standard,Module,GoFiles,EmbedFiles,SFiles,HFiles,SysoFiles", "./cmd/kbprobe")
	if err != nil {
		return "", err
	}
	files, err := c.sourceFiles(list)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", buildFlags())
	fmt.Fprintf(h, "%s\n%s\n", bytes.TrimSpace(version), c.platform)
	for _, name := range files {
		data, err := os.ReadFile(filepath.Join(c.sources, name))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%q %x\n", filepath.ToSlash(name), sha256.Sum256(data))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// sourceFiles reads the output of go list -json. Packages of other modules
// are known by go.sum.
func (c compiler) sourceFiles(list []byte) ([]string, error) {
	files := []string{"go.mod", "go.sum"}
	decoder := json.NewDecoder(bytes.NewReader(list))
	for {
		var p struct {
			Dir      string
			Standard bool
			Module   *struct{ Main bool }

			GoFiles, EmbedFiles, SFiles, HFiles, SysoFiles []string
		}
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if p.Standard || p.Module == nil || !p.Module.Main {
			continue
		}
		for _, name := range slices.Concat(p.GoFiles, p.EmbedFiles, p.SFiles, p.HFiles, p.SysoFiles) {
			relative, err := filepath.Rel(c.sources, filepath.Join(p.Dir, name))
			if err != nil {
				return nil, err
			}
			files = append(files, relative)
		}
	}
}

// run runs the go command, for the platform and without the user's settings
// that would change what it makes.
func (c compiler) run(args ...string) ([]byte, error) {
	goos, goarch, _ := strings.Cut(string(c.platform), "/")
	cmd := exec.CommandContext(c.ctx, c.goTool, args...)
	cmd.Dir = c.sources
	cmd.Env = append(os.Environ(),
		"GOOS="+goos, "GOARCH="+goarch, "CGO_ENABLED=0", "GOAMD64=v1", "GOARM64=v8.0",
		"GOFLAGS=-mod=readonly", "GOWORK=off", "GOEXPERIMENT=", "GO111MODULE=on")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if c.ctx.Err() != nil {
		return nil, c.ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return out, nil
}

// fromUserCache returns a file of kbgen's folder in the user's cache, or
// makes it and keeps it there. A cache that cannot be used is no error.
func fromUserCache(name string, make func() ([]byte, error)) ([]byte, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return make()
	}
	folder := filepath.Join(base, "kbgen")
	if data, err := os.ReadFile(filepath.Join(folder, name)); err == nil && len(data) > 0 {
		return data, nil
	}
	data, err := make()
	if err != nil {
		return nil, err
	}
	keepInUserCache(folder, name, data)
	return data, nil
}

// keepInUserCache writes beside and renames, so that nobody reads half a file.
func keepInUserCache(folder, name string, data []byte) {
	if os.MkdirAll(folder, 0o700) != nil {
		return
	}
	f, err := os.CreateTemp(folder, name+".*.tmp")
	if err != nil {
		return
	}
	_, err = f.Write(data)
	if errors.Join(err, f.Close()) != nil || os.Rename(f.Name(), filepath.Join(folder, name)) != nil {
		os.Remove(f.Name())
	}
}
