package article

import (
	"bytes"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"kbgen/internal/kb/check"
)

// linkNode leads to an article, or to a place in this one.
type linkNode struct {
	ast.BaseInline
	link Link
}

var kindLink = ast.NewNodeKind("ArticleLink")

func (*linkNode) Kind() ast.NodeKind { return kindLink }

func (n *linkNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// imageNode shows a picture beside the article.
type imageNode struct {
	ast.BaseInline
	path, alt, title string
}

var kindImage = ast.NewNodeKind("Picture")

func (*imageNode) Kind() ast.NodeKind { return kindImage }

func (n *imageNode) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// links checks where links and pictures lead and replaces the local ones by
// nodes of ours. What is refused becomes plain text.
func (p *parsing) links() {
	each(p.body.root, func(n *ast.Image) { p.image(n) })
	each(p.body.root, func(n *ast.Link) {
		at := p.nodeAt(n)
		local, bad := p.target(unescape(n.Destination))
		switch {
		case bad != nil:
			p.fail(at, bad.text, bad.hint)
			unwrap(n)
		case local != nil:
			local.Line, local.Column = p.src.position(at)
			p.a.Links = append(p.a.Links, *local)
			replaceWith(n, &linkNode{link: *local})
		default:
			external(n)
		}
	})
	each(p.body.root, func(n *ast.AutoLink) {
		at := p.autoLinkAt(n)
		address := string(n.URL(p.body.text))
		if n.AutoLinkType == ast.AutoLinkEmail {
			address = "mailto:" + address
		}
		if _, bad := p.target(address); bad != nil {
			p.fail(at, bad.text, bad.hint)
			n.Parent().ReplaceChild(n.Parent(), n, ast.NewString(n.Label(p.body.text)))
			return
		}
		external(n)
	})
}

// autoLinkAt is the offset in the file of a bare address.
func (p *parsing) autoLinkAt(n *ast.AutoLink) int {
	at := max(n.Pos(), 0)
	return p.bodyAt + at + max(0, bytes.Index(p.body.text[at:], n.Label(p.body.text)))
}

func external(n ast.Node) { n.SetAttributeString("rel", "noopener noreferrer") }

// unwrap puts the children of n in its place.
func unwrap(n ast.Node) {
	parent := n.Parent()
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		parent.InsertBefore(parent, n, c)
	}
	parent.RemoveChild(parent, n)
}

// replaceWith puts other in the place of n and gives it n's children.
func replaceWith(n, other ast.Node) {
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		other.AppendChild(other, c)
	}
	n.Parent().ReplaceChild(n.Parent(), n, other)
}

var articlePath = regexp.MustCompile(`^(?:\.\./([a-z]+)/)?([^/]+)\.md$`)

// target reads the address of a link: another article (the result), the web
// (nothing), or something that is refused.
func (p *parsing) target(address string) (*Link, *problem) {
	const hint = "link to an article as other.md, ../en/other.md or #section, to the web as https://…"
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case strings.Contains(address, `\`), err != nil:
		return nil, &problem{text: fmt.Sprintf("%q is not an address", address), hint: hint + "; put a path or a placeholder in a code span"}
	case (u.Scheme == "http" || u.Scheme == "https") && u.Host != "":
		return nil, nil
	case u.Scheme == "mailto":
		return nil, &problem{text: "a link cannot be a mail address", hint: "put the address in a code span"}
	case u.Scheme != "":
		return nil, &problem{text: fmt.Sprintf("a link cannot begin with %s:", u.Scheme), hint: hint + "; put anything else in a code span"}
	case u.Host != "":
		return nil, &problem{text: "the link has no scheme", hint: "write https:" + address}
	case u.Path == "" && u.RawQuery == "" && u.Fragment != "":
		return &Link{Lang: p.a.Lang, Slug: p.a.Slug, Anchor: u.Fragment}, nil
	}
	m := articlePath.FindStringSubmatch(strings.TrimPrefix(u.Path, "./"))
	if m == nil || u.RawQuery != "" {
		return nil, &problem{text: fmt.Sprintf("the link %q leads neither to an article nor to the web", address), hint: hint}
	}
	link := &Link{Lang: p.a.Lang, Slug: m[2], Anchor: u.Fragment}
	if m[1] != "" {
		link.Lang = check.Lang(m[1])
	}
	return link, nil
}

// imageTypes are the pictures that an article may show. SVG is not among
// them: it can carry scripts.
var imageTypes = []string{".png", ".jpg", ".jpeg", ".gif", ".webp"}

func (p *parsing) image(n *ast.Image) {
	at, alt := p.nodeAt(n), p.body.plain(n)
	file, bad := p.imagePath(unescape(n.Destination))
	if bad != nil {
		p.fail(at, bad.text, bad.hint)
		unwrap(n)
		return
	}
	if alt == "" {
		p.warn(at, "the picture has no description", "write what it shows: ![the dialog with the error]("+path.Base(file)+")")
	}
	if !p.images[file] {
		line, column := p.src.position(at)
		p.a.Images = append(p.a.Images, Image{file, line, column})
		p.images[file] = true
	}
	picture := &imageNode{path: file, alt: alt, title: unescape(n.Title)}
	n.Parent().ReplaceChild(n.Parent(), n, picture)
}

// imagePath makes a picture's address a path in the site.
func (p *parsing) imagePath(address string) (string, *problem) {
	const hint = "put the picture beside the article and write ![what it shows](picture.png)"
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case strings.Contains(address, `\`):
		return "", &problem{text: fmt.Sprintf("the picture's path %q has a backslash", address), hint: "write / instead"}
	case err != nil:
		return "", &problem{text: fmt.Sprintf("%q is not a picture's path", address), hint: hint}
	case u.Scheme != "" || u.Host != "":
		return "", &problem{text: "the picture is not beside the article", hint: "the site loads nothing from elsewhere; " + hint}
	case u.Path == "" || u.RawQuery != "" || u.Fragment != "" || strings.HasPrefix(u.Path, "/"):
		return "", &problem{text: fmt.Sprintf("%q is not a picture's path", address), hint: hint}
	}
	file := path.Clean(u.Path)
	extension := strings.ToLower(path.Ext(file))
	switch {
	case strings.HasPrefix(file, "../"):
		return "", &problem{text: "the picture is outside the article's folder", hint: hint}
	case strings.ContainsFunc(file, odd) || strings.ContainsAny(file, `<>:"|?*`):
		return "", &problem{text: fmt.Sprintf("%q cannot be a file's name on Windows", file), hint: "rename the picture"}
	case !slices.Contains(imageTypes, extension):
		return "", &problem{text: fmt.Sprintf("a picture cannot be a %q file", extension), hint: "use png, jpg, gif or webp"}
	}
	return path.Join(path.Dir(p.path), file), nil
}
