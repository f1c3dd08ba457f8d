package article

import (
	"html"
	"io"
	"strings"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
)

// languages are names for code that writers use and chroma does not know, or
// takes for something else.
var languages = map[string]string{
	"cmd": "batchfile", "bat": "batchfile", "batch": "batchfile", "dos": "batchfile",
	"ps": "powershell", "ps1": "powershell", "pwsh": "powershell", "posh": "powershell",
	"reg": "reg", "registry": "reg",
	"text": "", "txt": "", "plain": "", "plaintext": "", "console": "", "output": "", "log": "",
}

// maxHighlight is the size in bytes above which code is not highlighted.
const maxHighlight = 32 << 10

// classPrefix begins every class name of highlighted code.
const classPrefix = "hl-"

// newFormatter writes spans with classes and nothing around them.
func newFormatter() *chromahtml.Formatter {
	return chromahtml.New(chromahtml.WithClasses(true), chromahtml.ClassPrefix(classPrefix), chromahtml.PreventSurroundingPre(true))
}

// HighlightCSS returns the style sheets for code blocks, for a light and for
// a dark page. Every class in them begins with hl-.
func HighlightCSS() (light, dark string) {
	var l, d strings.Builder
	f := newFormatter()
	// Writing to a strings.Builder cannot fail.
	_ = f.WriteCSS(&l, styles.Get("github"))
	_ = f.WriteCSS(&d, styles.Get("github-dark"))
	return l.String(), d.String()
}

// writeCode writes a code block. A language that is not known is shown
// without colours.
func writeCode(w io.StringWriter, f *chromahtml.Formatter, language, code string) {
	lexer := lexerFor(language)
	if lexer == nil || len(code) > maxHighlight {
		w.WriteString(`<pre class="hl-chroma"><code>` + html.EscapeString(code) + "</code></pre>\n")
		return
	}
	name := strings.ToLower(lexer.Config().Name)
	w.WriteString(`<pre class="hl-chroma" data-lang="` + html.EscapeString(name) + `"><code>`)
	w.WriteString(highlight(f, lexer, code))
	w.WriteString("</code></pre>\n")
}

func lexerFor(language string) chroma.Lexer {
	language = strings.ToLower(strings.TrimSpace(language))
	if name, listed := languages[language]; listed {
		language = name
	}
	if language == "" {
		return nil
	}
	return lexers.Get(language)
}

// highlight returns code as HTML, or only escaped if the lexer gives up.
func highlight(f *chromahtml.Formatter, lexer chroma.Lexer, code string) string {
	var s strings.Builder
	tokens, err := chroma.Coalesce(lexer).Tokenise(nil, code)
	if err == nil {
		err = f.Format(&s, styles.Fallback, tokens)
	}
	if err != nil {
		return html.EscapeString(code)
	}
	return s.String()
}
