package risk

import (
	"encoding/json"
	"os"
	"testing"
)

func readJSON(t *testing.T, file string, to any) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, to); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// vector is a line of testdata/enisa-vectors.json: values by the method of
// ENISA's working document v1.0 of December 2013, set out in quarters.
type vector struct {
	ID       string
	Case     string `json:"edpb_case"`
	DPC      int    `json:"dpc"`
	EI, SE   float64
	C        float64 `json:"cb_confidentiality"`
	I        float64 `json:"cb_integrity"`
	A        float64 `json:"cb_availability"`
	M        float64 `json:"cb_malicious"`
	Quarters int     `json:"se_quarters"`
	Band     string
	Outcome  string `json:"edpb_outcome"`
}

func vectors(t *testing.T) (v, cross []vector) {
	var file struct {
		Vectors []vector
		Cross   []vector `json:"cross_checks"`
	}
	readJSON(t, "testdata/enisa-vectors.json", &file)
	if len(file.Vectors) != 22 || len(file.Cross) != 10 {
		t.Fatalf("vectors, cross-checks = %d, %d, want 22, 10", len(file.Vectors), len(file.Cross))
	}
	return file.Vectors, file.Cross
}

func TestScore(t *testing.T) {
	v, cross := vectors(t)
	for _, v := range append(v, cross...) {
		se, band := score(v.DPC, int(v.EI*4), int((v.C+v.I+v.A+v.M)*4))
		if quarters(se) != v.SE || band != v.Band || v.Quarters != 0 && se != v.Quarters {
			t.Errorf("%s: score = %v %s, want %v %s", v.ID, quarters(se), band, v.SE, v.Band)
		}
	}
}

// adjusted are the corrections that the cross-checks make to a category's
// basic score, which the plain vocabulary cannot express.
var adjusted = map[string][]Adjustment{
	"EDPB-09": {{"financial", -1, "type and amount of insurance only"}},
	"EDPB-16": {{"financial", -2, "premium of one car"}, {"behavioural", -1, "approximate yearly mileage"}},
}

// TestCrossChecks scores the encoded cases and compares every element.
func TestCrossChecks(t *testing.T) {
	_, cross := vectors(t)
	for _, v := range cross {
		f := encoded(t, v.Case)
		f.Severity.Adjust = adjusted[v.Case]
		p := Assess(f)
		e := p.Enisa
		got := vector{ID: v.ID, Case: v.Case, DPC: e.DPC, EI: e.EI, SE: e.SE, C: e.Confidentiality,
			I: e.Integrity, A: e.Availability, M: e.Malicious, Band: e.Band, Outcome: v.Outcome}
		if got != v {
			t.Errorf("%s: got %+v, want %+v", v.ID, got, v)
		}
		if p.Tier.String() != v.Outcome {
			t.Errorf("%s: tier %v, want %s", v.ID, p.Tier, v.Outcome)
		}
	}
}

func encoded(t *testing.T, id string) Facts {
	t.Helper()
	for _, c := range precedentCases() {
		if c.ID == id {
			f, err := Parse(c.Facts)
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
	}
	t.Fatalf("no case %s", id)
	return Facts{}
}
