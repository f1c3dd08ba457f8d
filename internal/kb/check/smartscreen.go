package check

import (
	"errors"
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

const (
	smartScreenPolicy = `HKLM\SOFTWARE\Policies\Microsoft\Windows\System`
	smartScreenLocal  = `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer`
)

func smartScreen() Check {
	return Check{
		ID: "appcontrol.smartscreen",
		Title: Text{
			JA: "SmartScreen の設定",
			EN: "Setting of SmartScreen",
		},
		About: Text{
			JA: "エクスプローラーの SmartScreen が、インターネットから取得したプログラムの実行を許可しない設定かを確認します。",
			EN: "Does SmartScreen of File Explorer keep programs from the internet from being run?",
		},
		Reads: []Text{
			same(smartScreenPolicy + `\EnableSmartScreen (REG_DWORD)`),
			same(smartScreenPolicy + `\ShellSmartScreenLevel (REG_SZ)`),
			same(smartScreenLocal + `\SmartScreenEnabled (REG_SZ)`),
			{
				JA: "指定したファイルの印 (Zone.Identifier の ZoneId)、Windows のバージョン",
				EN: "the mark of the given file (ZoneId in Zone.Identifier); version of Windows",
			},
		},
		Params: []Param{pathParam(false, Text{
			JA: "実行できないプログラム",
			EN: "the program that cannot be run",
		})},
		Findings: append(append(smartScreenFindings(), settingFindings()...), fileFindings()...),
		Sources: []string{
			"learn.microsoft.com/windows/security/operating-system-security/virus-and-threat-protection/microsoft-defender-smartscreen/available-settings",
			"learn.microsoft.com/windows/client-management/mdm/policy-csp-smartscreen",
		},
	}
}

func smartScreenFindings() []Finding {
	unblock := Text{
		JA: "入手元を信頼できるファイルに限り、access.mark-of-web の手順で印を外します。SmartScreen 自体は無効にしないでください。",
		EN: "If the source of the file is trustworthy, remove its mark as access.mark-of-web says. Do not switch SmartScreen off.",
	}
	again := Remedy{Text: Text{
		JA: "同じ入手元からもう一度ダウンロードすると、印が付きます。",
		EN: "Download the file again from the same source; that puts the mark back.",
	}}
	return []Finding{
		{
			ID: "blocks-file", Verdict: Warning,
			Text: Text{
				JA: "{path}: インターネットから取得した印があり (ZoneId: {zone})、SmartScreen のポリシーは Block です。認識されないプログラムは実行できず、警告を無視して実行することもできません。",
				EN: "{path} carries the mark of a file from the internet (ZoneId: {zone}), and the policy for SmartScreen is Block: an unrecognized program cannot be run, and the warning cannot be bypassed.",
			},
			Fix: Remedy{Text: unblock}, Rollback: again,
		},
		{
			ID: "blocks", Verdict: Warning,
			Text: Text{
				JA: "SmartScreen のポリシーは Block です。インターネットから取得した、認識されないプログラムは実行できません。",
				EN: "The policy for SmartScreen is Block: unrecognized programs from the internet cannot be run.",
			},
			Fix: Remedy{Text: unblock}, Rollback: again,
		},
		{
			ID: "blocks-others", Verdict: OK,
			Text: Text{
				JA: "{path}: SmartScreen のポリシーは Block ですが、インターネットから取得した印はありません。",
				EN: "{path}: the policy for SmartScreen is Block, but the file carries no mark of the internet.",
			},
		},
		{
			ID: "off", Verdict: Warning,
			Text: Text{
				JA: "SmartScreen が無効です ({source})。実行は妨げられませんが、安全性が下がっています。",
				EN: "SmartScreen is off ({source}). It blocks nothing, but security is lower.",
			},
			Fix: Remedy{Text: Text{
				JA: "理由がなければ有効に戻します (管理者)。EnableSmartScreen はポリシー Configure Windows Defender SmartScreen (エクスプローラー) の値です。ポリシーを管理する人が変更します。Home エディションでは値を削除します。SmartScreenEnabled は、[Windows セキュリティ] > [アプリとブラウザー コントロール] > [評価ベースの保護設定] の [アプリとファイルの確認] です。",
				EN: "Switch it on unless there is a reason not to (administrator). EnableSmartScreen is the value of the policy Configure Windows Defender SmartScreen (Explorer), for whoever manages it to change; on a Home edition, delete the value. SmartScreenEnabled is Windows Security > App & browser control > Reputation-based protection settings > Check apps and files.",
			}},
			Rollback: Remedy{Text: Text{
				JA: "変更前の設定 ({source}) に戻します。",
				EN: "Set it back to what it was before ({source}).",
			}},
		},
		{
			ID: "warns", Verdict: OK,
			Text: Text{
				JA: "SmartScreen は有効で、警告を確認すれば実行できます ({source}: {value})。",
				EN: "SmartScreen is on; after a warning, programs can be run ({source}: {value}).",
			},
		},
		{
			ID: "not-set", Verdict: OK,
			Text: Text{
				JA: "SmartScreen の設定値はありません。Windows の既定の動作です。",
				EN: "SmartScreen is not set; Windows does what it does by default.",
			},
		},
		{
			ID: "not-text", Verdict: Warning,
			Text: Text{
				JA: "{what} の型が {type} です (値: {value})。REG_SZ でないため、意図した設定になっていない可能性があります。",
				EN: "{what} is of type {type} (value: {value}). As it is not a REG_SZ, the setting may not be what was intended.",
			},
		},
	}
}

func judgeSmartScreen(h host.Host, args Args) []Found {
	if _, err := h.System(); err != nil { // then absent values prove nothing
		return unread("RtlGetVersion", err)
	}
	enabled, bad := readSetting(h, smartScreenPolicy, "EnableSmartScreen", 1)
	switch {
	case bad != nil:
		return bad
	case enabled.is(0):
		return found("off", "source", "EnableSmartScreen: 0")
	case enabled.is(1):
		level, bad := smartScreenText(h, smartScreenPolicy, "ShellSmartScreenLevel", "Warn", "Block")
		switch {
		case bad != nil:
			return bad
		case level == "Block":
			return judgeBlock(h, args)
		case level == "":
			level = "-"
		}
		return found("warns", "source", "ShellSmartScreenLevel", "value", level)
	}
	value, bad := smartScreenText(h, smartScreenLocal, "SmartScreenEnabled", "Off", "Warn", "RequireAdmin", "On")
	switch {
	case bad != nil:
		return bad
	case value == "":
		return found("not-set")
	case value == "Off":
		return found("off", "source", "SmartScreenEnabled: Off")
	}
	return found("warns", "source", "SmartScreenEnabled", "value", value)
}

// smartScreenText reads a REG_SZ that is one of known, or empty if absent.
// What cannot be judged comes back as not-text or other-value, or as why
// there was no answer.
func smartScreenText(h host.Host, key, name string, known ...string) (string, []Found) {
	v, err := h.Value(key, name)
	what := key + `\` + name
	switch {
	case errors.Is(err, host.ErrAbsent):
		return "", nil
	case err != nil:
		return "", unread(what, err)
	case v.Type != host.RegString:
		return "", found("not-text", "what", what, "type", v.Type.String(), "value", v.String())
	}
	for _, k := range known {
		if strings.EqualFold(v.Text, k) {
			return k, nil
		}
	}
	return "", found("other-value", "what", what, "value", v.String())
}

// judgeBlock judges a policy that lets no warning be bypassed.
func judgeBlock(h host.Host, args Args) []Found {
	blocks := found("blocks")
	if args["path"] == "" {
		return blocks
	}
	path, unusable := localFile(h, args["path"])
	if unusable != nil {
		return append(blocks, unusable...)
	}
	zone, err := fileZone(h, path)
	switch {
	case errors.Is(err, host.ErrAbsent), isCode(err, codeInvalidName), err == nil && zone < zoneInternet:
		return foundAt("blocks-others", path)
	case errors.Is(err, errNoZone):
		return blocks
	case err != nil:
		return append(blocks, unread(path+zoneStream, err)...)
	}
	return foundAt("blocks-file", path, "zone", strconv.Itoa(zone))
}
