package search

import "testing"

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Access is denied.":     "accessisdenied",
		"０ｘ８００７０００５":            "0x80070005",
		"ｱｸｾｽが拒否されました。":         "アクセスが拒否されました",
		"ﾌｫﾙﾀﾞｰ ﾊﾟｽﾜｰﾄﾞ ｳﾞｧ ｱﾞ": "フォルダーパスワードヴァア",
		"「ﾘﾓｰﾄ」 デスクトップ\n(RDP)":  "リモートデスクトップrdp",
		"":          "",
		"\xff\x00…": "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTexts(t *testing.T) {
	texts := []string{
		"An authentication error has occurred. This could be due to CredSSP encryption oracle remediation.",
		"認証エラーが発生しました。原因は CredSSP 暗号化オラクルの修復である可能性があります。",
		"The temporary folder cannot be written to.",
	}
	for query, want := range map[string]int{
		"due to credssp encryption oracle":                          0,
		"log 12:03 ERROR The temporary folder cannot be written to": 2,
		"暗号化ｵﾗｸﾙの修復":                                                1,
		"The temporary folder cannot be writen to":                  2,
	} {
		hits := Texts(query, texts)
		if len(hits) == 0 || hits[0].Index != want {
			t.Errorf("Texts(%q) = %v, want %d first", query, hits, want)
		}
	}
	for _, query := range []string{"", "x", "。。。", "something else entirely"} {
		if hits := Texts(query, texts); len(hits) > 0 {
			t.Errorf("Texts(%q) = %v", query, hits)
		}
	}
}
