package article

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"

	"kbgen/internal/kb/check"
)

// A reference is a link to the web in the section of references.
type reference struct {
	at   int
	text string // what the reader sees, or, of a bare address, its end
	// Terms that say what it is about, in lower case. The sure ones would be
	// in an article about the same subject: names, codes, and words in the
	// article's own language.
	sure, other []string
}

var (
	termForm   = regexp.MustCompile(`[\p{Katakana}ー]{2,}|\p{Han}{2,}|[A-Za-z0-9][A-Za-z0-9._+#-]*[A-Za-z0-9]`)
	cmdletForm = regexp.MustCompile(`^(?:get|set|add|remove|new|test|enable|disable|start|stop|clear|resolve|invoke|repair|restart|update|import|export)-[a-z]+$`)
)

// commonTerms say nothing about a document's subject.
var commonTerms = func() map[string]bool {
	m := map[string]bool{}
	for _, term := range strings.Fields(`
		windows microsoft learn docs documentation document documents support supported help article articles azure
		server servers client clients computer computers user users pc system file files
		the and for with from that this your you how can are not why what when does using use used about into via after
		error errors message messages code codes problem problems issue issues fix fixes fixed cause causes known solve
		troubleshoot troubleshooting guide guides guidance overview reference references introduction topic topics
		configure configuration settings setting options option manage management administration administrator policy csp
		update updates version versions release notes library previous module modules command commands tool tools
		security html aspx default index page www com http https en us ja jp
		設定 手順 方法 概要 確認 構成 管理 対処 対処法 解決 問題 原因 更新 公式 日本語 技術情報 参考 利用 使用 有効 無効 変更 機能 情報 場合 一覧 仕様
		エラー トラブルシューティング ガイド サポート ドキュメント リファレンス プログラム マイクロソフト メッセージ コード コマンド ツール バージョン
		サーバー クライアント コンピューター ユーザー システム ファイル オプション`) {
		m[term] = true
	}
	return m
}()

// lintReferences warns of references to documents of which the article says
// nothing, and of references none of which is about what the title, the tags
// and the messages say.
func lintReferences(p *parsing) {
	in := p.part(References)
	if in == nil {
		return
	}
	refs := p.references(in)
	refs = refs[:min(len(refs), maxLookups)]
	if len(refs) == 0 {
		return
	}
	text := strings.ToLower(p.withoutPart(in))
	subject := strings.ToLower(strings.Join(slices.Concat([]string{p.a.Title, p.a.Description}, p.a.Tags, p.a.ErrorTexts), "\n"))
	judged, near := 0, false
	for _, r := range refs {
		all := slices.Concat(r.sure, r.other)
		if len(r.sure) > 0 && !slices.ContainsFunc(all, func(t string) bool { return mentions(text, t) }) {
			p.warn(r.at, "the article mentions nothing of this reference: "+clipText(r.text, 60), "cite what supports this article, or say in the text what this is for")
		}
		if len(all) > 0 {
			judged++
		}
		near = near || slices.ContainsFunc(all, func(t string) bool { return mentions(subject, t) })
	}
	if judged > 1 && !near && p.comparable(refs) {
		p.warn(p.nodeAt(in.heading), "no reference is about the subject of the title", "are they those of another article? cite what supports this one")
	}
}

// comparable reports whether the title and the references have a script in
// common: the title a name in Latin letters, or a reference words in Japanese.
func (p *parsing) comparable(refs []reference) bool {
	return p.a.Lang == check.EN ||
		slices.ContainsFunc(terms(p.a.Title), isName) ||
		slices.ContainsFunc(refs, func(r reference) bool { return LangOf(r.text) == check.JA })
}

// withoutPart is the text of the file, front matter included, without one of
// its sections.
func (p *parsing) withoutPart(in *part) string {
	from, to := p.nodeAt(in.heading), len(p.src.text)
	for _, next := range p.a.doc.parts {
		if next.heading == nil {
			continue
		}
		if at := p.nodeAt(next.heading); at > from {
			to = min(to, at)
		}
	}
	return p.src.text[:from] + p.src.text[to:]
}

func (p *parsing) references(in *part) []reference {
	var refs []reference
	for _, n := range in.nodes {
		each(n, func(c ast.Node) {
			switch c := c.(type) {
			case *ast.Link:
				refs = append(refs, p.reference(p.nodeAt(c), p.body.plain(c), unescape(c.Destination)))
			case *ast.AutoLink:
				refs = append(refs, p.reference(p.autoLinkAt(c), string(c.Label(p.body.text)), string(c.URL(p.body.text))))
			}
		})
	}
	return refs
}

func (p *parsing) reference(at int, text, address string) reference {
	r := reference{at: at, text: text}
	last := lastSegment(address)
	words := significant(strings.Split(last, "-"))
	if strings.Contains(text, "://") || strings.HasPrefix(text, "www.") {
		r.text = "…/" + last
		switch {
		case cmdletForm.MatchString(last), p.a.Lang == check.EN && len(words) > 0, len(words) == 1 && words[0] == last:
			r.sure = words
		}
		r.other = words
		return r
	}
	r.other = slices.Concat(words, latinPairs(text))
	for _, term := range terms(text) {
		name, japanese := isName(term), LangOf(term) == check.JA
		term := strings.ToLower(term)
		switch {
		case commonTerms[term]:
		case name, japanese == (p.a.Lang == check.JA) && !short(term):
			r.sure = append(r.sure, term)
		default:
			r.other = append(r.other, term)
		}
		if kanji := []rune(term); japanese && unicode.Is(unicode.Han, kanji[0]) && len(kanji) >= 4 {
			half := len(kanji) / 2
			r.other = append(r.other, significant([]string{string(kanji[:half]), string(kanji[half:])})...)
		}
	}
	return r
}

// short reports whether term is a word of up to three kanji: most of these
// are in any text (一般的, 軽減策).
func short(term string) bool {
	kanji := []rune(term)
	return unicode.Is(unicode.Han, kanji[0]) && len(kanji) <= 3
}

var latinPair = regexp.MustCompile(`[A-Za-z][\w-]* [A-Za-z0-9][\w-]*`)

// latinPairs lists pairs of Latin words in lower case: two words that say
// nothing can be a name together (Windows Update).
func latinPairs(text string) []string {
	var pairs []string
	for at := 0; ; {
		m := latinPair.FindStringIndex(text[at:])
		if m == nil {
			return pairs
		}
		pairs = append(pairs, strings.ToLower(text[at+m[0]:at+m[1]]))
		at += m[0] + strings.IndexByte(text[at+m[0]:], ' ')
	}
}

// lastSegment is what an address ends in, without numbers and extension.
func lastSegment(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	last := strings.ToLower(path.Base(u.Path))
	return strings.TrimSuffix(last, path.Ext(last))
}

// significant leaves out of words in lower case what says nothing.
func significant(words []string) []string {
	return slices.DeleteFunc(words, func(w string) bool {
		return len(w) < 3 || commonTerms[w] || !strings.ContainsFunc(w, unicode.IsLetter)
	})
}

// terms are the words of a text that can say what it is about: runs of
// katakana and of kanji, and Latin words of at least two letters.
func terms(text string) []string {
	return slices.DeleteFunc(termForm.FindAllString(text, -1), func(t string) bool {
		return !strings.ContainsFunc(t, unicode.IsLetter)
	})
}

// isName reports whether a Latin word is a name or a code: it has a capital
// letter that does not begin it, or a digit.
func isName(term string) bool {
	if LangOf(term) == check.JA || commonTerms[strings.ToLower(term)] {
		return false
	}
	return strings.ContainsFunc(term[1:], unicode.IsUpper) || strings.ContainsFunc(term, unicode.IsDigit)
}

// mentions reports whether text has term, in lower case both: Latin words of
// up to three letters as a word, longer ones, without a plural's s, and
// Japanese ones anywhere.
func mentions(text, term string) bool {
	if LangOf(term) == check.JA {
		return strings.Contains(text, strings.TrimSuffix(term, "ー"))
	}
	if len(term) > 3 {
		return strings.Contains(text, strings.TrimSuffix(term, "s"))
	}
	for from := 0; ; {
		at := strings.Index(text[from:], term)
		if at < 0 {
			return false
		}
		at += from
		if !wordByte(text, at-1) && !wordByte(text, at+len(term)) {
			return true
		}
		from = at + 1
	}
}

// wordByte reports whether text has a Latin letter or a digit at i.
func wordByte(text string, i int) bool {
	if i < 0 || i >= len(text) {
		return false
	}
	c := text[i]
	return 'a' <= c && c <= 'z' || '0' <= c && c <= '9'
}
