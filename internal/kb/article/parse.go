package article

import "kbgen/internal/kb/check"

type document struct{}

// Parse reads an article.
func Parse(path string, src []byte, checks check.Catalogue) (*Article, []Message) {
	return nil, nil
}

// Render renders the article's body.
func (a *Article) Render(page Page) []Part { return nil }

// CheckSet checks articles against each other.
func CheckSet(articles []*Article) []Message { return nil }
