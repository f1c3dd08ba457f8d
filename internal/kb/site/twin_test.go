package site

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/go-cmp/cmp"

	"kbgen/internal/kb/search"
	"kbgen/templates"
)

// The browser reads the vectors of the search as package search does. (Package
// index holds the same script to them in another engine.)
func TestTwinInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	result := api.Build(api.BuildOptions{
		Stdin:   &api.StdinOptions{Contents: `import { parse } from "search/scan"; globalThis.parse = parse;`, Loader: api.LoaderTS},
		Bundle:  true,
		Format:  api.FormatIIFE,
		Plugins: []api.Plugin{inMemory(mustSources(t))},
	})
	if len(result.Errors) > 0 {
		t.Fatal(result.Errors)
	}
	b := searchTab(t, nil)
	b.open("/ja/")
	b.ask("(() => {" + string(result.OutputFiles[0].Contents) + "})()")
	vectors := searchVectors(t)
	for _, text := range vectors {
		var want, got struct {
			Codes []struct{ Key string }
			Terms []struct {
				Text     string
				Optional bool
				Line     int
			}
			Lines int
		}
		data, err := json.Marshal(search.Parse(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range []error{json.Unmarshal(data, &want), json.Unmarshal([]byte(b.ask("JSON.stringify(parse("+quoted(text)+"))")), &got)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if len(got.Codes) == 0 {
			got.Codes = nil
		}
		if len(got.Terms) == 0 {
			got.Terms = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q is read differently (-Go +browser):\n%s", text, diff)
		}
	}
	if len(vectors) < 20 {
		t.Errorf("only %d vectors", len(vectors))
	}
}

func mustSources(t *testing.T) map[string]string {
	t.Helper()
	sources, err := assetSources(templates.Files())
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

// searchVectors reads the texts of package search's vectors.
func searchVectors(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("../search/testdata/vectors.txt")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for line := range strings.Lines(string(data)) {
		quoted, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "> ")
		if !ok {
			continue
		}
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(quoted, `"`, `\"`) + `"`)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	return texts
}
