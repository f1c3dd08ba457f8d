package devserver

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"kbgen/internal/kb/site"
)

// interval is the pause between two looks at the sources. Looking at very
// many files takes longer; the pause is then a multiple of that time, so that
// the machine is not kept busy.
const (
	interval     = 300 * time.Millisecond
	pausePerLook = 10
)

// watch builds again whenever the sources look different.
func (s *server) watch(ctx context.Context, last [sha256.Size]byte) {
	pause := interval
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		start := time.Now()
		now := s.fingerprint()
		pause = max(interval, pausePerLook*time.Since(start))
		if now != last {
			last = now
			s.build()
		}
	}
}

// fingerprint hashes names, sizes and times of all sources. What cannot be
// read counts as absent: the build says what is wrong with it.
func (s *server) fingerprint() [sha256.Size]byte {
	h := sha256.New()
	for _, name := range []string{"content", "templates", site.ConfigFile} {
		filepath.WalkDir(filepath.Join(s.options.Dir, name), func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			info, err := os.Stat(path)
			if err == nil && !info.IsDir() {
				fmt.Fprintf(h, "%q %d %d\n", path, info.Size(), info.ModTime().UnixNano())
			}
			return nil
		})
	}
	return [sha256.Size]byte(h.Sum(nil))
}
