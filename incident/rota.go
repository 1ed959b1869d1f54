package incident

import (
	"slices"
	"time"
)

// The limits of an escalation plan.
const (
	stepsMax = 12
	waitMax  = 24 * time.Hour
)

// checkAlarms looks at who is alarmed when, and at the laws that bind the
// company. Fields are named by their row.
func (o Organisation) checkAlarms() Errors {
	var errs Errors
	if len(o.Plan) > stepsMax {
		errs = append(errs, invalid("plan", "plan.long"))
	}
	for i, s := range o.Plan {
		if len(s.Who) == 0 {
			errs = append(errs, invalid("who_"+itoa(i), "plan.nobody"))
		}
		for _, who := range s.Who {
			if who != OnCall && !validAddress(who) {
				errs = append(errs, &Error{Kind: Invalid, Field: "who_" + itoa(i), Key: "email.bad", Args: map[string]any{"email": who}})
			}
		}
		if s.Wait < time.Minute || s.Wait > waitMax {
			errs = append(errs, invalid("wait_"+itoa(i), "plan.wait"))
		}
	}
	for i, s := range o.Rota {
		if !validAddress(s.Login) {
			errs = append(errs, invalid("shift_"+itoa(i), "rota.nobody"))
		}
		if !s.Until.After(s.From) {
			errs = append(errs, invalid("until_"+itoa(i), "rota.order"))
		}
	}
	if o.Quiet.From < 0 || o.Quiet.From >= 24*60 || o.Quiet.Until < 0 || o.Quiet.Until >= 24*60 {
		errs = append(errs, invalid("quiet_from", "quiet.range"))
	}
	if d := o.Day; d != (Quiet{}) && (d.From < 0 || d.Until > 24*60 || d.Until-d.From < 60) {
		errs = append(errs, invalid("day_from", "day.range"))
	}
	if o.ChaseAfter != 0 && (o.ChaseAfter < 15*time.Minute || o.ChaseAfter > 7*24*time.Hour) {
		errs = append(errs, invalid("chase_hours", "chase.range"))
	}
	for _, k := range o.Regimes {
		if g, ok := Law(k); !ok || g.Always || g.Proposed {
			errs = append(errs, &Error{Kind: Invalid, Field: "regimes", Key: "regime.unknown", Args: map[string]any{"key": k}})
		}
	}
	return errs
}

// Span is a length of time between two instants.
type Span struct{ From, Until time.Time }

// Gaps returns the times between from and until at which the plan calls
// whoever is on call and nobody is. Everybody of Alarm is then told instead.
func (o Organisation) Gaps(from, until time.Time) []Span {
	if !slices.ContainsFunc(o.Plan, func(s Step) bool { return slices.Contains(s.Who, OnCall) }) {
		return nil
	}
	rota := slices.SortedFunc(slices.Values(o.Rota), func(a, b Shift) int { return a.From.Compare(b.From) })
	var gaps []Span
	for _, s := range rota {
		if s.From.After(from) && from.Before(until) {
			gaps = append(gaps, Span{from, earlier(s.From, until)})
		}
		if s.Until.After(from) {
			from = s.Until
		}
	}
	if from.Before(until) {
		gaps = append(gaps, Span{from, until})
	}
	return gaps
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
