package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"hatakello/incident"
)

const questionColumns = `id, incident, record, controller, topic, lang, content, address, name, made_by, at, ring_at, answered_at, reply, version`

// questions adds questions, or changes those that are as they were read.
func (w *write) questions(ctx context.Context, c conn) error {
	for _, q := range w.Questions {
		n, err := c.exec(ctx, `
			insert into question (`+questionColumns+`) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
			on conflict (id) do update set topic = excluded.topic, ring_at = excluded.ring_at, answered_at = excluded.answered_at,
				reply = excluded.reply, version = excluded.version
			where question.version = excluded.version - 1`,
			q.ID, q.Incident, q.Record, q.Controller, q.Topic, q.Lang, q.Text, q.Address, q.Name, q.By, orNever(q.At),
			ringOf(q), instant(q.Answered), q.Reply, q.Version+1)
		if err != nil {
			return err
		}
		if n != 1 {
			return incident.ErrStale
		}
		if err := c.bindRow(ctx, "question", q.ID); err != nil {
			return err
		}
	}
	return nil
}

// ringOf is when a question rings: never once it is answered.
func ringOf(q *incident.Question) any {
	if !q.Open() {
		return nil
	}
	return instant(q.Ring)
}

func readQuestion(rows *sql.Rows) (*incident.Question, error) {
	q := &incident.Question{}
	return q, rows.Scan(&q.ID, &q.Incident, &q.Record, &q.Controller, &q.Topic, &q.Lang, &q.Text, &q.Address, &q.Name, &q.By, when(&q.At),
		when(&q.Ring), when(&q.Answered), &q.Reply, &q.Version)
}

// Question loads one.
func (db *DB) Question(ctx context.Context, id string) (*incident.Question, error) {
	return only(ctx, db.conn(), "question.unknown", readQuestion, `select `+questionColumns+` from question where id = ?1`, id)
}

// QuestionsOf loads those of a record, oldest first.
func (db *DB) QuestionsOf(ctx context.Context, record string) ([]*incident.Question, error) {
	return list(ctx, db.conn(), readQuestion, `select `+questionColumns+` from question where record = ?1 order by id`, record)
}

// OpenQuestions returns up to n of a case that wait for an answer, oldest
// first; a case of "" is all of them.
func (db *DB) OpenQuestions(ctx context.Context, inc string, n int) ([]*incident.Question, error) {
	return list(ctx, db.conn(), readQuestion, `
		select `+questionColumns+` from question
		where answered_at is null and (?1 = '' or incident = ?1)
		order by id
		limit ?2`, inc, n)
}

// QuestionsIn loads those of a case, in the order in which they were asked.
func (db *DB) QuestionsIn(ctx context.Context, inc string, ids []string) ([]*incident.Question, error) {
	all, err := listIn(ctx, db.conn(), readQuestion, `
		select `+questionColumns+` from question where incident = ?1 and id in ({ids}) order by id`, unique(ids), inc)
	slices.SortFunc(all, func(a, b *incident.Question) int { return strings.Compare(a.ID, b.ID) })
	return all, err
}

// QuestionCounts says how many questions wait in each of up to n cases, the
// longest wait first.
func (db *DB) QuestionCounts(ctx context.Context, n int) ([]*incident.QuestionCount, error) {
	return list(ctx, db.conn(), func(rows *sql.Rows) (*incident.QuestionCount, error) {
		q := &incident.QuestionCount{}
		return q, rows.Scan(&q.Incident, &q.Number, &q.Title, &q.N, when(&q.Oldest))
	}, `
		select i.id, i.number, i.title, count(*), min(q.at)
		from question q join incident i on i.id = q.incident
		where q.answered_at is null
		group by i.id, i.number, i.title
		order by min(q.at), i.id
		limit ?1`, n)
}

// QuestionsToRing returns up to n questions about which staff should be
// alarmed at now, oldest first.
func (db *DB) QuestionsToRing(ctx context.Context, now time.Time, n int) ([]*incident.Question, error) {
	return list(ctx, db.conn(), readQuestion, `
		select `+questionColumns+` from question
		where ring_at is not null and ring_at <= ?1
		order by ring_at, id
		limit ?2`, instant(now), n)
}

const replyColumns = `id, incident, questions, records, heads, texts, cleared, seal, made_by, maker, at, state, decided_by, decided_at, reason`

// replies adds answers, or decides those that still wait.
func (w *write) replies(ctx context.Context, c conn) error {
	for _, r := range w.Replies {
		var docs [5]string
		for i, v := range []any{r.Questions, r.Records, r.Heads, r.Texts, r.Cleared} {
			var err error
			if docs[i], err = asJSON(v); err != nil {
				return err
			}
		}
		n, err := c.exec(ctx, `
			insert into reply (`+replyColumns+`) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
			on conflict (id) do update set state = excluded.state, decided_by = excluded.decided_by,
				decided_at = excluded.decided_at, reason = excluded.reason
			where reply.state = 'waiting'`,
			r.ID, r.Incident, docs[0], docs[1], docs[2], docs[3], docs[4], r.Seal, r.By, r.ByID, orNever(r.At), r.State,
			r.Decider, instant(r.DecidedAt), r.Reason)
		if err != nil {
			return err
		}
		if n != 1 {
			return incident.ErrStale
		}
		if err := c.bindRow(ctx, "reply", r.ID); err != nil {
			return err
		}
	}
	return nil
}

func readReply(rows *sql.Rows) (*incident.Reply, error) {
	r := &incident.Reply{}
	return r, rows.Scan(&r.ID, &r.Incident, document(&r.Questions), document(&r.Records), document(&r.Heads), document(&r.Texts),
		document(&r.Cleared), &r.Seal, &r.By, &r.ByID, when(&r.At), &r.State, &r.Decider, when(&r.DecidedAt), &r.Reason)
}

// Reply loads one answer.
func (db *DB) Reply(ctx context.Context, id string) (*incident.Reply, error) {
	return only(ctx, db.conn(), "reply.unknown", readReply, `select `+replyColumns+` from reply where id = ?1`, id)
}

// Replies loads those of a case, newest first.
func (db *DB) Replies(ctx context.Context, inc string) ([]*incident.Reply, error) {
	return list(ctx, db.conn(), readReply, `select `+replyColumns+` from reply where incident = ?1 order by id desc`, inc)
}

const copyColumns = `reply, incident, record, controller, lang, head, content, at, seen_at, seen_by`

var putCopy = insert("reply_copy", copyColumns, `
	on conflict (reply, record) do update set seen_at = excluded.seen_at, seen_by = excluded.seen_by where reply_copy.seen_at is null`).bindAs("reply_copy")

// copies adds what controllers were answered, or notes who opened it first.
func (w *write) copies(ctx context.Context, c conn) error {
	_, err := putCopy.run(ctx, c, len(w.Copies), func(i int) []any {
		x := w.Copies[i]
		return []any{x.Reply, x.Incident, x.Record, x.Controller, x.Lang, x.Head, x.Text, orNever(x.At), instant(x.SeenAt), x.SeenBy}
	})
	return err
}

func readCopy(rows *sql.Rows) (*incident.ReplyCopy, error) {
	x := &incident.ReplyCopy{}
	return x, rows.Scan(&x.Reply, &x.Incident, &x.Record, &x.Controller, &x.Lang, &x.Head, &x.Text, when(&x.At), when(&x.SeenAt), &x.SeenBy)
}

// Copies returns what a record was answered, oldest first.
func (db *DB) Copies(ctx context.Context, record string) ([]*incident.ReplyCopy, error) {
	return list(ctx, db.conn(), readCopy, `select `+copyColumns+` from reply_copy where record = ?1 order by reply`, record)
}

// CopiesOf returns who was sent an answer, by name.
func (db *DB) CopiesOf(ctx context.Context, reply string) ([]*incident.ReplyCopy, error) {
	return list(ctx, db.conn(), readCopy, `select `+copyColumns+` from reply_copy where reply = ?1 order by controller, record`, reply)
}
