package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"os"
	"strings"
	"time"

	"hatakello/incident"
	"hatakello/notify"
	"hatakello/store"
)

// BellCmd is "hatakello bell": a second, small process that reads the record
// and rings by itself when the program is silent or something is owed.
type BellCmd struct {
	database
	SMTP           string        `name:"smtp" help:"${smtp}" env:"HATAKELLO_BELL_SMTP"`
	SMTPFile       string        `name:"smtp-file" help:"${smtp_file}" env:"HATAKELLO_BELL_SMTP_FILE" placeholder:"FILE"`
	From           string        `help:"${from}" env:"HATAKELLO_FROM"`
	To             []string      `help:"${bell_to}" env:"HATAKELLO_BELL_TO" required:""`
	URL            string        `name:"url" help:"${url}" env:"HATAKELLO_URL"`
	SlackToken     string        `help:"${slack_token}" env:"HATAKELLO_SLACK_TOKEN"`
	SlackTokenFile string        `help:"${slack_token_file}" env:"HATAKELLO_SLACK_TOKEN_FILE" placeholder:"FILE"`
	SlackChannel   string        `help:"${slack_channel}" env:"HATAKELLO_SLACK_CHANNEL"`
	SlackAPI       string        `name:"slack-api" help:"${slack_api}" env:"HATAKELLO_SLACK_API"`
	Every          time.Duration `help:"${bell_every}" default:"60s" env:"HATAKELLO_BELL_EVERY"`
	Once           bool          `help:"${bell_once}"`
}

// again is how long a problem that stays is not told again.
const again = time.Hour

// lookLimit is how long one look may take; ringLimit the ringing after it.
const (
	lookLimit = time.Minute
	ringLimit = 2 * time.Minute
)

// bell is the second bell at work.
type bell struct {
	*BellCmd
	t     *terminal
	now   func() time.Time
	id    func() string
	from  mail.Address
	post  *notify.Mail
	chat  *notify.Slack
	rung  map[string]time.Time // when each problem was last told
	fresh bool                 // nothing has been said yet
}

// errOwed ends --once when something is wrong; it has been said already.
type errOwed struct{}

// Error is empty: nothing more is printed.
func (errOwed) Error() string { return "" }

// Run looks until the operator stops it, or once. With --once the exit code is
// 1 when something is wrong, which has then been told as usual.
func (cmd BellCmd) Run(ctx context.Context, t *terminal) error {
	b, err := cmd.open(t)
	if err != nil {
		return err
	}
	defer b.close()
	if cmd.Once {
		if n := b.look(ctx); n > 0 {
			return errOwed{}
		}
		return nil
	}
	each := time.NewTicker(max(cmd.Every, time.Second))
	defer each.Stop()
	for {
		b.look(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-each.C:
		}
	}
}

// open checks the settings and prepares the ways out, of which there must be
// one.
func (cmd *BellCmd) open(t *terminal) (*bell, error) {
	s := settings{database: cmd.database, SMTP: cmd.SMTP, SMTPFile: cmd.SMTPFile, From: cmd.From, URL: cmd.URL, Listen: "127.0.0.1:0",
		SlackToken: cmd.SlackToken, SlackTokenFile: cmd.SlackTokenFile, SlackChannel: cmd.SlackChannel, SlackAPI: cmd.SlackAPI}
	if err := s.settle(); err != nil {
		return nil, err
	}
	if s.SMTP == "" && s.SlackToken == "" {
		return nil, wrongly("--smtp", "cli.bell.noway", nil)
	}
	for _, to := range cmd.To {
		if _, err := notify.Mailbox(to); err != nil {
			return nil, wrongly("--to", "email.bad", map[string]any{"email": to})
		}
	}
	m := &ids{now: time.Now}
	b := &bell{BellCmd: cmd, t: t, now: time.Now, id: m.next, from: mailbox(s.From), rung: map[string]time.Time{}, fresh: true}
	if s.SMTP != "" {
		s.SMTPSessions = 1
		var err error
		if b.post, err = s.mail(); err != nil {
			return nil, err
		}
	}
	if s.SlackToken != "" {
		b.chat = notify.NewSlack(notify.SlackAccess{Token: s.SlackToken, Channel: s.SlackChannel, API: s.SlackAPI})
	}
	return b, nil
}

func (b *bell) close() {
	if b.post != nil {
		b.post.Close()
	}
}

// look takes one look and rings for what is new, or has lasted another hour.
// It returns how many problems there are.
func (b *bell) look(ctx context.Context) int {
	limited, cancel := context.WithTimeout(ctx, lookLimit)
	found, err := b.owed(limited)
	cancel()
	if ctx.Err() != nil {
		return 0
	}
	if err != nil {
		fmt.Fprintln(b.t.err, "hatakello:", err)
		found = []incident.Omission{{Key: "unreadable", N: 1, Since: b.now()}}
	}
	var due []incident.Omission
	open := map[string]bool{}
	for _, o := range found {
		key := o.Key + " " + o.Case
		open[key] = true
		if last, ok := b.rung[key]; !ok || b.now().Sub(last) >= again {
			due = append(due, o)
		}
	}
	well := len(b.rung) > 0 && len(found) == 0
	for key := range b.rung {
		if !open[key] {
			delete(b.rung, key)
		}
	}
	if len(found) == 0 {
		if well || b.fresh {
			fmt.Fprintln(b.t.out, b.t.words.Say(b.t.lang, "cli.bell.well", "At", b.now().UTC().Format(time.RFC3339)))
		}
		b.fresh = false
		return 0
	}
	b.fresh = false
	if len(due) > 0 && b.ring(ctx, due) {
		for _, o := range due {
			b.rung[o.Key+" "+o.Case] = b.now()
		}
	}
	return len(found)
}

// owed opens the database anew for each look, so that neither a replaced file
// nor a dead connection is mistaken for silence.
func (b *bell) owed(ctx context.Context) ([]incident.Omission, error) {
	db, err := store.OpenReader(ctx, b.DB)
	if err != nil {
		return nil, err
	}
	found, err := incident.Owed(ctx, db, b.now())
	return found, errors.Join(err, db.Close())
}

// ring tells people, by every way there is, past the outbox: the program that
// empties it may be dead. It reports whether anybody could be told; if not,
// the next look rings again.
func (b *bell) ring(ctx context.Context, due []incident.Omission) bool {
	ctx, cancel := context.WithTimeout(ctx, ringLimit)
	defer cancel()
	subject := b.t.words.Say(b.t.lang, "cli.bell.subject", "N", len(due))
	lines := make([]string, len(due))
	for i, o := range due {
		lines[i] = b.words(o)
		fmt.Fprintln(b.t.out, lines[i])
	}
	told := false
	if b.post != nil {
		for _, to := range b.To {
			told = b.mail(ctx, to, subject, lines) || told
		}
	}
	if b.chat != nil {
		told = b.say(ctx, subject, lines) || told
	}
	return told
}

// words is one problem in one line, with times in UTC.
func (b *bell) words(o incident.Omission) string {
	since := ""
	if !o.Since.IsZero() {
		since = o.Since.UTC().Format("2006-01-02T15:04Z")
	}
	return b.t.words.Say(b.t.lang, "cli.bell."+o.Key, "Number", cmp.Or(o.Number, "–"), "N", o.N, "Since", cmp.Or(since, "–"))
}

func (b *bell) mail(ctx context.Context, to, subject string, lines []string) bool {
	id := b.id()
	text := strings.Join(lines, "\n") + "\n\n" + b.t.words.Say(b.t.lang, "cli.bell.do") + "\n"
	if b.URL != "" {
		text += b.URL + "\n"
	}
	raw, err := notify.BuildMail(notify.Message{ID: id, From: b.from, To: mail.Address{Address: to}, Subject: subject, Lang: b.t.lang,
		Date: b.now(), Text: text})
	if err == nil {
		_, err = b.post.Send(ctx, &incident.Delivery{ID: id, Address: to, Body: raw})
	}
	return b.went(err)
}

func (b *bell) say(ctx context.Context, subject string, lines []string) bool {
	id := b.id()
	raw, err := notify.BuildSlack(notify.Card{ID: id, Head: subject, Rows: lines, Link: b.URL, Open: b.t.words.Say(b.t.lang, "alarm.link")})
	if err == nil {
		_, err = b.chat.Send(ctx, &incident.Delivery{ID: id, Body: raw})
	}
	return b.went(err)
}

// went reports whether err is nil, and prints it otherwise.
func (b *bell) went(err error) bool {
	if err != nil {
		fmt.Fprintln(b.t.err, "hatakello:", err)
	}
	return err == nil
}

// beat writes the server's sign of life until ctx ends.
func (h *house) beat(ctx context.Context, listen string, failed func(error)) {
	host, _ := os.Hostname()
	p := incident.Pulse{Node: host + " " + listen, Version: version, Started: time.Now()}
	each := time.NewTicker(10 * time.Second)
	defer each.Stop()
	for {
		p.At = time.Now()
		if err := h.db.Beat(ctx, p); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-each.C:
		}
	}
}
