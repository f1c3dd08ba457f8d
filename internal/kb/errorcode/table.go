package errorcode

import "kbgen/internal/kb/check"

// all lists the codes by HRESULT. English texts are those of the Win32 and COM
// error code tables (learn: windows/win32/debug/system-error-codes,
// windows/win32/com/com-error-codes); a Japanese text is there where a
// Japanese document by Microsoft or a Japanese Windows has been seen to print
// it.
func all() []Known {
	return []Known{
		{"hex:80070005", []string{"E_ACCESSDENIED", "ERROR_ACCESS_DENIED"}, 5, check.Text{EN: "Access is denied.", JA: "アクセスが拒否されました。"}},
		{"hex:80070020", []string{"ERROR_SHARING_VIOLATION"}, 32, check.Text{EN: "The process cannot access the file because it is being used by another process.", JA: ""}},
		{"hex:80070021", []string{"ERROR_LOCK_VIOLATION"}, 33, check.Text{EN: "The process cannot access the file because another process has locked a portion of the file.", JA: ""}},
		{"hex:80070035", []string{"ERROR_BAD_NETPATH"}, 53, check.Text{EN: "The network path was not found.", JA: ""}},
		{"hex:800700e1", []string{"ERROR_VIRUS_INFECTED"}, 225, check.Text{EN: "Operation did not complete successfully because the file contains a virus or potentially unwanted software.", JA: ""}},
		{"hex:800702e4", []string{"ERROR_ELEVATION_REQUIRED"}, 740, check.Text{EN: "The requested operation requires elevation.", JA: "要求された操作には管理者特権が必要です。"}},
		{"hex:80070422", []string{"ERROR_SERVICE_DISABLED"}, 1058, check.Text{EN: "The service cannot be started, either because it is disabled or because it has no enabled devices associated with it.", JA: ""}},
		{"hex:80070490", []string{"ERROR_NOT_FOUND"}, 1168, check.Text{EN: "Element not found.", JA: ""}},
		{"hex:800704c3", []string{"ERROR_SESSION_CREDENTIAL_CONFLICT"}, 1219, check.Text{EN: "Multiple connections to a server or shared resource by the same user, using more than one user name, are not allowed.", JA: ""}},
		{"hex:800704ec", []string{"ERROR_ACCESS_DISABLED_BY_POLICY"}, 1260, check.Text{EN: "This program is blocked by group policy. For more information, contact your system administrator.", JA: ""}},
		{"hex:8007051f", []string{"ERROR_NO_LOGON_SERVERS"}, 1311, check.Text{EN: "There are currently no logon servers available to service the logon request.", JA: ""}},
		{"hex:80070520", []string{"ERROR_NO_SUCH_LOGON_SESSION"}, 1312, check.Text{EN: "A specified logon session does not exist. It may already have been terminated.", JA: ""}},
		{"hex:80070522", []string{"ERROR_PRIVILEGE_NOT_HELD"}, 1314, check.Text{EN: "A required privilege is not held by the client.", JA: ""}},
		{"hex:8007052e", []string{"ERROR_LOGON_FAILURE"}, 1326, check.Text{EN: "The user name or password is incorrect.", JA: ""}},
		{"hex:8007052f", []string{"ERROR_ACCOUNT_RESTRICTION"}, 1327, check.Text{EN: "Account restrictions are preventing this user from signing in.", JA: ""}},
		{"hex:80070532", []string{"ERROR_PASSWORD_EXPIRED"}, 1330, check.Text{EN: "The password for this account has expired.", JA: ""}},
		{"hex:80070533", []string{"ERROR_ACCOUNT_DISABLED"}, 1331, check.Text{EN: "This user can't sign in because this account is currently disabled.", JA: ""}},
		{"hex:80070569", []string{"ERROR_LOGON_TYPE_NOT_GRANTED"}, 1385, check.Text{EN: "Logon failure: the user has not been granted the requested logon type at this computer.", JA: ""}},
		{"hex:80070576", []string{"ERROR_TIME_SKEW"}, 1398, check.Text{EN: "There is a time and/or date difference between the client and server.", JA: ""}},
		{"hex:800706ba", []string{"RPC_S_SERVER_UNAVAILABLE"}, 1722, check.Text{EN: "The RPC server is unavailable.", JA: "RPC サーバーを利用できません。"}},
		{"hex:80070773", []string{"ERROR_PASSWORD_MUST_CHANGE"}, 1907, check.Text{EN: "The user's password must be changed before signing in.", JA: ""}},
		{"hex:80070775", []string{"ERROR_ACCOUNT_LOCKED_OUT"}, 1909, check.Text{EN: "The referenced account is currently locked out and may not be logged on to.", JA: ""}},
		{"hex:80004005", []string{"E_FAIL"}, 0, check.Text{EN: "Unspecified error", JA: "エラーを特定できません"}},
		{"hex:80072ee2", []string{"ERROR_INTERNET_TIMEOUT", "ERROR_WINHTTP_TIMEOUT"}, 12002, check.Text{EN: "The request has timed out.", JA: ""}},
		{"hex:80072ee7", []string{"ERROR_INTERNET_NAME_NOT_RESOLVED", "ERROR_WINHTTP_NAME_NOT_RESOLVED"}, 12007, check.Text{EN: "The server name cannot be resolved.", JA: ""}},
		{"hex:80072efd", []string{"ERROR_INTERNET_CANNOT_CONNECT", "ERROR_WINHTTP_CANNOT_CONNECT"}, 12029, check.Text{EN: "The attempt to connect to the server failed.", JA: ""}},
		{"hex:80072f8f", []string{"ERROR_WINHTTP_SECURE_FAILURE"}, 12175, check.Text{EN: "One or more errors were found in the SSL certificate sent by the server.", JA: ""}},
		{"hex:8024002e", []string{"WU_E_WU_DISABLED"}, 0, check.Text{EN: "Access to an unmanaged server is not allowed.", JA: ""}},
		{"hex:80090302", []string{"SEC_E_UNSUPPORTED_FUNCTION"}, 0, check.Text{EN: "The function requested is not supported", JA: "要求された関数はサポートされていません"}},
		{"hex:80090303", []string{"SEC_E_TARGET_UNKNOWN"}, 0, check.Text{EN: "The specified target is unknown or unreachable", JA: ""}},
		{"hex:80090304", []string{"SEC_E_INTERNAL_ERROR"}, 0, check.Text{EN: "The Local Security Authority cannot be contacted", JA: "ローカル セキュリティ機関にアクセスできません"}},
		{"hex:80090305", []string{"SEC_E_SECPKG_NOT_FOUND"}, 0, check.Text{EN: "The requested security package does not exist", JA: ""}},
		{"hex:80090308", []string{"SEC_E_INVALID_TOKEN"}, 0, check.Text{EN: "The token supplied to the function is invalid", JA: ""}},
		{"hex:8009030c", []string{"SEC_E_LOGON_DENIED"}, 0, check.Text{EN: "The logon attempt failed", JA: ""}},
		{"hex:8009030e", []string{"SEC_E_NO_CREDENTIALS"}, 0, check.Text{EN: "No credentials are available in the security package", JA: ""}},
		{"hex:80090311", []string{"SEC_E_NO_AUTHENTICATING_AUTHORITY"}, 0, check.Text{EN: "No authority could be contacted for authentication.", JA: ""}},
		{"hex:80090322", []string{"SEC_E_WRONG_PRINCIPAL"}, 0, check.Text{EN: "The target principal name is incorrect.", JA: "対象のプリンシパル名が間違っています。"}},
		{"hex:80090324", []string{"SEC_E_TIME_SKEW"}, 0, check.Text{EN: "The clocks on the client and server machines are skewed.", JA: ""}},
		{"hex:80090325", []string{"SEC_E_UNTRUSTED_ROOT"}, 0, check.Text{EN: "The certificate chain was issued by an authority that is not trusted.", JA: ""}},
		{"hex:80090328", []string{"SEC_E_CERT_EXPIRED"}, 0, check.Text{EN: "The received certificate has expired.", JA: ""}},
		{"hex:80090350", []string{"SEC_E_DOWNGRADE_DETECTED"}, 0, check.Text{EN: "The system cannot contact a domain controller to service the authentication request. Please try again later.", JA: ""}},
		{"hex:8009035e", []string{"SEC_E_DELEGATION_POLICY"}, 0, check.Text{EN: "Client policy does not allow credential delegation to target server.", JA: ""}},
		{"hex:8009035f", []string{"SEC_E_POLICY_NLTM_ONLY"}, 0, check.Text{EN: "Client policy does not allow credential delegation to target server with NLTM only authentication.", JA: ""}},
	}
}
