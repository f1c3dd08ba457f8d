package check

import (
	"errors"
	"strconv"

	"kbgen/internal/kb/host"
)

func oneDriveInstall() Check {
	return Check{
		ID: "onedrive.install",
		Title: Text{
			JA: "OneDrive のインストール",
			EN: "Installation of OneDrive",
		},
		About: Text{
			JA: "OneDrive がどこにインストールされ、更新できる状態か、管理者権限で動作していないかを確認します。",
			EN: "Where is OneDrive installed, can it update itself, and does it run with administrator rights?",
		},
		Reads: []Text{
			{
				JA: `%LOCALAPPDATA%\Microsoft\OneDrive と %ProgramFiles%\Microsoft OneDrive の OneDrive.exe の有無とバージョン`,
				EN: `presence and version of OneDrive.exe in %LOCALAPPDATA%\Microsoft\OneDrive and %ProgramFiles%\Microsoft OneDrive`,
			},
			{
				JA: `%LOCALAPPDATA%\Microsoft\OneDrive\update のアクセス許可`,
				EN: `permissions of %LOCALAPPDATA%\Microsoft\OneDrive\update`,
			},
			{JA: "OneDrive.exe のプロセスと、管理者権限の有無", EN: "processes of OneDrive.exe, and whether they run with administrator rights"},
		},
		Findings: oneDriveInstallFindings(),
		Sources:  []string{learnOneDriveDenied},
	}
}

func oneDriveInstallFindings() []Finding {
	return []Finding{
		{
			ID: "update-refused", Verdict: Problem,
			Text: Text{
				JA: "現在のユーザーは {path} に書き込めないため、OneDrive を更新できません (許可されている権利: {granted})。",
				EN: "The current user may not write to {path}, so OneDrive cannot update itself (rights granted: {granted}).",
			},
			Fix: Remedy{
				Text: Text{
					JA: "現在のアクセス許可を保存してから (icacls の /save) 継承した許可に戻し (/reset)、このフォルダーの OneDriveSetup.exe を実行します。管理者権限のコマンド プロンプトは使いません。",
					EN: "Save the current permissions (icacls with /save), reset them to the inherited ones (/reset) and run OneDriveSetup.exe in this folder. Do not use an elevated command prompt.",
				},
				Command: "icacls \"{path}\" /save \"%USERPROFILE%\\acl-onedrive-update.txt\"\n" +
					"icacls \"{path}\" /reset\n" +
					"\"{path}\\OneDriveSetup.exe\"",
			},
			Rollback: Remedy{
				Text: Text{
					JA: "保存したアクセス許可を復元します (icacls の /restore)。",
					EN: "Restore the saved permissions (icacls with /restore).",
				},
				Command: "icacls \"{path}\\..\" /restore \"%USERPROFILE%\\acl-onedrive-update.txt\"",
			},
		},
		{
			ID: "runs-elevated", Verdict: Warning,
			Text: Text{
				JA: "OneDrive が管理者権限で動作しています (PID: {pid})。OneDrive は通常の権限で動作するように作られています。",
				EN: "OneDrive runs with administrator rights (PID: {pid}). It is made to run without them.",
			},
			Fix: Remedy{Text: Text{
				JA: "OneDrive を終了し、スタート メニューから通常の方法で起動します。",
				EN: "Quit OneDrive and start it normally, from the Start menu.",
			}},
		},
		{
			ID: "both", Verdict: Warning,
			Text: Text{
				JA: "OneDrive が、ユーザーごととコンピューター全体の両方にインストールされています。古い方が起動することがあります。",
				EN: "OneDrive is installed both for the user and for the computer. The older one may be started.",
			},
			Fix: Remedy{Text: Text{
				JA: "どちらを使うかを管理者に確認し、もう一方をアンインストールします。",
				EN: "Ask the administrator which one to keep, and uninstall the other.",
			}},
			Rollback: Remedy{Text: Text{
				JA: "アンインストールした方の OneDrive のセットアップをもう一度実行します。",
				EN: "Run the setup of OneDrive again for the one that was uninstalled.",
			}},
		},
		{
			ID: "installed", Verdict: OK,
			Text: Text{
				JA: "OneDrive {version} がインストールされています ({path}、動作中のプロセス: {running})。",
				EN: "OneDrive {version} is installed ({path}; processes running: {running}).",
			},
		},
		{
			ID: "not-installed", Verdict: NotApplicable,
			Text: Text{
				JA: "OneDrive はインストールされていません。",
				EN: "OneDrive is not installed.",
			},
		},
		notLocalFinding(),
	}
}

func judgeOneDriveInstall(h host.Host, _ Args) (fs []Found) {
	var installed []string
	user := ""
	for _, of := range []struct {
		folder host.Folder
		path   string
	}{{host.LocalAppData, `\Microsoft\OneDrive`}, {host.ProgramFiles, `\Microsoft OneDrive`}} {
		base, err := h.Folder(of.folder)
		if err != nil {
			fs = append(fs, unread(string(of.folder), err)...)
			continue
		}
		base += of.path
		there, bad := localThere(h, base+`\OneDrive.exe`)
		fs = append(fs, bad...)
		if !there {
			continue
		}
		installed = append(installed, base+`\OneDrive.exe`)
		if of.folder == host.LocalAppData {
			user = base
		}
	}
	if installed == nil {
		if fs == nil {
			return found("not-installed")
		}
		return fs
	}
	running, elevated, bad := oneDriveProcesses(h)
	fs = append(fs, bad...)
	for _, path := range installed {
		version := "-"
		if v, err := h.FileVersion(path); err == nil {
			version = v.String()
		}
		fs = append(fs, foundAt("installed", path, "version", version, "running", running)...)
	}
	if len(installed) > 1 {
		fs = append(fs, found("both")...)
	}
	if elevated != "" {
		fs = append(fs, found("runs-elevated", "pid", elevated)...)
	}
	if user != "" {
		fs = append(fs, judgeOneDriveUpdate(h, user+`\update`)...)
	}
	return fs
}

// localThere reports whether a file or folder of a known folder exists; bad
// says why that cannot be told.
func localThere(h host.Host, path string) (there bool, bad []Found) {
	path, err := localPath(h, path)
	if err == nil {
		_, err = h.File(path)
	}
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, host.ErrAbsent):
		return false, nil
	case errors.Is(err, errNotLocal), errors.Is(err, errUnresolved):
		return false, foundAt("not-local", path)
	}
	return false, unread(path, err)
}

// oneDriveProcesses counts the processes and names the first elevated one.
func oneDriveProcesses(h host.Host) (running, elevated string, bad []Found) {
	all, err := h.Processes("OneDrive.exe")
	if err != nil {
		return "-", "", unread("OneDrive.exe", err)
	}
	for _, p := range all {
		if p.Elevated && elevated == "" {
			elevated = strconv.FormatUint(uint64(p.PID), 10)
		}
	}
	return strconv.Itoa(len(all)), elevated, nil
}

func judgeOneDriveUpdate(h host.Host, path string) []Found {
	there, bad := localThere(h, path)
	if !there {
		return bad // it is made when it is needed
	}
	s, err := h.Security(path)
	if err != nil {
		return unread(path, err)
	}
	if !mayCreate(s) {
		return foundAt("update-refused", path, "granted", rights(s.Granted))
	}
	return nil
}
