package host

// Accounts are users and groups of this machine, its membership in a domain,
// and what the user has saved in Credential Manager.
type Accounts interface {
	// LocalUser describes a local account; name is without domain, and empty
	// for the account of this process. ErrAbsent if there is no such local
	// account, as for accounts of a domain, Entra ID or Microsoft.
	LocalUser(name string) (LocalUser, error)

	// GroupMembers returns the SIDs of the members of the built-in local group
	// with this SID, S-1-5-32-…; others are ErrUnsupported. Groups in groups are
	// not resolved.
	GroupMembers(groupSID string) ([]string, error)

	// RightHolders returns the SIDs that hold an account right, such as
	// SeRemoteInteractiveLogonRight, by local policy.
	RightHolders(right string) ([]string, error)

	// Join tells which domain or workgroup this machine is in.
	Join() (Join, error)

	// EntraJoin tells whether this machine is joined to or registered with
	// Entra ID. Not joined is a zero EntraJoin.
	EntraJoin() (EntraJoin, error)

	// Credentials lists this user's saved credentials whose target starts
	// with prefix; none is an empty list. The secrets are not read.
	Credentials(prefix string) ([]Credential, error)
}

// Flags of a local account, lmaccess.h UF_*.
const (
	UserDisabled            = 0x2
	UserLockedOut           = 0x10
	UserPasswordNotRequired = 0x20
	UserPasswordNeverExpire = 0x10000
	UserSmartCardRequired   = 0x40000
)

// LocalUser is a local account, USER_INFO_4 of lmaccess.h.
type LocalUser struct {
	Name            string
	SID             string
	Flags           uint32
	BadPasswords    uint32
	PasswordExpired bool   // expired, or must be changed at the next sign-in
	AccountExpires  uint32 // seconds since 1970 UTC; 0xFFFFFFFF: never
}

// JoinStatus is a NETSETUP_JOIN_STATUS of lmjoin.h.
type JoinStatus uint32

// Join states.
const (
	JoinUnknown   JoinStatus = 0
	JoinNone      JoinStatus = 1
	JoinWorkgroup JoinStatus = 2
	JoinDomain    JoinStatus = 3
)

// Join is the machine's membership.
type Join struct {
	Status JoinStatus
	Name   string // of the domain (NetBIOS) or workgroup
}

// EntraJoin is the machine's membership in Entra ID, DSREG_JOIN_INFO.
type EntraJoin struct {
	Device    bool // joined
	Workplace bool // registered
}

// Kinds of a credential, wincred.h CRED_TYPE_*.
const (
	CredGeneric        = 1
	CredDomainPassword = 2
	CredDomainCert     = 3
	CredDomainExtended = 6
)

// How long a credential is kept, wincred.h CRED_PERSIST_*.
const (
	PersistSession    = 1
	PersistMachine    = 2
	PersistEnterprise = 3
)

// CredPromptNow says that there is no usable secret in this session.
const CredPromptNow = 0x2

// Credential is a saved credential without its secret.
type Credential struct {
	Target  string
	User    string
	Type    uint32
	Persist uint32
	Flags   uint32
}
