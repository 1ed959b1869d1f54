package incident_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hatakello/incident"
)

// debrief loads what was learnt from a case.
func (h *house) debrief(inc *incident.Incident) *incident.Debrief {
	h.Helper()
	b, err := h.db.Debrief(ctx, inc.ID)
	h.must(err)
	return b
}

// learnt answers every question of the debrief, for staff.
func (h *house) learnt(inc *incident.Incident) {
	h.Helper()
	var texts []incident.Passage
	for _, q := range incident.Questions {
		texts = append(texts, incident.Passage{Question: q, Reader: incident.ForStaff, Text: "Vastaus: " + q})
	}
	h.must(h.SaveDebrief(ctx, staff, inc.ID, texts, h.debrief(inc).Version))
	h.must(h.FinishDebrief(ctx, staff, inc.ID, h.debrief(inc).Version))
}

func TestDebriefKeepsWhatItSaidBefore(t *testing.T) {
	h := newHouse(t)
	inc := h.log()
	say := func(text string, version int) error {
		return h.SaveDebrief(ctx, staff, inc.ID, []incident.Passage{{Question: "hard", Reader: incident.ForStaff, Text: text}}, version)
	}
	h.must(say("Lokit puuttuivat.", 0))
	h.must(say("Lokit puuttuivat.", 1))
	if got := h.debrief(inc).Version; got != 1 {
		t.Errorf("Version = %d after saving the same again, want 1", got)
	}
	if err := say("Muu.", 0); incident.KindOf(err) != incident.Conflict {
		t.Errorf("saving over another's words: %v, want a conflict", err)
	}
	h.must(say("Lokit olivat väärässä paikassa.", 1))
	b := h.debrief(inc)
	if len(b.Passages) != 1 || b.Text("hard", incident.ForStaff) != "Lokit olivat väärässä paikassa." {
		t.Errorf("Passages = %v", b.Passages)
	}
	if b.OpenedBy != staff.Name || !b.Opened.Equal(start) {
		t.Errorf("opened %v by %q", b.Opened, b.OpenedBy)
	}
	h.must(say("", 2))
	if got := h.debrief(inc).Passages; len(got) != 0 {
		t.Errorf("an emptied passage stands: %v", got)
	}
}

func TestDebriefIsFinishedWhole(t *testing.T) {
	h := newHouse(t)
	inc := h.log()
	if got, want := strings.Count(keysOf(h.FinishDebrief(ctx, staff, inc.ID, 0)), "debrief.unanswered"), len(incident.Questions); got != want {
		t.Errorf("an empty debrief is refused with %d fields, want %d", got, want)
	}
	h.learnt(inc)
	if b := h.debrief(inc); b.Done.IsZero() || b.DoneBy != staff.Name {
		t.Errorf("Done = %v by %q", b.Done, b.DoneBy)
	}
	b := h.debrief(inc)
	h.must(h.SaveDebrief(ctx, staff, inc.ID, []incident.Passage{{Question: "well", Reader: incident.ForPublic, Text: "Asiakkaat saivat tiedon."}}, b.Version))
	if b := h.debrief(inc); !b.Done.IsZero() {
		t.Error("a debrief that was changed is still finished")
	}
}

// What is marked for staff must not reach a controller or the public, whatever
// the marks are; nor what is marked for controllers the public.
func TestNothingInternalReachesOtherReaders(t *testing.T) {
	rank := func(a incident.Audience) int { return slices.Index(incident.Audiences, a) }
	rapid.Check(t, func(t *rapid.T) {
		marks := append(slices.Clone(incident.Audiences), "", "Public", "unknown")
		b := &incident.Debrief{OpenedBy: "Aino Koe", DoneBy: "Aino Koe"}
		for i, m := range rapid.SliceOfN(rapid.SampledFrom(marks), 0, 12).Draw(t, "marks") {
			b.Passages = append(b.Passages, &incident.Passage{Question: incident.Questions[i%6], Reader: m})
			b.Actions = append(b.Actions, &incident.Action{Reader: m})
		}
		for _, who := range append(slices.Clone(incident.Audiences), "nobody", "") {
			some := b.For(who)
			for _, p := range some.Passages {
				if who != incident.ForStaff && (rank(p.Reader) < 1 || rank(who) < 0 || rank(p.Reader) < rank(who)) {
					t.Fatalf("%q sees a passage that is meant for %q", who, p.Reader)
				}
			}
			for _, a := range some.Actions {
				if who != incident.ForStaff && (rank(a.Reader) < 1 || rank(who) < 0 || rank(a.Reader) < rank(who)) {
					t.Fatalf("%q sees an action that is meant for %q", who, a.Reader)
				}
			}
			if who != incident.ForStaff && some.OpenedBy+some.DoneBy != "" {
				t.Fatalf("%q sees who wrote it", who)
			}
		}
		if got := len(b.For(incident.ForStaff).Passages); got != len(b.Passages) {
			t.Fatalf("staff see %d of %d passages", got, len(b.Passages))
		}
	})
}

func TestDebriefForOthersNamesNobody(t *testing.T) {
	h := newHouse(t)
	h.customer("Esimerkkihoiva Oy", "fi", 24, "a@asiakas.example")
	inc := h.log()
	try := func(reader incident.Audience, text string) string {
		return keysOf(h.SaveDebrief(ctx, staff, inc.ID, []incident.Passage{{Question: "happened", Reader: reader, Text: text}}, h.debrief(inc).Version))
	}
	for _, reader := range []incident.Audience{incident.ForControllers, incident.ForPublic} {
		if got := try(reader, "Esimerkkihoiva Oy huomasi virheen."); got == "" {
			t.Errorf("a customer's name passes for %s", reader)
		}
		if got := try(reader, "Henkilö 131052-308T näkyi."); got == "" {
			t.Errorf("an identity code passes for %s", reader)
		}
	}
	if got := try(incident.ForStaff, "Esimerkkihoiva Oy huomasi virheen."); got != "" {
		t.Errorf("staff may not write a customer's name: %s", got)
	}
}

func TestCloseAsksForTheDebriefOrAReason(t *testing.T) {
	h := newHouse(t)
	inc := h.closable()
	if got, want := keysOf(h.Close(ctx, staff, inc.ID, incident.Closing{Reason: "Valmis."})), "no_debrief close.debrief"; got != want {
		t.Fatalf("closing without a debrief: %q, want %q", got, want)
	}
	h.learnt(inc)
	h.must(h.Close(ctx, staff, inc.ID, incident.Closing{Reason: "Valmis."}))
}

// closable is a case in which everything is done but the debrief.
func (h *house) closable() *incident.Incident {
	h.Helper()
	inc := h.log()
	fact := incident.Fact{Text: "Väärä tiedosto.", Sure: incident.Known}
	h.must(h.Describe(ctx, staff, inc.ID, h.incident(inc.ID).Version, incident.Facts{Nature: fact, Consequences: fact, Measures: fact}))
	return h.incident(inc.ID)
}

func TestActionIsAskedAboutUntilDone(t *testing.T) {
	h := newHouse(t)
	inc := h.closable()
	owner := &incident.User{Login: "omistaja@hoivapilvi.example", Name: "Olli Omistaja", Roles: []incident.Role{incident.Handler}, Lang: "fi"}
	h.must(h.SaveUser(ctx, staff, owner))
	due := start.Add(10 * 24 * time.Hour)
	h.must(h.SaveAction(ctx, staff, incident.Action{Incident: inc.ID, Text: "Vaihda avaimet", Owner: owner.ID, Due: due, Reader: incident.ForStaff}))
	h.must(h.Close(ctx, staff, inc.ID, incident.Closing{Reason: "Valmis.", NoDebrief: "Tehdään myöhemmin."}))

	asked := map[int]string{}
	for day := range 30 {
		h.now, h.alarms = start.Add(time.Duration(day)*24*time.Hour+time.Hour), nil
		_, err := h.Tick(ctx)
		h.must(err)
		for _, a := range h.alarms {
			asked[day] = a.Key + " " + a.Address
		}
	}
	want := "action omistaja@hoivapilvi.example"
	for day := range 30 {
		if on := slices.Contains([]int{3, 9, 10, 17, 24}, day); (asked[day] == want) != on {
			t.Errorf("day %d: %q, want asked = %v", day, asked[day], on)
		}
	}

	owner.Disabled = true
	h.must(h.SaveUser(ctx, staff, owner))
	h.now, h.alarms = start.Add(40*24*time.Hour), nil
	_, err := h.Tick(ctx)
	h.must(err)
	if len(h.alarms) != 1 || h.alarms[0].Address != "paivystys@hoivapilvi.example" {
		t.Errorf("when the owner has left, %v are asked", h.alarms)
	}

	a := h.debrief(inc).Actions[0]
	if err := h.EndAction(ctx, staff, a.ID, " ", a.Version); keysOf(err) != "result action.result" {
		t.Errorf("ending without a word: %v", err)
	}
	h.must(h.EndAction(ctx, staff, a.ID, "Vaihdettu.", a.Version))
	h.now, h.alarms = start.Add(400*24*time.Hour), nil
	_, err = h.Tick(ctx)
	h.must(err)
	if len(h.alarms) != 0 {
		t.Errorf("a done action is asked about: %v", h.alarms)
	}
}

func TestSpread(t *testing.T) {
	minutes := func(ns ...int) (all []time.Duration) {
		for _, n := range ns {
			all = append(all, time.Duration(n)*time.Minute)
		}
		return all
	}
	for _, c := range []struct {
		in                 []time.Duration
		n                  int
		least, median, p90 int
	}{
		{nil, 0, 0, 0, 0},
		{minutes(7), 1, 7, 7, 0},
		{minutes(9, 1, 5, 3), 4, 1, 3, 0},
		{minutes(10, 9, 8, 7, 6, 5, 4, 3, 2, 1), 10, 1, 5, 9},
		{minutes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 11, 1, 6, 10},
	} {
		got := incident.SpreadOf(c.in)
		if got.N != c.n || got.Least != time.Duration(c.least)*time.Minute || got.Median != time.Duration(c.median)*time.Minute || got.P90 != time.Duration(c.p90)*time.Minute {
			t.Errorf("SpreadOf(%v) = %+v, want n %d, least %d, median %d, p90 %d min", c.in, got, c.n, c.least, c.median, c.p90)
		}
	}
}

func TestLegsFollowTheCase(t *testing.T) {
	h := newHouse(t)
	h.customer("Esimerkkihoiva Oy", "fi", 24, "a@asiakas.example")
	inc := h.log("Hoivapäivyri")
	h.now = start.Add(20 * time.Minute)
	h.notify(inc)
	h.now = start.Add(21 * time.Minute)
	h.send(accepted)
	legs, err := h.db.Legs(ctx, inc.ID)
	h.must(err)
	if len(legs) != 1 {
		t.Fatalf("%d legs, want 1", len(legs))
	}
	aware := start
	got := incident.Stretches(aware, legs)
	want := map[string]time.Duration{"known": 0, "drafted": 20 * time.Minute, "approved": 0}
	for _, s := range got {
		if d, ok := want[s.Name]; ok && (s.N != 1 || s.Median != d) {
			t.Errorf("%s took %+v, want %v", s.Name, s.Spread, d)
		}
	}
	if legs[0].Accepted.IsZero() || !legs[0].Acked.IsZero() {
		t.Errorf("accepted %v, acknowledged %v", legs[0].Accepted, legs[0].Acked)
	}
}
