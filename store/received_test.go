package store

import (
	"context"
	"testing"
	"time"

	"hatakello/incident"
)

// A notice of a sub-processor: kept byte for byte, once; nothing runs before it
// is confirmed; then the case, its source and the clocks are there in one act.
func TestReceived(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := tellOne(t, db), context.Background()
		file := []byte("Tietovuoto alikäsittelijällä\n\nPalvelin oli auki.")
		a, err := x.d.Receive(ctx, clerk, file, "")
		noError(t, err)
		b, err := x.d.Receive(ctx, incident.Actor{ID: "z", Name: "Zoe", Roles: incident.Roles, Via: "web"}, file, "")
		if err != nil || b.ID != a.ID {
			t.Errorf("the same bytes again: %+v, %v", b, err)
		}
		raw, err := db.ReceivedBytes(ctx, a.ID)
		if err != nil || string(raw) != string(file) {
			t.Errorf("bytes %q, %v", raw, err)
		}
		waits, err := db.ReceivedOf(ctx, "", 10)
		if err != nil || len(waits) != 1 || waits[0].Reading.Kind != "text" || waits[0].Size != len(file) {
			t.Errorf("waiting: %+v, %v", waits, err)
		}
		came := x.now.Add(-3 * time.Hour)
		services, err := db.Services(ctx)
		noError(t, err)
		in := incident.Confirm{Title: "Tietovuoto", Sender: "Ali Oy", Came: came, TheirAware: came.Add(-time.Hour), Services: []string{services[0].ID}}
		for name, bad := range map[string]incident.Confirm{
			"no sender":                 {Title: "T", Came: came},
			"no time":                   {Title: "T", Sender: "A"},
			"tomorrow":                  {Title: "T", Sender: "A", Came: x.now.Add(24 * time.Hour)},
			"they knew after they told": {Title: "T", Sender: "A", Came: came, TheirAware: came.Add(time.Minute)},
			"no title":                  {Sender: "A", Came: came},
		} {
			if _, err := x.d.ConfirmReceived(ctx, clerk, a.ID, bad); incident.KindOf(err) != incident.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		id, err := x.d.ConfirmReceived(ctx, clerk, a.ID, in)
		noError(t, err)
		inc, err := db.Incident(ctx, id)
		noError(t, err)
		if k, _ := inc.At(incident.ProcessorAware); !k.At.Equal(came) || inc.Source.Name != "Ali Oy" || !inc.Source.TheyTold.Equal(came) || inc.Tally.Records != 1 {
			t.Errorf("case %+v", inc)
		}
		if got, err := db.ReceivedOf(ctx, id, 10); err != nil || len(got) != 1 || !got[0].Came.Equal(came) {
			t.Errorf("of the case: %+v, %v", got, err)
		}
		if _, err := x.d.ConfirmReceived(ctx, clerk, a.ID, in); incident.KindOf(err) != incident.Refused {
			t.Errorf("confirmed twice: %v", err)
		}
		// A notice that came before we noticed makes us aware earlier.
		rec, err := db.Record(ctx, x.record)
		noError(t, err)
		c, err := x.d.Receive(ctx, clerk, []byte("Toinen"), "")
		noError(t, err)
		in.Incident, in.Title = rec.Incident, ""
		_, err = x.d.ConfirmReceived(ctx, clerk, c.ID, in)
		noError(t, err)
		inc, err = db.Incident(ctx, rec.Incident)
		if k, _ := inc.At(incident.ProcessorAware); err != nil || !k.At.Equal(came) || len(inc.Marks) != 2 || inc.Source.Name != "Ali Oy" {
			t.Errorf("added to a case: %+v, %v", inc, err)
		}
	})
}
