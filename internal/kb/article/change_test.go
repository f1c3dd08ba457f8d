package article

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kbgen/internal/kb/check"
)

// settingChecks is a catalogue with checks that say what they read.
func settingChecks() check.Catalogue {
	reads := func(lines ...string) []check.Text {
		var list []check.Text
		for _, l := range lines {
			list = append(list, check.Text{JA: l, EN: l})
		}
		return list
	}
	return check.Catalogue{
		{ID: "x.value", Reads: reads(`HKLM\SOFTWARE\X\A (REG_DWORD)`)},
		{ID: "x.service", Reads: reads("state and start type of the services TermService and W32Time")},
		{ID: "x.acl", Params: []check.Param{{Name: "path", Kind: check.KindPath, Required: true}}},
	}
}

func TestChanges(t *testing.T) {
	const (
		unread  = "nothing records "
		unsaid  = "nothing says how to undo this change of "
		sayHint = " | write behind it how to put back what was noted, and what to do if there was nothing"
		back    = "\n\n控えた値に戻します。"
		query   = "reg query HKLM\\SOFTWARE\\X /v A\n"
		add     = `reg add "HKLM\Software\X" /v A /t REG_DWORD /d 1 /f`
	)
	bat := func(lines string) string { return "```cmd\n" + lines + "\n```\n" }
	ps := func(lines string) string { return "```powershell\n" + lines + "\n```\n" }
	tests := []struct {
		name, body string
		want       []string
	}{
		{"neither read nor undone", bat(add), []string{
			`8:1 warning: nothing records A before this changes it | put a step before it that notes what is there: reg query "HKLM\Software\X" /v A`,
			"8:1 warning: " + unsaid + "A" + sayHint,
		}},
		{"read and undone", bat(query+add) + back, nil},
		{"read only", bat(query + add), []string{"9:1 warning: " + unsaid + "A…"}},
		{"undone only", bat(add) + back, []string{"8:1 warning: " + unread + "A before…"}},
		{"read afterwards", bat(add+"\n"+query) + back, []string{"8:1 warning: " + unread + "A…"}},
		{"another value read", bat("reg query HKLM\\SOFTWARE\\X /v B\n"+add) + back, []string{"9:1 warning: " + unread + "A…"}},
		{"another key read", bat("reg query HKLM\\SOFTWARE /v A\nreg query HKCU\\SOFTWARE\\X /v A\n"+add) + back, []string{"10:1 warning: " + unread + "A…"}},
		{"the whole key read", bat("reg query HKEY_LOCAL_MACHINE\\SOFTWARE\\X\\\n"+add) + back, nil},
		{"a tree read", bat("reg query HKLM\\SOFTWARE /s\n"+add) + back, nil},
		{"a tree saved", bat("reg export HKLM\\SOFTWARE \"%TEMP%\\x.reg\"\n" + add + "\nreg import \"%TEMP%\\x.reg\""), nil},
		{"read by a step before", "- a {check=x.value}\n\n" + bat(add) + back, nil},
		{"read by a step behind", bat(add) + back + "\n\n- a {check=x.value}", []string{"8:1 warning: " + unread + "A…"}},
		{"read by PowerShell", ps("Get-ItemProperty -Path 'HKLM:\\SOFTWARE\\X' -Name A, B") + bat(add) + back, nil},
		{"undone by a command", bat(query+add) + bat(`reg delete HKLM\Software\X /v A /f`), nil},
		{"undone by deleting the key, which needs a read of its own", bat(query+add) + bat(`reg delete HKLM\Software\X /f`), []string{`12:1 warning: ` + unread + `HKLM\Software\X…`, `12:1 warning: ` + unsaid + `HKLM\Software\X…`}},
		{"another value deleted", bat(query+add) + bat("reg query HKLM\\SOFTWARE\\X\nreg delete HKLM\\Software\\X /v B /f\nreg import x.reg"), nil},
		{"undone in another section", "## 要約\n\n" + bat(query+add) + "\n## 原因\n\n値を元に戻します。", []string{"11:1 warning: " + unsaid + "A…"}},
		{"promised before", "あとで元に戻します。\n\n" + bat(query+add), []string{"11:1 warning: " + unsaid + "A…"}},
		{"said in the item", "1. 確認\n2. 値を変更します。戻すには手順 1 の値にします。\n   " + strings.ReplaceAll(bat(query+add), "\n", "\n   "), nil},
		{"English words", bat(query+add) + "\n\nAfterwards, put the old value back.", nil},
		{"only the first change counts", bat(query+add+"\n"+add+"\n"+add) + back, nil},
		{"a key is created", bat(`reg add HKLM\SOFTWARE\X`), []string{
			`8:1 warning: nothing records HKLM\SOFTWARE\X before this changes it | put a step before it that notes what is there: reg query "HKLM\SOFTWARE\X"`,
			`8:1 warning: ` + unsaid + `HKLM\SOFTWARE\X…`,
		}},
		{"a default value", bat("reg query HKCR\\.x /ve\nreg add HKCR\\.x /ve /d y") + back, nil},
		{"reg of another machine", bat(query+`reg.exe add "\\PC\HKLM\SOFTWARE\X" /v a /d 1`) + back, nil},

		{"PowerShell", ps("Set-ItemProperty HKLM:\\SOFTWARE\\X A 1\nNew-ItemProperty -Path HKCU:\\X -Name B -Value 2 -Force\nrp -Path HKCU:\\Y -Name C"), []string{
			"8:1 warning: " + unread + "A…", "8:1 warning: " + unsaid + "A…",
			"9:1 warning: " + unread + "B…", "9:1 warning: " + unsaid + "B…",
			"10:1 warning: " + unread + "C…", "10:1 warning: " + unsaid + "C…",
		}},
		{"PowerShell, read", ps("$key = 'HKLM:\\SOFTWARE\\X'\n(Get-ItemProperty -LiteralPath $key).A\nSet-ItemProperty $key -Name A `\n  -Value 1\nRemove-ItemProperty \"Registry::HKEY_LOCAL_MACHINE\\SOFTWARE\\X\" -Name A -ErrorAction SilentlyContinue"), nil},
		{"cmd variables", bat("set KEY=HKLM\\SOFTWARE\\X\nreg query \"%KEY%\" /v A\nreg add \"%key%\" ^\n  /v A /d 1") + back, nil},
		{"unknown variables", ps("Set-ItemProperty $_.PSPath -Name A -Value 1\nRemove-Item $env:TEMP\\* -Recurse"), nil},
		{"a key is removed", ps("Get-ChildItem HKCU:\\X -Recurse\nRemove-Item HKCU:\\X\\Y -Recurse") + back, nil},
		{"only shown", bat("echo reg add HKLM\\X /v A\nrem reg add HKLM\\X /v A\nreg query HKLM | findstr add") + ps("# Set-ItemProperty HKLM:\\X A 1\nGet-Help Set-ItemProperty"), nil},
		{"behind other commands", bat("if exist x (reg add HKLM\\SOFTWARE\\X /v A /d 1) & ver") + back, []string{"8:13 warning: " + unread + "A…"}},

		{"permissions", bat(`icacls "%TEMP%" /reset /t`), []string{
			`8:1 warning: nothing records %TEMP% before this changes it | put a step before it that notes what is there: icacls "%TEMP%"`,
			"8:1 warning: " + unsaid + "%TEMP%…",
		}},
		{"permissions, saved", bat("icacls \"%temp%\\\" /save \"%USERPROFILE%\\acl.txt\" /t\nicacls %TEMP% /grant:r Users:(OI)(CI)M\nicacls \"%TEMP%\\..\" /restore x"), nil},
		{"permissions, read by a step", "- a {check=x.acl path=\"%TEMP%\"}\n\n" + ps("icacls $env:TEMP /remove Everyone") + back, nil},
		{"permissions, read by PowerShell", ps("Get-Acl C:\\X | Format-List\nicacls C:\\X /setowner Administrators") + back, nil},
		{"permissions of another path", bat("icacls C:\\Y\nicacls C:\\X /grant a:F") + back, []string{`9:1 warning: ` + unread + `C:\X…`}},

		{"service", bat("sc query TermService\nsc config TermService start= auto"), []string{
			"9:1 warning: nothing records TermService before this changes it | put a step before it that notes what is there: sc qc TermService",
			"9:1 warning: " + unsaid + "TermService…",
		}},
		{"service, read", bat("sc qc termservice\nsc.exe config TermService start= auto") + back, nil},
		{"service, read by a step", "- a {check=x.service}\n\n" + ps("Set-Service -Name W32Time -StartupType Automatic") + back, nil},
		{"service, read by PowerShell", ps("Get-Service W32Time, TermService | Select Name, StartType\nSet-Service TermService -StartupType Manual\nGet-CimInstance Win32_Service -Filter \"Name='X'\"\nSet-Service X -StartupType Manual") + back, nil},
		{"service that is only started", ps("Set-Service X -Status Running\nsc.exe start X"), nil},

		{"a way back of its own", bat(query+add) + "\nロールバック:\n\n" + bat(add), []string{"15:1 warning: the way back writes a value of its own to A | put back what was noted before the change, or delete the value if there was none"}},
		{"a way back to what was noted", "値を控えます。\n\n" + bat(query+add) + "\n元に戻すには:\n\n" + bat(add), nil},
		{"a way back that deletes", bat(query+add) + "\nTo undo:\n\n" + bat(`reg delete HKLM\Software\X /v A /f`), nil},
		{"a second change that is no way back", bat(query+add) + "\n別の値にします。\n\n" + bat(add) + "\nロールバック", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, ms := Parse("content/ja/test-a.md", []byte(goodFront+test.body), settingChecks())
			wantMessages(t, ms, test.want)
		})
	}
}

func TestStatements(t *testing.T) {
	tests := []struct {
		shell shell
		text  string
		want  []string
	}{
		{cmd, `reg add "HKLM\A B" /v "x y" & ver`, []string{`reg|add|HKLM\A B|/v|x y`, "ver"}},
		{cmd, "a ^\n  b\nc | d && e", []string{"a|b", "c", "d", "e"}},
		{cmd, "rem x\n::x\nremove it's", []string{"remove|it's"}},
		{cmd, "set K=v w\necho %K% %k% %L%", []string{"echo|v w|v w|%L%"}},
		{powershell, "(a 'b \"c').d; e # f\n#g\nh#i", []string{`a|b "c`, ".d", "e", "h#i"}},
		{powershell, "a `\n b {c}", []string{"a|b", "c"}},
		{powershell, "$k = \"x\"\n$script:l='y'\na $k \"${l}\" \"$k\\z\" $m", []string{`a|x|y|x\z|$m`}},
		{cmd, "\"open\n\"", []string{"open", ""}},
		{cmd, "a ^", []string{"a|^"}},
		{cmd, "", nil},
	}
	for _, test := range tests {
		b := &commandBlock{shell: test.shell, text: test.text, lines: []lineStart{{0, 0}}}
		var got []string
		for _, s := range b.statements(variables{}) {
			var words []string
			for _, w := range s {
				words = append(words, w.text)
			}
			got = append(got, strings.Join(words, "|"))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q: %s", test.text, diff)
		}
	}
}
