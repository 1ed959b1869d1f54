package store

import (
	"context"
	"database/sql"
	"time"

	"hatakello/incident"
)

// Beat records that a program is alive.
func (db *DB) Beat(ctx context.Context, p incident.Pulse) error {
	return db.write(newTask(ctx, func(ctx context.Context, c conn) error {
		_, err := c.exec(ctx, `
			insert into pulse (node, version, started, at) values (?1, ?2, ?3, ?4)
			on conflict (node) do update set version = excluded.version, started = excluded.started, at = excluded.at`,
			p.Node, p.Version, orNever(p.Started), orNever(p.At))
		return err
	}))
}

// Pulses returns when each program was last alive, the latest first.
func (db *DB) Pulses(ctx context.Context) ([]incident.Pulse, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (p incident.Pulse, err error) {
		err = rows.Scan(&p.Node, &p.Version, when(&p.Started), when(&p.At))
		return p, err
	}, `select node, version, started, at from pulse order by at desc, node`)
}

// readOwed reads one line of what follows: a case's id, how many, since when.
func readOwed(rows *sql.Rows) (o incident.Owing, err error) {
	err = rows.Scan(reference(&o.Incident), &o.N, when(&o.Since))
	return o, err
}

// owings are queries for what should have happened before ?1. They read the
// tables as they are, by other ways than the acts do.
var owings = map[string]string{
	// Messages that wait, or whose courier has not come back.
	"late": `
		select incident, count(*), min(coalesce(lease, due)) from delivery
		where fate = 'pending' and due <= ?1 or fate = 'leased' and lease <= ?1
		group by incident order by 3, 1`,
	// Warnings and alarms whose time has passed.
	"unsaid": `
		select d.incident, count(*), min(d.warn) from deadline d join incident i on i.id = d.incident
		where d.met is null and d.warn is not null and d.warn <= ?1 and i.closed_at is null
		group by d.incident order by 3, 1`,
	"unclimbed": `
		select r.incident, count(*), min(r.next_at) from ring r join incident i on i.id = r.incident
		where r.next_at is not null and r.next_at <= ?1 and i.closed_at is null
		group by r.incident order by 3, 1`,
	// Controllers whose notice is said to be on its way and is not.
	"untold": `
		select r.incident, count(*), min(i.logged_at) from record r join incident i on i.id = r.incident
		where i.closed_at is null and r.certainty <> 'not_affected' and r.stage = 'queued' and i.logged_at <= ?1
			and not exists (select 1 from delivery d where d.record = r.id and d.notice is not null and d.fate in ('pending', 'leased'))
		group by r.incident order by 3, 1`,
	// Controllers that are said to be told although no server has the notice.
	"unproved": `
		select r.incident, count(*), min(i.logged_at) from record r join incident i on i.id = r.incident
		where i.closed_at is null and r.certainty <> 'not_affected' and r.stage = 'accepted' and i.logged_at <= ?1
			and not exists (select 1 from delivery d join receipt p on p.delivery = d.id
				where d.record = r.id and d.notice is not null and d.fate in ('accepted', 'delivered') and p.ok)
		group by r.incident order by 3, 1`,
	// Limits of ours that have passed, in cases of which nobody was ever told.
	"unrung": `
		select d.incident, count(*), min(d.due) from deadline d join incident i on i.id = d.incident
		where i.closed_at is null and d.met is null and d.ours and d.due <= ?1
			and not exists (select 1 from ring r where r.incident = i.id)
		group by d.incident order by 3, 1`,
	// Limits of ours that are to come and of which nobody will be warned.
	"unwarned": `
		select d.incident, count(*), min(d.due) from deadline d join incident i on i.id = d.incident
		where i.closed_at is null and d.met is null and d.ours and d.warn is null and d.due > ?1
		group by d.incident order by 3, 1`,
	// Cases that nothing binds to the chain of what was done.
	"unchained": `
		select i.id, 1, i.logged_at from incident i
		where i.logged_at <= ?1 and not exists (select 1 from chain c where c.id = i.id and c.head is not null)
		order by 3, 1`,
}

// Owing returns what one of the queries finds, by case. Before is when it
// should have happened, after is a limit that is far enough away.
func (db *DB) Owing(ctx context.Context, key string, before, after time.Time) ([]incident.Owing, error) {
	sql := owings[key]
	args := []any{instant(before)}
	if key == "unwarned" {
		args = []any{instant(after)}
	}
	return list(ctx, db.conn(), readOwed, sql, args...)
}

// Heads returns the end of every chain that belongs to an open case, to none,
// or to a case on which something was done since. Those are not in the log yet
// or came into it with one of the checkpoints since; a minute more makes good
// for acts that were under way when one was taken.
func (db *DB) Heads(ctx context.Context, since time.Time) ([]incident.Head, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (e incident.Head, err error) {
		err = rows.Scan(&e.Chain, &e.Seq, &e.Hash)
		return e, err
	}, `
		select id, seq, head from chain
		where id = 'register' or id in (select i.id from incident i where i.closed_at is null)
			or id in (select c.id from chain c where c.seq > c.logged)
			or id in (select l.chain from head_log l where l.n >= (select coalesce(max(k.size), 0) from checkpoint k where k.at < ?1))
		order by id`, instant(since.Add(-time.Minute)))
}
