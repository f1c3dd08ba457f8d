package article

import (
	"unicode"

	"kbgen/internal/kb/check"
)

// LangOf tells the language of a wording: Japanese if it has a kana or a
// kanji, else English. An article may quote messages in both.
func LangOf(wording string) check.Lang {
	for _, r := range wording {
		if unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) {
			return check.JA
		}
	}
	return check.EN
}
