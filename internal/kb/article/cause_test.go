package article

import (
	"strings"
	"testing"

	"kbgen/internal/kb/check"
)

func TestChecksInCauses(t *testing.T) {
	const steps = "\n\n## 60秒で確認\n\n- a {check=os.version}\n- b {check=os.edition}\n- c {check=os.version}\n"
	const hint = "name it as `os.edition` in the cause that it tells from the others, say below the list what it is for, or drop the step"
	tests := []struct {
		name, body string
		want       []string
	}{
		{"named in the list", "## 原因\n\n1. x `os.version`\n   - y `os.edition`" + steps, nil},
		{"named below the list", "## 原因\n\n1. x\n\n`os.version` と [設定](#os.edition)" + steps, nil},
		{"a second use stands for all", "## 原因\n\n1. `os.version-2` [`os.edition`](#x)" + steps, nil},
		{"a step in the causes", "## 原因\n\n1. a {check=os.version}\n2. b {check=os.edition}", nil},
		{"no section of causes", steps, nil},
		{"named elsewhere", "## 要約\n\n`os.edition`\n\n## 原因\n\n1. x os.edition" + steps, []string{
			"17:5 warning: no cause names the check os.version | name it as `os.version`…",
			"18:5 warning: no cause names the check os.edition | " + hint,
		}},
		{"not a step", "## 原因\n\n1. あ `access.path-acl` `os.version-3`\n2. `os.version` `os.edition`\n\n`access.path-acl`" + steps, []string{
			"9:6 warning: access.path-acl is not a step of this article | add a step that ends in {check=access.path-acl}, or drop it here",
			"9:24 warning: os.version-3 is not a step of this article | add a step that ends in {check=os.version}, or drop it here",
			"12:1 warning: access.path-acl is not a step of this article | …",
		}},
		{"not a step, elsewhere", "## 要約\n\n`access.path-acl` `os.exe` `gpedit.msc` `os.version.x` `OS.Version`", nil},
		{"misspelt", "## 要約\n\n`os.edision` `os.edision`\n\n## 原因\n\n1. `os.versoin` `os.version` `os.edition`" + steps, []string{
			`9:1 warning: there is no check "os.edision" | did you mean os.edition?`,
			`13:4 warning: there is no check "os.versoin" | did you mean os.version?`,
		}},
		{"a marker that was refused", "## 原因\n\n- a {check=os.versio}\n- b {check=os.edition}\n- c {check=os.version}\n\n## 要約", []string{
			`9:12 error: there is no check "os.versio" | …`, "13:1 warning: the section 要約 stands after…",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, ms := Parse("content/ja/test-a.md", []byte(goodFront+test.body), testChecks())
			wantMessages(t, ms, test.want)
		})
	}
}

// A file full of misspelt IDs is not compared with the catalogue for each.
func TestManyMisspeltChecks(t *testing.T) {
	_, ms := Parse("content/ja/test-a.md", []byte(goodFront+strings.Repeat("`os.versio`\n", 100)), testChecks())
	if got := briefs(ms); len(got) != 1 {
		t.Errorf("got %d messages: %v", len(got), got)
	}
}

func TestLangOf(t *testing.T) {
	for wording, want := range map[string]check.Lang{
		"アクセスが拒否されました。": check.JA,
		"ｱｸｾｽ":              check.JA,
		"エラー 0x80070005":    check.JA,
		"0x80070005":        check.EN,
		"Access is denied.": check.EN,
		"A CredSSP authentication to TERMSRV/… «»": check.EN,
		"-2147024891": "",
		"":            "",
	} {
		if got := LangOf(wording); got != want {
			t.Errorf("%q: got %s, want %s", wording, got, want)
		}
	}
}

// What a reader copies as text is not changed by the links.
func TestStepTitleWithCheckName(t *testing.T) {
	a, _ := Parse("content/ja/test-a.md", []byte(goodFront+"- `os.version` を確認: {check=os.version}\n"), testChecks())
	if a.Steps[0].Title != "os.version を確認" {
		t.Errorf("%q", a.Steps[0].Title)
	}
}
