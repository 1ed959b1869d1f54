package incident_test

import (
	"errors"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/templates"

	"pgregory.net/rapid"
)

// writers are the ways in which we print an instant that can be typed back.
var writers = []func(templates.Lang, time.Time, *time.Location) string{
	templates.DateTime, templates.WeekdayDateTime, templates.DateTimeZone}

// checkPrinted says what is wrong with reading back what is printed for at, or
// "". In a repeated hour the print without a zone must be asked about.
func checkPrinted(at time.Time, z *time.Location) string {
	want := at.Truncate(time.Minute)
	for i, write := range writers {
		for _, l := range []templates.Lang{templates.FI, templates.SV, templates.EN} {
			text := write(l, at, z)
			got, err := incident.ParseLocal(text, at, z)
			var e *incident.LocalTimeError
			asked := errors.As(err, &e) && e.Kind == incident.LocalAmbiguous && e.First.Before(e.Second) &&
				(e.First.Equal(want) || e.Second.Equal(want))
			if !got.Equal(want) && !(asked && i < 2) {
				return text + ": read as " + got.String()
			}
		}
	}
	return ""
}

func TestPrintedTimesAreReadBack(t *testing.T) {
	changesOf := map[string][]time.Time{}
	for _, name := range propZones {
		changesOf[name] = clockChanges(zone(t, name))
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(propZones).Draw(t, "zone")
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		at := drawInstant(t, "at")
		if changes := changesOf[name]; len(changes) > 0 && rapid.Bool().Draw(t, "near a clock change") {
			at = rapid.SampledFrom(changes).Draw(t, "change").Add(time.Duration(rapid.IntRange(-7200, 7200).Draw(t, "s")) * time.Second)
		}
		if bad := checkPrinted(at, z); bad != "" {
			t.Fatalf("%v: %s", at, bad)
		}
	})
}

func FuzzParseLocal(f *testing.F) {
	for _, s := range []string{"12.3.2026 klo 14.05", "to 12.3. kl. 1405", "Thu 12 March 2026, 14:05 (UTC+2)", "2026-10-25T03:30+03:00",
		"25.10.2026 klo 3.30 talviaika", "eilen 23.40", "29.3.2026 3.30", "12.3.26", "klo 3", "29.2. 1.00", "\xff12.3.\u2007"} {
		f.Add(s)
	}
	helsinki, now := zone(f, "Europe/Helsinki"), minute(f, typed)
	f.Fuzz(func(t *testing.T, text string) {
		at, err := incident.ParseLocal(text, now, helsinki)
		if err != nil {
			var e *incident.LocalTimeError
			if !errors.As(err, &e) || e.Kind == "" || e.Text != text || !at.IsZero() {
				t.Fatalf("ParseLocal(%q) = %v, %#v", text, at, err)
			}
			return
		}
		if at.Location() != time.UTC || at.Nanosecond() != 0 {
			t.Fatalf("ParseLocal(%q) = %v, not whole seconds of UTC", text, at)
		}
		if y := at.In(helsinki).Year(); y < 1970 || y > 2199 {
			return // an offset carried it over the edge of what can be typed here
		}
		if bad := checkPrinted(at, helsinki); bad != "" {
			t.Fatalf("ParseLocal(%q) = %v, but %s", text, at, bad)
		}
	})
}
