package site

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"kbgen/internal/kb/check"
)

func TestReadConfig(t *testing.T) {
	root := fstest.MapFS{ConfigFile: {Data: []byte(`# a comment
title: {ja: 題, en: Title}
baseURL: https://kb.example.com/a/b/
languages: [en]
platforms: [windows/arm64]
sign: [signtool, sign, "{file}"]
`)}}
	got, messages, err := ReadConfig(root)
	if err != nil || len(messages) > 0 {
		t.Fatal(messages, err)
	}
	want := Config{
		Title:     check.Text{JA: "題", EN: "Title"},
		Base:      BaseURL{"https://kb.example.com", "/a/b"},
		Languages: []check.Lang{check.EN},
		Platforms: []Platform{"windows/arm64"},
		Sign:      []string{"signtool", "sign", "{file}"},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(BaseURL{})); diff != "" {
		t.Error(diff)
	}
}

func TestReadConfigDefaults(t *testing.T) {
	for _, root := range []fstest.MapFS{{}, {ConfigFile: {}}, {ConfigFile: {Data: []byte("# title: x\n")}}} {
		got, messages, err := ReadConfig(root)
		if err != nil || len(messages) > 0 {
			t.Fatal(messages, err)
		}
		if diff := cmp.Diff(DefaultConfig(), got, cmp.AllowUnexported(BaseURL{})); diff != "" {
			t.Error(diff)
		}
	}
}

func TestReadConfigErrors(t *testing.T) {
	tests := []struct{ src, want string }{
		{"titel: x", `kb.yaml:1:1: error: unknown key "titel"`},
		{"languags: [ja]", `did you mean "languages"?`},
		{"# c\ntitle: [x]", "kb.yaml:2:8: error: title must be a text"},
		{"title: {fr: x}", `kb.yaml:1:9: error: title has no language "fr"`},
		{"title: x\ntitle: y", "title"},
		{"baseURL: kb.example.com", "kb.yaml:1:10: error: baseURL must start with https://"},
		{"baseURL: 'https://u:p@kb.example.com/'", "must not hold a user name"},
		{"languages: [ja, jp]", `kb.yaml:1:17: error: languages cannot hold "jp"`},
		{"languages: []", "must be a list with at least one entry"},
		{"languages: [ja, ja]", "twice"},
		{"platforms: [linux/amd64]", `platforms cannot hold "linux/amd64"`},
		{"sign: signtool {file}", "sign must be a list"},
		{"sign: [signtool]", "no argument with {file}"},
		{"sign: ['{file}']", "no argument with {file}"},
		{"- a", "must be a list of settings"},
		{"a: b: c", "is not YAML"},
		{"title: \xff", "is not YAML"},
	}
	for _, test := range tests {
		_, messages, err := ReadConfig(fstest.MapFS{ConfigFile: {Data: []byte(test.src)}})
		if all := listing(messages); err != nil || !strings.Contains(all, test.want) {
			t.Errorf("%q: no %q in %v\n%s", test.src, test.want, err, all)
		}
	}
}

func FuzzReadConfig(f *testing.F) {
	f.Add([]byte("title: x\nlanguages: [ja]\n"))
	f.Add([]byte("sign: [a, '{file}']\nbaseURL: https://x/\n"))
	f.Add([]byte("? [a]\n: b\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		config, messages, err := ReadConfig(fstest.MapFS{ConfigFile: {Data: src}})
		if err != nil {
			t.Fatal(err)
		}
		listing(messages)
		if len(config.Languages) == 0 || len(config.Platforms) == 0 {
			t.Errorf("no languages or platforms: %+v", config)
		}
	})
}

func TestParseBaseURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://kb.example.com":            "https://kb.example.com/",
		"http://127.0.0.1:8080/":            "http://127.0.0.1:8080/",
		"https://kb.example.com/a%20b/日本//": "https://kb.example.com/a%20b/%E6%97%A5%E6%9C%AC/",
	} {
		got, err := ParseBaseURL(in)
		if err != nil || got.String() != want {
			t.Errorf("%s: %s %v, want %s", in, got, err, want)
		}
	}
	for _, in := range []string{"", "/kb", "kb.example.com", "ftp://x/", "https:///x", "https://x/?q", "https://x/#f", "https://%zz"} {
		if got, err := ParseBaseURL(in); err == nil {
			t.Errorf("%s: %s, want an error", in, got)
		}
	}
}
