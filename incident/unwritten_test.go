package incident_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// TestMailIsWrittenOnce: what a courier is given is durable before, says what
// the notice says, and is the same to the byte whenever it is taken again.
func TestMailIsWrittenOnce(t *testing.T) {
	h := newHouse(t)
	h.customer("Kuntala Oy", "fi", 0, "a@kuntala.example")
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	sent, _, err := h.db.Deliveries(ctx, inc.ID, "", incident.Cut{Limit: 9})
	h.must(err)
	var mail *incident.Delivery
	for _, d := range sent {
		if d.Notice != "" {
			mail = d
		}
	}
	if before, err := h.db.Delivery(ctx, mail.ID); err != nil || len(before.Body) != 0 {
		t.Fatalf("bytes at the click: %q, %v", before.Body, err)
	}
	org, err := h.db.Organisation(ctx)
	h.must(err)
	org.Name = "Toinen Nimi Oy" // after the click: the mail must not say it
	h.must(h.SaveOrganisation(ctx, staff, org))
	first, err := h.Claim(ctx, []incident.Route{incident.ByMail}, 9, time.Minute)
	h.must(err)
	kept, err := h.db.Delivery(ctx, mail.ID)
	h.must(err)
	if len(first) == 0 || !bytes.Equal(pick(first, mail.ID).Body, kept.Body) || len(kept.Body) == 0 {
		t.Fatalf("given %d, kept %d bytes", len(first), len(kept.Body))
	}
	if strings.Contains(string(kept.Body), "Toinen Nimi") || !strings.Contains(string(kept.Body), "Hoivapilvi Oy") {
		t.Errorf("the mail is not as it was at the click: %s", kept.Body)
	}
	h.now = h.now.Add(time.Hour) // the lease has run out, as after a crash
	h.Compose = func(incident.View) (incident.Letter, error) {
		t.Error("a mail that has bytes is written anew")
		return incident.Letter{}, nil
	}
	again, err := h.Claim(ctx, []incident.Route{incident.ByMail}, 9, time.Minute)
	h.must(err)
	if d := pick(again, mail.ID); d == nil || !bytes.Equal(d.Body, kept.Body) {
		t.Errorf("taken again with other bytes: %v", d)
	}
}

// TestMailSaysWhatTheNoticeSaid: if our own words have changed between the click
// and the writing, the mail still says what was approved.
func TestMailSaysWhatTheNoticeSaid(t *testing.T) {
	h := newHouse(t)
	h.customer("Kuntala Oy", "fi", 0, "a@kuntala.example")
	inc := h.log("Hoivapäivyri")
	h.Compose = func(v incident.View) (incident.Letter, error) {
		return incident.Letter{Subject: "v1", Text: "vanha " + v.Said + " https://x.example/n/" + v.Secret, Raw: []byte("v1")}, nil
	}
	h.notify(inc)
	var secret string
	h.Compose = func(v incident.View) (incident.Letter, error) {
		w := incident.Letter{Subject: "v2", Text: "uusi " + v.Said, Raw: []byte("v2")}
		if v.Words != nil {
			secret = v.Secret
			w = incident.Letter{Subject: v.Words.Subject, Text: v.Words.Text, Raw: []byte(v.Words.Text)}
		}
		return w, nil
	}
	got, err := h.Claim(ctx, []incident.Route{incident.ByMail}, 9, time.Minute)
	h.must(err)
	for _, d := range got {
		if d.Notice != "" && string(d.Body) != "vanha Varmuuskopio oli avoimena verkossa. https://x.example/n/"+secret {
			t.Errorf("the mail says %q", d.Body)
		}
	}
	if secret == "" {
		t.Error("the words of the notice were not given")
	}
}

func pick(ds []*incident.Delivery, id string) *incident.Delivery {
	for _, d := range ds {
		if d.ID == id {
			return d
		}
	}
	return nil
}
