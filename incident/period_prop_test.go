package incident_test

import (
	"testing"
	"time"

	"hatakello/incident"

	"pgregory.net/rapid"
)

// propZones differ in what their clocks do: two hours ahead, one, none, behind,
// half an hour askew without summer time, and half an hour of summer time.
var propZones = []string{"Europe/Helsinki", "Europe/Stockholm", "Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"}

// clockChanges returns the instants from 2018 to 2040 at which zone's offset
// changes.
func clockChanges(z *time.Location) []time.Time {
	var all []time.Time
	const step = 30 * time.Minute // every change lies on one
	t := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC)
	_, was := t.In(z).Zone()
	for ; t.Year() < 2041; t = t.Add(step) {
		if _, is := t.In(z).Zone(); is != was {
			all, was = append(all, t), is
		}
	}
	return all
}

// checkHours tells what is wrong with the clock of n hours from t, or "".
func checkHours(t time.Time, z *time.Location, n int) string {
	p := incident.Period{Hours: n}
	strict, outer := p.After(t, z), p.Outer(t, z)
	late := outer.Sub(strict)
	switch {
	case strict.Unix()-t.Unix() != int64(n)*3600:
		return "the strict deadline is not n hours later"
	case late < 0:
		return "the outer limit is before the deadline"
	case late > time.Hour:
		return "the outer limit is over an hour after the deadline"
	case outer.Add(-time.Duration(n)*time.Hour).In(zoneAt(t, z)).Minute() != 0:
		return "the outer limit does not run from a full local hour"
	}
	return ""
}

// zoneAt is z with the offset of t, so that an hour can be followed through a
// clock change.
func zoneAt(t time.Time, z *time.Location) *time.Location {
	name, off := t.In(z).Zone()
	return time.FixedZone(name, off)
}

// TestEveryMinuteAroundClockChanges walks each minute for four hours around
// every clock change from 2018 to 2040, and each minute whose deadline falls
// there.
func TestEveryMinuteAroundClockChanges(t *testing.T) {
	const hours, around = 72, 4 * time.Hour
	want := map[string]int{"Asia/Kolkata": 0} // two a year elsewhere
	for _, name := range propZones {
		z := zone(t, name)
		changes := clockChanges(z)
		n, ok := want[name]
		if !ok {
			n = 2 * 23
		}
		if len(changes) != n {
			t.Errorf("%s has %d clock changes, want %d", name, len(changes), n)
		}
		if n == 0 {
			changes = []time.Time{time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC)}
		}
		for _, c := range changes {
			for _, back := range []time.Duration{0, hours * time.Hour} {
				walkMinutes(t, z, c.Add(-back-around), c.Add(-back+around))
			}
		}
	}
}

// walkMinutes checks 72 hours from each minute of a span, and that a later
// awareness has a later deadline and no earlier outer limit, for hours and
// for days.
func walkMinutes(t *testing.T, z *time.Location, from, to time.Time) {
	t.Helper()
	p, day := incident.Period{Hours: 72}, incident.Period{Days: 14}
	var last, lastOuter, lastDay time.Time
	for at := from; at.Before(to); at = at.Add(time.Minute) {
		if bad := checkHours(at, z, p.Hours); bad != "" {
			t.Fatalf("%v: %s", at.In(z), bad)
		}
		strict, outer, end := p.After(at, z), p.Outer(at, z), day.Outer(at, z)
		if !strict.After(last) || outer.Before(lastOuter) || end.Before(lastDay) {
			t.Fatalf("%v: the order of deadlines is not that of awareness", at.In(z))
		}
		if !day.After(at, z).Before(end) {
			t.Fatalf("%v: 14 days end at %v, after the outer limit %v", at.In(z), day.After(at, z), end)
		}
		last, lastOuter, lastDay = strict, outer, end
	}
}

func drawInstant(t *rapid.T, label string) time.Time {
	first := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	end := time.Date(2041, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	return time.Unix(rapid.Int64Range(first, end-1).Draw(t, label), 0).UTC()
}

func TestHoursHoldAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z, err := time.LoadLocation(rapid.SampledFrom(propZones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		n := rapid.IntRange(1, 2000).Draw(t, "hours")
		a, b := drawInstant(t, "a"), drawInstant(t, "b")
		if bad := checkHours(a, z, n); bad != "" {
			t.Fatalf("%v, %d h: %s", a.In(z), n, bad)
		}
		p := incident.Period{Hours: n}
		if got, want := p.After(a, z).Compare(p.After(b, z)), a.Compare(b); got != want {
			t.Fatalf("deadlines compare %d, awareness %d", got, want)
		}
	})
}

// TestDatesHoldAnywhere says of days and months: the deadline falls on the last
// day of the period, that day is the counted or the clamped one, and the outer
// limit is the first instant of the next day.
func TestDatesHoldAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z, err := time.LoadLocation(rapid.SampledFrom(propZones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		a := drawInstant(t, "a")
		p := incident.Period{Months: rapid.IntRange(1, 30).Draw(t, "months")}
		if rapid.Bool().Draw(t, "in days") {
			p = incident.Period{Days: p.Months}
		}
		strict, outer, from := p.After(a, z).In(z), p.Outer(a, z).In(z), a.In(z)
		y, m, d := outer.Add(-time.Second).Date()
		if sy, sm, sd := strict.Date(); sy != y || sm != m || sd != d || !strict.Before(outer) {
			t.Fatalf("%v + %v = %v, but the outer limit is %v", from, p, strict, outer)
		}
		if outer.Day() == d || outer.Hour() != 0 || outer.Minute() != 0 {
			t.Fatalf("outer limit %v is not the start of a day", outer)
		}
		fd := from.Day()
		switch months := (y-from.Year())*12 + int(m-from.Month()); {
		case p.Months > 0 && months != p.Months:
			t.Fatalf("%v + %v = %v, which is %d months", from, p, strict, months)
		case p.Months > 0 && d != fd && (d > fd || strict.AddDate(0, 0, 1).Month() == m):
			t.Fatalf("%v + %v = %v, which is another day", from, p, strict)
		case p.Days > 0:
			days := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Sub(
				time.Date(from.Year(), from.Month(), fd, 0, 0, 0, 0, time.UTC)).Hours() / 24
			if int(days) != p.Days {
				t.Fatalf("%v + %v = %v, which is %v days", from, p, strict, days)
			}
		}
	})
}
