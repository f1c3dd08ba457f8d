package article

import (
	"unicode"

	"kbgen/internal/kb/check"
)

// LangOf tells the language of a wording by its letters: Japanese if it has a
// kana or a kanji, else English. It is empty for a wording without letters. An
// article may quote messages in both languages.
func LangOf(wording string) (lang check.Lang) {
	for _, r := range wording {
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han):
			return check.JA
		case unicode.IsLetter(r):
			lang = check.EN
		}
	}
	return lang
}
