package check

import (
	"errors"
	"fmt"
	"strings"

	"kbgen/internal/kb/host"
)

// access is the family about what the current user may do.
func access() []Check {
	return []Check{
		{
			ID: "access.elevation",
			Title: Text{
				JA: "管理者権限での実行",
				EN: "Whether this runs with administrator rights",
			},
			About: Text{
				JA: "kbprobe が管理者権限で動作しているか、昇格していない管理者または標準ユーザーとして動作しているかを確認します。",
				EN: "Does kbprobe run with administrator rights, as an administrator who is not elevated, or as a standard user?",
			},
			Reads: []Text{{
				JA: "自分のプロセスのトークン (TokenElevation、TokenElevationType、TokenIntegrityLevel、TokenGroups)",
				EN: "the token of its own process (TokenElevation, TokenElevationType, TokenIntegrityLevel, TokenGroups)",
			}},
			Findings: elevationFindings(),
			Sources:  []string{"winnt.h (TOKEN_ELEVATION_TYPE)"},
		},
		uacPolicy(),
		{
			ID: "access.token-groups-privileges",
			Title: Text{
				JA: "所属グループと特権",
				EN: "Groups and privileges of the user",
			},
			About: Text{
				JA: "whoami /groups と whoami /priv に相当する情報を調べます。",
				EN: "What whoami /groups and whoami /priv would show.",
			},
			Reads: []Text{{
				JA: "自分のプロセスのトークン (TokenGroups、TokenPrivileges、TokenIntegrityLevel)",
				EN: "the token of its own process (TokenGroups, TokenPrivileges, TokenIntegrityLevel)",
			}},
			Findings: []Finding{{
				ID: "listed", Verdict: OK,
				Text: Text{
					JA: "グループ: {groups}。そのほかのグループの SID: {others}。有効な特権: {enabled}。保有しているが無効な特権: {disabled}。無効な特権があるのは正常です。",
					EN: "Groups: {groups}. SIDs of other groups: {others}. Enabled privileges: {enabled}. Held but disabled: {disabled}. A disabled privilege is normal.",
				},
			}},
			Sources: []string{"winnt.h (TOKEN_GROUPS, TOKEN_PRIVILEGES)"},
		},
		{
			ID: "access.path-acl",
			Title: Text{
				JA: "ファイルまたはフォルダーのアクセス許可",
				EN: "Permissions of a file or folder",
			},
			About: Text{
				JA: "指定したファイルまたはフォルダーの所有者と、現在のユーザーに許可されている操作を調べます。",
				EN: "Who owns the file or folder, and what may the current user do with it?",
			},
			Reads: []Text{{
				JA: "指定したパスの属性、所有者、アクセス許可 (DACL)。内容は開きません",
				EN: "attributes, owner and permissions (DACL) of the given path; its content is not opened",
			}},
			Needs:    Needs{Admin: AdminMaybe},
			Params:   pathACLParams(),
			Findings: pathACLFindings(),
			Sources:  []string{"learn.microsoft.com/windows/win32/secauthz/access-control"},
		},
		{
			ID: "access.temp-writable",
			Title: Text{
				JA: "一時フォルダーへの書き込み",
				EN: "Writing to the temporary folder",
			},
			About: Text{
				JA: "一時フォルダー (TEMP、TMP) が存在し、現在のユーザーが書き込めるかを確認します。試し書きはしません。",
				EN: "Does the temporary folder (TEMP, TMP) exist, and may the current user write to it? Nothing is written to find out.",
			},
			Reads: []Text{
				{JA: "環境変数 TEMP と TMP、GetTempPath2 の結果", EN: "the environment variables TEMP and TMP, and GetTempPath2"},
				same(userEnvironment + `\TEMP, TMP (REG_EXPAND_SZ)`),
				{JA: "一時フォルダーの属性、アクセス許可、空き容量", EN: "attributes, permissions and free space of the temporary folder"},
			},
			Findings: tempFindings(),
			Sources:  []string{"learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-gettemppath2w"},
		},
		lockedFile(),
		markOfWeb(),
		networkPath(),
	}
}

func elevationFindings() []Finding {
	return []Finding{
		{
			ID: "elevated", Verdict: OK,
			Text: Text{
				JA: "kbprobe は管理者権限で動作しています (整合性レベル: {integrity})。",
				EN: "kbprobe runs with administrator rights (integrity level: {integrity}).",
			},
		},
		{
			ID: "not-elevated", Verdict: Warning,
			Text: Text{
				JA: "管理者のアカウントですが、kbprobe は管理者権限では動作していません (整合性レベル: {integrity})。",
				EN: "The user is an administrator, but kbprobe does not run with administrator rights (integrity level: {integrity}).",
			},
			Fix: Remedy{Text: Text{
				JA: "管理者権限が必要な操作は、プログラムを右クリックして [管理者として実行] を選び、やり直します。",
				EN: "For an action that needs administrator rights, right-click the program, choose Run as administrator and try again.",
			}},
		},
		{
			ID: "standard-user", Verdict: Warning,
			Text: Text{
				JA: "kbprobe は標準ユーザーとして動作しています (整合性レベル: {integrity})。",
				EN: "kbprobe runs as a standard user (integrity level: {integrity}).",
			},
			Fix: Remedy{Text: Text{
				JA: "管理者権限が必要な操作は、管理者に依頼します。",
				EN: "For an action that needs administrator rights, ask an administrator.",
			}},
		},
	}
}

func judgeElevation(h host.Host, _ Args) []Found {
	t, err := h.Token()
	if err != nil {
		return unread("OpenProcessToken", err)
	}
	admins, member := t.Group(host.SIDAdministrators)
	denyOnly := admins.Attributes&host.GroupUseForDeny != 0
	id := "standard-user"
	switch {
	case t.Elevated && !(member && denyOnly):
		id = "elevated"
	case member || t.Elevation == host.ElevationLimited:
		id = "not-elevated"
	}
	return found(id, "integrity", integrity(t.Integrity))
}

// integrity names an integrity level, winnt.h SECURITY_MANDATORY_*_RID.
func integrity(rid uint32) string {
	names := map[uint32]string{0: "untrusted", 0x1000: "low", 0x2000: "medium", 0x2100: "medium plus", 0x3000: "high", 0x4000: "system"}
	if n, ok := names[rid]; ok {
		return n
	}
	return fmt.Sprintf("0x%04x", rid)
}

func judgeToken(h host.Host, _ Args) []Found {
	t, err := h.Token()
	if err != nil {
		return unread("OpenProcessToken", err)
	}
	var groups, others, enabled, disabled []string
	for _, g := range t.Groups {
		name := wellKnownGroup(g.SID)
		known := name != ""
		if !known {
			name = g.SID // asking for its name may ask a domain controller
		}
		if g.Attributes&host.GroupUseForDeny != 0 {
			name += " (deny only)"
		}
		if known {
			groups = append(groups, name)
		} else {
			others = append(others, name)
		}
	}
	for _, p := range t.Privileges {
		if p.Enabled {
			enabled = append(enabled, p.Name)
		} else {
			disabled = append(disabled, p.Name)
		}
	}
	return found("listed", "groups", list(groups), "others", few(others), "enabled", list(enabled), "disabled", list(disabled))
}

// wellKnownGroup names a group whose SID is the same on every machine, or
// returns "". The names are the English ones: they identify, they are not
// translated. Source: learn.microsoft.com, "Well-known SIDs".
func wellKnownGroup(sid string) string {
	return map[string]string{
		"S-1-1-0":              "Everyone",
		"S-1-5-2":              "NETWORK",
		"S-1-5-3":              "BATCH",
		"S-1-5-4":              "INTERACTIVE",
		"S-1-5-6":              "SERVICE",
		"S-1-5-11":             "Authenticated Users",
		"S-1-5-14":             "REMOTE INTERACTIVE LOGON",
		"S-1-5-113":            "Local account",
		"S-1-5-114":            "Local account and member of Administrators group",
		host.SIDAdministrators: "Administrators",
		host.SIDUsers:          "Users",
		"S-1-5-32-546":         "Guests",
		"S-1-5-32-551":         "Backup Operators",
		"S-1-5-32-555":         "Remote Desktop Users",
		"S-1-5-32-580":         "Remote Management Users",
		"S-1-16-4096":          "Low integrity",
		"S-1-16-8192":          "Medium integrity",
		"S-1-16-12288":         "High integrity",
		"S-1-16-16384":         "System integrity",
		"S-1-5-64-10":          "NTLM Authentication",
		"S-1-18-1":             "Authentication authority asserted identity",
		"S-1-2-0":              "LOCAL",
		"S-1-2-1":              "CONSOLE LOGON",
		"S-1-5-15":             "This Organization",
		"S-1-5-32-578":         "Hyper-V Administrators",
		"S-1-5-32-562":         "Distributed COM Users",
		"S-1-5-32-559":         "Performance Log Users",
		"S-1-5-32-573":         "Event Log Readers",
		"S-1-5-64-36":          "Cloud Account Authentication",
		"S-1-5-18":             "SYSTEM",
		"S-1-5-19":             "LOCAL SERVICE",
		"S-1-5-20":             "NETWORK SERVICE",
		"S-1-5-32-568":         "IIS_IUSRS",
		"S-1-5-32-558":         "Performance Monitor Users",
		"S-1-5-32-556":         "Network Configuration Operators",
		"S-1-5-32-547":         "Power Users",
		"S-1-5-32-583":         "Device Owners",
		"S-1-5-32-579":         "Access Control Assistance Operators",
		"S-1-5-32-581":         "System Managed Accounts Group",
		"S-1-5-32-569":         "Cryptographic Operators",
		"S-1-5-32-554":         "Pre-Windows 2000 Compatible Access",
		"S-1-5-1000":           "Other Organization",
	}[sid]
}

// errNotLocal is the answer for a path whose volume is not on this machine.
var errNotLocal = errors.New("not on a local volume")

// localPath replaces %NAME% parts by the environment and makes sure that the
// result is on a local volume, so that asking further stays on this machine.
func localPath(h host.Host, path string) (string, error) {
	full, err := expand(h, path)
	if err != nil {
		return path, err
	}
	if strings.HasPrefix(full, "%") {
		return full, errUnresolved
	}
	if !LocalPath(full) {
		return full, errNotLocal
	}
	v, err := h.Volume(full)
	if err != nil {
		return full, err
	}
	if !v.Type.Local() {
		return full, errNotLocal
	}
	return full, nil
}

// errUnresolved is the answer for a path with a variable that is not set.
var errUnresolved = errors.New("unresolved variable")

// expand replaces %NAME% by the process's environment. A single percent sign
// stays as it is: file names may have one.
func expand(h host.Host, path string) (string, error) {
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(path, "%")
		b.WriteString(before)
		if !ok {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, "%")
		if !closed {
			return b.String() + "%" + rest, nil
		}
		v, err := h.Env(name)
		if errors.Is(err, host.ErrAbsent) {
			err = errUnresolved
		}
		if err != nil {
			return b.String() + "%" + rest, err
		}
		b.WriteString(v)
		path = after
	}
}
