package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

// Chain returns up to n links of a chain after the one with the number after,
// in order and without the rows that they bind. The id is an incident's, or "" for what concerns no case. Whether
// they hold is for the caller to say.
func (db *DB) Chain(ctx context.Context, id string, after int64, n int) ([]*incident.Audit, error) {
	if id == "" {
		id = registerChain
	}
	return list(ctx, db.conn(), readAudit, `
		select chain, seq, at, made_by, act, content, salt, seal, prev, hash, again, leaves, root
		from audit
		where chain = ?1 and seq > ?2
		order by seq
		limit ?3`, id, after, n)
}

func readAudit(rows *sql.Rows) (*incident.Audit, error) {
	a := &incident.Audit{}
	return a, rows.Scan(&a.Chain, &a.Seq, when(&a.At), &a.By, &a.Act, &a.Content, &a.Salt, &a.Commit, &a.Prev, &a.Hash,
		&a.Again, &a.Leaves, &a.Root)
}
