package check

import (
	"strconv"

	"kbgen/internal/kb/host"
)

func lockedFile() Check {
	return Check{
		ID: "access.locked-file",
		Title: Text{
			JA: "ファイルを開いているプログラム",
			EN: "Programs that have a file open",
		},
		About: Text{
			JA: "指定したファイルを別のプログラムが開いているかを確認します。",
			EN: "Does another program have the file open?",
		},
		Reads: []Text{{
			JA: "指定したファイルの属性と、開いているプロセスの一覧 (NtQueryInformationFile)。内容は開きません",
			EN: "attributes of the given file and the processes that have it open (NtQueryInformationFile); its content is not opened",
		}},
		Needs: Needs{Admin: AdminMaybe},
		Params: []Param{pathParam(true, Text{
			JA: "調べるファイル。ローカルのパスに限ります",
			EN: "the file to look at: a local path",
		})},
		Findings: append([]Finding{
			{
				ID: "open", Verdict: Warning,
				Text: Text{
					JA: "{path}: ほかのプロセスが開いています (プログラムと PID: {processes})。エラー 32 または 33 (使用中) の場合は、これが原因と考えられます。",
					EN: "{path}: other processes have it open (program and PID: {processes}). If the error is 32 or 33 (in use), this is the likely cause.",
				},
				Fix: Remedy{Text: Text{
					JA: "作業中のデータを保存してから、そのプログラムを終了します。終了できない場合は Windows を再起動します。",
					EN: "Save the work in that program and close it. If it cannot be closed, restart Windows.",
				}},
			},
			{
				ID: "not-open", Verdict: OK,
				Text: Text{
					JA: "{path}: 開いているほかのプロセスは見つかりません。",
					EN: "{path}: no other process was found to have it open.",
				},
			},
		}, fileFindings()...),
		Sources: []string{
			"learn.microsoft.com/windows/win32/debug/system-error-codes--0-499-",
			"ntifs.h (FileProcessIdsUsingFileInformation)",
		},
	}
}

func judgeLockedFile(h host.Host, args Args) []Found {
	path, unusable := localFile(h, args["path"])
	if unusable != nil {
		return unusable
	}
	openers, err := h.Openers(path)
	if err != nil {
		return unread(path, err)
	}
	var names []string
	for _, p := range openers {
		names = append(names, valueText(p.Program)+" ("+strconv.FormatUint(uint64(p.PID), 10)+")")
	}
	if names == nil {
		return foundAt("not-open", path)
	}
	return foundAt("open", path, "processes", list(names))
}
