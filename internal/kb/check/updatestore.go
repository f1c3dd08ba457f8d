package check

import (
	"errors"
	"slices"

	"kbgen/internal/kb/host"
)

// genericAll is GENERIC_ALL, winnt.h.
const genericAll = 0x10000000

// updateFolder is a folder of Windows Update and who has to write to it.
type updateFolder struct {
	path   string
	writer string // SID
	sure   bool   // that the writer needs it: the service runs as that user
}

func updateFolders() []updateFolder {
	return []updateFolder{
		{`\SoftwareDistribution`, host.SIDSystem, true},
		{`\SoftwareDistribution\DataStore`, host.SIDSystem, true},
		{`\SoftwareDistribution\Download`, host.SIDSystem, true},
		{`\System32\catroot2`, host.SIDSystem, false},
		{`\WinSxS`, host.SIDTrustedInstaller, false},
		{`\Temp`, host.SIDSystem, false},
	}
}

func updateStoreACL() Check {
	reset := Remedy{
		Text: Text{
			JA: "関連するサービスを停止し、SoftwareDistribution と catroot2 の名前を変えて作り直させます (管理者)。更新の履歴の表示は消えます。WinSxS と Temp の場合は行わず、アクセス許可を変えたものを管理者が調べます。",
			EN: "Stop the services and rename SoftwareDistribution and catroot2, so that Windows makes new ones (administrator). The history of updates is no longer shown. For WinSxS and Temp do not: let an administrator find out what changed the permissions.",
		},
		Command: "net stop wuauserv\nnet stop BITS\nnet stop CryptSvc\n" +
			"ren \"%SystemRoot%\\SoftwareDistribution\" SoftwareDistribution.old\nren \"%SystemRoot%\\System32\\catroot2\" catroot2.old\n" +
			"net start CryptSvc\nnet start BITS\nnet start wuauserv",
	}
	undo := Remedy{
		Text: Text{
			JA: "サービスを停止し、新しいフォルダーの名前を変えてから、古いフォルダーを元の名前に戻します。",
			EN: "Stop the services, set the new folders aside and give the old ones their names back.",
		},
		Command: "net stop wuauserv\nnet stop BITS\nnet stop CryptSvc\n" +
			"ren \"%SystemRoot%\\SoftwareDistribution\" SoftwareDistribution.new\nren \"%SystemRoot%\\SoftwareDistribution.old\" SoftwareDistribution\n" +
			"ren \"%SystemRoot%\\System32\\catroot2\" catroot2.new\nren \"%SystemRoot%\\System32\\catroot2.old\" catroot2\n" +
			"net start CryptSvc\nnet start BITS\nnet start wuauserv",
	}
	ask := Remedy{Text: Text{
		JA: "WinSxS などのシステムのフォルダーのアクセス許可は、手動で変更しません。管理者に、変更した人やソフトウェアがないかを確認します。",
		EN: "Do not change permissions of system folders such as WinSxS by hand. Ask an administrator who or what has changed them.",
	}}
	return Check{
		ID: "wu.store-acl",
		Title: Text{
			JA: "Windows Update のフォルダーのアクセス許可",
			EN: "Permissions of the folders of Windows Update",
		},
		About: Text{
			JA: "Windows Update が使うフォルダーに、Windows 自身 (SYSTEM、TrustedInstaller) が書き込めるかを確認します。現在のユーザーの権利は関係しません。",
			EN: "May Windows itself (SYSTEM, TrustedInstaller) write to the folders that Windows Update uses? The rights of the current user do not matter.",
		},
		Reads: []Text{{
			JA: "%SystemRoot% の SoftwareDistribution、SoftwareDistribution\\DataStore、SoftwareDistribution\\Download、System32\\catroot2、WinSxS、Temp の所有者とアクセス許可 (DACL)",
			EN: "owner and permissions (DACL) of SoftwareDistribution, SoftwareDistribution\\DataStore, SoftwareDistribution\\Download, System32\\catroot2, WinSxS and Temp in %SystemRoot%",
		}},
		Needs: Needs{Admin: AdminMaybe},
		Findings: []Finding{
			{
				ID: "denied-entry", Verdict: Problem,
				Text: Text{
					JA: "{path}: {sid} への拒否のエントリがあり、Windows Update が書き込めません (権利: {mask})。",
					EN: "{path}: a deny entry for {sid} keeps Windows Update from writing (rights: {mask}).",
				},
				Fix: reset, Rollback: undo,
			},
			{
				ID: "writer-lacks", Verdict: Warning,
				Text: Text{
					JA: "{path}: SYSTEM に変更の権利がありません (許可されている権利: {granted}、所有者: {owner})。SYSTEM として動作する Windows Update が書き込めません。",
					EN: "{path}: SYSTEM lacks the right to modify (rights granted: {granted}; owner: {owner}). Windows Update runs as SYSTEM and cannot write.",
				},
				Fix: reset, Rollback: undo,
			},
			{
				ID: "unusual", Verdict: Warning,
				Text: Text{
					JA: "{path}: {writer} に変更の権利がありません (許可されている権利: {granted}、所有者: {owner})。通常はあるため、変更された可能性があります。",
					EN: "{path}: {writer} lacks the right to modify (rights granted: {granted}; owner: {owner}). It usually has it, so the permissions may have been changed.",
				},
				Fix: ask,
			},
			{
				ID: "not-inherited", Verdict: Warning,
				Text: Text{
					JA: "{path}: 上のフォルダーからのアクセス許可の継承が無効になっています。",
					EN: "{path}: inheriting permissions from the folder above is switched off.",
				},
				Fix: reset, Rollback: undo,
			},
			{
				ID: "writable", Verdict: OK,
				Text: Text{
					JA: "Windows Update が使うフォルダーに、Windows 自身が書き込めます ({paths})。",
					EN: "Windows itself may write to the folders that Windows Update uses ({paths}).",
				},
			},
		},
		Sources: []string{"learn.microsoft.com/windows/win32/secauthz/access-control"},
	}
}

func judgeUpdateStore(h host.Host, _ Args) []Found {
	windows, err := h.Folder(host.Windows)
	if err != nil {
		return unread("FOLDERID_Windows", err)
	}
	var fs []Found
	var fine []string
	seen := false
	for _, f := range updateFolders() {
		path := windows + f.path
		s, err := h.Security(path)
		if errors.Is(err, host.ErrAbsent) { // Windows makes it when it needs it
			continue
		}
		seen = true
		if err != nil {
			fs = append(fs, unread(path, err)...)
			continue
		}
		bad := f.judge(path, s)
		fs = append(fs, bad...)
		if bad == nil {
			fine = append(fine, path)
		}
	}
	if !seen {
		return unread(windows+updateFolders()[0].path, host.ErrAbsent)
	}
	if fine != nil {
		fs = append(fs, found("writable", "paths", list(fine))...)
	}
	return fs
}

// name names the folder's writer.
func (f updateFolder) name() string {
	if f.writer == host.SIDTrustedInstaller {
		return "TrustedInstaller"
	}
	return groupName(f.writer)
}

// judge returns what keeps the folder's writer from writing, or nil.
func (f updateFolder) judge(path string, s host.Security) []Found {
	if s.NullDACL {
		return nil
	}
	granted, deny := effective(s.DACL, f.writer)
	owner := valueText(s.Owner)
	switch lacks := granted&fileModify != fileModify; {
	case lacks && deny != nil:
		return found("denied-entry", "path", path, "sid", groupName(deny.SID), "mask", rights(deny.Mask))
	case lacks && f.sure:
		return found("writer-lacks", "path", path, "granted", rights(granted), "owner", owner)
	case lacks:
		return found("unusual", "path", path, "writer", f.name(), "granted", rights(granted), "owner", owner)
	}
	if s.Protected && f == updateFolders()[0] {
		return found("not-inherited", "path", path)
	}
	return nil
}

// effective is what a DACL grants a service that runs as SYSTEM, with the
// service's own SID: TrustedInstaller is one. deny is the first entry that
// takes a right to modify away.
func effective(dacl []host.ACE, service string) (granted uint32, deny *host.ACE) {
	sids := []string{service, host.SIDSystem, host.SIDAdministrators, host.SIDEveryone, sidAuthenticated}
	var denied uint32
	for i, a := range dacl {
		mask := a.Mask
		if mask&genericAll != 0 {
			mask |= fileAllAccess
		}
		switch {
		case a.Flags&host.ACEInheritOnly != 0 || !slices.Contains(sids, a.SID):
		case a.Type == host.ACEAllow:
			granted |= mask &^ denied
		case a.Type == host.ACEDeny:
			if deny == nil && mask&fileModify&^granted != 0 {
				deny = &dacl[i]
			}
			denied |= mask &^ granted
		}
	}
	return granted, deny
}
