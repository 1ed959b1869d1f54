package incident

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Sample is a lenient decision that comes back to another person for a second
// look, so that the house learns whether it judges evenly.
type Sample struct {
	ID       string
	Quarter  string // in which it was decided, "2026-Q4"
	Kind     string // "unlikely", "not_notifiable", "no_breach", or "inquiry" that ended without a breach
	Incident string
	Record   string // "" for an inquiry
	N        int    // which assessment or decision of the record, from nought
	Made     time.Time
	By       string // who decided
	ByID     string
	Drawn    time.Time

	Verdict  Look
	Reason   string
	LookedBy string
	LookedAt time.Time // zero: nobody has looked yet
}

// Look is the verdict of a second look.
type Look string

// The verdicts of a second look.
const (
	Agree    Look = "agree"
	Disagree Look = "disagree"
)

// Draw is one quarter's sample: how many lenient decisions there were and how
// many of them were drawn.
type Draw struct {
	Quarter string
	Of      int
	Drawn   int
	At      time.Time
}

// The sample is one decision in ten, and at least three.
const (
	sampleLeast = 3
	sampleEvery = 10
)

// quarterOf returns the name of the quarter of t in Helsinki, and its limits.
func quarterOf(t time.Time) (name string, from, until time.Time) {
	y, m, _ := t.In(helsinki).Date()
	first := (m-1)/3*3 + 1
	from = time.Date(y, first, 1, 0, 0, 0, 0, helsinki)
	return fmt.Sprintf("%d-Q%d", y, (m-1)/3+1), from.UTC(), from.AddDate(0, 3, 0).UTC()
}

// draw makes the sample of the quarter that has ended, once there is anything to
// draw from. It costs one look-up when that has been done.
func (d *Desk) draw(ctx context.Context) error {
	_, thisBegan, _ := quarterOf(d.now())
	quarter, from, until := quarterOf(thisBegan.Add(-time.Hour))
	if done, err := d.Store.Draw(ctx, quarter); err != nil || done != nil {
		return err
	}
	_, err := d.act(ctx, Program, "draw", quarter, func(c *Change) error {
		all, err := d.Store.Lenient(ctx, from, until)
		if err != nil || len(all) == 0 {
			return err
		}
		all = newestEach(all)
		c.Samples = choose(quarter, all)
		for _, s := range c.Samples {
			s.ID, s.Quarter, s.Drawn = s.key(quarter), quarter, c.At
		}
		c.Draw = &Draw{Quarter: quarter, Of: len(all), Drawn: len(c.Samples), At: c.At}
		c.Result = quarter
		c.What = map[string]any{"draw": c.Draw, "samples": sampleIDs(c.Samples)}
		return nil
	})
	return err
}

func sampleIDs(all []*Sample) []string {
	ids := make([]string, len(all))
	for i, s := range all {
		ids[i] = s.ID
	}
	return ids
}

// subject is what a decision was about: a record, or a case for an inquiry.
func (s *Sample) subject() string { return cmp.Or(s.Record, s.Incident) }

func (s *Sample) key(quarter string) string {
	return fmt.Sprintf("%s.%s.%s.%d", quarter, s.Kind, s.subject(), s.N)
}

// newestEach keeps the newest decision of each kind about each subject.
func newestEach(all []*Sample) []*Sample {
	last := map[string]*Sample{}
	for _, s := range all {
		last[s.Kind+s.subject()] = s
	}
	return slices.DeleteFunc(all, func(s *Sample) bool { return last[s.Kind+s.subject()] != s })
}

// choose draws from the decisions of a quarter. The lot of each is a hash of the
// quarter and its subject: the same whoever draws, and not to be known before
// the record exists.
func choose(quarter string, all []*Sample) []*Sample {
	n := min(len(all), max(sampleLeast, (len(all)+sampleEvery-1)/sampleEvery))
	lot := func(s *Sample) []byte {
		sum := sha256.Sum256([]byte(s.key(quarter)))
		return sum[:]
	}
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b *Sample) int { return bytes.Compare(lot(a), lot(b)) })
	return all[:n]
}

// SecondLook records what another person than the one who decided thinks of a
// decision that was drawn. Disagreement opens an assessment or a decision of a
// running case again.
func (d *Desk) SecondLook(ctx context.Context, by Actor, sample string, v Look, reason string) error {
	reason = strings.TrimSpace(reason)
	var errs Errors
	if v != Agree && v != Disagree {
		errs = append(errs, invalid("verdict", "verdict.empty"))
	}
	if reason == "" {
		errs = append(errs, invalid("reason", "reason.empty"))
	}
	if len(errs) > 0 {
		return errs
	}
	_, err := d.act(ctx, by, "review", "", func(c *Change) error { return d.look(ctx, c, sample, v, reason) })
	return err
}

func (d *Desk) look(ctx context.Context, c *Change, id string, v Look, reason string) error {
	s, err := d.Store.Sample(ctx, id)
	switch {
	case err != nil:
		return err
	case !s.LookedAt.IsZero():
		return refused("review.done")
	case sameUser(c.By, maker{s.ByID, s.By}):
		return refused("review.self")
	}
	var r *Record
	if s.Record != "" {
		if r, err = d.Store.Record(ctx, s.Record); err != nil {
			return err
		}
		if slices.ContainsFunc(r.seconds(s), func(m maker) bool { return sameUser(c.By, m) }) {
			return refused("review.self")
		}
	}
	s.Verdict, s.Reason, s.LookedBy, s.LookedAt = v, reason, c.By.Name, c.At
	c.Samples, c.About, c.Result = []*Sample{s}, s.Incident, s.ID
	d.entry(c, s.Incident, s.Record, "review."+string(v), "what", s.Kind, "quarter", s.Quarter).Text = reason
	c.What = map[string]any{"sample": s.ID, "verdict": v, "reason": reason}
	if v == Agree || r == nil {
		return nil
	}
	inc, err := d.Store.Incident(ctx, s.Incident)
	if err != nil || !inc.Open() || !r.stands(s) {
		return err
	}
	before := r.tally()
	if d.reopen(c, r, []string{"second_look"}, "second_look") {
		d.keep(c, r, before)
	}
	return nil
}

// assessed reports whether the sample is an assessment; otherwise it is a decision.
func (s *Sample) assessed() bool { return s.Kind == "unlikely" }

// seconds returns who has been the second person of a decision already.
func (r *Record) seconds(s *Sample) []maker {
	var all []maker
	on, named := ADecision, ""
	if s.assessed() {
		on = AnAssessment
	}
	for _, a := range r.Approvals {
		if a.On == on && a.N == s.N {
			all = append(all, maker{a.ByID, a.By})
		}
	}
	switch {
	case s.assessed() && s.N < len(r.Assessed):
		named = r.Assessed[s.N].Approver
	case !s.assessed() && s.N < len(r.Decisions):
		named = r.Decisions[s.N].Approver
	}
	if named != "" {
		all = append(all, maker{"-", named})
	}
	return all
}

// stands reports whether the decision is still the one that counts.
func (r *Record) stands(s *Sample) bool {
	if s.assessed() {
		return r.inForce() == s.N && r.InForce() != nil
	}
	return s.N < len(r.Decisions) && r.decided() == &r.Decisions[s.N]
}
