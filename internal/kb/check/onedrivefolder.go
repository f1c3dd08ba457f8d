package check

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

const oneDriveAccounts = `HKCU\Software\Microsoft\OneDrive\Accounts`

// oneDriveVariables are the variables that name a folder of OneDrive.
func oneDriveVariables() []string {
	return []string{"OneDrive", "OneDriveConsumer", "OneDriveCommercial"}
}

func oneDriveFolder() Check {
	return Check{
		ID: "onedrive.folder",
		Title: Text{
			JA: "OneDrive のフォルダー",
			EN: "Folder of OneDrive",
		},
		About: Text{
			JA: "OneDrive のフォルダーが NTFS のドライブにあり、現在のユーザーが書き込めるかを確認します。ファイルの内容は開きません。",
			EN: "Is the folder of OneDrive on an NTFS drive, and may the current user write to it? No file in it is opened.",
		},
		Reads: []Text{
			{
				JA: "環境変数 OneDrive、OneDriveConsumer、OneDriveCommercial",
				EN: "the environment variables OneDrive, OneDriveConsumer and OneDriveCommercial",
			},
			same(oneDriveAccounts + `\*\UserFolder (REG_SZ)`),
			{
				JA: "各フォルダーのドライブの種類とファイル システム、属性、所有者、アクセス許可、直下のファイルの属性。自分のプロセスのトークン",
				EN: "type and file system of the drive, attributes, owner and permissions of each folder, attributes of the files directly in it; the token of its own process",
			},
		},
		Findings: oneDriveFolderFindings(),
		Sources: []string{
			learnOneDriveDenied,
			"learn.microsoft.com/windows/win32/fileio/file-attribute-constants",
		},
	}
}

// byAccount is what comes before the finding for a folder that only the registry
// names: third parties say that the value is the folder.
const byAccount = "account-"

func oneDriveFolderFindings() []Finding {
	all := oneDriveFindings()
	for _, f := range all {
		if f.Verdict == Problem {
			f.ID, f.Verdict = byAccount+f.ID, Warning
			all = append(all, f)
		}
	}
	return all
}

func oneDriveFindings() []Finding {
	link := Remedy{
		Text: Text{
			JA: "OneDrive の設定の [アカウント] でこの PC のリンクを解除し、もう一度サインインしてローカルの固定ドライブのフォルダーを選びます。ファイルはクラウドに残ります。",
			EN: "In the settings of OneDrive choose Account > Unlink this PC, sign in again and choose a folder on a local fixed drive. The files stay in the cloud.",
		},
	}
	relink := Remedy{Text: Text{
		JA: "もう一度リンクを解除し、サインインで元のフォルダーを選びます。",
		EN: "Unlink again, sign in and choose the folder that it was.",
	}}
	repair := Remedy{
		Text: Text{
			JA: "現在のアクセス許可を保存してから (icacls の /save)、フォルダーの所有者または管理者が、継承した許可に戻します (/reset)。",
			EN: "Save the current permissions (icacls with /save); then the owner of the folder or an administrator resets them to the inherited ones (/reset).",
		},
		Command: "icacls \"{path}\" /save \"%USERPROFILE%\\acl-onedrive.txt\"\nicacls \"{path}\" /reset",
	}
	restore := Remedy{
		Text: Text{
			JA: "保存したアクセス許可を復元します (icacls の /restore)。",
			EN: "Restore the saved permissions (icacls with /restore).",
		},
		Command: "icacls \"{path}\\..\" /restore \"%USERPROFILE%\\acl-onedrive.txt\"",
	}
	return []Finding{
		{
			ID: "missing", Verdict: Problem,
			Text: Text{
				JA: "OneDrive のフォルダー {path} がありません ({source})。",
				EN: "The folder of OneDrive, {path}, does not exist ({source}).",
			},
			Fix: link, Rollback: relink,
		},
		{
			ID: "not-a-folder", Verdict: Problem,
			Text: Text{
				JA: "OneDrive のフォルダーとして設定された {path} はフォルダーではありません ({source})。",
				EN: "{path} is set as folder of OneDrive but is not a folder ({source}).",
			},
			Fix: link, Rollback: relink,
		},
		{
			ID: "wrong-drive", Verdict: Problem,
			Text: Text{
				JA: "OneDrive のフォルダー {path} がローカルの固定ドライブにありません ({source})。",
				EN: "The folder of OneDrive, {path}, is not on a local fixed drive ({source}).",
			},
			Fix: link, Rollback: relink,
		},
		{
			ID: "not-ntfs", Verdict: Problem,
			Text: Text{
				JA: "OneDrive のフォルダー {path} のドライブは NTFS ではありません ({filesystem}、{source})。OneDrive は NTFS のドライブでだけ動作します。",
				EN: "The folder of OneDrive, {path}, is on a drive that is not NTFS but {filesystem} ({source}). OneDrive works on NTFS only.",
			},
			Fix: link, Rollback: relink,
		},
		{
			ID: "refused", Verdict: Problem,
			Text: Text{
				JA: "現在のユーザーは OneDrive のフォルダー {path} に書き込めません (許可されている権利: {granted}、所有者: {owner})。",
				EN: "The current user may not write to the folder of OneDrive, {path} (rights granted: {granted}; owner: {owner}).",
			},
			Fix: repair, Rollback: restore,
		},
		{
			ID: "foreign-owner", Verdict: Warning,
			Text: Text{
				JA: "OneDrive のフォルダー {path} の所有者が現在のユーザーではありません (所有者: {owner})。",
				EN: "The owner of the folder of OneDrive, {path}, is not the current user ({owner}).",
			},
		},
		{
			ID: "read-only-files", Verdict: Warning,
			Text: Text{
				JA: "OneDrive のフォルダー {path} の直下に、読み取り専用のファイルが {count} 個あります ({files})。変更や削除が拒否され、同期できないことがあります。",
				EN: "{count} files directly in the folder of OneDrive, {path}, are read-only ({files}). Changing or deleting them is refused, and they may not sync.",
			},
			Fix: Remedy{Text: Text{
				JA: "読み取り専用にする必要がなければ、ファイルのプロパティで [読み取り専用] を解除します。",
				EN: "Unless they are meant to be, clear Read-only in the properties of the files.",
			}},
			Rollback: Remedy{Text: Text{
				JA: "ファイルのプロパティで [読み取り専用] を設定します。",
				EN: "Set Read-only again in the properties of the files.",
			}},
		},
		{
			ID: "not-text", Verdict: Warning,
			Text: Text{
				JA: "{what} の型が {type} です (値: {value})。REG_SZ でないため、フォルダーの場所を読み取れません。",
				EN: "{what} is of type {type} (value: {value}). As it is not a REG_SZ, it does not tell where the folder is.",
			},
		},
		{
			ID: "writable", Verdict: OK,
			Text: Text{
				JA: "OneDrive のフォルダー {path} に書き込めます (属性: {attributes}、{filesystem})。それでも拒否される場合は、defender.controlled-folder-access の結果も確認します。",
				EN: "The folder of OneDrive, {path}, is writable (attributes: {attributes}, {filesystem}). If writing is refused all the same, see defender.controlled-folder-access too.",
			},
		},
		unresolvedFinding(),
		{
			ID: "none", Verdict: NotApplicable,
			Text: Text{
				JA: "OneDrive のフォルダーは設定されていません。",
				EN: "No folder of OneDrive is set.",
			},
		},
	}
}

func judgeOneDriveFolder(h host.Host, _ Args) (fs []Found) {
	folders, fs := oneDriveFolders(h)
	for _, f := range folders {
		of := judgeOneDrive(h, f.path, f.source)
		if !strings.HasPrefix(f.source, "%") {
			for i, o := range of {
				switch o.Finding {
				case "missing", "not-a-folder", "wrong-drive", "not-ntfs", "refused":
					of[i].Finding = byAccount + o.Finding
				}
			}
		}
		fs = append(fs, of...)
	}
	if fs == nil {
		return found("none")
	}
	return fs
}

const maxOneDriveFolders = 16

type oneDriveSource struct{ path, source string }

// oneDriveFolders lists the folders that variables and accounts name, each
// once, at most maxOneDriveFolders.
func oneDriveFolders(h host.Host) (all []oneDriveSource, bad []Found) {
	full := false
	add := func(path, source string) {
		path = trimSlash(path)
		same := func(s oneDriveSource) bool { return strings.EqualFold(s.path, path) }
		switch {
		case path == "" || slices.ContainsFunc(all, same):
		case len(all) < maxOneDriveFolders:
			all = append(all, oneDriveSource{path, source})
		case !full:
			full = true
			bad = append(bad, cutShort(oneDriveAccounts, len(all), maxOneDriveFolders)...)
		}
	}
	for _, name := range oneDriveVariables() {
		path, err := h.Env(name)
		if err != nil && !errors.Is(err, host.ErrAbsent) {
			bad = append(bad, unread("%"+name+"%", err)...)
		}
		add(path, "%"+name+"%")
	}
	accounts, err := h.Subkeys(oneDriveAccounts)
	if err != nil && !errors.Is(err, host.ErrAbsent) {
		bad = append(bad, unread(oneDriveAccounts, err)...)
	}
	for _, a := range accounts {
		what := oneDriveAccounts + `\` + a + `\UserFolder`
		v, err := h.Value(oneDriveAccounts+`\`+a, "UserFolder")
		switch {
		case errors.Is(err, host.ErrAbsent): // an account that is not set up
		case err != nil:
			bad = append(bad, unread(what, err)...)
		case v.Type != host.RegString:
			bad = append(bad, found("not-text", "what", what, "type", v.Type.String(), "value", v.String())...)
		default:
			add(v.Text, what)
		}
	}
	return all, bad
}

func judgeOneDrive(h host.Host, path, source string) []Found {
	if strings.Contains(path, "%") {
		return foundAt("unresolved", path)
	}
	if !LocalPath(path) {
		return foundAt("wrong-drive", path, "source", source)
	}
	v, err := h.Volume(path)
	switch {
	case errors.Is(err, host.ErrAbsent):
		return foundAt("missing", path, "source", source)
	case err != nil:
		return unread(path, err)
	case v.Type == host.DriveUnknown:
		return unread(path, &host.CallError{Call: "GetDriveTypeW", Code: uint32(v.Type)})
	case v.Type != host.DriveFixed:
		return foundAt("wrong-drive", path, "source", source)
	case v.FileSystem == "":
		return unread("GetVolumeInformationW", host.ErrUnsupported)
	case v.FileSystem != "NTFS":
		return foundAt("not-ntfs", path, "source", source, "filesystem", v.FileSystem)
	}
	f, err := h.File(path)
	switch {
	case errors.Is(err, host.ErrAbsent):
		return foundAt("missing", path, "source", source)
	case err != nil:
		return unread(path, err)
	case !f.Dir():
		return foundAt("not-a-folder", path, "source", source)
	}
	s, err := h.Security(path)
	if err != nil {
		return unread(path, err)
	}
	fs := foundAt("writable", path, "attributes", hexMask(f.Attributes), "filesystem", v.FileSystem)
	if !mayCreate(s) {
		fs = foundAt("refused", path, "granted", rights(s.Granted), "owner", valueText(s.Owner))
	}
	if t, err := h.Token(); err == nil && !slices.Contains([]string{t.UserSID, host.SIDAdministrators, host.SIDSystem}, s.Owner) {
		fs = append(fs, foundAt("foreign-owner", path, "owner", valueText(s.Owner))...)
	}
	return append(fs, readOnlyFiles(h, path)...)
}

// readOnlyFiles tells of the read-only files directly in a folder, those of the
// system such as desktop.ini aside.
func readOnlyFiles(h host.Host, folder string) []Found {
	all, err := h.Entries(folder)
	if err != nil {
		return unread(folder, err)
	}
	var names []string
	for _, e := range all {
		if e.Attributes&(host.AttrDirectory|host.AttrReadOnly|host.AttrSystem) == host.AttrReadOnly {
			names = append(names, valueText(e.Name))
		}
	}
	cut := cutShort(folder, len(all), host.MaxNames)
	if names == nil {
		return cut
	}
	return append(foundAt("read-only-files", folder, "count", strconv.Itoa(len(names)), "files", few(names)), cut...)
}
