package search

import (
	"slices"
	"sort"
	"strings"
)

// Doc is an error that can be found: its articles in one or two languages.
type Doc struct {
	Slug     string
	Versions []Version
}

// Version is the article about an error in one language.
type Version struct {
	Lang     string // ja or en
	Title    string
	Wordings []string // observed error texts
	Tags     []string
	Headings []string
	Body     string // plain text; may be empty
}

// Field says where in an article something was found.
type Field string

// Fields, in the order of their weight.
const (
	InWording Field = "wording"
	InTitle   Field = "title"
	InHeading Field = "heading" // headings and tags
	InBody    Field = "body"
)

// Reason says what a hit was found by.
type Reason string

// Reasons, strongest first.
const (
	ByCode    Reason = "code"
	ByWording Reason = "wording"
	ByText    Reason = "text"
)

// Hit is a Doc that was found.
type Hit struct {
	Doc   int // in the list that New was given
	Score float64
	By    Reason
	Codes []string // keys that query and article share
	In    Field
	Lang  string // of the version
	Text  string // the wording or title that matched; empty if it was another field
}

// Result is the answer to a query.
type Result struct {
	Codes []Code // that were understood
	Hits  []Hit  // best first
}

// Corpus is a set of articles, prepared to be searched.
type Corpus struct {
	docs    []Doc
	targets [][]fieldTarget
	codes   map[string]map[int]CodeLevel
	df      map[string]int
	text    map[string]map[int]Field // of headings, tags and bodies
}

type fieldTarget struct {
	target
	version, wording int // wording -1: the title
}

// CodeLevel says how close a code is to an article.
type CodeLevel int

const (
	CodeInBody  CodeLevel = iota + 1
	CodeDerived           // means the same as one in a wording
	CodeStrong            // in a wording or the title
)

// Equivalents returns the codes that mean the same as the one with this key.
type Equivalents func(key string) []string

// New prepares docs to be searched. Equivalents may be nil.
func New(docs []Doc, equivalents Equivalents) *Corpus {
	c := &Corpus{docs, make([][]fieldTarget, len(docs)), map[string]map[int]CodeLevel{}, map[string]int{}, map[string]map[int]Field{}}
	for i, doc := range docs {
		terms := map[string]bool{}
		for v, version := range doc.Versions {
			c.addTarget(i, v, -1, version.Title, terms, equivalents)
			for w, wording := range version.Wordings {
				c.addTarget(i, v, w, wording, terms, equivalents)
			}
		}
		for v := range doc.Versions {
			c.addText(i, &doc.Versions[v])
		}
		for term := range terms {
			c.df[term]++
		}
	}
	return c
}

func (c *Corpus) addTarget(doc, version, wording int, text string, terms map[string]bool, equivalents Equivalents) {
	p := Parse(text)
	t := fieldTarget{newTarget(p), version, wording}
	c.targets[doc] = append(c.targets[doc], t)
	for term := range t.texts {
		terms[term] = true
	}
	for _, code := range p.Codes {
		c.addCode(doc, code.Key, CodeStrong)
		for _, key := range Beginnings(code.Key) {
			c.addCode(doc, key, CodeDerived)
		}
		if equivalents == nil {
			continue
		}
		for _, key := range equivalents(code.Key) {
			c.addCode(doc, key, CodeDerived)
		}
	}
}

func (c *Corpus) addCode(doc int, key string, level CodeLevel) {
	levels := c.codes[key]
	if levels == nil {
		levels = map[int]CodeLevel{}
		c.codes[key] = levels
	}
	levels[doc] = max(levels[doc], level)
}

func (c *Corpus) addText(doc int, v *Version) {
	add := func(text string, field Field) {
		p := Parse(text)
		for _, code := range p.Codes {
			c.addCode(doc, code.Key, CodeInBody)
		}
		for _, t := range p.Terms {
			docs := c.text[t.Text]
			if docs == nil {
				docs = map[int]Field{}
				c.text[t.Text] = docs
			}
			if _, ok := docs[doc]; !ok {
				docs[doc] = field
			}
		}
	}
	for _, heading := range slices.Concat(v.Headings, v.Tags) {
		add(heading, InHeading)
	}
	add(v.Body, InBody)
}

// atLeast is the agreement below which a wording is not found.
const atLeast = 0.3

// Find searches for a query of any length.
func (c *Corpus) Find(query string) Result {
	q := newProber(query, func(term string) float64 { return rarity(len(c.docs), c.df[term]) }, func(term string) bool { return c.df[term] > 0 })
	result := Result{Codes: q.Codes}
	if key := unfinished(q.Codes, query); key != "" {
		q.Codes = append(slices.Clone(q.Codes), Code{Key: key})
	}
	found := map[int]bool{}
	for doc := range c.docs {
		if hit, ok := c.hit(q, doc); ok {
			result.Hits = append(result.Hits, hit)
			found[doc] = true
		}
	}
	for _, hit := range c.findText(q.Terms) {
		if !found[hit.Doc] {
			result.Hits = append(result.Hits, hit)
		}
	}
	hits := result.Hits
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].Score > hits[j].Score }) // generics would cost the probe 5 KB
	return result
}

// tier lifts what was found by a code above everything else.
const tier = 1000

func (c *Corpus) hit(q *prober, doc int) (Hit, bool) {
	hit := Hit{Doc: doc}
	strong := false
	for _, code := range q.Codes {
		level := c.codes[code.Key][doc]
		if level == 0 {
			continue
		}
		hit.Codes = append(hit.Codes, code.Key)
		value := rarity(len(c.docs), len(c.codes[code.Key])) * levelShare(level) * keyShare(code.Key)
		hit.Score += codeWorth * value
		strong = strong || level == CodeStrong && keyShare(code.Key) >= strongKey
	}
	best := c.bestTarget(q, &hit)
	best.score += titleBonus * c.inTitles(q, hit)
	switch {
	case strong:
		hit.By = ByCode
		hit.Score += tier + best.score
	case best.agreement >= atLeast:
		hit.By = ByWording
		hit.Score += best.score
	case len(hit.Codes) > 0:
		hit.By = ByCode
	default:
		return hit, false
	}
	return hit, true
}

// inTitles weighs the terms of a query that are in a title of a document but
// not in what matched: the product, of messages that several have.
func (c *Corpus) inTitles(q *prober, hit Hit) float64 {
	sum := 0.0
	if len(q.Terms) > longestInText {
		return sum
	}
	matched := map[string]bool{}
	for _, t := range Parse(hit.Text).Terms {
		matched[t.Text] = true
	}
	for _, term := range q.Terms {
		if matched[term.Text] {
			continue
		}
		matched[term.Text] = true
		for _, t := range c.targets[hit.Doc] {
			if t.wording < 0 && t.texts[term.Text] {
				sum += q.weight(term.Text)
				break
			}
		}
	}
	return sum
}

// bestTarget compares the query with the titles and wordings of a document
// and notes the best one in hit: what agrees best, else what holds a code.
func (c *Corpus) bestTarget(q *prober, hit *Hit) likeness {
	var best likeness
	for _, t := range c.targets[hit.Doc] {
		like := q.compare(t.target)
		if t.wording < 0 {
			like.score *= titleShare
		}
		coded := hit.Text == "" && slices.ContainsFunc(t.codes, func(code Code) bool { return slices.Contains(hit.Codes, code.Key) })
		if like.score <= best.score && !coded {
			continue
		}
		if like.score > best.score {
			best = like
		}
		version := c.docs[hit.Doc].Versions[t.version]
		hit.Lang = version.Lang
		if t.wording < 0 {
			hit.In, hit.Text = InTitle, version.Title
		} else {
			hit.In, hit.Text = InWording, version.Wordings[t.wording]
		}
	}
	return best
}

const (
	titleShare = 0.9
	titleBonus = 0.3
	codeWorth  = 3
	strongKey  = 0.6
)

func levelShare(level CodeLevel) float64 {
	switch level {
	case CodeStrong:
		return 1
	case CodeDerived:
		return 0.4
	}
	return 0.3
}

// keyShare is how sure it is that a key is an error code at all.
func keyShare(key string) float64 {
	family, value, _ := strings.Cut(key, ":")
	switch {
	case family == "num" && len(value) < 3:
		return 0.2
	case family == "num":
		return 0.6
	case family == "event":
		return 0.8
	}
	return 1
}

// How much of the query an article has to have that is found by its text, and
// up to which length a query is looked for there.
const (
	textAtLeast   = 0.6
	longestInText = 160 // terms
)

// findText looks for the terms anywhere in the articles.
func (c *Corpus) findText(terms []Term) []Hit {
	if len(terms) > longestInText {
		return nil
	}
	sums, whole := map[int]float64{}, 0.0
	seen := map[string]bool{}
	for _, t := range terms {
		if t.Optional || seen[t.Text] {
			continue
		}
		seen[t.Text] = true
		worth := rarity(len(c.docs), max(c.df[t.Text], len(c.text[t.Text])))
		whole += worth
		for doc := range c.docs {
			sums[doc] += worth * c.textShare(doc, t.Text)
		}
	}
	var hits []Hit
	for doc := range c.docs {
		if sum := sums[doc]; whole > 0 && sum >= whole*textAtLeast {
			v := c.docs[doc].Versions[0]
			hits = append(hits, Hit{Doc: doc, Score: sum / whole * atLeast, By: ByText, In: InBody, Lang: v.Lang})
		}
	}
	return hits
}

// textShare is what a term counts for in an article: most in a title or
// wording, less in a heading or tag, least in the body.
func (c *Corpus) textShare(doc int, term string) float64 {
	for _, t := range c.targets[doc] {
		if t.texts[term] {
			return 1.4
		}
	}
	switch c.text[term][doc] {
	case InHeading:
		return 1.2
	case InBody:
		return 1
	}
	return 0
}
