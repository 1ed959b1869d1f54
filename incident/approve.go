package incident

import (
	"context"
	"strings"
)

// ApproveAssessment is a second person's verdict on the newest assessment of a
// record, which waits for it. Only another user than the one who decided may
// give it. Version counts from one and is what the person has seen.
func (d *Desk) ApproveAssessment(ctx context.Context, by Actor, record string, version int, v Consent, reason string) error {
	return d.approve(ctx, by, record, Approval{On: AnAssessment, N: version - 1, Verdict: v, Reason: reason})
}

// ApproveDecision is the same for the newest decision that no report is due.
func (d *Desk) ApproveDecision(ctx context.Context, by Actor, record string, version int, v Consent, reason string) error {
	return d.approve(ctx, by, record, Approval{On: ADecision, N: version - 1, Verdict: v, Reason: reason})
}

func (d *Desk) approve(ctx context.Context, by Actor, record string, a Approval) error {
	a.Reason = strings.TrimSpace(a.Reason)
	if a.Verdict != Approved && a.Verdict != Declined {
		return Errors{invalid("verdict", "verdict.empty")}
	}
	if a.Verdict == Declined && a.Reason == "" {
		return Errors{invalid("reason", "reason.empty")}
	}
	return d.actOn(ctx, by, "approve", "", record, func(c *Change, r *Record) error {
		made, err := r.awaiting(a.On, a.N)
		if err != nil {
			return err
		}
		if sameUser(by, made) {
			return refused("approval.self")
		}
		a := a
		a.By, a.ByID, a.At = by.Name, by.ID, c.At
		r.Approvals = append(r.Approvals, a)
		r.Tier = r.tierInForce()
		d.entry(c, r.Incident, r.ID, "record."+string(a.On)+"_"+string(a.Verdict), "name", r.Name, "version", itoa(a.N+1)).Text = a.Reason
		c.What = map[string]any{"record": r.ID, "approval": a}
		return nil
	})
}

// maker is who made a judgement.
type maker struct{ id, name string }

// sameUser reports whether somebody made the judgement. Who cannot be told
// apart counts as the same.
func sameUser(by Actor, m maker) bool {
	return by.ID == "" || by.ID == m.id || strings.EqualFold(by.Name, m.name)
}

// awaiting returns who made the n-th judgement, if it is the newest of its kind,
// waits for a second person, and nothing new has become known since.
func (r *Record) awaiting(on Judgement, n int) (maker, error) {
	count := len(r.Assessed)
	if on == ADecision {
		count = len(r.Decisions)
	}
	switch {
	case n < 0 || n >= count:
		return maker{}, notFound("approval.unknown")
	case n != count-1:
		return maker{}, &Error{Kind: Conflict, Key: "approval.newer"}
	case !r.waits(on, n):
		return maker{}, refused("approval.none")
	case r.overtaken(on, n):
		return maker{}, refused("approval.overtaken")
	case on == ADecision:
		return maker{r.Decisions[n].ByID, r.Decisions[n].By}, nil
	}
	return maker{r.Assessed[n].ByID, r.Assessed[n].By}, nil
}
