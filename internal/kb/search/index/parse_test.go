package index_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/grafana/sobek"

	"kbgen/internal/kb/search"
)

// reading is how a text is read. Places are left out: the twins count them in
// different units.
type reading struct {
	Codes []struct{ Key string }
	Terms []struct {
		Text     string
		Optional bool
		Line     int
	}
	Lines int
}

func readings(t *testing.T, page *page, text string) (goReads, pageReads reading) {
	t.Helper()
	data, err := json.Marshal(search.Parse(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &goReads); err != nil {
		t.Fatal(err)
	}
	parse, _ := sobek.AssertFunction(page.vm.Get("parse"))
	v, err := parse(sobek.Undefined(), page.vm.ToValue(text))
	if err != nil {
		t.Fatalf("parse(%q): %v", text, err)
	}
	if err := json.Unmarshal([]byte(v.String()), &pageReads); err != nil {
		t.Fatal(err)
	}
	if len(pageReads.Codes) == 0 {
		pageReads.Codes = nil
	}
	if len(pageReads.Terms) == 0 {
		pageReads.Terms = nil
	}
	return goReads, pageReads
}

// The package and the page read every text alike: those of the vectors, the
// messages, and mutilated forms of them.
func TestTwinsReadAlike(t *testing.T) {
	page := newPage(t, nil)
	texts := vectors(t)
	for _, doc := range messages(t) {
		for _, v := range doc.Versions {
			texts = append(texts, v.Title, strings.Join(v.Wordings, "\n"))
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 1500 {
		texts = append(texts, mutilated(r, texts[r.IntN(len(texts))], texts[r.IntN(len(texts))]))
	}
	failed := 0
	for _, text := range texts {
		want, got := readings(t, page, text)
		if diff := cmp.Diff(want, got); diff != "" && failed < 5 {
			failed++
			t.Errorf("%q is read differently (-Go +page):\n%s", text, diff)
		}
	}
	t.Logf("%d texts", len(texts))
}

// mutilated cuts two texts, joins them and puts odd characters in.
func mutilated(r *rand.Rand, a, b string) string {
	odd := []rune("'\"「」<>{}\\/@.-_%$:;|=!0123456789aoxils８０ｘーゔヴｳﾞﾟァｯ々々\n\u2028⏎\u200b\u0301\u3099 　𠮷😀éßİ한Ω\ufffd")
	runes := append([]rune(a)[:r.IntN(len([]rune(a))+1)], []rune(b)...)
	for range r.IntN(6) {
		at := r.IntN(len(runes) + 1)
		runes = append(runes[:at:at], append([]rune{odd[r.IntN(len(odd))]}, runes[at:]...)...)
	}
	return string(runes)
}

func vectors(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("../testdata/vectors.txt")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for line := range strings.Lines(string(data)) {
		quoted, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "> ")
		if !ok {
			continue
		}
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(quoted, `"`, `\"`) + `"`)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	return texts
}
