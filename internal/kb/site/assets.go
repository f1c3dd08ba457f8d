package site

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"kbgen/internal/kb/article"
)

// assets are the bundled style and script of every page, and its icon.
type assets struct{ style, script, icon asset }

type asset struct {
	path string // in the output, with a hash of the content
	data []byte
}

// bundleAssets bundles assets/site.css and assets/site.ts of the templates.
func bundleAssets(cache *Cache, templates fs.FS) (assets, error) {
	sources := map[string]string{"highlight.css": highlightCSS()}
	entries, err := fs.ReadDir(templates, "assets")
	if err != nil {
		return assets{}, err
	}
	for _, d := range entries {
		if ext := path.Ext(d.Name()); ext != ".css" && ext != ".ts" {
			continue
		}
		data, err := fs.ReadFile(templates, "assets/"+d.Name())
		if err != nil {
			return assets{}, err
		}
		sources[d.Name()] = string(data)
	}
	var all [][]byte
	for _, name := range slices.Sorted(maps.Keys(sources)) {
		all = append(all, []byte(name), []byte(sources[name]))
	}
	icon, err := fs.ReadFile(templates, "assets/icon.svg")
	if err != nil {
		return assets{}, err
	}
	a, err := cached(cache, keyOf("assets", all...), func() (assets, error) { return bundle(sources) })
	a.icon = hashed("icon", ".svg", icon)
	return a, err
}

// hashed names an asset by its content.
func hashed(name, ext string, data []byte) asset {
	sum := sha256.Sum256(data)
	return asset{path: "assets/" + name + "-" + hex.EncodeToString(sum[:5]) + ext, data: data}
}

// highlightCSS colours the code blocks of articles. The two sheets do not
// colour the same classes, so neither may apply together with the other.
func highlightCSS() string {
	light, dark := article.HighlightCSS()
	return "@media not (prefers-color-scheme: dark) {\n" + light + "\n}\n" +
		"@media (prefers-color-scheme: dark) {\n" + dark + "\n}\n"
}

// bundle runs esbuild over files in memory.
func bundle(sources map[string]string) (assets, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{"site.css", "site.ts"},
		Outdir:            "/",
		Bundle:            true,
		Format:            api.FormatESModule,
		Target:            api.ES2022,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		LogLevel:          api.LogLevelSilent,
		TsconfigRaw:       `{"compilerOptions":{"strict":true}}`,
		Plugins:           []api.Plugin{inMemory(sources)},
	})
	if len(result.Errors) > 0 {
		return assets{}, errors.New(strings.TrimSpace(strings.Join(
			api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage}), "")))
	}
	var a assets
	for _, f := range result.OutputFiles {
		ext := path.Ext(f.Path)
		out := hashed("site", ext, f.Contents)
		switch ext {
		case ".css":
			a.style = out
		case ".js":
			a.script = out
		}
	}
	if a.style.path == "" || a.script.path == "" {
		return assets{}, errors.New("assets/site.css and assets/site.ts did not give a style and a script")
	}
	return a, nil
}

// inMemory makes esbuild read sources, and nothing else: an import is a name
// among them, with or without its extension.
func inMemory(sources map[string]string) api.Plugin {
	const namespace = "assets"
	return api.Plugin{Name: namespace, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			name := strings.TrimPrefix(args.Path, "./")
			for _, candidate := range []string{name, name + ".ts"} {
				if _, ok := sources[candidate]; ok {
					return api.OnResolveResult{Path: candidate, Namespace: namespace}, nil
				}
			}
			return api.OnResolveResult{}, fmt.Errorf("there is no assets/%s", name)
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: namespace}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			content := sources[args.Path]
			loader := api.LoaderTS
			if path.Ext(args.Path) == ".css" {
				loader = api.LoaderCSS
			}
			return api.OnLoadResult{Contents: &content, Loader: loader}, nil
		})
	}}
}
