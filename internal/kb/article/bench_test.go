package article

import (
	"fmt"
	"html/template"
	"strings"
	"testing"

	"kbgen/internal/kb/check"
)

// benchmarkArticle is an article of usual size: the ten sections, six steps
// and a dozen code blocks.
func benchmarkArticle() string {
	var b strings.Builder
	b.WriteString("---\ntitle: \"RDP 接続エラー\"\nerrorText: \"認証エラーが発生しました\"\ntags: [Windows, RDP]\nupdatedAt: 2025-11-03\n---\n")
	for _, role := range Roles() {
		fmt.Fprintf(&b, "\n## %s（最短手順）\n\n**「%s」**を確認します。\n設定は `gpedit.msc` で開きます。\n\n", role.Heading(check.JA), role)
		if role == Check60 || role == Fix5 || role == Details {
			for range 4 {
				b.WriteString("- 設定を確認: {check=credssp.encryption-oracle}\n  ```cmd\n  reg query \"HKLM\\SOFTWARE\\Microsoft\" /v Value\n  icacls \"%TEMP%\"\n  ```\n")
			}
		}
	}
	return b.String()
}

func BenchmarkParse(b *testing.B) {
	raw, checks := []byte(benchmarkArticle()), testChecks()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		Parse("content/ja/rdp-error.md", raw, checks)
	}
}

func BenchmarkRender(b *testing.B) {
	a, _ := Parse("content/ja/rdp-error.md", []byte(benchmarkArticle()), testChecks())
	page := Page{
		Link:   func(check.Lang, string) string { return "/" },
		Image:  func(string) (string, int, int) { return "/", 1, 1 },
		Step:   func(Step) template.HTML { return "<p>x</p>" },
		Titled: func(string) string { return "" },
	}
	for b.Loop() {
		a.Render(page)
	}
}

func BenchmarkCheckSet(b *testing.B) {
	checks := testChecks()
	var articles []*Article
	for i := range 2000 {
		for _, lang := range check.Langs() {
			text := strings.Replace(benchmarkArticle(), "RDP 接続エラー", fmt.Sprintf("RDP 接続エラー %d", i), 1)
			text += "\n## 関連ケース\n\n- 存在しない記事\n- RDP 接続エラー 7\n\n[x](error-7.md) [y](error-none.md)\n"
			a, _ := Parse(fmt.Sprintf("content/%s/error-%d.md", lang, i), []byte(text), checks)
			articles = append(articles, a)
		}
	}
	for b.Loop() {
		CheckSet(articles)
	}
}
