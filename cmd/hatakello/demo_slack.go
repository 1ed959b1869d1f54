package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// demoToken is the only token that the demonstration's Slack knows.
const demoToken = "xoxb-demo"

// slackFault is a way in which the demonstration's Slack can misbehave.
type slackFault string

// The faults; "" is none.
const (
	slackBusy    slackFault = "429"
	slackBroken  slackFault = "500"
	slackSilent  slackFault = "hang" // until the caller gives up, though the message is taken
	slackRevoked slackFault = "invalid_auth"
	slackClosed  slackFault = "is_archived"
)

// demoChannel is the id under which the double knows every channel. As in
// Slack, a message is posted by the channel's name or id and changed by its id.
const demoChannel = "C0DEMO"

// demoMessage is a message in the demonstration's Slack as it now stands.
type demoMessage struct {
	At       time.Time
	Channel  string
	TS       string // Slack's name for it
	Text     string
	Blocks   string // JSON
	Metadata string // JSON
	Edits    int
}

// demoSlack is a double of Slack on this machine: auth.test, chat.postMessage,
// chat.update, conversations.history and the address for answers to a click. It
// checks the token and keeps the messages.
type demoSlack struct {
	URL string // of the API, with a slash at its end

	server *http.Server

	mu       sync.Mutex
	fault    slackFault
	retry    time.Duration // what a busy answer asks for
	messages []demoMessage
	whispers []string // answers to clicks
	count    int
	called   int // requests in all
}

// newDemoSlack starts the double at a free port.
func newDemoSlack() (*demoSlack, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the demonstration's Slack: %w", err)
	}
	d := &demoSlack{URL: "http://" + l.Addr().String() + "/api/"}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/auth.test", d.checked(d.authTest))
	mux.HandleFunc("POST /api/chat.postMessage", d.checked(d.post))
	mux.HandleFunc("POST /api/chat.update", d.checked(d.update))
	mux.HandleFunc("POST /api/conversations.history", d.checked(d.history))
	mux.HandleFunc("POST /api/respond", d.respond)
	d.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: time.Minute, WriteTimeout: time.Minute}
	go func() { _ = d.server.Serve(l) }() // ends with close
	return d, nil
}

// Messages returns what is kept, oldest first.
func (d *demoSlack) Messages() []demoMessage {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]demoMessage(nil), d.messages...)
}

// misbehave sets how the double answers from now on. With slackBusy it asks
// for patience of retry.
func (d *demoSlack) misbehave(f slackFault, retry time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault, d.retry = f, retry
}

// calls returns how many requests there were.
func (d *demoSlack) calls() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.called
}

// forget deletes a message, as anybody in the workspace may.
func (d *demoSlack) forget(ts string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.messages = slices.DeleteFunc(d.messages, func(m demoMessage) bool { return m.TS == ts })
}

func (d *demoSlack) close() { _ = d.server.Close() }

// slackAnswer is what Slack's API says.
type slackAnswer struct {
	OK       bool        `json:"ok"`
	Error    string      `json:"error,omitempty"`
	Channel  string      `json:"channel,omitempty"`
	TS       string      `json:"ts,omitempty"`
	Text     string      `json:"text,omitempty"`
	Messages []slackPast `json:"messages,omitempty"`
	Team     string      `json:"team,omitempty"`
	User     string      `json:"user,omitempty"`
	TeamID   string      `json:"team_id,omitempty"`
	UserID   string      `json:"user_id,omitempty"`
}

// slackPast is a message as conversations.history tells of it.
type slackPast struct {
	TS       string          `json:"ts"`
	Text     string          `json:"text"`
	Metadata json.RawMessage `json:"metadata,omitempty"`
}

func slackRefusal(code string) slackAnswer { return slackAnswer{Error: code} }

// checked reads the form, checks the token and misbehaves as told, before do
// answers.
func (d *demoSlack) checked(do func(r *http.Request) slackAnswer) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
		if err := r.ParseForm(); err != nil {
			writeSlack(w, slackRefusal("invalid_form_data"))
			return
		}
		d.mu.Lock()
		fault, retry := d.fault, d.retry
		d.called++
		d.mu.Unlock()
		switch fault {
		case slackBusy:
			w.Header().Set("Retry-After", fmt.Sprint(int(retry.Seconds())))
			w.WriteHeader(http.StatusTooManyRequests)
			return
		case slackBroken:
			w.WriteHeader(http.StatusInternalServerError)
			return
		case slackRevoked, slackClosed:
			writeSlack(w, slackRefusal(string(fault)))
			return
		}
		if r.Header.Get("Authorization") != "Bearer "+demoToken && r.PostForm.Get("token") != demoToken {
			writeSlack(w, slackRefusal("invalid_auth"))
			return
		}
		a := do(r)
		if fault == slackSilent {
			<-r.Context().Done()
			return
		}
		writeSlack(w, a)
	}
}

func writeSlack(w http.ResponseWriter, a slackAnswer) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(a) // the caller may have gone
}

func (d *demoSlack) authTest(*http.Request) slackAnswer {
	return slackAnswer{OK: true, Team: "Demo", User: "hatakello", TeamID: "T0DEMO", UserID: "U0DEMO"}
}
