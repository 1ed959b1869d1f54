package store

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"encoding/base64"

	"hatakello/incident"
)

var putAnswer = insert("form_answer", "record, key, value, done, made_by, at", `
	on conflict (record, key) do update set value = excluded.value, done = excluded.done, made_by = excluded.made_by, at = excluded.at`).bindAs("form_answer")

func (w *write) formAnswers(ctx context.Context, c conn) error {
	_, err := putAnswer.run(ctx, c, len(w.Answers), func(i int) []any {
		a := w.Answers[i]
		return []any{a.Record, a.Key, a.Value, a.Done, a.By, orNever(a.At)}
	})
	return err
}

// FormAnswers returns the newest answers of a record, by key.
func (db *DB) FormAnswers(ctx context.Context, record string) (map[string]incident.FormAnswer, error) {
	all, err := list(ctx, db.conn(), func(rows *sql.Rows) (incident.FormAnswer, error) {
		var a incident.FormAnswer
		return a, rows.Scan(&a.Record, &a.Key, &a.Value, &a.Done, &a.By, when(&a.At))
	}, `select record, key, value, done, made_by, at from form_answer where record = ?1 order by key`, record)
	by := make(map[string]incident.FormAnswer, len(all))
	for _, a := range all {
		by[a.Key] = a
	}
	return by, err
}

func (w *write) handovers(ctx context.Context, c conn) error {
	for _, h := range w.Handovers {
		_, err := c.exec(ctx, `
			insert into handover (id, incident, record, n, kind, form, lang, facts, sha256, bytes, made_by, via, at)
			values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)`,
			h.ID, h.Incident, h.Record, h.N, h.Kind, h.Form, h.Lang, string(h.Facts), h.SHA256, nonNil(h.Bytes), h.By, h.Via, orNever(h.At))
		if err == nil {
			err = c.bindRow(ctx, "handover", h.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const handoverColumns = `id, incident, record, n, kind, form, lang, facts, sha256, made_by, via, at`

func readHandover(rows *sql.Rows) (*incident.Handover, error) {
	h := &incident.Handover{}
	var facts string
	err := rows.Scan(&h.ID, &h.Incident, &h.Record, &h.N, &h.Kind, &h.Form, &h.Lang, &facts, &h.SHA256, &h.By, &h.Via, when(&h.At))
	h.Facts = []byte(facts)
	return h, err
}

// Handovers returns those of a record without their bytes, oldest first.
func (db *DB) Handovers(ctx context.Context, record string) ([]*incident.Handover, error) {
	return list(ctx, db.conn(), readHandover, `select `+handoverColumns+` from handover where record = ?1 order by n`, record)
}

// Handover loads one handover of a record with its bytes.
func (db *DB) Handover(ctx context.Context, record, id string) (*incident.Handover, error) {
	h, err := only(ctx, db.conn(), "handover.unknown", readHandover, `
		select `+handoverColumns+` from handover where record = ?1 and id = ?2`, record, id)
	if err != nil {
		return nil, err
	}
	_, err = db.conn().one(ctx, `select bytes from handover where id = ?1`, []any{id}, &h.Bytes)
	return h, err
}

func (w *write) signKeys(ctx context.Context, c conn) error {
	for _, k := range w.SignKeys {
		_, err := c.exec(ctx, `
			insert into sign_key (id, public, since, until) values (?1, ?2, ?3, ?4)
			on conflict (id) do update set until = excluded.until`,
			k.ID, base64.StdEncoding.EncodeToString(k.Public), orNever(k.Since), instant(k.Until))
		if err == nil {
			err = c.bindRow(ctx, "sign_key", k.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SignKeys returns every key that ever signed, the oldest first.
func (db *DB) SignKeys(ctx context.Context) ([]incident.SignKey, error) {
	return readSignKeys(ctx, db.conn())
}

func readSignKeys(ctx context.Context, c conn) ([]incident.SignKey, error) {
	return list(ctx, c, func(rows *sql.Rows) (incident.SignKey, error) {
		var k incident.SignKey
		var public string
		if err := rows.Scan(&k.ID, &public, when(&k.Since), when(&k.Until)); err != nil {
			return k, err
		}
		raw, err := base64.StdEncoding.DecodeString(public)
		k.Public = ed25519.PublicKey(raw)
		return k, err
	}, `select id, public, since, until from sign_key order by since, id`)
}

// NoticesByCode finds the notices that carry a short code, newest first, and
// at most a few.
func (db *DB) NoticesByCode(ctx context.Context, code string) ([]*incident.Notice, error) {
	return list(ctx, db.conn(), readNotice, `
		select `+noticeColumns+` from notice n where n.code = ?1 and n.code <> '' order by n.at desc, n.id limit 5`, code)
}
