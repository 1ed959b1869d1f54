package incident

import (
	"fmt"
	"time"
)

// A LocalTimeKind is the reason for which ParseLocal does not name an instant.
type LocalTimeKind string

// The reasons. What First and Second of the error mean stands beside each;
// where nothing stands, they are zero.
const (
	LocalUnparsable LocalTimeKind = "unparsable" // no form that we know, or no such date
	LocalUnclear    LocalTimeKind = "unclear"    // it can be read in two ways, as 12.3.26 or 12/3/2026
	LocalYear       LocalTimeKind = "year"       // outside 1970–2199
	LocalNoTime     LocalTimeKind = "no_time"    // a day only: its first instant, and that of the next day
	LocalMissing    LocalTimeKind = "missing"    // skipped when clocks go forward: the same clock time before and after the change
	LocalAmbiguous  LocalTimeKind = "ambiguous"  // shown twice when clocks go back: the first and the second pass
	LocalFuture     LocalTimeKind = "future"     // tänään or a date without year, later than now: the one before, and this one
	LocalWeekday    LocalTimeKind = "weekday"    // the weekday is not that of the date: the instant on that date, if a date was typed
	LocalSeason     LocalTimeKind = "season"     // the named time (kesäaika, EET) is not kept then: the instants of the clock time
)

// A LocalTimeError says why a text is not an instant, and which instants may
// have been meant. It never picks one.
type LocalTimeError struct {
	Kind          LocalTimeKind
	First, Second time.Time // UTC, First before Second; zero where there is none
	Text          string    // as typed
}

// Error gives the reason and the text, for logs.
func (e *LocalTimeError) Error() string {
	return fmt.Sprintf("local time %q: %s", e.Text, e.Kind)
}

// ParseLocal reads a date and a time of day as they are typed in Finland and
// returns the instant in UTC: 12.3.2026 klo 14.05, 12.3. 14.05, 2026-03-12
// 1405, to 12.3.2026 kl. 14.05, Thu 12 March 2026, 14:05, RFC 3339, or klo 3.12
// alone. The clock time is one of zone unless the text ends with an offset
// (+03:00, UTC+2), Z or UTC; the words kesäaika and talviaika or the zone's own
// abbreviations (EEST, EET) choose between the passes of a repeated hour. A
// date without a year is the nearest past one, a time alone is today's or, if
// that is later than now, yesterday's. A weekday must agree with the date. What
// does not exist or can be read in two ways is refused. Every error is a
// *LocalTimeError.
func ParseLocal(text string, now time.Time, zone *time.Location) (time.Time, error) {
	p, kind := readLocal(text)
	if kind != "" {
		return time.Time{}, &LocalTimeError{Kind: kind, Text: text}
	}
	if p.hasOffset {
		zone = time.FixedZone("", p.offset)
	}
	at, err := p.instant(now, zone)
	if err != nil {
		err.Text = text
		return time.Time{}, err
	}
	return at, nil
}

// ParseLocalDay reads a date without a time of day, in the forms of ParseLocal,
// and returns its first instant in zone, in UTC.
func ParseLocalDay(text string, now time.Time, zone *time.Location) (time.Time, error) {
	_, err := ParseLocal(text, now, zone)
	if e, ok := err.(*LocalTimeError); ok && e.Kind == LocalNoTime {
		return e.First, nil
	}
	if err == nil {
		err = &LocalTimeError{Kind: LocalUnparsable, Text: text}
	}
	return time.Time{}, err
}

// wallDate is a midnight written as if it were UTC, to count dates with.
func wallDate(y int, m time.Month, d int) time.Time {
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// instant finds the date, joins the time of day to it and resolves both in
// zone.
func (p *localParts) instant(now time.Time, zone *time.Location) (time.Time, *LocalTimeError) {
	y, m, d := now.In(zone).Date()
	today := wallDate(y, m, d)
	if !p.hasDate {
		return p.lately(today, now, zone)
	}
	date, kind := p.dateUpTo(today)
	switch {
	case kind != "":
		return time.Time{}, &LocalTimeError{Kind: kind}
	case p.hasWeekday && date.Weekday() != p.weekday:
		return time.Time{}, &LocalTimeError{Kind: LocalWeekday, First: reached(date.Add(p.clock), zone)}
	case !p.hasTime:
		return time.Time{}, &LocalTimeError{Kind: LocalNoTime, First: reached(date, zone), Second: reached(date.AddDate(0, 0, 1), zone)}
	}
	at, err := p.on(date, now, zone)
	if err != nil && err.Kind == LocalFuture {
		err.Second = err.First
		err.First = time.Time{}
		if before, kind := p.dateUpTo(date.AddDate(0, 0, -1)); kind == "" {
			err.First = reached(before.Add(p.clock), zone)
		}
	}
	return at, err
}

// lately resolves a time of day without a date: today's, or yesterday's where
// today's is still to come. A weekday, where typed, must be that day's.
func (p *localParts) lately(today, now time.Time, zone *time.Location) (time.Time, *LocalTimeError) {
	for _, date := range []time.Time{today, today.AddDate(0, 0, -1)} {
		if p.hasWeekday && date.Weekday() != p.weekday {
			continue
		}
		if at, err := p.on(date, now, zone); err == nil || err.Kind != LocalFuture {
			return at, err
		}
	}
	return time.Time{}, &LocalTimeError{Kind: LocalWeekday}
}

// dateUpTo returns the typed date, or the nearest one up to today where the
// year was left out, or the day that tänään or eilen means.
func (p *localParts) dateUpTo(today time.Time) (time.Time, LocalTimeKind) {
	switch {
	case p.relative:
		return today.AddDate(0, 0, -p.back), ""
	case p.hasYear && (p.year < 1970 || p.year > 2199):
		return time.Time{}, LocalYear
	}
	first, last := p.year, p.year
	if !p.hasYear {
		first, last = today.Year(), today.Year()-8 // leap days are at most eight years apart
	}
	for y := first; y >= last; y-- {
		date := wallDate(y, time.Month(p.month), p.day)
		if date.Day() == p.day && date.Month() == time.Month(p.month) && (p.hasYear || !date.After(today)) {
			return date, ""
		}
	}
	return time.Time{}, LocalUnparsable
}

// on returns the one instant at which zone shows the time of day on date. A
// date that was not typed in full must not lie in the future.
func (p *localParts) on(date, now time.Time, zone *time.Location) (time.Time, *LocalTimeError) {
	wall := date.Add(p.clock)
	all := wallInstants(wall, zone)
	if len(all) == 0 {
		all = missed(wall, zone)
		if !p.hasYear && all[0].After(now) {
			return time.Time{}, &LocalTimeError{Kind: LocalFuture, First: all[0]}
		}
		return time.Time{}, &LocalTimeError{Kind: LocalMissing, First: all[0], Second: all[1]}
	}
	fit := p.inSeason(all, zone)
	if len(fit) == 0 {
		return time.Time{}, &LocalTimeError{Kind: LocalSeason, First: all[0], Second: all[len(all)-1]}
	}
	if !p.hasYear {
		if fit[0].After(now) {
			return time.Time{}, &LocalTimeError{Kind: LocalFuture, First: fit[0]}
		}
		if fit[len(fit)-1].After(now) {
			fit = fit[:1] // the second pass has not come yet
		}
	}
	if len(fit) > 1 {
		return time.Time{}, &LocalTimeError{Kind: LocalAmbiguous, First: fit[0], Second: fit[1]}
	}
	return fit[0], nil
}

// missed returns the two instants that a clock time skipped by zone may stand
// for: on a clock already set forward, and on one not yet set forward. For 3.30
// in a night that goes from 3 to 4 they are 2.30 and 4.30.
func missed(wall time.Time, zone *time.Location) []time.Time {
	off := wallOffsets(wall, zone)
	return []time.Time{wall.Add(-off[0]), wall.Add(-off[len(off)-1])}
}

// inSeason keeps those of the instants that agree with a named season or zone
// abbreviation, all of them where none was typed.
func (p *localParts) inSeason(all []time.Time, zone *time.Location) []time.Time {
	var fit []time.Time
	for _, t := range all {
		local := t.In(zone)
		name, _ := local.Zone()
		if p.season.fits(local.IsDST(), name) {
			fit = append(fit, t)
		}
	}
	return fit
}
