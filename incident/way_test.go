package incident_test

import (
	"testing"
	"time"

	"hatakello/incident"
)

// TestFault45ClosedWayIsToldByTheOther: a token that is refused is told by mail
// at once and once, a mail server that cannot be reached in the chat after two
// minutes; that it works again is told to those who heard of it.
func TestFault45ClosedWayIsToldByTheOther(t *testing.T) {
	note := func(h *house, r incident.Route, why string) {
		h.Helper()
		h.must(h.NoteWay(ctx, incident.Way{Route: r, Why: why, Said: "xoxb"}))
	}
	count := func(h *house, key string, r incident.Route) int {
		n := 0
		for _, a := range h.alarms {
			if a.Key == key && a.Route == r {
				n++
			}
		}
		return n
	}
	h := newHouse(t)
	note(h, incident.BySlack, "unwelcome")
	note(h, incident.BySlack, "unwelcome")
	note(h, incident.BySlack, "unsafe") // the same outage
	if m, s := count(h, "closed", incident.ByMail), count(h, "closed", incident.BySlack); m != 1 || s != 0 {
		t.Errorf("a refused token: %d by mail and %d in the chat, want 1 and 0", m, s)
	}
	h.now = h.now.Add(time.Hour)
	note(h, incident.BySlack, "")
	note(h, incident.BySlack, "")
	if n := count(h, "opened", incident.ByMail); n != 1 {
		t.Errorf("told %d times that it is open again, want once", n)
	}

	h = newHouse(t)
	note(h, incident.ByMail, "unreachable")
	h.tick()
	if n := count(h, "closed", incident.BySlack); n != 0 {
		t.Errorf("a server that restarts: %d alarms, want none", n)
	}
	h.now = h.now.Add(2 * time.Minute)
	h.tick()
	h.tick()
	if m, s := count(h, "closed", incident.ByMail), count(h, "closed", incident.BySlack); m != 0 || s != 1 {
		t.Errorf("a dead mail server: %d by mail and %d in the chat, want 0 and 1", m, s)
	}
	h.must(h.ForgetWays(ctx))
	if shut, err := h.db.ClosedWays(ctx); err != nil || len(shut) != 0 {
		t.Errorf("%d ways shut after a new start, %v", len(shut), err)
	}

	h = newHouse(t)
	note(h, incident.ByMail, "unreachable")
	h.now = h.now.Add(time.Minute)
	note(h, incident.ByMail, "")
	if len(h.alarms) != 0 {
		t.Errorf("a short pause: %+v, want silence", h.alarms)
	}
}

// TestFault43OneAlarmWaitsForTheChat: while Slack asks for patience alarms do
// not queue up; the newest of a case replaces those that still wait.
func TestFault43OneAlarmWaitsForTheChat(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	h.log("Hoivapäivyri")
	for range 5 {
		h.now = h.now.Add(6 * time.Hour)
		h.tick()
	}
	waiting, err := h.db.PendingBy(ctx, incident.BySlack)
	h.must(err)
	if len(waiting) != 1 {
		t.Errorf("%d alarms wait for the chat, want the newest alone", len(waiting))
	}
	told := 0
	for _, a := range h.alarms {
		if a.Route == incident.BySlack {
			told++
		}
	}
	if told < 3 {
		t.Fatalf("%d alarms in all: the test shows nothing", told)
	}
}
