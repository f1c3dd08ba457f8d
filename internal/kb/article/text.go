package article

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxSize is the size in bytes above which a file is refused.
const maxSize = 1 << 20

const saveAsUTF8 = "save it as UTF-8: in Notepad, File > Save as > Encoding; in VS Code, the encoding in the status bar > "

// read fills p.src with the text of the file: byte order mark dropped, line
// ends made \n, other control characters reported and blanked. It reports
// false if there is no text to go on with.
func (p *parsing) read(raw []byte) bool {
	if len(raw) > maxSize {
		p.fail(wholeFile, fmt.Sprintf("the file has %d bytes, more than the %d allowed", len(raw), maxSize), "split the article")
		return false
	}
	if name := utf16Name(raw); name != "" {
		p.fail(wholeFile, "the file is "+name+", not UTF-8", saveAsUTF8+"Save with Encoding > UTF-8")
		return false
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	if !utf8.Valid(raw) {
		p.notUTF8(raw)
		return false
	}
	p.src = newSource(p.path, string(raw))
	if strings.TrimSpace(p.src.text) == "" {
		p.fail(wholeFile, "the file is empty", "kbgen new writes an article to start from")
		return false
	}
	return p.controls()
}

// notUTF8 reports the first byte that is not UTF-8 and guesses what it is.
func (p *parsing) notUTF8(raw []byte) {
	p.src = newSource(p.path, strings.ToValidUTF8(string(raw), "\ufffd"))
	offset := 0
	for {
		r, size := utf8.DecodeRune(raw[offset:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		offset += size
	}
	text := fmt.Sprintf("not UTF-8: byte 0x%02X", raw[offset])
	hint := saveAsUTF8 + "Reopen with Encoding, then Save with Encoding > UTF-8"
	if shiftJIS(raw) {
		text = "not UTF-8; it looks like Shift_JIS (ANSI, code page 932)"
		hint = saveAsUTF8 + "Reopen with Encoding > Japanese (Shift JIS), then Save with Encoding > UTF-8"
	}
	p.fail(offset, text, hint)
}

// controls reports control characters and replaces them by spaces. A NUL
// means that this is not a text: it reports false.
func (p *parsing) controls() bool {
	text := []byte(p.src.text)
	seen := map[byte]bool{}
	for i, c := range text {
		if c >= ' ' && c != 0x7f || c == '\n' || c == '\t' {
			continue
		}
		if c == 0 {
			p.fail(i, "NUL byte: this is not a text file", "write the article in a text editor and save it as UTF-8")
			return false
		}
		if !seen[c] {
			p.fail(i, fmt.Sprintf("control character U+%04X", c), "delete it; it is invisible in most editors")
		}
		seen[c], text[i] = true, ' '
	}
	if len(seen) > 0 {
		p.src = newSource(p.path, string(text))
	}
	return true
}

// utf16Name names the kind of UTF-16 that raw is, or returns "".
func utf16Name(raw []byte) string {
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return "UTF-16 LE"
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return "UTF-16 BE"
	case len(raw) >= 4 && raw[0] != 0 && raw[1] == 0 && raw[2] != 0 && raw[3] == 0:
		return "UTF-16 LE"
	case len(raw) >= 4 && raw[0] == 0 && raw[1] != 0 && raw[2] == 0 && raw[3] != 0:
		return "UTF-16 BE"
	}
	return ""
}

// shiftJIS reports whether raw is well-formed Shift_JIS.
func shiftJIS(raw []byte) bool {
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c < 0x80 || c >= 0xa1 && c <= 0xdf:
		case c >= 0x81 && c <= 0x9f || c >= 0xe0 && c <= 0xfc:
			i++
			if i == len(raw) || raw[i] < 0x40 || raw[i] == 0x7f || raw[i] > 0xfc {
				return false
			}
		default:
			return false
		}
	}
	return true
}
