package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/emersion/go-message"
	"github.com/emersion/go-message/mail"

	"hatakello/incident"
	"hatakello/templates"
)

// sent is a message that has left the building, as its receiver got it.
type sent struct {
	N       int // place in the order of leaving, from 1
	At      time.Time
	Kind    string // "mail" or "slack"
	From    string
	To      string
	Subject string
	Taken   bool
	Answer  string // what the server answered
	Text    string
	HTML    string
	Headers [][2]string
	Parts   []part
	Raw     []byte
}

// part is an attachment.
type part struct {
	Name, Type string
	Data       []byte
}

// outboxPage is "what has left the building". It has the frame of every page,
// for a visitor who is not logged in.
type outboxPage struct {
	Title, Path, Lang, Wide, Said string
	Org                           incident.Organisation
	Closed                        []*incident.Way // none: nobody is logged in
	Bare                          bool
	Version                       string
	Now                           time.Time
	MailServer, ChatServer        string
	Sent                          []*sent
	One                           *sent
}

// outbox shows what the demonstration's mail server and chat have taken.
type outbox struct {
	pages *templates.Pages
	words *templates.Words
	lang  string
	mail  *demoSMTP
	chat  *demoSlack
}

// mount puts the outbox in front of the site.
func (o *outbox) mount(site http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", site)
	mux.HandleFunc("GET /demo/outbox", o.list)
	mux.HandleFunc("GET /demo/outbox/{n}", o.one(o.whole))
	mux.HandleFunc("GET /demo/outbox/{n}/html", o.one(o.html))
	mux.HandleFunc("GET /demo/outbox/{n}/raw", o.one(o.raw))
	mux.HandleFunc("GET /demo/outbox/{n}/part/{i}", o.one(o.part))
	return mux
}

// all returns every message, oldest first.
func (o *outbox) all() []*sent {
	var all []*sent
	for _, m := range o.mail.Mails() {
		s := &sent{Kind: "mail"}
		if !m.Refused {
			s = readMail(m.Raw)
		}
		s.At, s.From, s.To, s.Answer, s.Taken = m.At, m.From, m.To, m.Answer, !m.Refused
		all = append(all, s)
	}
	for _, m := range o.chat.Messages() {
		all = append(all, &sent{Kind: "slack", At: m.At, To: m.Channel, Text: m.Text, Answer: m.TS, Taken: true, Raw: []byte(m.Blocks)})
	}
	slices.SortStableFunc(all, func(a, b *sent) int { return a.At.Compare(b.At) })
	for i, s := range all {
		s.N = i + 1
	}
	return all
}

// page fills in the frame. The language is that of the site's own cookie, else
// the one in which the demonstration was started.
func (o *outbox) page(r *http.Request, title string) outboxPage {
	p := outboxPage{Title: title, Path: r.URL.Path, Lang: o.lang, Org: demoCompany, Bare: true, Version: version, Now: time.Now()}
	if c, err := r.Cookie("lang"); err == nil && slices.Contains(templates.Langs, c.Value) {
		p.Lang = c.Value
	}
	return p
}

func (o *outbox) list(w http.ResponseWriter, r *http.Request) {
	p := o.page(r, "")
	p.Title = o.words.Say(p.Lang, "demo.title")
	p.MailServer, p.ChatServer = o.mail.Addr, o.chat.URL
	p.Sent = o.all()
	slices.Reverse(p.Sent)
	o.render(w, "demo", p)
}

func (o *outbox) whole(w http.ResponseWriter, r *http.Request, s *sent) {
	p := o.page(r, s.Subject)
	if p.Title == "" {
		p.Title = o.words.Say(p.Lang, "demo.chat", "To", s.To)
	}
	p.One = s
	o.render(w, "demosent", p)
}

func (o *outbox) render(w http.ResponseWriter, name string, p outboxPage) {
	var buf bytes.Buffer
	if err := o.pages.Render(&buf, templates.Locale{Lang: p.Lang}, name, p); err != nil {
		slog.Error("page of the demonstration", "err", err)
		http.Error(w, "500", http.StatusInternalServerError)
		return
	}
	o.answer(w, "text/html; charset=utf-8", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'", buf.Bytes())
}

// html shows the HTML part alone: nothing in it may run or be fetched.
func (o *outbox) html(w http.ResponseWriter, _ *http.Request, s *sent) {
	o.answer(w, "text/html; charset=utf-8", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:", []byte(s.HTML))
}

func (o *outbox) raw(w http.ResponseWriter, _ *http.Request, s *sent) {
	o.answer(w, "text/plain; charset=utf-8", "default-src 'none'", s.Raw)
}

func (o *outbox) part(w http.ResponseWriter, r *http.Request, s *sent) {
	i, err := strconv.Atoi(r.PathValue("i"))
	if err != nil || i < 0 || i >= len(s.Parts) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", s.Parts[i].Name))
	o.answer(w, "application/octet-stream", "default-src 'none'", s.Parts[i].Data)
}

func (o *outbox) answer(w http.ResponseWriter, kind, policy string, data []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(data) // the visitor may have gone
}

// one finds the message that the address names.
func (o *outbox) one(show func(http.ResponseWriter, *http.Request, *sent)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.PathValue("n"))
		all := o.all()
		if err != nil || n < 1 || n > len(all) {
			http.NotFound(w, r)
			return
		}
		show(w, r, all[n-1])
	}
}

// readMail takes a mail apart. What cannot be read is shown as it came.
func readMail(raw []byte) *sent {
	s := &sent{Kind: "mail", Raw: raw}
	r, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil && !message.IsUnknownCharset(err) {
		s.Text = string(raw)
		return s
	}
	s.Subject, _ = r.Header.Subject()
	for fields := r.Header.Fields(); fields.Next(); {
		value, err := fields.Text()
		if err != nil {
			value = fields.Value()
		}
		s.Headers = append(s.Headers, [2]string{fields.Key(), value})
	}
	for {
		p, err := r.NextPart()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				s.Text += "\n" + err.Error()
			}
			return s
		}
		s.take(p)
	}
}

// take adds one part of a mail.
func (s *sent) take(p *mail.Part) {
	data, err := io.ReadAll(p.Body)
	if err != nil {
		s.Text += "\n" + err.Error()
		return
	}
	switch h := p.Header.(type) {
	case *mail.AttachmentHeader:
		name, _ := h.Filename()
		kind, _, _ := h.ContentType()
		s.Parts = append(s.Parts, part{name, kind, data})
	case *mail.InlineHeader:
		if kind, _, _ := h.ContentType(); kind == "text/html" {
			s.HTML += string(data)
		} else {
			s.Text += string(data)
		}
	}
}
