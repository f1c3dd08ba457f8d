package probe

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"kbgen/internal/kb/host"
)

// Local runs the command of this process: its arguments, its files, this
// machine. An error means that it could not even read its own program.
func Local() (code int, err error) {
	path, err := os.Executable()
	if err != nil {
		return ExitInternal, err
	}
	program, err := os.Open(path)
	if err != nil {
		return ExitInternal, err
	}
	defer program.Close()
	info, err := program.Stat()
	if err != nil {
		return ExitInternal, err
	}
	c := &Command{
		Args:        os.Args[1:],
		Stdin:       os.Stdin,
		Stdout:      os.Stdout,
		Stderr:      os.Stderr,
		Host:        host.Local(),
		Program:     program,
		ProgramSize: info.Size(),
		ProgramPath: path,
		Zone:        readZone(path),
		Lang:        userLanguage(),
		OwnConsole:  ownConsole(),
		Open:        openPage,
		Save:        func(name string, report []byte) (string, error) { return save(filepath.Dir(path), name, report) },
		Now:         time.Now,
	}
	return c.Main(), nil
}

// readZone returns the stream in which Windows keeps where a file came from,
// or nil.
func readZone(path string) []byte {
	f, err := os.Open(path + ":Zone.Identifier")
	if err != nil {
		return nil
	}
	defer f.Close()
	const most = 64 << 10
	zone, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil
	}
	return zone
}

// save writes the report beside the program, or into the user's home folder
// if that is not writable. It never replaces a file.
func save(beside, name string, report []byte) (string, error) {
	folders := []string{beside}
	if home, err := os.UserHomeDir(); err == nil {
		folders = append(folders, home)
	}
	var errs []error
	for _, folder := range folders {
		path := filepath.Join(folder, name)
		err := create(path, report)
		if err == nil {
			return path, nil
		}
		errs = append(errs, err)
		if errors.Is(err, fs.ErrExist) {
			break
		}
	}
	return "", errors.Join(errs...)
}

func create(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	return f.Close()
}
