package check

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"strings"
	"unicode/utf16"

	"kbgen/internal/kb/host"
)

// maxRDPFile is the size in bytes up to which a .rdp file is read. One that
// mstsc writes has about 3 KiB, a signed one 10.
const maxRDPFile = 64 << 10

// defaultRDPFile stands for the file that mstsc keeps in the user's Documents,
// wherever that folder is.
const defaultRDPFile = `%USERPROFILE%\Documents\Default.rdp`

// rdpLines are the settings of a .rdp file, by name in lower case.
type rdpLines map[string]rdpLine

// rdpLine is what follows a setting's name: NAME:KIND:TEXT.
type rdpLine struct {
	kind byte // i number, s text, b bytes
	text string
}

// parseRDP reads a .rdp file: UTF-16 as mstsc writes it, or UTF-8 or ANSI, of
// which only ASCII survives, as tools do. Lines that are no settings are left
// out; of a setting that is there twice the last counts.
func parseRDP(data []byte) rdpLines {
	settings := rdpLines{}
	for line := range strings.Lines(decodeRDP(data)) {
		name, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		kind, text, ok := strings.Cut(rest, ":")
		name = strings.ToLower(strings.TrimSpace(name))
		kind = strings.ToLower(kind)
		if ok && name != "" && (kind == "i" || kind == "s" || kind == "b") && !strings.Contains(line, "\x00") {
			settings[name] = rdpLine{kind[0], text}
		}
	}
	return settings
}

// decodeRDP goes by the byte order mark; without one, a NUL in every second
// byte of the first characters, which are ASCII, tells UTF-16.
func decodeRDP(data []byte) string {
	if rest, ok := bytes.CutPrefix(data, []byte{0xff, 0xfe}); ok {
		return decodeUTF16(rest)
	}
	if rest, ok := bytes.CutPrefix(data, []byte{0xef, 0xbb, 0xbf}); ok {
		return strings.ToValidUTF8(string(rest), "\ufffd")
	}
	start := data[:min(len(data), 8)]
	for i, b := range start {
		if (b == 0) != (i%2 == 1) {
			return strings.ToValidUTF8(string(data), "\ufffd")
		}
	}
	return decodeUTF16(data)
}

func decodeUTF16(data []byte) string {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

// number returns a setting's number. ok is false if the setting is there but
// is no number up to most.
func (s rdpLines) number(name string, most int) (n int, set, ok bool) {
	v, set := s[name]
	if !set {
		return 0, false, true
	}
	n, err := strconv.Atoi(v.text)
	return n, true, err == nil && v.kind == 'i' && n >= 0 && n <= most
}

// text returns a setting's text, or "".
func (s rdpLines) text(name string) string { return strings.TrimSpace(s[name].text) }

// user is the user that the file signs in as, in the form that it has when
// domain and name are put together.
func (s rdpLines) user() string {
	user := s["username"].text
	if domain := s["domain"].text; domain != "" && user != "" && !strings.ContainsAny(user, `\@`) {
		return domain + `\` + user
	}
	return user
}

// rdpFileRules are the numbers that a help desk wants to know of.
func rdpFileRules() []rdpFileRule {
	return []rdpFileRule{
		{"prompt for credentials", []string{1: "asks-always"}},
		{"prompt for credentials on client", []string{1: "asks-on-client"}},
		{"promptcredentialonce", []string{0: "asks-twice", 1: ""}},
		{"enablecredsspsupport", []string{0: "no-credssp", 1: ""}},
		{"authentication level", []string{0: "connects-anyway", 1: "refuses-untrusted", 3: ""}},
		{"negotiate security layer", []string{0: "no-negotiation", 1: ""}},
	}
}

// rdpFileRule is a setting and what its numbers mean: IDs of findings, empty if
// there is nothing to say.
type rdpFileRule struct {
	setting  string
	findings []string
}

func rdpFile() Check {
	return Check{
		ID: "rdp-client.rdp-file",
		Title: Text{
			JA: ".rdp ファイルの設定",
			EN: "Settings of the .rdp file",
		},
		About: Text{
			JA: ".rdp ファイルの設定で、毎回パスワードを求められたり、CredSSP が無効になっていたりしないかを確認します。",
			EN: "Does this .rdp file always ask for a password, disable CredSSP or name the user wrongly?",
		},
		Reads: []Text{
			{
				JA: ".rdp ファイルの内容 (64 KiB まで)。指定がなければドキュメント フォルダーの Default.rdp",
				EN: "content of the .rdp file (up to 64 KiB); unless another is given, Default.rdp in the Documents folder",
			},
			{JA: "コンピューター名 (ユーザー名の形式の確認)", EN: "name of this computer, to judge the user name's form"},
		},
		Params: []Param{{
			Name: "path", Kind: KindPath, Default: defaultRDPFile,
			About: Text{JA: "調べる .rdp ファイル", EN: "the .rdp file to look at"},
		}},
		Findings: append(rdpFileFindings(), userFormFindings()...),
		Sources: []string{
			"learn.microsoft.com/windows-server/remote/remote-desktop-services/clients/rdp-files",
			"learn.microsoft.com/windows/win32/termserv/imsrdpclientnonscriptable4-promptforcredsonclient",
			"learn.microsoft.com/windows/win32/termserv/imsrdpclientadvancedsettings6-enablecredsspsupport",
		},
	}
}

func rdpFileFindings() []Finding {
	set := func(line string) Remedy {
		return Remedy{Text: Text{
			JA: "ファイルをコピーしてから、メモ帳で開いて " + line + " に変えます。署名されたファイルは編集せず、配布元に依頼します。",
			EN: "Copy the file, then change the line to " + line + " in Notepad. Do not edit a signed file: ask whoever distributes it.",
		}}
	}
	warn := set("authentication level:i:2")
	warn.Text.JA = "接続先に、名前が一致する信頼された証明書を設定します。それまでの間に限り、次のように変えると、拒否ではなく警告になります。" + warn.Text.JA
	warn.Text.EN = "Give the host a trusted certificate with a matching name. Only until then, this change makes it a warning instead of a refusal. " + warn.Text.EN
	restore := Remedy{Text: Text{
		JA: "コピーしておいたファイルに戻します。",
		EN: "Put the copy of the file back.",
	}}
	return []Finding{
		{
			ID: "asks-always", Verdict: Warning,
			Text: Text{
				JA: "{path}: 毎回パスワードを求める設定です (prompt for credentials:i:1)。保存された資格情報は使われません。",
				EN: "{path}: always asks for credentials (prompt for credentials:i:1), so saved ones are not used.",
			},
			Fix: set("prompt for credentials:i:0"), Rollback: restore,
		},
		{
			ID: "no-credssp", Verdict: Problem,
			Text: Text{
				JA: "{path}: CredSSP が無効です (enablecredsspsupport:i:0)。ネットワーク レベル認証が使われず、保存された資格情報は接続前に送られません。",
				EN: "{path}: CredSSP is off (enablecredsspsupport:i:0). There is no Network Level Authentication, and saved credentials are not used before the session.",
			},
			Fix: set("enablecredsspsupport:i:1"), Rollback: restore,
		},
		{
			ID: "asks-on-client", Verdict: Warning,
			Text: Text{
				JA: "{path}: 接続先がネットワーク レベル認証に対応していないと、接続前にパスワードを求めます (prompt for credentials on client:i:1)。",
				EN: "{path}: asks for credentials before connecting to a host without Network Level Authentication (prompt for credentials on client:i:1).",
			},
			Fix: set("prompt for credentials on client:i:0"), Rollback: restore,
		},
		{
			ID: "asks-twice", Verdict: Warning,
			Text: Text{
				JA: "{path}: ゲートウェイ {gateway} と接続先とで、別々に資格情報を求めます (promptcredentialonce:i:0)。",
				EN: "{path}: asks separately for the gateway {gateway} and for the host (promptcredentialonce:i:0).",
			},
			Fix: set("promptcredentialonce:i:1"), Rollback: restore,
		},
		{
			ID: "connects-anyway", Verdict: Warning,
			Text: Text{
				JA: "{path}: 接続先の身元を確認できなくても、警告なしで接続します (authentication level:i:0)。",
				EN: "{path}: connects without a warning even if the host's identity cannot be verified (authentication level:i:0).",
			},
			Fix: set("authentication level:i:2"), Rollback: restore,
		},
		{
			ID: "refuses-untrusted", Verdict: Warning,
			Text: Text{
				JA: "{path}: 接続先の証明書を信頼できないと接続しません (authentication level:i:1)。",
				EN: "{path}: does not connect if the host's certificate is not trusted (authentication level:i:1).",
			},
			Fix: warn, Rollback: restore,
		},
		{
			ID: "no-negotiation", Verdict: Warning,
			Text: Text{
				JA: "{path}: セキュリティ層のネゴシエーションが無効です (negotiate security layer:i:0)。",
				EN: "{path}: does not negotiate the security layer (negotiate security layer:i:0).",
			},
			Fix: set("negotiate security layer:i:1"), Rollback: restore,
		},
		{
			ID: "other-setting", Verdict: Warning,
			Text: Text{
				JA: "{path}: {setting}:{value} という行には、定められた意味がありません。",
				EN: "{path}: the line {setting}:{value} has no defined meaning.",
			},
		},
		{
			ID: "settings", Verdict: OK,
			Text: Text{
				JA: "{path}: 接続先は {address}、ゲートウェイは {gateway}、ユーザー名の形式は {form} です (ほかの設定: {also})。資格情報が、この接続先と同じ名前で保存されているかを確認してください。",
				EN: "{path}: host {address}, gateway {gateway}, user name of the form {form} (other settings: {also}). Credentials have to be saved under the same name of the host.",
			},
		},
		{
			ID: "no-such-path", Verdict: NotApplicable,
			Text: Text{
				JA: "{path}: このファイルはありません。",
				EN: "{path}: there is no such file.",
			},
		},
		{
			ID: "not-rdp", Verdict: Unknown,
			Text: Text{
				JA: "{path}: .rdp ファイルの形式ではないため、判断できません。",
				EN: "{path}: this is not in the form of a .rdp file, so nothing can be concluded.",
			},
		},
		{
			ID: "unresolved", Verdict: Unknown,
			Text: Text{
				JA: "{path}: 環境変数が設定されていないため、パスを決められません。",
				EN: "{path}: a variable in the path is not set.",
			},
		},
		{
			ID: "not-local", Verdict: Unknown,
			Text: Text{
				JA: "{path}: ローカルのドライブにないため調べていません。kbprobe はネットワーク上の場所を読み取りません。",
				EN: "{path}: not looked at, because it is not on a local drive. kbprobe does not read network locations.",
			},
		},
	}
}

func judgeRDPFile(h host.Host, args Args) []Found {
	path := args["path"]
	if path == defaultRDPFile {
		folder, err := h.Folder(host.Documents)
		if err != nil {
			return unread("FOLDERID_Documents", err)
		}
		path = trimSlash(folder) + `\Default.rdp`
	}
	path, err := localPath(h, path)
	if fs := unreadPath(path, err); fs != nil {
		return fs
	}
	data, err := h.ReadFile(path, maxRDPFile)
	if fs := unreadPath(path, err); fs != nil {
		return fs
	}
	s := parseRDP(data)
	if len(s) == 0 {
		return foundAt("not-rdp", path)
	}
	gateway := s.text("gatewayhostname")
	var fs []Found
	for _, r := range rdpFileRules() {
		n, set, ok := s.number(r.setting, len(r.findings)-1)
		switch {
		case !ok:
			fs = append(fs, foundAt("other-setting", path, "setting", r.setting, "value", valueText(string(s[r.setting].kind)+":"+s[r.setting].text))...)
		case !set || r.findings[n] == "":
		case r.findings[n] != "asks-twice":
			fs = append(fs, foundAt(r.findings[n], path)...)
		case gateway != "":
			fs = append(fs, foundAt("asks-twice", path, "gateway", valueText(gateway))...)
		}
	}
	address := s.text("full address")
	fs = append(fs, judgeUserForms(h, []signIn{{address, s.user()}})...)
	return append(fs, foundAt("settings", path, s.summary(address, gateway)...)...)
}

// summary are the values of the finding that says what else is in the file.
func (s rdpLines) summary(address, gateway string) []string {
	addresses := []string{valueText(address)}
	if other := s.text("alternate full address"); other != "" && other != address {
		addresses = append(addresses, valueText(other))
	}
	if source := s.text("gatewaycredentialssource"); gateway != "" && source != "" {
		gateway += " (gatewaycredentialssource:i:" + source + ")"
	}
	var also []string
	for _, name := range []string{"password 51", "signature"} {
		if s.text(name) != "" {
			also = append(also, name)
		}
	}
	if n, _, _ := s.number("enablerdsaadauth", 1); n == 1 {
		also = append(also, "enablerdsaadauth")
	}
	return []string{"address", list(addresses), "gateway", valueText(gateway), "form", userForm(s.user()), "also", list(also)}
}
