package incident

import (
	"context"
	"strings"
)

// tiers are the values that a person may decide.
var tiers = map[Tier]bool{Unlikely: true, Likely: true, High: true}

// Assess records a named decision on the risk for people as a new version.
// Only a record of which we are the controller is ours to assess (rule 3).
// "Unlikely" needs words and an approver (rule 37).
func (d *Desk) Assess(ctx context.Context, by Actor, record string, a Assessment) error {
	a.Reason, a.Approver = strings.TrimSpace(a.Reason), strings.TrimSpace(a.Approver)
	var errs Errors
	if !tiers[a.Tier] {
		errs = append(errs, invalid("tier", "tier.empty"))
	}
	if a.Reason == "" {
		errs = append(errs, invalid("reason", "reason.empty"))
	}
	if a.Tier == Unlikely && a.Approver == "" {
		errs = append(errs, invalid("approver", "approver.empty"))
	}
	if len(errs) > 0 {
		return errs
	}
	return d.actOn(ctx, by, "assess", "", record, func(c *Change, r *Record) error {
		a := a
		a.By, a.At = by.Name, c.At
		r.Assessed = append(r.Assessed, &a)
		r.Tier = a.Tier
		d.entry(c, r.Incident, r.ID, "record.assessed", "name", r.Name, "tier", string(a.Tier), "approver", a.Approver).Text = a.Reason
		c.What = map[string]any{"record": r.ID, "version": len(r.Assessed), "assessment": a}
		return nil
	})
}
