package index_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/evanw/esbuild/pkg/api"
	"github.com/grafana/sobek"

	"kbgen/internal/kb/search/index"
	"kbgen/templates"
)

// page is the search of the page, run in a JavaScript engine over the files
// of an index.
type page struct {
	vm    *sobek.Runtime
	files map[string][]byte
	read  []string // paths of the files that were asked for
}

// twin is the TypeScript under test and what the tests call of it.
const twin = `
import { parse } from "./search/scan";
import { Engine } from "./search/engine";
globalThis.parse = (text) => JSON.stringify(parse(text));
globalThis.open = (read) => {
	const engine = new Engine(async (path) => {
		const data = read(path);
		return data === undefined ? undefined : JSON.parse(data);
	});
	globalThis.find = async (text) => JSON.stringify(await engine.find(text));
};
`

func newPage(t *testing.T, files []index.File) *page {
	t.Helper()
	p := &page{vm: sobek.New(), files: map[string][]byte{}}
	for _, f := range files {
		p.files[f.Path] = f.Data
	}
	p.vm.Set("atob", func(s string) (string, error) { return decodeLatin1(s) })
	if _, err := p.vm.RunString(bundleTwin(t)); err != nil {
		t.Fatal(err)
	}
	p.vm.Set("read", func(path string) sobek.Value {
		p.read = append(p.read, path)
		if data, ok := p.files[path]; ok {
			return p.vm.ToValue(string(data))
		}
		return sobek.Undefined()
	})
	if _, err := p.vm.RunString("open(read)"); err != nil {
		t.Fatal(err)
	}
	return p
}

func bundleTwin(t *testing.T) string {
	t.Helper()
	result := api.Build(api.BuildOptions{
		Stdin:    &api.StdinOptions{Contents: twin, ResolveDir: "/", Loader: api.LoaderTS},
		Bundle:   true,
		Format:   api.FormatIIFE,
		Target:   api.ES2017,
		Plugins:  []api.Plugin{assetsPlugin()},
		LogLevel: api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		t.Fatal(result.Errors)
	}
	return string(result.OutputFiles[0].Contents)
}

// assetsPlugin reads modules from the embedded templates.
func assetsPlugin() api.Plugin {
	return api.Plugin{Name: "assets", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^\.`}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			name := strings.TrimPrefix(args.Path, "./")
			return api.OnResolveResult{Path: "search/" + strings.TrimPrefix(name, "search/") + ".ts", Namespace: "assets"}, nil
		})
		b.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "assets"}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			data, err := fs.ReadFile(templates.Files(), "assets/"+args.Path)
			contents := string(data)
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderTS}, err
		})
	}}
}

type answer struct {
	Codes []struct{ Key string }
	Hits  []struct {
		Slug, By, Field, Lang, Text string
		Score                       float64
		Marks                       [][2]int
	}
	Partial bool
}

func (p *page) find(t *testing.T, query string) answer {
	t.Helper()
	call, ok := sobek.AssertFunction(p.vm.Get("find"))
	if !ok {
		t.Fatal("find is not a function")
	}
	v, err := call(sobek.Undefined(), p.vm.ToValue(query))
	if err != nil {
		t.Fatal(err)
	}
	promise, ok := v.Export().(*sobek.Promise)
	if !ok {
		t.Fatalf("find returned %v", v)
	}
	if promise.State() != sobek.PromiseStateFulfilled {
		t.Fatalf("find(%.100q): %v", query, promise.Result())
	}
	var a answer
	if err := json.Unmarshal([]byte(promise.Result().String()), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// decodeLatin1 is atob: base64 to one character for each byte.
func decodeLatin1(s string) (string, error) {
	data, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", fmt.Errorf("atob: %w", err)
	}
	var b strings.Builder
	for _, c := range data {
		b.WriteRune(rune(c))
	}
	return b.String(), nil
}
