// Package article reads one Markdown file of the knowledge base into plain
// structs, and says by file, line and column what is wrong with it.
//
// [Parse] reads a file: front matter, then the body. [CheckSet] holds all
// articles against each other. [Article.Render] turns a body into HTML. None
// of them stops at the first problem, and none keeps state.
//
// # Front matter
//
//	---
//	title: "RDP 接続エラー: CredSSP 暗号化オラクルの修復"
//	errorText:
//	  - "認証エラーが発生しました。要求された関数はサポートされていません"
//	tags: ["Windows", "RDP"]
//	updatedAt: "2025-11-03T09:11:56Z"
//	---
//
// These four keys are required. errorText is one wording or a list of them.
// lang, environment, severity (high, medium, low), related (slugs), draft and
// description are optional. Values are taken as they are written: 0x80070005
// stays 0x80070005.
//
// # Steps
//
// A list item whose first line ends in a check marker is a step:
//
//   - フォルダーの権限を確認: {check=access.path-acl path="%TEMP%"}
//
// Values stand in double or single quotes and are taken literally. In a code
// span or a code block a marker is text.
//
// # Sections
//
// Ten headings of level 2 have fixed IDs: see [Role]. Other headings get an ID
// made of their letters, Japanese ones included.
//
// # Names of checks
//
// Inline code that is the ID of a step's check is a link to the step; the
// second use of a check is ID-2. Each item of a list in the section of causes
// has the class cause and, in data-steps, the anchors of the steps that it
// names, separated by spaces.
//
// # Markdown
//
// GitHub-flavoured, with these differences. HTML is shown as text, with a
// warning; comments are left out. Emphasis next to Japanese punctuation works
// as a reader expects (**「設定」**を). A line break between Japanese characters
// gives no space; a line that begins with ⚠, ・, • or ※ stays a line. Only ~~two tildes~~
// delete. Links lead to the web (http, https), to other.md, ../en/other.md or
// #anchor. Pictures lie in the folder of the article.
package article

import (
	"html/template"
	"time"

	"kbgen/internal/kb/check"
)

// Article is one parsed file: one error in one language.
type Article struct {
	Path string     // slash-separated, relative to the site: content/ja/SLUG.md
	Lang check.Lang // the folder
	Slug string     // the file name

	Title       string
	ErrorTexts  []string  // observed wordings, at least one
	Tags        []string  // at least one
	UpdatedAt   time.Time // in the zone the writer gave, UTC if none
	Environment []string
	Severity    Severity // empty if not given
	Related     []string // slugs
	Draft       bool
	Description string // for search engines and feeds; from the summary if not given

	Steps    []Step    // in the order of the page
	Sections []Section // headings of level 2, in the order of the page
	Images   []Image   // local pictures, each once
	Links    []Link    // links to other articles, in the order of the page

	doc *document
}

// Severity is how urgent the error is for those who meet it.
type Severity string

// Severities.
const (
	High   Severity = "high"
	Medium Severity = "medium"
	Low    Severity = "low"
)

// Step is a list item with a check marker.
type Step struct {
	Number int        // from 1, as page and probe show it
	Anchor string     // of the list item: the check ID, with -2 for its second use
	Check  string     // ID in the catalogue
	Args   check.Args // as written
	Title  string     // the text of the item's first line, without the marker
	Line   int        // of the marker
	Column int
}

// Section is a part of the page under a heading of level 2.
type Section struct {
	ID      string // a Role, or an ID made of the heading's letters
	Role    Role   // empty for a heading that is not one of the ten
	Heading string // plain text, as written
}

// Role is the part that one of the ten known sections plays. It is also the
// section's ID in the page.
type Role string

// The ten known sections, in their usual order.
const (
	Summary    Role = "summary"
	Causes     Role = "causes"
	Check60    Role = "check60"
	Fix5       Role = "fix5"
	Permanent  Role = "permanent"
	Details    Role = "details"
	Pitfalls   Role = "pitfalls"
	Prevention Role = "prevention"
	Related    Role = "related"
	References Role = "references"
)

// Roles lists the ten in their usual order.
func Roles() []Role {
	return []Role{Summary, Causes, Check60, Fix5, Permanent, Details, Pitfalls, Prevention, Related, References}
}

// Image is a picture beside the article.
type Image struct {
	Path         string // slash-separated, relative to the site: content/ja/picture.png
	Line, Column int
}

// Link is a link to another article, or to another place in this one.
type Link struct {
	Lang         check.Lang
	Slug         string
	Anchor       string // without #; may be empty
	Line, Column int
}

// Part is a rendered part of the page: what precedes the first heading of
// level 2 (with a zero Section), or one section without its heading.
type Part struct {
	Section Section
	HTML    template.HTML
}

// Page is what the renderer needs to know of the site around an article.
// Every field must be set.
type Page struct {
	// Link returns the address of another article's page, without an anchor,
	// or "" if the site has no such page: then only the link's text is shown.
	// A page that stands in for a missing translation is a page.
	Link func(lang check.Lang, slug string) string
	// Image returns the address and the size in pixels of a local picture, or
	// an empty address: then only its description is shown.
	Image func(path string) (src string, width, height int)
	// Step returns what follows the first line of a step: its check ID and
	// what each answer means.
	Step func(Step) template.HTML
	// Titled returns the slug of the article with this title in the article's
	// language, or "".
	Titled func(title string) string
}
