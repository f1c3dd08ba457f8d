package check

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParseRDP makes sure that whatever is in a file, its settings are text
// that can be shown, and mean the same however the file is encoded.
func FuzzParseRDP(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		settings := parseRDP(data)
		var again strings.Builder
		for _, name := range slices.Sorted(maps.Keys(settings)) {
			s := settings[name]
			if name == "" || strings.ContainsAny(name, ":\n\x00") || strings.TrimSpace(name) != name {
				t.Errorf("name %q", name)
			}
			if s.kind != 'i' && s.kind != 's' && s.kind != 'b' {
				t.Errorf("%q: kind %q", name, s.kind)
			}
			if strings.ContainsAny(s.text, "\n\x00") || !utf8.ValidString(s.text) {
				t.Errorf("%q: text %q", name, s.text)
			}
			if n, set, ok := settings.number(name, 3); !set || ok && (n < 0 || n > 3 || s.kind != 'i') {
				t.Errorf("%q: number %d", name, n)
			}
			again.WriteString(name + ":" + string(s.kind) + ":" + s.text + "\r\n")
		}
		if got := parseRDP([]byte("\xef\xbb\xbf" + again.String())); !maps.Equal(got, settings) {
			t.Errorf("%q, read again: %q", settings, got)
		}
	})
}

func TestRDPUser(t *testing.T) {
	for text, want := range map[string]string{
		"username:s:taro":                           "taro",
		"username:s:taro\ndomain:s:EXAMPLE":         `EXAMPLE\taro`,
		"username:s:OTHER\\taro\ndomain:s:EXAMPLE":  `OTHER\taro`,
		"username:s:taro@example\ndomain:s:EXAMPLE": "taro@example",
		"domain:s:EXAMPLE":                          "",
		"username:s:a:b":                            "a:b",
		"":                                          "",
	} {
		if got := parseRDP([]byte(text)).user(); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
