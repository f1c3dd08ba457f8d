package check

import (
	"errors"
	"strings"

	"kbgen/internal/kb/host"
)

func networkPath() Check {
	return Check{
		ID: "access.network-path",
		Title: Text{
			JA: "ネットワーク上からの実行",
			EN: "Running from the network",
		},
		About: Text{
			JA: "プログラムがネットワーク上の場所にあるか、ドライブ文字が管理者権限のプログラムから見えないかを確認します。",
			EN: "Is the program on a network location, or its drive letter invisible to programs with administrator rights?",
		},
		Reads: []Text{
			{
				JA: "指定したパスの先頭部分 (省略時は kbprobe 自身の場所)。ネットワーク上の場所には接続しません",
				EN: "the first part of the given path (that of kbprobe itself if left out); network locations are not connected to",
			},
			{JA: "ドライブの種類 (GetDriveTypeW) と割り当て先 (WNetGetConnectionW)", EN: "type (GetDriveTypeW) and target (WNetGetConnectionW) of the drive"},
			{JA: "自分のプロセスのトークン (TokenElevationType)", EN: "the token of its own process (TokenElevationType)"},
		},
		Params: []Param{pathParam(false, Text{
			JA: "実行するプログラム。省略すると kbprobe 自身",
			EN: "the program that is run; kbprobe itself if left out",
		})},
		Findings: networkPathFindings(),
		Sources: []string{
			"learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdrivetypew",
			"learn.microsoft.com/windows/win32/api/winnetwk/nf-winnetwk-wnetgetconnectionw",
		},
	}
}

func networkPathFindings() []Finding {
	local := Remedy{Text: Text{
		JA: "プログラムをローカルのフォルダーにコピーして、そこから実行します。",
		EN: "Copy the program to a local folder and run it there.",
	}}
	return []Finding{
		{
			ID: "drive-missing", Verdict: Problem,
			Text: Text{
				JA: "{path}: 管理者権限のプログラムからドライブ {drive} が見えません。通常の権限で割り当てたネットワーク ドライブは、管理者権限のプログラムからは使えません。",
				EN: "{path}: programs with administrator rights do not see the drive {drive}. A network drive that was mapped without these rights does not exist for them.",
			},
			Fix: local,
		},
		{
			ID: "remote", Verdict: Warning,
			Text: Text{
				JA: "{path}: ネットワーク上の場所です (割り当て先: {target})。管理者権限での実行やインストールに失敗することがあります。",
				EN: "{path}: this is a network location (target: {target}). Running elevated and installing from there may fail.",
			},
			Fix: local,
		},
		{
			ID: "local", Verdict: OK,
			Text: Text{
				JA: "{path}: この PC のドライブにあります。",
				EN: "{path}: this is on a drive of this computer.",
			},
		},
		{
			ID: "no-such-drive", Verdict: NotApplicable,
			Text: Text{
				JA: "{path}: ドライブ {drive} はありません。",
				EN: "{path}: there is no drive {drive}.",
			},
		},
		unresolvedFinding(),
		{
			ID: "no-drive", Verdict: Unknown,
			Text: Text{
				JA: "{path}: ドライブ文字で始まるパスではないため、判断できません。",
				EN: "{path} does not start with a drive letter, so nothing can be concluded.",
			},
		},
	}
}

func judgeNetworkPath(h host.Host, args Args) []Found {
	path, err := args["path"], error(nil)
	if path != "" {
		path, err = expand(h, path)
		if errors.Is(err, errUnresolved) {
			return foundAt("unresolved", path)
		}
	} else if path, err = h.Program(); err != nil {
		path = "QueryFullProcessImageNameW"
	}
	if err != nil {
		return unread(path, err)
	}
	path = strings.TrimPrefix(path, `\\?\`)
	if share, ok := strings.CutPrefix(path, `UNC\`); ok {
		path = `\\` + share
	}
	if strings.HasPrefix(path, `\\`) || strings.HasPrefix(path, "//") {
		return foundAt("remote", path, "target", "-")
	}
	if !LocalPath(path) || path[0] == '%' {
		return foundAt("no-drive", valueText(path))
	}
	return judgeDrive(h, path)
}

func judgeDrive(h host.Host, path string) []Found {
	drive := strings.ToUpper(path[:2])
	v, err := h.Volume(path)
	switch {
	case errors.Is(err, host.ErrAbsent):
		id := "no-such-drive"
		if t, err := h.Token(); err == nil && t.Elevation == host.ElevationFull {
			id = "drive-missing"
		}
		return foundAt(id, path, "drive", drive)
	case err != nil:
		return unread(drive, err)
	case v.Type == host.DriveRemote:
		target, err := h.DriveTarget(drive)
		if err != nil {
			target = ""
		}
		return foundAt("remote", path, "target", valueText(target))
	case !v.Type.Local():
		return unread(drive, &host.CallError{Call: "GetDriveTypeW", Code: uint32(v.Type)})
	}
	return foundAt("local", path)
}
