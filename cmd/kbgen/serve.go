package main

import (
	"context"
	"net"
	"os"
	"os/signal"
	"syscall"

	"kbgen/internal/kb/devserver"
	"kbgen/internal/kb/site"
)

func serveCommand() command {
	return command{
		name:    "serve",
		args:    "[-C DIR] [-addr 127.0.0.1:8080]",
		summary: "show the site while it is written, drafts included",
		run:     runServe,
		details: `
  -C DIR      the site's folder (default: the current one)
  -addr ADDR  host and port to listen on (default: 127.0.0.1:8080); port 0 picks
              a free one

Nothing is written. Pages reload when a source changes, and show errors on top.
The program is compiled in the background. Ctrl-C ends it.

examples:
  kbgen serve
  kbgen serve -addr 127.0.0.1:0
`,
	}
}

func runServe(t *terminal, args []string) error {
	f := newFlags("serve")
	dir := f.String("C", ".", "")
	addr := f.String("addr", "127.0.0.1:8080", "")
	if _, err := parse(f, args, 0, 0); err != nil {
		return err
	}
	if _, _, err := net.SplitHostPort(*addr); err != nil {
		return &usageError{"-addr must be host:port", "for example 127.0.0.1:8080"}
	}
	if _, _, err := openSite(*dir); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return devserver.Run(ctx, devserver.Options{
		Dir: *dir, Addr: *addr, Log: t.err,
		Programs: func(ctx context.Context, platforms []site.Platform) ([]site.Program, error) {
			return site.FindPrograms(ctx, *dir, platforms)
		},
	})
}
