package check

import (
	"errors"
	"strconv"
	"strings"

	"kbgen/internal/kb/host"
)

const codeIdentifiers = `\SOFTWARE\Policies\Microsoft\Windows\Safer\CodeIdentifiers`

// Security levels of Software Restriction Policies, winsafer.h SAFER_LEVELID_*.
const (
	srpDisallowed   = 0
	srpUntrusted    = 0x1000
	srpConstrained  = 0x10000
	srpBasicUser    = 0x20000
	srpUnrestricted = 0x40000
)

func softwareRestriction() Check {
	return Check{
		ID: "appcontrol.srp",
		Title: Text{
			JA: "ソフトウェアの制限のポリシー",
			EN: "Software Restriction Policies",
		},
		About: Text{
			JA: "ソフトウェアの制限のポリシーが、プログラム全体または指定したプログラムの実行を禁止しているか (エラー 1260) を確認します。",
			EN: "Do Software Restriction Policies forbid programs in general, or the given one (error 1260)?",
		},
		Reads: []Text{
			same("HKLM" + codeIdentifiers + ` (DefaultLevel, TransparentEnabled, PolicyScope; REG_DWORD)`),
			same("HKLM" + codeIdentifiers + `\{0, 262144}\Paths\*\ItemData`),
			{
				JA: "HKLM" + codeIdentifiers + `\0\Hashes にある規則の数`,
				EN: "number of rules in HKLM" + codeIdentifiers + `\0\Hashes`,
			},
			{
				JA: "HKCU の同じキー、規則が参照するレジストリの値と環境変数",
				EN: "the same keys of HKCU; registry values and variables that the rules refer to",
			},
			{JA: "Windows のバージョン、自分のプロセスのトークン (TokenElevation)", EN: "version of Windows; the token of its own process (TokenElevation)"},
		},
		Params: []Param{pathParam(false, Text{
			JA: "実行できないプログラム",
			EN: "the program that cannot be run",
		})},
		Findings: append(append(srpFindings(), settingFindings()...), pathFindings()...),
		Sources: []string{
			"learn.microsoft.com/windows/win32/com/srptrustlevel",
			"learn.microsoft.com/windows-server/identity/software-restriction-policies/software-restriction-policies",
		},
	}
}

func srpFindings() []Finding {
	allow := Text{
		JA: "ポリシーの管理者に、そのプログラムを許可する規則 (パスまたはハッシュ、制限しない) の追加を依頼します。",
		EN: "Ask the administrator of the policy for a rule that allows the program (by path or hash, Unrestricted).",
	}
	return []Finding{
		{
			ID: "disallowed-by-rule", Verdict: Warning,
			Text: Text{
				JA: "{path}: パスの規則で実行が禁止されています (規則: {rule}、キー: {key})。",
				EN: "{path}: a path rule forbids it (rule: {rule}, key: {key}).",
			},
			Fix: Remedy{Text: allow}, Rollback: withoutRule(),
		},
		{
			ID: "default-disallowed", Verdict: Warning,
			Text: Text{
				JA: "既定で、規則で許可されたプログラム以外の実行が禁止されています (DefaultLevel: 0、キー: {key})。",
				EN: "By default every program is forbidden that no rule allows (DefaultLevel: 0, key: {key}).",
			},
			Fix: Remedy{
				Text: Text{
					JA: allow.JA + "原因の切り分けに限り、管理者が DefaultLevel を 262144 (制限しない) にして制限を外せます。安全性が下がるため、確認が済んだらすぐに元へ戻します。",
					EN: allow.EN + " Only to find the cause, an administrator can lift the restriction by setting DefaultLevel to 262144 (Unrestricted). That lowers security: undo it as soon as the test is done.",
				},
				Command: `reg add "{key}" /v DefaultLevel /t REG_DWORD /d 262144 /f`,
			},
			Rollback: Remedy{
				Text: Text{
					JA: "変更前の値 (0) に戻します。",
					EN: "Set the value back to what it was before, 0.",
				},
				Command: `reg add "{key}" /v DefaultLevel /t REG_DWORD /d 0 /f`,
			},
		},
		{
			ID: "default-lowered", Verdict: Warning,
			Text: Text{
				JA: "既定で、プログラムが制限された権限で実行されます (DefaultLevel: {level}、キー: {key})。",
				EN: "By default programs run with reduced rights (DefaultLevel: {level}, key: {key}).",
			},
			Fix: Remedy{Text: allow}, Rollback: withoutRule(),
		},
		{
			ID: "level-missing", Verdict: Warning,
			Text: Text{
				JA: "規則はありますが、既定のレベル (DefaultLevel) がありません (キー: {key})。規則が意図したとおりに適用されていない可能性があります。",
				EN: "There are rules but no default level (DefaultLevel; key: {key}). They may not be applied as intended.",
			},
		},
		{
			ID: "unchecked-rules", Verdict: Warning,
			Text: Text{
				JA: "実行を禁止する規則のうち、{count} 件は照合していません (キー: {key})。パスの規則は対象のプログラムが指定された場合だけ照合し、ハッシュの規則は照合しません。",
				EN: "{count} rules that forbid something were not compared (key: {key}). Path rules are compared if a program is named, hash rules never.",
			},
		},
		{
			ID: "allowed-by-rule", Verdict: OK,
			Text: Text{
				JA: "{path}: パスの規則で実行が許可されています (規則: {rule}、キー: {key})。",
				EN: "{path}: a path rule allows it (rule: {rule}, key: {key}).",
			},
		},
		{
			ID: "unrestricted", Verdict: OK,
			Text: Text{
				JA: "既定では、プログラムの実行は制限されていません (DefaultLevel: 262144、キー: {key})。",
				EN: "By default programs are not restricted (DefaultLevel: 262144, key: {key}).",
			},
		},
		{
			ID: "not-enforced", Verdict: OK,
			Text: Text{
				JA: "ポリシーはありますが、適用されていません (TransparentEnabled: 0、キー: {key})。",
				EN: "There is a policy, but it is not enforced (TransparentEnabled: 0, key: {key}).",
			},
		},
		{
			ID: "not-for-administrators", Verdict: OK,
			Text: Text{
				JA: "ポリシーは管理者に適用されません (PolicyScope: 1、キー: {key})。標準ユーザーについては、管理者権限なしで確認してください。",
				EN: "The policy does not apply to administrators (PolicyScope: 1, key: {key}). To learn what it does to standard users, run kbprobe without administrator rights.",
			},
		},
		{
			ID: "no-policy", Verdict: OK,
			Text: Text{
				JA: "ソフトウェアの制限のポリシーは設定されていません。",
				EN: "No Software Restriction Policies are set.",
			},
		},
	}
}

func judgeSRP(h host.Host, args Args) (fs []Found) {
	// On a machine that does not even tell its version, a key that is not
	// there proves nothing.
	if _, err := h.System(); err != nil {
		return unread("RtlGetVersion", err)
	}
	path, unusable := concerned(h, args)
	if unusable != nil {
		fs, path = unusable, ""
	}
	policies := 0
	for _, root := range []string{"HKLM", "HKCU"} {
		of := judgeSRPOf(h, root+codeIdentifiers, path)
		policies += len(of)
		fs = append(fs, of...)
	}
	if policies == 0 {
		fs = append(fs, found("no-policy")...)
	}
	return fs
}

// judgeSRPOf judges one policy; nil if there is none.
func judgeSRPOf(h host.Host, key, path string) []Found {
	level, bad := readSetting(h, key, "DefaultLevel", srpUnrestricted)
	if bad != nil {
		return bad
	}
	if !level.set {
		some, unreadable := hasRules(h, key)
		if !some { // as Windows has the key
			return unreadable
		}
	}
	enabled, bad := readSetting(h, key, "TransparentEnabled", 2)
	scope, badScope := readSetting(h, key, "PolicyScope", 1)
	bad = append(bad, badScope...)
	switch {
	case enabled.is(0):
		return append(found("not-enforced", "key", key), bad...)
	case scope.is(1) && elevated(h):
		return append(found("not-for-administrators", "key", key), bad...)
	}
	if path != "" {
		id, rule, unreadable := srpRule(h, key, path)
		bad = append(bad, unreadable...)
		if id == "disallowed-by-rule" {
			return append(foundAt(id, path, "rule", rule, "key", key), bad...)
		}
		bad = append(srpUnchecked(h, key, `\0\Hashes`), bad...)
		if id != "" {
			return append(foundAt(id, path, "rule", rule, "key", key), bad...)
		}
	} else {
		bad = append(srpUnchecked(h, key, `\0\Hashes`, `\0\Paths`), bad...)
	}
	if !level.set {
		return append(found("level-missing", "key", key), bad...)
	}
	switch level.n {
	case srpDisallowed:
		return append(found("default-disallowed", "key", key), bad...)
	case srpUnrestricted:
		return append(found("unrestricted", "key", key), bad...)
	case srpUntrusted, srpConstrained, srpBasicUser:
		return append(found("default-lowered", "level", level.String(), "key", key), bad...)
	}
	return append(found("other-value", "what", key+`\DefaultLevel`, "value", level.String()), bad...)
}

// hasRules reports whether there are rules that forbid or allow something.
func hasRules(h host.Host, key string) (some bool, unreadable []Found) {
	for _, rules := range []string{`\0\Paths`, `\0\Hashes`, `\262144\Paths`} {
		names, err := h.Subkeys(key + rules)
		if err != nil && !errors.Is(err, host.ErrAbsent) {
			unreadable = append(unreadable, unread(key+rules, err)...)
		}
		some = some || len(names) > 0
	}
	return some, unreadable
}

// srpUnchecked counts the rules below some of the subkeys of key.
func srpUnchecked(h host.Host, key string, subkeys ...string) (fs []Found) {
	count := 0
	for _, s := range subkeys {
		rules, err := h.Subkeys(key + s)
		if err != nil && !errors.Is(err, host.ErrAbsent) {
			fs = append(fs, unread(key+s, err)...)
		}
		fs = append(fs, cutShort(key+s, len(rules), host.MaxNames)...)
		count += len(rules)
	}
	if count > 0 {
		fs = append(fs, found("unchecked-rules", "count", strconv.Itoa(count), "key", key)...)
	}
	return fs
}

func elevated(h host.Host) bool {
	t, err := h.Token()
	return err == nil && t.Elevated
}

// srpRule finds the path rule that decides about path: the longest one that
// matches, of two equals the one that forbids. id is the finding, or empty.
func srpRule(h host.Host, key, path string) (id, rule string, unreadable []Found) {
	for _, of := range []struct{ level, finding string }{{"0", "disallowed-by-rule"}, {"262144", "allowed-by-rule"}} {
		paths := key + `\` + of.level + `\Paths`
		rules, err := h.Subkeys(paths)
		if err != nil && !errors.Is(err, host.ErrAbsent) {
			unreadable = append(unreadable, unread(paths, err)...)
		}
		unreadable = append(unreadable, cutShort(paths, len(rules), host.MaxNames)...)
		for _, name := range rules {
			v, err := h.Value(paths+`\`+name, "ItemData")
			if err != nil || v.Text == "" {
				continue // a rule without a path matches nothing
			}
			if pattern := srpPattern(h, v.Text); len(pattern) > len(rule) && srpMatches(pattern, path) {
				id, rule = of.finding, pattern
			}
		}
	}
	return id, rule, unreadable
}

// srpPattern replaces variables in the path of a rule, and a registry value
// at its start, written %HKEY_LOCAL_MACHINE\KEY\VALUE%. It is empty if one of
// them cannot be replaced.
func srpPattern(h host.Host, path string) string {
	for _, hive := range [...][2]string{{"%HKEY_LOCAL_MACHINE\\", "HKLM\\"}, {"%HKEY_CURRENT_USER\\", "HKCU\\"}} {
		root, short := hive[0], hive[1]
		if len(path) < len(root) || !strings.EqualFold(path[:len(root)], root) {
			continue
		}
		value, rest, _ := strings.Cut(path[len(root):], "%")
		at := strings.LastIndexByte(value, '\\')
		if at < 0 {
			return ""
		}
		v, err := h.Value(short+value[:at], value[at+1:])
		if err != nil || v.Text == "" {
			return ""
		}
		path = v.Text + rest
		break // a value that names a value is not followed
	}
	path, err := expand(h, path)
	if err != nil {
		return ""
	}
	return strings.TrimRight(path, `\`)
}

// srpMatches reports whether the path of a rule covers a file: each part of
// it matches that part of the file's path, wherever it ends. A rule of one
// part alone is about the file's name.
func srpMatches(pattern, path string) bool {
	want, have := strings.Split(strings.ToLower(pattern), `\`), strings.Split(strings.ToLower(path), `\`)
	if len(want) == 1 {
		have = have[len(have)-1:]
	}
	if pattern == "" || len(want) > len(have) {
		return false
	}
	for i, w := range want {
		if !wildcard(w, have[i]) {
			return false
		}
	}
	return true
}

// wildcard reports whether name matches a pattern with * and ?.
func wildcard(pattern, name string) bool {
	p, n, star, again := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, again = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p, n = p+1, n+1
		case star >= 0:
			again++
			p, n = star+1, again
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
