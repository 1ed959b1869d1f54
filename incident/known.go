package incident

import (
	"slices"
	"time"
)

// KnownLine is one controller of a case as it was known at an instant.
type KnownLine struct {
	ID        string
	Name      string
	Part      Part
	Certainty Certainty
	Stage     Stage
	Tier      Tier
}

// MarksAt returns the marks that had been made by an instant.
func MarksAt(marks []Mark, at time.Time) []Mark {
	return by(at, marks, func(m Mark) time.Time { return m.Made })
}

// KnownAt leaves of a record's marks and judgements those that had been made by
// an instant. They are never overwritten, so that is what was known.
func (r *Record) KnownAt(at time.Time) {
	r.Marks = MarksAt(r.Marks, at)
	r.Assessed = by(at, r.Assessed, func(a *Assessment) time.Time { return a.At })
	r.Filings = by(at, r.Filings, func(f Filing) time.Time { return f.Made })
	r.Decisions = by(at, r.Decisions, func(d Decision) time.Time { return d.At })
	r.Approvals = by(at, r.Approvals, func(a Approval) time.Time { return a.At })
	r.Reopenings = by(at, r.Reopenings, func(o Reopening) time.Time { return o.At })
}

// by keeps those that were made by an instant, or nil.
func by[T any](at time.Time, all []T, made func(T) time.Time) []T {
	some := slices.DeleteFunc(slices.Clone(all), func(x T) bool { return made(x).After(at) })
	if len(some) == 0 {
		return nil
	}
	return some
}
