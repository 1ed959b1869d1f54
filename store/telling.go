package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

const tellingColumns = `id, incident, record, at, channel, safe, despite, people, told, untold, why, content, finished, made_by, made`

var insertTelling = insert("telling", tellingColumns, "").bindAs("telling")

func (w *write) tellings(ctx context.Context, c conn) error {
	amounts := make([][2]string, len(w.Tellings))
	for i, x := range w.Tellings {
		for n, a := range []incident.Amount{x.Told, x.Untold} {
			var err error
			if amounts[i][n], err = asJSON(a); err != nil {
				return err
			}
		}
	}
	_, err := insertTelling.run(ctx, c, len(w.Tellings), func(i int) []any {
		x := w.Tellings[i]
		return []any{x.ID, x.Incident, x.Record, orNever(x.At), x.Channel, x.Safe, x.Despite, x.People, amounts[i][0], amounts[i][1],
			x.Why, x.Text, x.Finished, x.By, orNever(x.Made)}
	})
	return err
}

// Tellings returns what people were told about a record's breach, oldest first.
func (db *DB) Tellings(ctx context.Context, record string) ([]*incident.Telling, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (*incident.Telling, error) {
		x := &incident.Telling{}
		return x, rows.Scan(&x.ID, &x.Incident, &x.Record, when(&x.At), &x.Channel, &x.Safe, &x.Despite, &x.People, document(&x.Told),
			document(&x.Untold), &x.Why, &x.Text, &x.Finished, &x.By, when(&x.Made))
	}, `select `+tellingColumns+` from telling where record = ?1 order by id`, record)
}
