package incident

import (
	"context"
	"strings"
	"time"
)

// Source is the sub-processor in whose hands the breach happened (Art. 28(4)),
// with its own times: it tells us, and we tell the controllers. The limits of
// the two contracts stack.
type Source struct {
	Name       string    `json:"name,omitempty"`
	Country    string    `json:"country,omitempty"`
	TheirAware time.Time `json:"aware,omitzero"` // when it became aware
	TheyTold   time.Time `json:"told,omitzero"`  // when it told us
	Hours      int       `json:"hours,omitempty"`
}

// Known reports whether a sub-processor is named.
func (s Source) Known() bool { return s.Name != "" }

// Limit is until when it had to tell us by its contract, or zero.
func (s Source) Limit() time.Time {
	if s.Hours == 0 || s.TheirAware.IsZero() {
		return time.Time{}
	}
	return Period{Hours: s.Hours}.After(s.TheirAware, helsinki)
}

// Late reports whether it told us, or has still not told us at now, after its
// limit.
func (s Source) Late(now time.Time) bool {
	end := s.TheyTold
	if end.IsZero() {
		end = now
	}
	return !s.Limit().IsZero() && end.After(s.Limit())
}

// Stacked is the last instant at which a controller hears of the breach if
// every link of the chain takes all the hours agreed with it, or zero where one
// of them has none.
func (s Source) Stacked(hours int) time.Time {
	if s.Limit().IsZero() || hours == 0 {
		return time.Time{}
	}
	return Period{Hours: hours}.After(s.Limit(), helsinki)
}

// SetSource records the sub-processor that a breach came from, or with an empty
// name that it came from none. Our own awareness is a moment of its own: we are
// aware at the latest when it told us.
func (d *Desk) SetSource(ctx context.Context, by Actor, incident string, s Source) error {
	s.Name, s.Country = strings.TrimSpace(s.Name), strings.TrimSpace(s.Country)
	s.TheirAware, s.TheyTold = s.TheirAware.UTC(), s.TheyTold.UTC()
	if s.TheirAware.IsZero() {
		s.TheirAware = time.Time{}
	}
	if s.TheyTold.IsZero() {
		s.TheyTold = time.Time{}
	}
	if errs := s.check(d.now()); len(errs) > 0 {
		return errs
	}
	_, err := d.act(ctx, by, "describe", "", func(c *Change) error {
		inc, err := d.openIncident(ctx, incident)
		if err != nil || inc.Source == s {
			return err
		}
		c.What = map[string]any{"from": inc.Source, "to": s}
		inc.Source = s
		c.Incident, c.About, c.Result = inc, incident, incident
		d.entry(c, incident, "", "case.source", "name", s.Name)
		return nil
	})
	return err
}

func (s Source) check(now time.Time) Errors {
	var errs Errors
	if s.Name == "" && s != (Source{}) {
		errs = append(errs, invalid("name", "name.empty"))
	}
	if s.Hours < 0 || s.Hours > 720 {
		errs = append(errs, invalid("hours", "hours.range"))
	}
	for field, t := range map[string]time.Time{"their_aware": s.TheirAware, "they_told": s.TheyTold} {
		if t.After(now.Add(grace)) {
			errs = append(errs, invalid(field, "time.future"))
		}
	}
	if !s.TheyTold.IsZero() && s.TheyTold.Before(s.TheirAware) {
		errs = append(errs, invalid("they_told", "source.order"))
	}
	return errs
}
