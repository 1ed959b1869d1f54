package risk

import (
	"encoding/json"
	"testing"
)

// differing are the cases whose proposal differs from the official outcome;
// docs/assessment-precedents.md gives the reason for each.
var differing = map[string]Tier{
	"EDPB-15": Risk, // Art. 9 data is a forced minimum; the source lets two lactose intolerances pass
}

func TestCases(t *testing.T) {
	if n := len(precedentCases()); n != 28 {
		t.Fatalf("cases = %d, want 28", n)
	}
	for _, c := range precedentCases() {
		f, err := Parse(c.Facts)
		if err != nil {
			t.Fatalf("%s: %v", c.ID, err)
		}
		p := Assess(f)
		if want, ok := differing[c.ID]; ok {
			if p.Tier != want {
				t.Errorf("%s: tier %v, listed as differing with %v", c.ID, p.Tier, want)
			}
			continue
		}
		if w := c.Outcome.Tier; w != "depends" && p.Tier.String() != w {
			t.Errorf("%s: tier %v, want %s (%s)", c.ID, p.Tier, w, fired(p))
		}
		if w := c.Outcome.Notify; w != "depends" && p.Notify != (w == "yes") {
			t.Errorf("%s: notify %v, want %s", c.ID, p.Notify, w)
		}
		if w := c.Outcome.Tell; w != "depends" && p.Tell != w {
			t.Errorf("%s: tell %s, want %s (%s)", c.ID, p.Tell, w, fired(p))
		}
		if p.Precedents[0].Alike < 99 {
			t.Errorf("%s: the nearest case is %s at %d %%, want itself", c.ID, p.Precedents[0].ID, p.Precedents[0].Alike)
		}
	}
}

func fired(p Proposal) string {
	s := ""
	for _, r := range p.Reasons {
		s += " " + r.Rule
	}
	return s
}

// TestOtherEncodings enters the same cases as somebody else might: fewer
// keys, other words for the same thing.
func TestOtherEncodings(t *testing.T) { testTiers(t, "testdata/other-encodings.json") }

// TestFurtherCases holds out further published kinds of breaches, entered in
// the plain vocabulary, with the outcome a regulator would expect.
func TestFurtherCases(t *testing.T) { testTiers(t, "testdata/further-cases.json") }

func testTiers(t *testing.T, file string) {
	var list []struct {
		Name  string
		Tier  Tier
		Tell  string
		Facts json.RawMessage
	}
	readJSON(t, file, &list)
	if len(list) < 20 {
		t.Fatalf("%s holds %d cases, want at least 20", file, len(list))
	}
	for _, c := range list {
		f, err := Parse(c.Facts)
		if err != nil {
			t.Errorf("%s: %v", c.Name, err)
			continue
		}
		p := Assess(f)
		if p.Tier != c.Tier || c.Tell != "" && p.Tell != c.Tell {
			t.Errorf("%s: %v, tell %s; want %v, tell %s (%s)", c.Name, p.Tier, p.Tell, c.Tier, c.Tell, fired(p))
		}
	}
}
