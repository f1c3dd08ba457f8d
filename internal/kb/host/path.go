package host

import "strings"

// volumeOf tells which volume a path is on by looking at its text alone:
// the root folder of its drive ("C:\"), or that it is a network share. A path
// that is neither (relative, a device) answers "" and false.
func volumeOf(path string) (root string, share bool) {
	p := strings.ReplaceAll(path, "/", `\`)
	if rest, ok := strings.CutPrefix(p, `\\?\`); ok {
		if len(rest) >= 4 && strings.EqualFold(rest[:4], `UNC\`) {
			return "", true
		}
		p = rest
	} else if strings.HasPrefix(p, `\\.\`) {
		return "", false
	} else if strings.HasPrefix(p, `\\`) {
		return "", true
	}
	if len(p) >= 3 && isDriveLetter(p[0]) && p[1] == ':' && p[2] == '\\' {
		return strings.ToUpper(p[:3]), false
	}
	return "", false
}

func isDriveLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

// withSystemRoot replaces a leading %SystemRoot% by the folder of Windows.
// The environment is not asked: whoever starts the process controls it.
func withSystemRoot(path, windows string) string {
	const name = "%SystemRoot%"
	if len(path) >= len(name) && strings.EqualFold(path[:len(name)], name) {
		return windows + path[len(name):]
	}
	return path
}

// withoutStream splits the name of an alternate stream off an absolute path on
// a drive.
func withoutStream(path string) string {
	drive := 2
	if strings.HasPrefix(path, `\\?\`) {
		drive = 6
	}
	if len(path) < drive {
		return path
	}
	if i := strings.IndexByte(path[drive:], ':'); i >= 0 {
		return path[:drive+i]
	}
	return path
}

// splitKey splits the root off a registry key. ok is false for a root that
// is not one of HKLM, HKCU and HKU.
func splitKey(key string) (root, path string, ok bool) {
	root, path, ok = strings.Cut(key, `\`)
	root = strings.ToUpper(root)
	return root, path, ok && (root == "HKLM" || root == "HKCU" || root == "HKU")
}
