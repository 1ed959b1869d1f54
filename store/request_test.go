package store

import (
	"context"
	"testing"
	"time"

	"hatakello/incident"
)

// A data subject's request: a month by the calendar from its receipt, passed on
// with proof, extended only within the first month, answered once.
func TestRequests(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := askCase(t, db), context.Background()
		noError(t, x.d.SaveOrganisation(ctx, clerk, incident.Organisation{Name: "Talo Oy", Alarm: []string{"a@talo.example"}}))
		received := time.Date(2027, 1, 31, 9, 0, 0, 0, time.UTC)
		x.now = received.Add(time.Hour)
		for name, in := range map[string]incident.Request{
			"an identity code":              {Kind: "access", Received: received, Label: "010190-999W"},
			"one with a wrong check letter": {Kind: "access", Received: received, Label: "soittaja 010190-999X"},
			"no kind":                       {Received: received, Label: "soittaja"},
			"no time":                       {Kind: "access", Label: "soittaja"},
			"tomorrow":                      {Kind: "access", Received: x.now.Add(24 * time.Hour), Label: "soittaja"},
		} {
			if _, err := x.d.LogRequest(ctx, clerk, in); incident.KindOf(err) != incident.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		r, err := x.d.LogRequest(ctx, clerk, incident.Request{Kind: "access", Received: received, Label: "soittaja 31.1.", Channel: "puhelin"})
		noError(t, err)
		if want := time.Date(2027, 2, 28, 9, 0, 0, 0, time.UTC); !r.Due.Equal(want) {
			t.Errorf("due %v, want %v: a month from 31 January", r.Due, want)
		}
		rec, err := db.Record(ctx, x.record)
		noError(t, err)
		if err := x.d.PassRequest(ctx, clerk, r.ID, incident.Pass{Controller: rec.Controller, To: "Kati"}); incident.KindOf(err) != incident.Invalid {
			t.Errorf("passed on without proof: %v", err)
		}
		alarms := countAlarms(x)
		x.now = received.Add(25 * time.Hour)
		if _, err := x.d.Tick(ctx); err != nil || *alarms != 1 {
			t.Errorf("not passed on within a day: %d alarms, %v", *alarms, err)
		}
		noError(t, x.d.PassRequest(ctx, clerk, r.ID, incident.Pass{Controller: rec.Controller, Mail: true}))
		got, err := db.Request(ctx, r.ID)
		noError(t, err)
		if m := x.memos[len(x.memos)-1]; m.Kind != "request" || m.Contact.Email != "kati@hoiva.example" || !m.Until.Equal(r.Due) || got.Delivery != m.Delivery {
			t.Errorf("mail %+v of %+v", m, got)
		}
		noError(t, x.d.ExtendRequest(ctx, clerk, r.ID, "Aineisto on laaja."))
		got, _ = db.Request(ctx, r.ID)
		if want := time.Date(2027, 4, 30, 8, 0, 0, 0, time.UTC); !got.Due.Equal(want) {
			t.Errorf("extended to %v, want %v: the wall clock of Helsinki", got.Due, want)
		}
		x.now = got.Due.Add(time.Minute)
		if _, err := x.d.Tick(ctx); err != nil || *alarms < 2 || !got.Late(x.now) {
			t.Errorf("late: %d alarms, %v", *alarms, err)
		}
		noError(t, x.d.AnswerRequest(ctx, clerk, r.ID, "controller", "Kirjeellä.", time.Time{}))
		if err := x.d.AnswerRequest(ctx, clerk, r.ID, "us", "Uudelleen.", time.Time{}); incident.KindOf(err) != incident.Refused {
			t.Errorf("answered twice: %v", err)
		}
		open, err := db.Requests(ctx, true, 10)
		done, err2 := db.Requests(ctx, false, 10)
		if err != nil || err2 != nil || len(open) != 0 || len(done) != 1 || done[0].AnsweredBy != "controller" {
			t.Errorf("open %d, answered %+v, %v %v", len(open), done, err, err2)
		}
		was := *alarms
		x.now = x.now.Add(100 * time.Hour)
		if _, err := x.d.Tick(ctx); err != nil || *alarms != was {
			t.Errorf("alarms after the answer: %d, had %d, %v", *alarms, was, err)
		}
	})
}

// countAlarms counts the alarms about requests.
func countAlarms(x *askedCase) *int {
	n := 0
	x.d.Alarm = func(a incident.Alarm) (incident.Letter, error) {
		if a.Key == "requests" {
			n++
		}
		return incident.Letter{}, nil
	}
	return &n
}
