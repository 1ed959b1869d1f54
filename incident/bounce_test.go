package incident_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"hatakello/incident"
)

// sentNotice returns a house whose one customer's notice has been accepted,
// and that delivery.
func sentNotice(t *testing.T, emails ...string) (*house, *incident.Incident, *incident.Delivery) {
	t.Helper()
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, emails...)
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	return h, inc, h.sendOne(accepted)
}

// sendOne sends what is due and returns the one notice among it.
func (h *house) sendOne(answer func(*incident.Delivery) incident.Outcome) *incident.Delivery {
	h.Helper()
	var found *incident.Delivery
	for _, dl := range h.send(answer) {
		if dl.Notice != "" {
			found = dl
		}
	}
	if found == nil {
		h.Fatal("no notice was due")
	}
	return found
}

func (h *house) report(dl *incident.Delivery, v incident.Verdict, print string) incident.Report {
	return incident.Report{Delivery: dl.ID, Verdict: v, Address: dl.Address, Status: "5.1.1", Reply: "no such user", Server: "mx.example",
		Print: print, SHA256: "00", At: h.now}
}

// keys counts the lines of the timeline by key.
func (h *house) keys(inc *incident.Incident) map[string]int {
	h.Helper()
	all, _, err := h.db.Entries(ctx, inc.ID, "", incident.Cut{Limit: 500})
	h.must(err)
	by := map[string]int{}
	for _, e := range all {
		by[e.Key]++
	}
	return by
}

func (h *house) informed(inc *incident.Incident) time.Time {
	h.Helper()
	k, _ := h.records(inc)[0].At(incident.ControllerInformed)
	return k.At
}

// Fault 38: the relay accepts, the bounce comes hours later.
func TestFault38BounceOpensTheDutyAndGoesOn(t *testing.T) {
	h, inc, dl := sentNotice(t, "eka@koivuranta.example", "toka@koivuranta.example")
	if d := h.records(inc)[0].Deadline("contract.notice"); d.Running() {
		t.Fatal("accepted, and the duty still runs")
	}
	h.now = start.Add(5 * time.Hour)
	h.must(h.Bounce(ctx, h.report(dl, incident.Undelivered, "p1")))
	r := h.records(inc)[0]
	d := r.Deadline("contract.notice")
	if r.Stage != incident.Queued || !d.Running() || !d.Due.Equal(start.Add(24*time.Hour)) {
		t.Errorf("stage %s, duty %+v: want open again, with the same limit", r.Stage, d)
	}
	if own := r.Deadline("gdpr.33.1"); own != nil && own.Running() {
		t.Errorf("the controller's own clock runs on: %+v", own)
	}
	next := h.sendOne(accepted)
	if next.Address != "toka@koivuranta.example" {
		t.Fatalf("next is %s", next.Address)
	}
	if got := h.informed(inc); !got.Equal(h.now) {
		t.Errorf("informed %v, want when the second was accepted, %v", got, h.now)
	}
	h.must(h.Bounce(ctx, h.report(next, incident.Undelivered, "p2")))
	r = h.records(inc)[0]
	if tally := h.incident(inc.ID).Tally; r.Stage != incident.Failed || tally.Failed != 1 {
		t.Errorf("stage %s, tally %+v: want the call sheet", r.Stage, tally)
	}
	if last := h.alarms[len(h.alarms)-1]; last.Key != "failed" || last.Records != 1 {
		t.Errorf("last alarm %+v, want that one must be phoned", last)
	}
	stored, err := h.db.Delivery(ctx, dl.ID)
	h.must(err)
	if len(stored.Receipts) != 2 || stored.Receipts[1].Report != incident.Undelivered || stored.Receipts[1].Reply != "5.1.1 no such user" ||
		stored.Fate != incident.Bounced {
		t.Errorf("fate %s, receipts %+v", stored.Fate, stored.Receipts)
	}
}

func TestSameReportTwiceIsOne(t *testing.T) {
	h, inc, dl := sentNotice(t, "eka@koivuranta.example", "toka@koivuranta.example")
	for range 3 {
		h.must(h.Bounce(ctx, h.report(dl, incident.Undelivered, "p1")))
	}
	h.now = start.Add(time.Minute)
	h.must(h.Bounce(ctx, h.report(dl, incident.Undelivered, "p2"))) // another report on the same mail
	stored, err := h.db.Delivery(ctx, dl.ID)
	h.must(err)
	if len(stored.Receipts) != 3 {
		t.Errorf("%d receipts, want the attempt and two reports", len(stored.Receipts))
	}
	if k := h.keys(inc); k["notice.bounced"] != 1 || k["notice.bounced_again"] != 1 {
		t.Errorf("lines %v", k)
	}
	if due := h.send(accepted); len(due) < 1 || due[0].Address != "toka@koivuranta.example" {
		t.Errorf("sent %d", len(due))
	}
}

func TestReportsThatOnlyNote(t *testing.T) {
	for _, v := range []incident.Verdict{incident.Delayed, incident.Relayed, incident.Expanded, incident.AutoReply} {
		t.Run(string(v), func(t *testing.T) {
			h, inc, dl := sentNotice(t, "eka@koivuranta.example", "toka@koivuranta.example")
			before := h.records(inc)[0]
			h.must(h.Bounce(ctx, h.report(dl, v, "p1")))
			after := h.records(inc)[0]
			if after.Version != before.Version || after.Stage != incident.Accepted || h.keys(inc)["notice."+string(v)] != 1 {
				t.Errorf("stage %s, version %d → %d, lines %v", after.Stage, before.Version, after.Version, h.keys(inc))
			}
		})
	}
}

func TestDeliveredIsTheThirdTime(t *testing.T) {
	h, inc, dl := sentNotice(t, "eka@koivuranta.example", "toka@koivuranta.example")
	h.now = start.Add(time.Minute)
	h.must(h.Bounce(ctx, h.report(dl, incident.Arrived, "p1")))
	stored, err := h.db.Delivery(ctx, dl.ID)
	h.must(err)
	if stored.Fate != incident.Delivered || !stored.Receipts[1].OK || !h.informed(inc).Equal(start) {
		t.Errorf("fate %s, receipts %+v, informed %v", stored.Fate, stored.Receipts, h.informed(inc))
	}
	// A mail that was delivered and still comes back has come back.
	h.must(h.Bounce(ctx, h.report(dl, incident.Undelivered, "p2")))
	if r := h.records(inc)[0]; r.Stage != incident.Queued || !h.informed(inc).IsZero() {
		t.Errorf("stage %s, informed %v", r.Stage, h.informed(inc))
	}
}

func TestBounceAfterAcknowledgementIsNoted(t *testing.T) {
	h, inc, dl := sentNotice(t, "eka@koivuranta.example", "toka@koivuranta.example")
	_, err := h.Acknowledge(ctx, secretOf(t, dl), "Liisa Koe")
	h.must(err)
	h.must(h.Bounce(ctx, h.report(dl, incident.Undelivered, "p1")))
	r := h.records(inc)[0]
	if k := h.keys(inc); r.Stage != incident.Acked || !h.informed(inc).Equal(start) || k["notice.bounced_acked"] != 1 || k["notice.bounced"] != 0 {
		t.Errorf("stage %s, informed %v, lines %v", r.Stage, h.informed(inc), k)
	}
}

// A supplement's bounce takes nothing back, and the first notice's bounce moves
// the moment to the supplement that did arrive.
func TestOnlyWhatInformedIsTakenBack(t *testing.T) {
	h, inc, first := sentNotice(t, "eka@koivuranta.example")
	h.now = start.Add(2 * time.Hour)
	h.notify(inc)
	second := h.sendOne(accepted)
	h.must(h.Bounce(ctx, h.report(second, incident.Undelivered, "p1")))
	if r := h.records(inc)[0]; r.Stage != incident.Accepted || !h.informed(inc).Equal(start) {
		t.Fatalf("after the supplement's bounce: %s, informed %v", r.Stage, h.informed(inc))
	}
	h.now = start.Add(3 * time.Hour)
	h.notify(inc)
	h.sendOne(accepted)
	h.must(h.Bounce(ctx, h.report(first, incident.Undelivered, "p2")))
	r := h.records(inc)[0]
	if r.Stage != incident.Accepted || !h.informed(inc).Equal(start.Add(3*time.Hour)) {
		t.Errorf("after the first one's bounce: %s, informed %v, want the third notice's time", r.Stage, h.informed(inc))
	}
	if d := r.Deadline("gdpr.33.1"); d == nil || !d.Due.Equal(start.Add(75*time.Hour)) {
		t.Errorf("the controller's limit %+v, want 72 h after the third notice", d)
	}
}

// A call that was made in between is what has informed, then.
func TestBounceAfterACallMovesToTheCall(t *testing.T) {
	h, inc, dl := sentNotice(t, "eka@koivuranta.example")
	h.now = start.Add(time.Hour)
	h.must(h.Phone(ctx, staff, h.records(inc)[0].ID, incident.Call{At: h.now, Who: "Hoitaja", Said: "Kerrottu.", Key: "c"}))
	if !h.informed(inc).Equal(start) {
		t.Fatalf("informed %v, want the mail's time", h.informed(inc))
	}
	h.must(h.Bounce(ctx, h.report(dl, incident.Undelivered, "p1")))
	if r := h.records(inc)[0]; r.Stage != incident.Phoned || !h.informed(inc).Equal(h.now) {
		t.Errorf("stage %s, informed %v, want the call's time", r.Stage, h.informed(inc))
	}
}

func TestDoubtfulBounceIsMarked(t *testing.T) {
	h, inc, dl := sentNotice(t, "eka@koivuranta.example")
	rep := h.report(dl, incident.Undelivered, "p1")
	rep.Doubtful = true
	h.must(h.Bounce(ctx, rep))
	r := h.records(inc)[0]
	k, _ := r.At(incident.ControllerInformed)
	if r.Stage != incident.Failed || k.Sure != incident.Assumed || h.keys(inc)["notice.bounced_doubtful"] != 1 {
		t.Errorf("stage %s, mark %+v, lines %v", r.Stage, k, h.keys(inc))
	}
}

func TestReportsThatFindNothing(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	unknown := incident.Report{Delivery: "nobody", Verdict: incident.Undelivered, Print: "p", At: h.now}
	if err := h.Bounce(ctx, unknown); incident.KindOf(err) != incident.NotFound {
		t.Errorf("unknown mail: %v, want not found", err)
	}
	ds, _, err := h.db.Deliveries(ctx, inc.ID, h.records(inc)[0].ID, incident.Cut{Limit: 9})
	h.must(err)
	early := h.report(ds[0], incident.Undelivered, "p")
	if err := h.Bounce(ctx, early); !errors.Is(err, incident.ErrEarly) {
		t.Errorf("before it was sent: %v, want ErrEarly", err)
	}
	early.Verdict = "maybe"
	if err := h.Bounce(ctx, early); err == nil {
		t.Error("an unknown verdict was taken")
	}
	h.send(accepted)
	for _, dl := range must(h.db.Deliveries(ctx, inc.ID, "", incident.Cut{Limit: 9})) {
		if dl.Record == "" && dl.Route == incident.ByMail { // an alarm to staff comes back
			h.must(h.Bounce(ctx, h.report(dl, incident.Undelivered, "a"+dl.ID)))
		}
	}
	if k := h.keys(inc); k["alarm.bounced"] != 1 {
		t.Errorf("lines %v, want the alarm's bounce", k)
	}
}

func must(ds []*incident.Delivery, _ string, err error) []*incident.Delivery {
	if err != nil {
		panic(err)
	}
	return ds
}

// secretOf reads the link's secret out of the test's mails, which are views.
func secretOf(t *testing.T, dl *incident.Delivery) string {
	t.Helper()
	var v incident.View
	if err := json.Unmarshal(dl.Body, &v); err != nil {
		t.Fatal(err)
	}
	return v.Secret
}
