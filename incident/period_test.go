package incident_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"
	_ "time/tzdata"

	"hatakello/incident"
)

// clockVectors is testdata/clock-vectors.json, whose field "source" names
// where the figures come from.
type clockVectors struct {
	Timezone string
	Vectors  []struct {
		ID, Note  string
		Hours     int
		Aware     string `json:"aware_local"`
		AwareUTC  string `json:"aware_utc"`
		Strict    string `json:"deadline_strict_local"`
		StrictUTC string `json:"deadline_strict_utc"`
		Start     string `json:"reg1182_period_start_local"`
		End       string `json:"reg1182_period_end_local"`
		Wrong     string `json:"wrong_same_wall_clock_local"`
		WrongBy   int    `json:"wrong_error_minutes"`
	}
	Invalid []struct{ Local, Why string } `json:"invalid_inputs"`
	Multi   struct {
		Clocks []struct {
			Party    string
			Aware    string
			Informed string
			Phoned   string `json:"informed_by_phone"`
			Bounced  string `json:"first_mail_bounced"`
			Knew     string `json:"learned_itself_from_data_subject"`
			Strict   string `json:"deadline_strict"`
		}
	} `json:"multi_controller"`
}

func readClockVectors(t *testing.T) clockVectors {
	t.Helper()
	data, err := os.ReadFile("testdata/clock-vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v clockVectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// minute reads a vector's time, which has an offset and no seconds.
func minute(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04Z07:00", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestClockVectors(t *testing.T) {
	v := readClockVectors(t)
	helsinki := zone(t, v.Timezone)
	if len(v.Vectors) != 12 {
		t.Fatalf("%d vectors, want 12", len(v.Vectors))
	}
	for _, tt := range v.Vectors {
		t.Run(tt.ID, func(t *testing.T) {
			const form = "2006-01-02T15:04Z07:00"
			aware, p := minute(t, tt.Aware), incident.Period{Hours: tt.Hours}
			if got := aware.UTC().Format(form); got != tt.AwareUTC {
				t.Errorf("aware = %s, want %s", got, tt.AwareUTC)
			}
			strict, outer := p.After(aware, helsinki), p.Outer(aware, helsinki)
			if got := strict.Format(form); got != tt.StrictUTC {
				t.Errorf("After = %s, want %s", got, tt.StrictUTC)
			}
			if got := strict.In(helsinki).Format(form); got != tt.Strict {
				t.Errorf("After, local = %s, want %s", got, tt.Strict)
			}
			if got := outer.In(helsinki).Format(form); got != tt.End {
				t.Errorf("Outer = %s, want %s", got, tt.End)
			}
			start := outer.Add(-time.Duration(tt.Hours) * time.Hour)
			if got := start.In(helsinki).Format(form); got != tt.Start {
				t.Errorf("start of the period = %s, want %s", got, tt.Start)
			}
			// The vectors' mistake, calendar days, is what Days counts.
			days := incident.Period{Days: tt.Hours / 24}.After(aware, helsinki)
			if got := days.In(helsinki).Format(form); got != tt.Wrong {
				t.Errorf("calendar days = %s, want %s", got, tt.Wrong)
			}
			if got := int(days.Sub(strict).Minutes()); got != tt.WrongBy {
				t.Errorf("calendar days differ by %d min, want %d", got, tt.WrongBy)
			}
		})
	}
}

// TestFourClocks counts the clocks of one incident, each from the earliest
// moment at which that party knew. A mail that bounced informed nobody.
func TestFourClocks(t *testing.T) {
	v := readClockVectors(t)
	helsinki := zone(t, v.Timezone)
	if len(v.Multi.Clocks) != 4 {
		t.Fatalf("%d clocks, want 4", len(v.Multi.Clocks))
	}
	for _, c := range v.Multi.Clocks {
		var first time.Time
		for _, s := range []string{c.Aware, c.Informed, c.Phoned, c.Knew} {
			if s == "" {
				continue
			}
			if at := minute(t, s); first.IsZero() || at.Before(first) {
				first = at
			}
		}
		got := incident.Period{Hours: 72}.After(first, helsinki)
		if want := minute(t, c.Strict); !got.Equal(want) {
			t.Errorf("%s: deadline %v, want %v", c.Party, got, want)
		}
	}
}

func TestPeriodCalendar(t *testing.T) {
	tests := []struct {
		name, period, from, after, outer string
	}{
		{"January's last day clamps", "1mo", "2026-01-31T10:00+02:00", "2026-02-28T10:00+02:00", "2026-03-01T00:00+02:00"},
		{"in a leap year too", "1mo", "2028-01-31T10:00+02:00", "2028-02-29T10:00+02:00", "2028-03-01T00:00+02:00"},
		{"leap day and a year", "12mo", "2028-02-29T10:00+02:00", "2029-02-28T10:00+02:00", "2029-03-01T00:00+02:00"},
		{"over the year's end", "1mo", "2026-12-31T23:59+02:00", "2027-01-31T23:59+02:00", "2027-02-01T00:00+02:00"},
		{"two months skip February", "2mo", "2026-12-31T08:00+02:00", "2027-02-28T08:00+02:00", "2027-03-01T00:00+02:00"},
		{"a month into summer time", "1mo", "2026-03-12T14:05+02:00", "2026-04-12T14:05+03:00", "2026-04-13T00:00+03:00"},
		{"the zone decides the date", "1mo", "2026-01-30T22:30Z", "2026-02-28T00:30+02:00", "2026-03-01T00:00+02:00"},
		{"days over the clock change", "14d", "2026-10-20T14:05+03:00", "2026-11-03T14:05+02:00", "2026-11-04T00:00+02:00"},
		{"ends on a Sunday at Christmas", "14d", "2027-12-12T09:00+02:00", "2027-12-26T09:00+02:00", "2027-12-27T00:00+02:00"},
		{"skipped hour: the skip itself", "14d", "2026-03-15T03:30+02:00", "2026-03-29T04:00+03:00", "2026-03-30T00:00+03:00"},
		{"repeated hour: the first pass", "14d", "2026-10-11T03:30+03:00", "2026-10-25T03:30+03:00", "2026-10-26T00:00+02:00"},
		{"from the second pass", "14d", "2026-10-25T03:30+02:00", "2026-11-08T03:30+02:00", "2026-11-09T00:00+02:00"},
		{"hour with seconds", "24h", "2026-11-25T10:59+02:00", "2026-11-26T10:59+02:00", "2026-11-26T11:00+02:00"},
		{"no fixed limit", "0h", "2026-11-25T10:59+02:00", "2026-11-25T10:59+02:00", "2026-11-25T10:59+02:00"},
	}
	helsinki := zone(t, "Europe/Helsinki")
	for _, tt := range tests {
		p, err := incident.ParsePeriod(tt.period)
		if err != nil {
			t.Fatal(err)
		}
		from := minute(t, tt.from)
		if got, want := p.After(from, helsinki), minute(t, tt.after); !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s: After = %v, want %v in UTC", tt.name, got, want)
		}
		if got, want := p.Outer(from, helsinki), minute(t, tt.outer); !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s: Outer = %v, want %v in UTC", tt.name, got, want)
		}
	}
}

// Havana sets clocks back at one, so that midnight comes twice; Beirut skips
// midnight in spring.
func TestOuterMidnightThatRepeatsOrIsMissing(t *testing.T) {
	tests := []struct{ zone, from, want string }{
		{"America/Havana", "2026-10-31T12:00-04:00", "2026-11-01T00:00-04:00"},
		{"Asia/Beirut", "2026-03-28T12:00+02:00", "2026-03-29T01:00+03:00"},
	}
	for _, tt := range tests {
		from := minute(t, tt.from)
		p := incident.Period{Days: 1}
		got := p.Outer(from.AddDate(0, 0, -1), zone(t, tt.zone))
		if want := minute(t, tt.want); !got.Equal(want) {
			t.Errorf("%s: Outer = %v, want %v", tt.zone, got, want)
		}
	}
}

func TestPeriodText(t *testing.T) {
	for _, s := range []string{"72h", "14d", "1mo", "0h", "9999h"} {
		var p incident.Period
		if err := json.Unmarshal([]byte(`"`+s+`"`), &p); err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(p)
		if err != nil || string(got) != `"`+s+`"` {
			t.Errorf("%s comes back as %s, %v", s, got, err)
		}
		if p.Zero() != (s == "0h") {
			t.Errorf("Zero(%s) = %v", s, p.Zero())
		}
	}
	for _, s := range []string{"", "h", "72", "72 h", "-1h", "+1h", "1.5h", "1mo2d", "1m", "72H", "10000h", "99999999999999999999h", "٣h"} {
		if p, err := incident.ParsePeriod(s); err == nil {
			t.Errorf("ParsePeriod(%q) = %v, want an error", s, p)
		}
	}
	for _, p := range []incident.Period{{Hours: 1, Days: 1}, {Hours: -72}, {Months: 10_000}} {
		if got, err := p.MarshalText(); err == nil {
			t.Errorf("MarshalText(%+v) = %s, want an error", p, got)
		}
	}
}
