// Package devserver shows a site while it is written: it builds in memory,
// serves, watches the sources, builds again and makes open pages reload.
//
// Rebuilding is [site.Build] with a cache. Pages are rendered when somebody
// asks for them. If the sources have errors, every page shows them on top of
// what the last good build had.
//
// An article's page shows made-up results of its steps if ?demo is added to its
// address.
//
// Sources are watched by looking at them: names, sizes and times of all files
// a few times a second. That works on every file system, network shares and
// containers included, where notifications do not.
package devserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"kbgen/internal/kb/article"
	"kbgen/internal/kb/site"
)

// Options say what to serve, and where.
type Options struct {
	Dir  string    // the site's folder
	Addr string    // host:port to listen on
	Log  io.Writer // told about builds, a line each; messages in full

	// Programs returns the programs without plans. It runs in the background
	// and may take a while; pages say so.
	Programs func(context.Context, []site.Platform) ([]site.Program, error)
}

// Run serves until ctx ends, which is not an error.
func Run(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; choose another address with -addr, such as 127.0.0.1:0", o.Addr, err)
	}
	base, err := site.ParseBaseURL("http://" + reachable(listener.Addr()))
	if err != nil {
		listener.Close()
		return err
	}
	s := &server{
		options: o, base: base, compiling: true,
		started: strconv.FormatInt(time.Now().UnixNano(), 36), changed: make(chan struct{}),
	}
	last := s.fingerprint()
	s.build()
	fmt.Fprintf(o.Log, "serving %s (Ctrl-C ends it)\n", base)

	var background sync.WaitGroup
	background.Go(func() { s.compile(ctx) })
	background.Go(func() { s.watch(ctx, last) })
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err = <-failed:
	case <-ctx.Done():
		closing, stop := context.WithTimeout(context.Background(), 2*time.Second)
		defer stop()
		if server.Shutdown(closing) != nil {
			server.Close()
		}
		err = <-failed
	}
	cancel()
	background.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// reachable is the address to type into a browser on this machine.
func reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return addr.String()
}

type server struct {
	options Options
	base    site.BaseURL
	started string // tells one run of the server from the next

	building  sync.Mutex // one build at a time; guards what follows
	cache     site.Cache
	programs  []site.Program
	compiling bool // the programs are not there yet

	mu       sync.RWMutex // guards what follows
	site     *site.Site   // the last good build; may be nil
	problems []string     // why the sources could not be built; empty if they could
	builds   int
	changed  chan struct{} // closed when builds grows
}

// state is what a request is answered from.
type state struct {
	site     *site.Site
	problems []string
	build    string
	changed  <-chan struct{}
}

func (s *server) state() state {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return state{s.site, s.problems, s.started + "-" + strconv.Itoa(s.builds), s.changed}
}

// build builds the sources as they are now.
func (s *server) build() {
	s.building.Lock()
	defer s.building.Unlock()
	start := time.Now()
	built, messages, err := s.try()
	for _, m := range messages {
		fmt.Fprintln(s.options.Log, m.String())
	}
	var problems []string
	switch {
	case err != nil:
		problems = []string{err.Error()}
		fmt.Fprintf(s.options.Log, "error: %v\n", err)
	case built == nil:
		for _, m := range messages {
			if m.Level == article.Error {
				problems = append(problems, m.String())
			}
		}
		fmt.Fprintf(s.options.Log, "not built: errors: %d\n", len(problems))
	default:
		fmt.Fprintf(s.options.Log, "built in %d ms, articles: %d\n", time.Since(start).Milliseconds(), built.Articles)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if built != nil {
		s.site = built
	}
	s.problems = problems
	s.builds++
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *server) try() (*site.Site, []article.Message, error) {
	in, messages, err := site.OpenFolder(s.options.Dir)
	if err != nil {
		return nil, nil, err
	}
	in.Config.Base = s.base
	in.Drafts = true
	in.Programs, in.Compiling = s.programs, s.compiling
	in.Cache = &s.cache
	built, more, err := site.Build(in)
	messages = append(messages, more...)
	if article.Errors(messages) > 0 {
		built = nil
	}
	return built, messages, err
}

// compile gets the programs, one platform after the other: a page offers the
// first download as soon as it is there.
func (s *server) compile(ctx context.Context) {
	in, _, err := site.OpenFolder(s.options.Dir)
	platforms := in.Config.Platforms
	if err != nil {
		platforms = site.DefaultConfig().Platforms // the settings may be mended later
	}
	for i, platform := range platforms {
		programs, err := s.options.Programs(ctx, []site.Platform{platform})
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			fmt.Fprintf(s.options.Log, "pages offer no download for %s: %v\n", platform, err)
		}
		s.building.Lock()
		s.programs = append(s.programs, programs...)
		s.compiling = i+1 < len(platforms)
		s.building.Unlock()
		s.build()
	}
}
