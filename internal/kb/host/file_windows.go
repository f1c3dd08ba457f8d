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
	if len(full) >= maxPlainPath && full[1] == ':' {
		full = `\\?\` + full
	}
	return wide(call, full)
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
