package incident

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// nights is an organisation that sleeps from ten in the evening to seven.
var nights = Organisation{Zone: "Europe/Helsinki", Quiet: Quiet{From: 22 * 60, Until: 7 * 60}}

// Quiet hours put off what can wait, and never a limit within twelve hours.
func TestQuietHoursNeverSilenceAHardLimit(t *testing.T) {
	at := func(day, hour, minute int) time.Time { // in Helsinki, in winter
		return time.Date(2026, 11, day, hour-2, minute, 0, 0, time.UTC)
	}
	for _, c := range []struct {
		name           string
		now, due, want time.Time
	}{
		{"by day", at(22, 12, 0), at(23, 12, 0), at(22, 12, 0)},
		{"at night, with time left", at(22, 23, 0), at(24, 15, 0), at(23, 7, 0)},
		{"after midnight, with time left", at(23, 3, 0), at(25, 3, 0), at(23, 7, 0)},
		{"at night, no limit", at(23, 3, 0), time.Time{}, at(23, 7, 0)},
		{"at night, eleven hours left", at(23, 3, 0), at(23, 14, 0), at(23, 3, 0)},
		{"at night, twelve hours left", at(23, 3, 0), at(23, 15, 0), at(23, 3, 0)},
		{"twelve hours are reached before the morning", at(22, 23, 0), at(23, 13, 0), at(23, 1, 0)},
		{"late already", at(23, 3, 0), at(22, 3, 0), at(23, 3, 0)},
		{"the last quiet minute", at(23, 6, 59), at(25, 7, 0), at(23, 7, 0)},
		{"the first loud minute", at(23, 7, 0), at(25, 7, 0), at(23, 7, 0)},
	} {
		if got := nights.wake(c.now, c.due); !got.Equal(c.want) {
			t.Errorf("%s: wake(%v, %v) = %v, want %v", c.name, c.now, c.due, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		org := nights
		org.Quiet.From, org.Quiet.Until = rapid.IntRange(0, 1439).Draw(t, "from"), rapid.IntRange(0, 1439).Draw(t, "until")
		now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 400*24*60).Draw(t, "minute")) * time.Minute)
		due := now.Add(time.Duration(rapid.IntRange(-2*24*60, 4*24*60).Draw(t, "left")) * time.Minute)
		got := org.wake(now, due)
		if got.Before(now) {
			t.Fatalf("wake(%v, %v) = %v, which has passed", now, due, got)
		}
		if hard := due.Add(-hardLimit); got.After(now) && got.After(hard) {
			t.Fatalf("wake(%v, %v) = %v, within twelve hours of the limit", now, due, got)
		}
	})
}

// Valvira ended and Lupa- ja valvontavirasto began at the turn of the year in
// Finland's time; the Ombudsman was there all along.
func TestAuthoritiesAreDated(t *testing.T) {
	turn := day(2026, 1, 1)
	for _, c := range []struct {
		at   time.Time
		key  string
		want bool
	}{
		{turn.Add(-time.Minute), "valvira", true}, {turn.Add(-time.Minute), "lvv", false},
		{turn, "valvira", false}, {turn, "lvv", true},
		{turn.Add(-time.Minute), Ombudsman, true}, {turn, Ombudsman, true}, {turn, "di", true}, {turn, "lead", true}, {turn, "several", true},
	} {
		found := false
		for _, a := range AuthoritiesAt(c.at) {
			found = found || a.Key == c.key
		}
		if found != c.want {
			t.Errorf("%s at %v: %v, want %v", c.key, c.at, found, c.want)
		}
	}
}

// A clock runs by the version of the law that was valid when it started, also
// where the law has changed since.
func TestClockKeepsTheLawOfItsStart(t *testing.T) {
	change := day(2026, 6, 1)
	old := Duty{Key: "x", To: ToAuthority, Ours: true, From: ProcessorAware, Within: Period{Hours: 72}, MetBy: Reported, If: ownData, Until: change}
	next := old
	next.Within, next.Since, next.Until = Period{Hours: 96}, change, time.Time{}
	laws := []Regime{{Key: "law", Always: true, Duties: []Duty{old, next}}}
	for _, c := range []struct {
		aware time.Time
		hours int
	}{{change.Add(-time.Minute), 72}, {change, 96}} {
		r := &Record{ID: "r", Part: AsController, Marks: []Mark{{Moment: ProcessorAware, At: c.aware, Sure: Known}}}
		r.reckon(laws, change.AddDate(0, 1, 0), func() string { return "d" })
		if len(r.Deadlines) != 1 || r.Deadlines[0].Within.Hours != c.hours {
			t.Errorf("aware at %v: clocks %+v, want one of %d hours", c.aware, r.Deadlines, c.hours)
		}
	}
}
