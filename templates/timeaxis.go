package templates

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// timeAxis places instants between two edges. Time runs evenly, but a pause
// that would take most of the picture is cut short and shown as a cut.
type timeAxis struct {
	from, to float64
	spans    []axisSpan
	cuts     []float64 // where the cuts are drawn
}

// axisSpan is a stretch in which time runs evenly.
type axisSpan struct {
	start, end time.Time
	x0, x1     float64
}

// A pause longer than this part of the whole, and than two days, is cut to
// cutWide.
const (
	longPause  = 0.45
	leastPause = 48 * time.Hour
	cutWide    = 60.0
)

// newTimeAxis makes an axis on which all the times have room; zero ones are
// left out.
func newTimeAxis(times []time.Time, from, to float64) timeAxis {
	times = slices.DeleteFunc(slices.Clone(times), time.Time.IsZero)
	slices.SortFunc(times, time.Time.Compare)
	a := timeAxis{from: from, to: to}
	if len(times) == 0 {
		return a
	}
	first, last := times[0], times[len(times)-1]
	if !last.After(first) {
		last = first.Add(time.Hour)
	}
	whole := last.Sub(first)
	at, even := first, whole
	var pauses []axisSpan
	for i := 1; i < len(times); i++ {
		if gap := times[i].Sub(times[i-1]); gap > leastPause && float64(gap) > longPause*float64(whole) {
			pauses = append(pauses, axisSpan{start: times[i-1], end: times[i]})
			even -= gap
		}
	}
	if even <= 0 {
		pauses, even = nil, whole
	}
	x, room := from, to-from-cutWide*float64(len(pauses))
	span := func(end time.Time, wide float64) {
		if end.After(at) {
			a.spans = append(a.spans, axisSpan{at, end, x, x + wide})
		}
		at, x = end, x+wide
	}
	for _, p := range pauses {
		span(p.start, room*float64(p.start.Sub(at))/float64(even))
		a.cuts = append(a.cuts, x+cutWide/2)
		span(p.end, cutWide)
	}
	span(last, room*float64(last.Sub(at))/float64(even))
	return a
}

// x places an instant; one outside stands at the edge.
func (a timeAxis) x(t time.Time) float64 {
	if len(a.spans) == 0 || !t.After(a.spans[0].start) {
		return a.from
	}
	for _, s := range a.spans {
		if !t.After(s.end) {
			return s.x0 + (s.x1-s.x0)*float64(t.Sub(s.start))/float64(s.end.Sub(s.start))
		}
	}
	return a.to
}

// steps between ticks, of which the first is taken that leaves room.
var tickSteps = []time.Duration{15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour,
	28 * 24 * time.Hour, 182 * 24 * time.Hour}

// ticks are the ends of the axis's spans and round times of the zone in them.
func (a timeAxis) ticks(zone *time.Location) []time.Time {
	var all []time.Time
	for _, s := range a.spans {
		all = append(all, s.start)
		step := tickSteps[len(tickSteps)-1]
		for _, d := range tickSteps {
			if (s.x1-s.x0)*float64(d)/float64(s.end.Sub(s.start)) >= 100 {
				step = d
				break
			}
		}
		local := s.start.In(zone)
		midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
		for t := midnight; t.Before(s.end) && s.x1-s.x0 > cutWide; t = t.Add(step) {
			if t.After(s.start) {
				all = append(all, t)
			}
		}
	}
	return all
}

// tickText is a time as short as the axis needs it: without the year, and at
// midnight without the hour.
func tickText(lang Lang, t time.Time, zone *time.Location) string {
	local := t.In(zone)
	day := strings.TrimSpace(strings.TrimSuffix(Date(lang, t, zone), strconv.Itoa(local.Year())))
	if local.Hour() == 0 && local.Minute() == 0 {
		return day
	}
	return day + " " + bareClock(lang, t, zone)
}
