package stamp

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kbgen/internal/kb/check"
	"kbgen/internal/kb/plan"
)

func step(id string, args check.Args) plan.Step { return plan.Step{Anchor: id, Check: id, Args: args} }

func testPlan(slug string, steps ...plan.Step) plan.Plan {
	return plan.Plan{
		Slug:       slug,
		Title:      check.Text{JA: slug + " の題名", EN: "title of " + slug},
		ErrorTexts: []string{"error of " + slug},
		Hash:       plan.Hash(slug, steps),
		Steps:      steps,
	}
}

func testCatalogue() *plan.Catalogue {
	return &plan.Catalogue{Format: plan.CatalogueFormat, Site: "https://kb.example.com", Plans: []plan.Plan{
		testPlan("abc", step("os.version", nil)),
		testPlan("credssp-encryption-oracle", step("credssp.encryption-oracle", nil), step("access.path-acl", check.Args{"path": `C:\a "b"`})),
		testPlan("rdp-credssp", step("os.edition", nil)),
	}, Checks: described()}
}

// described are the checks of testCatalogue's plans, without words.
func described() []plan.Check {
	var checks []plan.Check
	for _, id := range []string{"access.path-acl", "credssp.encryption-oracle", "credssp.patch-level", "os.edition", "os.version"} {
		checks = append(checks, plan.Check{ID: id, Title: check.Text{JA: id, EN: id}, Admin: check.AdminNo})
	}
	return checks
}

// fakePE is the head of a 64-bit Windows program, padded to size.
func fakePE(size int) []byte {
	b := make([]byte, size)
	copy(b, "MZ")
	const pe = 0x80
	binary.LittleEndian.PutUint32(b[0x3c:], pe)
	copy(b[pe:], "PE\x00\x00")
	binary.LittleEndian.PutUint16(b[pe+24:], 0x20b)
	binary.LittleEndian.PutUint32(b[pe+24+108:], 16)
	return b
}

// sign appends a certificate table as signing tools do: padded to 8 bytes,
// its offset and length in the header.
func sign(program []byte, certificate int) []byte {
	b := bytes.Clone(program)
	for len(b)%8 != 0 {
		b = append(b, 0)
	}
	const entry = 0x80 + 24 + 112 + 8*4
	binary.LittleEndian.PutUint32(b[entry:], uint32(len(b)))
	binary.LittleEndian.PutUint32(b[entry+4:], uint32(certificate))
	return append(b, bytes.Repeat([]byte{0xa5}, certificate)...)
}

func stamp(t testing.TB, program []byte, c *plan.Catalogue) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Stamp(&b, program, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(b []byte) (*plan.Catalogue, error) { return plan.Read(bytes.NewReader(b), int64(len(b))) }

func TestStampAndRead(t *testing.T) {
	c := testCatalogue()
	for name, program := range map[string][]byte{
		"windows": fakePE(5000),
		"other":   []byte("\x7fELF, or anything else"),
	} {
		t.Run(name, func(t *testing.T) {
			stamped := stamp(t, program, c)
			if !bytes.HasPrefix(stamped, program) {
				t.Error("stamping changed the program")
			}
			if again := stamp(t, program, c); !bytes.Equal(stamped, again) {
				t.Error("stamping the same twice gave different bytes")
			}
			got, err := read(stamped)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A signature longer than the 65 KiB in which zip readers look for the end
// record must not hide the plans.
func TestReadSigned(t *testing.T) {
	stamped := stamp(t, fakePE(5001), testCatalogue())
	for _, certificate := range []int{8, 1960, 200_000} {
		got, err := read(sign(stamped, certificate))
		if err != nil {
			t.Errorf("certificate of %d bytes: %v", certificate, err)
			continue
		}
		if diff := cmp.Diff(testCatalogue(), got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestStampRefuses(t *testing.T) {
	c := testCatalogue()
	stamped := stamp(t, fakePE(5000), c)
	unsorted := &plan.Catalogue{Format: plan.CatalogueFormat, Plans: []plan.Plan{testPlan("bbb"), testPlan("aaa")}}
	badSlug := &plan.Catalogue{Format: plan.CatalogueFormat, Plans: []plan.Plan{testPlan("../x")}}
	for _, tt := range []struct {
		name    string
		program []byte
		c       *plan.Catalogue
		want    string
	}{
		{"stamped twice", stamped, c, "already carries plans"},
		{"signed", sign(fakePE(5000), 100), c, "already signed"},
		{"unsorted", fakePE(5000), unsorted, "does not sort after"},
		{"slug", fakePE(5000), badSlug, "is not of the form"},
		{"no PE header", []byte("MZ" + strings.Repeat("x", 100)), c, "no PE header"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := Stamp(io.Discard, tt.program, tt.c)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func zipOf(t *testing.T, offset int, members map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.SetOffset(int64(offset))
	for name, content := range members {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, content)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadRefuses(t *testing.T) {
	program := fakePE(5000)
	stamped := stamp(t, program, testCatalogue())
	altered := bytes.Clone(stamped)
	altered[len(program)+60] ^= 0xff // inside the compressed member
	with := func(members map[string]string) []byte {
		return append(bytes.Clone(program), zipOf(t, len(program), members)...)
	}
	for _, tt := range []struct {
		name string
		file []byte
		want error
		text string
	}{
		{"no plans", program, plan.ErrNoPlans, ""},
		{"empty file", nil, plan.ErrNoPlans, ""},
		{"cut in the end record", stamped[:len(stamped)-5], plan.ErrNoPlans, ""},
		{"cut in the member", stamped[:len(program)+80], plan.ErrNoPlans, ""},
		{"altered", altered, plan.ErrDamaged, ""},
		{"signature cut off", sign(stamped, 2000)[:len(stamped)+1000], plan.ErrDamaged, "cut off"},
		{"other member", with(map[string]string{"x.json": "{}"}), plan.ErrDamaged, "catalogue.json"},
		{"two members", with(map[string]string{"x.json": "{}", "catalogue.json": "{}"}), plan.ErrDamaged, "one member"},
		{"not JSON", with(map[string]string{"catalogue.json": "hello"}), plan.ErrDamaged, "no value"},
		{"other format", with(map[string]string{"catalogue.json": `{"format":2}`}), plan.ErrDamaged, "format 2, want 1"},
		{"bad hash", with(map[string]string{"catalogue.json": `{"format":1,"plans":[{"slug":"abc","hash":"XYZ"}]}`}), plan.ErrDamaged, "hash"},
		{"bad anchor", with(map[string]string{"catalogue.json": `{"format":1,"plans":[{"slug":"abc","hash":"1234567","steps":[{"anchor":"x","check":"y"}]}]}`}), plan.ErrDamaged, "anchor"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := read(tt.file)
			if !errors.Is(err, tt.want) || !strings.Contains(fmt.Sprint(err), tt.text) {
				t.Errorf("got %v, %v; want %v with %q", c, err, tt.want, tt.text)
			}
		})
	}
}

func TestTenThousandPlans(t *testing.T) {
	c := &plan.Catalogue{Format: plan.CatalogueFormat, Checks: described()}
	for i := range 10_000 {
		c.Plans = append(c.Plans, testPlan(fmt.Sprintf("error-%05d", i), step("os.version", nil), step("credssp.patch-level", nil)))
	}
	stamped := stamp(t, fakePE(5000), c)
	start := time.Now()
	got, err := read(stamped)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := got.Find("error-09999"); !ok || len(got.Plans) != 10_000 {
		t.Errorf("%d plans, the last is missing", len(got.Plans))
	}
	t.Logf("%d bytes of zip, read in %v", len(stamped)-5000, time.Since(start))
}

func FuzzRead(f *testing.F) {
	program := fakePE(600)
	stamped := stamp(f, program, testCatalogue())
	f.Add(program)
	f.Add(stamped)
	f.Add(sign(stamped, 100))
	f.Add(stamped[:len(stamped)-30])
	f.Fuzz(func(t *testing.T, file []byte) {
		c, err := read(file)
		if err != nil {
			if c != nil || !errors.Is(err, plan.ErrNoPlans) && !errors.Is(err, plan.ErrDamaged) {
				t.Errorf("read gave %v and an error of no known kind: %v", c, err)
			}
			return
		}
		if _, err := c.Encode(); err != nil {
			t.Error("read accepted what validate refuses:", err)
		}
		c.Choose(plan.Hints{FileName: "kbprobe-abc.exe"})
	})
}
