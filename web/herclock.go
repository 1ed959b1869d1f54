package web

import (
	"slices"
	"time"

	"hatakello/incident"
)

// herClock is the controller's own clock towards the authority, or nil when it
// has not begun. If she has said that she knew earlier than our notice, it runs
// from then (rule 11), and both times are shown; a later time moves nothing.
func herClock(r *incident.Record, answers map[string]incident.FormAnswer, now time.Time, zone *time.Location) (k, ours *clock) {
	i := slices.IndexFunc(r.Deadlines, func(d *incident.Deadline) bool {
		return d.To == incident.ToAuthority && d.Ours == (r.Part == incident.AsController) && !d.Due.IsZero()
	})
	if i < 0 {
		return nil, nil
	}
	d := r.Deadlines[i]
	aware, err := time.Parse(time.RFC3339, answers["aware_at"].Value)
	if err != nil || !aware.Before(d.Start) {
		return &clock{d, now}, nil
	}
	earlier := *d
	earlier.Start, earlier.Due = aware, d.Within.After(aware, zone)
	earlier.Outer = d.Within.Outer(aware, zone)
	return &clock{&earlier, now}, &clock{d, now}
}
