package site

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// hostile makes fragments that somebody may have written to break the page.
type hostile struct {
	*rand.Rand
	good object
}

func (h hostile) pick(list ...string) string { return list[h.IntN(len(list))] }

// nasty is a text that wants to be something else.
func (h hostile) nasty() string {
	return h.pick(
		`<script>window.hacked = 1</script>`, `<img src=x onerror="window.hacked=1">`, `"><svg onload=window.hacked=1>`,
		"javascript:window.hacked=1", "__proto__", "constructor", "toString", "hasOwnProperty", "../../evil", "//evil.example/x",
		"\x00\x1b[2J", "\u202e\u2066\u2028", "\ufeff", "", " ", "%3Cscript%3E", "${alert(1)}", "{slug}", "kb:results", "'\"`&;|",
		strings.Repeat("A", 1+h.IntN(5000)), strings.Repeat("あ ", 1+h.IntN(2000)), "access.path-acl", "temp-missing", "denied", "internal",
	)
}

// wrong is a JSON value that nothing expects.
func (h hostile) wrong() any {
	switch h.IntN(9) {
	case 0:
		return nil
	case 1:
		return h.IntN(2) == 0
	case 2:
		return h.Float64() * 1e300
	case 3:
		return -h.Int()
	case 4:
		return []any{h.nasty(), []any{nil}, object{}}
	case 5:
		return object{h.nasty(): h.nasty(), "length": 1e9, "0": h.nasty()}
	case 6:
		return object{"__proto__": object{"steps": []any{}, "slug": h.nasty()}, "toString": 1}
	}
	return h.nasty()
}

// spoil replaces a few of the values in a tree.
func (h hostile) spoil(v any) any {
	if h.IntN(8) == 0 {
		return h.wrong()
	}
	switch v := v.(type) {
	case object:
		spoilt := object{}
		for name, inner := range v {
			spoilt[name] = h.spoil(inner)
		}
		if h.IntN(3) == 0 {
			spoilt[h.nasty()] = h.wrong()
		}
		return spoilt
	case []any:
		var spoilt []any
		for _, inner := range v {
			spoilt = append(spoilt, h.spoil(inner))
		}
		return spoilt
	}
	return v
}

func (h hostile) fragment() string {
	data, err := json.Marshal(h.good)
	if err != nil {
		panic(err)
	}
	switch h.IntN(8) {
	case 0: // cut off
		data = data[:h.IntN(len(data))]
	case 1: // not base64
		encoded := []byte(base64.RawURLEncoding.EncodeToString(data))
		for range 1 + h.IntN(5) {
			encoded[h.IntN(len(encoded))] = "+/=.%#? \\<>\"'"[h.IntN(13)]
		}
		return "#kbprobe=1." + string(encoded)
	case 2: // bytes changed at random
		for range 1 + h.IntN(10) {
			data[h.IntN(len(data))] = byte(h.IntN(256))
		}
	case 3: // very deep
		depth := 100 + h.IntN(20_000)
		data = []byte(strings.Repeat(`{"steps":[`, depth) + strings.Repeat(`]}`, depth))
	case 4: // very long
		step := `{"a":"access.path-acl","f":[` + strings.Repeat(`{"i":"denied","x":{"what":"x"}},`, h.IntN(300)) + `{}]},`
		data = []byte(`{"slug":"temp-folder-denied","steps":[` + strings.Repeat(step, 1+h.IntN(20)) + `{}]}`)
	case 5:
		return "#kbprobe=" + h.pick("", "1", "1.", "2.", "1.e30", "1.bnVsbA", "1.IiI", "1.W10", "1.MQ", "."+h.nasty(), h.nasty())
	default:
		spoilt, err := json.Marshal(h.spoil(h.good))
		if err != nil {
			panic(err)
		}
		data = spoilt
		if h.IntN(4) == 0 { // known findings, nasty values
			data = bytes.ReplaceAll(data, []byte(`D:\\Temp`), []byte(`<img src=x onerror=window.hacked=1>`))
		}
	}
	return "#kbprobe=1." + base64.RawURLEncoding.EncodeToString(data)
}

// inspect puts fragments into the address of the open page, one after the other,
// and says of each what is shown and what is wrong then. The pause is for the
// browser, which complains about more than 20 addresses a second.
const inspect = `(async (fragments) => {
	const seen = [];
	for (const fragment of fragments) {
		if (fragment !== "") {
			const changed = new Promise((done) => addEventListener("hashchange", done, { once: true }));
			const before = location.href;
			location.hash = fragment;
			await Promise.all([location.href === before || changed, new Promise((done) => setTimeout(done, 55))]);
		}
		seen.push({ Shown: document.querySelector(".from-results")?.className ?? "nothing", Wrong: state() });
	}
	return seen;

	function state() {
	const shown = [...document.querySelectorAll(".from-results")];
	const wrong = [];
	if (window.hacked !== undefined || ({}).slug !== undefined) wrong.push("script has run");
	for (const part of shown) {
		if (part.querySelector("script, img, svg, iframe, object, embed, form, [style], [onload], [onerror]")) wrong.push("element: " + part.innerHTML);
		for (const link of part.querySelectorAll("a")) {
			if (link.origin !== location.origin || !link.pathname.startsWith("/en/")) wrong.push("link: " + link.href);
		}
	}
	if (document.querySelectorAll(".from-results.results, .from-results.notice").length > 1) wrong.push("several results");
	if (document.querySelectorAll("article > section > h2").length !== 12 + document.querySelectorAll(".results").length) wrong.push("sections");
	if (document.querySelectorAll(".step").length !== 3 || document.querySelector("h1").textContent !== "The temporary folder cannot be written") wrong.push("article");
	if (document.documentElement.scrollWidth > innerWidth) wrong.push("too wide");
	if (document.body.innerText.length > 400000) wrong.push("too long");
	const fetched = performance.getEntriesByType("resource").map((e) => e.name).filter((n) => !/\/assets\/|favicon/.test(n));
	if (fetched.length > 0) wrong.push("fetched: " + fetched);
	return wrong.join("; ").slice(0, 2000);
	}
})`

// Whatever stands behind #kbprobe=, the page stays whole, runs nothing, loads
// nothing and complains about nothing.
func TestHostileFragments(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := openTab(t, withCauses(t))
	b.do(chromedp.EmulateViewport(320, 640))
	h := hostile{rand.New(rand.NewPCG(20, 26)), tempFolderResults(t)}
	shown := map[string]int{}
	const groups, size = 25, 20
	for range groups {
		var fragments []string
		for range size {
			fragments = append(fragments, h.fragment())
		}
		// The page is opened with the first and then gets the others.
		b.open("/en/temp-folder-denied/" + fragments[0])
		list, err := json.Marshal(append([]string{""}, fragments[1:]...))
		if err != nil {
			t.Fatal(err)
		}
		seen, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]struct{ Shown, Wrong string }](inspect+"("+string(list)+")", chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range seen {
			shown[s.Shown]++
			if s.Wrong != "" {
				t.Errorf("%s\n%s", s.Wrong, shorten(fragments[i]))
			}
		}
	}
	t.Log(shown)
	// The fragments are worth something only if they come to different ends.
	if shown["notice from-results"] < 50 || shown["results from-results"] < 50 {
		t.Errorf("shown: %v", shown)
	}
}

// The same of what is pasted.
func TestHostileReports(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	b := openTab(t, withCauses(t))
	b.do(chromedp.EmulateViewport(320, 640))
	h := hostile{rand.New(rand.NewPCG(11, 22)), object{
		"schema": 1, "slug": "temp-folder-denied", "plan": "0123456", "time": "2026-11-22T10:00:00+09:00", "os": "10.0.26200",
		"steps": []any{object{"anchor": "access.path-acl", "findings": []any{
			object{"id": "refused", "values": object{"path": `D:\Temp`, "wanted": "modify"}}, object{"id": "denied", "values": object{"what": "x"}},
		}}},
	}}
	b.open("/en/temp-folder-denied/")
	b.do(chromedp.Evaluate[chromedp.Void]("document.querySelector('.paste').closest('details').open = true; undefined"))
	shown := map[string]int{}
	for range 100 {
		report, err := json.Marshal(h.spoil(h.good))
		if err != nil {
			t.Fatal(err)
		}
		text := string(report)
		if h.IntN(5) == 0 {
			text = h.pick("", "null", "[]", "1e999", text[:h.IntN(len(text))], h.nasty(), strings.Repeat("[", 100_000), "#kbprobe=1."+h.nasty())
		}
		seen, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]struct{ Shown, Wrong string }](`new Promise((done) => {
			document.querySelector("[data-clear]")?.click();
			document.querySelector(".paste textarea").value = `+quoted(text)+`;
			document.querySelector(".paste").requestSubmit();
			setTimeout(done, 110);
		}).then(() => `+inspect+`([""]))`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		shown[seen[0].Shown]++
		if seen[0].Wrong != "" {
			t.Errorf("%s\n%.500s", seen[0].Wrong, text)
		}
	}
	t.Log(shown)
	if shown["results from-results"] < 20 || shown["nothing"] < 20 {
		t.Errorf("shown: %v", shown)
	}
}

func shorten(fragment string) string {
	if data, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(fragment, "#kbprobe=1.")); err == nil {
		fragment = string(data)
	}
	return url.QueryEscape(fragment[:min(len(fragment), 500)])
}
