package site

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/check"
)

// ConfigFile is the name of the site's configuration, beside content/.
const ConfigFile = "kb.yaml"

// Config is what kb.yaml says, with defaults filled in.
type Config struct {
	Title     check.Text
	Base      BaseURL
	Languages []check.Lang // the first is the one that pages without a language use
	Platforms []Platform
	Sign      []string // a program and its arguments; one of them holds {file}
}

// DefaultConfig is the configuration of a site without a kb.yaml.
func DefaultConfig() Config {
	return Config{
		Title:     check.Text{JA: "エラー メッセージのナレッジ ベース", EN: "Error message knowledge base"},
		Languages: check.Langs(),
		Platforms: platforms(),
	}
}

// Platform is an operating system and an architecture, such as windows/amd64.
type Platform string

// platforms lists those that the probe can be built for.
func platforms() []Platform { return []Platform{"windows/amd64", "windows/arm64"} }

// FileName is the program's name on the site: kbprobe-windows-amd64.exe.
func (p Platform) FileName() string { return "kbprobe-" + p.id() + ".exe" }

func (p Platform) id() string { return strings.ReplaceAll(string(p), "/", "-") }

// BaseURL is where a site is published. The zero BaseURL is not known: the
// site then works at the root of any host, and has no feeds, no sitemap and
// no canonical addresses, which need to be absolute.
type BaseURL struct {
	origin string // https://kb.example.com
	path   string // /path, or empty
}

// ParseBaseURL reads an absolute http or https address.
func ParseBaseURL(s string) (BaseURL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return BaseURL{}, errors.New("is not a URL")
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return BaseURL{}, errors.New("must start with https:// or http:// and a host name")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return BaseURL{}, errors.New("must not hold a user name, a query or a fragment")
	}
	return BaseURL{
		origin: u.Scheme + "://" + u.Host,
		path:   strings.TrimRight(u.EscapedPath(), "/"),
	}, nil
}

// Known reports whether absolute addresses can be made.
func (b BaseURL) Known() bool { return b.origin != "" }

// link makes the address of a page or file as pages refer to it; path starts
// with a slash and is already escaped.
func (b BaseURL) link(path string) string { return b.path + path }

// absolute makes an absolute address from what link returned, or "" if the
// site's address is not known.
func (b BaseURL) absolute(link string) string {
	if !b.Known() {
		return ""
	}
	return b.origin + link
}

// String is the address with a slash at its end, or "".
func (b BaseURL) String() string { return b.absolute(b.link("/")) }

// ReadConfig reads kb.yaml from the site's root. All of it is optional, the
// file as well.
func ReadConfig(root fs.FS) (Config, []article.Message, error) {
	r := configReader{config: DefaultConfig()}
	src, err := fs.ReadFile(root, ConfigFile)
	if errors.Is(err, fs.ErrNotExist) {
		return r.config, nil, nil
	}
	if err != nil {
		return r.config, nil, err
	}
	r.lines = strings.Split(string(src), "\n")
	var document yaml.Node
	if err := yaml.Unmarshal(src, &document); err != nil {
		r.report(&yaml.Node{}, "is not YAML: "+oneLine(err.Error()), "")
		return r.config, r.messages, nil
	}
	if len(document.Content) == 1 {
		r.readTop(document.Content[0])
	}
	return r.config, r.messages, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

type configReader struct {
	config   Config
	lines    []string
	messages []article.Message
}

func configKeys() []string { return []string{"title", "baseURL", "languages", "platforms", "sign"} }

func (r *configReader) readTop(top *yaml.Node) {
	if top.Kind == yaml.ScalarNode && top.Tag == "!!null" {
		return // only comments
	}
	if top.Kind != yaml.MappingNode {
		r.report(top, "must be a list of settings, each \"key: value\"", "the keys are "+strings.Join(configKeys(), ", "))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], top.Content[i+1]
		if seen[key.Value] {
			r.report(key, fmt.Sprintf("%s is there twice", key.Value), "remove one of them")
			continue
		}
		seen[key.Value] = true
		r.readKey(key, value)
	}
}

func (r *configReader) readKey(key, value *yaml.Node) {
	switch key.Value {
	case "title":
		r.readTitle(value)
	case "baseURL":
		if s, ok := r.text(value, "baseURL"); ok {
			base, err := ParseBaseURL(s)
			if err != nil {
				r.report(value, "baseURL "+err.Error(), "for example https://kb.example.com/")
			}
			r.config.Base = base
		}
	case "languages":
		r.config.Languages = readNames(r, value, "languages", check.Langs())
	case "platforms":
		r.config.Platforms = readNames(r, value, "platforms", platforms())
	case "sign":
		r.readSign(value)
	default:
		hint := "the keys are " + strings.Join(configKeys(), ", ")
		if near := check.Nearest(key.Value, configKeys()); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		r.report(key, fmt.Sprintf("unknown key %q", key.Value), hint)
	}
}

func (r *configReader) readTitle(value *yaml.Node) {
	if value.Kind != yaml.MappingNode {
		if s, ok := r.text(value, "title"); ok {
			r.config.Title = check.Text{JA: s, EN: s}
		}
		return
	}
	for i := 0; i+1 < len(value.Content); i += 2 {
		lang, node := value.Content[i], value.Content[i+1]
		s, ok := r.text(node, "title")
		switch {
		case !ok:
		case lang.Value == string(check.JA):
			r.config.Title.JA = s
		case lang.Value == string(check.EN):
			r.config.Title.EN = s
		default:
			r.report(lang, fmt.Sprintf("title has no language %q", lang.Value), "use ja and en")
		}
	}
}

func (r *configReader) readSign(value *yaml.Node) {
	if value.Kind != yaml.SequenceNode || len(value.Content) == 0 {
		r.report(value, "sign must be a list: a program and its arguments", `for example ["signtool", "sign", "/fd", "SHA256", "{file}"]`)
		return
	}
	var argv []string
	for _, node := range value.Content {
		if s, ok := r.text(node, "sign"); ok {
			argv = append(argv, s)
		}
	}
	if !slices.ContainsFunc(argv[min(1, len(argv)):], func(s string) bool { return strings.Contains(s, "{file}") }) {
		r.report(value, "sign has no argument with {file}", "put {file} where the command expects the program's file name")
	}
	r.config.Sign = argv
}

// readNames reads a list of names out of those allowed, each once.
func readNames[T ~string](r *configReader, value *yaml.Node, key string, allowed []T) []T {
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = string(a)
	}
	if value.Kind != yaml.SequenceNode || len(value.Content) == 0 {
		r.report(value, key+" must be a list with at least one entry", "for example ["+strings.Join(names, ", ")+"]")
		return allowed
	}
	var list []T
	for _, node := range value.Content {
		s, ok := r.text(node, key)
		switch {
		case !ok:
		case !slices.Contains(names, s):
			hint := "use " + strings.Join(names, " or ")
			if near := check.Nearest(s, names); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			r.report(node, fmt.Sprintf("%s cannot hold %q", key, s), hint)
		case slices.Contains(list, T(s)):
			r.report(node, fmt.Sprintf("%s holds %q twice", key, s), "remove one of them")
		default:
			list = append(list, T(s))
		}
	}
	if len(list) == 0 {
		return allowed // there was an error in each entry
	}
	return list
}

// text reads a value that must be a non-empty string.
func (r *configReader) text(node *yaml.Node, key string) (string, bool) {
	if node.Kind != yaml.ScalarNode || node.Tag != "!!str" || strings.TrimSpace(node.Value) == "" {
		r.report(node, key+" must be a text that is not empty", "")
		return "", false
	}
	return node.Value, true
}

func (r *configReader) report(node *yaml.Node, text, hint string) {
	m := article.Message{
		Level: article.Error, Path: ConfigFile, Line: node.Line, Column: node.Column, Text: text, Hint: hint,
	}
	if 0 < node.Line && node.Line <= len(r.lines) {
		m.Source = strings.TrimSuffix(r.lines[node.Line-1], "\r")
	}
	r.messages = append(r.messages, m)
}
