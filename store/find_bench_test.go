package store

import (
	"context"
	"fmt"
	"testing"

	"hatakello/incident"
)

// BenchmarkFind looks among so many notes for what all of them hold, for what
// some hold, for long words and for what none holds: each must take as long
// among many as among few.
func BenchmarkFind(b *testing.B) {
	for _, notes := range []int{1000, 100_000} {
		db := open(b, newDatabase(b, "sqlite"))
		fillNotes(b, db, notes)
		for _, q := range []string{"palvelin", "palvelin loki", "p", "varmuuskopiointi", "harvinainen", "palvelin harvinainen", "puuttuu"} {
			b.Run(fmt.Sprintf("%s/notes=%d", q, notes), func(b *testing.B) {
				for b.Loop() {
					if _, _, err := db.Find(ctx, "entry", "", q, incident.Cut{Limit: 6}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// fillNotes writes notes of ten cases, past Apply.
func fillNotes(b *testing.B, db *DB, notes int) {
	b.Helper()
	const share = 5000
	for from := 0; from < notes; from += share {
		err := db.write(newTask(ctx, func(ctx context.Context, c conn) error {
			var all []indexed
			for i := from; i < min(from+share, notes); i++ {
				text := fmt.Sprintf("Palvelin eristettiin ja loki otettiin talteen, varmuuskopiointilevy %d", i)
				if i%997 == 0 {
					text += " harvinainen"
				}
				all = append(all, indexed{"entry", fmt.Sprintf("note%08d", i), fmt.Sprintf("case%d", i%10), text})
			}
			return putDocuments(ctx, c, all)
		}))
		if err != nil {
			b.Fatal(err)
		}
	}
}
