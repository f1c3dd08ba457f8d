package article

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestBrokenArticles(t *testing.T) {
	files, err := filepath.Glob("testdata/broken/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, file := range files {
		golden(t, file, ".md", ".messages", func(t *testing.T, name, text string) string {
			a, ms := Parse("content/ja/"+name+".md", []byte(text), testChecks())
			ms = append(ms, CheckSet([]*Article{a})...)
			Sort(ms)
			var b strings.Builder
			for _, m := range ms {
				b.WriteString(m.String() + "\n")
			}
			return b.String()
		})
	}
}
