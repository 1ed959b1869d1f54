package templates

import (
	"bytes"
	"encoding/json"
	"math"
	"os/exec"
	"testing"
	"time"
	_ "time/tzdata"
)

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse("2006-01-02T15:04Z07:00", s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDatesAndTimes(t *testing.T) {
	type form func(Lang, time.Time, *time.Location) string
	tests := []struct {
		name       string
		f          form
		at         string
		fi, sv, en string
	}{
		{"date", Date, "2026-03-12T14:05+02:00", "12.3.2026", "12.3.2026", "12 March 2026"},
		{"weekday and date", WeekdayDate, "2026-03-12T14:05+02:00", "to 12.3.2026", "to 12.3.2026", "Thu 12 March 2026"},
		{"time", Clock, "2026-03-12T14:05+02:00", "klo 14.05", "kl. 14.05", "14:05"},
		{"small hours", Clock, "2026-03-12T03:12+02:00", "klo 3.12", "kl. 3.12", "03:12"},
		{"midnight", Clock, "2026-03-11T22:00Z", "klo 0.00", "kl. 0.00", "00:00"},
		{"both", WeekdayDateTime, "2026-03-12T14:05+02:00", "to 12.3.2026 klo 14.05", "to 12.3.2026 kl. 14.05", "Thu 12 March 2026, 14:05"},
		{"date and time", DateTime, "2026-03-12T14:05+02:00", "12.3.2026 klo 14.05", "12.3.2026 kl. 14.05", "12 March 2026, 14:05"},
		{"with zone", DateTimeZone, "2026-03-12T12:05Z", "12.3.2026 klo 14.05 (UTC+2)", "12.3.2026 kl. 14.05 (UTC+2)", "12 March 2026, 14:05 (UTC+2)"},
		{"in summer", DateTimeZone, "2026-07-01T12:05Z", "1.7.2026 klo 15.05 (UTC+3)", "1.7.2026 kl. 15.05 (UTC+3)", "1 July 2026, 15:05 (UTC+3)"},
		{"repeated hour, first", DateTimeZone, "2026-10-25T00:30Z", "25.10.2026 klo 3.30 (UTC+3)", "25.10.2026 kl. 3.30 (UTC+3)", "25 October 2026, 03:30 (UTC+3)"},
		{"repeated hour, second", DateTimeZone, "2026-10-25T01:30Z", "25.10.2026 klo 3.30 (UTC+2)", "25.10.2026 kl. 3.30 (UTC+2)", "25 October 2026, 03:30 (UTC+2)"},
		{"local and UTC", Both, "2026-11-23T01:12Z", "ma 23.11.2026 klo 3.12 (UTC+2) · 1.12 UTC", "må 23.11.2026 kl. 3.12 (UTC+2) · 1.12 UTC", "Mon 23 November 2026, 03:12 (UTC+2) · 01:12 UTC"},
		{"local and UTC, dates apart", Both, "2026-11-22T23:12Z", "ma 23.11.2026 klo 1.12 (UTC+2) · su 22.11.2026 klo 23.12 UTC", "må 23.11.2026 kl. 1.12 (UTC+2) · sö 22.11.2026 kl. 23.12 UTC", "Mon 23 November 2026, 01:12 (UTC+2) · Sun 22 November 2026, 23:12 UTC"},
		{"full date", FullDate, "2026-11-22T10:00Z", "sunnuntai 22. marraskuuta 2026", "söndag 22 november 2026", "Sunday 22 November 2026"},
		{"weekday", Weekday, "2026-11-22T22:00Z", "maanantai", "måndag", "Monday"},
	}
	helsinki := mustZone(t, "Europe/Helsinki")
	for _, tt := range tests {
		for l, want := range map[Lang]string{FI: tt.fi, SV: tt.sv, EN: tt.en, "": tt.fi, "de": tt.fi} {
			if got := tt.f(l, instant(t, tt.at), helsinki); got != want {
				t.Errorf("%s, %q: %q, want %q", tt.name, l, got, want)
			}
		}
	}
}

// The 72-hour table of the format vectors: local times on both sides of
// weekends, holidays and clock changes.
func TestSeventyTwoHours(t *testing.T) {
	tests := []struct{ aware, deadline string }{
		{"to 12.3.2026 klo 14.05 (UTC+2)", "su 15.3.2026 klo 14.05 (UTC+2)"},
		{"pe 27.3.2026 klo 16.00 (UTC+2)", "ma 30.3.2026 klo 17.00 (UTC+3)"},
		{"pe 23.10.2026 klo 16.00 (UTC+3)", "ma 26.10.2026 klo 15.00 (UTC+2)"},
		{"ke 23.12.2026 klo 9.30 (UTC+2)", "la 26.12.2026 klo 9.30 (UTC+2)"},
	}
	instants := []string{"2026-03-12T12:05Z", "2026-03-27T14:00Z", "2026-10-23T13:00Z", "2026-12-23T07:30Z"}
	helsinki := mustZone(t, "Europe/Helsinki")
	write := func(at time.Time) string {
		return usageOf(FI).shortDays[at.In(helsinki).Weekday()] + " " + DateTimeZone(FI, at, helsinki)
	}
	for i, tt := range tests {
		aware := instant(t, instants[i])
		if got := write(aware); got != tt.aware {
			t.Errorf("aware: %q, want %q", got, tt.aware)
		}
		if got := write(aware.Add(72 * time.Hour)); got != tt.deadline {
			t.Errorf("deadline: %q, want %q", got, tt.deadline)
		}
	}
}

func TestOffset(t *testing.T) {
	tests := []struct{ zone, want string }{
		{"UTC", "12.3.2026 klo 0.05 (UTC)"},
		{"Asia/Kolkata", "12.3.2026 klo 5.35 (UTC+5:30)"},
		{"America/St_Johns", "11.3.2026 klo 21.35 (UTC\u22122:30)"},
		{"America/New_York", "11.3.2026 klo 20.05 (UTC\u22124)"},
	}
	for _, tt := range tests {
		if got := DateTimeZone(FI, instant(t, "2026-03-12T00:05Z"), mustZone(t, tt.zone)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.zone, got, tt.want)
		}
	}
}

func TestDuration(t *testing.T) {
	tests := []struct {
		d          time.Duration
		fi, sv, en string
	}{
		{72*time.Hour - 2*time.Minute, "2 vrk 23 t 58 min", "2 dygn 23 tim 58 min", "2 d 23 h 58 min"},
		{72 * time.Hour, "3 vrk", "3 dygn", "3 d"},
		{48*time.Hour + 5*time.Minute, "2 vrk 5 min", "2 dygn 5 min", "2 d 5 min"},
		{23*time.Hour + 59*time.Minute + 59*time.Second, "23 t 59 min", "23 tim 59 min", "23 h 59 min"},
		{time.Minute, "1 min", "1 min", "1 min"},
		{59*time.Second + 999*time.Millisecond, "59 s", "59 s", "59 s"},
		{0, "0 s", "0 s", "0 s"},
		{-time.Millisecond, "0 s", "0 s", "0 s"},
		{-90 * time.Minute, "\u22121 t 30 min", "\u22121 tim 30 min", "\u22121 h 30 min"},
	}
	for _, tt := range tests {
		for l, want := range map[Lang]string{FI: tt.fi, SV: tt.sv, EN: tt.en} {
			if got := Duration(l, tt.d); got != want {
				t.Errorf("Duration(%s, %v) = %q, want %q", l, tt.d, got, want)
			}
		}
	}
}

func TestNumbersAndCounts(t *testing.T) {
	for n, want := range map[int][2]string{
		0: {"0", "0"}, 999: {"999", "999"}, 1000: {"1\u00a0000", "1,000"},
		12500: {"12\u00a0500", "12,500"}, 608000: {"608\u00a0000", "608,000"}, 1234567: {"1\u00a0234\u00a0567", "1,234,567"},
		-12500:        {"\u221212\u00a0500", "\u221212,500"},
		math.MinInt64: {"\u22129\u00a0223\u00a0372\u00a0036\u00a0854\u00a0775\u00a0808", "\u22129,223,372,036,854,775,808"},
	} {
		for l, want := range map[Lang]string{FI: want[0], SV: want[0], EN: want[1]} {
			if got := Number(l, n); got != want {
				t.Errorf("Number(%s, %d) = %q, want %q", l, n, got, want)
			}
		}
	}
	tests := []struct {
		low, high  int
		certainty  string
		fi, sv, en string
	}{
		{12500, 0, "exact", "12\u00a0500", "12\u00a0500", "12,500"},
		{12500, 0, "about", "noin 12\u00a0500", "cirka 12\u00a0500", "about 12,500"},
		{12000, 13000, "range", "12\u00a0000–13\u00a0000", "12\u00a0000–13\u00a0000", "12,000–13,000"},
		{0, 0, "unknown", "ei tiedossa", "inte känt", "not known"},
		{5, 5, "", "ei tiedossa", "inte känt", "not known"},
	}
	for _, tt := range tests {
		for l, want := range map[Lang]string{FI: tt.fi, SV: tt.sv, EN: tt.en} {
			if got := Count(l, tt.low, tt.high, tt.certainty); got != want {
				t.Errorf("Count(%s, %d, %d, %s) = %q, want %q", l, tt.low, tt.high, tt.certainty, got, want)
			}
		}
	}
}

// intlDates asks Node's Intl for the weekday and the date of each day of 2028, a
// leap year. Weekday and date are asked apart: together, Finnish bends the
// weekday (sunnuntaina) and British English adds a comma.
const intlDates = `
const out = {};
for (const [key, l] of [["fi", "fi-FI"], ["sv", "sv-FI"], ["en", "en-GB"]]) {
	const day = new Intl.DateTimeFormat(l, {weekday: "long", timeZone: "UTC"});
	const date = new Intl.DateTimeFormat(l, {day: "numeric", month: "long", year: "numeric", timeZone: "UTC"});
	out[key] = [];
	for (let t = Date.UTC(2028, 0, 1); t < Date.UTC(2029, 0, 1); t += 864e5) out[key].push(day.format(t) + " " + date.format(t));
}
console.log(JSON.stringify(out));`

// TestFullDateAgainstIntl needs Node, which the tests of this project declare.
func TestFullDateAgainstIntl(t *testing.T) {
	var out, stderr bytes.Buffer
	cmd := exec.Command("node", "-e", intlDates)
	cmd.Stdout, cmd.Stderr = &out, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("run node: %v\n%s", err, stderr.String())
	}
	var want map[Lang][]string
	if err := json.Unmarshal(out.Bytes(), &want); err != nil {
		t.Fatal(err)
	}
	for _, l := range []Lang{FI, SV, EN} {
		if len(want[l]) != 366 {
			t.Fatalf("%s: %d days from Intl, want 366", l, len(want[l]))
		}
		for i, want := range want[l] {
			day := time.Date(2028, 1, 1+i, 12, 0, 0, 0, time.UTC)
			if got := FullDate(l, day, time.UTC); got != want {
				t.Errorf("FullDate(%s, %s) = %q, want %q", l, day.Format(time.DateOnly), got, want)
			}
		}
	}
}
