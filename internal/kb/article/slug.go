package article

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kbgen/internal/kb/check"
)

// reservedSlugs are names that Windows gives to devices, and names that the
// site and its downloads use themselves.
var reservedSlugs = map[string]string{
	"con": "Windows", "prn": "Windows", "aux": "Windows", "nul": "Windows",
	"com1": "Windows", "com2": "Windows", "com3": "Windows", "com4": "Windows", "com5": "Windows",
	"com6": "Windows", "com7": "Windows", "com8": "Windows", "com9": "Windows",
	"lpt1": "Windows", "lpt2": "Windows", "lpt3": "Windows", "lpt4": "Windows", "lpt5": "Windows",
	"lpt6": "Windows", "lpt7": "Windows", "lpt8": "Windows", "lpt9": "Windows",

	"tags": "the site", "codes": "the site", "checks": "the site", "search": "the site", "feed": "the site",
	"assets": "the site", "index": "the site", "404": "the site",
	"windows-amd64": "the probe", "windows-arm64": "the probe",
}

var slugForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,62}[a-z0-9]$`)

// CheckSlug reports why slug cannot name an article: it has 3 to 64 of a-z,
// 0-9 and -, neither begins nor ends with a hyphen, and is not reserved.
func CheckSlug(slug string) error {
	if text, hint := slugProblem(slug); text != "" {
		return errors.New(text + " (" + hint + ")")
	}
	return nil
}

func slugProblem(slug string) (text, hint string) {
	hint = "use 3 to 64 of a-z, 0-9 and -, such as rdp-credssp"
	if s := suggestSlug(slug); s != "" {
		hint = "rename it to " + s
	}
	if owner := reservedSlugs[strings.ToLower(slug)]; owner != "" {
		return fmt.Sprintf("the name %q is reserved by %s", slug, owner), hint
	}
	if !slugForm.MatchString(slug) {
		return fmt.Sprintf("the name %q is not 3 to 64 of a-z, 0-9 and - with no hyphen at either end", slug), hint
	}
	return "", ""
}

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// suggestSlug makes the nearest good slug of a name, or returns "".
func suggestSlug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(name)) {
		if r < 0x300 || r > 0x36f { // drops accents, keeps their letters
			b.WriteRune(r)
		}
	}
	s := strings.Trim(notSlug.ReplaceAllString(b.String(), "-"), "-")
	if reservedSlugs[s] != "" || len(s) == 2 {
		s += "-error"
	}
	if len(s) > 64 {
		s = strings.Trim(s[:64], "-")
	}
	if !slugForm.MatchString(s) {
		return ""
	}
	return s
}

// name fills in what the path says: content/LANG/SLUG.md.
func (p *parsing) name() {
	parts := strings.Split(p.path, "/")
	if len(parts) != 3 || parts[0] != "content" || !slices.Contains(check.Langs(), check.Lang(parts[1])) {
		p.fail(wholeFile, "an article lies directly in a language's folder", "put it at content/ja/NAME.md or content/en/NAME.md")
		return
	}
	p.a.Lang = check.Lang(parts[1])
	slug, isMarkdown := strings.CutSuffix(parts[2], ".md")
	if !isMarkdown {
		p.fail(wholeFile, "an article's name ends in .md", "rename it")
		return
	}
	if text, hint := slugProblem(slug); text != "" {
		if s := suggestSlug(slug); s != "" {
			hint += ".md"
		}
		p.fail(wholeFile, text, hint)
		return
	}
	p.a.Slug = slug
}
