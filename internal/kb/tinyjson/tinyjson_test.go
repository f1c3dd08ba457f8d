package tinyjson

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// plain turns a value into what encoding/json makes of the same text.
func plain(v Value) any {
	switch v.Kind {
	case Null:
		return nil
	case Bool:
		return v.Text == "true"
	case Number:
		return json.Number(v.Text)
	case String:
		return v.Text
	case List:
		list := []any{}
		for _, item := range v.Items {
			list = append(list, plain(item))
		}
		return list
	}
	object := map[string]any{}
	for _, m := range v.Members {
		object[m.Name] = plain(m.Value)
	}
	return object
}

func write(w *Writer, v Value) {
	switch v.Kind {
	case Bool:
		w.Bool(v.Text == "true")
	case Number:
		n, _ := v.Int()
		w.Int(int64(n))
	case List:
		w.List(func() {
			for _, item := range v.Items {
				write(w, item)
			}
		})
	case Object:
		w.Object(func() {
			for _, m := range v.Members {
				write(w.Name(m.Name), m.Value)
			}
		})
	default:
		w.String(v.Text)
	}
}

func TestParseErrors(t *testing.T) {
	for text, want := range map[string]string{
		``:                                "no value",
		`{`:                               "no name",
		`{"a"}`:                           "no colon",
		`{"a":1,}`:                        "no name",
		`{"a":1 "b":2}`:                   "no comma",
		`{"a":1,"a":2}`:                   "second time",
		`[1,]`:                            "no value",
		`[1 2]`:                           "no comma",
		`"a`:                              "without an end",
		"\"a\nb\"":                        "control character",
		`"\x"`:                            "unknown escape",
		`"\u12g4"`:                        "no hexadecimal digit",
		`"\ud800"`:                        "half of a surrogate",
		`"\ud800A"`:                       "half of a surrogate",
		"\"\xff\"":                        "not UTF-8",
		`01`:                              "more text",
		`-`:                               "no digit",
		`1.`:                              "no digit",
		`1e`:                              "no digit",
		`tru`:                             "no value",
		`1 2`:                             "more text",
		strings.Repeat("[", 100):          "nested too deep",
		`{"a":` + strings.Repeat("[", 50): "nested too deep",
	} {
		_, err := Parse(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Parse(%.30q): %v, want %q", text, err, want)
		}
	}
}

func TestWriter(t *testing.T) {
	w := &Writer{Indent: "  "}
	w.Object(func() {
		w.Name("empty").List(func() {})
		w.Name("text").String("a\"\\\n\x01\u2028日本<&>")
		w.Name("list").List(func() {
			w.Int(-1)
			w.Object(func() { w.Name("ok").Bool(true) })
		})
	})
	want := `{
  "empty": [],
  "text": "a\"\\\n\u0001\u2028日本<&>",
  "list": [
    -1,
    {
      "ok": true
    }
  ]
}`
	if diff := cmp.Diff(want, w.Text()); diff != "" {
		t.Error(diff)
	}
}

// Whatever this package accepts, encoding/json accepts, with the same result;
// whatever it refuses, encoding/json refuses, but for the documented limits.
// What the Writer writes comes back.
func FuzzAgainstStandardLibrary(f *testing.F) {
	for _, seed := range []string{
		`{"format":1,"plans":[{"slug":"x","args":{"path":"C:\\a \"b\""}}]}`,
		`[null,true,false,0,-1.5e+3,"\u00e9\ud83d\ude00\/",""]`, " \t\r\n1 ", `{"a":1,"a":2}`, `"\ud800"`, `"\u0000"`, `[[[[]]]]`, "\"\x7f\"",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse(text)
		if err != nil {
			limits := !utf8.ValidString(text) || strings.Contains(err.Error(), "surrogate") ||
				strings.Contains(err.Error(), "second time") || strings.Contains(err.Error(), "too deep")
			if json.Valid([]byte(text)) && !limits {
				t.Fatalf("%v, but it is JSON: %q", err, text)
			}
			return
		}
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err != nil {
			t.Fatalf("accepted what encoding/json refuses (%v): %q", err, text)
		}
		if diff := cmp.Diff(want, plain(v)); diff != "" {
			t.Fatal(diff)
		}
		var w Writer
		write(&w, v)
		if !json.Valid([]byte(w.Text())) {
			t.Fatalf("wrote what is not JSON: %s", w.Text())
		}
		if v.Kind == String {
			var back string
			if err := json.Unmarshal([]byte(w.Text()), &back); err != nil || back != v.Text {
				t.Fatalf("%q came back as %q, %v", v.Text, back, err)
			}
		}
		indented := Writer{Indent: "\t"}
		write(&indented, v)
		var compact bytes.Buffer
		if err := json.Compact(&compact, []byte(indented.Text())); err != nil || compact.String() != w.Text() {
			t.Fatalf("indented and plain differ: %v\n%s\n%s", err, indented.Text(), w.Text())
		}
	})
}
