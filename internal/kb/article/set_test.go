package article

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// parseAll reads the articles of an archive.
func parseAll(t *testing.T, archive string) []*Article {
	t.Helper()
	var articles []*Article
	for _, f := range txtar.Parse([]byte(archive)).Files {
		a, ms := Parse(f.Name, f.Data, testChecks())
		if Errors(ms) > 0 {
			t.Fatalf("%v", ms)
		}
		articles = append(articles, a)
	}
	return articles
}

// article is a file of an archive with good front matter.
func file(path, title, front, body string) string {
	return "-- " + path + " --\n---\ntitle: " + title + "\nerrorText: e\ntags: [a]\nupdatedAt: 2025-01-02\n" + front + "---\n" + body + "\n"
}

func TestCheckSet(t *testing.T) {
	tests := []struct {
		name, archive string
		want          []string
	}{
		{"good", file("content/ja/one.md", "一", "related: [two]\n", "[a](two.md#要-約) [b](#要-約) [c](../en/two.md#summary)\n\n## 要 約録\n\n## 要 約\n\n### 要 約\n\n- a {check=os.version}\n") +
			file("content/en/one.md", "One", "", "- a {check=os.version}\n\n[x](#os.version)") +
			file("content/ja/two.md", "二", "", "### 要 約\n\n## 関連ケース\n\n- 一\n") + file("content/en/two.md", "Two", "", "## Summary"), nil},
		{"missing article", file("content/ja/rdp-credssp.md", "一", "", "あ [a](rdp-credsp.md) [b](none-at-all.md)"), []string{
			"0:0 warning: there is no content/en/rdp-credssp.md | readers of that language are shown this article with a notice",
			"7:3 error: the link leads to rdp-credsp.md, which does not exist | did you mean rdp-credssp.md?",
			"7:22 error: the link leads to none-at-all.md, which does not exist | the article's file is missing from content",
		}},
		{"missing anchor", file("content/ja/one.md", "一", "", "[a](#sumary) [b](#xyz)\n\n## 要約\n\n- a {check=os.version}") + file("content/en/one.md", "One", "", "- a {check=os.version}\n\n[x](../ja/one.md#os.versio)"), []string{
			"9:1 error: the link leads to #os.versio, which content/ja/one.md does not have | did you mean #os.version?",
			"7:1 error: the link leads to #sumary, which content/ja/one.md does not have | did you mean #summary?",
			"7:14 error: the link leads to #xyz, which content/ja/one.md does not have | it has os.version, summary",
		}},
		{"missing language", file("content/ja/one.md", "一", "", "[a](../fr/one.md)"), []string{
			"0:0 warning: there is no content/en/one.md | …",
			`7:1 error: there is no language "fr" | link to ../ja/ or ../en/`,
		}},
		{"a page in the other language's place", file("content/ja/one.md", "一", "", "[a](two.md#summary) [b](two.md#x)") + file("content/en/two.md", "Two", "", "## Summary"), []string{
			"0:0 warning: there is no content/ja/two.md | …",
			"0:0 warning: there is no content/en/one.md | …",
			"7:21 error: the link leads to #x, which content/en/two.md does not have | it has summary",
		}},
		{"related", file("content/ja/one.md", "一", "related:\n  - one-two\n  - on-two\n  - nothing-like\n", "") + file("content/ja/one-two.md", "二", "", ""), []string{
			"0:0 warning: there is no content/en/one-two.md | …",
			"0:0 warning: there is no content/en/one.md | …",
			"8:5 error: related names on-two, which does not exist | did you mean one-two?",
			"9:5 error: related names nothing-like, which does not exist | name an article that exists, or delete it",
		}},
		{"drafts", file("content/ja/one.md", "一", "related: [two]\n", "[a](two.md)") + file("content/ja/two.md", "二", "draft: true\n", "[a](three.md) [b](one.md)"), []string{
			"0:0 warning: there is no content/en/one.md | …",
			"6:11 warning: related names the draft two | it is left out until it is published",
			"8:1 warning: the link leads to the draft two.md | until it is published, only the link's text is shown",
			"0:0 warning: there is no content/en/two.md | …",
			"8:1 error: the link leads to three.md, which does not exist | …",
		}},
		{"related cases", file("content/ja/one.md", "RDP 接続エラー", "", "## 関連ケース\n\n- RDP 接続エラー\n- 二番目の記事\n- 二番目の記亊\n- まったく別\n- [x](two.md)\n\n## 参考\n\n- 何か") + file("content/ja/two.md", "二番目の記事", "", ""), []string{
			"0:0 warning: there is no content/en/one.md | …",
			`9:3 warning: no other article has the title "RDP 接続エラー" | write a link ([words](other.md)) or the exact title of an article; until then it stays plain text`,
			`11:3 warning: no other article has the title "二番目の記亊" | did you mean "二番目の記事"?`,
			`12:3 warning: no other article has the title "まったく別" | …`,
			"0:0 warning: there is no content/en/two.md | …",
		}},
		{"related case in the other language", file("content/ja/one.md", "一", "", "## 関連ケース\n\n- Two") + file("content/en/one.md", "One", "", "") + file("content/en/two.md", "Two", "", ""), []string{
			"0:0 warning: there is no content/ja/two.md | …",
			`9:3 warning: no other article has the title "Two" | …`,
		}},
		{"no link in related cases", file("content/ja/one.md", "一", "", "## 関連ケース\n\n「二」と出る場合は別の原因です。") + file("content/ja/two.md", "二", "", "## 関連ケース\n\nなし。") + file("content/ja/three.md", "三", "", "## 関連ケース\n\n[一](one.md)の場合。"), []string{
			"0:0 warning: there is no content/en/one.md | …",
			"7:1 warning: no related case has a link | write [title](other.md) and how to tell that case from this one",
			"0:0 warning: there is no content/en/three.md | …",
			"0:0 warning: there is no content/en/two.md | …",
		}},
		{"nothing to link to", file("content/ja/one.md", "一", "", "## 関連ケース\n\n「二」と出る場合は別の原因です。"), []string{"0:0 warning: there is no content/en/one.md | …"}},
		{"titles", file("content/ja/one.md", "同じ", "", "") + file("content/ja/two.md", "同じ", "", ""), []string{
			"0:0 warning: there is no content/en/one.md | …",
			"0:0 warning: there is no content/en/two.md | …",
			"2:8 warning: the title is the same as that of content/ja/one.md | say in the title what is different",
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			wantMessages(t, CheckSet(parseAll(t, test.archive)), test.want)
		})
	}
}

func TestParity(t *testing.T) {
	const a, b, c = "- a {check=os.version}\n", "- b {check=os.edition}\n", `- c {check=access.path-acl path="C:\a"}` + "\n"
	c2 := strings.Replace(c, `"C:\a"`, `'C:\"b"'`, 1)
	tests := []struct {
		name, ja, en string
		path         string
		line, column int
		note         string
	}{
		{"same", a + b + c, a + b + c, "", 0, 0, ""},
		{"none", "", "", "", 0, 0, ""},
		{"other check", a + b, a + c, "content/ja/one.md", 8, 5, `
  content/ja/one.md | content/en/one.md
  os.version        | os.version
x os.edition        | access.path-acl path="C:\a"`},
		{"other parameter", c + a, c2 + a, "content/ja/one.md", 7, 5, `
  content/ja/one.md           | content/en/one.md
x access.path-acl path="C:\a" | access.path-acl path='C:\"b"'
  os.version                  | os.version`},
		{"other order", a + b, b + a, "content/ja/one.md", 7, 5, `
  content/ja/one.md | content/en/one.md
x os.version        | os.edition
x os.edition        | os.version`},
		{"missing in the middle", a + c + b, a + b, "content/ja/one.md", 8, 5, `
  content/ja/one.md           | content/en/one.md
  os.version                  | os.version
x access.path-acl path="C:\a" | -
  os.edition                  | os.edition`},
		{"missing at the start", b, a + b, "content/en/one.md", 7, 5, `
  content/ja/one.md | content/en/one.md
x -                 | os.version
  os.edition        | os.edition`},
		{"missing at the end", a + a, a + a + b, "content/en/one.md", 9, 5, `
  content/ja/one.md | content/en/one.md
  os.version        | os.version
  os.version        | os.version
x -                 | os.edition`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ms := CheckSet(parseAll(t, file("content/ja/one.md", "一", "", test.ja)+file("content/en/one.md", "One", "", test.en)))
			if test.path == "" {
				wantMessages(t, ms, nil)
				return
			}
			if len(ms) != 1 {
				t.Fatalf("got %v", ms)
			}
			other := map[string]string{"content/ja/one.md": "content/en/one.md", "content/en/one.md": "content/ja/one.md"}[test.path]
			want := Message{
				Level: Error, Path: test.path, Line: test.line, Column: test.column, Source: ms[0].Source,
				Text: "the checks are not those of " + other,
				Hint: "list the same checks with the same parameters in the same order in both",
				Note: strings.TrimPrefix(test.note, "\n"),
			}
			if diff := cmp.Diff(want, ms[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An article that could not be read gives no second error: neither for its
// anchors, nor for its steps.
func TestCheckSetWithBrokenArticles(t *testing.T) {
	unreadable, _ := Parse("content/en/one.md", []byte("\xff\xff"), testChecks())
	badMarker, _ := Parse("content/en/two.md", []byte(goodFront+"- a {check=os.versio}"), testChecks())
	good := parseAll(t, file("content/ja/one.md", "一", "", "[a](../en/one.md#x)\n\n- a {check=os.version}")+
		file("content/ja/two.md", "二", "", "[a](one.md)\n\n- a {check=os.version}"))
	wantMessages(t, CheckSet(append(good, unreadable, badMarker, nil)), nil)
}
