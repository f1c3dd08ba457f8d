package host

// Codes that mean something other than a plain failure. Win32 codes are
// defined in winerror.h, NTSTATUS codes in ntstatus.h.
const (
	errorInvalidFunction      = 1
	errorFileNotFound         = 2
	errorPathNotFound         = 3
	errorAccessDenied         = 5
	errorNotSupported         = 50
	errorInvalidParameter     = 87
	errorCallNotImplemented   = 120
	errorInsufficientBuffer   = 122
	errorInvalidName          = 123
	errorProcNotFound         = 127
	errorBadPathname          = 161
	errorMoreData             = 234
	errorServiceDoesNotExist  = 1060
	errorNoneMapped           = 1332
	errorInvalidSecurityDescr = 1338
	errorNoSuchAlias          = 1376
	errorTimeout              = 1460
	errorNotConnected         = 2250
	errorChannelNotFound      = 15007

	nerrGroupNotFound = 2220 // lmerr.h
	nerrUserNotFound  = 2221

	notImplemented     = 0x80004001 // an HRESULT, as those below
	noInterface        = 0x80004002
	classNotRegistered = 0x80040154
	wbemDenied         = 0x80041003
	wbemNoNamespace    = 0x8004100e
	wbemNoClass        = 0x80041010

	statusNotImplemented   = 0xc0000002
	statusInvalidInfoClass = 0xc0000003
	statusNoSuchPrivilege  = 0xc0000060
	statusNotSupported     = 0xc00000bb
	statusAccessDenied     = 0xc0000022
)

// facilityWin32 is the upper half of an HRESULT that wraps a Win32 code.
const facilityWin32 = 0x8007

// answer is the error that a Host gives for a call that failed with code.
func answer(call string, code uint32) error {
	win32 := code
	if code>>16 == facilityWin32 {
		win32 = code & 0xffff
	}
	switch win32 {
	case errorFileNotFound, errorPathNotFound, errorServiceDoesNotExist, errorNoneMapped, errorNoSuchAlias, errorNotConnected,
		errorChannelNotFound, nerrGroupNotFound, nerrUserNotFound, statusNoSuchPrivilege, wbemNoNamespace, wbemNoClass:
		return ErrAbsent
	case errorAccessDenied, statusAccessDenied, wbemDenied:
		return ErrDenied
	case errorTimeout:
		return ErrTimeout
	case errorInvalidFunction, errorNotSupported, errorCallNotImplemented, errorProcNotFound,
		statusNotImplemented, statusInvalidInfoClass, statusNotSupported, notImplemented, noInterface, classNotRegistered:
		return ErrUnsupported
	}
	return &CallError{Call: call, Code: code}
}
