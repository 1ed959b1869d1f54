package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// readSlack takes a message out of a form, or says what is wrong with it.
func readSlack(r *http.Request) (demoMessage, string) {
	f := r.PostForm
	m := demoMessage{Channel: f.Get("channel"), Text: f.Get("text"), Blocks: f.Get("blocks"), Metadata: f.Get("metadata")}
	switch {
	case m.Channel == "":
		return m, "channel_not_found"
	case m.Text == "" && m.Blocks == "":
		return m, "no_text"
	case m.Blocks != "" && !json.Valid([]byte(m.Blocks)):
		return m, "invalid_blocks"
	}
	return m, ""
}

func (d *demoSlack) post(r *http.Request) slackAnswer {
	m, wrong := readSlack(r)
	if wrong != "" {
		return slackRefusal(wrong)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.count++
	m.At = time.Now().UTC()
	m.TS = fmt.Sprintf("%d.%06d", m.At.Unix(), d.count)
	if d.messages = append(d.messages, m); len(d.messages) > keepMails {
		d.messages = append(d.messages[:0:0], d.messages[len(d.messages)-keepMails:]...)
	}
	return slackAnswer{OK: true, Channel: demoChannel, TS: m.TS, Text: m.Text}
}

func (d *demoSlack) update(r *http.Request) slackAnswer {
	m, wrong := readSlack(r)
	if wrong != "" {
		return slackRefusal(wrong)
	}
	if m.Channel != demoChannel {
		return slackRefusal("channel_not_found")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.messages {
		if old := &d.messages[i]; old.TS == r.PostForm.Get("ts") {
			old.Text, old.Blocks, old.Edits = m.Text, m.Blocks, old.Edits+1
			return slackAnswer{OK: true, Channel: m.Channel, TS: old.TS, Text: m.Text}
		}
	}
	return slackRefusal("message_not_found")
}

// history returns the newest messages first. As in Slack it wants the
// channel's id.
func (d *demoSlack) history(r *http.Request) slackAnswer {
	if r.PostForm.Get("channel") != demoChannel {
		return slackRefusal("channel_not_found")
	}
	a := slackAnswer{OK: true}
	for _, m := range d.Messages() {
		past := slackPast{TS: m.TS, Text: m.Text}
		if json.Valid([]byte(m.Metadata)) {
			past.Metadata = json.RawMessage(m.Metadata)
		}
		a.Messages = slices.Insert(a.Messages, 0, past)
	}
	return a
}

// respond takes what only the one who clicked is told.
func (d *demoSlack) respond(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Text string `json:"text"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<16)).Decode(&said); err != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.whispers = append(d.whispers, said.Text)
	fmt.Fprint(w, "ok")
}

// Whispers returns what those who clicked were told, oldest first.
func (d *demoSlack) Whispers() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.whispers)
}
