package incident

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
)

// A Period is a length of time in a law or a contract. At most one of its
// fields is set: hours are elapsed time, days and months are calendar time in
// the zone of the authority that counts them.
type Period struct{ Hours, Days, Months int }

// maxPeriod bounds the number in a period's text; 9 999 hours are over a year.
const maxPeriod = 9_999

// Zero reports whether the period has no length, as where a law says only
// "without undue delay".
func (p Period) Zero() bool { return p == Period{} }

// After returns the strict deadline in UTC of a period that runs from t. Hours
// are added as elapsed time, so the local hour differs when clocks change in
// between. Days and months lead to the same wall clock in zone, and a month
// that lacks the day gives its last one: 31 January plus a month is 28 or 29
// February. Where that wall clock is shown twice, the first showing counts;
// where it is skipped, the moment of the skip. Weekends and holidays never
// move it.
func (p Period) After(t time.Time, zone *time.Location) time.Time {
	if p.Days != 0 || p.Months != 0 {
		local := t.In(zone)
		d := p.lastDay(local)
		clock := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute +
			time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
		t = reached(d.Add(clock), zone)
	}
	return t.UTC().Add(time.Duration(p.Hours) * time.Hour)
}

// Outer returns the legal outer limit in UTC of a period that runs from t,
// under Regulation (EEC, Euratom) No 1182/71 Art. 3(1) and (2): the hour or
// day in which t falls in zone is not counted, and the period ends with the
// expiry of its last hour or day. For hours it is more than the strict
// deadline by at most one hour. It is not extended for weekends or holidays
// (Art. 3(4)) nor by the two working days of Art. 3(5), and it is never the
// deadline that people are told to keep.
func (p Period) Outer(t time.Time, zone *time.Location) time.Time {
	if p.Zero() {
		return t.UTC()
	}
	local := t.In(zone)
	if p.Days != 0 || p.Months != 0 {
		t = reached(p.lastDay(local).AddDate(0, 0, 1), zone)
	} else {
		into := time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second +
			time.Duration(local.Nanosecond())
		t = t.Add(time.Hour - into)
	}
	return t.UTC().Add(time.Duration(p.Hours) * time.Hour)
}

// lastDay returns the date on which the days or months from local end, as
// midnight of a wall clock that is written as if it were UTC.
func (p Period) lastDay(local time.Time) time.Time {
	y, m, d := local.Date()
	first := time.Date(y, m+time.Month(p.Months), 1, 0, 0, 0, 0, time.UTC)
	d = min(d, first.AddDate(0, 1, -1).Day())
	return first.AddDate(0, 0, d-1+p.Days)
}

// String returns the period as text: "72h", "14d", "1mo", and "0h" for the
// zero period.
func (p Period) String() string {
	var b strings.Builder
	for _, u := range p.units() {
		if *u.n != 0 {
			fmt.Fprintf(&b, "%d%s", *u.n, u.name)
		}
	}
	if b.Len() == 0 {
		return "0h"
	}
	return b.String()
}

// MarshalText writes the period as String does. A period of mixed units or of
// a negative length is an error, for no law counts that way.
func (p Period) MarshalText() ([]byte, error) {
	if _, err := ParsePeriod(p.String()); err != nil {
		return nil, err
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads the form that MarshalText writes.
func (p *Period) UnmarshalText(text []byte) error {
	q, err := ParsePeriod(string(text))
	if err != nil {
		return err
	}
	*p = q
	return nil
}

// ParsePeriod reads a whole number followed by h, d or mo, such as "72h". It
// refuses signs, spaces, mixed units and numbers above 9 999.
func ParsePeriod(text string) (Period, error) {
	var p Period
	for _, u := range p.units() {
		digits, ok := strings.CutSuffix(text, u.name)
		if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" {
			continue
		}
		n, err := strconv.Atoi(digits)
		if err != nil || n > maxPeriod {
			return Period{}, fmt.Errorf("period %q: above %d", text, maxPeriod)
		}
		*u.n = n
		return p, nil
	}
	return Period{}, fmt.Errorf("period %q: not a number of h, d or mo", text)
}

// A periodUnit is one field of a period with the letters of its text form.
type periodUnit struct {
	name string
	n    *int
}

// units lists the fields of p, longest unit first.
func (p *Period) units() [3]periodUnit {
	return [3]periodUnit{{"mo", &p.Months}, {"d", &p.Days}, {"h", &p.Hours}}
}

// wallInstants returns the instants, earliest first, at which a clock in zone
// shows wall, whose fields are read as if it were UTC: none where the clock
// skips it, two where the clock repeats it.
func wallInstants(wall time.Time, zone *time.Location) []time.Time {
	var found []time.Time
	for _, off := range wallOffsets(wall, zone) {
		t := wall.Add(-off)
		if offsetAt(t, zone) == off {
			found = append(found, t)
		}
	}
	return found
}

// wallOffsets returns the distinct offsets from UTC, greatest first, that zone
// keeps around wall. A day to either side is more than any offset.
func wallOffsets(wall time.Time, zone *time.Location) []time.Duration {
	before := offsetAt(wall.Add(-24*time.Hour), zone)
	after := offsetAt(wall.Add(24*time.Hour), zone)
	if before == after {
		return []time.Duration{before}
	}
	return []time.Duration{max(before, after), min(before, after)}
}

// offsetAt returns how far zone is ahead of UTC at t.
func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// reached returns the first instant at which a clock in zone shows wall or has
// passed over it.
func reached(wall time.Time, zone *time.Location) time.Time {
	if at := wallInstants(wall, zone); len(at) > 0 {
		return at[0]
	}
	return clockChange(wall, zone)
}

// clockChange returns the instant, to the second, at which zone went over to
// the offset that it keeps a day after wall. Time.ZoneBounds would say so too,
// but past 2037 it also names a 31 December on which nothing changes.
func clockChange(wall time.Time, zone *time.Location) time.Time {
	from, to := wall.Add(-24*time.Hour), wall.Add(24*time.Hour)
	after := offsetAt(to, zone)
	n := sort.Search(int(to.Sub(from)/time.Second), func(i int) bool {
		return offsetAt(from.Add(time.Duration(i)*time.Second), zone) == after
	})
	return from.Add(time.Duration(n) * time.Second)
}
