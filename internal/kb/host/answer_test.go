package host

import (
	"errors"
	"testing"
)

func TestAnswer(t *testing.T) {
	for _, c := range []struct {
		name string
		code uint32
		want error // nil: a CallError
	}{
		{"ERROR_FILE_NOT_FOUND", 2, ErrAbsent},
		{"ERROR_PATH_NOT_FOUND", 3, ErrAbsent},
		{"ERROR_SERVICE_DOES_NOT_EXIST", 1060, ErrAbsent},
		{"HRESULT of ERROR_FILE_NOT_FOUND", 0x80070002, ErrAbsent},
		{"ERROR_ACCESS_DENIED", 5, ErrDenied},
		{"E_ACCESSDENIED", 0x80070005, ErrDenied},
		{"STATUS_ACCESS_DENIED", 0xc0000022, ErrDenied},
		{"ERROR_INVALID_FUNCTION", 1, ErrUnsupported},
		{"ERROR_PROC_NOT_FOUND", 127, ErrUnsupported},
		{"STATUS_INVALID_INFO_CLASS", 0xc0000003, ErrUnsupported},
		{"ERROR_NONE_MAPPED", 1332, ErrAbsent},
		{"ERROR_NO_SUCH_ALIAS", 1376, ErrAbsent},
		{"ERROR_NOT_CONNECTED", 2250, ErrAbsent},
		{"ERROR_EVT_CHANNEL_NOT_FOUND", 15007, ErrAbsent},
		{"NERR_UserNotFound", 2221, ErrAbsent},
		{"STATUS_NO_SUCH_PRIVILEGE", 0xc0000060, ErrAbsent},
		{"WBEM_E_INVALID_NAMESPACE", 0x8004100e, ErrAbsent},
		{"WBEM_E_INVALID_CLASS", 0x80041010, ErrAbsent},
		{"WBEM_E_ACCESS_DENIED", 0x80041003, ErrDenied},
		{"REGDB_E_CLASSNOTREG", 0x80040154, ErrUnsupported},
		{"ERROR_TIMEOUT", 1460, ErrTimeout},
		{"RPC_S_SERVER_UNAVAILABLE", 1722, nil},
		{"WBEM_E_INVALID_QUERY", 0x80041017, nil},
		{"ERROR_INVALID_HANDLE", 6, nil},
		{"ERROR_NOT_READY", 21, nil},
		{"ERROR_SHARING_VIOLATION", 32, nil},
		{"ERROR_BAD_NETPATH", 53, nil},
		{"ERROR_INVALID_NAME", 123, nil},
		{"ERROR_KEY_DELETED", 1018, nil},
		{"ERROR_RESOURCE_TYPE_NOT_FOUND", 1813, nil},
		{"STATUS_OBJECT_NAME_NOT_FOUND", 0xc0000034, nil},
		{"another facility with the low half 2", 0x80040002, nil},
	} {
		got := answer("F", c.code)
		var failed *CallError
		switch {
		case c.want != nil && got != c.want:
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		case c.want == nil && (!errors.As(got, &failed) || *failed != CallError{"F", c.code}):
			t.Errorf("%s: %v, want a CallError with the code", c.name, got)
		}
	}
}
