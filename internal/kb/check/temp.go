package check

import (
	"errors"
	"fmt"
	"strings"

	"kbgen/internal/kb/host"
)

func tempFindings() []Finding {
	repair := Remedy{
		Text: Text{
			JA: "ユーザー環境変数の TEMP と TMP を既定の場所に戻し、サインインし直します。既定の場所のフォルダーがなければ作成します。すでに既定の場所の場合は、フォルダーのアクセス許可を修復します (access.path-acl)。",
			EN: "Set the user variables TEMP and TMP back to the default folder, which is made if it is missing, and sign in again. If it is the default folder already, repair its permissions (access.path-acl).",
		},
		Command: "if not exist \"%USERPROFILE%\\AppData\\Local\\Temp\" mkdir \"%USERPROFILE%\\AppData\\Local\\Temp\"\n" +
			"reg add HKCU\\Environment /v TEMP /t REG_EXPAND_SZ /d \"%USERPROFILE%\\AppData\\Local\\Temp\" /f\n" +
			"reg add HKCU\\Environment /v TMP /t REG_EXPAND_SZ /d \"%USERPROFILE%\\AppData\\Local\\Temp\" /f",
	}
	restore := Remedy{Text: Text{
		JA: "ユーザー環境変数を変更前の値 (TEMP: {usertemp}、TMP: {usertmp}、「-」は値なし) に戻し、サインインし直します。",
		EN: "Set the user variables back (TEMP: {usertemp}, TMP: {usertmp}; - means that there was none) and sign in again.",
	}}
	return []Finding{
		{
			ID: "temp-missing", Verdict: Problem,
			Text: Text{
				JA: "一時フォルダー {path} がありません。",
				EN: "The temporary folder {path} does not exist.",
			},
			Fix: repair, Rollback: restore,
		},
		{
			ID: "temp-not-folder", Verdict: Problem,
			Text: Text{
				JA: "一時フォルダーとして指定された {path} はフォルダーではありません。",
				EN: "{path} is set as temporary folder but is not a folder.",
			},
			Fix: repair, Rollback: restore,
		},
		{
			ID: "temp-unresolved", Verdict: Problem,
			Text: Text{
				JA: "一時フォルダーの指定 {path} に、展開されていない環境変数があります。",
				EN: "The setting of the temporary folder, {path}, holds a variable that was not replaced.",
			},
			Fix: repair, Rollback: restore,
		},
		{
			ID: "temp-refused", Verdict: Problem,
			Text: Text{
				JA: "現在のユーザーは、一時フォルダー {path} にファイルやフォルダーを作成できません (許可されている権利: {granted})。",
				EN: "The current user may not create files and folders in the temporary folder {path} (rights granted: {granted}).",
			},
			Fix: repair, Rollback: restore,
		},
		{
			ID: "temp-not-local", Verdict: Warning,
			Text: Text{
				JA: "一時フォルダー {path} がローカルのドライブにありません。インストールや更新に失敗することがあります。",
				EN: "The temporary folder {path} is not on a local drive. Installations and updates may fail.",
			},
			Fix: repair, Rollback: restore,
		},
		{
			ID: "temp-differs", Verdict: Warning,
			Text: Text{
				JA: "TEMP ({temp}) と TMP ({tmp}) が異なります。プログラムによって使う場所が変わります。",
				EN: "TEMP ({temp}) and TMP ({tmp}) differ, so programs use different folders.",
			},
			Fix: repair, Rollback: restore,
		},
		{
			ID: "temp-low-space", Verdict: Warning,
			Text: Text{
				JA: "一時フォルダー {path} のドライブの空き容量は {free} です。1 GiB 以上を確保してください。",
				EN: "The drive of the temporary folder {path} has {free} left. Keep at least 1 GiB free.",
			},
		},
		{
			ID: "temp-writable", Verdict: OK,
			Text: Text{
				JA: "一時フォルダー {path} に書き込めます (空き容量: {free})。",
				EN: "The temporary folder {path} is writable ({free} free).",
			},
		},
		wrongTypeFinding(),
	}
}

const (
	lowSpace        = 1 << 30
	userEnvironment = `HKCU\Environment`
)

func judgeTemp(h host.Host, _ Args) []Found {
	fs := judgeTempFolders(h)
	before, bad := userTemp(h)
	for i, f := range fs {
		if strings.HasPrefix(f.Finding, "temp-") && f.Finding != "temp-writable" && f.Finding != "temp-low-space" {
			fs[i].Values = append(f.Values, before...)
		}
	}
	return append(fs, bad...)
}

// userTemp is what the variables of the user are, for who changes them.
func userTemp(h host.Host) (before []Value, bad []Found) {
	for _, name := range []string{"TEMP", "TMP"} {
		what, text := userEnvironment+`\`+name, "-"
		switch v, err := h.Value(userEnvironment, name); {
		case errors.Is(err, host.ErrAbsent):
		case err != nil:
			text, bad = "?", append(bad, unread(what, err)...)
		case v.Type != host.RegString && v.Type != host.RegExpand:
			text, bad = "?", append(bad, found("wrong-type", "what", what, "type", v.Type.String(), "value", v.String())...)
		default:
			text = valueText(v.Text)
		}
		before = append(before, Value{"user" + strings.ToLower(name), text})
	}
	return before, bad
}

func judgeTempFolders(h host.Host) []Found {
	path, err := h.TempDir()
	if err != nil {
		return unread("GetTempPath2", err)
	}
	path = trimSlash(path)
	if strings.Contains(path, "%") {
		return foundAt("temp-unresolved", path)
	}
	fs := judgeTempDir(h, path)
	temp, errTemp := h.Env("TEMP")
	tmp, errTmp := h.Env("TMP")
	if errTemp == nil && errTmp == nil && !strings.EqualFold(trimSlash(temp), trimSlash(tmp)) {
		fs = append(fs, found("temp-differs", "temp", temp, "tmp", tmp)...)
	}
	return fs
}

func trimSlash(path string) string {
	if len(path) > 3 {
		return strings.TrimRight(path, `\/`)
	}
	return path
}

func judgeTempDir(h host.Host, path string) []Found {
	if !LocalPath(path) {
		return foundAt("temp-not-local", path)
	}
	v, err := h.Volume(path)
	if errors.Is(err, host.ErrAbsent) {
		return foundAt("temp-missing", path)
	}
	if err != nil {
		return unread(path, err)
	}
	if !v.Type.Local() {
		return foundAt("temp-not-local", path)
	}
	f, err := h.File(path)
	if errors.Is(err, host.ErrAbsent) {
		return foundAt("temp-missing", path)
	}
	if err != nil {
		return unread(path, err)
	}
	if !f.Dir() {
		return foundAt("temp-not-folder", path)
	}
	s, err := h.Security(path)
	if err != nil {
		return unread(path, err)
	}
	if !mayCreate(s) {
		return foundAt("temp-refused", path, "granted", rights(s.Granted))
	}
	fs := foundAt("temp-writable", path, "free", size(v.Free))
	if v.Free < lowSpace {
		fs = append(fs, foundAt("temp-low-space", path, "free", size(v.Free))...)
	}
	return fs
}

// mayCreate reports whether this user may create files and folders in a
// folder.
func mayCreate(s host.Security) bool {
	const needed = fileAddFile | fileAddFolder | fileTraverse
	return s.NullDACL || s.Granted&needed == needed
}

// size renders bytes in binary units, rounded down.
func size(bytes uint64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for bytes >= 1024 && i < len(units)-1 {
		bytes, i = bytes/1024, i+1
	}
	return fmt.Sprintf("%d %s", bytes, units[i])
}
