package search

import "unicode/utf8"

// folded is a text without what spellings may differ in: see "Folding" in the
// package comment.
type folded struct {
	runes []rune
	at    []int // byte offset in the text that each rune comes from
}

// newline separates lines in a folded text.
const newline = '\n'

func fold(text string) folded {
	f := folded{make([]rune, 0, len(text)), make([]int, 0, len(text))}
	vu := false // the last rune is ヴ, which a small vowel may follow
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		r = usualWidth(r)
		last := len(f.runes) - 1
		switch {
		case isVoicing(r) && last >= 0 && f.runes[last] == 'ウ':
			f.runes[last], vu = 'フ', true
		case isVoicing(r) || isInvisible(r):
		case vu && isSmallVowel(r):
			f.runes[last], vu = vuRow(r), false
		case r == '\'' && last >= 0 && isLetter(f.runes[last]) && startsWithLetter(text[at+size:]):
			// can't is one word, whatever the apostrophe
		default:
			vu = r == 'ヴ'
			f.runes = append(f.runes, plain(r))
			f.at = append(f.at, at)
		}
		at += size
	}
	return f
}

// halfWidth are the katakana of which U+FF66 to U+FF9D are the half-width
// forms.
const halfWidth = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"

// usualWidth maps full-width ASCII, half-width katakana and the many forms of
// quotation marks and spaces to what is usual.
func usualWidth(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		r = r - 0xff01 + '!'
	case r >= 0xff66 && r <= 0xff9d:
		r, _ = utf8.DecodeRuneInString(halfWidth[3*(r-0xff66):])
	}
	switch r {
	case '‘', '’', '‛', '′', '`', '´':
		return '\''
	case '“', '”', '„', '‟', '″', '«', '»':
		return '"'
	case '『':
		return '「'
	case '』':
		return '」'
	case '¥', '￥':
		return '\\' // as Japanese fonts show it
	case '\r', 0x85, 0x2028, 0x2029, '⏎':
		return newline
	case '\t', 0xa0, 0x202f, 0x3000:
		return ' '
	case '‐', '‑', '‒', '–', '—', '―', '−', 'ー':
		return '-' // long vowel marks do not count either
	}
	return r
}

// isVoicing reports whether r is a voicing mark of its own.
func isVoicing(r rune) bool {
	switch r {
	case 0x3099, 0x309a, '゛', '゜', 0xff9e, 0xff9f:
		return true
	}
	return false
}

// isInvisible reports whether r is a character without an extent of its own:
// zero-width, direction and joining marks, accents, variation selectors.
func isInvisible(r rune) bool {
	return r == 0xad || r >= 0x300 && r <= 0x36f || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e ||
		r >= 0x2060 && r <= 0x206f || r >= 0xfe00 && r <= 0xfe0f || r == 0xfeff
}

func isSmallVowel(r rune) bool {
	return r == 'ァ' || r == 'ィ' || r == 'ェ' || r == 'ォ'
}

// vuRow returns what ヴ and a small vowel are folded to: ヴァ is バ is ハ.
func vuRow(vowel rune) rune {
	switch vowel {
	case 'ァ':
		return 'ハ'
	case 'ィ':
		return 'ヒ'
	case 'ェ':
		return 'ヘ'
	}
	return 'ホ'
}

// katakana holds what U+30A1 to U+30F6 are folded to: small forms to large,
// voiced to unvoiced.
const katakana = "アアイイウウエエオオカカキキククケケココササシシススセセソソタタチチツツツテテトトナニヌネノハハハヒヒヒフフフヘヘヘホホホマミムメモヤヤユユヨヨラリルレロワワイエオンフカケ"

// latin holds what U+00C0 to U+017F are folded to; the two signs among them
// are separators.
const latin = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty" +
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll" +
	"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"

// plain maps a rune to its small, unaccented, unvoiced form.
func plain(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return r + ('a' - 'A')
	case r < 0xc0:
		return r
	case r <= 0x17f:
		return rune(latin[r-0xc0])
	case r >= 0x391 && r <= 0x3a9 || r >= 0x410 && r <= 0x42f:
		return r + 0x20
	case r >= 0x400 && r <= 0x40f:
		return r + 0x50
	case r >= 0x30a1 && r <= 0x30f6:
		r, _ = utf8.DecodeRuneInString(katakana[3*(r-0x30a1):])
		return r
	case r >= 0x3041 && r <= 0x3096:
		r, _ = utf8.DecodeRuneInString(katakana[3*(r-0x3041):])
		return r - 0x60
	}
	return r
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' }

func startsWithLetter(s string) bool {
	return s != "" && isLetter(rune(s[0]|0x20))
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isCJK reports whether r is written without spaces between words.
func isCJK(r rune) bool {
	switch {
	case r < 0x3005:
		return false
	case r < 0x3100:
		return r <= 0x3007 || r >= 0x3041 && r <= 0x3096 || r >= 0x309d && r <= 0x309e ||
			r >= 0x30a1 && r <= 0x30fa || r >= 0x30fd && r <= 0x30fe
	}
	return r >= 0x3400 && r <= 0x4dbf || r >= 0x4e00 && r <= 0x9fff || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0x20000 && r <= 0x3ffff
}

// isWord reports whether r is a part of words that spaces separate: a letter,
// a digit, or _.
func isWord(r rune) bool {
	switch {
	case r < 0xc0:
		return isLetter(r) || isDigit(r) || r == '_'
	case r >= 0x2000 && r <= 0x2bff, r >= 0x2e00 && r <= 0x2e7f, r >= 0x3000 && r <= 0x33ff,
		r >= 0xd800 && r <= 0xf8ff, r >= 0xfe00 && r <= 0xfe6f, r >= 0xff00 && r <= 0xffff, r >= 0xe0000:
		return false
	}
	return !isCJK(r)
}
