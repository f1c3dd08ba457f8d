package check

import (
	"errors"
	"strings"

	"kbgen/internal/kb/host"
)

const (
	rebootByServicing = `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending`
	rebootByUpdate    = `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired`
	sessionManager    = `HKLM\SYSTEM\CurrentControlSet\Control\Session Manager`
	computerName      = `HKLM\SYSTEM\CurrentControlSet\Control\ComputerName`
)

func pendingReboot() Check {
	restart := Remedy{Text: Text{
		JA: "作業中のファイルを保存し、Windows を再起動します。高速スタートアップが有効だと、シャットダウンでは更新が完了しません。必ず [再起動] を選びます。",
		EN: "Save open files and restart Windows. With fast startup, shutting down does not complete updates: choose Restart.",
	}}
	return Check{
		ID: "os.pending-reboot",
		Title: Text{
			JA: "再起動待ちの変更",
			EN: "Changes that wait for a restart",
		},
		About: Text{
			JA: "更新プログラムなどの変更が、再起動を待って未完了のままになっていないかを確認します。",
			EN: "Do updates or other changes wait for a restart before they are complete?",
		},
		Reads: []Text{
			{JA: rebootByServicing + " の有無", EN: "whether " + rebootByServicing + " exists"},
			{JA: rebootByUpdate + " の有無", EN: "whether " + rebootByUpdate + " exists"},
			same(sessionManager + `\PendingFileRenameOperations (REG_MULTI_SZ)`),
			same(computerName + `\ActiveComputerName, ComputerName: ComputerName (REG_SZ)`),
		},
		Findings: []Finding{
			{
				ID: "update-pending", Verdict: Warning,
				Text: Text{
					JA: "更新プログラムが再起動を待っています ({key})。再起動するまで、修正は有効になりません。",
					EN: "An update waits for a restart ({key}). Its fixes are not active until then.",
				},
				Fix: restart,
			},
			{
				ID: "rename-pending", Verdict: Warning,
				Text: Text{
					JA: "コンピューター名の変更が再起動を待っています。",
					EN: "A new computer name waits for a restart.",
				},
				Fix: restart,
			},
			{
				ID: "files-pending", Verdict: Warning,
				Text: Text{
					JA: "次回の起動時に置き換えまたは削除されるファイルがあります (PendingFileRenameOperations)。よくあることで、これだけで問題とは限りません。",
					EN: "Files wait to be replaced or deleted at the next start (PendingFileRenameOperations). This is common and need not mean anything.",
				},
				Fix: restart,
			},
			{
				ID: "wrong-type", Verdict: Warning,
				Text: Text{
					JA: "PendingFileRenameOperations の型が {type} です。REG_MULTI_SZ でないため、判断できません。",
					EN: "PendingFileRenameOperations is of type {type}, not REG_MULTI_SZ, so nothing can be concluded from it.",
				},
			},
			{
				ID: "none", Verdict: OK,
				Text: Text{
					JA: "再起動待ちの変更はありません。",
					EN: "Nothing waits for a restart.",
				},
			},
		},
		Sources: []string{"learn.microsoft.com/windows/win32/api/winbase/nf-winbase-movefileexw"},
	}
}

func judgePendingReboot(h host.Host, _ Args) []Found {
	var fs []Found
	for _, key := range []string{rebootByServicing, rebootByUpdate} {
		switch _, err := h.Values(key); {
		case err == nil:
			fs = append(fs, found("update-pending", "key", key)...)
		case !errors.Is(err, host.ErrAbsent):
			fs = append(fs, unread(key, err)...)
		}
	}
	fs = append(fs, pendingRename(h)...)
	switch v, err := h.Value(sessionManager, "PendingFileRenameOperations"); {
	case errors.Is(err, host.ErrAbsent):
	case err != nil:
		fs = append(fs, unread(sessionManager+`\PendingFileRenameOperations`, err)...)
	case v.Type != host.RegMultiStr:
		fs = append(fs, found("wrong-type", "type", v.Type.String())...)
	case len(v.Strings) > 0:
		fs = append(fs, found("files-pending")...)
	}
	if fs == nil {
		return found("none")
	}
	return fs
}

// pendingRename compares the computer's name with the one it gets at the next
// start. Every Windows has both.
func pendingRename(h host.Host) []Found {
	var names [2]string
	for i, key := range []string{`\ActiveComputerName`, `\ComputerName`} {
		v, err := h.Value(computerName+key, "ComputerName")
		if err != nil {
			return unread(computerName+key, err)
		}
		names[i] = v.Text
	}
	if strings.EqualFold(names[0], names[1]) {
		return nil
	}
	return found("rename-pending")
}
