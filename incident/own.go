package incident

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"hatakello/incident/risk"
)

// OwnAssessment is what a controller has judged about her own record. It is
// hers: it is found by the hash of a link of hers and by nothing else, no page
// for staff, API or export reads it, and neither the timeline nor the audit
// chain says what she decided.
type OwnAssessment struct {
	Record  string
	Answers string // JSON of package risk
	Tier    Tier   // "" while nothing is decided
	Reason  string
	By      string
	At      time.Time
	Version int
}

// OwnShare is an outcome that a controller has shown to the processor. It is a
// copy: what she judges later stays hers. Ended says that she took it back, from
// when on the outcome is shown no more; that it was shared stays.
type OwnShare struct {
	Record string
	N      int
	Tier   Tier
	Reason string
	By     string
	At     time.Time
	Ended  time.Time
}

// OfferedFacts are answers about the risk that the processor has put at a
// controller's disposal, without any number and any judgement of ours.
type OfferedFacts struct {
	Record  string
	Answers string
	By      string
	At      time.Time
}

// OwnStore keeps what controllers judge for themselves.
type OwnStore interface {
	// OwnAssessment finds that of the record behind a link, by the link's hash.
	OwnAssessment(ctx context.Context, link string) (*OwnAssessment, error)
	// OwnShares lists what a record's controller has shared, oldest first.
	OwnShares(ctx context.Context, record string) ([]*OwnShare, error)
	// OfferedFacts returns those of a record, or nil.
	OfferedFacts(ctx context.Context, record string) (*OfferedFacts, error)
}

// ownTiers are what she may decide.
var ownTiers = []Tier{Unlikely, Likely, High}

// own loads her assessment, or begins one.
func (d *Desk) own(ctx context.Context, l *Link) (*OwnAssessment, error) {
	a, err := d.Store.OwnAssessment(ctx, l.Hash)
	if KindOf(err) == NotFound {
		return &OwnAssessment{Record: l.Record}, nil
	}
	return a, err
}

// AnswerOwn keeps her answers. A decision that stood on others falls.
func (d *Desk) AnswerOwn(ctx context.Context, by Actor, l *Link, seen string, f risk.Facts) error {
	if err := by.guest(l.Record); err != nil {
		return err
	}
	kept, err := canonical(f)
	if err != nil {
		return err
	}
	if personal(kept) {
		return Errors{invalid("", "answer.personal")}
	}
	return d.changeOwn(ctx, by, l, func(c *Change, a *OwnAssessment) error {
		if seen != "" && seen != Fingerprint(a.Answers) {
			return &Error{Kind: Conflict, Key: "form.stale"}
		}
		if a.Answers == kept {
			return nil
		}
		a.Answers, a.Tier, a.Reason = kept, "", ""
		c.What = map[string]any{"record": a.Record}
		return nil
	})
}

// DecideOwn keeps her decision on the answers that she has given.
func (d *Desk) DecideOwn(ctx context.Context, by Actor, l *Link, tier Tier, reason string) error {
	if err := by.guest(l.Record); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	errs := noNumbers([]string{"reason"}, reason)
	if !slices.Contains(ownTiers, tier) {
		errs = append(errs, invalid("tier", "tier.empty"))
	}
	if reason == "" {
		errs = append(errs, invalid("reason", "reason.empty"))
	}
	if len(errs) > 0 {
		return errs
	}
	return d.changeOwn(ctx, by, l, func(c *Change, a *OwnAssessment) error {
		if a.Tier == tier && a.Reason == reason {
			return nil
		}
		a.Tier, a.Reason = tier, reason
		c.What = map[string]any{"record": a.Record}
		return nil
	})
}

// changeOwn is act for her own assessment. What it says is not in the chain.
func (d *Desk) changeOwn(ctx context.Context, by Actor, l *Link, rule func(c *Change, a *OwnAssessment) error) error {
	_, err := d.act(ctx, by, "own_assessment", "", func(c *Change) error {
		a, err := d.own(ctx, l)
		if err != nil {
			return err
		}
		if err := rule(c, a); err != nil || c.What == nil {
			return err
		}
		a.By, a.At = by.Name, c.At
		c.Own, c.About, c.Result = []*OwnAssessment{a}, l.Incident, l.Record
		return nil
	})
	return err
}

// ShareOwn shows her outcome to the processor, or takes it back for the time to
// come. That she shared it stays on the timeline; what it said does not stand
// there.
func (d *Desk) ShareOwn(ctx context.Context, by Actor, l *Link, share bool) error {
	if err := by.guest(l.Record); err != nil {
		return err
	}
	_, err := d.act(ctx, by, "own_share", "", func(c *Change) error {
		r, err := d.Store.Record(ctx, l.Record)
		if err != nil {
			return err
		}
		shares, err := d.Store.OwnShares(ctx, l.Record)
		if err != nil {
			return err
		}
		a, err := d.own(ctx, l)
		if err != nil {
			return err
		}
		for _, x := range shares {
			if !x.Ended.IsZero() {
				continue
			}
			if share && x.Tier == a.Tier && x.Reason == a.Reason {
				return nil
			}
			x.Ended = c.At
			c.Shares = append(c.Shares, x)
		}
		key := "own.unshared"
		if share {
			if a.Tier == "" {
				return refused("own.undecided")
			}
			key = "own.shared"
			c.Shares = append(c.Shares, &OwnShare{Record: l.Record, N: len(shares) + 1, Tier: a.Tier, Reason: a.Reason, By: by.Name, At: c.At})
		}
		if len(c.Shares) == 0 {
			return nil
		}
		d.entry(c, l.Incident, l.Record, key, "name", r.Name)
		c.About, c.Result = l.Incident, l.Record
		c.What = map[string]any{"record": l.Record, "shared": share}
		return nil
	})
	return err
}

// offerable are the answers that say what happened. Numbers, groups and scores
// are not among them: the first may be of all customers, the others are ours.
var offerable = []string{"breach", "data", "already_public", "data_age_years", "exposure", "malicious", "protection", "availability"}

// OfferFacts puts what we have answered about the risk at a controller's
// disposal, as it is now. She may begin from it, and sees whose words they are.
func (d *Desk) OfferFacts(ctx context.Context, by Actor, record string) error {
	return d.actOn(ctx, by, "describe", "", record, func(c *Change, r *Record) error {
		inc, err := d.Store.Incident(ctx, r.Incident)
		if err != nil {
			return err
		}
		all := map[string]any{}
		if text := r.EffectiveAnswers(inc); text != "" {
			if err := json.Unmarshal([]byte(text), &all); err != nil {
				return err
			}
		}
		some := map[string]any{}
		for _, key := range offerable {
			if v, ok := all[key]; ok {
				some[key] = v
			}
		}
		if len(some) == 0 {
			return refused("own.nothing")
		}
		raw, err := json.Marshal(some)
		if err != nil {
			return err
		}
		_, kept, err := readAnswers(raw)
		if err != nil {
			return err
		}
		c.Offered = []*OfferedFacts{{Record: r.ID, Answers: kept, By: c.By.Name, At: c.At}}
		d.entry(c, r.Incident, r.ID, "own.offered", "name", r.Name)
		c.What = map[string]any{"record": r.ID, "offered": some}
		return nil
	})
}
