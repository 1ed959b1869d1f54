package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

// noticeBehind is the notice to which a link leads: its own, or that of the
// record that is the newest, where the mail was about something else.
const noticeBehind = `coalesce(d.notice, (select x.id from notice x where x.record = d.record order by x.n desc limit 1))`

// linkText selects links that were not ended; what follows narrows it.
const linkText = `
	select d.token, d.incident, d.record, n.id, d.address, d.name, n.lang, d.made
	from delivery d join notice n on n.id = ` + noticeBehind + `
	where d.token <> '' and not exists (select 1 from link_end e where e.link = d.token)`

func readLink(rows *sql.Rows) (*incident.Link, error) {
	l := &incident.Link{}
	return l, rows.Scan(&l.Hash, &l.Incident, &l.Record, &l.Notice, &l.Address, &l.Name, &l.Lang, when(&l.Made))
}

// Link finds the delivery whose Token is hash, unless the link was ended.
func (db *DB) Link(ctx context.Context, hash string) (*incident.Link, error) {
	return only(ctx, db.conn(), "notice.unknown", readLink, linkText+` and d.token = ?1`, hash)
}

// LinksOf returns the links to a record that were not ended, oldest first.
func (db *DB) LinksOf(ctx context.Context, record string) ([]*incident.Link, error) {
	return list(ctx, db.conn(), readLink, linkText+` and d.record = ?1 order by d.id`, record)
}

// LinkCode loads the newest code of a link.
func (db *DB) LinkCode(ctx context.Context, link string) (*incident.LinkCode, error) {
	return only(ctx, db.conn(), "code.wrong", func(rows *sql.Rows) (*incident.LinkCode, error) {
		k := &incident.LinkCode{}
		return k, rows.Scan(&k.Link, &k.Hash, when(&k.Made), when(&k.Until), &k.Tries, &k.Asked, when(&k.Since), when(&k.Used), &k.Version)
	}, `select link, hash, made, until, tries, asked, since, used, version from link_code where link = ?1`, link)
}

// LinkSession finds a session by its hash, unless its link was ended.
func (db *DB) LinkSession(ctx context.Context, hash string) (*incident.LinkSession, error) {
	return only(ctx, db.conn(), "notice.unknown", func(rows *sql.Rows) (*incident.LinkSession, error) {
		s := &incident.LinkSession{}
		return s, rows.Scan(&s.Hash, &s.Link, &s.Record, when(&s.Made), when(&s.Until))
	}, `
		select hash, link, record, made, until from link_session s
		where hash = ?1 and not exists (select 1 from link_end e where e.link = s.link)`, hash)
}

// codes keeps the newest code of each link. One that somebody else used or
// tried in between is stale, so that no code opens twice.
func (w *write) codes(ctx context.Context, c conn) error {
	for _, k := range w.Codes {
		n, err := c.exec(ctx, `
			insert into link_code (link, hash, made, until, tries, asked, since, used, version)
			values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
			on conflict (link) do update set hash = excluded.hash, made = excluded.made, until = excluded.until, tries = excluded.tries,
				asked = excluded.asked, since = excluded.since, used = excluded.used, version = excluded.version
			where link_code.version = excluded.version - 1`,
			k.Link, k.Hash, orNever(k.Made), orNever(k.Until), k.Tries, k.Asked, orNever(k.Since), instant(k.Used), k.Version+1)
		if err != nil {
			return err
		}
		if n == 0 {
			return incident.ErrStale
		}
	}
	return nil
}

// linkSessions begins, prolongs and ends sessions, and forgets those of long
// ago.
func (w *write) linkSessions(ctx context.Context, c conn) error {
	for _, s := range w.Sessions {
		_, err := c.exec(ctx, `
			insert into link_session (hash, link, record, made, until) values (?1, ?2, ?3, ?4, ?5)
			on conflict (hash) do update set until = excluded.until`,
			s.Hash, s.Link, s.Record, orNever(s.Made), orNever(s.Until))
		if err != nil {
			return err
		}
		if _, err := c.exec(ctx, `delete from link_session where until < ?1`, instant(w.At.Add(-remembered))); err != nil {
			return err
		}
	}
	return nil
}

func (w *write) endedLinks(ctx context.Context, c conn) error {
	for _, l := range w.EndedLinks {
		_, err := c.exec(ctx, `
			insert into link_end (link, record, at, made_by) values (?1, ?2, ?3, ?4)
			on conflict (link) do nothing`, l.Hash, l.Record, instant(w.At), w.By.Name)
		if err == nil {
			err = c.bindRow(ctx, "link_end", l.Hash)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
