package store

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"hatakello/incident"
)

func TestDebrief(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 2)
		apply(t, db, c)
		inc := c.NewIncident.ID
		if b := must[*incident.Debrief](t)(db.Debrief(ctx, inc)); !b.Opened.IsZero() || b.Version != 0 || b.Incident != inc {
			t.Errorf("before anybody has begun: %+v", b)
		}

		p := &incident.Passage{ID: "p1", Incident: inc, Question: "hard", Reader: incident.ForStaff, Text: "Lokit <puuttuivat> €", By: "Anna Koe", Made: noon}
		q := &incident.Passage{ID: "p2", Incident: inc, Question: "hard", Reader: incident.ForPublic, Text: "Selvitys viivästyi.", By: "Anna Koe", Made: noon}
		a := &incident.Action{ID: "a1", Incident: inc, Number: c.NewIncident.Number, Text: "Vaihda avaimet", Owner: "u1", Name: "Anna Koe", Due: noon.Add(48 * time.Hour),
			Reader: incident.ForStaff, Made: noon, By: "Anna Koe", Remind: noon.Add(24 * time.Hour)}
		b := &incident.Debrief{Incident: inc, Opened: noon, OpenedBy: "Anna Koe"}
		apply(t, db, &incident.Change{Act: "debrief", At: noon, About: inc, Debrief: b, Passages: []*incident.Passage{p, q}, Actions: []*incident.Action{a}})
		if b.Version != 1 || a.Version != 1 {
			t.Errorf("Versions = %d and %d, want 1", b.Version, a.Version)
		}
		b.Passages, b.Actions = []*incident.Passage{p, q}, []*incident.Action{a}
		if got := must[*incident.Debrief](t)(db.Debrief(ctx, inc)); !reflect.DeepEqual(got, b) {
			t.Errorf("Debrief = %+v\nwant %+v", got, b)
		}
		if got := must[*incident.Action](t)(db.Action(ctx, "a1")); !reflect.DeepEqual(got, a) {
			t.Errorf("Action = %+v\nwant %+v", got, a)
		}

		stale := &incident.Change{Act: "debrief", At: noon, About: inc, Debrief: &incident.Debrief{Incident: inc, Opened: noon}}
		if err := db.Apply(ctx, stale); !errors.Is(err, incident.ErrStale) {
			t.Errorf("writing over a newer debrief: %v", err)
		}
		old := *a
		old.Version = 0
		if err := db.Apply(ctx, &incident.Change{Act: "debrief", At: noon, About: inc, Actions: []*incident.Action{&old}}); !errors.Is(err, incident.ErrStale) {
			t.Errorf("writing over a newer action: %v", err)
		}

		for after, want := range map[time.Duration]int{23 * time.Hour: 0, 24 * time.Hour: 1} {
			if got := must[[]*incident.Action](t)(db.ActionsDue(ctx, noon.Add(after), 10)); len(got) != want {
				t.Errorf("%d actions are due after %v, want %d", len(got), after, want)
			}
		}
		p.Ended, a.Done, a.DoneBy, a.Result, a.Remind = noon.Add(time.Hour), noon.Add(time.Hour), "Anna Koe", "Tehty.", time.Time{}
		apply(t, db, &incident.Change{Act: "debrief", At: noon, About: inc, Passages: []*incident.Passage{p}, Actions: []*incident.Action{a}})
		if got := must[*incident.Debrief](t)(db.Debrief(ctx, inc)); len(got.Passages) != 1 || !reflect.DeepEqual(got.Actions[0], a) {
			t.Errorf("after a passage ended and the action was done: %+v", got)
		}
		if got := must[[]*incident.Action](t)(db.OpenActions(ctx)); len(got) != 0 {
			t.Errorf("a done action is open: %v", got)
		}
	})
}
