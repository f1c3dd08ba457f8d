// Package templates holds the site's pages, texts, styles and scripts, and
// the two files that "kbgen new" starts an article from.
//
//	*.html                 html/template pages; layout.html surrounds the others
//	new.ja.md  new.en.md   a new article
//	i18n/site.*.yaml       texts, see package i18n
//	assets/*.ts *.css      bundled by esbuild; site.ts, site.css and search/worker.ts
//	                       are the entries
//	assets/icon.svg        the icon in the browser's tab
//
// kbgen carries them; a folder templates/ in a site replaces them file by
// file.
package templates

import (
	"embed"
	"io/fs"
)

//go:embed *.html *.md i18n/site.*.yaml assets/*.ts assets/*.css assets/icon.svg assets/search/*.ts
var files embed.FS

// Files returns the embedded templates.
func Files() fs.FS { return files }
