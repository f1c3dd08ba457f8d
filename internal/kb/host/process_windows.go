package host

import (
	"path/filepath"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/windows"
)

func (*local) Processes(program string) ([]Process, error) {
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return nil, failed("CreateToolhelp32Snapshot", err)
	}
	defer windows.CloseHandle(snapshot)
	all := []Process{}
	entry := windows.ProcessEntry32{}
	entry.Size = uint32(unsafe.Sizeof(entry))
	for err = windows.Process32First(snapshot, &entry); err == nil; err = windows.Process32Next(snapshot, &entry) {
		if name := windows.UTF16ToString(entry.ExeFile[:]); strings.EqualFold(name, program) {
			p := process(entry.ProcessID)
			p.Program = name
			all = append(all, p)
		}
	}
	if err != windows.ERROR_NO_MORE_FILES {
		return nil, failed("Process32NextW", err)
	}
	return all, nil
}

// process describes a process as far as this user may see it.
func process(pid uint32) Process {
	p := Process{PID: pid}
	h, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, pid)
	if err != nil {
		return p
	}
	defer windows.CloseHandle(h)
	path, err := text(func(buf *uint16, size uint32) (uint32, error) {
		err := windows.QueryFullProcessImageName(h, 0, buf, &size)
		if err == windows.ERROR_INSUFFICIENT_BUFFER {
			return 2 * size, nil
		}
		return size, err
	})
	if err == nil {
		p.Program = filepath.Base(path)
	}
	var token windows.Token
	if windows.OpenProcessToken(h, windows.TOKEN_QUERY, &token) == nil {
		p.Elevated = token.IsElevated()
		token.Close()
	}
	return p
}

// processes describes each of pids but this process itself.
func processes(pids []uint32) []Process {
	all := []Process{}
	for _, pid := range pids {
		if pid != windows.GetCurrentProcessId() {
			all = append(all, process(pid))
		}
	}
	return all
}

func (*local) Openers(path string) ([]Process, error) {
	p, err := native(path)
	if err != nil {
		return nil, err
	}
	h, err := windows.CreateFile(p, windows.FILE_READ_ATTRIBUTES, shareAll, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_BACKUP_SEMANTICS|windows.FILE_FLAG_OPEN_REPARSE_POINT, 0)
	if err != nil {
		return nil, failed("CreateFileW", err)
	}
	defer windows.CloseHandle(h)
	const processIDsUsingFile = 47
	for size := 1 << 10; ; size *= 4 {
		buf := make([]uint64, size/8)
		bytes := unsafe.Slice((*byte)(unsafe.Pointer(&buf[0])), size)
		var status windows.IO_STATUS_BLOCK
		err := windows.NtQueryInformationFile(h, &status, &bytes[0], uint32(size), processIDsUsingFile)
		if err == nil {
			return processes(processIDs(bytes)), nil
		}
		if err != windows.STATUS_INFO_LENGTH_MISMATCH && err != windows.STATUS_BUFFER_OVERFLOW || size > 1<<18 {
			return nil, failed("NtQueryInformationFile", err)
		}
	}
}

func (l *local) Listeners(port uint16) ([]Process, error) {
	pids4, err := l.listeners(windows.AF_INET, tcpRow4, port)
	if err != nil {
		return nil, err
	}
	pids6, err := l.listeners(windows.AF_INET6, tcpRow6, port)
	if err != nil && err != ErrUnsupported { // a machine without IPv6
		return nil, err
	}
	all := []Process{}
	for i, pid := range append(pids4, pids6...) {
		if i < len(pids4) || !slices.Contains(pids4, pid) {
			all = append(all, process(pid))
		}
	}
	return all, nil
}

func (l *local) listeners(family uintptr, row tcpRow, port uint16) ([]uint32, error) {
	const ownerPIDListener = 3
	for size := uint32(16 << 10); ; {
		buf := make([]uint64, size/8)
		n := size
		err := code(l.getExtendedTCPTable, uintptr(unsafe.Pointer(&buf[0])), uintptr(unsafe.Pointer(&n)), 0, family, ownerPIDListener, 0)
		if err == nil {
			return row.owners(unsafe.Slice((*byte)(unsafe.Pointer(&buf[0])), size), port), nil
		}
		if err != windows.ERROR_INSUFFICIENT_BUFFER || n <= size || n > 1<<24 {
			return nil, failed(l.getExtendedTCPTable.Name, err)
		}
		size = n + 1<<12 // it may have grown since
		size -= size % 8
	}
}
