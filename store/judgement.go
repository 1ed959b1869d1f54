package store

import (
	"context"
	"database/sql"

	"hatakello/incident"
)

// Judgements are what people have concluded about a record: assessments,
// filings, decisions, approvals and reopenings. They are only added.

var (
	insertAssessment = insert("assessment", "record, n, tier, reason, facts, proposed, borderline, rules, grounds, dpo, exempt, made_by, by_id, approver, waits, at",
		"on conflict (record, n) do nothing").bindAs("assessment").adding()
	insertFiling = insert("filing", "record, n, kind, at, channel, reference, late_reason, promised, made_by, made, receipt, files, due",
		"on conflict (record, n) do nothing").bindAs("filing").adding()
	insertDecision = insert("decision", "record, n, kind, reason, approver, dpo, authority, held_from, held_until, made_by, by_id, waits, at",
		"on conflict (record, n) do nothing").bindAs("decision").adding()
	insertApproval = insert("approval", "record, kind, which, n, verdict, reason, made_by, by_id, at",
		"on conflict (record, kind, which) do nothing").bindAs("approval").adding()
	insertReopening = insert("reopening", "record, n, assessed, decided, changed, why, made_by, at",
		"on conflict (record, n) do nothing").bindAs("reopening").adding()
)

func addJudgements(ctx context.Context, c conn, rs []*incident.Record) error {
	var assessments, filings, decisions, approvals, reopenings [][]any
	for _, r := range rs {
		for n, a := range r.Assessed {
			grounds, err := asJSON(a.Grounds)
			if err != nil {
				return err
			}
			exempt, err := asJSON(a.Exempt)
			if err != nil {
				return err
			}
			assessments = append(assessments, []any{r.ID, n, string(a.Tier), a.Reason, a.Facts, string(a.Proposed), a.Borderline, a.Rules,
				grounds, a.DPO, exempt, a.By, a.ByID, a.Approver, a.Waits, orNever(a.At)})
		}
		for n, f := range r.Filings {
			files, err := asJSON(f.Files)
			if err != nil {
				return err
			}
			filings = append(filings, []any{r.ID, n, f.Kind, instant(f.At), f.Channel, f.Reference, f.LateReason, instant(f.Promised), f.By, orNever(f.Made),
				f.Receipt, files, instant(f.Due)})
		}
		for n, d := range r.Decisions {
			decisions = append(decisions, []any{r.ID, n, d.Kind, d.Reason, d.Approver, d.DPO, d.Authority, instant(d.From), instant(d.Until),
				d.By, d.ByID, d.Waits, orNever(d.At)})
		}
		for n, a := range r.Approvals {
			approvals = append(approvals, []any{r.ID, string(a.On), a.N, n, string(a.Verdict), a.Reason, a.By, a.ByID, orNever(a.At)})
		}
		for n, o := range r.Reopenings {
			changed, err := asJSON(o.Changed)
			if err != nil {
				return err
			}
			reopenings = append(reopenings, []any{r.ID, n, o.Assessed, o.Decided, changed, o.Why, o.By, orNever(o.At)})
		}
	}
	for _, x := range []struct {
		into *batch
		rows [][]any
	}{{insertAssessment, assessments}, {insertFiling, filings}, {insertDecision, decisions}, {insertApproval, approvals}, {insertReopening, reopenings}} {
		if err := x.into.all(ctx, c, x.rows); err != nil {
			return err
		}
	}
	return nil
}

// all writes rows that are ready.
func (b *batch) all(ctx context.Context, c conn, rows [][]any) error {
	_, err := b.run(ctx, c, len(rows), func(i int) []any { return rows[i] })
	return err
}

// judgements reads each kind of judgement into its record.
var judgements = []struct {
	sql  string
	read func(rows *sql.Rows, by map[string]*incident.Record) error
}{
	{`select record, tier, reason, facts, proposed, borderline, rules, grounds, dpo, exempt, made_by, by_id, approver, waits, at
		from assessment where record in ({ids}) order by record, n`, readAssessment},
	{`select record, kind, at, channel, reference, late_reason, promised, made_by, made, receipt, files, due
		from filing where record in ({ids}) order by record, n`, readFiling},
	{`select record, kind, reason, approver, dpo, authority, held_from, held_until, made_by, by_id, waits, at
		from decision where record in ({ids}) order by record, n`, readDecision},
	{`select record, kind, which, verdict, reason, made_by, by_id, at
		from approval where record in ({ids}) order by record, n`, readApproval},
	{`select record, assessed, decided, changed, why, made_by, at
		from reopening where record in ({ids}) order by record, n`, readReopening},
}

// fillJudgements loads them into their records.
func fillJudgements(ctx context.Context, c conn, ids []string, by map[string]*incident.Record) error {
	for _, j := range judgements {
		_, err := listIn(ctx, c, func(rows *sql.Rows) (struct{}, error) { return struct{}{}, j.read(rows, by) }, j.sql, ids)
		if err != nil {
			return err
		}
	}
	return nil
}

func readAssessment(rows *sql.Rows, by map[string]*incident.Record) error {
	var id string
	a := &incident.Assessment{}
	err := rows.Scan(&id, &a.Tier, &a.Reason, &a.Facts, &a.Proposed, &a.Borderline, &a.Rules, document(&a.Grounds), &a.DPO,
		document(&a.Exempt), &a.By, &a.ByID, &a.Approver, &a.Waits, when(&a.At))
	if err == nil {
		by[id].Assessed = append(by[id].Assessed, a)
	}
	return err
}

func readFiling(rows *sql.Rows, by map[string]*incident.Record) error {
	var id string
	var f incident.Filing
	err := rows.Scan(&id, &f.Kind, when(&f.At), &f.Channel, &f.Reference, &f.LateReason, when(&f.Promised), &f.By, when(&f.Made), &f.Receipt,
		document(&f.Files), when(&f.Due))
	if err == nil {
		by[id].Filings = append(by[id].Filings, f)
	}
	return err
}

func readDecision(rows *sql.Rows, by map[string]*incident.Record) error {
	var id string
	var d incident.Decision
	err := rows.Scan(&id, &d.Kind, &d.Reason, &d.Approver, &d.DPO, &d.Authority, when(&d.From), when(&d.Until), &d.By, &d.ByID, &d.Waits, when(&d.At))
	if err == nil {
		by[id].Decisions = append(by[id].Decisions, d)
	}
	return err
}

func readApproval(rows *sql.Rows, by map[string]*incident.Record) error {
	var id string
	var a incident.Approval
	err := rows.Scan(&id, &a.On, &a.N, &a.Verdict, &a.Reason, &a.By, &a.ByID, when(&a.At))
	if err == nil {
		by[id].Approvals = append(by[id].Approvals, a)
	}
	return err
}

func readReopening(rows *sql.Rows, by map[string]*incident.Record) error {
	var id string
	var o incident.Reopening
	err := rows.Scan(&id, &o.Assessed, &o.Decided, document(&o.Changed), &o.Why, &o.By, when(&o.At))
	if err == nil {
		by[id].Reopenings = append(by[id].Reopenings, o)
	}
	return err
}
