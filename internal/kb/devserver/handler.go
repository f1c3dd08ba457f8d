package devserver

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed reload.js
var reloadScript []byte

//go:embed demo.js
var demoScript []byte

//go:embed errors.css
var errorsStyle []byte

//go:embed errors.html
var errorsSource string

var errorsTemplate = template.Must(template.New("errors.html").Parse(errorsSource))

// The paths under /-/ are the server's own; the site has none.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/-/reload.js", func(w http.ResponseWriter, r *http.Request) { serve(w, r, "reload.js", reloadScript) })
	mux.HandleFunc("/-/demo.js", func(w http.ResponseWriter, r *http.Request) { serve(w, r, "demo.js", demoScript) })
	mux.HandleFunc("/-/errors.css", func(w http.ResponseWriter, r *http.Request) { serve(w, r, "errors.css", errorsStyle) })
	mux.HandleFunc("/-/events", s.events)
	mux.HandleFunc("/", s.page)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !s.ownHost(r.Host):
			http.Error(w, "this host name is not the development server's", http.StatusForbidden)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		default:
			mux.ServeHTTP(w, r)
		}
	})
}

// ownHost refuses names that are not this machine's own: a page elsewhere
// could otherwise read drafts by letting its name resolve to 127.0.0.1.
func (s *server) ownHost(hostPort string) bool {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		host = hostPort
	}
	configured, _, _ := net.SplitHostPort(s.options.Addr)
	return host == "localhost" || host == configured && host != "" || net.ParseIP(strings.Trim(host, "[]")) != nil
}

// events tells pages which build is current, now and after each build.
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	for {
		now := s.state()
		if _, err := fmt.Fprintf(w, "data: %s\n\n", now.build); err != nil {
			return
		}
		if control.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-now.changed:
		}
	}
}

// page answers from the last good build.
func (s *server) page(w http.ResponseWriter, r *http.Request) {
	now := s.state()
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if now.site == nil {
		sendPage(w, http.StatusServiceUnavailable, blankPage, now)
		return
	}
	file, found := now.site.Find(name)
	if !found {
		if _, folder := now.site.Find(name + "/index.html"); folder {
			http.Redirect(w, r, path.Clean("/"+name)+"/", http.StatusFound)
			return
		}
		file, _ = now.site.Find("404.html") // every site has it
	}
	data, err := file.Bytes()
	switch {
	case err != nil:
		now.problems = append([]string{err.Error()}, now.problems...)
		sendPage(w, http.StatusInternalServerError, blankPage, now)
	case !found:
		sendPage(w, http.StatusNotFound, data, now)
	case path.Ext(file.Path) == ".html":
		data = decorate(data, now)
		if r.URL.Query().Has("demo") {
			data = addToHead(data, `<script type="module" src="/-/demo.js"></script>`)
		}
		serve(w, r, file.Path, data)
	default:
		serve(w, r, file.Path, data)
	}
}

// blankPage is what problems are shown on if there is no page.
var blankPage = []byte(`<!doctype html><html lang="en"><head><title>kbgen</title></head><body></body></html>`)

func sendPage(w http.ResponseWriter, status int, page []byte, now state) {
	w.Header().Set("Content-Type", contentType(".html"))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(decorate(page, now))
}

// decorate puts the reload script and, if there are any, the problems into a
// page.
func decorate(page []byte, now state) []byte {
	script := `<script type="module" src="/-/reload.js?build=` + now.build + `"></script>`
	if len(now.problems) > 0 {
		script += `<link rel="stylesheet" href="/-/errors.css">`
		var box bytes.Buffer
		errorsTemplate.Execute(&box, map[string]any{"Problems": now.problems, "Stale": now.site != nil})
		if i := bytes.Index(page, []byte("<body")); i >= 0 {
			if end := bytes.IndexByte(page[i:], '>'); end >= 0 {
				page = insert(page, i+end+1, box.Bytes())
			}
		}
	}
	return addToHead(page, script)
}

func addToHead(page []byte, html string) []byte {
	if i := bytes.Index(page, []byte("</head>")); i >= 0 {
		page = insert(page, i, []byte(html))
	}
	return page
}

// insert makes a new slice: the page itself may be shared.
func insert(page []byte, at int, what []byte) []byte {
	return bytes.Join([][]byte{page[:at], what, page[at:]}, nil)
}

// serve sends data with its type. Browsers ask each time whether it changed.
func serve(w http.ResponseWriter, r *http.Request, name string, data []byte) {
	sum := sha256.Sum256(data)
	h := w.Header()
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Type", contentType(name))
	h.Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
}

// contentType does not ask the operating system, whose answers differ.
func contentType(name string) string {
	types := map[string]string{
		".html": "text/html; charset=utf-8",
		".css":  "text/css; charset=utf-8",
		".js":   "text/javascript; charset=utf-8",
		".json": "application/json",
		".xml":  "application/xml; charset=utf-8",
		".txt":  "text/plain; charset=utf-8",
		".svg":  "image/svg+xml",
		".png":  "image/png",
		".jpeg": "image/jpeg",
		".gif":  "image/gif",
		".webp": "image/webp",
		".exe":  "application/vnd.microsoft.portable-executable",
	}
	if t, ok := types[path.Ext(name)]; ok {
		return t
	}
	return "application/octet-stream"
}
