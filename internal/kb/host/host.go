// Package host is the list of what a machine can be asked.
//
// A [Host] only reads. It has no method that writes, starts a process, or
// parses the text that a command prints; adding one would break the promise
// the probe makes to its users.
//
// Every method answers in one of seven ways:
//
//	value              a nil error
//	absent             [ErrAbsent]: proven not to be there
//	denied             [ErrDenied]: there may be something, this user may not see it
//	not supported      [ErrUnsupported]: this system has no such thing to ask
//	too late           [ErrTimeout]: no answer within the time limit
//	not asked          [ErrStopped]: asking would start a service
//	failed             a [*CallError] with the code of the system
//
// Denied is never absent: only the codes ERROR_FILE_NOT_FOUND and
// ERROR_PATH_NOT_FOUND, and those that say as much of a service, a user, a
// group, an event channel, a network drive or a WMI class, mean absent. A caller
// that cannot tell must report the difference.
//
// There are two implementations: Local, which makes native calls on Windows,
// and the recorded machine of package recorded, which tests read from text.
package host

import (
	"errors"
	"fmt"
	"strings"
)

// Host is a machine that can be asked. Implementations are safe for
// concurrent use: checks run side by side.
type Host interface {
	// Value reads one registry value in the 64-bit view. key starts with
	// HKLM\, HKCU\ or HKU\; an empty name is the key's default value.
	// An absent key and an absent value are both ErrAbsent.
	Value(key, name string) (Value, error)

	// Service reads state, process and start type of the service with this
	// short name.
	Service(name string) (Service, error)

	// System reads the version of Windows, as RtlGetVersion and
	// GetProductInfo tell it.
	System() (System, error)

	// Token describes the user this process runs as.
	Token() (Token, error)

	// Identity names user, machine and domain, so that a report can mask them.
	Identity() (Identity, error)

	// File describes a file or folder by its attributes alone. Its content
	// is never opened: reading a placeholder would download it.
	File(path string) (File, error)

	// Security reads owner, permissions and the effective access of this
	// user; of a link, those of the link itself. It asks the file system the
	// path is on: call Volume first.
	Security(path string) (Security, error)

	// FileVersion reads the fixed version information of a program file.
	// A leading %SystemRoot% is the folder of Windows, whatever the
	// environment says.
	FileVersion(path string) (Version, error)

	// Volume describes the volume that holds path, ErrAbsent if the drive
	// letter is not in use. Only the path's first characters are looked at, so
	// that asking never touches a network.
	Volume(path string) (Volume, error)

	// Env reads a variable of this process's environment; ErrAbsent if unset.
	Env(name string) (string, error)

	// TempDir is the folder that programs of this user get as temporary
	// folder (GetTempPath2W, GetTempPathW before Windows 11).
	TempDir() (string, error)

	// Entries lists what a folder on a drive holds, in no order, at most
	// MaxNames. Nothing in it is opened. A folder that is not on this machine
	// yet is a CallError with CodeOffline. Call Volume first.
	Entries(folder string) ([]Entry, error)

	// Values reads all values of a key, at most MaxNames, sorted by name.
	Values(key string) ([]NamedValue, error)

	// Subkeys lists the names of a key's subkeys, at most MaxNames, sorted.
	Subkeys(key string) ([]string, error)

	// KeySecurity reads owner, permissions and the effective access of this
	// user to a registry key.
	KeySecurity(key string) (Security, error)

	// ReadFile reads a small file such as a .rdp file, or an alternate stream
	// such as FILE:Zone.Identifier. A file of more than most bytes is a
	// CallError with CodeTooLarge, one that is not on this machine yet (a cloud
	// placeholder) one with CodeOffline. Call Volume first.
	ReadFile(path string, most int) ([]byte, error)

	// Folder returns where a known folder of this user is.
	Folder(f Folder) (string, error)

	// DriveTarget returns the share that a drive letter such as X: stands
	// for, ErrAbsent if it is not a network drive in this session.
	DriveTarget(drive string) (string, error)

	// Program returns the path of this process's own program.
	Program() (string, error)

	Events
	Accounts
	Inventory
	Network
}

// MaxNames is the most values, subkeys, credentials and entries of a folder
// that are listed. A list as long as that may have been cut: what is counted in
// it is at least so much. [MaxEvents] and [MaxInstances] mean the same.
const MaxNames = 4096

// NamedValue is a value with its name; an empty name is the default value.
type NamedValue struct {
	Name string
	Value
}

// Folder is a known folder of a user.
type Folder string

// Known folders.
const (
	Documents    Folder = "Documents"
	LocalAppData Folder = "LocalAppData"
	ProgramFiles Folder = "ProgramFiles" // of 64-bit programs
	Windows      Folder = "Windows"
	System32     Folder = "System32"
)

// The answers that are not values.
var (
	ErrAbsent      = errors.New("absent")
	ErrDenied      = errors.New("access denied")
	ErrUnsupported = errors.New("not supported on this system")
	ErrTimeout     = errors.New("no answer in time")
	ErrDisabled    = errors.New("switched off") // an event log that records nothing
	ErrStopped     = errors.New("not running")  // a service that would be started by asking it

	// Answers of a Remote alone.
	ErrRefused     = errors.New("connection refused")
	ErrUnreachable = errors.New("no route to the host")
	ErrNotNamed    = errors.New("not the host that the user named")
)

// Codes of ReadFile, winerror.h.
const (
	CodeTooLarge = 223
	CodeOffline  = 4350
)

// CallError is a call that failed with a code that means none of the other
// answers.
type CallError struct {
	Call string // the system function
	Code uint32 // a Win32 code, an HRESULT or an NTSTATUS, as Call returns it
}

func (e *CallError) Error() string {
	if e.Code > 0xffff {
		return fmt.Sprintf("%s failed with code 0x%08x", e.Call, e.Code)
	}
	return fmt.Sprintf("%s failed with code %d", e.Call, e.Code)
}

// ValueType is the registry type of a [Value], with the numbers of winnt.h.
type ValueType uint32

// Registry value types.
const (
	RegNone     ValueType = 0
	RegString   ValueType = 1
	RegExpand   ValueType = 2
	RegBinary   ValueType = 3
	RegDWord    ValueType = 4
	RegMultiStr ValueType = 7
	RegQWord    ValueType = 11
)

// String is the name that regedit shows.
func (t ValueType) String() string {
	switch t {
	case RegNone:
		return "REG_NONE"
	case RegString:
		return "REG_SZ"
	case RegExpand:
		return "REG_EXPAND_SZ"
	case RegBinary:
		return "REG_BINARY"
	case RegDWord:
		return "REG_DWORD"
	case RegMultiStr:
		return "REG_MULTI_SZ"
	case RegQWord:
		return "REG_QWORD"
	}
	return fmt.Sprintf("REG_TYPE_%d", uint32(t))
}

// Value is a registry value. Which field is set follows from Type, except
// that a RegDWord or RegQWord whose data has the wrong length has Data, not nil,
// in place of Number. [DecodeValue] makes values of the registry's bytes.
type Value struct {
	Type    ValueType
	Number  uint64   // RegDWord, RegQWord
	Text    string   // RegString, RegExpand: not expanded
	Strings []string // RegMultiStr
	Data    []byte   // every other type
}

// DWord returns the number of a REG_DWORD and whether the value is one.
func (v Value) DWord() (uint32, bool) {
	return uint32(v.Number), v.Type == RegDWord && v.Data == nil
}

// String renders the value's data for a report. Bytes are hexadecimal, at
// most 16 of them; no data at all are two quotes. Text stands as it is, of any
// length and with any characters.
func (v Value) String() string {
	s := v.Text
	switch {
	case len(v.Data) > 16:
		s = fmt.Sprintf("% x … (%d bytes)", v.Data[:16], len(v.Data))
	case v.Data != nil:
		s = fmt.Sprintf("% x", v.Data)
	case v.Type == RegDWord || v.Type == RegQWord:
		s = fmt.Sprint(v.Number)
	case v.Type == RegMultiStr:
		s = strings.Join(v.Strings, ", ")
	}
	if s == "" {
		return `""`
	}
	return s
}

// ServiceState is the dwCurrentState of a service.
type ServiceState uint32

// Service states, winsvc.h.
const (
	Stopped         ServiceState = 1
	StartPending    ServiceState = 2
	StopPending     ServiceState = 3
	Running         ServiceState = 4
	ContinuePending ServiceState = 5
	PausePending    ServiceState = 6
	Paused          ServiceState = 7
)

// String is the name that sc.exe prints.
func (s ServiceState) String() string {
	names := [...]string{"", "STOPPED", "START_PENDING", "STOP_PENDING", "RUNNING", "CONTINUE_PENDING", "PAUSE_PENDING", "PAUSED"}
	if s >= 1 && int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("STATE_%d", uint32(s))
}

// StartType is the dwStartType of a service.
type StartType uint32

// Service start types, winsvc.h.
const (
	BootStart   StartType = 0
	SystemStart StartType = 1
	AutoStart   StartType = 2
	DemandStart StartType = 3
	Disabled    StartType = 4
)

// String is the name that sc.exe prints.
func (s StartType) String() string {
	names := [...]string{"BOOT_START", "SYSTEM_START", "AUTO_START", "DEMAND_START", "DISABLED"}
	if int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("START_%d", uint32(s))
}

// Service is what is read of a service.
type Service struct {
	State ServiceState
	Start StartType
	PID   uint32 // of the process that it runs in, which others may share; 0 if it does not run
}

// ProductType is the wProductType of RTL_OSVERSIONINFOEXW.
type ProductType uint8

// Product types, winnt.h.
const (
	Workstation      ProductType = 1
	DomainController ProductType = 2
	Server           ProductType = 3
)

// String is the name used in reports and recorded machines.
func (p ProductType) String() string {
	switch p {
	case Workstation:
		return "workstation"
	case DomainController:
		return "domain controller"
	case Server:
		return "server"
	}
	return fmt.Sprintf("product %d", uint8(p))
}

// System is the version of Windows.
type System struct {
	Major, Minor, Build uint32
	Product             ProductType
	Edition             uint32 // PRODUCT_* of winnt.h, as GetProductInfo tells it; 0 if it does not
}

// Version is a four-part file version.
type Version [4]uint16

// String is the dotted form.
func (v Version) String() string {
	return fmt.Sprintf("%d.%d.%d.%d", v[0], v[1], v[2], v[3])
}

// Less compares part by part.
func (v Version) Less(w Version) bool {
	for i := range v {
		if v[i] != w[i] {
			return v[i] < w[i]
		}
	}
	return false
}
