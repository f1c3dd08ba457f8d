package search

import (
	"math"
	"strings"
)

// rarity returns the weight of something that df of n articles have.
func rarity(n, df int) float64 {
	if df <= 0 {
		return math.Log(1+float64(n)) / 2 // known nowhere: a name, or misspelt
	}
	return math.Log(1 + float64(n)/float64(df))
}

// optionalShare is what an optional term weighs, compared with a fixed one.
const optionalShare = 0.5

// target is a wording or a title that queries are held against.
type target struct {
	codes []Code
	terms []Term
	texts map[string]bool // of terms
}

func newTarget(p Parsed) target {
	t := target{p.Codes, p.Terms, make(map[string]bool, len(p.Terms))}
	for _, term := range p.Terms {
		t.texts[term.Text] = true
	}
	return t
}

// likeness is how well a query agrees with a target.
type likeness struct {
	score     float64 // to rank by: more and rarer terms in common, fewer missing
	agreement float64 // 0 to 1: share of the terms that are in both
	from, to  int     // lines of the query that were compared
}

// prober is a query, prepared to be held against many targets.
type prober struct {
	Parsed
	places map[string][]int // indexes of a term
	weight func(term string) float64
	lines  map[string]float64 // what a term counts for that is in many lines: they are alike
	mass   []float64          // of the fixed terms, by line
	strays []string           // words that no article has: perhaps misspelt
	head   string             // the first word, which may lack its beginning, or empty
	tail   string             // the last word, which may lack its end, or empty
}

func newProber(text string, weight func(string) float64, known func(string) bool) *prober {
	p := Parse(text)
	q := &prober{Parsed: p, places: make(map[string][]int, len(p.Terms)), weight: weight, mass: make([]float64, p.Lines)}
	for i, t := range p.Terms {
		if len(q.places[t.Text]) == 0 && isLetter(rune(t.Text[0])) {
			if len(t.Text) >= shortestStray && !known(t.Text) {
				q.strays = append(q.strays, t.Text)
			}
			if i == 0 && t.From == 0 {
				q.head = t.Text
			}
			if i == len(p.Terms)-1 && t.To == len(text) {
				q.tail = t.Text
			}
		}
		q.places[t.Text] = append(q.places[t.Text], i)
	}
	q.lines = make(map[string]float64, len(q.places))
	for text, places := range q.places {
		lines, last := 0, -1
		for _, i := range places {
			if p.Terms[i].Line != last {
				lines++
				last = p.Terms[i].Line
			}
		}
		q.lines[text] = 1 / (1 + math.Log(float64(lines)))
	}
	for _, t := range p.Terms {
		if !t.Optional {
			q.mass[t.Line] += q.weightOf(t)
		}
	}
	return q
}

// How many letters a word needs to be recognised misspelt, and without the
// space next to it; and what it counts for then.
const (
	shortestStray = 4
	shortestGlued = 3
	strayShare    = 0.8
)

// compare holds the query against a target. Of a long query only the lines
// that agree best count.
func (q *prober) compare(t target) likeness {
	byLine := map[int]float64{}
	fixed := 0.0
	seen := make(map[string]bool, len(t.terms))
	for _, term := range t.terms {
		if seen[term.Text] {
			continue
		}
		seen[term.Text] = true
		w := q.weightOf(term)
		if !term.Optional {
			fixed += w
		}
		last := -1
		places, share := q.spelt(term.Text)
		for _, i := range places {
			if line := q.Terms[i].Line; line != last {
				byLine[line] += w * share
				last = line
			}
		}
	}
	if len(byLine) == 0 {
		return likeness{}
	}
	best, mass := 0, -1.0
	for line, w := range byLine {
		if w > mass || w == mass && line < best {
			best, mass = line, w
		}
	}
	return q.grow(t, fixed, best)
}

func (q *prober) weightOf(t Term) float64 {
	w := q.weight(t.Text)
	if t.Optional {
		w *= optionalShare
	}
	if lines, ok := q.lines[t.Text]; ok {
		w *= lines
	}
	return w
}

// spelt returns the places of a term, or of what is left of it: where the
// query was cut, where a letter is wrong, where a space is missing. The share
// says how much of the term that is.
func (q *prober) spelt(text string) (places []int, share float64) {
	if places := q.places[text]; len(places) > 0 || !isLetter(rune(text[0])) {
		return places, 1
	}
	if q.head != "" && strings.HasSuffix(text, q.head) {
		return []int{0}, float64(len(q.head)) / float64(len(text))
	}
	if q.tail != "" && strings.HasPrefix(text, q.tail) {
		return []int{len(q.Terms) - 1}, float64(len(q.tail)) / float64(len(text))
	}
	for _, stray := range q.strays {
		if len(text) >= shortestStray && oneEdit(stray, text) ||
			len(text) >= shortestGlued && (strings.HasPrefix(stray, text) || strings.HasSuffix(stray, text)) {
			return q.places[stray], strayShare
		}
	}
	return nil, 0
}

// grow compares the lines around the best one as long as that helps.
func (q *prober) grow(t target, fixed float64, line int) likeness {
	best := q.window(t, fixed, line, line+1)
	for best.to-best.from < 6 {
		next := best
		if best.from > 0 {
			next = q.window(t, fixed, best.from-1, best.to)
		}
		if best.to < len(q.mass) {
			if down := q.window(t, fixed, best.from, best.to+1); down.score > next.score {
				next = down
			}
		}
		if next.score <= best.score {
			break
		}
		best = next
	}
	return best
}

// window compares the lines from ≤ line < to.
func (q *prober) window(t target, fixed float64, from, to int) likeness {
	asked := 0.0
	for _, m := range q.mass[from:to] {
		asked += m
	}
	var common, commonFixed float64
	adjacent, pairs := 0, 0
	before := []int(nil)
	seen := make(map[string]bool, len(t.terms))
	for i, term := range t.terms {
		var places []int
		spelt, share := q.spelt(term.Text)
		for _, p := range spelt {
			if l := q.Terms[p].Line; l >= from && l < to {
				places = append(places, p)
			}
		}
		if i > 0 {
			pairs++
			if follows(before, places) {
				adjacent++
			}
		}
		before = places
		if len(places) == 0 || seen[term.Text] {
			continue
		}
		seen[term.Text] = true
		w := q.weightOf(term) * share
		common += w
		if !term.Optional {
			commonFixed += w
		}
	}
	if common == 0 {
		return likeness{from: from, to: to}
	}
	order := 1.0
	if pairs > 0 {
		order = float64(adjacent) / float64(pairs)
	}
	found, used := part(commonFixed, fixed), part(common, asked)
	agreement := (0.55*found + 0.45*used) * (0.8 + 0.2*order)
	return likeness{common * agreement, agreement, from, to}
}

// part returns some/whole, 1 at most.
func part(some, whole float64) float64 {
	if whole <= some {
		return 1
	}
	return some / whole
}

// follows reports whether a place in b comes right after one in a.
func follows(a, b []int) bool {
	for _, i := range a {
		for _, j := range b {
			if j == i+1 {
				return true
			}
		}
	}
	return false
}

// oneEdit reports whether two words differ by one letter that is missing,
// added, wrong, or swapped with its neighbour.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
