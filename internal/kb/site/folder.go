package site

import (
	"os"
	"path/filepath"

	"kbgen/internal/kb/article"
	"kbgen/templates"
)

// OpenFolder prepares the input of a site that lies in a folder on disk:
// content/, and optionally kb.yaml and templates/, whose files replace those
// that kbgen carries. The messages are about kb.yaml.
func OpenFolder(dir string) (Input, []article.Message, error) {
	in := Input{
		Root:      os.DirFS(dir),
		Templates: Overlay(os.DirFS(filepath.Join(dir, "templates")), templates.Files()),
	}
	var messages []article.Message
	var err error
	in.Config, messages, err = ReadConfig(in.Root)
	return in, messages, err
}
