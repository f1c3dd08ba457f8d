package site

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kbgen/internal/kb/article"
	"kbgen/templates"
)

// TestCacheChangesNothing edits a site at random. After each edit, a build
// with the cache of the builds before must equal a build without one: the
// messages, and if there is a site, every byte of it.
func TestCacheChangesNothing(t *testing.T) {
	const edits = 120
	random := rand.New(rand.NewPCG(1, 2))
	root := mapFS(t, os.DirFS("testdata/site"))
	pages := mapFS(t, templates.Files())
	var cache Cache
	built, refused, lastRefused := 0, 0, false
	for i := range edits {
		did := edit(random, root, pages, i)
		if lastRefused && random.IntN(2) == 0 {
			root, did = mapFS(t, os.DirFS("testdata/site")), "all content as it was"
		}
		in := Input{Root: root, Templates: pages, Config: DefaultConfig(), Drafts: random.IntN(4) == 0}
		if random.IntN(3) > 0 {
			in.Programs = fakePrograms()
		}
		clean, cleanMessages, err := Build(in)
		if err != nil {
			t.Fatalf("edit %d, %s: %v", i, did, err)
		}
		in.Cache = &cache
		again, messages, err := Build(in)
		if err != nil {
			t.Fatalf("edit %d, %s: %v", i, did, err)
		}
		if diff := cmp.Diff(cleanMessages, messages); diff != "" {
			t.Fatalf("edit %d, %s: messages differ:\n%s", i, did, diff)
		}
		if (clean == nil) != (again == nil) {
			t.Fatalf("edit %d, %s: built with or without the cache only", i, did)
		}
		if lastRefused = clean == nil; lastRefused {
			refused++
			continue
		}
		built++
		if diff := cmp.Diff(rendered(t, clean), rendered(t, again)); diff != "" {
			t.Fatalf("edit %d, %s:\n%s", i, did, diff)
		}
	}
	if built < edits/4 || refused < edits/20 {
		t.Errorf("%d edits gave a site and %d did not; the edits should try both", built, refused)
	}
}

// edit changes one thing and says what.
func edit(random *rand.Rand, root, pages fstest.MapFS, i int) string {
	names := slices.Sorted(maps.Keys(root))
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasSuffix(name, ".md") })
	name := names[random.IntN(len(names))]
	replace := func(old, new string) string {
		data := root[name].Data
		root[name] = &fstest.MapFile{Data: bytes.Replace(data, []byte(old), []byte(new), 1)}
		return fmt.Sprintf("%s: %q becomes %q", name, old, new)
	}
	switch random.IntN(11) {
	case 0:
		return replace(`title: "`, fmt.Sprintf(`title: "%d `, i))
	case 1:
		return replace(`tags: ["`, fmt.Sprintf(`tags: ["t%d", "`, random.IntN(3)))
	case 2:
		return replace("## ", fmt.Sprintf("## %d\n\ntext\n\n## ", i))
	case 3:
		root["content/ja/settings.png"] = &fstest.MapFile{Data: pngOf(1+random.IntN(9), 1+random.IntN(9))}
		return "another picture"
	case 4:
		lang := []string{"ja", "en"}[random.IntN(2)]
		name = fmt.Sprintf("content/%s/new-article-%d.md", lang, random.IntN(3))
		if root[name] != nil {
			delete(root, name)
			return "without " + name
		}
		root[name] = &fstest.MapFile{Data: fmt.Appendf(nil, "---\ntitle: new %d\nerrorText: wording %d\ntags: [Windows]\nupdatedAt: 2026-01-01\n---\n\n## x\n\n- a {check=os.version}\n", i, i)}
		return "with " + name
	case 5:
		pages["layout.html"] = &fstest.MapFile{Data: fmt.Appendf(pages["layout.html"].Data, "{{/* %d */}}", i)}
		pages["tags.html"] = &fstest.MapFile{Data: bytes.Replace(pages["tags.html"].Data, []byte("</h1>"), []byte("!</h1>"), 1)}
		return "other templates"
	case 6:
		pages["assets/base.css"] = &fstest.MapFile{Data: fmt.Appendf(pages["assets/base.css"].Data, "\n.x { order: %d }\n", i)}
		return "another style"
	case 7:
		name := "i18n/site.en.yaml"
		pages[name] = &fstest.MapFile{Data: bytes.Replace(pages[name].Data, []byte("home.newest: "), fmt.Appendf(nil, "home.newest: %d ", i), 1)}
		return "another text"
	case 8:
		if random.IntN(2) == 0 {
			return replace("{check=access.elevation}", "{check=os.edition}")
		}
		return replace("{check=os.edition}", "{check=access.elevation}")
	case 9:
		if random.IntN(2) == 0 {
			return replace("draft: true", "draft: false")
		}
		return replace("draft: false", "draft: true")
	default:
		if bytes.Contains(root[name].Data, []byte("{check=nothing.like-it}")) {
			return replace("- x: {check=nothing.like-it}\n", "")
		}
		if random.IntN(3) == 0 {
			data := root[name].Data
			root[name] = &fstest.MapFile{Data: append(bytes.Clone(data), "\n- x: {check=nothing.like-it}\n"...)}
			return "an unknown check in " + name
		}
		return replace("- x: {check=nothing.like-it}\n", "")
	}
}

// A cache forgets what the site no longer needs.
func TestCacheForgets(t *testing.T) {
	root := mapFS(t, os.DirFS("testdata/site"))
	var cache Cache
	in := inputOf(t, root)
	in.Cache = &cache
	mustBuild(t, in)
	size := len(cache.old)
	for i := range 20 {
		root["content/ja/unfinished.md"] = &fstest.MapFile{Data: fmt.Appendf(root["content/ja/unfinished.md"].Data, "\n%d\n", i)}
		mustBuild(t, in)
	}
	if len(cache.old) != size || len(cache.kept) != 0 {
		t.Errorf("%d and %d entries, %d after the first build", len(cache.old), len(cache.kept), size)
	}
	if _, messages, _ := Build(in); article.Errors(messages) > 0 {
		t.Error(listing(messages))
	}
}
