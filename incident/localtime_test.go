package incident_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// typed is when the texts of these tests are typed: to 12.3.2026 klo 15.00.
const typed = "2026-03-12T15:00+02:00"

func TestParseLocal(t *testing.T) {
	tests := []struct{ text, want string }{
		{"12.3.2026 klo 14.05", "2026-03-12T12:05Z"},
		{"12.03.2026 14.05", "2026-03-12T12:05Z"},
		{"12.3. 14.05", "2026-03-12T12:05Z"},
		{"12.3. klo 14:05", "2026-03-12T12:05Z"},
		{"12.3.2026 1405", "2026-03-12T12:05Z"},
		{"2026-03-12 14:05", "2026-03-12T12:05Z"},
		{"2026-03-12T14:05", "2026-03-12T12:05Z"},
		{"2026-03-12 klo 14.05", "2026-03-12T12:05Z"},
		{"to 12.3.2026 klo 14.05", "2026-03-12T12:05Z"},
		{"torstaina 12.3.2026 klo 14", "2026-03-12T12:00Z"},
		{"Torstai 12. maaliskuuta 2026 klo 14.05", "2026-03-12T12:05Z"},
		{"to 12.3.2026 kl. 14.05", "2026-03-12T12:05Z"},
		{"torsdag 12 mars 2026 kl. 14.05", "2026-03-12T12:05Z"},
		{"12.3 kl 14.05", "2026-03-12T12:05Z"},
		{"12.10 klo 14.05", "2025-10-12T11:05Z"},
		{"12.10 14:05", "2025-10-12T11:05Z"},
		{"12.3 14.05", "2026-03-12T12:05Z"},
		{"Thu 12 March 2026, 14:05", "2026-03-12T12:05Z"},
		{"March 12, 2026 at 14:05", "2026-03-12T12:05Z"},
		{"12 mars 1405", ""}, // the year 1405
		{"klo 14.05 12.3.2026", "2026-03-12T12:05Z"},
		{"  12.3.2026\u00a0klo\u202f14.05 ", "2026-03-12T12:05Z"},
		{"12.3.2026 klo 14.05.30", "2026-03-12T12:05:30Z"},
		{"12.3.2026 klo 9.05", "2026-03-12T07:05Z"},
		{"12.3.2026 klo 0.00", "2026-03-11T22:00Z"},
		{"24.12.2030 12.00", "2030-12-24T10:00Z"}, // a full date may lie ahead
		// A date without a year is the nearest past one.
		{"13.3. 14.05", "2025-03-13T12:05Z"},
		{"31.12. 23.59", "2025-12-31T21:59Z"},
		{"29.2. 12.00", "2024-02-29T10:00Z"},
		// A time alone is today's or yesterday's.
		{"14.05", "2026-03-12T12:05Z"},
		{"1405", "2026-03-12T12:05Z"},
		{"klo14.05", "2026-03-12T12:05Z"},
		{"kl. 3.12", "2026-03-12T01:12Z"},
		{"klo 3.12", "2026-03-12T01:12Z"},
		{"15.00", "2026-03-12T13:00Z"},
		{"15.01", "2026-03-11T13:01Z"},
		{"23:59", "2026-03-11T21:59Z"},
		{"to 14.05", "2026-03-12T12:05Z"},
		{"ke klo 14.05", "2026-03-11T12:05Z"},
		{"tänään 14.05", "2026-03-12T12:05Z"},
		{"eilen klo 23.40", "2026-03-11T21:40Z"},
		{"23.40 igår", "2026-03-11T21:40Z"},
		// Offsets and names settle the zone.
		{"2026-03-12T14:05:00+02:00", "2026-03-12T12:05Z"},
		{"2026-03-12T14:05:07.999Z", "2026-03-12T14:05:07Z"},
		{"2026-03-12T14:05-05:00", "2026-03-12T19:05Z"},
		{"2026-03-12 14:05+0530", "2026-03-12T08:35Z"},
		{"12.3.2026 klo 14.05 UTC", "2026-03-12T14:05Z"},
		{"12.3.2026 klo 14.05Z", "2026-03-12T14:05Z"},
		{"12.3.2026 klo 14.05 (UTC+2)", "2026-03-12T12:05Z"},
		{"12.3.2026 klo 14.05 UTC+3", "2026-03-12T11:05Z"},
		{"11.3.2026 klo 21.35 (UTC−2:30)", "2026-03-12T00:05Z"},
		{"12.3.2026 klo 14.05 +3", "2026-03-12T11:05Z"},
		{"14:05Z", "2026-03-11T14:05Z"}, // 16.05 here has not come yet
		{"25.10.2025 klo 3.30 kesäaikaa", "2025-10-25T00:30Z"},
		{"26.10.2025 klo 3.30 kesäaika", "2025-10-26T00:30Z"},
		{"26.10.2025 klo 3.30 talviaika", "2025-10-26T01:30Z"},
		{"26.10.2025 klo 3.30 EEST", "2025-10-26T00:30Z"},
		{"26.10.2025 klo 3.30 (EET)", "2025-10-26T01:30Z"},
		{"26.10.2025 kl. 3.30 vintertid", "2025-10-26T01:30Z"},
		{"26 October 2025, 03:30 summer time", "2025-10-26T00:30Z"},
		{"2026-10-25T03:30+03:00", "2026-10-25T00:30Z"},
		{"2026-10-25T03:30+02:00", "2026-10-25T01:30Z"},
		{"25.10.2026 klo 3.30 (UTC+2)", "2026-10-25T01:30Z"},
		{"29.3.2026 klo 3.30 (UTC+2)", "2026-03-29T01:30Z"},
		{"29.3.2026 klo 2.59", "2026-03-29T00:59Z"},
		{"29.3.2026 klo 4.00", "2026-03-29T01:00Z"},
		{"25.10.2026 klo 2.59", "2026-10-24T23:59Z"},
		{"25.10.2026 klo 4.00", "2026-10-25T02:00Z"},
	}
	helsinki, now := zone(t, "Europe/Helsinki"), minute(t, typed)
	for _, tt := range tests {
		got, err := incident.ParseLocal(tt.text, now, helsinki)
		if tt.want == "" {
			if err == nil {
				t.Errorf("ParseLocal(%q) = %v, want an error", tt.text, got)
			}
			continue
		}
		layout := "2006-01-02T15:04Z07:00"
		if len(tt.want) > len("2026-03-12T12:05Z") {
			layout = time.RFC3339
		}
		want, e := time.Parse(layout, tt.want)
		if e != nil {
			t.Fatal(e)
		}
		if err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("ParseLocal(%q) = %v, %v, want %v", tt.text, got, err, want)
		}
	}
}

func TestParseLocalRefuses(t *testing.T) {
	tests := []struct {
		text          string
		kind          incident.LocalTimeKind
		first, second string
	}{
		{"29.3.2026 klo 3.30", incident.LocalMissing, "2026-03-29T02:30+02:00", "2026-03-29T04:30+03:00"},
		{"2027-03-28T03:30", incident.LocalMissing, "2027-03-28T02:30+02:00", "2027-03-28T04:30+03:00"},
		{"29.3.2026 klo 3.30 kesäaika", incident.LocalMissing, "2026-03-29T02:30+02:00", "2026-03-29T04:30+03:00"},
		{"25.10.2026 klo 3.30", incident.LocalAmbiguous, "2026-10-25T03:30+03:00", "2026-10-25T03:30+02:00"},
		{"2026-10-25T03:30", incident.LocalAmbiguous, "2026-10-25T03:30+03:00", "2026-10-25T03:30+02:00"},
		{"26.10. klo 3.00", incident.LocalAmbiguous, "2025-10-26T03:00+03:00", "2025-10-26T03:00+02:00"},
		{"12.1.2026 klo 14.05 kesäaika", incident.LocalSeason, "2026-01-12T14:05+02:00", "2026-01-12T14:05+02:00"},
		{"12.1.2026 klo 14.05 EEST", incident.LocalSeason, "2026-01-12T14:05+02:00", "2026-01-12T14:05+02:00"},
		{"12.1.2026 klo 14.05 CET", incident.LocalSeason, "2026-01-12T14:05+02:00", "2026-01-12T14:05+02:00"},
		{"12.3. klo 15.01", incident.LocalFuture, "2025-03-12T15:01+02:00", "2026-03-12T15:01+02:00"},
		{"tänään 15.01", incident.LocalFuture, "2026-03-11T15:01+02:00", "2026-03-12T15:01+02:00"},
		{"ma 12.3.2026 klo 14.05", incident.LocalWeekday, "2026-03-12T14:05+02:00", ""},
		{"ma klo 14.05", incident.LocalWeekday, "", ""},
		{"12.3.2026", incident.LocalNoTime, "2026-03-12T00:00+02:00", "2026-03-13T00:00+02:00"},
		{"12.3.", incident.LocalNoTime, "2026-03-12T00:00+02:00", "2026-03-13T00:00+02:00"},
		{"29.3.2026", incident.LocalNoTime, "2026-03-29T00:00+02:00", "2026-03-30T00:00+03:00"},
		{"12.3.1926 klo 14.05", incident.LocalYear, "", ""},
		{"12.3.26", incident.LocalUnclear, "", ""},
		{"12.3.26 14.05", incident.LocalUnclear, "", ""},
		{"14.05.30", incident.LocalUnclear, "", ""},
		{"12/3/2026 14:05", incident.LocalUnclear, "", ""},
		{"12.3. 2026", incident.LocalUnclear, "", ""},
		{"12.3. 2026 14.05", incident.LocalUnclear, "", ""},
		{"12.10 14.05", incident.LocalUnclear, "", ""},
		{"14.05 15.06", incident.LocalUnclear, "", ""},
		{"14:05-15:30", incident.LocalUnclear, "", ""},
		{"12.3.2026 14.05 EET UTC+2", incident.LocalUnclear, "", ""},
		{"", incident.LocalUnparsable, "", ""},
		{"klo", incident.LocalUnparsable, "", ""},
		{"ma", incident.LocalUnparsable, "", ""},
		{"14", incident.LocalUnparsable, "", ""},
		{"24.00", incident.LocalUnparsable, "", ""},
		{"12.3.2026 klo 14.60", incident.LocalUnparsable, "", ""},
		{"31.2.2026 klo 14.05", incident.LocalUnparsable, "", ""},
		{"30.2. 14.05", incident.LocalUnparsable, "", ""},
		{"12.13.2026 14.05", incident.LocalUnparsable, "", ""},
		{"0.3.2026 14.05", incident.LocalUnparsable, "", ""},
		{"12.3.2026 14.05 noin", incident.LocalUnparsable, "", ""},
		{"noin 14.05", incident.LocalUnparsable, "", ""},
		{"2026-03-12T14:05+15:00", incident.LocalUnparsable, "", ""},
		{"12.3.–15.3.2026", incident.LocalUnparsable, "", ""},
		{"2:05 pm", incident.LocalUnparsable, "", ""},
		{"12.3.2026 14.05" + strings.Repeat(" ", 100), incident.LocalUnparsable, "", ""},
	}
	helsinki, now := zone(t, "Europe/Helsinki"), minute(t, typed)
	for _, tt := range tests {
		got, err := incident.ParseLocal(tt.text, now, helsinki)
		var e *incident.LocalTimeError
		if !errors.As(err, &e) {
			t.Errorf("ParseLocal(%q) = %v, %v, want %s", tt.text, got, err, tt.kind)
			continue
		}
		if e.Kind != tt.kind || e.Text != tt.text || !sameInstant(t, e.First, tt.first) || !sameInstant(t, e.Second, tt.second) {
			t.Errorf("ParseLocal(%q): %v, %v, %v, want %s, %s, %s", tt.text, err, e.First.In(helsinki), e.Second.In(helsinki), tt.kind, tt.first, tt.second)
		}
	}
}

func sameInstant(t *testing.T, got time.Time, want string) bool {
	t.Helper()
	if want == "" {
		return got.IsZero()
	}
	return got.Equal(minute(t, want)) && got.Location() == time.UTC
}

// A time alone, typed in the night of a clock change.
func TestTimeAloneInAChangingNight(t *testing.T) {
	helsinki := zone(t, "Europe/Helsinki")
	tests := []struct{ now, text, want string }{
		{"2026-10-25T03:45+03:00", "3.30", "2026-10-25T03:30+03:00"}, // the second pass has not come
		{"2026-10-25T03:45+02:00", "3.30", "ambiguous"},
		{"2026-10-25T03:15+03:00", "3.30", "2026-10-24T03:30+03:00"},
		{"2026-10-26T02:00+02:00", "3.30", "ambiguous"}, // yesterday's
		{"2026-03-29T12:00+03:00", "3.30", "missing"},
		{"2026-03-29T02:00+02:00", "3.30", "2026-03-28T03:30+02:00"},
		{"2026-03-30T03:00+03:00", "3.30", "missing"},
	}
	for _, tt := range tests {
		got, err := incident.ParseLocal(tt.text, minute(t, tt.now), helsinki)
		var e *incident.LocalTimeError
		if errors.As(err, &e) {
			if string(e.Kind) != tt.want {
				t.Errorf("%s at %s: %v, want %s", tt.text, tt.now, err, tt.want)
			}
		} else if got.In(helsinki).Format("2006-01-02T15:04Z07:00") != tt.want {
			t.Errorf("%s at %s = %v, want %s", tt.text, tt.now, got.In(helsinki), tt.want)
		}
	}
}

func TestClockVectorsInvalidInputs(t *testing.T) {
	v := readClockVectors(t)
	want := []incident.LocalTimeKind{incident.LocalMissing, incident.LocalAmbiguous}
	if len(v.Invalid) != len(want) {
		t.Fatalf("%d invalid inputs, want %d", len(v.Invalid), len(want))
	}
	for i, in := range v.Invalid {
		text, _, _ := strings.Cut(in.Local, " ")
		_, err := incident.ParseLocal(text, minute(t, typed), zone(t, v.Timezone))
		var e *incident.LocalTimeError
		if !errors.As(err, &e) || e.Kind != want[i] {
			t.Errorf("ParseLocal(%q): %v, want %s", text, err, want[i])
		}
	}
}

func TestParseLocalDay(t *testing.T) {
	helsinki, now := zone(t, "Europe/Helsinki"), minute(t, typed)
	for text, want := range map[string]string{
		"12.3.2026": "2026-03-11T22:00Z", "12.03.": "2026-03-11T22:00Z", "2026-03-12": "2026-03-11T22:00Z",
		"to 12. maaliskuuta 2026": "2026-03-11T22:00Z", "13.3.": "2025-03-12T22:00Z", "eilen": "2026-03-10T22:00Z",
		"12.3.2026 14.05": "", "14.05": "", "": "", "pe 12.3.2026": "",
	} {
		got, err := incident.ParseLocalDay(text, now, helsinki)
		if (err != nil) != (want == "") || !sameInstant(t, got, want) {
			t.Errorf("ParseLocalDay(%q) = %v, %v, want %q", text, got, err, want)
		}
	}
}
