package incident

import (
	"context"
	"slices"
	"strings"

	"hatakello/incident/risk"
)

// Assess records a named decision on the risk for people as a new version, beside what the program proposes from the
// answers. Only a record of which we are the controller, or hold a mandate, is
// ours to assess (rule 3). "Risk unlikely", anything other than the proposal, a
// borderline case and the ground of Art. 34(3)(b) need a named second person
// (rules 37 and 53); where the organisation wants four eyes, every decision
// waits until another user has approved it, and meanwhile lowers nothing.
// With a.Facts, they become the record's answers; otherwise those that stand
// are meant. Who decided, when, and the proposal are filled in here.
func (d *Desk) Assess(ctx context.Context, by Actor, record string, a Assessment) error {
	return d.AssessSeen(ctx, by, record, "", a)
}

// AssessSeen is Assess for a form that showed the answers with the fingerprint
// seen: it is refused if they have changed since. "" does not ask.
func (d *Desk) AssessSeen(ctx context.Context, by Actor, record, seen string, a Assessment) error {
	return d.actOn(ctx, by, "assess", "", record, func(c *Change, r *Record) error {
		b, err := d.bench(ctx, r)
		if err != nil {
			return err
		}
		if seen != "" && seen != Fingerprint(b.answers) {
			return &Error{Kind: Conflict, Key: "assess.stale"}
		}
		a := a // the rule may be run twice
		return b.assess(c, &a)
	})
}

// bench is where one record is assessed.
type bench struct {
	*Desk
	r       *Record
	org     Organisation
	answers string // that count for the record
}

// bench gathers what an assessment of r needs, and refuses a record that is not
// ours to assess.
func (d *Desk) bench(ctx context.Context, r *Record) (*bench, error) {
	if err := d.fetchMandate(ctx, r); err != nil {
		return nil, err
	}
	if !r.Ours() {
		return nil, refused("assess.not_ours")
	}
	inc, err := d.Store.Incident(ctx, r.Incident)
	if err != nil {
		return nil, err
	}
	org, err := d.Store.Organisation(ctx)
	return &bench{d, r, org, r.EffectiveAnswers(inc)}, err
}

// assess adds a version.
func (b *bench) assess(c *Change, a *Assessment) error {
	r := b.r
	a.tidy()
	f, err := b.facts(a)
	if err != nil {
		return err
	}
	a.By, a.ByID, a.At, a.Waits = c.By.Name, c.By.ID, c.At, b.org.FourEyes
	a.Proposed, a.Borderline, a.Rules, a.Grounds = "", false, "", nil
	if a.Facts != nil {
		p := risk.Assess(f)
		a.Proposed, a.Borderline, a.Rules = Tier(p.Tier.String()), p.Borderline, p.Rules
		for _, why := range p.Reasons {
			a.Grounds = append(a.Grounds, why.Rule)
		}
	}
	if errs := a.check(f); len(errs) > 0 {
		return errs
	}
	r.Assessed = append(r.Assessed, a)
	r.Tier = r.tierInForce()
	key := "record.assessed"
	if a.Waits {
		key = "record.assessed_waits"
	}
	b.entry(c, r.Incident, r.ID, key, "name", r.Name, "tier", string(a.Tier), "proposed", string(a.Proposed), "approver", a.Approver).Text = a.Reason
	c.What = map[string]any{"record": r.ID, "version": len(r.Assessed), "assessment": a}
	return nil
}

// facts settles which answers the decision stands on: those given with it,
// else those that count for the record; none at all is nil.
func (b *bench) facts(a *Assessment) (risk.Facts, error) {
	if a.Facts == nil && b.answers != "" {
		a.Facts = []byte(b.answers)
	}
	if a.Facts == nil {
		return risk.Facts{}, nil
	}
	f, kept, err := readAnswers(a.Facts)
	if err != nil {
		return f, err
	}
	a.Facts = []byte(kept)
	if kept != b.answers {
		b.r.Answers = kept
	}
	return f, nil
}

func (a *Assessment) tidy() {
	for _, s := range []*string{&a.Reason, &a.Approver, &a.DPO, &a.Exempt.Facts} {
		*s = strings.TrimSpace(*s)
	}
}

// check lists what the decision lacks.
func (a *Assessment) check(f risk.Facts) Errors {
	var errs Errors
	if !slices.Contains(tiers, a.Tier) {
		errs = append(errs, invalid("tier", "tier.empty"))
	}
	if a.Reason == "" {
		errs = append(errs, invalid("reason", "reason.empty"))
	}
	switch why := a.SecondPerson(); {
	case a.Waits: // the second person will come and say so
	case why != "" && a.Approver == "":
		errs = append(errs, invalid("approver", why))
	case a.Approver != "" && strings.EqualFold(a.Approver, a.By):
		errs = append(errs, invalid("approver", "approver.self"))
	}
	return append(errs, a.checkExemption(f)...)
}

// SecondPerson returns the key of the reason for which the decision needs a
// second person; "" if it does not.
func (a *Assessment) SecondPerson() string {
	switch {
	case a.Tier == Unlikely:
		return "approver.unlikely"
	case a.Proposed != "" && a.Tier != a.Proposed:
		return "approver.override"
	case a.Borderline:
		return "approver.borderline"
	case a.Exempt.Ground == "b":
		return "approver.exempt"
	}
	return ""
}

// checkExemption holds an exemption to Art. 34(3): it belongs to a high risk,
// stands on facts, and ground (a) on the evidence for algorithm and key.
func (a *Assessment) checkExemption(f risk.Facts) Errors {
	e := a.Exempt
	switch {
	case e.Ground == "" && e.Facts == "":
		return nil
	case !slices.Contains(exemptGrounds, e.Ground):
		return Errors{invalid("exempt", "exempt.unknown")}
	case a.Tier != High:
		return Errors{invalid("exempt", "exempt.not_high")}
	case e.Facts == "":
		return Errors{invalid("exempt_facts", "exempt.facts_empty")}
	case e.Ground == "a" && !unintelligible(f):
		return Errors{invalid("exempt", "exempt.evidence")}
	}
	return nil
}

// unintelligible reports whether the answers say, with evidence, that whoever
// got the data cannot read it.
func unintelligible(f risk.Facts) bool {
	sealed := f.Protection.Encrypted == "yes" || f.Protection.Hash == "strong"
	return sealed && f.Protection.Key == "safe" && f.Evidence.Algorithm != "" && f.Evidence.KeyLocation != ""
}
