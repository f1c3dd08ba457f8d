package check

import (
	"strings"
	"testing"
)

// FuzzMentions: event data and paths are anything. Whatever they are, a path
// is mentioned by itself and by what is below it.
func FuzzMentions(f *testing.F) {
	f.Add(`file:_C:\Data\x.js; file:_C:\z`, `C:\Data\x.js`)
	f.Add(`\Device\HarddiskVolume3\x`, `c:\x`)
	f.Add(`%OSDRIVE%\İ`, `C:\İ`)
	f.Add("", `C:\`)
	f.Fuzz(func(t *testing.T, text, path string) {
		mentions(text, path)
		if !LocalPath(path) || path[0] == '%' || path[2] == '/' {
			return
		}
		path = strings.TrimRight(path, `\`)
		if len(path) > 2 && !(mentions(path, path) && mentions(text+path+`\x`, path)) {
			t.Errorf("%q does not mention itself", path)
		}
	})
}

// FuzzSRPMatches: rules are anything, and end where the path does.
func FuzzSRPMatches(f *testing.F) {
	f.Add(`C:\*ab.exe`, `C:\xaab.exe`)
	f.Add(`*`, `C:\x`)
	f.Add(`?:\**\`, `C:\x\y`)
	f.Fuzz(func(t *testing.T, pattern, path string) {
		srpMatches(pattern, path)
		if path != "" && !strings.ContainsAny(path, "*?") && strings.Contains(path, `\`) && !srpMatches(path, path+`\x`) {
			t.Errorf("%q does not cover what is below it", path)
		}
	})
}
