package incident

import (
	"context"
	"slices"
	"strings"
)

// filingKinds are those of rule 43.
var filingKinds = []string{"preliminary", "supplementary", "complete", "withdrawal"}

// Report records that a person has filed a report with the authority: by us
// for an own register, by the controller otherwise. Past the limit the reasons
// for the delay are demanded (Art. 33(1), rule 45).
func (d *Desk) Report(ctx context.Context, by Actor, record string, f Filing) error {
	f.Channel, f.Reference, f.LateReason = strings.TrimSpace(f.Channel), strings.TrimSpace(f.Reference), strings.TrimSpace(f.LateReason)
	var errs Errors
	if !slices.Contains(filingKinds, f.Kind) {
		errs = append(errs, invalid("kind", "filing.kind_empty"))
	}
	switch {
	case f.At.IsZero():
		errs = append(errs, invalid("at", "time.empty"))
	case f.At.After(d.now().Add(grace)):
		errs = append(errs, invalid("at", "time.future"))
	}
	if f.Channel == "" {
		errs = append(errs, invalid("channel", "filing.channel_empty"))
	}
	if len(errs) > 0 {
		return errs
	}
	return d.actOn(ctx, by, "report", "", record, func(c *Change, r *Record) error {
		f := f
		f.At, f.By, f.Made = f.At.UTC(), by.Name, c.At
		if dl := r.toAuthority(); dl != nil && dl.Ours && !dl.Due.IsZero() && f.At.After(dl.Due) && f.LateReason == "" {
			return Errors{invalid("late_reason", "filing.late_reason_empty")}
		}
		r.Filings = append(r.Filings, f)
		if k, ok := r.At(Reported); !ok || k.At.IsZero() {
			r.Marks = append(r.Marks, Mark{Moment: Reported, At: f.At, Sure: Known, Why: f.Channel, By: by.Name, Made: c.At})
		}
		d.entry(c, r.Incident, r.ID, "record.reported", "name", r.Name, "kind", f.Kind, "reference", f.Reference, "at", stamp(f.At))
		c.What = map[string]any{"record": r.ID, "filing": f}
		return nil
	})
}

// toAuthority returns the record's clock towards the authority, or nil.
func (r *Record) toAuthority() *Deadline {
	for _, dl := range r.Deadlines {
		if dl.To == ToAuthority {
			return dl
		}
	}
	return nil
}

// decisionKinds end the duty to report (rule 20).
var decisionKinds = []string{"not_notifiable", "no_breach"}

// Decide records that no report is due, with the reason and who approved it.
func (d *Desk) Decide(ctx context.Context, by Actor, record string, dec Decision) error {
	dec.Reason, dec.Approver = strings.TrimSpace(dec.Reason), strings.TrimSpace(dec.Approver)
	var errs Errors
	if !slices.Contains(decisionKinds, dec.Kind) {
		errs = append(errs, invalid("kind", "decision.kind_empty"))
	}
	if dec.Reason == "" {
		errs = append(errs, invalid("reason", "reason.empty"))
	}
	if dec.Approver == "" {
		errs = append(errs, invalid("approver", "approver.empty"))
	}
	if len(errs) > 0 {
		return errs
	}
	return d.actOn(ctx, by, "decide", "", record, func(c *Change, r *Record) error {
		dec := dec
		dec.By, dec.At = by.Name, c.At
		r.Decisions = append(r.Decisions, dec)
		d.entry(c, r.Incident, r.ID, "record."+dec.Kind, "name", r.Name, "approver", dec.Approver).Text = dec.Reason
		c.What = map[string]any{"record": r.ID, "decision": dec}
		return nil
	})
}
