package store

import (
	"context"
	"reflect"
	"testing"

	"hatakello/incident"
)

// What people were told comes back as it was said, in the order in which it was
// said, and the same form again is one telling.
func TestTellings(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := tellOne(t, db), context.Background()
		by := incident.Actor{ID: "u", Name: "Olli", Roles: incident.Roles, Via: "web"}
		in := incident.Telling{At: x.now, Channel: "letter", Safe: "yes", People: "Kaikkien yksiköiden asukkaat", Told: incident.Amount{Low: 40, Sure: "exact"},
			Untold: incident.Amount{Low: 2, Sure: "exact"}, Why: "Osoite ei ole tiedossa", Text: "Hyvä asukas", Key: "k1"}
		noError(t, x.d.TellPeople(ctx, by, x.record, in))
		noError(t, x.d.TellPeople(ctx, by, x.record, in))
		last := in
		last.Key, last.Safe, last.Despite, last.Finished = "k2", "no", "Muuta osoitetta ei ole", true
		noError(t, x.d.TellPeople(ctx, by, x.record, last))
		all := must[[]*incident.Telling](t)(db.Tellings(ctx, x.record))
		if len(all) != 2 {
			t.Fatalf("%d tellings, want 2", len(all))
		}
		for i, want := range []incident.Telling{in, last} {
			want.ID, want.Incident, want.Record, want.By, want.Made, want.Key = all[i].ID, all[i].Incident, x.record, "Olli", x.now, ""
			if !reflect.DeepEqual(*all[i], want) {
				t.Errorf("telling %d = %+v\nwant %+v", i, *all[i], want)
			}
		}
	})
}
