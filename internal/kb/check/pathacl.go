package check

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kbgen/internal/kb/host"
)

// File access masks, winnt.h.
const (
	fileGenericRead  = 0x00120089
	fileGenericWrite = 0x00120116
	fileModify       = 0x001301bf // "Modify" of the Security tab
	fileAllAccess    = 0x001f01ff
	fileAddFile      = 0x2
	fileAddFolder    = 0x4
	fileTraverse     = 0x20
)

func pathACLParams() []Param {
	return []Param{
		{
			Name: "path", Kind: KindPath, Required: true,
			About: Text{
				JA: "調べるファイルまたはフォルダー。ローカルのパスに限ります。%TEMP% などの環境変数を使えます",
				EN: "the file or folder to look at: a local path; variables such as %TEMP% are replaced",
			},
		},
		{
			Name: "access", Kind: KindOption, Default: "modify", Options: []string{"read", "write", "modify"},
			About: Text{
				JA: "必要なアクセス。read (読み取り)、write (書き込み)、modify (変更)",
				EN: "the access that is needed: read, write or modify",
			},
		},
	}
}

func pathACLFindings() []Finding {
	ask := Remedy{
		Text: Text{
			JA: "現在のアクセス許可を保存してから、必要な許可を管理者が追加します。許可を与える相手は、アクセスが必要なユーザーです。管理者が別のアカウントで作業すると、%USERNAME% はそのアカウントの名前になります。所有権の取得 (takeown) は避け、所有者が TrustedInstaller のファイルでは行いません。",
			EN: "Save the current permissions, then let an administrator add the one that is needed, for the user who needs the access: to an administrator with another account, %USERNAME% is the name of that account. Avoid taking ownership (takeown), and do not do this to a file that TrustedInstaller owns.",
		},
		Command: "icacls \"{path}\" /save \"%USERPROFILE%\\acl-before.txt\" /t\nicacls \"{path}\" /grant \"%USERNAME%\":{right}",
	}
	restore := Remedy{
		Text: Text{
			JA: "保存したアクセス許可を復元します (icacls の /restore)。指定するのは、対象の 1 つ上のフォルダーです。",
			EN: "Restore the saved permissions (icacls with /restore). The folder to name is the one above.",
		},
		Command: "icacls \"{path}\\..\" /restore \"%USERPROFILE%\\acl-before.txt\"",
	}
	return append([]Finding{
		{
			ID: "refused", Verdict: Problem,
			Text: Text{
				JA: "{path}: 現在のユーザーには、必要なアクセス ({wanted}) が許可されていません (許可されている権利: {granted}、所有者: {owner})。",
				EN: "{path}: the current user lacks the access that is needed ({wanted}). Rights granted: {granted}; owner: {owner}.",
			},
			Fix: ask, Rollback: restore,
		},
		{
			ID: "empty-dacl", Verdict: Problem,
			Text: Text{
				JA: "{path}: アクセス許可が 1 つもないため、誰もアクセスできません (所有者: {owner})。",
				EN: "{path}: there is not a single permission, so nobody has access (owner: {owner}).",
			},
			Fix: ask, Rollback: restore,
		},
		{
			ID: "deny-entry", Verdict: Warning,
			Text: Text{
				JA: "{path}: 必要なアクセス ({wanted}) は許可されていますが、現在のユーザーに適用される拒否のエントリがあります ({sid}、権利: {mask})。",
				EN: "{path}: the access that is needed ({wanted}) is granted, but a deny entry applies to the current user ({sid}, rights: {mask}).",
			},
		},
		{
			ID: "system-owned", Verdict: Warning,
			Text: Text{
				JA: "{path}: 所有者は TrustedInstaller です。システムのファイルのため、所有権やアクセス許可を変更しないでください。",
				EN: "{path}: the owner is TrustedInstaller. This is a system file: do not take ownership or change its permissions.",
			},
		},
		{
			ID: "null-dacl", Verdict: Warning,
			Text: Text{
				JA: "{path}: アクセス許可の一覧がなく、すべてのユーザーがフル コントロールを持っています。",
				EN: "{path}: there is no list of permissions, so everyone has full control.",
			},
		},
		{
			ID: "granted", Verdict: OK,
			Text: Text{
				JA: "{path}: 現在のユーザーには、必要なアクセス ({wanted}) が許可されています (許可されている権利: {granted}、所有者: {owner})。",
				EN: "{path}: the current user has the access that is needed ({wanted}). Rights granted: {granted}; owner: {owner}.",
			},
		},
		{
			ID: "reparse-point", Verdict: OK,
			Text: Text{
				JA: "{path}: リンク (再解析ポイント) です。アクセス許可はリンク先ではなくリンク自体のものを示しています。",
				EN: "{path}: this is a link (reparse point). The permissions shown are those of the link, not of its target.",
			},
		},
		{
			ID: "below-link", Verdict: OK,
			Text: Text{
				JA: "{path}: 途中のフォルダー {link} はリンク (再解析ポイント) です。実際の場所は、リンク先のフォルダーの中です。",
				EN: "{path}: the folder {link} on the way is a link (reparse point). What is looked at is below its target.",
			},
		},
	}, pathFindings()...)
}

// pathFindings are the findings of unreadPath.
func pathFindings() []Finding {
	return []Finding{
		{
			ID: "no-such-path", Verdict: NotApplicable,
			Text: Text{
				JA: "{path}: このパスは存在しません。",
				EN: "{path}: there is no such path.",
			},
		},
		unresolvedFinding(),
		notLocalFinding(),
	}
}

func notLocalFinding() Finding {
	return Finding{
		ID: "not-local", Verdict: Unknown,
		Text: Text{
			JA: "{path}: ローカルのドライブにないため調べていません。kbprobe はネットワーク上の場所を読み取りません。",
			EN: "{path}: not looked at, because it is not on a local drive. kbprobe does not read network locations.",
		},
	}
}

func unresolvedFinding() Finding {
	return Finding{
		ID: "unresolved", Verdict: Unknown,
		Text: Text{
			JA: "{path}: 環境変数が設定されていないため、パスを決められません。",
			EN: "{path}: a variable in the path is not set.",
		},
	}
}

func judgePathACL(h host.Host, args Args) []Found {
	wanted := args["access"]
	path, err := localPath(h, args["path"])
	if fs := unreadPath(path, err); fs != nil {
		return fs
	}
	links := parentLinks(h, path)
	f, err := h.File(path)
	if fs := unreadPath(path, err); fs != nil {
		return append(links, fs...)
	}
	s, err := h.Security(path)
	if fs := unreadPath(path, err); fs != nil {
		return fs
	}
	t, err := h.Token()
	if err != nil {
		return unread("OpenProcessToken", err)
	}
	fs := append(judgeSecurity(path, wanted, s, t), links...)
	if f.Attributes&host.AttrReparsePoint != 0 {
		fs = append(fs, foundAt("reparse-point", path)...)
	}
	return fs
}

// parentLinks tells which of the folders above a path are links.
func parentLinks(h host.Host, path string) (fs []Found) {
	for i := range path {
		if i < len(`C:\`) || path[i] != '\\' && path[i] != '/' {
			continue
		}
		if f, err := h.File(path[:i]); err == nil && f.Attributes&host.AttrReparsePoint != 0 {
			fs = append(fs, foundAt("below-link", path, "link", path[:i])...)
		}
	}
	return fs
}

// unreadPath is the finding for a path that cannot be looked at, or nil.
func unreadPath(path string, err error) []Found {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, host.ErrAbsent):
		return foundAt("no-such-path", path)
	case errors.Is(err, errUnresolved):
		return foundAt("unresolved", path)
	case errors.Is(err, errNotLocal):
		return foundAt("not-local", path)
	}
	return unread(path, err)
}

func foundAt(id, path string, more ...string) []Found {
	return found(id, append([]string{"path", path}, more...)...)
}

func judgeSecurity(path, wanted string, s host.Security, t host.Token) []Found {
	values := []string{"wanted", wanted, "granted", rights(s.Granted), "owner", s.Owner}
	switch {
	case s.NullDACL:
		return foundAt("null-dacl", path)
	case len(s.DACL) == 0:
		return foundAt("empty-dacl", path, "owner", s.Owner, "right", letter(wanted))
	case !grants(s.Granted, wanted):
		fs := foundAt("refused", path, append(values, "right", letter(wanted))...)
		if s.Owner == host.SIDTrustedInstaller {
			fs = append(fs, foundAt("system-owned", path)...)
		}
		return fs
	}
	fs := foundAt("granted", path, values...)
	for _, ace := range s.DACL {
		if ace.Type == host.ACEDeny && ace.Flags&host.ACEInheritOnly == 0 && concerns(ace.SID, t) {
			fs = append(fs, foundAt("deny-entry", path, "wanted", wanted, "sid", ace.SID, "mask", rights(ace.Mask))...)
		}
	}
	if s.Owner == host.SIDTrustedInstaller {
		fs = append(fs, foundAt("system-owned", path)...)
	}
	return fs
}

// concerns reports whether an entry for sid applies to the token's user. A
// deny entry applies to deny-only groups too.
func concerns(sid string, t host.Token) bool {
	if sid == t.UserSID {
		return true
	}
	g, ok := t.Group(sid)
	return ok && g.Attributes&(host.GroupEnabled|host.GroupUseForDeny) != 0
}

// letter is what icacls calls a wanted access.
func letter(wanted string) string { return strings.ToUpper(wanted[:min(len(wanted), 1)]) }

func grants(granted uint32, wanted string) bool {
	mask := uint32(fileModify)
	switch wanted {
	case "read":
		mask = fileGenericRead
	case "write":
		mask = fileGenericWrite
	}
	return granted&mask == mask
}

// rights names an access mask the way icacls does, what has no name in
// hexadecimal.
func rights(mask uint32) string {
	if mask == 0 {
		return "-"
	}
	if mask&fileAllAccess == fileAllAccess {
		return "F"
	}
	if mask&fileModify == fileModify {
		return "M"
	}
	names := []string{}
	rest := mask
	for _, r := range []struct {
		name string
		mask uint32
	}{{"RX", fileGenericRead | fileTraverse}, {"R", fileGenericRead}, {"W", fileGenericWrite}} {
		if mask&r.mask == r.mask && !(r.name == "R" && slices.Contains(names, "RX")) {
			names = append(names, r.name)
			rest &^= r.mask
		}
	}
	if rest != 0 || len(names) == 0 {
		names = append(names, fmt.Sprintf("0x%x", rest))
	}
	return strings.Join(names, ",")
}
