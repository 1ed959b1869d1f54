package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

const noticeColumns = `n.id, n.incident, n.record, n.n, n.lang, n.subject, n.content, n.said, n.next_update, n.code,
	n.at, n.made_by, n.acked_at, n.acked_by, n.phoned, n.facts, n.was, n.phrases, n.chase_at`

var insertNotice = insert("notice", `id, incident, record, n, lang, subject, content, said, next_update, code,
	at, made_by, acked_at, acked_by, phoned, facts, was, phrases, chase_at`, "").bindAs("notice")

// notices adds notices. Those that were said before are chased no more.
func (w *write) notices(ctx context.Context, c conn) error {
	docs, records := make([][3]string, len(w.Notices)), make([]string, len(w.Notices))
	for i, n := range w.Notices {
		records[i] = n.Record
		for j, v := range []any{n.Facts, n.Was, n.Phrases} {
			var err error
			if docs[i][j], err = asJSON(v); err != nil {
				return err
			}
		}
	}
	if _, err := c.execIn(ctx, `update notice set chase_at = null where chase_at is not null and record in ({ids})`, unique(records)); err != nil {
		return err
	}
	_, err := insertNotice.run(ctx, c, len(w.Notices), func(i int) []any {
		n := w.Notices[i]
		return []any{n.ID, n.Incident, n.Record, n.N, n.Lang, n.Subject, n.Text, n.Said, instant(n.NextUpdate), n.Code,
			orNever(n.At), n.By, instant(n.AckedAt), n.AckedBy, n.Phoned, docs[i][0], docs[i][1], docs[i][2], instant(n.Chase)}
	})
	return err
}

func (w *write) acked(ctx context.Context, c conn) error {
	for _, n := range w.Acked {
		_, err := c.exec(ctx, `update notice set acked_at = ?2, acked_by = ?3 where id = ?1`, n.ID, instant(n.AckedAt), n.AckedBy)
		if err == nil {
			err = c.bindRow(ctx, "notice_ack", n.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func readNotice(rows *sql.Rows) (*incident.Notice, error) {
	n := &incident.Notice{}
	return n, rows.Scan(&n.ID, &n.Incident, &n.Record, &n.N, &n.Lang, &n.Subject, &n.Text, &n.Said, when(&n.NextUpdate), &n.Code,
		when(&n.At), &n.By, when(&n.AckedAt), &n.AckedBy, &n.Phoned, document(&n.Facts), document(&n.Was), document(&n.Phrases), when(&n.Chase))
}

// Notice loads one notice.
func (db *DB) Notice(ctx context.Context, id string) (*incident.Notice, error) {
	return only(ctx, db.conn(), "notice.unknown", readNotice, `select `+noticeColumns+` from notice n where n.id = ?1`, id)
}

// NoticeByToken finds the notice of the delivery whose Token is hash.
func (db *DB) NoticeByToken(ctx context.Context, hash string) (*incident.Notice, error) {
	return only(ctx, db.conn(), "notice.unknown", readNotice, `
		select `+noticeColumns+`
		from delivery d join notice n on n.id = `+noticeBehind+`
		where d.token = ?1 and d.token <> '' and not exists (select 1 from link_end e where e.link = d.token)`, hash)
}

// Notices loads those of one record, oldest first.
func (db *DB) Notices(ctx context.Context, record string) ([]*incident.Notice, error) {
	return list(ctx, db.conn(), readNotice, `select `+noticeColumns+` from notice n where n.record = ?1 order by n.n`, record)
}

// NewestNotices loads the newest notice of each record that has one.
func (db *DB) NewestNotices(ctx context.Context, records []string) (map[string]*incident.Notice, error) {
	all, err := listIn(ctx, db.conn(), readNotice, `
		select `+noticeColumns+` from notice n
		where n.record in ({ids}) and n.n = (select max(m.n) from notice m where m.record = n.record)
		order by n.record`, records)
	by := make(map[string]*incident.Notice, len(all))
	for _, n := range all {
		by[n.Record] = n
	}
	return by, err
}

// Tried returns the addresses to which deliveries of these notices were made.
func (db *DB) Tried(ctx context.Context, notices []string) (map[string][]string, error) {
	by := map[string][]string{}
	_, err := listIn(ctx, db.conn(), func(rows *sql.Rows) (struct{}, error) {
		var notice, address string
		err := rows.Scan(&notice, &address)
		by[notice] = append(by[notice], address)
		return struct{}{}, err
	}, `select notice, address from delivery where notice in ({ids}) order by notice, id`, unique(notices))
	return by, err
}

// LastFacts returns what the newest notice of each record said. Records
// without a notice, or whose notice is older than this memory, are not in it.
func (db *DB) LastFacts(ctx context.Context, records []string) (map[string]*incident.Stated, error) {
	by := make(map[string]*incident.Stated, len(records))
	_, err := listIn(ctx, db.conn(), func(rows *sql.Rows) (struct{}, error) {
		var record string
		var facts *incident.Stated
		err := rows.Scan(&record, document(&facts))
		if facts != nil {
			by[record] = facts
		}
		return struct{}{}, err
	}, `
		select n.record, n.facts from notice n
		where n.record in ({ids}) and n.n = (select max(m.n) from notice m where m.record = n.record)
		order by n.record`, records)
	return by, err
}
