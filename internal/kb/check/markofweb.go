package check

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

// zoneStream is the stream in which Windows keeps where a file came from.
const zoneStream = ":Zone.Identifier"

// Zones, urlmon.h URLZONE.
const (
	zoneInternet  = 3
	zoneUntrusted = 4
)

func markOfWeb() Check {
	return Check{
		ID: "access.mark-of-web",
		Title: Text{
			JA: "インターネットから取得したファイルの印 (Mark of the Web)",
			EN: "Mark of a file from the internet (Mark of the Web)",
		},
		About: Text{
			JA: "指定したファイルに、インターネットから取得したことを示す印 (Zone.Identifier) が付いているかを確認します。印が付いたファイルは、警告やブロックの対象になります。",
			EN: "Does the file carry the mark of one from the internet (Zone.Identifier)? Windows warns of such files or blocks them.",
		},
		Reads: []Text{{
			JA: "指定したファイルの属性とストリーム Zone.Identifier (ZoneId だけ。URL は使いません)",
			EN: "attributes and the stream Zone.Identifier of the given file (ZoneId alone; URLs are not used)",
		}},
		Params: []Param{pathParam(true, Text{
			JA: "調べるファイル。ローカルのパスに限ります",
			EN: "the file to look at: a local path",
		})},
		Findings: append(markFindings(), offNetwork(fileFindings())...),
		Sources: []string{
			"learn.microsoft.com/powershell/module/microsoft.powershell.utility/unblock-file",
			"urlmon.h (URLZONE)",
		},
	}
}

func markFindings() []Finding {
	unblock := Remedy{
		Text: Text{
			JA: "入手元を信頼できるファイルに限り、印を外します (ファイルのプロパティで [許可する] を選んでも同じです)。警告が表示されなくなり安全性が下がるため、このファイルだけに行います。",
			EN: "Remove the mark, but only if the source of the file is trustworthy (Unblock in the properties of the file does the same). Windows then no longer warns of it, so do it for this one file only.",
		},
		Command: `powershell -Command "Unblock-File -LiteralPath '{path}'"`,
	}
	return []Finding{
		{
			ID: "marked", Verdict: Warning,
			Text: Text{
				JA: "{path}: インターネットから取得した印が付いています (ZoneId: {zone})。警告が表示されたり、実行やマクロがブロックされたりすることがあります。",
				EN: "{path} carries the mark of a file from the internet (ZoneId: {zone}). Windows may warn of it, or block it or its macros.",
			},
			Fix: unblock,
			Rollback: Remedy{Text: Text{
				JA: "同じ入手元からもう一度ダウンロードすると、印が付きます。",
				EN: "Download the file again from the same source; that puts the mark back.",
			}},
		},
		{
			ID: "marked-data", Verdict: OK,
			Text: Text{
				JA: "{path}: インターネットから取得した印が付いていますが (ZoneId: {zone})、プログラムや Office ファイルではありません。",
				EN: "{path} carries the mark of a file from the internet (ZoneId: {zone}), but is no program and no Office file.",
			},
		},
		{
			ID: "other-zone", Verdict: OK,
			Text: Text{
				JA: "{path}: 印はインターネット以外のゾーンを示しています (ZoneId: {zone})。",
				EN: "{path}: the mark names a zone other than the internet (ZoneId: {zone}).",
			},
		},
		{
			ID: "mark-unclear", Verdict: Warning,
			Text: Text{
				JA: "{path}: 印はありますが、ZoneId を読み取れません。",
				EN: "{path}: there is a mark, but no ZoneId can be read from it.",
			},
		},
		{
			ID: "unmarked", Verdict: OK,
			Text: Text{
				JA: "{path}: インターネットから取得した印は付いていません。",
				EN: "{path} does not carry the mark of a file from the internet.",
			},
		},
		{
			ID: "no-streams", Verdict: NotApplicable,
			Text: Text{
				JA: "{path}: このドライブのファイル システムには印を付けられません (FAT など)。",
				EN: "{path}: the file system of this drive, such as FAT, cannot hold the mark.",
			},
		},
	}
}

func judgeMark(h host.Host, args Args) []Found {
	path, unusable := localFile(h, args["path"])
	if unusable != nil {
		return unusable
	}
	zone, err := fileZone(h, path)
	switch {
	case errors.Is(err, host.ErrAbsent):
		return foundAt("unmarked", path)
	case errors.Is(err, errNoZone):
		return foundAt("mark-unclear", path)
	case isCode(err, codeInvalidName):
		return foundAt("no-streams", path)
	case err != nil:
		return unread(path+zoneStream, err)
	}
	id := "other-zone"
	if zone >= zoneInternet {
		id = "marked-data"
		if runsOrOffice(path) {
			id = "marked"
		}
	}
	return foundAt(id, path, "zone", strconv.Itoa(zone))
}

// offNetwork makes of a file on the network one that a check is not about.
func offNetwork(fs []Finding) []Finding {
	for i := range fs {
		if fs[i].ID == notLocalFinding().ID {
			fs[i].Verdict = NotApplicable
		}
	}
	return fs
}

// fileFindings are the findings of localFile.
func fileFindings() []Finding {
	return append(pathFindings(), Finding{
		ID: "a-folder", Verdict: NotApplicable,
		Text: Text{
			JA: "{path}: フォルダーです。この確認はファイルを対象とします。",
			EN: "{path}: this is a folder; the check is about a file.",
		},
	})
}

// localFile is the path of a file on a local volume, or the finding that says
// why it is none.
func localFile(h host.Host, path string) (string, []Found) {
	path, err := localPath(h, path)
	if fs := unreadPath(path, err); fs != nil {
		return path, fs
	}
	f, err := h.File(path)
	if fs := unreadPath(path, err); fs != nil {
		return path, fs
	}
	if f.Dir() {
		return path, foundAt("a-folder", path)
	}
	return path, nil
}

// errNoZone is the answer for a mark that names no zone.
var errNoZone = errors.New("no zone")

// codeInvalidName is ERROR_INVALID_NAME: the file system has no streams.
const codeInvalidName = 123

func isCode(err error, code uint32) bool {
	var call *host.CallError
	return errors.As(err, &call) && call.Code == code
}

// fileZone returns the zone in the mark of a file, 0 to 4; host.ErrAbsent if
// it carries none, errNoZone if the mark names no zone.
func fileZone(h host.Host, path string) (int, error) {
	b, err := h.ReadFile(path+zoneStream, 64<<10)
	if err != nil {
		return 0, err
	}
	inside := false
	for line := range strings.Lines(strings.TrimPrefix(string(b), "\ufeff")) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			inside = strings.EqualFold(line, "[ZoneTransfer]")
			continue
		}
		name, value, _ := strings.Cut(line, "=")
		if !inside || !strings.EqualFold(strings.TrimSpace(name), "ZoneId") {
			continue
		}
		zone, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || zone < 0 || zone > zoneUntrusted {
			return 0, errNoZone
		}
		return zone, nil
	}
	return 0, errNoZone
}

// runsOrOffice reports whether a file is a program, an installer, a script or
// an Office file, by its name.
func runsOrOffice(path string) bool {
	extension := strings.ToLower(path[strings.LastIndexByte(path, '.')+1:])
	return slices.Contains(strings.Fields("exe com scr dll msi msp msix appx bat cmd ps1 psm1 vbs vbe js jse wsf hta lnk rdp "+
		"doc docx docm dot dotm xls xlsx xlsm xlsb xlt xltm xlam ppt pptx pptm pot potm ppam accdb mdb"), extension)
}
