package article

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"kbgen/internal/kb/check"
)

// examples show how a key is written.
var examples = map[string]string{
	"title":       `title: "…"`,
	"errorText":   `errorText: "…", the message as it is seen, or a list of wordings`,
	"tags":        `tags: ["Windows", "RDP"]`,
	"updatedAt":   `updatedAt: "2025-11-03T09:11:56Z", or a date such as 2025-11-03`,
	"environment": `environment: ["Windows 11 24H2"]`,
	"related":     `related: [rdp-credssp]`,
	"draft":       `draft: true or draft: false`,
	"severity":    `severity: high, medium or low`,
	"description": `description: "…"`,
	"lang":        `lang: ja or lang: en`,
}

// Limits, in characters and in items.
const (
	maxTitle       = 200
	maxErrorText   = 2000
	maxErrorTexts  = 100
	maxTag         = 50
	maxTags        = 30
	maxEnvironment = 100
	maxDescription = 300
	maxItems       = 50
)

// text reads a scalar as the writer wrote it, whatever YAML takes it for
// (0x80070005 is a number to YAML, an error code to us). It reports false,
// and says why, if the value is not a text of 1 to limit characters.
func (p *parsing) text(name string, n *yaml.Node, limit int, lines bool) (string, bool) {
	at := p.at(n)
	if n.Kind != yaml.ScalarNode {
		p.fail(at, fmt.Sprintf("%s must be a text", name), "write "+example(name))
		return "", false
	}
	s := strings.TrimSpace(n.Value)
	if s == "" {
		p.fail(at, fmt.Sprintf("%s is empty", name), "write "+example(name))
		return "", false
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return odd(r) && !(lines && r == '\n') }); i >= 0 {
		p.oddCharacter(at, name, n, s[i:])
		return "", false
	}
	if count := utf8.RuneCountInString(s); count > limit {
		p.fail(at, fmt.Sprintf("%s has %d characters, more than the %d allowed", name, count, limit), "shorten it; details go into the body")
		return "", false
	}
	if n.Style == 0 && strings.HasPrefix(n.LineComment, "#") {
		p.warn(at, fmt.Sprintf("%s ends before the #: what follows is a comment", name), `put the value in quotes: "… #…"`)
	}
	return s, true
}

// odd reports whether r has no place in a text: control characters, line
// and paragraph separators, and what is not a character.
func odd(r rune) bool {
	return unicode.IsControl(r) || r == 0x2028 || r == 0x2029 || r == utf8.RuneError
}

func (p *parsing) oddCharacter(at int, name string, n *yaml.Node, from string) {
	r, _ := utf8.DecodeRuneInString(from)
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		p.fail(at, fmt.Sprintf("%s holds U+%04X: a backslash in double quotes begins an escape", name, r), `use single quotes: 'C:\Folder'`)
	case r == '\n':
		p.fail(at, fmt.Sprintf("%s has more than one line", name), "write it in one line")
	default:
		p.fail(at, fmt.Sprintf("%s holds U+%04X, which is not text", name, r), "delete it")
	}
}

func example(name string) string {
	if e, ok := examples[strings.TrimSuffix(name, " item")]; ok {
		return e
	}
	return `"…"`
}

// list reads a list of texts and leaves out, with a warning, what is there
// twice. The offsets are those of the items.
func (p *parsing) list(name string, n *yaml.Node, most, limit int) (items []string, at []int) {
	if n.Kind != yaml.SequenceNode {
		hint := "write " + example(name)
		if v := strings.TrimSpace(n.Value); n.Kind == yaml.ScalarNode && v != "" && !strings.ContainsAny(v, "\n\"\\") && len(v) <= maxTag {
			hint = fmt.Sprintf(`write %s: ["%s"]`, name, strings.Join(splitCommas(v), `", "`))
		}
		p.fail(p.at(n), fmt.Sprintf("%s must be a list", name), hint)
		return nil, nil
	}
	if len(n.Content) > most {
		p.fail(p.at(n.Content[most]), fmt.Sprintf("%s has %d items, more than the %d allowed", name, len(n.Content), most), "keep those that readers look for")
		n = &yaml.Node{Content: n.Content[:most]}
	}
	for _, c := range n.Content {
		s, ok := p.text(name+" item", c, limit, false)
		if !ok {
			continue
		}
		if slices.ContainsFunc(items, func(other string) bool { return strings.EqualFold(s, other) }) {
			p.warn(p.at(c), fmt.Sprintf("%q is in %s twice", s, name), "delete one")
			continue
		}
		items, at = append(items, s), append(at, p.at(c))
	}
	return items, at
}

func splitCommas(s string) []string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == '、' || r == '，' })
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func (p *parsing) readTitle(n *yaml.Node) {
	p.a.doc.titleAt = p.at(n)
	p.a.Title, _ = p.text("title", n, maxTitle, false)
}

func (p *parsing) readErrorText(n *yaml.Node) {
	if n.Kind != yaml.SequenceNode {
		if s, ok := p.text("errorText", n, maxErrorText, true); ok {
			p.a.ErrorTexts, p.front.errorTextsAt = []string{s}, []int{p.at(n)}
		}
		return
	}
	if len(n.Content) == 0 {
		p.fail(p.at(n), "errorText is empty", "write "+example("errorText"))
	}
	if len(n.Content) > maxErrorTexts {
		p.fail(p.at(n.Content[maxErrorTexts]), fmt.Sprintf("errorText has %d wordings, more than the %d allowed", len(n.Content), maxErrorTexts), "keep those that differ in more than names and numbers")
		return
	}
	for _, c := range n.Content {
		s, ok := p.text("errorText item", c, maxErrorText, true)
		switch {
		case !ok:
		case slices.Contains(p.a.ErrorTexts, s):
			p.warn(p.at(c), "this wording is in errorText twice", "delete one")
		default:
			p.a.ErrorTexts, p.front.errorTextsAt = append(p.a.ErrorTexts, s), append(p.front.errorTextsAt, p.at(c))
		}
	}
}

func (p *parsing) readTags(n *yaml.Node) {
	p.a.Tags, _ = p.list("tags", n, maxTags, maxTag)
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		p.fail(p.at(n), "tags is empty", "write "+example("tags"))
	}
}

func (p *parsing) readEnvironment(n *yaml.Node) {
	p.a.Environment, _ = p.list("environment", n, maxItems, maxEnvironment)
}

func (p *parsing) readDescription(n *yaml.Node) {
	p.a.Description, _ = p.text("description", n, maxDescription, false)
}

func (p *parsing) readRelated(n *yaml.Node) {
	slugs, at := p.list("related", n, maxItems, 64)
	for i, slug := range slugs {
		switch text, _ := slugProblem(slug); {
		case slug == p.a.Slug:
			p.warn(at[i], "related names this article itself", "delete it")
		case text != "":
			p.fail(at[i], fmt.Sprintf("%q is not an article's name", slug), "write "+example("related"))
		default:
			p.a.Related = append(p.a.Related, slug)
			p.a.doc.relatedAt = append(p.a.doc.relatedAt, at[i])
		}
	}
}

func (p *parsing) readLang(n *yaml.Node) {
	s, ok := p.text("lang", n, maxTag, false)
	if ok && p.a.Lang != "" && s != string(p.a.Lang) {
		p.fail(p.at(n), fmt.Sprintf("lang is %q, but the file is in content/%s", s, p.a.Lang), "move the file, or write lang: "+string(p.a.Lang))
	}
}

func (p *parsing) readSeverity(n *yaml.Node) {
	s, ok := p.text("severity", n, maxTag, false)
	if !ok {
		return
	}
	levels := []string{string(High), string(Medium), string(Low)}
	if slices.Contains(levels, s) {
		p.a.Severity = Severity(s)
		return
	}
	hint := "write " + example("severity")
	if near := check.Nearest(strings.ToLower(s), levels); near != "" {
		hint = fmt.Sprintf("did you mean %s?", near)
	}
	p.fail(p.at(n), fmt.Sprintf("severity cannot be %q", s), hint)
}

func (p *parsing) readDraft(n *yaml.Node) {
	if n.Kind != yaml.ScalarNode || n.Style != 0 || n.Value != "true" && n.Value != "false" {
		p.fail(p.at(n), "draft must be true or false", "write "+example("draft")+", without quotes")
		return
	}
	p.a.Draft = n.Value == "true"
}

// timeLayouts are RFC 3339, what YAML also takes for a timestamp, and a date.
var timeLayouts = []string{
	time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00",
	"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02",
}

func (p *parsing) readUpdatedAt(n *yaml.Node) {
	s, ok := p.text("updatedAt", n, maxTag, false)
	if !ok {
		return
	}
	for _, layout := range timeLayouts {
		if t, err := time.ParseInLocation(layout, s, time.UTC); err == nil && t.Year() >= 1980 {
			p.a.UpdatedAt = t
			return
		}
	}
	p.fail(p.at(n), fmt.Sprintf("updatedAt cannot be %q", s), "write "+example("updatedAt"))
}
