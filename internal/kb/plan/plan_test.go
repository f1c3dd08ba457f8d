package plan

import (
	"testing"

	"kbgen/internal/kb/check"
)

func step(id string, args check.Args) Step { return Step{Anchor: id, Check: id, Args: args} }

func testPlan(slug string, steps ...Step) Plan {
	return Plan{
		Slug:       slug,
		Title:      check.Text{JA: slug + " の題名", EN: "title of " + slug},
		ErrorTexts: []string{"error of " + slug},
		Hash:       Hash(slug, steps),
		Steps:      steps,
	}
}

func testCatalogue() *Catalogue {
	return &Catalogue{Format: CatalogueFormat, Site: "https://kb.example.com", Plans: []Plan{
		testPlan("abc", step("os.version", nil)),
		testPlan("credssp-encryption-oracle", step("credssp.encryption-oracle", nil), step("access.path-acl", check.Args{"path": `C:\a "b"`})),
		testPlan("rdp-credssp", step("os.edition", nil)),
	}, Checks: described()}
}

// described are the checks of testCatalogue's plans, without words.
func described() []Check {
	var checks []Check
	for _, id := range []string{"access.path-acl", "credssp.encryption-oracle", "credssp.patch-level", "os.edition", "os.version"} {
		checks = append(checks, Check{ID: id, Title: check.Text{JA: id, EN: id}, Admin: check.AdminNo})
	}
	return checks
}

func TestHash(t *testing.T) {
	base := Hash("abc", []Step{step("a.b", nil), step("c.d", check.Args{"p": "1", "q": "2"})})
	if len(base) != HashLength || !validHash(base) {
		t.Errorf("hash %q", base)
	}
	seen := map[string]string{base: "base"}
	for name, h := range map[string]string{
		"slug":       Hash("abd", []Step{step("a.b", nil), step("c.d", check.Args{"p": "1", "q": "2"})}),
		"order":      Hash("abc", []Step{step("c.d", check.Args{"p": "1", "q": "2"}), step("a.b", nil)}),
		"value":      Hash("abc", []Step{step("a.b", nil), step("c.d", check.Args{"p": "1", "q": "3"})}),
		"name":       Hash("abc", []Step{step("a.b", nil), step("c.d", check.Args{"p": "1", "r": "2"})}),
		"fewer":      Hash("abc", []Step{step("a.b", nil)}),
		"quoting":    Hash("abc", []Step{step("a.b", nil), step("c.d", check.Args{"p": `1" "q"="2`})}),
		"no steps":   Hash("abc", nil),
		"empty slug": Hash("", nil),
	} {
		if other, twice := seen[h]; twice {
			t.Errorf("%s has the same hash as %s", name, other)
		}
		seen[h] = name
	}
}
