package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

// Judgements are what people have concluded about a record: assessments,
// filings and decisions. They are only added.

var (
	insertAssessment = insert("assessment", "record, n, tier, reason, facts, proposed, dpo, made_by, approver, at",
		"on conflict (record, n) do nothing")
	insertFiling = insert("filing", "record, n, kind, at, channel, reference, late_reason, promised, made_by, made",
		"on conflict (record, n) do nothing")
	insertDecision = insert("decision", "record, n, kind, reason, approver, dpo, authority, held_from, held_until, made_by, at",
		"on conflict (record, n) do nothing")
)

func addJudgements(ctx context.Context, c conn, rs []*incident.Record) error {
	var assessments, filings, decisions [][]any
	for _, r := range rs {
		for n, a := range r.Assessed {
			assessments = append(assessments, []any{r.ID, n, string(a.Tier), a.Reason, a.Facts, string(a.Proposed), a.DPO, a.By, a.Approver, orNever(a.At)})
		}
		for n, f := range r.Filings {
			filings = append(filings, []any{r.ID, n, f.Kind, instant(f.At), f.Channel, f.Reference, f.LateReason, instant(f.Promised), f.By, orNever(f.Made)})
		}
		for n, d := range r.Decisions {
			decisions = append(decisions, []any{r.ID, n, d.Kind, d.Reason, d.Approver, d.DPO, d.Authority, instant(d.From), instant(d.Until), d.By, orNever(d.At)})
		}
	}
	if err := insertAssessment.all(ctx, c, assessments); err != nil {
		return err
	}
	if err := insertFiling.all(ctx, c, filings); err != nil {
		return err
	}
	return insertDecision.all(ctx, c, decisions)
}

// all writes rows that are ready.
func (b *batch) all(ctx context.Context, c conn, rows [][]any) error {
	_, err := b.run(ctx, c, len(rows), func(i int) []any { return rows[i] })
	return err
}

// fillJudgements loads them into their records.
func fillJudgements(ctx context.Context, c conn, ids []string, by map[string]*incident.Record) error {
	_, err := listIn(ctx, c, func(rows *sql.Rows) (struct{}, error) {
		var id string
		a := &incident.Assessment{}
		err := rows.Scan(&id, &a.Tier, &a.Reason, &a.Facts, &a.Proposed, &a.DPO, &a.By, &a.Approver, when(&a.At))
		by[id].Assessed = append(by[id].Assessed, a)
		return struct{}{}, err
	}, `select record, tier, reason, facts, proposed, dpo, made_by, approver, at from assessment where record in ({ids}) order by record, n`, ids)
	if err != nil {
		return err
	}
	_, err = listIn(ctx, c, func(rows *sql.Rows) (struct{}, error) {
		var id string
		var f incident.Filing
		err := rows.Scan(&id, &f.Kind, when(&f.At), &f.Channel, &f.Reference, &f.LateReason, when(&f.Promised), &f.By, when(&f.Made))
		by[id].Filings = append(by[id].Filings, f)
		return struct{}{}, err
	}, `select record, kind, at, channel, reference, late_reason, promised, made_by, made from filing where record in ({ids}) order by record, n`, ids)
	if err != nil {
		return err
	}
	_, err = listIn(ctx, c, func(rows *sql.Rows) (struct{}, error) {
		var id string
		var d incident.Decision
		err := rows.Scan(&id, &d.Kind, &d.Reason, &d.Approver, &d.DPO, &d.Authority, when(&d.From), when(&d.Until), &d.By, when(&d.At))
		by[id].Decisions = append(by[id].Decisions, d)
		return struct{}{}, err
	}, `select record, kind, reason, approver, dpo, authority, held_from, held_until, made_by, at from decision where record in ({ids}) order by record, n`, ids)
	return err
}
