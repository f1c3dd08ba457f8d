//go:build linux

package winetest

// Programs that set a scene, for [Build].
const (
	// DenyKey makes a key of HKEY_LOCAL_MACHINE unreadable for everybody until
	// the server ends. Its argument is the key's path.
	DenyKey = "kbgen/internal/kb/winetest/testdata/denykey"

	// Filtered runs the program in its arguments as an administrator who is
	// not elevated. Programs of this machine are named by [WinPath].
	Filtered = "kbgen/internal/kb/winetest/testdata/filtered"
)
