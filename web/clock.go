package web

import (
	"strconv"
	"time"

	"hatakello/incident"
)

// soon is when a clock turns amber.
const soon = 12 * time.Hour

// clock is a legal deadline as it is shown at one moment.
type clock struct {
	*incident.Deadline
	Now time.Time
}

// tick is a labelled place on a ruler.
type tick struct {
	Place string
	Hours int
}

// Hours is the time granted; nought where there is no fixed limit.
func (k clock) Hours() int { return int(k.Whole().Hours()) }

// Whole is the time granted, as elapsed time.
func (k clock) Whole() time.Duration {
	if k.Due.IsZero() {
		return 0
	}
	return k.Due.Sub(k.Start)
}

// Gone is the time that has passed since the start.
func (k clock) Gone() time.Duration { return max(k.end().Sub(k.Start), 0) }

func (k clock) end() time.Time {
	if k.Running() {
		return k.Now
	}
	return k.Met
}

// Late reports whether the limit has passed, or had when the duty was met.
func (k clock) Late() bool { return k.Deadline.Late(k.Now) }

// Left is the time until the limit, or since it when it has passed.
func (k clock) Left() time.Duration { return k.Due.Sub(k.end()).Abs() }

// State is the colour of the clock's word.
func (k clock) State() string {
	switch {
	case k.Late():
		return "late"
	case !k.Running():
		return "done"
	case !k.Due.IsZero() && k.Left() < soon:
		return "soon"
	default:
		return "run"
	}
}

// Ticks are the places on the ruler: quarters of a day, days or weeks.
func (k clock) Ticks() []tick {
	whole := k.Hours()
	if whole <= 0 {
		return nil
	}
	step := 168
	for _, s := range []int{1, 3, 6, 12, 24, 48, 72} {
		if whole/s <= 4 {
			step = s
			break
		}
	}
	var ticks []tick
	for h := 0; h < whole; h += step {
		if h > 0 && (whole-h)*100/whole < 12 {
			break // the label would lie under the last one
		}
		ticks = append(ticks, tick{"p" + strconv.Itoa(h*100/whole), h})
	}
	return append(ticks, tick{"p100 end", whole})
}

// clocks shows deadlines at now.
func clocks(ds []*incident.Deadline, now time.Time) []clock {
	all := make([]clock, len(ds))
	for i, d := range ds {
		all[i] = clock{d, now}
	}
	return all
}

// tightest returns the running clock with the nearest limit, ours before the
// controller's own, or nil.
func tightest(ds []*incident.Deadline, now time.Time) *clock {
	var best *incident.Deadline
	for _, d := range ds {
		if !d.Running() || d.Due.IsZero() {
			continue
		}
		if best == nil || d.Ours && !best.Ours || d.Ours == best.Ours && d.Due.Before(best.Due) {
			best = d
		}
	}
	if best == nil {
		return nil
	}
	return &clock{best, now}
}
