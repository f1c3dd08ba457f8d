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
	"unicode/utf8"
)

// Fold maps the spellings of a text that should not matter onto one: full-
// and half-width forms, case, and everything that is not a letter or a digit.
func Fold(s string) string {
	var folded []rune
	for _, r := range s {
		r = unicode.ToLower(usualWidth(r))
		last := len(folded) - 1
		switch {
		case last >= 0 && r == '゛' && strings.ContainsRune(plainKana, folded[last]):
			folded[last]++ // in Unicode, ガ follows カ
		case last >= 0 && r == '゜' && strings.ContainsRune("ハヒフヘホ", folded[last]):
			folded[last] += 2
		case last >= 0 && r == '゛' && folded[last] == 'ウ':
			folded[last] = 'ヴ'
		case unicode.IsLetter(r) && r != '゛' && r != '゜' || unicode.IsDigit(r):
			folded = append(folded, r)
		}
	}
	return string(folded)
}

// plainKana are the katakana that a voicing mark can follow, but for ウ.
const plainKana = "カキクケコサシスセソタチツテトハヒフヘホ"

// halfWidth are the katakana of which U+FF66 to U+FF9F are the half-width
// forms.
const halfWidth = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜"

// usualWidth maps full-width ASCII and half-width katakana to what is usual.
func usualWidth(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xff01 + '!'
	case r >= 0xff66 && r <= 0xff9f:
		r, _ = utf8.DecodeRuneInString(halfWidth[3*(r-0xff66):])
	}
	return r
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
