package store

import (
	"bytes"
	"context"
	"testing"

	"hatakello/incident"
)

// A filing keeps its files byte for byte, names them in the audit chain by
// their hashes, and keeps the limit that it answered.
func TestFilesOfAFiling(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := tellOne(t, db), context.Background()
		by := incident.Actor{ID: "u", Name: "Olli", Roles: incident.Roles, Via: "web"}
		pdf, receipt := []byte("%PDF-1.7 \x00\xff raportti"), []byte("Kiitos ilmoituksesta")
		filing := incident.Filing{Kind: "preliminary", At: x.now, Channel: "Turvalomake", Key: "k1", Files: []incident.File{
			{Role: incident.FrozenReport, Name: `C:\raportit\raportti.pdf`, MIME: "application/pdf", Lang: "fi", Bytes: pdf},
			{Role: incident.FiledReceipt, Name: "kuitti.txt", MIME: "text/plain", Bytes: receipt}}}
		noError(t, x.d.Report(ctx, by, x.record, filing))
		noError(t, x.d.Report(ctx, by, x.record, filing)) // the same form again
		r, err := db.Record(ctx, x.record)
		noError(t, err)
		if len(r.Filings) != 1 || len(r.Filings[0].Files) != 2 {
			t.Fatalf("filings %+v, want one with two files", r.Filings)
		}
		for i, want := range [][]byte{pdf, receipt} {
			f := r.Filings[0].Files[i]
			got, err := db.Content(ctx, f.SHA256)
			if err != nil || !bytes.Equal(got.Bytes, want) || !got.Intact() || got.MIME != f.MIME || !got.Made.Equal(x.now) || f.Size != len(want) {
				t.Errorf("%s: %+v, %v", f.Name, got, err)
			}
		}
		if f := r.Filings[0].Files[0]; f.Name != "raportti.pdf" || f.Lang != "fi" || !f.Made.Equal(x.now) {
			t.Errorf("the report is kept as %+v", f)
		}
		chain, err := db.Chain(ctx, r.Incident, 0, 100)
		noError(t, err)
		last := chain[len(chain)-1]
		for _, f := range r.Filings[0].Files {
			if last.Act != "report" || !bytes.Contains(last.Content, []byte(f.SHA256)) {
				t.Errorf("the chain ends with %s and does not name %s", last.Act, f.SHA256)
			}
		}
		if bytes.Contains(last.Content, []byte("Kiitos")) {
			t.Error("the chain holds the file itself")
		}
		again := filing
		again.Key, again.Kind = "k2", "supplementary"
		noError(t, x.d.Report(ctx, by, x.record, again)) // the same content is kept once
		if _, err := db.Content(ctx, "nothing"); incident.KindOf(err) != incident.NotFound {
			t.Errorf("an unknown hash: %v", err)
		}
	})
}

// A file that was changed before its row was bound to the chain agrees with the
// link that bound it, and still not with its own hash.
func TestVerifyRehashesFiles(t *testing.T) {
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			ctx, dsn := context.Background(), newDatabase(t, kind)
			db := open(t, dsn)
			x := tellOne(t, db)
			by := incident.Actor{ID: "u", Name: "Olli", Roles: incident.Roles, Via: "web"}
			noError(t, x.d.Report(ctx, by, x.record, incident.Filing{Kind: "complete", At: x.now, Channel: "Turvalomake", Key: "k", Files: []incident.File{
				{Role: incident.FiledReceipt, Name: "kuitti.txt", MIME: "text/plain", Bytes: []byte("Kiitos ilmoituksesta")}}}))
			f := must[*incident.Record](t)(db.Record(ctx, x.record)).Filings[0].Files[0]
			if v := must[*Verified](t)(db.Verify(ctx)); v.Found != 0 {
				t.Fatalf("untouched: found %+v", v.Findings)
			}
			w := newTamperer(t, db, dsn)
			w.exec("update files set bytes = ?1 where sha256 = ?2", []byte("Emme ottaneet vastaan"), f.SHA256)
			w.exec("update setting set value = '[]' where name = 'bound'") // as an older program left it
			noError(t, db.adopt(ctx, true))
			v := must[*Verified](t)(db.Verify(ctx))
			if v.Found != 1 || v.Findings[0].Table != "files" || v.Findings[0].Row != f.SHA256 || v.Findings[0].What != "changed" {
				t.Errorf("found %+v, want the changed file by its hash", v.Findings)
			}
		})
	}
}
