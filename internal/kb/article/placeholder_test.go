package article

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// block is a body with one code block, whose first line is line 10, and text
// behind it.
func block(language, code, text string) string {
	return goodFront + "## 要約\n\n```" + language + "\n" + code + "\n```\n\n" + text + "\n"
}

func TestPlaceholders(t *testing.T) {
	const left = " is left in a command | "
	tests := []struct {
		name, language, code string
		want                 []string
	}{
		{"path", "cmd", `icacls "C:\Path\To\Folder" /t`, []string{`10:9 warning: the placeholder C:\Path\To\Folder` + left + askHint}},
		{"path in words", "powershell", "cd C:/my/path/to/x", []string{"10:4 warning: the placeholder C:/my/path/to/x" + left + "…"}},
		{"angle brackets", "cmd", "ping <server>", []string{"10:6 warning: the placeholder <server>" + left + "…"}},
		{"Japanese in angle brackets", "cmd", `dir \\<サーバー 名>\share`, []string{"10:7 warning: the placeholder <サーバー 名>" + left + "…"}},
		{"within a name", "cmd", "kbprobe-<slug>.exe -host <name>", []string{"10:9 warning: the placeholder <slug>" + left + "…"}},
		{"full-width brackets", "powershell", "Test-NetConnection 〈接続先〉 ＜x＞", []string{"10:20 warning: the placeholder 〈接続先〉" + left + "…"}},
		{"your", "cmd", "mstsc /v:YOUR_SERVER", []string{"10:10 warning: the placeholder YOUR_SERVER" + left + "…"}},
		{"your, joined", "powershell", "Enter-PSSession YourServer", []string{"10:17 warning: the placeholder YourServer" + left + "…"}},
		{"capitals", "cmd", "ping SERVER_NAME\nnet use PUT_IT_HERE", []string{"10:6 warning: the placeholder SERVER_NAME" + left + "…", "11:9 warning: the placeholder PUT_IT_HERE" + left + "…"}},
		{"share", "cmd", `net use \\server\share`, []string{`10:9 warning: the placeholder \\server` + left + "…"}},
		{"host of a command", "cmd", "mstsc /v:server\nping hostname\nTest-NetConnection -ComputerName ServerName -Port 3389", []string{
			"10:10 warning: the placeholder server" + left + "…", "11:6 warning: the placeholder hostname" + left + "…", "12:34 warning: the placeholder ServerName" + left + "…",
		}},
		{"x", "cmd", "wusa /uninstall /kb:xxxxxxx\nwusa KBxxxxxxx.msu\nping xxx.xxx.xxx.xxx", []string{
			"10:21 warning: the placeholder xxxxxxx" + left + "…", "11:6 warning: the placeholder KBxxxxxxx" + left + "…", "12:6 warning: the placeholder xxx.xxx.xxx.xxx" + left + "…",
		}},
		{"circles", "cmd", "ping ○○", []string{"10:6 warning: the placeholder ○○" + left + "…"}},
		{"cut path", "cmd", `reg query "HKLM\…" /v A`, []string{`10:16 warning: the placeholder \…` + left + "write the whole path: a reader copies the command as it stands"}},
		{"Japanese name", "cmd", "ping サーバー名\nicacls \"C:\\フォルダー名\"", []string{"10:6 warning: the placeholder サーバー名" + left + "…", "11:12 warning: the placeholder フォルダー名" + left + "…"}},
		{"registry file", "reg", "[HKEY_CURRENT_USER\\Software]\n\"a\"=\"<server>\"\n; <server>", []string{"11:6 warning: the placeholder <server>" + left + "…"}},
		{"no language", "", "ping <server>", []string{"10:6 warning: the placeholder <server>" + left + "…"}},

		{"one person's folder", "cmd", `dir C:\Users\taro\Desktop`, []string{`10:14 warning: a command has the sample taro, which exists nowhere | write %USERPROFILE%, $env:USERPROFILE or %PUBLIC%, or say in the text that readers put their own there`}},
		{"sample folder", "cmd", `icacls C:\Folder`, []string{`10:8 warning: a command has the sample C:\Folder, which exists nowhere | ` + shareHint}},
		{"sample host", "cmd", "ping server01\nping srv01.example.com\nnslookup dc01.contoso.local", []string{
			"10:6 warning: a command has the sample server01, …", "11:6 warning: a command has the sample srv01.example.com, …", "12:10 warning: a command has the sample dc01.contoso.local, …",
		}},
		{"sample address", "cmd", "ping 192.0.2.10", []string{"10:6 warning: a command has the sample 192.0.2.10, …"}},
		{"sample account", "cmd", `runas /user:DOMAIN\user cmd`, []string{`10:13 warning: a command has the sample DOMAIN\user, …`}},
		{"sample that the text explains", "cmd", "ping PC-01\ndir C:\\Users\\hanako", nil},

		{"redirection", "cmd", "sort <in.txt >out.txt\nsort <in.txt>out.txt\nreg query HKLM 2>nul\nfindstr /c:\"a\" < in.txt > out.txt\ntype a<b>c", nil},
		{"XML", "powershell", "Get-WinEvent -FilterXml '<QueryList><Query Id=\"0\"/></QueryList>'\n$x = '<server>'", nil},
		{"named group", "powershell", `'a' -match '(?<name>x)'`, nil},
		{"variables", "cmd", "echo %COMPUTERNAME% %USERNAME%\nping %COMPUTERNAME%\ndir C:\\Users\\Public C:\\Users\\%USERNAME% C:\\Users\\*\nhostname\nnet config server", nil},
		{"properties", "powershell", "Get-CimInstance Win32_ComputerSystem | Select UserName, ComputerName\nsc.exe query | findstr SERVICE_NAME\n$env:COMPUTERNAME", nil},
		{"questions", "cmd", "set /p HOST=接続先 (例: server01.example.com): \necho <server>", nil},
		{"questions of PowerShell", "powershell", "Test-NetConnection (Read-Host 'サーバー名 (PC-02)')", nil},
		{"comments", "powershell", "# <server> に置き換える\nGet-Item x # <server>", nil},
		{"comments of cmd", "cmd", "rem <server>\n:: <server>\n@REM <server>", nil},
		{"not a command", "text", "リモート コンピューター: <server>", nil},
		{"another language", "json", `{"a": "<server>", "b": "xxx"}`, nil},
		{"words that only look like it", "cmd", "svchost -k\nw32tm /query /status\nexpand wsusscn2.cab\nnet start server\nsc query LanmanServer\nwmic os get BuildNumber", nil},
		{"full paths", "cmd", `reg query "HKLM\SOFTWARE\Policies" & dir C:\Windows\..\Temp`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, ms := Parse("content/ja/test-a.md", []byte(block(test.language, test.code, "pc-01 と hanako は読み替えます。")), testChecks())
			wantMessages(t, ms, test.want)
		})
	}
}

// A message stands where the writer sees the placeholder, whatever the block
// is nested in.
func TestPlaceholderPosition(t *testing.T) {
	for body, want := range map[string]string{
		"- a\n\n  ```cmd\n  ping a\n\tping <x>\n  ```": "11:7",
		"> ```cmd\n> ping <x>\n> ```":                  "8:8",
		"x\n\n    ping <x>":                            "9:10",
		"1. あ\n   - い\n     ```cmd\n     あ <x>\n":      "10:8",
	} {
		_, ms := Parse("content/ja/test-a.md", []byte(goodFront+body), testChecks())
		if got := briefs(ms); len(got) != 1 || !strings.HasPrefix(got[0], want+" warning: the placeholder <x>") {
			t.Errorf("%q: got %v, want %s", body, got, want)
		}
	}
}

// A file of the largest size takes no more than a few seconds, whatever it is
// full of.
func TestManyCommands(t *testing.T) {
	lines := func(form string) string {
		var b strings.Builder
		for i := 0; b.Len() < maxSize-10_000; i++ {
			fmt.Fprintf(&b, form, i)
		}
		return b.String()
	}
	for name, body := range map[string]string{
		"changes":      "## 要約\n\n```cmd\n" + lines("reg add HKLM\\X /v A%d\n") + "```\n",
		"blocks":       "## 要約\n\n" + lines("```cmd\nreg add HKLM\\X /v A%d\n```\n\nx\n\n"),
		"placeholders": "```cmd\n" + lines("ping <x%d>\n\n") + "```\n",
		"samples":      "```cmd\n" + lines("ping server01 x%d\n") + "```\n\nserver01\n",
		"comments":     "```powershell\nri HKLM:\\X\n" + lines("# %d\n") + "```\n",
		"references":   "## 参考\n\n" + lines("- [Zzz%d](https://a.jp)\n\n"),
		"names":        "## 原因\n\n- a {check=os.version}\n" + lines("- `os.version` `os.vers%d`\n\n"),
	} {
		start := time.Now()
		_, ms := Parse("content/ja/test-a.md", []byte(goodFront+body), testChecks())
		for _, m := range ms {
			if strings.HasPrefix(m.Text, "too much markup") {
				t.Errorf("%s: not read", name)
			}
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: %s", name, took)
		} else {
			t.Logf("%s: %s", name, took)
		}
	}
}
