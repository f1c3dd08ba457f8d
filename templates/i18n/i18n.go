// Package i18n reads the texts that users see, one file per program and
// language:
//
//	site.ja.yaml   site.en.yaml    the site's pages
//	probe.ja.yaml  probe.en.yaml   the probe's console and report
//
// A file is flat YAML, a line per text:
//
//	# comment
//	home.newest: 新着
//	copy.label: "Copy \u201c{text}\u201d"
//
// A text is written plainly or in double quotes with Go's escapes, which are
// also YAML's. {name} stands for a value. The probe links this package, so it
// needs no YAML library; a test holds the files against a real one.
package i18n

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"kbgen/internal/kb/check"
)

//go:embed probe.ja.yaml
var probeJA string

//go:embed probe.en.yaml
var probeEN string

// Messages are the texts of one program in one language, by key.
type Messages map[string]string

// Probe returns the probe's texts. The site's are read with [Parse] from the
// folder of templates, which a site may override.
func Probe(lang check.Lang) (Messages, error) {
	if lang == check.JA {
		return Parse(probeJA)
	}
	return Parse(probeEN)
}

// Text returns the text of a key. Arguments are name, value, …: each {name}
// in the text becomes its value, once: braces in values stay. A key that is
// not there comes back in brackets.
func (m Messages) Text(key string, namesAndValues ...string) string {
	text, ok := m[key]
	if !ok {
		return "[" + key + "]"
	}
	if len(namesAndValues) < 2 {
		return text
	}
	pairs := make([]string, 0, len(namesAndValues))
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		pairs = append(pairs, "{"+namesAndValues[i]+"}", namesAndValues[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// SyntaxError is a line that is not of the form key: text.
type SyntaxError struct {
	Line    int // from 1
	Message string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Message) }

// Parse reads a file of texts. The error, if any, is a [*SyntaxError].
func Parse(src string) (Messages, error) {
	m := Messages{}
	number := 0
	for line := range strings.Lines(src) {
		number++
		line = strings.TrimRight(line, "\r\n \t")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, text, err := parseLine(line)
		if err == "" {
			if _, twice := m[key]; twice {
				err = fmt.Sprintf("key %q is there twice", key)
			}
		}
		if err != "" {
			return nil, &SyntaxError{number, err}
		}
		m[key] = text
	}
	return m, nil
}

func parseLine(line string) (key, text, problem string) {
	key, text, ok := strings.Cut(line, ": ")
	if !ok {
		return "", "", `want "key: text"`
	}
	if key == "" || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
		return "", "", fmt.Sprintf("key %q must be made of a-z, 0-9, '.' and '-'", key)
	}
	text = strings.TrimLeft(text, " ")
	if strings.HasPrefix(text, `"`) {
		unquoted, err := strconv.Unquote(text)
		if err != nil {
			return "", "", "the quoted text does not end, or holds an escape that is not one"
		}
		return key, unquoted, ""
	}
	if problem := plainProblem(text); problem != "" {
		return "", "", problem
	}
	return key, text, ""
}

// plainProblem says why a text would not be one plain scalar in YAML.
func plainProblem(text string) string {
	switch {
	case text == "":
		return "the text is empty"
	case strings.ContainsRune("!&*-?|>@`%{}[],#:'\"", rune(text[0])):
		return fmt.Sprintf("a text that starts with %q needs double quotes", text[0])
	case strings.Contains(text, ": "), strings.Contains(text, " #"), strings.HasSuffix(text, ":"):
		return `a text with ": " or " #" in it, or ":" at its end, needs double quotes`
	}
	return ""
}
