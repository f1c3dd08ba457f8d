package host

// Elevation is the TOKEN_ELEVATION_TYPE of a token, winnt.h.
type Elevation uint32

// Elevation types.
const (
	ElevationDefault Elevation = 1 // no split token: standard user, built-in Administrator, or UAC off
	ElevationFull    Elevation = 2 // the elevated half of a split token
	ElevationLimited Elevation = 3 // the filtered half of a split token
)

// Group and privilege attributes, winnt.h.
const (
	GroupEnabled     = 0x4
	GroupUseForDeny  = 0x10
	PrivilegeEnabled = 0x2
)

// Well-known SIDs that checks compare with. Names are localised, SIDs are not.
const (
	SIDEveryone         = "S-1-1-0"
	SIDSystem           = "S-1-5-18"
	SIDAdministrators   = "S-1-5-32-544"
	SIDUsers            = "S-1-5-32-545"
	SIDTrustedInstaller = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
)

// Token describes the user that a process runs as.
type Token struct {
	UserSID    string
	Elevated   bool // TokenElevation
	Elevation  Elevation
	Integrity  uint32 // last RID of the integrity level: 0x1000 low, 0x2000 medium, 0x3000 high, 0x4000 system
	Groups     []Group
	Privileges []Privilege
}

// Group is a group in a token.
type Group struct {
	SID        string
	Attributes uint32
}

// Privilege is a privilege that a token holds. Held but not enabled is normal.
type Privilege struct {
	Name    string // for example SeBackupPrivilege
	Enabled bool
}

// Group returns the token's entry for sid.
func (t Token) Group(sid string) (Group, bool) {
	for _, g := range t.Groups {
		if g.SID == sid {
			return g, true
		}
	}
	return Group{}, false
}

// Identity names what a report masks unless it is told not to. A field may be
// empty.
type Identity struct {
	User    string // account name without domain
	Domain  string // NetBIOS name of the account's domain or machine
	DNS     string // DNS domain of the account or machine
	Machine string // NetBIOS computer name
	Home    string // profile folder
	SID     string // the user's SID
}

// File attributes, winnt.h.
const (
	AttrReadOnly           = 0x1
	AttrSystem             = 0x4
	AttrDirectory          = 0x10
	AttrReparsePoint       = 0x400
	AttrOffline            = 0x1000
	AttrRecallOnOpen       = 0x40000
	AttrRecallOnDataAccess = 0x400000
)

// File is what is known of a file or folder without opening its content.
type File struct {
	Attributes uint32
}

// Elsewhere reports whether reading the file's content would fetch it from
// somewhere else: a placeholder of a cloud drive, or an archive.
func (f File) Elsewhere() bool {
	return f.Attributes&(AttrOffline|AttrRecallOnOpen|AttrRecallOnDataAccess) != 0
}

// Dir reports whether it is a folder.
func (f File) Dir() bool { return f.Attributes&AttrDirectory != 0 }

// DriveType is the answer of GetDriveTypeW.
type DriveType uint32

// Drive types, fileapi.h.
const (
	DriveUnknown   DriveType = 0
	DriveNoRoot    DriveType = 1
	DriveRemovable DriveType = 2
	DriveFixed     DriveType = 3
	DriveRemote    DriveType = 4
	DriveCDROM     DriveType = 5
	DriveRAMDisk   DriveType = 6
)

// Local reports whether asking the volume stays on this machine.
func (d DriveType) Local() bool {
	return d == DriveFixed || d == DriveRemovable || d == DriveCDROM || d == DriveRAMDisk
}

// Volume is the volume that holds a path.
type Volume struct {
	Type DriveType
	Free uint64 // bytes this user may still write; 0 unless Type is local
	// FileSystem is the name that GetVolumeInformationW gives, such as NTFS.
	// Empty unless Type is local, and if the system does not tell.
	FileSystem string
}

// Entry is what a folder holds.
type Entry struct {
	Name string
	File
}

// Kinds of an access control entry, winnt.h.
const (
	ACEAllow = 0
	ACEDeny  = 1
)

// ACE flags, winnt.h.
const ACEInheritOnly = 0x8

// ACE is one access control entry of a DACL.
type ACE struct {
	Type  uint8 // ACEAllow, ACEDeny, or another kind of winnt.h: Mask and SID are then not read
	Flags uint8
	Mask  uint32
	SID   string
}

// Security is a file's security descriptor and what it grants this user.
type Security struct {
	Owner    string // SID
	NullDACL bool   // no DACL at all: everyone has full access
	DACL     []ACE  // empty and not NullDACL: nobody has access
	// Protected is SE_DACL_PROTECTED: what is above hands nothing down.
	Protected bool
	Granted   uint32 // AccessCheck(MAXIMUM_ALLOWED) for this process's user; file rights of winnt.h
}
