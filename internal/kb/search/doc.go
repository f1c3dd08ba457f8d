// Package search finds an article by whatever of an error message somebody
// has: all of it or the middle, with other names in it, a code in any
// spelling, a line of a log, a scan.
//
// It is the specification of the search, and the search of kbgen and of the
// probe. The page's search, templates/assets/search/*.ts, is its twin: the
// same functions under the same names. testdata/vectors.txt is what both
// must answer to; package index writes the files that the page reads.
//
// # Folding
//
// A text is folded character by character before anything else:
//
//   - Full-width ASCII becomes ASCII, half-width katakana full-width.
//   - Letters become small; accents go.
//   - Kana lose voicing marks (が か, パ ハ) and small forms (ッ ツ): scans
//     confuse them. ヴ is read as ブ, ヴァ as バ and so on.
//   - Long vowel marks, dashes and minus signs become a hyphen, which
//     separates nothing: サーバー, サーバ and サ―バ― are the same.
//   - Quotation marks become ' or ", 『』 becomes 「」, ¥ becomes \.
//   - All kinds of line ends (⏎ among them) become a newline, other spaces a
//     space. Zero-width and direction marks go.
//   - An apostrophe within a word goes: can't is cant.
//
// A lone surrogate or a byte that is no UTF-8 is a separator.
//
// # Codes
//
// Codes are taken out first, in these families (see [Code]):
//
//	0x80070005  80070005  ０ｘ８００７０００５  -2147024891  2147942405    hex:80070005
//	80070005h  &H80070005  0xFFFFFFFF80070005  STOP: 0x0000007B          hex:…
//	error 1603  エラー コード: 1603  [WinError 5]  HTTP 404              num:…
//	Event ID 6041  イベント ID 6041                                      event:6041
//	KB4103721                                                            kb:4103721
//	C2065  LNK2019  ORA-01017  AADSTS50126                               id:…
//	ERROR_ACCESS_DENIED                                                  name:…
//
// Leading zeros do not count; zero is no code. In eight characters after 0x
// (or O for 0), the letters o, i, l and s are read as the digits that a scan
// takes for them; anywhere else they make it no number at all, so that
// 0X8OO7OOO5 is 0x80070005 and never 0x8. A pointer of 64 bits is no code, and
// neither are words with a number behind them, such as SERVER001. A number
// that is all of the text can be an error number, an event ID or, with six or
// seven digits, a KB number. Four to seven digits after 0x at the end of a query
// are also the beginning of a code that is still being typed.
//
// # Terms
//
// What is left is cut into terms: words of two or more characters where spaces
// separate words, and pairs of neighbouring characters where they do not.
// A pair bridges spaces, punctuation and numbers, since Windows writes
// リモート デスクトップ and people do not; words end it.
//
// Paths, addresses, GUIDs, e-mail addresses and numbers are no terms: they are
// different each time. What stands in quotes, in < > or { }, file and host
// names, and words with digits are optional: they count if both texts have
// them and do not count against a match.
//
// Terms belong to lines; a line has at most 64 of them.
//
// # Ranking
//
// Articles that hold a code of the query in a title or wording come first.
// Then titles and wordings are ranked by what they have in common with the
// query: the sum of the weights of the common terms (rare ones weigh more)
// times how much of the wording that is, how much of the query, and whether
// the order is the same. Of a long query, the few lines count that agree best.
// A word may have one wrong letter or lack the space next to it; the first
// word of the query may lack its beginning, the last one its end. Terms in a
// title count a little, too, whatever else matched: of articles that share a
// message, the one about the product in the query comes first. Articles
// that have the terms anywhere else come last.
package search
