package site

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/check"
)

// tagIndex lists the tags of a language's pages.
type tagIndex struct {
	list []*tag // most used first
	byID map[string]*tag
}

// tag is a tag and the entries that have it, newest first.
type tag struct {
	id      string // in addresses: letters of any script, digits and hyphens
	name    string // the spelling most articles use
	entries []*entry
}

// tagID makes the part of an address that names a tag. Spellings that differ
// only in case, width, or spaces against hyphens have the same ID. A tag that
// loses other characters, such as C++, gets some digits of a hash, so that it
// is not mistaken for another.
func tagID(name string) string {
	folded := strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(name))), "-")
	var b strings.Builder
	for _, r := range folded {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			b.WriteRune(r)
		} else if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
			b.WriteByte('-')
		}
	}
	id := strings.TrimRight(b.String(), "-")
	const longest = 150 // bytes; file systems allow 255
	if id == folded && len(id) <= longest && !windowsReserved(id) {
		return id
	}
	for len(id) > longest || !utf8Boundary(id) {
		id = id[:len(id)-1]
	}
	sum := sha256.Sum256([]byte(folded))
	return strings.TrimLeft(id+"-"+hex.EncodeToString(sum[:3]), "-")
}

func utf8Boundary(s string) bool {
	return strings.ToValidUTF8(s, "") == s
}

// windowsReserved reports whether Windows refuses a folder of this name.
func windowsReserved(id string) bool {
	if slices.Contains([]string{"con", "prn", "aux", "nul"}, id) {
		return true
	}
	return len(id) == 4 && (strings.HasPrefix(id, "com") || strings.HasPrefix(id, "lpt"))
}

// indexTags groups the entries by tag. Two spellings of a tag in one language
// are a warning.
func (l *library) indexTags(languages []check.Lang) []article.Message {
	var messages []article.Message
	l.tags = map[check.Lang]*tagIndex{}
	for _, lang := range languages {
		index := &tagIndex{byID: map[string]*tag{}}
		spellings := map[string]map[string][]*article.Article{} // ID → spelling → articles
		for _, e := range l.newest(lang) {
			a := e.in(lang)
			for _, name := range a.Tags {
				id := tagID(name)
				t := index.byID[id]
				if t == nil {
					t = &tag{id: id}
					index.byID[id] = t
					index.list = append(index.list, t)
					spellings[id] = map[string][]*article.Article{}
				}
				if n := len(t.entries); n == 0 || t.entries[n-1] != e {
					t.entries = append(t.entries, e)
				}
				spellings[id][name] = append(spellings[id][name], a)
			}
		}
		for _, t := range index.list {
			t.name = commonest(spellings[t.id])
			messages = append(messages, misspelt(lang, t.name, spellings[t.id])...)
		}
		slices.SortFunc(index.list, func(a, b *tag) int {
			return cmp.Or(cmp.Compare(len(b.entries), len(a.entries)), strings.Compare(a.id, b.id))
		})
		l.tags[lang] = index
	}
	return messages
}

func commonest(spellings map[string][]*article.Article) string {
	best := ""
	for name, as := range spellings {
		n := len(spellings[best])
		if best == "" || len(as) > n || len(as) == n && name < best {
			best = name
		}
	}
	return best
}

func misspelt(lang check.Lang, name string, spellings map[string][]*article.Article) []article.Message {
	var messages []article.Message
	for spelling, as := range spellings {
		if spelling == name {
			continue
		}
		for _, a := range as {
			if a.Lang != lang {
				continue // reported with its own language
			}
			messages = append(messages, article.Message{
				Level: article.Warning, Path: a.Path, Text: fmt.Sprintf("the tag %q is written %q elsewhere", spelling, name),
				Hint: "write it the same way everywhere; the site shows one tag",
			})
		}
	}
	return messages
}
