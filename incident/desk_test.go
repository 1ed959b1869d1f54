package incident_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/store"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 11, 22, 1, 12, 0, 0, time.UTC) // su 22.11.2026 klo 3.12
	staff = incident.Actor{ID: "u1", Name: "Aino Koe", Roles: []incident.Role{incident.Privacy, incident.Admin}, Via: "web"}
)

// house is a Desk over a real database with a clock that stands still.
type house struct {
	*incident.Desk
	*testing.T
	db     *store.DB
	now    time.Time
	alarms []incident.Alarm
}

func newHouse(t *testing.T) *house {
	t.Helper()
	db, err := store.Open(ctx, filepath.Join(t.TempDir(), "h.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	h := &house{T: t, db: db, now: start}
	var n atomic.Int64
	id := func() string { return fmt.Sprintf("%06d", n.Add(1)) }
	h.Desk = &incident.Desk{Store: db, Now: func() time.Time { return h.now }, NewID: id,
		NewSecret: func() string { return "secret-" + id() }, NewCode: func() string { return "KOIVU-" + id() },
		NewSalt: func() []byte { return []byte("0123456789abcdef") }, Channel: "#halytys",
		Compose: func(v incident.View) (incident.Letter, error) {
			raw, err := json.Marshal(v)
			return incident.Letter{Subject: v.Number, Text: v.Said, Raw: raw}, err
		},
		Alarm: func(a incident.Alarm) (incident.Letter, error) {
			h.alarms = append(h.alarms, a)
			raw, err := json.Marshal(a)
			return incident.Letter{Raw: raw}, err
		}}
	h.must(h.SaveOrganisation(ctx, staff, incident.Organisation{Name: "Hoivapilvi Oy", Email: "tietosuoja@hoivapilvi.example",
		Alarm: []string{"paivystys@hoivapilvi.example"}}))
	for _, s := range []*incident.Service{{Name: "Hoivapäivyri"}, {Name: "Kotikäynti"}, {Name: "Oma asiakasrekisteri", Own: true}} {
		h.must(h.SaveService(ctx, staff, s))
	}
	return h
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// customer adds a controller that uses Hoivapäivyri.
func (h *house) customer(name, lang string, hours int, emails ...string) *incident.Controller {
	h.Helper()
	services, err := h.db.Services(ctx)
	h.must(err)
	i := slices.IndexFunc(services, func(s *incident.Service) bool { return s.Name == "Hoivapäivyri" })
	k := &incident.Controller{Name: name, Lang: lang, Hours: hours, Uses: []incident.Use{{Service: services[i].ID, Tenant: "t-" + name}}}
	for _, e := range emails {
		k.Contacts = append(k.Contacts, incident.Contact{Name: "Yhteys " + e, Email: e})
	}
	h.must(h.SaveController(ctx, staff, k))
	return k
}

func (h *house) log(services ...string) *incident.Incident {
	h.Helper()
	inc, err := h.Log(ctx, staff, incident.Log{Title: "Varmuuskopio avoimena", Aware: h.now, Services: services, Key: fmt.Sprint("k", h.now.Unix(), services)})
	h.must(err)
	return inc
}

func (h *house) records(inc *incident.Incident) []*incident.Record {
	h.Helper()
	rs, err := h.db.Records(ctx, inc.ID, nil)
	h.must(err)
	return rs
}

func (h *house) notify(inc *incident.Incident) *incident.Sent {
	h.Helper()
	sent, err := h.Notify(ctx, staff, inc.ID, incident.Notify{Texts: map[string]string{"": "Varmuuskopio oli avoimena verkossa."}, Key: "n" + fmt.Sprint(h.now.Unix())})
	h.must(err)
	return sent
}

// send claims all mail and settles it with what answer says.
func (h *house) send(answer func(*incident.Delivery) incident.Outcome) []*incident.Delivery {
	h.Helper()
	due, err := h.Claim(ctx, []incident.Route{incident.ByMail}, 1000, time.Minute)
	h.must(err)
	var outs []incident.Outcome
	for _, dl := range due {
		o := answer(dl)
		o.Delivery, o.Receipt.Began, o.Receipt.Ended = dl, h.now, h.now
		outs = append(outs, o)
	}
	h.must(h.Settle(ctx, outs))
	return due
}

func accepted(*incident.Delivery) incident.Outcome {
	return incident.Outcome{Receipt: incident.Receipt{OK: true, Code: 250, Reply: "2.0.0 Ok: queued as 4F2"}}
}

func refusedFor(address string) func(*incident.Delivery) incident.Outcome {
	return func(dl *incident.Delivery) incident.Outcome {
		if dl.Address == address {
			return incident.Outcome{Refused: true, Receipt: incident.Receipt{Code: 550, Reply: "5.1.1 no such user"}}
		}
		return accepted(dl)
	}
}

func (h *house) incident(id string) *incident.Incident {
	h.Helper()
	inc, err := h.db.Incident(ctx, id)
	h.must(err)
	return inc
}

func TestLogGivesEveryControllerItsRecord(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "a@koivuranta.example")
	h.customer("Norrsken", "sv", 0, "b@norrsken.example")
	inc := h.log("hoivapäivyri", "Oma asiakasrekisteri")
	rs := h.records(inc)
	if len(rs) != 3 {
		t.Fatalf("%d records, want two controllers and the own company", len(rs))
	}
	parts := map[incident.Part]int{}
	for _, r := range rs {
		parts[r.Part]++
	}
	if parts[incident.AsProcessor] != 2 || parts[incident.AsController] != 1 {
		t.Errorf("parts = %v", parts)
	}
	if inc.Number != "2026-001" || inc.Tally.Records != 2 {
		t.Errorf("number %q, tally %+v", inc.Number, inc.Tally)
	}
	if len(h.alarms) != 2 || h.alarms[0].Number != inc.Number {
		t.Errorf("alarms = %+v, want one mail and one chat message with the number", h.alarms)
	}
}

func TestLogAgainWithTheSameKeyIsTheSameCase(t *testing.T) {
	h := newHouse(t)
	in := incident.Log{Title: "Kadonnut puhelin", Aware: h.now, Key: "form-1"}
	first, err := h.Log(ctx, staff, in)
	h.must(err)
	again, err := h.Log(ctx, staff, in)
	h.must(err)
	if first.ID != again.ID {
		t.Errorf("second case %s, want %s", again.ID, first.ID)
	}
}

func TestLogRefusesWithTheFieldAtFault(t *testing.T) {
	h := newHouse(t)
	tests := []struct {
		name, field string
		in          incident.Log
	}{
		{"no title", "title", incident.Log{Title: "  ", Aware: start}},
		{"long title", "title", incident.Log{Title: strings.Repeat("å", 301), Aware: start}},
		{"no time", "aware", incident.Log{Title: "x"}},
		{"future", "aware", incident.Log{Title: "x", Aware: start.Add(time.Hour)}},
		{"no such service", "services", incident.Log{Title: "x", Aware: start, Services: []string{"Tuntematon"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := h.Log(ctx, staff, tt.in)
			var e *incident.Error
			if !errors.As(err, &e) || e.Field != tt.field {
				t.Errorf("error = %v, want one at %s", err, tt.field)
			}
		})
	}
	if _, err := h.Log(ctx, incident.Actor{Roles: []incident.Role{incident.Auditor}}, incident.Log{Title: "x", Aware: start}); incident.KindOf(err) != incident.Forbidden {
		t.Errorf("an auditor's log: %v, want forbidden", err)
	}
}

func TestAffectShowsWhatItDidNotUnderstand(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "a@koivuranta.example")
	h.customer("Sama", "fi", 0)
	h.customer("Sama", "fi", 0)
	inc := h.log()
	found, err := h.Affect(ctx, staff, inc.ID, incident.Affect{Words: []string{"t-Koivuranta", "koivuranta", "t-99", "sama", "  "}})
	h.must(err)
	if found.Added != 1 || !slices.Equal(found.Unmatched, []string{"t-99"}) || !slices.Equal(found.Doubtful, []string{"sama"}) {
		t.Errorf("found = %+v", found)
	}
	again, err := h.Affect(ctx, staff, inc.ID, incident.Affect{Words: []string{"Koivuranta"}})
	h.must(err)
	if again.Added != 0 || again.Already != 1 {
		t.Errorf("again = %+v", again)
	}
}

func TestAcceptanceInformsAndBounceGoesToTheNextContact(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example", "toka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	h.now = start.Add(time.Hour)
	h.send(refusedFor("eka@koivuranta.example"))
	if r := h.records(inc)[0]; r.Stage != incident.Queued {
		t.Fatalf("after the first refusal: %s", r.Stage)
	}
	h.now = start.Add(2 * time.Hour)
	sent := h.send(accepted)
	if len(sent) != 1 || sent[0].Address != "toka@koivuranta.example" {
		t.Fatalf("second try went to %+v", sent)
	}
	r := h.records(inc)[0]
	if r.Stage != incident.Accepted || r.Deadline("contract.notice").How != "accepted" {
		t.Errorf("stage %s, contract %+v", r.Stage, r.Deadline("contract.notice"))
	}
	if got, want := r.Deadline("gdpr.33.1").Due, start.Add(74*time.Hour); !got.Equal(want) {
		t.Errorf("the controller's limit = %v, want %v", got, want)
	}
	if got := h.incident(inc.ID).Tally; got != (incident.Tally{Records: 1, Notified: 1, Accepted: 1}) {
		t.Errorf("tally = %+v", got)
	}
}

func TestNobodyLeftMeansThePhone(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	h.customer("Puhelin", "fi", 0)
	inc := h.log("Hoivapäivyri")
	if sent := h.notify(inc); len(sent.Unreachable) != 1 || sent.Notices != 2 {
		t.Errorf("sent = %+v", sent)
	}
	h.send(refusedFor("eka@koivuranta.example"))
	if got := h.incident(inc.ID).Tally; got.Failed != 2 {
		t.Fatalf("tally = %+v, want two to phone", got)
	}
	if last := h.alarms[len(h.alarms)-1]; last.Key != "failed" || last.Records != 1 {
		t.Errorf("last alarm = %+v", last)
	}
	r := h.records(inc)[0]
	h.now = start.Add(3 * time.Hour)
	h.must(h.Phone(ctx, staff, r.ID, incident.Call{At: h.now, Who: "Hoitaja Koe", Said: "Kerrottu.", Key: "c1"}))
	r = h.records(inc)[0]
	if d := r.Deadline("gdpr.33.2"); d.Running() || d.How != "phoned" || !d.Met.Equal(h.now) {
		t.Errorf("duty after the call = %+v", d)
	}
}

func TestTemporaryFailureIsPutOffNotLost(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	later := func(*incident.Delivery) incident.Outcome {
		return incident.Outcome{Receipt: incident.Receipt{Code: 451, Reply: "4.3.0 try later"}}
	}
	first := h.send(later)
	if n := len(h.send(later)); n != 0 {
		t.Fatalf("%d claimed at once again", n)
	}
	h.now = start.Add(10 * time.Second)
	second := h.send(accepted)
	mail := func(ds []*incident.Delivery) *incident.Delivery {
		i := slices.IndexFunc(ds, func(d *incident.Delivery) bool { return d.Notice != "" })
		if i < 0 {
			t.Fatalf("no notice among %d", len(ds))
		}
		return ds[i]
	}
	a, b := mail(first), mail(second)
	if a.ID != b.ID || string(a.Body) != string(b.Body) {
		t.Error("the repeat has another id or other bytes")
	}
}

func TestAcknowledgeOnceAndOnlyWithTheSecret(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	inc := h.log("Hoivapäivyri")
	h.notify(inc)
	var view incident.View
	for _, dl := range h.send(accepted) {
		if dl.Notice != "" {
			h.must(json.Unmarshal(dl.Body, &view))
		}
	}
	if _, err := h.Acknowledge(ctx, "wrong", "Kuka"); incident.KindOf(err) != incident.NotFound {
		t.Errorf("wrong secret: %v, want not found", err)
	}
	h.now = start.Add(time.Hour)
	n, err := h.Acknowledge(ctx, view.Secret, "Liisa Koe, rehtori")
	h.must(err)
	h.now = start.Add(2 * time.Hour)
	again, err := h.Acknowledge(ctx, view.Secret, "Joku Muu")
	h.must(err)
	if !again.AckedAt.Equal(n.AckedAt) || again.AckedBy != "Liisa Koe, rehtori" {
		t.Errorf("second acknowledgement changed it: %+v", again)
	}
	if r := h.records(inc)[0]; r.Stage != incident.Acked || r.Deadline("gdpr.33.2").How != "acked" {
		t.Errorf("record = %s, %+v", r.Stage, r.Deadline("gdpr.33.2"))
	}
}

func TestCloseSaysWhatIsInTheWay(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 0, "eka@koivuranta.example")
	inc := h.log("Hoivapäivyri", "Oma asiakasrekisteri")
	keys := func(err error) string {
		var es incident.Errors
		if !errors.As(err, &es) {
			return fmt.Sprint(err)
		}
		var all []string
		for _, e := range es {
			all = append(all, e.Key)
		}
		return strings.Join(all, " ")
	}
	if got, want := keys(h.Close(ctx, staff, inc.ID, incident.Closing{Reason: "Valmis.", NoDebrief: "Pieni tapaus."})), "close.unreached close.running close.no_nature close.no_consequences close.no_measures"; got != want {
		t.Errorf("in the way: %s\nwant %s", got, want)
	}
	h.notify(inc)
	h.send(accepted)
	known := func(s string) incident.Fact { return incident.Fact{Text: s, Sure: incident.Known} }
	h.must(h.Describe(ctx, staff, inc.ID, h.incident(inc.ID).Version, incident.Facts{Nature: known("a"), Consequences: known("b"), Measures: known("c")}))
	if got, want := keys(h.Close(ctx, staff, inc.ID, incident.Closing{Reason: "Valmis.", NoDebrief: "Pieni tapaus."})), "close.running"; got != want {
		t.Errorf("in the way: %s, want the own report", got)
	}
	for _, r := range h.records(inc) {
		if r.Part == incident.AsController {
			h.must(h.Decide(ctx, staff, r.ID, incident.Decision{Kind: "not_notifiable", Reason: "Salattu.", Approver: "Eero Koe"}))
		}
	}
	h.must(h.Close(ctx, staff, inc.ID, incident.Closing{Reason: "Valmis.", NoDebrief: "Pieni tapaus."}))
	if err := h.Close(ctx, staff, inc.ID, incident.Closing{Reason: "Taas.", NoDebrief: "Pieni tapaus."}); incident.KindOf(err) != incident.Refused {
		t.Errorf("closing twice: %v", err)
	}
	h.now = start.AddDate(0, 1, 0)
	before := len(h.alarms)
	if _, err := h.Tick(ctx); err != nil || len(h.alarms) != before {
		t.Errorf("a closed case rang: %v, %d alarms", err, len(h.alarms)-before)
	}
}

func TestFormOpenedOnAnOldVersionIsRefused(t *testing.T) {
	h := newHouse(t)
	inc := h.log()
	v := h.incident(inc.ID).Version
	f := incident.Facts{Nature: incident.Fact{Text: "a", Sure: incident.Known}}
	h.must(h.Describe(ctx, staff, inc.ID, v, f))
	f.Nature.Text = "b"
	if err := h.Describe(ctx, staff, inc.ID, v, f); incident.KindOf(err) != incident.Conflict {
		t.Errorf("old form: %v, want a conflict", err)
	}
}
