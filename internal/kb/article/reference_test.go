package article

import (
	"fmt"
	"testing"
)

func TestReferences(t *testing.T) {
	const (
		front  = "---\ntitle: %q\nerrorText: e\ntags: [RDP]\nupdatedAt: 2025-11-03\n---\n"
		ja     = "CredSSP の認証エラー"
		en     = "CredSSP: authentication failed"
		learn  = "https://learn.microsoft.com/"
		about  = "the article mentions nothing of this reference: "
		hint   = " | cite what supports this article, or say in the text what this is for"
		others = "7:1 warning: no reference is about the subject of the title | are they those of another article? cite what supports this one"
	)
	tests := []struct {
		name, lang, title, body string
		want                    []string
	}{
		{"of the same subject", "ja", ja, "## 参考\n\n- [CredSSP の更新プログラム (KB4093492)](" + learn + "x)\n- <" + learn + "credssp-oracle>", nil},
		{"of another subject", "ja", ja, "資格情報。\n\n## 参考\n\n- [Office のライセンス認証](" + learn + "x)\n- [CredSSP](" + learn + "x)\n- [OneDrive](" + learn + "x)", []string{"13:3 warning: " + about + "OneDrive" + hint}},
		{"a name", "ja", ja, "## 参考\n\n- [CredSSP](" + learn + "a)\n- [AppLocker の概要](" + learn + "b)", []string{"10:3 warning: " + about + "AppLocker の概要" + hint}},
		{"katakana", "ja", ja, "## 参考\n\n- [CredSSP](" + learn + "a)\n- [プリンターの設定](" + learn + "b)", []string{"10:3 warning: " + about + "プリンターの設定" + hint}},
		{"long kanji", "ja", ja, "## 参考\n\n- [CredSSP](" + learn + "a)\n- [証明書失効の手順](" + learn + "b)", []string{"10:3 warning: " + about + "証明書失効の手順" + hint}},
		{"half of a long word", "ja", ja, "失効した場合。\n\n## 参考\n\n- [CredSSP](" + learn + "a)\n- [証明失効の手順](" + learn + "b)", nil},
		{"short kanji say nothing", "ja", ja, "## 参考\n\n- [CredSSP](" + learn + "a)\n- [一般的な軽減策](" + learn + "b)", nil},
		{"two common words are a name", "ja", ja, "Windows Update。\n\n## 参考\n\n- [CredSSP](" + learn + "a)\n- [Windows Update の一般的なトラブルと対処](" + learn + "b)", nil},
		{"English text in a Japanese article", "ja", ja, "## 参考\n\n- [CredSSP](" + learn + "a)\n- [Allow access to your printer](" + learn + "b)", nil},
		{"the address has the subject", "ja", ja, "## 参考\n\n- [ポリシー](" + learn + "policy-csp-admx-credssp)\n- [RDP](" + learn + "b)", nil},
		{"mentioned in a command", "ja", ja, "```cmd\nicacls x\n```\n\n## 参考\n\n- <" + learn + "icacls>\n- <" + learn + "credssp>\n- <" + learn + "takeown>\n- <" + learn + "add-mppreference>", []string{
			"15:4 warning: " + about + "…/takeown" + hint, "16:4 warning: " + about + "…/add-mppreference" + hint,
		}},
		{"mentioned only by another reference", "ja", ja, "## 参考\n\n- <" + learn + "credssp>\n- <" + learn + "takeown>\n- [takeown x](" + learn + "x)", []string{"10:4 warning: " + about + "…/takeown" + hint}},
		{"short words are whole words", "ja", ja, "ADMX\n\n## 参考\n\n- [CredSSP](" + learn + "a)\n- [VPN](" + learn + "b)\n- [ADM](" + learn + "b)", []string{"12:3 warning: " + about + "VPN…", "13:3 warning: " + about + "ADM…"}},
		{"none about the title", "ja", ja, "要約\n\nicacls gpresult\n\n## 参考\n\n- <" + learn + "icacls>\n- <" + learn + "gpresult>", []string{"11" + others[1:]}},
		{"none about the title, in other scripts", "ja", "認証が失敗する", "要約\n\nicacls gpresult\n\n## 参考\n\n- <" + learn + "icacls>\n- <" + learn + "gpresult>", nil},
		{"English", "en", en, "printer\n\n## References\n\n- [CredSSP](" + learn + "a)\n- [Sharing printers](" + learn + "b)\n- [Sharing scanners](" + learn + "c)\n- [資格情報](" + learn + "d)", []string{"13:3 warning: " + about + "Sharing scanners" + hint}},
		{"English, none about the title", "en", en, "summary\n\nprinters scanners\n\n## References\n\n- [Printers](" + learn + "a)\n- [Scanners](" + learn + "b)\n\n## Prevention", []string{"11" + others[1:], "16:1 warning: the section Prevention stands after…"}},
		{"links in the site do not count", "ja", ja, "## 参考\n\n- [OneDrive](other.md)\n- 出典なし", nil},
		{"one odd address", "ja", ja, "## 参考\n\n- [%](https://learn.microsoft.com/%25)\n- <https://x.jp>\n- <https://x.jp/?q=1>", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, ms := Parse("content/"+test.lang+"/test-a.md", []byte(fmt.Sprintf(front, test.title)+test.body), testChecks())
			wantMessages(t, ms, test.want)
		})
	}
}
