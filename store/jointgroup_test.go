package store

import (
	"context"
	"reflect"
	"testing"
	"time"

	"hatakello/incident"
)

// A kept group is found by a case that touches a member, and taking it over
// brings the others in and gives them their lead.
func TestJointGroups(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := tellOne(t, db), context.Background()
		by := incident.Actor{ID: "u", Name: "Olli", Roles: incident.Roles, Via: "web"}
		kumppani := &incident.Controller{Name: "Kumppani Oy", Lang: "fi"}
		noError(t, x.d.SaveController(ctx, by, kumppani))
		noError(t, x.d.SaveController(ctx, by, &incident.Controller{Name: "Muu Oy", Lang: "fi"}))
		in := incident.Grouping{Name: "Hoivayhtymä", Members: []string{"Hoiva Oy", "kumppani oy"}, Lead: "Kumppani Oy", Arrangement: "Sopimus 7/2026", Arranged: x.now.AddDate(0, -1, 0)}
		g, err := x.d.SaveJointGroup(ctx, by, in)
		noError(t, err)
		for name, bad := range map[string]incident.Grouping{
			"alone":            {Name: "A", Members: []string{"Hoiva Oy"}},
			"nobody":           {Name: "A", Members: []string{"Hoiva Oy", "Tuntematon"}},
			"lead outside":     {Name: "A", Members: []string{"Hoiva Oy", "Kumppani Oy"}, Lead: "Muu Oy", Arrangement: "S"},
			"lead unarranged":  {Name: "A", Members: []string{"Hoiva Oy", "Kumppani Oy"}, Lead: "Hoiva Oy"},
			"without a name":   {Members: []string{"Hoiva Oy", "Kumppani Oy"}},
			"ourselves beside": {Name: "A", Members: []string{"Hoiva Oy", incident.Own}},
		} {
			if _, err := x.d.SaveJointGroup(ctx, by, bad); incident.KindOf(err) != incident.Invalid {
				t.Errorf("%s: %v, want it refused", name, err)
			}
		}
		r, err := db.Record(ctx, x.record)
		noError(t, err)
		found, err := db.JointGroups(ctx, incident.JointGroupIn{Incident: r.Incident})
		noError(t, err)
		if len(found) != 1 || !reflect.DeepEqual(found[0], g) || g.Lead != kumppani.ID || len(g.Members) != 2 {
			t.Fatalf("found %+v, want %+v", found, g)
		}
		if of, err := db.JointGroups(ctx, incident.JointGroupIn{Controller: kumppani.ID}); err != nil || len(of) != 1 {
			t.Errorf("of the member: %d, %v", len(of), err)
		}
		for range 2 { // again is harmless
			noError(t, x.d.UseJointGroup(ctx, by, r.Incident, g.ID))
		}
		lead, err := db.RecordOf(ctx, r.Incident, kumppani.ID)
		noError(t, err)
		r, err = db.Record(ctx, x.record)
		noError(t, err)
		if !lead.Joint.Lead || !r.Joint.Arranged || len(r.Joint.With) != 1 || r.Joint.With[0] != lead.ID {
			t.Errorf("lead %+v, member %+v", lead.Joint, r.Joint)
		}
		noError(t, x.d.Phone(ctx, by, x.record, incident.Call{At: x.now, Who: "Kati", Said: "Kerrottu"}))
		noError(t, x.d.Report(ctx, by, lead.ID, incident.Filing{Kind: "complete", At: x.now, Channel: "Turvalomake"}))
		if r, err = db.Record(ctx, x.record); err != nil || r.Deadline("gdpr.33.1").Running() {
			t.Errorf("the member's clock runs on after the lead's report: %v", err)
		}

		old := in
		old.ID, old.Ended = g.ID, true
		if _, err := x.d.SaveJointGroup(ctx, by, old); incident.KindOf(err) != incident.Conflict {
			t.Errorf("an old version: %v", err)
		}
		x.now = x.now.Add(time.Hour)
		old.Version = g.Version
		g, err = x.d.SaveJointGroup(ctx, by, old)
		if err != nil || !g.Ended.Equal(x.now) {
			t.Errorf("ended: %+v, %v", g, err)
		}
		if err := x.d.UseJointGroup(ctx, by, r.Incident, g.ID); incident.KindOf(err) != incident.Refused {
			t.Errorf("an ended group is used: %v", err)
		}
		open, err := db.JointGroups(ctx, incident.JointGroupIn{Incident: r.Incident})
		all, err2 := db.JointGroups(ctx, incident.JointGroupIn{Ended: true})
		if err != nil || err2 != nil || len(open) != 0 || len(all) != 1 {
			t.Errorf("open %d, all %d, %v, %v", len(open), len(all), err, err2)
		}
	})
}
