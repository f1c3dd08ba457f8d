//go:build linux

package e2e

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kbgen/internal/kb/winetest"
)

// report is what kbprobe -json prints.
type report struct {
	Schema int
	Slug   string
	Plan   string
	Lang   string
	Steps  []struct {
		Number                        int
		Anchor, Check, Verdict, Title string
		Findings                      []struct {
			ID, Verdict, Text string
			Values            map[string]string
		}
	}
	Exit int
}

func parseReport(t *testing.T, r winetest.Result) report {
	t.Helper()
	var got report
	if err := json.Unmarshal([]byte(r.Stdout), &got); err != nil {
		t.Fatalf("%v\nstandard output: %s\nstandard error: %s", err, r.Stdout, r.Stderr)
	}
	if got.Exit != r.Code {
		t.Errorf("the report says exit code %d, the program ended with %d", got.Exit, r.Code)
	}
	return got
}

// agree holds what the program did against the page it came from.
func (r report) agree(t *testing.T, p articlePage) {
	t.Helper()
	var checks, anchors []string
	for i, s := range r.Steps {
		checks, anchors = append(checks, s.Check), append(anchors, s.Anchor)
		if s.Number != i+1 {
			t.Errorf("step %d has the number %d", i+1, s.Number)
		}
	}
	if r.Slug != slug || r.Plan != p.Hash || !slices.Equal(checks, p.Checks) || !slices.Equal(anchors, p.Anchors) {
		t.Errorf("page and program disagree\npage:    %s %v\nprogram: %s %s %v", p.Hash, p.Checks, r.Slug, r.Plan, checks)
	}
}

// finding returns the ID of the first finding of a check.
func (r report) finding(id string) string {
	for _, s := range r.Steps {
		if s.Check == id {
			return s.Verdict + " " + s.Findings[0].ID
		}
	}
	return "not in the report"
}

// findings are the verdict of a check and the IDs of what it found.
func (r report) findings(id string) (all []string) {
	for _, s := range r.Steps {
		if s.Check != id {
			continue
		}
		all = append(all, s.Verdict)
		for _, f := range s.Findings {
			all = append(all, f.ID)
		}
	}
	return all
}

// value is a value of the first finding of a check.
func (r report) value(id, name string) string {
	for _, s := range r.Steps {
		if s.Check == id {
			return s.Findings[0].Values[name]
		}
	}
	return "not in the report"
}

// The main job: from the page in a browser to the program's answers, for every
// value of the setting that the article is about.
func TestPageAndProbeAgree(t *testing.T) {
	winetest.Require(t)
	s := serve(t, os.DirFS(root), nil)
	ctx, folder := chromium(t)
	for _, lang := range []string{"ja", "en"} {
		p := readPage(t, ctx, s.URL+"/"+lang+"/"+slug+"/")
		if p.Lang != lang || len(p.Checks) < 5 || p.Planned != strings.Join(p.Checks, " ") {
			t.Errorf("the page in %s: %+v", lang, p)
		}
	}
	p := readPage(t, ctx, s.URL+"/ja/"+slug+"/")
	exe := clickDownload(t, ctx, folder)
	if filepath.Base(exe) != "kbprobe-"+slug+".exe" {
		t.Errorf("the download is called %s", filepath.Base(exe))
	}
	data, err := os.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != p.SHA256 {
		t.Errorf("the page says SHA-256 %s, the download has %x", p.SHA256, sum)
	}
	seeder := winetest.NewSeeder(t)

	for _, tt := range []struct {
		name, registry, want string
		deny                 bool
	}{
		{"absent", "", "ok default-mitigated", false},
		{"0", oracle("dword:00000000"), "warning force-updated", false},
		{"1", oracle("dword:00000001"), "ok mitigated", false},
		{"2", oracle("dword:00000002"), "problem vulnerable", false},
		{"string", oracle(`"2"`), "warning wrong-type", false},
		{"access denied", oracle("dword:00000002"), "unknown denied", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			prefix := winetest.New(t)
			prefix.SystemReg(windows11 + tt.registry)
			if tt.deny {
				seeder.Key(prefix, `HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System\CredSSP\Parameters`, winetest.Unreadable)
			}
			r := parseReport(t, prefix.Run(winetest.Cmd{Exe: exe, Args: []string{"-json"}}))
			r.agree(t, p)
			if got := r.finding("credssp.encryption-oracle"); got != tt.want {
				t.Errorf("credssp.encryption-oracle is %s, want %s", got, tt.want)
			}
			if got := r.finding("credssp.patch-level"); got != "ok patched" {
				t.Errorf("credssp.patch-level is %s", got)
			}
		})
	}
}

// Double-clicked, the program finds its article by its file name, asks for the
// host, shows the steps in the language of Windows, waits, and opens the
// article with the results.
func TestDoubleClick(t *testing.T) {
	winetest.Require(t)
	require(t, "script")
	s := serve(t, fewSteps(t), nil)
	data, err := os.ReadFile(filepath.Join(s.Folder, "probe", "kbprobe-windows-amd64.exe"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		lang, file, host, open string
		env                    []string
	}{
		{"en", "kbprobe-" + slug + " (1).exe", "Enter the name or IP", "Enter: open the article", nil},
		{"ja", "KBPROBE-" + strings.ToUpper(slug) + " - コピー.EXE", "接続先の名前または", "結果を記事のページで開く", winetest.Japanese(t)},
	} {
		t.Run(tt.lang, func(t *testing.T) {
			folder := t.TempDir()
			exe := filepath.Join(folder, tt.file)
			if err := os.WriteFile(exe, data, 0o755); err != nil {
				t.Fatal(err)
			}
			prefix := winetest.New(t)
			prefix.SystemReg(windows11 + oracle("dword:00000002"))
			address := doubleClick(t, prefix, exe, tt.env, []winetest.Exchange{{Await: tt.host, Send: "\r"}, {Await: tt.open, Send: "\r"}})
			page, encoded, ok := strings.Cut(address, "#kbprobe=1.")
			if !ok || page != s.URL+"/"+tt.lang+"/"+slug+"/" || len(address) > 2100 {
				t.Fatalf("opened %q", address)
			}
			results, err := base64.RawURLEncoding.DecodeString(encoded)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{`"slug":"` + slug + `"`, `"a":"credssp.encryption-oracle","f":[{"i":"vulnerable"`, `"os":"10.0.26200.7092"`} {
				if !strings.Contains(string(results), part) {
					t.Errorf("the results lack %s: %s", part, results)
				}
			}
		})
	}
}
