package host

import (
	"os"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

const (
	shareAll = windows.FILE_SHARE_READ | windows.FILE_SHARE_WRITE | windows.FILE_SHARE_DELETE

	// maxContent bounds what ReadFile reads, whatever it is told.
	maxContent = 16 << 20

	reparseTagMountPoint = 0xa0000003
	reparseTagSymlink    = 0xa000000c
)

func (l *local) ReadFile(path string, most int) ([]byte, error) {
	p, err := native(path)
	if err != nil {
		return nil, err
	}
	file, err := l.File(withoutStream(path))
	if err != nil {
		return nil, err
	}
	if file.Elsewhere() {
		return nil, &CallError{Call: "ReadFile", Code: CodeOffline}
	}
	if file.Dir() && withoutStream(path) == path {
		return nil, &CallError{Call: "ReadFile", Code: uint32(windows.ERROR_DIRECTORY)}
	}
	// No link is followed: it could lead to a share.
	h, err := windows.CreateFile(p, windows.FILE_READ_DATA|windows.SYNCHRONIZE, shareAll, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_OPEN_NO_RECALL|windows.FILE_FLAG_OPEN_REPARSE_POINT, 0)
	if err != nil {
		return nil, failed("CreateFileW", err)
	}
	defer windows.CloseHandle(h)
	if file.Attributes&AttrReparsePoint != 0 {
		var tag struct{ attributes, tag uint32 }
		err := windows.GetFileInformationByHandleEx(h, windows.FileAttributeTagInfo, (*byte)(unsafe.Pointer(&tag)), uint32(unsafe.Sizeof(tag)))
		if err != nil {
			return nil, failed("GetFileInformationByHandleEx", err)
		}
		if tag.tag == reparseTagMountPoint || tag.tag == reparseTagSymlink {
			return nil, failed("CreateFileW", windows.ERROR_STOPPED_ON_SYMLINK)
		}
	}
	return read(h, max(0, min(most, maxContent)))
}

func read(h windows.Handle, most int) ([]byte, error) {
	content := []byte{}
	buf := make([]byte, 4096)
	for {
		var n uint32
		err := windows.ReadFile(h, buf, &n, nil)
		if err != nil && err != windows.ERROR_HANDLE_EOF {
			return nil, failed("ReadFile", err)
		}
		if n == 0 {
			return content, nil
		}
		if content = append(content, buf[:n]...); len(content) > most {
			return nil, &CallError{Call: "ReadFile", Code: CodeTooLarge}
		}
	}
}

// Folder asks the registry, where the shell has it from: SHGetKnownFolderPath
// may write what it has found to the key Shell Folders.
func (l *local) Folder(f Folder) (string, error) {
	const (
		userFolders = `HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders`
		machine     = `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion`
	)
	switch f {
	case Windows:
		dir, err := windows.GetSystemWindowsDirectory()
		return orFailed(dir, "GetSystemWindowsDirectoryW", err)
	case System32:
		dir, err := windows.GetSystemDirectory()
		return orFailed(dir, "GetSystemDirectoryW", err)
	case Documents:
		return l.folder(userFolders, "Personal", `%USERPROFILE%\Documents`)
	case LocalAppData:
		return l.folder(userFolders, "Local AppData", `%USERPROFILE%\AppData\Local`)
	case ProgramFiles:
		return l.folder(machine, "ProgramFilesDir", "")
	}
	return "", ErrAbsent
}

// folder reads a path in the registry and expands it. An absent value is the
// usual one.
func (l *local) folder(key, name, usual string) (string, error) {
	v, err := l.Value(key, name)
	if err == ErrAbsent && usual != "" {
		v, err = Value{Type: RegExpand, Text: usual}, nil
	}
	if err != nil {
		return "", err
	}
	const profile = "%USERPROFILE%"
	if len(v.Text) >= len(profile) && strings.EqualFold(v.Text[:len(profile)], profile) {
		// Not from the environment, which whoever starts the process controls.
		t, err := openToken(windows.TOKEN_QUERY)
		if err != nil {
			return "", err
		}
		defer t.Close()
		home, err := t.GetUserProfileDirectory()
		return orFailed(home+v.Text[len(profile):], "GetUserProfileDirectoryW", err)
	}
	if v.Type != RegExpand {
		return v.Text, nil
	}
	path, err := registry.ExpandString(v.Text)
	return orFailed(path, "ExpandEnvironmentStringsW", err)
}

func orFailed(text, call string, err error) (string, error) {
	if err != nil {
		return "", failed(call, err)
	}
	return text, nil
}

func (l *local) DriveTarget(drive string) (string, error) {
	name := l.wNetGetConnection.Name
	if len(drive) != 2 || !isDriveLetter(drive[0]) || drive[1] != ':' {
		return "", &CallError{Call: name, Code: errorBadPathname}
	}
	local, err := wide(name, drive)
	if err != nil {
		return "", err
	}
	target, err := text(func(buf *uint16, size uint32) (uint32, error) {
		needed := size
		err := code(l.wNetGetConnection, uintptr(unsafe.Pointer(local)), uintptr(unsafe.Pointer(buf)), uintptr(unsafe.Pointer(&needed)))
		switch err {
		case windows.ERROR_MORE_DATA:
			return max(needed, size), nil
		case windows.ERROR_BAD_DEVICE:
			return 0, windows.ERROR_NOT_CONNECTED // no such drive
		case nil:
			return uint32(len(windows.UTF16PtrToString(buf))), nil
		}
		return 0, err
	})
	return orFailed(target, name, err)
}

func (*local) Program() (string, error) {
	path, err := os.Executable()
	return orFailed(path, "GetModuleFileNameW", err)
}
