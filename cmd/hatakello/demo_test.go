package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"hatakello/incident"
	"hatakello/notify"
	"hatakello/templates"
)

// The real parts together: what the composer words goes through the channels
// into the demonstration's servers unchanged, in every language.
func TestDemoServersTakeWhatIsSent(t *testing.T) {
	post, err := newDemoSMTP()
	if err != nil {
		t.Fatal(err)
	}
	defer post.close()
	chat, err := newDemoSlack()
	if err != nil {
		t.Fatal(err)
	}
	defer chat.close()
	relay, err := notify.ParseRelay("smtp://" + post.Addr)
	if err != nil {
		t.Fatal(err)
	}
	relay.Sender = "kello@esimerkki.test"
	mail := notify.NewMail(time.Now, relay)
	defer mail.Close()
	c := testComposer(t)
	for _, lang := range templates.Langs {
		v := viewOf("x"+lang, lang)
		letter, err := c.notice(v)
		if err != nil {
			t.Fatal(err)
		}
		rc, err := mail.Send(t.Context(), &incident.Delivery{ID: v.Delivery, Address: v.Contact.Email, Body: letter.Raw})
		if err != nil || !strings.HasPrefix(rc.Queue, "DEMO") || rc.Code != 250 {
			t.Errorf("%s: %v, %+v", lang, err, rc)
		}
	}
	got := post.Mails()
	if len(got) != 3 || got[1].To != "xsv@asiakas.test" || !strings.Contains(string(got[1].Raw), "Content-Language: sv") {
		t.Errorf("got %d mails", len(got))
	}

	a := incident.Alarm{Key: "logged", Incident: "i1", Number: "2026-014", Route: incident.BySlack, ID: "d1", At: time.Unix(1e9, 0)}
	letter, err := c.alarm(a)
	if err != nil {
		t.Fatal(err)
	}
	s := notify.NewSlack(notify.SlackAccess{Token: demoToken, Channel: "#kello", API: chat.URL, Wait: 300 * time.Millisecond})
	rc, err := s.Send(t.Context(), &incident.Delivery{ID: "d1", Body: letter.Raw})
	messages := chat.Messages()
	if err != nil || len(messages) != 1 || demoChannel+"/"+messages[0].TS != rc.Queue || !strings.Contains(messages[0].Text, "2026-014") || messages[0].Channel != "#kello" {
		t.Errorf("%v, %+v, %+v", err, rc, messages)
	}
}

func TestDemoSlackMisbehaves(t *testing.T) {
	chat, err := newDemoSlack()
	if err != nil {
		t.Fatal(err)
	}
	defer chat.close()
	body, err := notify.BuildSlack(notify.Card{ID: "d", Head: "x"})
	if err != nil {
		t.Fatal(err)
	}
	d := &incident.Delivery{ID: "d", Address: "#c", Body: body}
	s := notify.NewSlack(notify.SlackAccess{Token: demoToken, API: chat.URL, Wait: 200 * time.Millisecond})
	for _, tt := range []struct {
		fault slackFault
		after time.Duration
		kept  int
	}{
		{"", 0, 1}, {slackBusy, 30 * time.Second, 0}, {slackBroken, 0, 0}, {slackRevoked, 5 * time.Minute, 0}, {slackClosed, 5 * time.Minute, 0}, {slackSilent, 0, 1},
	} {
		before := len(chat.Messages())
		chat.misbehave(tt.fault, tt.after)
		_, err := s.Send(t.Context(), d)
		var shut *notify.Closed
		after := time.Duration(0)
		if errors.As(err, &shut) {
			after = shut.After
		}
		if (err == nil) != (tt.fault == "") || after != tt.after || len(chat.Messages())-before != tt.kept {
			t.Errorf("%q: %v, %d kept", tt.fault, err, len(chat.Messages())-before)
		}
	}
	chat.misbehave("", 0)
	stranger := slack.New("xoxb-other", slack.OptionAPIURL(chat.URL))
	if _, err := stranger.AuthTest(); err == nil {
		t.Error("a wrong token is taken")
	}
	known := slack.New(demoToken, slack.OptionAPIURL(chat.URL))
	if _, err := known.AuthTest(); err != nil {
		t.Errorf("auth.test: %v", err)
	}
	m := chat.Messages()[0]
	if _, _, _, err := known.UpdateMessage(m.Channel, m.TS, slack.MsgOptionText("y", true)); err == nil {
		t.Error("a message is changed by its channel's name; Slack wants the id")
	}
	if _, _, _, err := known.UpdateMessage(demoChannel, m.TS, slack.MsgOptionText("y", true)); err != nil || chat.Messages()[0].Text != "y" {
		t.Errorf("chat.update: %v, %+v", err, chat.Messages()[0])
	}
}
