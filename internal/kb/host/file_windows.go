package host

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// maxPlainPath is the length from which Windows takes a path only with the
// prefix \\?\. Without it a path that is too long answers ERROR_PATH_NOT_FOUND,
// which would read as absent.
const maxPlainPath = 248

// native is the path as system functions take it: absolute, on a drive.
// Anything else is refused, so that neither a share, with a letter or without,
// nor a device is asked.
func native(path string) (*uint16, error) {
	const call = "GetFullPathNameW"
	if _, err := wide(call, path); err != nil {
		return nil, err
	}
	if root, _ := volumeOf(path); root == "" {
		return nil, &CallError{Call: call, Code: errorBadPathname}
	}
	full, err := windows.FullPath(path)
	if err != nil {
		return nil, failed(call, err)
	}
	// Once more: C:\con is a device by another name.
	root, _ := volumeOf(full)
	if root == "" {
		return nil, &CallError{Call: call, Code: errorBadPathname}
	}
	drive, err := wide("GetDriveTypeW", root)
	if err != nil {
		return nil, err
	}
	if windows.GetDriveType(drive) == windows.DRIVE_REMOTE {
		return nil, &CallError{Call: "GetDriveTypeW", Code: errorBadPathname}
	}
	for i, c := range full {
		if c == '\\' && i > len(root) && symlink(full[:i]) {
			return nil, &CallError{Call: call, Code: uint32(windows.ERROR_STOPPED_ON_SYMLINK)}
		}
	}
	if len(full) >= maxPlainPath && full[1] == ':' {
		full = `\\?\` + full
	}
	return wide(call, full)
}

// symlink reports whether a folder is a symbolic link, which could lead to a
// share; a junction cannot.
func symlink(folder string) bool {
	tag, link := reparseTag(folder)
	return link && tag == reparseTagSymlink
}

// reparseTag tells whether a file or folder is a reparse point, and which kind.
func reparseTag(path string) (tag uint32, is bool) {
	p, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, false
	}
	attributes, err := windows.GetFileAttributes(p)
	if err != nil || attributes&AttrReparsePoint == 0 {
		return 0, false
	}
	var data windows.Win32finddata
	h, err := windows.FindFirstFile(p, &data)
	if err != nil {
		return 0, true
	}
	defer windows.FindClose(h)
	return data.Reserved0, true
}

func (*local) File(path string) (File, error) {
	p, err := native(path)
	if err != nil {
		return File{}, err
	}
	attributes, err := windows.GetFileAttributes(p)
	if err != nil {
		return File{}, failed("GetFileAttributesW", err)
	}
	return File{Attributes: attributes}, nil
}

func (l *local) Entries(folder string) ([]Entry, error) {
	f, err := l.File(folder)
	if err != nil {
		return nil, err
	}
	if f.Elsewhere() { // listing it would fetch the list
		return nil, &CallError{Call: "FindFirstFileW", Code: CodeOffline}
	}
	if symlink(folder) {
		return nil, &CallError{Call: "FindFirstFileW", Code: uint32(windows.ERROR_STOPPED_ON_SYMLINK)}
	}
	p, err := native(folder + `\*`)
	if err != nil {
		return nil, err
	}
	var data windows.Win32finddata
	h, err := windows.FindFirstFile(p, &data)
	if err == windows.ERROR_FILE_NOT_FOUND { // an empty root folder
		return []Entry{}, nil
	}
	if err != nil {
		return nil, failed("FindFirstFileW", err)
	}
	defer windows.FindClose(h)
	all := []Entry{}
	for ; err == nil && len(all) < MaxNames; err = windows.FindNextFile(h, &data) {
		if name := windows.UTF16ToString(data.FileName[:]); name != "." && name != ".." {
			all = append(all, Entry{name, File{Attributes: data.FileAttributes}})
		}
	}
	if err != nil && err != windows.ERROR_NO_MORE_FILES {
		return nil, failed("FindNextFileW", err)
	}
	return all, nil
}

func (*local) Volume(path string) (Volume, error) {
	root, share := volumeOf(path)
	if share {
		return Volume{Type: DriveRemote}, nil
	}
	if root == "" {
		return Volume{}, &CallError{Call: "GetDriveTypeW", Code: errorBadPathname}
	}
	p, err := wide("GetDriveTypeW", root)
	if err != nil {
		return Volume{}, err
	}
	v := Volume{Type: DriveType(windows.GetDriveType(p))}
	if v.Type == DriveNoRoot {
		return Volume{}, ErrAbsent
	}
	if !v.Type.Local() {
		return v, nil
	}
	if err := windows.GetDiskFreeSpaceEx(p, &v.Free, nil, nil); err != nil {
		return Volume{}, failed("GetDiskFreeSpaceExW", err)
	}
	var name [64]uint16
	if windows.GetVolumeInformation(p, nil, 0, nil, nil, nil, &name[0], uint32(len(name))) == nil {
		v.FileSystem = windows.UTF16ToString(name[:])
	}
	return v, nil
}

func (l *local) FileVersion(path string) (Version, error) {
	dir, err := windows.GetSystemWindowsDirectory()
	if err != nil {
		return Version{}, failed("GetSystemWindowsDirectoryW", err)
	}
	p, err := native(withSystemRoot(path, dir))
	if err != nil {
		return Version{}, err
	}
	block, err := l.versionResource(p)
	if err != nil {
		return Version{}, err
	}
	var info *windows.VS_FIXEDFILEINFO
	var size uint32
	err = windows.VerQueryValue(unsafe.Pointer(&block[0]), `\`, unsafe.Pointer(&info), &size)
	if err != nil {
		return Version{}, failed("VerQueryValueW", err)
	}
	const signature = 0xfeef04bd
	if info == nil || uintptr(size) < unsafe.Sizeof(*info) || info.Signature != signature {
		return Version{}, ErrUnsupported
	}
	ms, ls := info.FileVersionMS, info.FileVersionLS
	return Version{uint16(ms >> 16), uint16(ms), uint16(ls >> 16), uint16(ls)}, nil
}

const (
	// fileVerGetNeutral takes the number from the program itself and not
	// from the file of its translation, which may be older.
	fileVerGetNeutral = 2
	maxVersionInfo    = 1 << 20
)

func (l *local) versionResource(path *uint16) ([]byte, error) {
	if l.getFileVersionInfoSizeEx.Find() != nil || l.getFileVersionInfoEx.Find() != nil {
		return nil, ErrUnsupported
	}
	var ignored uint32
	size, _, err := l.getFileVersionInfoSizeEx.Call(fileVerGetNeutral, uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(&ignored)))
	if size == 0 {
		return nil, failed(l.getFileVersionInfoSizeEx.Name, err)
	}
	if size > maxVersionInfo {
		return nil, &CallError{Call: l.getFileVersionInfoSizeEx.Name, Code: errorMoreData}
	}
	block := make([]byte, size)
	err = call(l.getFileVersionInfoEx, fileVerGetNeutral, uintptr(unsafe.Pointer(path)), 0, size, uintptr(unsafe.Pointer(&block[0])))
	if err != nil {
		return nil, failed(l.getFileVersionInfoEx.Name, err)
	}
	return block, nil
}
