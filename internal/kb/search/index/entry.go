package index

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"kbgen/internal/kb/search"
)

// Entry is what the index holds of one document. It depends on nothing but
// the document, so that it can be made ahead, side by side, and kept.
type Entry struct {
	slug    string
	record  json.RawMessage
	keys    map[string]search.CodeLevel
	codes   map[uint32]level
	words   map[uint32]level
	affixes map[uint32]level
	texts   map[uint32]level
}

// level is 0 to 3; what it means depends on the set.
type level uint32

const (
	inText    level = 0
	inHeading level = 1
)

type levels map[uint32]level

func (ls levels) add(hash uint32, l level) {
	if old, ok := ls[hash]; !ok || l > old {
		ls[hash] = l
	}
}

// longestInRecord is how many runes of a wording a record holds.
const longestInRecord = 400

// NewEntry indexes a document for a site in these languages. Equivalents may be nil.
func NewEntry(langs []string, doc search.Doc, equivalents search.Equivalents) (Entry, error) {
	e := Entry{doc.Slug, nil, map[string]search.CodeLevel{}, levels{}, levels{}, levels{}, levels{}}
	record := []any{doc.Slug}
	for _, lang := range langs {
		shown := []string{}
		for _, v := range doc.Versions {
			if v.Lang == lang {
				shown = e.version(v, equivalents)
			}
		}
		record = append(record, shown)
	}
	for hash := range e.texts {
		if _, ok := e.words[hash]; ok {
			delete(e.texts, hash)
		}
	}
	var err error
	if e.record, err = json.Marshal(record); err != nil {
		return Entry{}, fmt.Errorf("%s: %w", doc.Slug, err)
	}
	return e, nil
}

func (e *Entry) version(v search.Version, equivalents search.Equivalents) []string {
	shown := []string{v.Title}
	e.target(v.Title, equivalents)
	for _, wording := range v.Wordings {
		e.target(wording, equivalents)
		shown = append(shown, cut(wording))
	}
	for _, heading := range v.Headings {
		e.text(heading, inHeading)
	}
	for _, tag := range v.Tags {
		e.text(tag, inHeading)
	}
	e.text(v.Body, inText)
	return shown
}

func (e *Entry) target(text string, equivalents search.Equivalents) {
	p := search.Parse(text)
	l := brevity(len(p.Terms))
	for _, t := range p.Terms {
		levels(e.words).add(Hash(t.Text), l)
		for _, affix := range Affixes(t.Text) {
			levels(e.affixes).add(Hash(affix), l)
		}
	}
	for _, c := range p.Codes {
		e.code(c.Key, search.CodeStrong)
		for _, key := range search.Beginnings(c.Key) {
			levels(e.codes).add(Hash(key), level(search.CodeDerived))
		}
		if equivalents == nil {
			continue
		}
		for _, key := range equivalents(c.Key) {
			e.code(key, search.CodeDerived)
		}
	}
}

func (e *Entry) text(text string, l level) {
	p := search.Parse(text)
	for _, t := range p.Terms {
		levels(e.texts).add(Hash(t.Text), l)
	}
	for _, c := range p.Codes {
		e.code(c.Key, search.CodeInBody)
	}
}

func (e *Entry) code(key string, l search.CodeLevel) {
	e.keys[key] = max(e.keys[key], l)
	levels(e.codes).add(Hash(key), level(l))
}

// Codes returns the keys of the codes, and how close they are to the document.
func (e *Entry) Codes() map[string]search.CodeLevel { return e.keys }

// brevity is the level of a term of a text with n terms.
func brevity(n int) level {
	switch {
	case n <= 6:
		return 3
	case n <= 14:
		return 2
	case n <= 40:
		return 1
	}
	return 0
}

func cut(s string) string {
	if len(s) <= longestInRecord {
		return s
	}
	n := 0
	for i := range s {
		if n == longestInRecord {
			return s[:i]
		}
		n++
	}
	return s
}

// Affixes returns the terms of set a for a word of letters and digits: its
// beginning and its end, three letters or four. A wrong letter leaves one of
// them. A short word has none.
func Affixes(word string) []string {
	if len(word) < 5 || word[0] < 'a' || word[0] > 'z' || utf8.RuneCountInString(word) != len(word) {
		return nil
	}
	n := 3
	if len(word) >= 8 {
		n = 4
	}
	return []string{"^" + word[:n], word[len(word)-n:] + "$"}
}

// Hash names a term: FNV-1a of its UTF-8 bytes, mixed so that the low bits
// choose evenly.
func Hash(term string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(term); i++ {
		h = (h ^ uint32(term[i])) * 16777619
	}
	h ^= h >> 16
	h *= 0x45d9f3b
	return h ^ h>>16
}
