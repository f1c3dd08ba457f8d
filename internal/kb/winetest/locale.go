//go:build linux

package winetest

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
)

// Japanese returns the variables with which a program in a prefix sees a
// Japanese Windows: its UI language, its locale and code page 932. The locale
// is made in the cache folder; the system's own ones are not touched.
func Japanese(t testing.TB) []string {
	t.Helper()
	localedef, err := exec.LookPath("localedef")
	if err != nil {
		Missing(t, "no localedef on this machine: install locales")
	}
	const name = "ja_JP.UTF-8"
	dir, err := cached("locale-ja", func(dir string) error {
		out, err := exec.Command(localedef, "-i", "ja_JP", "-f", "UTF-8", filepath.Join(dir, name)).CombinedOutput()
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == 1 {
			return nil // made, with warnings
		}
		if err != nil {
			return fmt.Errorf("localedef: %w\n%s", err, out)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return []string{"LOCPATH=" + dir, "LANG=" + name}
}
