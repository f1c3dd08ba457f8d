package site

import (
	"fmt"
	"time"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/check"
	"kbgen/templates/i18n"
)

// The structs of this file are what the templates see. Text in them is plain
// text unless its type says otherwise; html/template escapes it.

// texts gives a template the texts of its language: {{.T "home.newest"}}.
type texts struct {
	lang     check.Lang
	messages i18n.Messages
}

// T returns a text. Unlike i18n.Messages.Text it fails on an unknown key: the
// page is then not built.
func (t texts) T(key string, namesAndValues ...string) (string, error) {
	if _, ok := t.messages[key]; !ok {
		return "", fmt.Errorf("i18n/site.%s.yaml has no key %q", t.lang, key)
	}
	return t.messages.Text(key, namesAndValues...), nil
}

// Lang is the language of the texts.
func (t texts) Lang() check.Lang { return t.lang }

// date renders a day as people of the language write it.
func (t texts) date(day time.Time) string { return day.Format(t.messages.Text("date.layout")) }

// head is what every page has.
type head struct {
	texts
	Kind        string // article, home, …: for styles and scripts
	Title       string // of the document, without the site's
	SiteTitle   string
	Description string
	Canonical   string         // absolute, or empty
	Alternates  []languageLink // absolute; this page in every language it has
	Languages   []languageLink // the language switch
	Feed        string

	Home, Tags, Codes, Checks string
	Style, Script             string
	Icon                      string
	Search                    searchView
}

// searchView is what the search box needs: see templates/assets/box.ts.
type searchView struct {
	Base   string // of the site: ends in /
	Worker string
}

type languageLink struct {
	Lang    string // as in hreflang
	Name    string
	URL     string
	Current bool
}

// articleItem is an article in a list.
type articleItem struct {
	URL         string
	Title       string
	ErrorText   *wording // the first one, if it says more than the title
	Updated     string   // RFC 3339
	UpdatedText string
	Lang        check.Lang // if not the page's
	LangName    string     // likewise
}

type tagItem struct {
	Name, URL string
	Count     string // may be empty
}

type homeView struct {
	head
	TagList  []tagItem
	CodeList []tagItem
	AllTags  string // how many there are, if not all are listed
	AllCodes string // likewise
	Total    string
	Newest   []articleItem
}

type codesView struct {
	head
	Families []codeFamilyView
}

type codeFamilyView struct {
	ID, Name string
	Codes    []tagItem
}

type codeView struct {
	head
	Heading   string
	Names     []string // symbolic
	Meanings  []meaningView
	Win32     string    // the Win32 error in an HRESULT, or empty
	Spellings []string  // but the usual one
	Same      []tagItem // codes with a page that mean the same
	Count     string
	Articles  []articleItem
	Mentioned []articleItem
}

type meaningView struct {
	Lang     check.Lang
	LangName string
	Text     string
}

type tagsView struct {
	head
	TagList []tagItem
}

type tagView struct {
	head
	Heading  string
	Count    string
	Articles []articleItem
}

// choiceView is a page that has no language: / and 404.html.
type choiceView struct {
	head
	Heading string
	Choices []choice
}

type choice struct {
	Lang                   check.Lang
	Title, Text, Link, URL string
}

type articleView struct {
	head
	Notice      *notice
	Draft       bool
	Slug        string
	ContentLang check.Lang // differs from Lang on a page without a translation
	Heading     string
	Severity    *severity
	Updated     string // RFC 3339
	UpdatedText string
	TagList     []tagItem
	Wordings    []wording
	Environment []string
	Ways        []article.Role // the time-boxed sections that the article has
	Probe       *probeView
	Contents    []article.Section
	Parts       []article.Part

	RelatedArticles []articleItem
	JSONLD          techArticle
}

// notice leads to the page in the other language, if URL is not empty.
type notice struct {
	Text, Link, URL string
	Lang            check.Lang
}

// wording is a message as it was seen.
type wording struct {
	Text string
	Lang check.Lang // if not that of what is around it
}

type severity struct {
	Level article.Severity
	Word  string
}

// techArticle is schema.org's TechArticle.
type techArticle struct {
	Context     string   `json:"@context"`
	Type        string   `json:"@type"`
	Headline    string   `json:"headline"`
	Description string   `json:"description,omitempty"`
	Language    string   `json:"inLanguage"`
	Modified    string   `json:"dateModified"`
	Keywords    []string `json:"keywords"`
	URL         string   `json:"url,omitempty"`
}

// probeView is the box that offers the probe, and what its results need.
type probeView struct {
	texts
	Slug       string
	Home       string         // address
	Languages  []languageLink // this page in every language
	Hash       string         // of the plan
	StepIDs    string         // anchors of the steps, in order, separated by spaces
	Downloads  []downloadView
	Pending    bool
	StepsTitle string
	Steps      []probeStep
	Common     []findingView
	Verdicts   []verdictView // the worst first
}

type verdictView struct {
	Verdict check.Verdict
	Word    string
}

type downloadView struct {
	Label    string
	Platform string
	URL      string
	FileName string
	Size     string
	SHA256   string
}

type probeStep struct {
	Anchor, Title, Needs string
	Args                 []string // as written in the article: path="%TEMP%"
	Reads                []string
}

// stepView is what follows the first line of a step.
type stepView struct {
	texts
	Number   string
	Anchor   string
	ID       string // of the check
	URL      string // of the check's page
	Common   string // address of the findings that every check has
	Findings []findingView
}

type findingView struct {
	ID       string
	Anchor   string // empty where several checks share a page
	Verdict  check.Verdict
	Word     string
	Text     []piece
	Fix      *remedyView
	Rollback *remedyView
}

type remedyView struct {
	Kind    string // fix or rollback
	Label   string
	Same    string // says that this is as for the finding above; empty if it is not
	Text    []piece
	Command []piece
}

// piece is a piece of a catalogue text: words, or a value with its name. The
// text of a value is what the article sets; it is empty if only a run of the
// check can tell.
type piece struct{ Text, Name string }

type checksView struct {
	head
	Families []familyView
	Common   []findingView
}

type familyView struct {
	ID, Name string
	Checks   []checkItem
}

type checkItem struct{ ID, URL, Title, About string }

type checkView struct {
	head
	CheckTitle string
	ID         string
	About      string
	Reads      []string
	Needs      string
	Params     []paramView
	Findings   []findingView
	Common     string
	Used       []articleItem
	Sources    []sourceView
}

type paramView struct {
	Name, About string
	Required    bool
	Notes       []string
}

type sourceView struct{ Text, URL string }
