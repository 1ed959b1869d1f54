package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

const proposalColumns = `id, incident, input, seal, made_by, maker, at, state, decided_by, decided_at, reason`

// proposals adds notices that wait for a second person, or decides those that
// still wait.
func (w *write) proposals(ctx context.Context, c conn) error {
	for _, d := range w.Proposals {
		input, err := asJSON(d.In)
		if err != nil {
			return err
		}
		n, err := c.exec(ctx, `
			insert into proposal (`+proposalColumns+`) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
			on conflict (id) do update set state = excluded.state, decided_by = excluded.decided_by,
				decided_at = excluded.decided_at, reason = excluded.reason
			where proposal.state = 'waiting'`,
			d.ID, d.Incident, input, d.Seal, d.By, d.ByID, instant(d.At), d.State, d.Decider, instant(d.DecidedAt), d.Reason)
		if err != nil {
			return err
		}
		if n != 1 {
			return incident.ErrStale
		}
		if err := c.bindRow(ctx, "proposal", d.ID); err != nil {
			return err
		}
	}
	return nil
}

func readProposal(rows *sql.Rows) (*incident.Proposal, error) {
	d := &incident.Proposal{}
	return d, rows.Scan(&d.ID, &d.Incident, document(&d.In), &d.Seal, &d.By, &d.ByID, when(&d.At), &d.State, &d.Decider, when(&d.DecidedAt), &d.Reason)
}

// Proposal loads one.
func (db *DB) Proposal(ctx context.Context, id string) (*incident.Proposal, error) {
	return only(ctx, db.conn(), "proposal.unknown", readProposal, `select `+proposalColumns+` from proposal where id = ?1`, id)
}

// Proposals loads those of an incident, newest first.
func (db *DB) Proposals(ctx context.Context, inc string) ([]*incident.Proposal, error) {
	return list(ctx, db.conn(), readProposal, `select `+proposalColumns+` from proposal where incident = ?1 order by id desc`, inc)
}
