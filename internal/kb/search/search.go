// Package search finds articles by an error message, in whatever form it was
// pasted or typed.
//
// It compares folded texts (see [Fold]) by the pairs of neighbouring
// characters that they share, which needs no dictionary and works alike for
// Japanese and English, for a message that is cut off and for one inside a
// longer text.
package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold maps the spellings of a text that should not matter onto one: Unicode
// compatibility forms (full- and half-width), case, and everything that is
// not a letter or a digit.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != 'ー' {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(s))
}

// Hit is a text that was found.
type Hit struct {
	Index int     // in the list that was searched
	Score float64 // share of the shorter text's pairs that both have, 0 to 1
}

// Texts returns the texts that are like query, best first: those that hold
// it or are held by it, and those that share at least half of the pairs.
func Texts(query string, texts []string) []Hit {
	q := pairs(Fold(query))
	if len(q) == 0 {
		return nil
	}
	var hits []Hit
	for i, text := range texts {
		if score := likeness(q, pairs(Fold(text))); score >= 0.5 {
			hits = append(hits, Hit{i, score})
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	return hits
}

func pairs(s string) map[[2]rune]bool {
	set := map[[2]rune]bool{}
	runes := []rune(s)
	for i := 1; i < len(runes); i++ {
		set[[2]rune{runes[i-1], runes[i]}] = true
	}
	return set
}

func likeness(a, b map[[2]rune]bool) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 0
	}
	shared := 0
	for pair := range a {
		if b[pair] {
			shared++
		}
	}
	return float64(shared) / float64(len(a))
}
