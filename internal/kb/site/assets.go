package site

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"

	"kbgen/internal/kb/article"
)

// assets are the bundled style and script of every page, its icon, and the
// worker that a search starts.
type assets struct{ style, script, worker, icon asset }

type asset struct {
	path string // in the output, with a hash of the content
	data []byte
}

// bundleAssets bundles assets/site.css, assets/site.ts and
// assets/search/worker.ts of the templates.
func bundleAssets(cache *Cache, templates fs.FS) (assets, error) {
	sources, err := assetSources(templates)
	if err != nil {
		return assets{}, err
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

// assetSources reads the styles and scripts of the templates, by their names
// below assets/.
func assetSources(templates fs.FS) (map[string]string, error) {
	sources := map[string]string{"highlight.css": highlightCSS()}
	for _, pattern := range []string{"assets/*.css", "assets/*.ts", "assets/search/*.ts"} {
		names, err := fs.Glob(templates, pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			data, err := fs.ReadFile(templates, name)
			if err != nil {
				return nil, err
			}
			sources[strings.TrimPrefix(name, "assets/")] = string(data)
		}
	}
	return sources, nil
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
		EntryPoints:       []string{"site.css", "site.ts", "search/worker.ts"},
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
		switch filepath.ToSlash(f.Path) {
		case "/site.css":
			a.style = hashed("site", ".css", f.Contents)
		case "/site.js":
			a.script = hashed("site", ".js", f.Contents)
		case "/search/worker.js":
			a.worker = hashed("search", ".js", f.Contents)
		}
	}
	if a.style.path == "" || a.script.path == "" || a.worker.path == "" {
		return assets{}, errors.New("assets/site.css, assets/site.ts and assets/search/worker.ts did not give a style and two scripts")
	}
	return a, nil
}

// inMemory makes esbuild read sources, and nothing else: an import is a name
// among them, with or without its extension, relative to the importing file.
func inMemory(sources map[string]string) api.Plugin {
	const namespace = "assets"
	return api.Plugin{Name: namespace, Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			name := args.Path
			if strings.HasPrefix(name, ".") {
				name = path.Join(path.Dir(args.Importer), name)
			}
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
