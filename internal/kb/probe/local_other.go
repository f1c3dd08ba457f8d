//go:build !windows

package probe

import (
	"errors"
	"os"
	"strings"

	"kbgen/internal/kb/check"
)

func userLanguage() check.Lang {
	if strings.HasPrefix(os.Getenv("LANG"), "ja") {
		return check.JA
	}
	return check.EN
}

func ownConsole() bool { return false }

func openPage(string) error { return errors.New("only on Windows") }
