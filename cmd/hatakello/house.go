package main

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"net/http"
	"net/mail"
	"os/user"
	"time"

	"hatakello/incident"
	"hatakello/notify"
	"hatakello/store"
	"hatakello/templates"
)

// house is the program put together: a database, the Desk on top of it, and in
// a server also the pages and the courier.
type house struct {
	db       *store.DB
	desk     *incident.Desk
	sessions *store.Sessions
	pages    *templates.Pages
	from     mail.Address       // of the mails that are made now
	signKey  ed25519.PrivateKey // signs notices for machines; nil: none is signed
	courier  *notify.Courier
	troubles chan incident.Way               // ways out that closed or opened, to be recorded
	ways     func() []string                 // how the mail servers are; nil where none is set
	loops    []func(context.Context)         // what else goes on while the server runs
	front    func(http.Handler) http.Handler // what the demonstration puts before the site; nil otherwise
}

// open opens the database for one short command, which may run beside a
// server. What it leaves to send is found by the server's courier.
func (t *terminal) open(ctx context.Context, d database) (*house, error) {
	db, err := store.Open(ctx, d.DB, store.Options{Guest: true})
	if err != nil {
		return nil, err
	}
	return &house{db: db, desk: newDesk(db)}, nil
}

// openServer opens everything that a server needs.
func (t *terminal) openServer(ctx context.Context, s settings) (*house, error) {
	pages, err := templates.LoadPages(t.words)
	if err != nil {
		return nil, err
	}
	relays, err := s.mail()
	if err != nil {
		return nil, err
	}
	seal, err := s.seal(s.From)
	if err != nil {
		return nil, err
	}
	keys, err := loadKeys(s.Keys)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, s.DB, store.Options{})
	if err != nil {
		return nil, err
	}
	h := &house{db: db, desk: newDesk(db), sessions: &store.Sessions{DB: db, Now: time.Now}, pages: pages}
	c := &composer{words: t.words, from: mailbox(s.From), site: s.URL, keys: keys, seal: seal, heard: s.SlackSecret != ""}
	allow, err := networks(s.WebhookAllow)
	if err != nil {
		db.Close()
		return nil, err
	}
	out := append(s.lanes(relays, h.desk.ChatOff), notify.NewWebhooks(db.Webhook, time.Now, notify.WebhookRules{Allow: allow}).Lane())
	h.courier = notify.NewCourier(h.desk, time.Now, slog.Default(), h.troubled, out...)
	h.desk.Compose, h.desk.CodeMail, h.desk.Memo, h.desk.Alarm, h.desk.Wake = c.notice, c.code, c.memo, c.alarm, h.courier.Wake
	h.desk.Channel, h.desk.Pace, h.desk.DomainPace = s.SlackChannel, s.Pace, s.DomainPace
	if relays != nil {
		h.ways = func() []string { return wayLines(relays.States()) }
	}
	h.desk.Card, h.troubles = c.card, make(chan incident.Way, 16)
	h.loops = append(h.loops, h.tellTroubles)
	h.loops = append(h.loops, h.cards)
	if s.CallSheetDir != "" {
		h.loops = append(h.loops, (&sheets{dir: s.CallSheetDir, house: h, words: t.words}).keepSheets)
	}
	org, err := db.Organisation(ctx)
	if err == nil {
		h.from, _ = c.sender(org)
		err = h.adoptKey(ctx, s)
	}
	if err != nil {
		h.close()
		return nil, err
	}
	c.sign = h.signKey
	h.loops = append(h.loops, func(ctx context.Context) { h.witness(ctx, s, c) })
	return h, nil
}

func (h *house) close() {
	if err := h.db.Close(); err != nil {
		slog.Error("close the database", "err", err)
	}
}

// newDesk makes a Desk that can do every act which sends nothing.
func newDesk(db *store.DB) *incident.Desk {
	m := &ids{now: time.Now}
	return &incident.Desk{Store: db, Now: time.Now, NewID: m.next, NewSecret: newSecret, NewCode: newCode, NewSalt: newSalt}
}

// troubled logs that a way out has closed or opened, and leaves it to be
// recorded: the courier does not wait.
func (h *house) troubled(tr notify.Trouble) {
	w := incident.Way{Route: tr.Route, Why: string(tr.Why)}
	if tr.Err != nil {
		w.Said = tr.Err.Error()
	}
	select {
	case h.troubles <- w:
	default: // nobody records any more; the log has it
	}
	logTrouble(tr)
}

// logTrouble logs that a way out, or one mail server of several, has closed or
// opened.
func logTrouble(tr notify.Trouble) {
	if tr.Why == "" {
		slog.Info("a way out is open again", "route", tr.Route, "relay", tr.Relay)
		return
	}
	slog.Error("a way out is closed", "route", tr.Route, "relay", tr.Relay, "why", tr.Why, "err", tr.Err)
}

// tellTroubles records what troubled leaves, until ctx ends.
func (h *house) tellTroubles(ctx context.Context) {
	if err := h.desk.ForgetWays(ctx); err != nil && ctx.Err() == nil {
		slog.Error("forget which ways out were closed", "err", err)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case w := <-h.troubles:
			if err := h.desk.NoteWay(ctx, w); err != nil && ctx.Err() == nil {
				slog.Error("record a way out", "route", w.Route, "err", err)
			}
		}
	}
}

// operator is whoever sits at the machine. The operating system has let them
// in; what they do is written into the chain under their name there.
func operator() incident.Actor {
	by := incident.Actor{ID: "operator", Name: "operator", Roles: []incident.Role{incident.Admin}, Via: "cli"}
	if u, err := user.Current(); err == nil {
		by.Name = u.Username
	}
	return by
}

// mailbox parses an address that has been checked before.
func mailbox(s string) mail.Address {
	a, err := mail.ParseAddress(s)
	if err != nil {
		return mail.Address{}
	}
	return *a
}
