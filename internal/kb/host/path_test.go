package host

import "testing"

func TestVolumeOf(t *testing.T) {
	for _, c := range []struct {
		path, root string
		share      bool
	}{
		{`C:\Windows`, `C:\`, false},
		{`c:/Windows`, `C:\`, false},
		{`\\?\d:\long`, `D:\`, false},
		{`\\server\share\x`, ``, true},
		{`//server/share`, ``, true},
		{`\\?\UNC\server\share`, ``, true},
		{`//?/unc/server/share`, ``, true},
		{`\\.\C:\x`, ``, false},
		{`\\.\COM1`, ``, false},
		{`\\?\Volume{0}\x`, ``, false},
		{`\\?\`, ``, false},
		{`\??\UNC\server\share`, ``, false},
		{`C:`, ``, false},
		{`C:x`, ``, false},
		{`\Windows`, ``, false},
		{`relative`, ``, false},
		{`é:\x`, ``, false},
		{``, ``, false},
	} {
		if root, share := volumeOf(c.path); root != c.root || share != c.share {
			t.Errorf("%s: %q, %v; want %q, %v", c.path, root, share, c.root, c.share)
		}
	}
}

func TestWithSystemRoot(t *testing.T) {
	for path, want := range map[string]string{
		`%SystemRoot%\System32\a.dll`: `D:\Win\System32\a.dll`,
		`%SYSTEMROOT%\a.dll`:          `D:\Win\a.dll`,
		`C:\%SystemRoot%\a.dll`:       `C:\%SystemRoot%\a.dll`,
		`%TEMP%\a.dll`:                `%TEMP%\a.dll`,
	} {
		if got := withSystemRoot(path, `D:\Win`); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestSplitKey(t *testing.T) {
	for _, c := range []struct {
		key, root, path string
		ok              bool
	}{
		{`HKLM\SOFTWARE\X`, "HKLM", `SOFTWARE\X`, true},
		{`hkcu\x`, "HKCU", "x", true},
		{`HKU\S-1-5-18`, "HKU", "S-1-5-18", true},
		{`HKCR\x`, "HKCR", "x", false},
		{`HKLM`, "HKLM", "", false},
		{``, "", "", false},
	} {
		if root, path, ok := splitKey(c.key); root != c.root || path != c.path || ok != c.ok {
			t.Errorf("%s: %q %q %v", c.key, root, path, ok)
		}
	}
}

func TestWithoutStream(t *testing.T) {
	for path, want := range map[string]string{
		`C:\x.exe:Zone.Identifier`:       `C:\x.exe`,
		`C:\x.exe:Zone.Identifier:$DATA`: `C:\x.exe`,
		`C:\x.exe`:                       `C:\x.exe`,
		`\\?\C:\x.exe:a`:                 `\\?\C:\x.exe`,
		`\\?\C:\x.exe`:                   `\\?\C:\x.exe`,
		`C:`:                             `C:`,
		`\\?\`:                           `\\?\`,
		``:                               ``,
	} {
		if got := withoutStream(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}
