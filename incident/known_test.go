package incident_test

import (
	"reflect"
	"testing"
	"time"

	"hatakello/incident"
)

// snapshot is a case as it stands when it is taken.
type snapshot struct {
	at  time.Time
	inc *incident.Incident
	rs  map[string]*incident.Record
}

// snap reads what stands now by the readers that the pages use.
func (h *house) snap(id string) snapshot {
	h.Helper()
	s := snapshot{at: h.now, rs: map[string]*incident.Record{}}
	s.inc = h.incident(id)
	s.inc.Tally, s.inc.Version = incident.Tally{}, 0
	silent(s.inc.Deadlines)
	lines, err := h.db.LinesAt(ctx, id, h.now)
	h.must(err)
	for _, l := range lines {
		r := h.record(l.ID)
		if l.Stage != r.Stage || l.Certainty != r.Certainty || l.Tier != r.Tier || l.Name != r.Name {
			h.Errorf("the line %+v is not the record %+v", l, r)
		}
		r.Version = 0
		silent(r.Deadlines)
		s.rs[r.ID] = r
	}
	return s
}

// silent drops when to speak next, which is no knowledge.
func silent(all []*incident.Deadline) {
	for _, d := range all {
		d.Warn = time.Time{}
	}
}

// TestAsItWasKnown walks a case through its acts, a minute apart, and holds
// that the past of each minute is what stood in that minute.
func TestAsItWasKnown(t *testing.T) {
	h := newHouse(t)
	a := h.customer("Koivuranta", "fi", 24, "a@koivuranta.example", "b@koivuranta.example")
	h.customer("Norrsken", "sv", 0, "c@norrsken.example")
	inc := h.log("Hoivapäivyri", "Oma asiakasrekisteri")
	own, err := h.db.RecordOf(ctx, inc.ID, incident.Own)
	h.must(err)
	theirs, err := h.db.RecordOf(ctx, inc.ID, a.ID)
	h.must(err)
	version := func() int { return h.incident(inc.ID).Version }
	nature := func(text string) incident.Facts {
		return incident.Facts{Nature: incident.Fact{Text: text, Sure: incident.Assumed}}
	}
	acts := []func() error{
		func() error { return h.Describe(ctx, staff, inc.ID, version(), nature("Levy katosi")) },
		func() error {
			return h.MarkIncident(ctx, staff, inc.ID, incident.Mark{Moment: incident.OccurredFrom, At: h.now.Add(-5 * time.Hour), Sure: incident.Assumed})
		},
		func() error {
			return h.MarkIncident(ctx, staff, inc.ID, incident.Mark{Moment: incident.ProcessorAware, At: h.now.Add(-2 * time.Hour), Sure: incident.Known, Why: "loki"})
		},
		func() error { h.notify(inc); return nil },
		func() error { h.send(refusedFor("a@koivuranta.example")); return nil },
		func() error { h.send(accepted); return nil },
		func() error {
			return h.DescribeRecord(ctx, staff, theirs.ID, h.record(theirs.ID).Version, nature("Vain osa"))
		},
		func() error {
			return h.Decide(ctx, staff, own.ID, incident.Decision{Kind: "not_notifiable", Reason: "Salattu", Approver: "Tiina Testi"})
		},
		func() error { return h.Describe(ctx, staff, inc.ID, version(), nature("Levy löytyi avattuna")) },
		func() error { h.tick(); return nil },
		func() error {
			return h.Report(ctx, staff, own.ID, incident.Filing{Kind: "preliminary", At: h.now, Channel: "Turvalomake", Promised: h.now.Add(100 * time.Hour)})
		},
	}
	taken := []snapshot{h.snap(inc.ID)}
	for i, act := range acts {
		h.now = h.now.Add(time.Minute)
		if err := act(); err != nil {
			t.Fatalf("act %d: %v", i, err)
		}
		taken = append(taken, h.snap(inc.ID))
	}
	for i, s := range taken {
		for _, at := range []time.Time{s.at, s.at.Add(59 * time.Second)} {
			h.past(i, s, at)
		}
	}
	if _, err := h.db.RecordAt(ctx, own.ID, taken[0].at.Add(-time.Hour)); incident.KindOf(err) != incident.NotFound {
		t.Errorf("a record before its making: %v, want not found", err)
	}
	changed := 0
	for i := 1; i < len(taken); i++ {
		if !reflect.DeepEqual(taken[i].inc, taken[i-1].inc) || !reflect.DeepEqual(taken[i].rs, taken[i-1].rs) {
			changed++
		}
	}
	if changed < len(acts)-2 {
		t.Errorf("only %d of %d acts changed anything: the walk proves little", changed, len(acts))
	}
}

// past compares the past of an instant with what was seen then.
func (h *house) past(i int, s snapshot, at time.Time) {
	h.Helper()
	inc, err := h.db.IncidentAt(ctx, s.inc.ID, at)
	h.must(err)
	if !reflect.DeepEqual(inc, s.inc) {
		h.Errorf("case after act %d, at %v:\n%+v\nwas\n%+v", i, at, inc, s.inc)
	}
	for id, was := range s.rs {
		r, err := h.db.RecordAt(ctx, id, at)
		h.must(err)
		if !reflect.DeepEqual(r, was) {
			h.Errorf("record %s after act %d, at %v:\n%+v\nwas\n%+v", was.Name, i, at, r, was)
		}
	}
}
