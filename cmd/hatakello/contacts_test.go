package main

import (
	"bytes"
	"crypto/ed25519"
	"io"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// The command lists who has no second contact, asks only while the switch is
// on, and nobody who has an open case.
func TestContactsCommand(t *testing.T) {
	x := tellOne(t, "eka@kunta.example")
	do := func(args ...string) (int, string) {
		var out bytes.Buffer
		term, _ := quiet(t)
		term.out, term.err, term.lang = &out, io.Discard, "en"
		code := run(t.Context(), term, append([]string{"--lang", "en", "contacts"}, args...))
		return code, out.String()
	}
	if code, out := do("list", "--db", x.db); code != 0 || !strings.Contains(out, "eka@kunta.example") || !strings.Contains(out, "No second address") {
		t.Errorf("list: %d, %q", code, out)
	}
	ask := []string{"ask", "--db", x.db, "--url", "https://kello.esimerkki.test", "--from", "kello@hoivapilvi.example"}
	if code, out := do(ask...); code == 0 {
		t.Errorf("asked with the switch off: %q", out)
	}
	org, err := x.house.db.Organisation(t.Context())
	x.must(err)
	org.AskContacts = true
	x.must(x.desk.SaveOrganisation(t.Context(), operator(), org))
	if code, out := do(ask...); code != 0 || !strings.Contains(out, "Asked 0") {
		t.Errorf("asked in an open case: %d, %q", code, out)
	}
	x.must(x.desk.SaveController(t.Context(), operator(), &incident.Controller{Name: "Muu kunta", Lang: "sv", Contacts: []incident.Contact{{Email: "a@muu.example"}}}))
	due, err := x.desk.Claim(t.Context(), []incident.Route{incident.ByMail}, 9, time.Minute) // a notice that waits holds the question back
	x.must(err)
	var outs []incident.Outcome
	for _, d := range due {
		outs = append(outs, incident.Outcome{Delivery: d, Receipt: incident.Receipt{OK: true, Code: 250, Began: time.Now(), Ended: time.Now()}})
	}
	x.must(x.desk.Settle(t.Context(), outs))
	if code, out := do(ask...); code != 0 || !strings.Contains(out, "Asked 1") {
		t.Errorf("ask: %d, %q", code, out)
	}
	due, err = x.desk.Claim(t.Context(), []incident.Route{incident.ByMail}, 9, time.Minute)
	if err != nil || len(due) != 1 || !strings.Contains(string(due[0].Body), "Content-Language: sv") || !strings.Contains(string(due[0].Body), "/c/") {
		t.Errorf("the mail: %d, %v", len(due), err)
	}
}

// What a command leaves in the outbox carries the signed file as the server's
// own notices do, if the key is published; else it goes out without.
func TestCommandsSignNotices(t *testing.T) {
	x := tellOne(t, "eka@kunta.example")
	d, s := database{x.db}, speech{URL: "https://kello.esimerkki.test", From: "kello@hoivapilvi.example"}
	signed := func() bool {
		t.Helper()
		term, _ := quiet(t)
		h, err := term.openSpeaking(t.Context(), d, s)
		x.must(err)
		defer h.close()
		n := len(x.notices())
		_, err = h.desk.Notify(t.Context(), operatorOf(incident.Privacy), x.inc.ID, incident.Notify{Texts: map[string]string{"": "Lisää."}})
		x.must(err)
		if len(x.notices()) != n+1 {
			t.Fatal("no notice was made")
		}
		due, err := h.desk.Claim(t.Context(), []incident.Route{incident.ByMail}, 9, time.Minute)
		x.must(err)
		for _, dl := range due {
			if strings.Contains(string(dl.Body), "application/json") {
				return true
			}
		}
		return false
	}
	if signed() {
		t.Error("signed without a key")
	}
	key, err := settings{database: d}.signKey()
	x.must(err)
	if signed() {
		t.Error("signed with a key that nobody can look up")
	}
	x.must(x.desk.AdoptKey(t.Context(), key.Public().(ed25519.PublicKey)))
	if !signed() {
		t.Error("not signed with the published key")
	}
}

func operatorOf(role incident.Role) incident.Actor {
	by := operator()
	by.Roles = []incident.Role{role}
	return by
}

// The mails about contacts say how to tell a forgery, and speak of no code:
// there is none.
func TestContactMails(t *testing.T) {
	c := testComposer(t)
	for _, kind := range []string{"contacts", "contacts_change", "contacts_new"} {
		for lang, never := range map[string]string{"fi": "Emme koskaan pyydä salasanaa", "sv": "Vi ber aldrig om lösenord", "en": "We never ask for a password"} {
			l, err := c.memo(incident.Memo{Kind: kind, Lang: lang, Secret: "S", Until: time.Now(), At: time.Now(), Delivery: "d",
				Contact: incident.Contact{Email: "a@kunta.example"}, Coming: []string{"uusi@kunta.example"}, Leaving: []string{"vanha@kunta.example"}})
			if err != nil || !strings.Contains(l.Text, never) || !strings.Contains(l.Text, "https://kello.esimerkki.test/c/S") || !strings.Contains(l.Text, "vanha@kunta.example") {
				t.Errorf("%s in %s: %v\n%s", kind, lang, err, l.Text)
			}
			for _, word := range []string{"koodi", "koden", "the code", "[", "<no value>"} {
				if strings.Contains(l.Text, word) {
					t.Errorf("%s in %s says %q:\n%s", kind, lang, word, l.Text)
				}
			}
		}
	}
}
