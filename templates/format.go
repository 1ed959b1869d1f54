package templates

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Lang is a language of the program, by its ISO 639-1 code.
type Lang string

// The languages. Any other value is treated as Finnish.
const (
	FI Lang = "fi"
	SV Lang = "sv"
	EN Lang = "en"
)

const (
	nbsp  = "\u00a0" // groups thousands in Finnish and Swedish
	minus = "\u2212"
	dash  = "\u2013" // between the ends of a range
)

// usage is how one language writes dates, times and numbers.
type usage struct {
	days      [7]string // Sunday first, as in time.Weekday
	shortDays [7]string
	months    [12]string
	date      func(u usage, t time.Time) string
	fullDate  string // day, month, year
	clock     string // hour, minute
	clockWord string // before a clock time
	then      string // between a date and a clock time
	units     [4]string
	group     string
	about     string
	unknown   string
}

var usages = map[Lang]usage{
	FI: {
		days:      [7]string{"sunnuntai", "maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai"},
		shortDays: [7]string{"su", "ma", "ti", "ke", "to", "pe", "la"},
		months: [12]string{"tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta", "kesäkuuta",
			"heinäkuuta", "elokuuta", "syyskuuta", "lokakuuta", "marraskuuta", "joulukuuta"},
		date: numericDate, fullDate: "%d. %s %d",
		clock: "%d.%02d", clockWord: "klo ", then: " ",
		units: [4]string{"vrk", "t", "min", "s"},
		group: nbsp, about: "noin ", unknown: "ei tiedossa",
	},
	SV: {
		days:      [7]string{"söndag", "måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag"},
		shortDays: [7]string{"sö", "må", "ti", "on", "to", "fr", "lö"},
		months: [12]string{"januari", "februari", "mars", "april", "maj", "juni",
			"juli", "augusti", "september", "oktober", "november", "december"},
		date: numericDate, fullDate: "%d %s %d",
		clock: "%d.%02d", clockWord: "kl. ", then: " ",
		units: [4]string{"dygn", "tim", "min", "s"},
		group: nbsp, about: "cirka ", unknown: "inte känt",
	},
	EN: {
		days:      [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		shortDays: [7]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
		months: [12]string{"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December"},
		date: spelledDate, fullDate: "%d %s %d",
		clock: "%02d:%02d", then: ", ",
		units: [4]string{"d", "h", "min", "s"},
		group: ",", about: "about ", unknown: "not known",
	},
}

// usageOf returns the usage of l, Finnish where there is none.
func usageOf(l Lang) usage {
	if u, ok := usages[l]; ok {
		return u
	}
	return usages[FI]
}

// numericDate writes 12.3.2026. English spells the month instead, so that day
// and month cannot be confused.
func numericDate(_ usage, t time.Time) string {
	return fmt.Sprintf("%d.%d.%d", t.Day(), t.Month(), t.Year())
}

func spelledDate(u usage, t time.Time) string {
	return fmt.Sprintf(u.fullDate, t.Day(), u.months[t.Month()-1], t.Year())
}

// Date writes the date of t in zone: 12.3.2026, in English 12 March 2026.
func Date(l Lang, t time.Time, zone *time.Location) string {
	u := usageOf(l)
	return u.date(u, t.In(zone))
}

// WeekdayDate writes the date with its weekday abbreviated: to 12.3.2026, Thu
// 12 March 2026.
func WeekdayDate(l Lang, t time.Time, zone *time.Location) string {
	return usageOf(l).shortDays[t.In(zone).Weekday()] + " " + Date(l, t, zone)
}

// Weekday writes the weekday of t in zone in full.
func Weekday(l Lang, t time.Time, zone *time.Location) string {
	return usageOf(l).days[t.In(zone).Weekday()]
}

// FullDate writes the date in words: sunnuntai 22. marraskuuta 2026.
func FullDate(l Lang, t time.Time, zone *time.Location) string {
	return Weekday(l, t, zone) + " " + spelledDate(usageOf(l), t.In(zone))
}

// Clock writes the time of day of t in zone without seconds: klo 14.05,
// kl. 14.05, 14:05.
func Clock(l Lang, t time.Time, zone *time.Location) string {
	return usageOf(l).clockWord + bareClock(l, t, zone)
}

func bareClock(l Lang, t time.Time, zone *time.Location) string {
	local := t.In(zone)
	return fmt.Sprintf(usageOf(l).clock, local.Hour(), local.Minute())
}

// DateTime writes date and time of day: 12.3.2026 klo 14.05.
func DateTime(l Lang, t time.Time, zone *time.Location) string {
	return Date(l, t, zone) + usageOf(l).then + Clock(l, t, zone)
}

// WeekdayDateTime writes weekday, date and time of day: to 12.3.2026 klo 14.05.
func WeekdayDateTime(l Lang, t time.Time, zone *time.Location) string {
	return WeekdayDate(l, t, zone) + usageOf(l).then + Clock(l, t, zone)
}

// DateTimeZone adds the offset from UTC, for reports and logs: 12.3.2026 klo
// 14.05 (UTC+2).
func DateTimeZone(l Lang, t time.Time, zone *time.Location) string {
	return DateTime(l, t, zone) + " (" + utcOffset(t.In(zone)) + ")"
}

// Both writes local time and UTC side by side: ma 23.11.2026 klo 3.12 (UTC+2) ·
// 1.12 UTC. Where UTC has another date, that is written too.
func Both(l Lang, t time.Time, zone *time.Location) string {
	utc := bareClock(l, t, time.UTC)
	if Date(l, t, time.UTC) != Date(l, t, zone) {
		utc = WeekdayDateTime(l, t, time.UTC)
	}
	return WeekdayDateTime(l, t, zone) + " (" + utcOffset(t.In(zone)) + ") · " + utc + " UTC"
}

// utcOffset writes how far t's zone is from UTC: UTC, UTC+2, UTC+5:30.
func utcOffset(t time.Time) string {
	_, seconds := t.Zone()
	if seconds == 0 {
		return "UTC"
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = minus, -seconds
	}
	s := "UTC" + sign + strconv.Itoa(seconds/3600)
	if m := seconds / 60 % 60; m != 0 {
		s += fmt.Sprintf(":%02d", m)
	}
	return s
}

// Duration writes a length of elapsed time in days of 24 hours, hours and
// whole minutes: 2 vrk 23 t 58 min. What is left over is cut off, so that time
// left is never overstated; less than a minute is given in seconds. A negative
// length has a minus sign.
func Duration(l Lang, d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = minus, -d
	}
	units := usageOf(l).units
	if d < time.Minute {
		if d < time.Second {
			sign = ""
		}
		return fmt.Sprintf("%s%d %s", sign, d/time.Second, units[3])
	}
	var parts []string
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		if n := d / unit; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, units[i]))
		}
		d %= unit
	}
	return sign + strings.Join(parts, " ")
}

// Number writes a whole number with its thousands apart: 12 500 with no-break
// spaces, in English 12,500.
func Number(l Lang, n int) string {
	digits := strings.TrimPrefix(strconv.Itoa(n), "-")
	var b strings.Builder
	if n < 0 {
		b.WriteString(minus)
	}
	for i, r := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(usageOf(l).group)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Count writes how many there are and how surely: 12 500, noin 12 500, 12 000–
// 13 000, ei tiedossa. Certainty is "exact", "about", "range" or "unknown";
// any other is shown as unknown, so that no number looks surer than it is.
func Count(l Lang, low, high int, certainty string) string {
	switch certainty {
	case "exact":
		return Number(l, low)
	case "about":
		return usageOf(l).about + Number(l, low)
	case "range":
		return Number(l, low) + dash + Number(l, high)
	}
	return usageOf(l).unknown
}

// sizeUnits are bytes, kilobytes and megabytes.
var sizeUnits = map[Lang][3]string{FI: {"t", "kt", "Mt"}, SV: {"B", "kB", "MB"}, EN: {"B", "kB", "MB"}}

// Size writes how large a file is, in whole units of a thousand: 812 t, 64 kt.
func Size(l Lang, n int) string {
	units, i := sizeUnits[l], 0
	if units[0] == "" {
		units = sizeUnits[FI]
	}
	for ; n >= 10_000 && i < len(units)-1; i++ {
		n = (n + 500) / 1000
	}
	return Number(l, n) + nbsp + units[i]
}
