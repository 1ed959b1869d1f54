package store

import (
	"context"
	"database/sql"
	"time"

	"hatakello/incident"
)

// contactLinks adds links to contacts, or notes that they were used.
func (w *write) contactLinks(ctx context.Context, c conn) error {
	for _, l := range w.ContactLinks {
		_, err := c.exec(ctx, `
			insert into contact_link (hash, kind, controller, address, name, lang, change, made, until, used_at, delivery)
			values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
			on conflict (hash) do update set used_at = excluded.used_at`,
			l.Hash, string(l.Kind), l.Controller, l.Address, l.Name, l.Lang, l.Change, orNever(l.Made), orNever(l.Until), instant(l.Used), l.Delivery)
		if err == nil {
			err = c.bindRow(ctx, "contact_link", l.Hash)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// contactChanges adds corrections of contacts, or ends those that stand.
func (w *write) contactChanges(ctx context.Context, c conn) error {
	for _, x := range w.ContactChanges {
		was, err := asJSON(x.Was)
		if err != nil {
			return err
		}
		now, err := asJSON(x.Now)
		if err != nil {
			return err
		}
		n, err := c.exec(ctx, `
			insert into contact_change (id, controller, at, made_by, was, now, outcome, ended, ended_by)
			values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
			on conflict (id) do update set outcome = excluded.outcome, ended = excluded.ended, ended_by = excluded.ended_by
			where contact_change.outcome = ''`,
			x.ID, x.Controller, orNever(x.At), x.By, was, now, string(x.Outcome), instant(x.Ended), x.EndedBy)
		if err != nil {
			return err
		}
		if n != 1 {
			return incident.ErrStale
		}
		if err := c.bindRow(ctx, "contact_change", x.ID); err != nil {
			return err
		}
	}
	return nil
}

const contactLinkText = `
	select l.hash, l.kind, l.controller, l.address, l.name, l.lang, l.change, l.made, l.until, l.used_at, l.delivery, coalesce(d.fate, '')
	from contact_link l left join delivery d on d.id = l.delivery`

func readContactLink(rows *sql.Rows) (*incident.ContactLink, error) {
	l := &incident.ContactLink{}
	return l, rows.Scan(&l.Hash, &l.Kind, &l.Controller, &l.Address, &l.Name, &l.Lang, &l.Change, when(&l.Made), when(&l.Until),
		when(&l.Used), &l.Delivery, &l.Fate)
}

// ContactLink finds a link to a contact by the hash of its secret.
func (db *DB) ContactLink(ctx context.Context, hash string) (*incident.ContactLink, error) {
	return only(ctx, db.conn(), "contacts.unknown", readContactLink, contactLinkText+` where l.hash = ?1`, hash)
}

// ContactLinks lists what those controllers' contacts were sent, oldest first.
func (db *DB) ContactLinks(ctx context.Context, controllers []string) ([]*incident.ContactLink, error) {
	return listIn(ctx, db.conn(), readContactLink, contactLinkText+` where l.controller in ({ids}) order by l.made, l.hash`, unique(controllers))
}

const contactChangeColumns = `id, controller, at, made_by, was, now, outcome, ended, ended_by`

func readContactChange(rows *sql.Rows) (*incident.ContactChange, error) {
	x := &incident.ContactChange{}
	return x, rows.Scan(&x.ID, &x.Controller, when(&x.At), &x.By, document(&x.Was), document(&x.Now), &x.Outcome, when(&x.Ended), &x.EndedBy)
}

// ContactChange loads one correction.
func (db *DB) ContactChange(ctx context.Context, id string) (*incident.ContactChange, error) {
	return only(ctx, db.conn(), "contacts.unknown", readContactChange, `select `+contactChangeColumns+` from contact_change where id = ?1`, id)
}

// ContactChanges lists the corrections of a controller from then on, newest
// first.
func (db *DB) ContactChanges(ctx context.Context, controller string, since time.Time) ([]*incident.ContactChange, error) {
	return list(ctx, db.conn(), readContactChange, `
		select `+contactChangeColumns+` from contact_change where controller = ?1 and at >= ?2 order by at desc, id desc`, controller, instant(since))
}

// inOpenCase are the controllers that an open case affects.
const inOpenCase = `select r.controller from record r join incident i on i.id = r.incident
	where i.closed_at is null and r.certainty <> 'not_affected'`

// contactsDue are the controllers to ask; ?1 is when those were asked last who
// need not be asked yet.
const contactsDue = `
	from controller k left join (
		select controller, max(made) as made from contact_link where kind = 'confirm' group by controller) as l on l.controller = k.id
	where k.id <> 'own' and coalesce(l.made, '') <= ?1 and k.id not in (` + inOpenCase + `)
		and exists (select 1 from contact o where o.controller = k.id and o.email <> '' and not o.awaits)`

// ContactsDue returns up to n controllers to be asked, the longest ago first.
func (db *DB) ContactsDue(ctx context.Context, since time.Time, n int) ([]string, error) {
	return list(ctx, db.conn(), text, `select k.id`+contactsDue+` order by coalesce(l.made, ''), k.id limit ?2`, instant(since), n)
}

// ContactsDueCount counts them all.
func (db *DB) ContactsDueCount(ctx context.Context, since time.Time) (n int, err error) {
	_, err = db.conn().one(ctx, `select count(*)`+contactsDue, []any{instant(since)}, &n)
	return n, err
}

// ContactsAsked counts the mails that have asked since then.
func (db *DB) ContactsAsked(ctx context.Context, since time.Time) (n int, err error) {
	_, err = db.conn().one(ctx, `select count(*) from contact_link where kind = 'confirm' and made > ?1`, []any{instant(since)}, &n)
	return n, err
}

// ContactsOver returns controllers with contacts whose time is over and that
// can do without them.
func (db *DB) ContactsOver(ctx context.Context, now time.Time) ([]string, error) {
	return list(ctx, db.conn(), text, `
		select distinct o.controller from contact o
		where o.ends is not null and o.ends <= ?1
			and not exists (select 1 from contact a where a.controller = o.controller and a.awaits)
			and exists (select 1 from contact u where u.controller = o.controller and u.email <> '' and not u.awaits and u.ends is null)
		order by o.controller`, instant(now))
}

// unanswered is a question to a contact that is still one, since ?5 or back
// with its mail, without an answer from that address since.
const unanswered = `
	select 1 from contact o join contact_link l on l.controller = o.controller and l.address = lower(o.email)
		left join delivery d on d.id = l.delivery
	where o.controller = k.id and o.ends is null and l.kind <> 'object' and l.used_at is null
		and (l.made <= ?5 or d.fate in ('bounced', 'dead') or o.awaits)
		and not exists (select 1 from contact_link u
			where u.controller = l.controller and u.address = l.address and u.kind <> 'object' and u.used_at > l.made)`

// ContactTroubles lists controllers that want a second address, or whose
// contacts have been silent since before, by name, with contacts.
func (db *DB) ContactTroubles(ctx context.Context, before time.Time, cut incident.Cut) (ks []*incident.Controller, next string, err error) {
	after, err := readCursor(cut.After, 2)
	if err != nil {
		return nil, "", err
	}
	err = db.view(ctx, func(c conn) error {
		ks, err = list(ctx, c, readController, `
			select `+controllerColumns+` from controller k
			where (folded, id) > (?1, ?2) and id <> ?3 and ((
					select count(*) from contact o where o.controller = k.id and o.email <> '' and not o.awaits and o.ends is null) < 2
				or exists (`+unanswered+`))
			order by folded, id
			limit ?4`, after.after(0), after.after(1), incident.Own, cut.Limit+1, instant(before))
		if err != nil {
			return err
		}
		ks, next = page(ks, cut, func(k *incident.Controller) []string { return []string{fold(k.Name), k.ID} })
		return fillControllers(ctx, c, ks)
	})
	return ks, next, err
}

// InOpenCase reports whether a controller is affected by an open case.
func (db *DB) InOpenCase(ctx context.Context, controller string) (bool, error) {
	id := ""
	return db.conn().one(ctx, inOpenCase+` and r.controller = ?1 limit 1`, []any{controller}, &id)
}

// NoticesWait reports whether a notice waits in the outbox or is being sent.
func (db *DB) NoticesWait(ctx context.Context) (bool, error) {
	n := ""
	return db.conn().one(ctx, `select id from delivery where route = 'mail' and fate in ('pending', 'leased') and notice is not null limit 1`, nil, &n)
}
