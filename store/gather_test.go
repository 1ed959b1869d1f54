package store

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"hatakello/incident"
)

// TestGathered has many cases logged in one commit, one of them twice under one
// key, beside acts on a case that is there: every row is as its act wrote it.
func TestGathered(t *testing.T) {
	db := open(t, newDatabase(t, "sqlite"))
	old := newCase("Ennen", 1)
	apply(t, db, old)
	for _, twice := range []bool{false, true} {
		before := len(all(t, db))
		acts, errs := make([]*incident.Change, 40), make([]error, 40)
		for i := range acts {
			switch i % 4 {
			case 1:
				acts[i] = newCase("Asiakkaineen", 3)
			case 2:
				acts[i] = change(old.NewIncident.ID)
				acts[i].Entries = []*incident.Entry{{ID: newID(), Incident: old.NewIncident.ID, At: noon, By: "Anna Koe", Kind: incident.NoteEntry, Text: fmt.Sprint("Merkintä ", i)}}
			default:
				acts[i] = logged()
			}
		}
		cases := 30
		if twice {
			acts[36].Key = acts[0].Key
			cases--
		}
		gather(t, db, len(acts), func(i int) { errs[i] = db.Apply(ctx, acts[i]) }, func() {})
		for i, err := range errs {
			if want := twice && i == 36; want != errors.Is(err, incident.ErrRepeated) || !want && err != nil {
				t.Errorf("act %d: %v", i, err)
			}
		}
		rows := all(t, db)
		if n := len(rows) - before; n != cases || rows[0].Number != fmt.Sprintf("2026-%03d", len(rows)) {
			t.Errorf("%d cases, the last %s; want %d more without gaps", n, rows[0].Number, cases)
		}
		if v, err := db.Verify(ctx); err != nil || v.Found != 0 {
			t.Errorf("verified %+v, %v; want no finding", v, err)
		}
	}
}

// all lists all cases.
func all(t *testing.T, db *DB) []*incident.Row {
	t.Helper()
	rows, _, err := db.Rows(ctx, incident.Filter{}, incident.Cut{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestRecall changes what every request reads: through this handle it is seen
// at once, through another one within the time that is promised. What is
// remembered cannot be changed by those who got it.
func TestRecall(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		tok := &incident.Token{ID: "t1", Name: "vahti", Role: incident.Reporter, Hash: "h1", Made: noon}
		org := incident.Organisation{Name: "Koe Oy", Alarm: []string{"a@koe.example"}, Plan: []incident.Step{{Who: []string{"a@koe.example"}}}}
		c := change("")
		c.Tokens, c.Setting = []*incident.Token{tok}, &org
		apply(t, db, c)
		got := must[incident.Organisation](t)(db.Organisation(ctx))
		got.Alarm[0], got.Plan[0].Who[0] = "muu", "muu"
		must[*incident.Token](t)(db.TokenByHash(ctx, "h1")).Role = incident.Admin
		if again := must[incident.Organisation](t)(db.Organisation(ctx)); !reflect.DeepEqual(again, org) {
			t.Errorf("the organisation = %+v, want %+v", again, org)
		}
		if again := must[*incident.Token](t)(db.TokenByHash(ctx, "h1")); !reflect.DeepEqual(again, tok) {
			t.Errorf("the token = %+v, want %+v", again, tok)
		}
		ended := *tok
		ended.Revoked = noon.Add(time.Hour)
		c = change("")
		c.Tokens = []*incident.Token{&ended}
		apply(t, db, c)
		if now := must[*incident.Token](t)(db.TokenByHash(ctx, "h1")); now.Revoked.IsZero() {
			t.Error("a revoked token is in force")
		}

		past := &DB{d: db.d, read: db.read, writer: db.writer} // another handle on the same database
		c = change("")
		c.Setting = &incident.Organisation{Name: "Toinen Oy"}
		apply(t, past, c)
		waitFor(t, func() bool { return must[incident.Organisation](t)(db.Organisation(ctx)).Name == "Toinen Oy" })
	})
}
