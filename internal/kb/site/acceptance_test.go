package site

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/chromedp/chromedp"

	"kbgen/internal/kb/search"
)

// pasted is a part of an error text that somebody may paste.
type pasted struct {
	Slug string `json:"slug"`
	Text string `json:"text"`
}

// partsOfMessages returns the parts of every error text of the shipped
// articles that are at least eight characters long and hold a code of it, or
// six Japanese characters.
func partsOfMessages(t *testing.T) []pasted {
	t.Helper()
	docs, _, err := Docs(inputOf(t, os.DirFS("../../..")))
	if err != nil {
		t.Fatal(err)
	}
	var parts []pasted
	for _, doc := range docs {
		for _, v := range doc.Versions {
			for _, wording := range v.Wordings {
				codes := keysOf(wording)
				runes := []rune(wording)
				for from := range runes {
					for _, length := range []int{8, 9, 11, 14, 18, 24, 36, 60, len(runes)} {
						text := string(runes[from:min(from+length, len(runes))])
						if len([]rune(text)) >= 8 && (japanese(text) >= 6 || sharesCode(text, codes)) {
							parts = append(parts, pasted{doc.Slug, text})
						}
					}
				}
			}
		}
	}
	return parts
}

func keysOf(text string) []string {
	var keys []string
	for _, c := range search.Parse(text).Codes {
		keys = append(keys, c.Key)
	}
	return keys
}

func sharesCode(text string, codes []string) bool {
	return slices.ContainsFunc(keysOf(text), func(key string) bool { return slices.Contains(codes, key) })
}

func japanese(text string) int {
	n := 0
	for _, r := range text {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) {
			n++
		}
	}
	return n
}

// Every such part finds its article among the first three: all of them asked
// of the search worker of the emitted site, some typed into the box.
func TestAcceptance(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	parts := partsOfMessages(t)
	if len(parts) < 5000 {
		t.Fatalf("only %d parts", len(parts))
	}
	b := searchTab(t, nil)
	b.open("/ja/checks/")
	data, err := json.Marshal(parts)
	if err != nil {
		t.Fatal(err)
	}
	b.ask(`(() => {
		globalThis.missed = [];
		globalThis.asked = 0;
		const parts = ` + string(data) + `;
		const worker = new Worker(document.querySelector(".search").dataset.worker, {type: "module"});
		const next = () => worker.postMessage({id: asked, base: "/", text: parts[asked].text});
		worker.onmessage = ({data}) => {
			if (!data.hits.slice(0, 3).some((hit) => hit.slug === parts[asked].slug)) {
				missed.push(parts[asked].slug + ": " + parts[asked].text);
			}
			if (++asked < parts.length) {
				next();
			}
		};
		next();
	})()`)
	for deadline := time.Now().Add(4 * time.Minute); b.ask("asked") != strconv.Itoa(len(parts)); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s of %d parts asked", b.ask("asked"), len(parts))
		}
	}
	if missed := b.ask(`missed.slice(0, 10).join("\n")`); missed != "" {
		t.Errorf("%s of %d parts do not find their article:\n%s", b.ask("missed.length"), len(parts), missed)
	}
	t.Logf("%d parts", len(parts))

	r := rand.New(rand.NewPCG(2, 2))
	for range 40 {
		p := parts[r.IntN(len(parts))]
		b.typeText("")
		b.wait(`document.querySelector(".search-option") === null`)
		b.do(chromedp.SendKeys(".search input", strings.Map(printable, p.Text)))
		b.wait(`[...document.querySelectorAll(".search-option[href^='/ja/']")].slice(0, 3).some((a) => a.getAttribute("href") === ` + quoted("/ja/"+p.Slug+"/") + `)`)
	}
}

// printable leaves out what is a key of its own.
func printable(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}
