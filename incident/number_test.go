package incident_test

import (
	"encoding/json"
	"errors"
	"testing"

	"hatakello/incident"
	"hatakello/templates"

	"pgregory.net/rapid"
)

func TestParseCount(t *testing.T) {
	exact := func(n int) incident.Count { return incident.Count{Low: n, High: n, Certainty: incident.CountExact} }
	about := func(n int) incident.Count { return incident.Count{Low: n, High: n, Certainty: incident.CountAbout} }
	span := func(a, b int) incident.Count {
		return incident.Count{Low: a, High: b, Certainty: incident.CountRange}
	}
	unknown := incident.Count{Certainty: incident.CountUnknown}
	tests := []struct {
		text string
		want incident.Count
	}{
		{"0", exact(0)}, {"7", exact(7)}, {"12500", exact(12500)}, {" 12500 ", exact(12500)},
		{"12 500", exact(12500)}, {"12\u00a0500", exact(12500)}, {"12\u202f500", exact(12500)}, {"12\u2009500", exact(12500)},
		{"1 234 567", exact(1234567)}, {"007", exact(7)}, {"999999999999", exact(999999999999)},
		{"noin 12 500", about(12500)}, {"Noin 12\u00a0500", about(12500)}, {"n. 12500", about(12500)},
		{"cirka 12 500", about(12500)}, {"ca 12 500", about(12500)}, {"ca. 12 500", about(12500)}, {"c:a 12 500", about(12500)},
		{"about 12 500", about(12500)}, {"approx. 12 500", about(12500)}, {"ungefär 40", about(40)}, {"~12500", about(12500)},
		{"12 000–13 000", span(12000, 13000)}, {"12 000-13 000", span(12000, 13000)}, {"12000 – 13000", span(12000, 13000)},
		{"12 000−13 000", span(12000, 13000)}, {"noin 12 000–13 000", span(12000, 13000)}, {"5-5", exact(5)},
		{"", unknown}, {"  ", unknown}, {"?", unknown}, {"Ei tiedossa", unknown}, {"inte känt", unknown}, {"not known", unknown},
	}
	for _, tt := range tests {
		got, err := incident.ParseCount(tt.text)
		if err != nil || got != tt.want {
			t.Errorf("ParseCount(%q) = %+v, %v, want %+v", tt.text, got, err, tt.want)
		}
	}
}

func TestParseCountRefuses(t *testing.T) {
	tests := []struct {
		text string
		kind incident.CountErrorKind
		hint string
	}{
		{"12.500", incident.CountAmbiguous, "12 500"},
		{"noin 12.500", incident.CountAmbiguous, "12 500"},
		{"12,500", incident.CountAmbiguous, "12 500"},
		{"1.234.567", incident.CountAmbiguous, "1 234 567"},
		{"12 000–13.000", incident.CountAmbiguous, "13 000"},
		{"12,5", incident.CountFraction, ""},
		{"12.5", incident.CountFraction, ""},
		{"12 500,0", incident.CountFraction, ""},
		{"13 000–12 000", incident.CountBackwards, "12000-13000"},
		{"1234567890123", incident.CountTooLarge, ""},
		{"12 50", incident.CountUnparsable, ""},
		{"1 2500", incident.CountUnparsable, ""},
		{"-5", incident.CountUnparsable, ""},
		{"5-", incident.CountUnparsable, ""},
		{"1-2-3", incident.CountUnparsable, ""},
		{"noin", incident.CountUnparsable, ""},
		{"yli 500", incident.CountUnparsable, ""},
		{"about noin 5", incident.CountUnparsable, ""},
		{"12k", incident.CountUnparsable, ""},
		{"١٢", incident.CountUnparsable, ""},
	}
	for _, tt := range tests {
		got, err := incident.ParseCount(tt.text)
		var e *incident.CountError
		if !errors.As(err, &e) || e.Kind != tt.kind || e.Hint != tt.hint || e.Text != tt.text {
			t.Errorf("ParseCount(%q) = %+v, %#v, want %s with hint %q", tt.text, got, err, tt.kind, tt.hint)
		}
	}
}

// TestCountComesBack says that a count survives its text form, and that what we
// print in Finnish and Swedish can be typed in. English thousands cannot.
func TestCountComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := incident.Count{Certainty: rapid.SampledFrom([]incident.CountCertainty{
			incident.CountExact, incident.CountAbout, incident.CountRange, incident.CountUnknown}).Draw(t, "certainty")}
		if c.Known() {
			c.Low = rapid.IntRange(0, 1e9).Draw(t, "low")
			c.High = c.Low
		}
		if c.Certainty == incident.CountRange {
			c.High += rapid.IntRange(1, 1e9).Draw(t, "more")
		}
		data, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		var back incident.Count
		if err := json.Unmarshal(data, &back); err != nil || back != c {
			t.Fatalf("%s comes back as %+v, %v, want %+v", data, back, err, c)
		}
		for _, l := range []templates.Lang{templates.FI, templates.SV} {
			shown := templates.Count(l, c.Low, c.High, string(c.Certainty))
			if got, err := incident.ParseCount(shown); err != nil || got != c {
				t.Fatalf("%q is read as %+v, %v, want %+v", shown, got, err, c)
			}
		}
		a := c.Amount()
		if a.Low != c.Low || a.Sure != string(c.Certainty) || a.Blank() == c.Known() || (a.High != 0) != (c.Certainty == incident.CountRange) {
			t.Fatalf("Amount of %+v = %+v", c, a)
		}
	})
}
