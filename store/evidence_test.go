package store

import (
	"reflect"
	"testing"
	"time"

	"hatakello/incident"
)

func TestEntriesAndEvidence(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		c := newCase("Levy katosi", 1)
		apply(t, db, c)
		id, rec := c.NewIncident.ID, c.NewRecords[0].ID
		f := incident.NewContent([]byte{0, 1, 2, 0xff}, noon)
		x := &incident.Evidence{ID: newID(), Incident: id, Record: rec, SHA256: f.SHA256, Size: 4, Name: "loki.bin", About: "Ote", Happened: noon.Add(-time.Hour),
			Typed: "klo 13 (Europe/Helsinki)", By: "Anna Koe", At: noon}
		y := *x
		y.ID, y.Record, y.Happened, y.Typed = newID(), "", time.Time{}, ""
		first := &incident.Entry{ID: newID(), Incident: id, At: noon, By: "Anna Koe", Kind: incident.NoteEntry, Text: "Ensin", Happened: noon.Add(-2 * time.Hour), Typed: "klo 12", Ref: "C/1"}
		second := &incident.Entry{ID: newID(), Incident: id, Record: rec, At: noon.Add(time.Minute), By: "Bo Prov", Kind: incident.NoteEntry, Text: "Sitten", Corrects: first.ID, Why: "väärin", Ref: "C/1"}
		file := &incident.Entry{ID: newID(), Incident: id, At: noon, By: "Anna Koe", Kind: incident.FileEntry, Key: "evidence.added", Args: map[string]string{"file": "loki.bin"}, Evidence: x.ID}
		up := change(id)
		up.Files, up.Evidence = []*incident.Content{f, f}, []*incident.Evidence{x, &y}
		up.Entries = []*incident.Entry{first, second, file}
		apply(t, db, up)
		first.CorrectedBy = second.ID

		if got := must[*incident.Entry](t)(db.Entry(ctx, id, first.ID)); !reflect.DeepEqual(got, first) {
			t.Errorf("Entry = %+v\nwant %+v", got, first)
		}
		if got := must[*incident.Entry](t)(db.EntryByRef(ctx, id, "C/1")); !reflect.DeepEqual(got, second) {
			t.Errorf("EntryByRef = %+v\nwant %+v", got, second)
		}
		if got := must[*incident.Entry](t)(db.EntryByRef(ctx, id, "C/2")); got != nil {
			t.Errorf("EntryByRef of none = %+v", got)
		}
		for name, tt := range map[string]struct {
			f    incident.EntryFilter
			want int
		}{"all": {want: 4}, "acts": {incident.EntryFilter{Kind: "acts"}, 1}, "people": {incident.EntryFilter{Kind: "people"}, 3}, "notes": {incident.EntryFilter{Kind: "note"}, 2},
			"files": {incident.EntryFilter{Kind: "evidence"}, 1}, "record": {incident.EntryFilter{Record: rec}, 1}, "by": {incident.EntryFilter{By: "Bo Prov"}, 1},
			"before": {incident.EntryFilter{Until: noon}, 1}, "from": {incident.EntryFilter{From: noon.Add(time.Second)}, 1}} {
			if got, _, err := db.Timeline(ctx, id, tt.f, incident.Cut{Limit: 10}); err != nil || len(got) != tt.want {
				t.Errorf("%s: %d entries, %v; want %d", name, len(got), err, tt.want)
			}
		}
		if _, _, err := db.Timeline(ctx, id, incident.EntryFilter{Kind: "zz"}, incident.Cut{Limit: 1}); incident.KindOf(err) != incident.Invalid {
			t.Errorf("an unknown kind: %v", err)
		}
		if got := must[*incident.Evidence](t)(db.Evidence(ctx, id, x.ID)); !reflect.DeepEqual(got, x) {
			t.Errorf("Evidence = %+v\nwant %+v", got, x)
		}
		if got := must[*incident.Content](t)(db.Content(ctx, f.SHA256)); !reflect.DeepEqual(got, f) {
			t.Errorf("Content = %v", got)
		}
		all, next, err := db.EvidenceOf(ctx, id, incident.Cut{Limit: 1})
		if err != nil || len(all) != 1 || all[0].ID != y.ID || next == "" {
			t.Errorf("EvidenceOf = %v, %q, %v", all, next, err)
		}
		if got := must[[]*incident.Entry](t)(db.Custody(ctx, id, x.ID)); len(got) != 1 {
			t.Errorf("Custody = %v", got)
		}
		if _, err := db.Evidence(ctx, "other", x.ID); incident.KindOf(err) != incident.NotFound {
			t.Errorf("Evidence of another case: %v", err)
		}
	})
}
