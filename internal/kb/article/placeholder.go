package article

import (
	"regexp"
	"slices"
	"strings"
)

// A placeholder is something in a command that a reader has to replace, and
// will paste as it stands.
type placeholder struct {
	needles []string       // one of them is in every line that has it, in lower case
	form    *regexp.Regexp // of the first group
	keep    func(line string, from, to int, b *commandBlock) bool
	sample  bool // fine where the text around says that it is one
	hint    string
}

const (
	askHint   = "let the command find or ask for it (%TEMP%, %USERPROFILE%, set /p HOST=Host: , Read-Host), or say in the text what to type; what is not a command is a ```text block"
	shareHint = "say in the text that readers put their own there, or let the command ask for it (set /p HOST=Host: , Read-Host)"
)

// hostWord is what writers call a machine that has no name.
const hostWord = `(?:file|my|your|remote|target)?(?:server|servername|host|hostname|computer|computername|pcname|machine|nas|サーバー?名?|ホスト名|コンピューター?名|PC名)`

// placeholders are in the order in which they are looked for: a line gets one
// message.
var placeholders = []placeholder{
	{needles: []string{"<"}, form: regexp.MustCompile(`(<[\pL][^<>|&"'=\n]{0,60}>)`), keep: angleBrackets, hint: askHint},
	{needles: []string{"〈", "《", "＜"}, form: regexp.MustCompile(`([〈《＜][^〈〉《》＜＞\n]{1,60}[〉》＞])`), hint: askHint},
	{needles: []string{`path\to`, "path/to"}, form: regexp.MustCompile(`(?i)((?:[a-z]:)?[\\/](?:[\w-]+[\\/])*path[\\/]to\b[^\s"']*)`), hint: askHint},
	{needles: []string{"your", "my"}, form: regexp.MustCompile(`(?i)\b(your[-_][a-z][\w-]*|(?:your|my)(?:server|domain|name|user|computer|pc|host|password|folder|file|path|company|tenant|printer|share)\w*)`), hint: askHint},
	{needles: []string{"_name", "_here"}, form: regexp.MustCompile(`(?i)(?:^|[^%$\w:.-])((?:server|computer|host|user|domain|file|folder|share|machine|pc|printer)_name|[a-z_]+_here)\b`), hint: askHint},
	{needles: []string{`\\`}, form: regexp.MustCompile(`(?i)(?:^|[^\\])(\\\\` + hostWord + `)(?:[\\"'\s]|$)`), hint: askHint},
	{needles: []string{"/v:", "-computername", "ping ", "nslookup ", "tracert ", "telnet ", "resolve-dnsname ", "test-netconnection "},
		form: regexp.MustCompile(`(?i)(?:/v:|-computername\s+|^\s*(?:ping|nslookup|tracert|telnet|resolve-dnsname|test-netconnection)\s+)["']?(` + hostWord + `|接続先)(?:["'\s:,]|$)`), hint: askHint},
	{needles: []string{"xxx"}, form: regexp.MustCompile(`(?i)(?:^|[^0-9a-z%])((?:kb|0x)?x{3,}(?:[-.]x+)*)`), hint: askHint},
	{needles: []string{"○○", "〇〇", "●●", "△△", "××", "＊＊"}, form: regexp.MustCompile(`([○〇●△×＊]{2,})`), hint: askHint},
	{needles: []string{"…", "..."}, form: regexp.MustCompile(`([\\/](?:…|\.\.\.))`), hint: "write the whole path: a reader copies the command as it stands"},
	{needles: []string{"名"}, form: regexp.MustCompile(`(?:^|[\s"'\\/:=])((?:サーバー?|ホスト|コンピューター?|ユーザー?|ドメイン|フォルダー?|ファイル|共有|サービス|プリンター?|接続先)名)(?:["'\s\\/]|$)`), hint: askHint},

	{needles: []string{`:\users\`}, form: regexp.MustCompile(`(?i)[a-z]:\\users\\([^\\"'%$*<>〈〉\s]+)`), keep: oneUser, sample: true, hint: "write %USERPROFILE%, $env:USERPROFILE or %PUBLIC%, or say in the text that readers put their own there"},
	{needles: []string{`:\folder`, `:\path`, `:\フォルダ`}, form: regexp.MustCompile(`(?i)\b([a-z]:\\(?:folder|path|フォルダー?)(?:name|名)?)(?:[\\"'\s]|$)`), sample: true, hint: shareHint},
	{needles: []string{"example.", "contoso", "fabrikam"}, form: regexp.MustCompile(`(?i)\b((?:[\w-]+\.)*(?:example\.(?:com|org|net|jp|local)|(?:contoso|fabrikam)(?:\.\w+)*))`), sample: true, hint: shareHint},
	{needles: []string{"server", "srv", "sv", "host", "pc", "dc", "client", "user"}, form: regexp.MustCompile(`(?i)(?:^|[\s"'\\/:=,])((?:file)?(?:server|srv|sv|host|pc|dc|client|user)-?[0-9]{1,3})(?:["'\s\\:,.]|$)`), sample: true, hint: shareHint},
	{needles: []string{`domain\`}, form: regexp.MustCompile(`(?i)\b(domain\\(?:user|admin)\w*)`), sample: true, hint: "write %USERDOMAIN%\\%USERNAME%, or say in the text that readers put their own there"},
	{needles: []string{"192.0.2.", "198.51.100.", "203.0.113."}, form: regexp.MustCompile(`\b((?:192\.0\.2|198\.51\.100|203\.0\.113)\.[0-9]{1,3})\b`), sample: true, hint: shareHint},
}

var inputFile = regexp.MustCompile(`^<\S+\.\w{1,4}>$`)

// angleBrackets tells a placeholder from redirections (sort <a.txt >b.txt),
// from XML, and from a group in a regular expression.
func angleBrackets(line string, from, to int, b *commandBlock) bool {
	name := line[from:to]
	before, after := byte(' '), byte(' ')
	if from > 0 {
		before = line[from-1]
	}
	if to < len(line) {
		after = line[to]
	}
	switch {
	case name[len(name)-2] == ' ', inputFile.MatchString(name), before == '?', isNameRune(rune(after)) && after != '.' && after != '-':
		return false
	}
	return !b.xml
}

// oneUser tells the folder of a person from those that every machine has.
func oneUser(line string, from, to int, _ *commandBlock) bool {
	return !slices.Contains([]string{"public", "default", "all"}, strings.ToLower(line[from:to]))
}

// promptWords are in lines that tell or ask the reader something: there, a
// sample is an example.
var promptWords = []string{"read-host", "set /p", "echo ", "write-host", "write-output", "-prompt"}

// placeholders warns of lines that do nothing good as they stand. It is given
// the text of all blocks in lower case.
func (p *parsing) placeholders(blocks []*commandBlock, lower string) {
	var here []*placeholder
	for i := range placeholders {
		if containsAny(lower, placeholders[i].needles) {
			here = append(here, &placeholders[i])
		}
	}
	if len(here) == 0 {
		return
	}
	samples := 0
	for _, b := range blocks {
		b.xml = strings.Contains(b.text, "</") || strings.Contains(b.text, "/>")
		for at := 0; at < len(b.text); {
			line, _, _ := strings.Cut(b.text[at:], "\n")
			p.placeholder(b, b.withoutComment(line), at, here, &samples)
			at += len(line) + 1
		}
	}
}

// maxLookups is how many changes, samples and references of one file are held
// against its text: the time grows with their number and the size of the file.
const maxLookups = 60

// placeholder looks for one in the line that begins at an offset. It counts
// the samples of the file.
func (p *parsing) placeholder(b *commandBlock, line string, at int, kinds []*placeholder, samples *int) {
	lower := strings.ToLower(line)
	if containsAny(lower, promptWords) {
		return
	}
	for _, kind := range kinds {
		if !containsAny(lower, kind.needles) {
			continue
		}
		m := kind.form.FindStringSubmatchIndex(line)
		if m == nil || kind.keep != nil && !kind.keep(line, m[2], m[3], b) {
			continue
		}
		name := line[m[2]:m[3]]
		if kind.sample {
			*samples++
		}
		switch {
		case *samples > maxLookups:
			return
		case !kind.sample:
			p.warn(b.at(at+m[2]), "the placeholder "+name+" is left in a command", kind.hint)
		case !p.partSays(b.part, 0, regexp.MustCompile("(?i)"+regexp.QuoteMeta(name))):
			p.warn(b.at(at+m[2]), "a command has the sample "+name+", which exists nowhere", kind.hint)
		default:
			continue
		}
		return
	}
}

// withoutComment is a line of the block up to its comment.
func (b *commandBlock) withoutComment(line string) string {
	start := strings.ToLower(strings.TrimLeft(line, " \t@"))
	switch {
	case b.shell == regFile && strings.HasPrefix(start, ";"), b.shell != powershell && (strings.HasPrefix(start, "rem ") || strings.HasPrefix(start, "::")):
		return ""
	case b.shell == powershell && strings.HasPrefix(start, "#"):
		return ""
	case b.shell == powershell:
		line, _, _ = strings.Cut(line, " #")
	}
	return line
}

func containsAny(s string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}
