package store

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"hatakello/incident"
	"hatakello/incident/risk"
)

// Her assessment is found by her link alone, and the chain says nothing of it.
func TestOwnAssessment(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := askCase(t, db), context.Background()
		l, by := x.links["Hoiva Oy"], x.guest("Hoiva Oy")
		by.Name = "Kati"
		f, err := risk.Parse([]byte(`{"data":["health"]}`))
		noError(t, err)
		noError(t, x.d.AnswerOwn(ctx, by, l, "", f))
		noError(t, x.d.DecideOwn(ctx, by, l, incident.High, "Salainen peruste"))
		got, err := db.OwnAssessment(ctx, l.Hash)
		if err != nil || got.Tier != incident.High || got.By != "Kati" || got.Answers == "" {
			t.Errorf("hers: %+v, %v", got, err)
		}
		for _, hash := range []string{"", x.links["Norrskenets omsorg Ab"].Hash, l.Record} {
			if _, err := db.OwnAssessment(ctx, hash); incident.KindOf(err) != incident.NotFound {
				t.Errorf("found by %q: %v", hash, err)
			}
		}
		if err := x.d.DecideOwn(ctx, x.guest("Norrskenets omsorg Ab"), l, incident.High, "x"); incident.KindOf(err) != incident.NotFound {
			t.Errorf("decided by a stranger: %v", err)
		}
		noError(t, x.d.ShareOwn(ctx, by, l, true))
		noError(t, x.d.ShareOwn(ctx, by, l, true))
		shares, err := db.OwnShares(ctx, l.Record)
		if err != nil || len(shares) != 1 || shares[0].Reason != "Salainen peruste" {
			t.Errorf("shared: %+v, %v", shares, err)
		}
		noError(t, x.d.ShareOwn(ctx, by, l, false))
		shares, err = db.OwnShares(ctx, l.Record)
		if err != nil || len(shares) != 1 || shares[0].Reason != "" || shares[0].Tier != "" || shares[0].Ended.IsZero() {
			t.Errorf("taken back: %+v, %v", shares, err)
		}
		chain, err := list(ctx, db.conn(), func(rows *sql.Rows) (s string, err error) {
			var content []byte
			err = rows.Scan(&content)
			return string(content), err
		}, `select content from audit order by chain, seq`)
		noError(t, err)
		if all := strings.Join(chain, "\n"); strings.Contains(all, "Salainen") || strings.Contains(all, "high_risk") || strings.Contains(all, `"health"`) {
			t.Error("the audit chain holds her assessment")
		}
		noError(t, x.d.AnswerOwn(ctx, by, l, "", risk.Facts{}))
		if got, err = db.OwnAssessment(ctx, l.Hash); err != nil || got.Tier != "" {
			t.Errorf("a decision on other answers stands: %+v, %v", got, err)
		}
	})
}
