package host

import "time"

// Inventory is what runs and is installed.
type Inventory interface {
	// Clock reads the time and when Windows was started.
	Clock() (Clock, error)

	// Instances asks WMI for the instances of a class, at most MaxInstances,
	// with the given properties. ErrAbsent if the namespace or class does not
	// exist, ErrStopped if WMI does not run.
	Instances(namespace, class string, properties []string) ([]Instance, error)

	// SecureKernel reads the state of virtualization-based security
	// (NtQuerySystemInformation, class 165).
	SecureKernel() (SecureKernel, error)

	// Processes lists the running processes whose program file has this name,
	// such as OneDrive.exe.
	Processes(program string) ([]Process, error)

	// Openers lists the processes that have the file open
	// (FileProcessIdsUsingFileInformation).
	Openers(path string) ([]Process, error)

	// Listeners lists the processes that listen on a TCP port of this machine.
	Listeners(port uint16) ([]Process, error)

	// Certificates lists a certificate store of the machine, such as MY.
	Certificates(store string) ([]Certificate, error)

	// UpdateResults tells when Windows Update last succeeded; ErrStopped if it
	// does not run, as is usual.
	UpdateResults() (UpdateResults, error)

	// FirewallProfiles tells which profiles of Windows Firewall are in force
	// for the networks that are connected (INetFwPolicy2).
	FirewallProfiles() (FirewallProfiles, error)
}

// MaxInstances is the most instances that Instances returns.
const MaxInstances = 256

// FirewallProfiles are profiles of Windows Firewall: NET_FW_PROFILE_TYPE2 of
// icftypes.h.
type FirewallProfiles uint32

// Profiles.
const (
	FirewallDomain  FirewallProfiles = 1
	FirewallPrivate FirewallProfiles = 2
	FirewallPublic  FirewallProfiles = 4
)

// Clock is the time.
type Clock struct {
	Now  time.Time
	Boot time.Time
}

// Instance is an instance of a WMI class: for each property that it has the
// value as text, one text for each element of an array. Booleans are true and
// false, numbers decimal.
type Instance map[string][]string

// SecureKernel is SYSTEM_ISOLATED_USER_MODE_INFORMATION, its first three
// bytes. Documented by Geoff Chappell.
type SecureKernel uint32

// Bits of a SecureKernel.
const (
	SecureKernelRunning SecureKernel = 1 << 0
	HVCIEnabled         SecureKernel = 1 << 1
	HVCIStrict          SecureKernel = 1 << 2
	TrustletRunning     SecureKernel = 1 << 8
)

// Process is a running process.
type Process struct {
	PID      uint32
	Program  string // file name; empty if it cannot be read
	Elevated bool   // false also if it cannot be read
}

// Certificate is a certificate of a store.
type Certificate struct {
	SHA1      [20]byte
	NotBefore time.Time
	NotAfter  time.Time
	HasKey    bool // a private key belongs to it
	SelfMade  bool // subject and issuer are the same
}

// UpdateResults is IAutomaticUpdatesResults. A zero time means never.
type UpdateResults struct {
	LastSearch  time.Time
	LastInstall time.Time
}
