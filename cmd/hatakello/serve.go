package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"hatakello/incident"
	"hatakello/notify"
	"hatakello/web"
)

// stopping is how long requests and messages under way may go on when the
// program is told to stop.
const stopping = 10 * time.Second

// ServeCmd starts the server.
type ServeCmd struct {
	settings
}

// Run serves until the operator stops it.
func (cmd ServeCmd) Run(ctx context.Context, t *terminal) error {
	if err := cmd.settle(); err != nil {
		return err
	}
	ln, err := listen(cmd.Listen)
	if err != nil {
		return err
	}
	defer ln.Close()
	if cmd.URL == "" {
		cmd.URL = "http://" + ln.Addr().String()
	}
	holdMemory()
	h, err := t.openServer(ctx, cmd.settings)
	if err != nil {
		return err
	}
	defer h.close()
	if err := h.takeIn(cmd.returns); err != nil {
		return err
	}
	if err := t.warn(ctx, cmd.settings, h); err != nil {
		return err
	}
	site := h.site(t, cmd.settings)
	return h.serve(ctx, t, ln, site, func() { t.print("cli.serve.ready", "URL", cmd.URL) })
}

// holdMemory has the heap collected sooner than usual, unless GOGC says otherwise:
// a notice to thousands is a burst, and the operator's other programs live here
// too. A limit (GOMEMLIMIT) would be a wall against which the program crawls.
func holdMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
}

// listen takes the address; that it is taken already is the commonest mistake.
func listen(addr string) (net.Listener, error) {
	ln, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &incident.Error{Kind: incident.Refused, Field: "listen", Key: "cli.serve.taken", Args: map[string]any{"Value": addr}}
	}
	if err != nil {
		return nil, fmt.Errorf("listen at %s: %w", addr, err)
	}
	return ln, nil
}

// warn says what works, and yet is probably not meant.
func (t *terminal) warn(ctx context.Context, s settings, h *house) error {
	if s.SMTP == "" {
		t.say("cli.serve.nomail")
	}
	if host := strings.TrimPrefix(s.URL, "http://"); host != s.URL && !loopback(host) {
		t.say("cli.serve.plain")
	}
	users, err := h.db.Users(ctx)
	if err != nil {
		return err
	}
	if len(users) == 0 {
		t.say("cli.serve.nobody")
	}
	return nil
}

// loopback reports whether host, with or without a port, is this machine.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// site makes the pages and the API.
func (h *house) site(t *terminal, s settings) *web.Server {
	return &web.Server{
		Desk: h.desk, Read: h.db, Sessions: h.sessions, Words: t.words, Pages: h.pages,
		Ways: h.ways, BaseURL: s.URL, From: h.from.Address, SignKey: h.signKey, Slack: web.Slack{Secret: s.SlackSecret, Whisper: notify.Whisper(s.SlackAPI)},
		Proxies: s.Proxies, Log: slog.Default(), Version: version,
		Checkpoint: func(ctx context.Context) error { return h.checkpoint(ctx, s) },
	}
}

// serve answers at ln and carries messages until ctx ends; then it stops in
// order, within the time that stopping gives.
func (h *house) serve(ctx context.Context, t *terminal, ln net.Listener, site *web.Server, ready func()) error {
	srv := site.NewHTTPServer(ln.Addr().String())
	if h.front != nil {
		srv.Handler = h.front(srv.Handler)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var loops sync.WaitGroup
	loops.Go(func() { h.courier.Run(ctx) })
	loops.Go(func() { h.tick(ctx) })
	loops.Go(func() { h.reword(ctx) })
	loops.Go(func() {
		h.beat(ctx, ln.Addr().String(), func(err error) { slog.Error("write the sign of life", "err", err) })
	})
	for _, loop := range h.loops {
		loops.Go(func() { loop(ctx) })
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	ready()
	debug.FreeOSMemory() // what reading pages and texts took is not needed again
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		t.say("cli.serve.stopping", "Seconds", int(stopping/time.Second))
		err = shut(srv)
	}
	cancel()
	loops.Wait()
	return err
}

// shut stops the server in order. What still runs at the end of the grace is
// cut off: the operator's word comes first.
func shut(srv *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopping)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		return errors.Join(err, srv.Close())
	}
	return nil
}

// cardPause is how often the cards in the chat are looked at: changes within
// it are told together.
const cardPause = 3 * time.Second

// cards keeps the live messages of the cases in the chat up to date.
func (h *house) cards(ctx context.Context) {
	rounds := incident.Cards{Desk: h.desk}
	each := time.NewTicker(cardPause)
	defer each.Stop()
	for {
		if err := rounds.Round(ctx); err != nil && ctx.Err() == nil {
			slog.Error("update the cards in the chat", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-each.C:
		}
	}
}

// rewordEvery is how often the words of new cases are brought in; until then a
// search reads them one by one.
const rewordEvery = 3 * time.Second

// reword brings in the words of new cases while the server runs.
func (h *house) reword(ctx context.Context) {
	each := time.NewTicker(rewordEvery)
	defer each.Stop()
	for {
		if _, err := h.db.Reword(ctx); err != nil && ctx.Err() == nil {
			slog.Error("bring in the words of new cases", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-each.C:
		}
	}
}

// tick asks the Desk once a minute, and at once, what should have been said by
// now, and forgets log-ins that have run out. A minute that fails is made good
// by the next.
func (h *house) tick(ctx context.Context) {
	each := time.NewTicker(time.Minute)
	defer each.Stop()
	for {
		if _, err := h.desk.Tick(ctx); err != nil && ctx.Err() == nil {
			slog.Error("look at the deadlines", "err", err)
		}
		if err := h.sessions.Sweep(ctx); err != nil && ctx.Err() == nil {
			slog.Error("forget old log-ins", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-each.C:
		}
	}
}
