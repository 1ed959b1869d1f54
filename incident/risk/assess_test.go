package risk

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestFlips puts each flip into the facts as JSON and assesses them again;
// it then tries every answer of one word and misses none.
func TestFlips(t *testing.T) {
	for _, c := range precedentCases() {
		f := encoded(t, c.ID)
		p := Assess(f)
		listed := map[string]bool{}
		for _, flip := range p.Flips {
			listed[flip.Key+"="+asJSON(t, flip.To)] = true
			if got := Assess(changed(t, f, flip)).Tier; got != flip.Tier || got == p.Tier {
				t.Errorf("%s: %v gives %v", c.ID, flip, got)
			}
		}
		for _, a := range answers {
			for _, w := range a.values {
				var to any = w
				if a.flag {
					to = w == "true"
				}
				flip := Flip{Key: a.path, To: to}
				if Assess(changed(t, f, flip)).Tier != p.Tier && !a.extra && !listed[a.path+"="+asJSON(t, to)] {
					t.Errorf("%s: %s = %v changes the tier and is not listed", c.ID, a.path, to)
				}
			}
		}
	}
}

// changed sets one answer by its key, as an outsider with the JSON would.
func changed(t *testing.T, f Facts, flip Flip) Facts {
	t.Helper()
	var tree map[string]any
	if err := json.Unmarshal([]byte(asJSON(t, f)), &tree); err != nil {
		t.Fatal(err)
	}
	if set, word := keyOf(flip.Key); word != "" {
		list, _ := tree[set].([]any)
		if flip.To == true {
			list = append(list, word)
		} else {
			list = slices.DeleteFunc(list, func(v any) bool { return v == word })
		}
		tree[set] = list
	} else {
		at, leaf := tree, flip.Key
		if outer, inner, ok := strings.Cut(flip.Key, "."); ok {
			if tree[outer] == nil {
				tree[outer] = map[string]any{}
			}
			at, leaf = tree[outer].(map[string]any), inner
		}
		at[leaf] = flip.To
	}
	out, err := Parse([]byte(asJSON(t, tree)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestGroups(t *testing.T) {
	b, err := os.ReadFile("testdata/full.json")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	p := Assess(f)
	if len(p.Groups) != 2 || p.Groups[0].Tier != UnlikelyRisk || p.Groups[1].Tier != Risk || p.Tier != Risk || p.Tell != "consider" {
		t.Errorf("groups = %v, tier %v, tell %s", p.Groups, p.Tier, p.Tell)
	}
	if e := p.Enisa; e.EI != 0.75 || e.Reason != "no address" || len(p.Evidence) != 0 {
		t.Errorf("enisa = %+v, evidence %v", e, p.Evidence)
	}
	f.Certainty = nil
	f.Groups = []Group{{Name: "a", People: People{Count: new(int64(60))}}, {Name: "b", People: People{Count: new(int64(60))}}}
	if p := Assess(f); p.Tier != Risk || p.Reasons[0].Rule != "many_people" || p.Reasons[0].Count != 120 {
		t.Errorf("60 and 60 people: %v (%s), want risk: more than 100 together", p.Tier, fired(p))
	}
}

// TestCertainty: an assumed answer may raise the tier and never lower it.
func TestCertainty(t *testing.T) {
	f := encoded(t, "EDPB-09")
	f.Certainty = map[string]Sure{"exposure.return_confirmed": {State: "assumed"}}
	if p := Assess(f); p.Tier != Risk || !p.Borderline {
		t.Errorf("return only assumed: %v, borderline %v; want risk, true", p.Tier, p.Borderline)
	}
	f.Certainty["exposure.return_confirmed"] = Sure{State: "known"}
	if p := Assess(f); p.Tier != UnlikelyRisk {
		t.Errorf("return known: %v, want unlikely", p.Tier)
	}
	f = encoded(t, "EDPB-08")
	f.Data = append(f.Data, "financial")
	f.Certainty = map[string]Sure{"malicious": {State: "assumed"}}
	if p := Assess(f); p.Tier != HighRisk {
		t.Errorf("intent only assumed: %v, want high", p.Tier)
	}
}

func TestEvidence(t *testing.T) {
	f := encoded(t, "EDPB-01")
	f.Protection = Protection{Encrypted: "no"}
	if p := Assess(f); p.Tier != UnlikelyRisk || len(p.Evidence) != 1 || p.Evidence[0].Needs != "evidence.logs_complete" {
		t.Errorf("excluded without evidence: %v, asks %v", p.Tier, p.Evidence)
	}
	f.Evidence.LogsComplete = new(false)
	if p := Assess(f); p.Tier < Risk {
		t.Errorf("excluded by incomplete logs: %v, want at least risk", p.Tier)
	}
	f.Evidence.LogsComplete = new(true)
	if p := Assess(f); p.Tier != UnlikelyRisk || len(p.Evidence) != 0 {
		t.Errorf("excluded by complete logs: %v, asks %v", p.Tier, p.Evidence)
	}
}

func TestUnknown(t *testing.T) {
	want := len(answers) - 2 + 4 // without the two extras; breach, data, count, hours
	if got := Assess(Facts{}).Unknown; len(got) != want {
		t.Errorf("unknown = %d %v, want %d", len(got), got, want)
	}
}

// TestPrecedents: the twin comes first, with what differs.
func TestPrecedents(t *testing.T) {
	f := encoded(t, "EDPB-16")
	f.Exposure.ReturnConfirmed = new(true)
	p := Assess(f)
	if len(p.Precedents) != shown || p.Precedents[0].ID != "EDPB-16" || len(p.Precedents[0].Differ) != 1 {
		t.Fatalf("precedents = %+v", p.Precedents)
	}
	if d := p.Precedents[0].Differ[0]; d != (Difference{"exposure.return_confirmed", true, nil}) {
		t.Errorf("difference = %+v", d)
	}
	if c := p.Precedents[0].Confidence; c.Facts != "recalled" || c.Outcome != "seen_secondary" {
		t.Errorf("confidence = %+v", c)
	}
}

// TestMemo executes the memo of every case in every language.
func TestMemo(t *testing.T) {
	for _, c := range precedentCases() {
		for _, lang := range Languages {
			var b strings.Builder
			if err := Assess(encoded(t, c.ID)).Memo(&b, lang); err != nil {
				t.Fatal(err)
			}
			for _, bad := range []string{"memo.", "rule.", "value.", "question.", "tier.risk", "tier.high", "{", "<nil>", "unanswered"} {
				if i := strings.Index(b.String(), bad); i >= 0 {
					t.Errorf("%s in %s: %q in %q", c.ID, lang, bad, b.String()[max(i-30, 0):min(i+40, b.Len())])
				}
			}
		}
	}
}

// TestUntouched: every raising rule asks, in one way or another, whether
// people were touched, so that tier may stop there.
func TestUntouched(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyState(t)
		s.settle()
		if touched(&s) {
			return
		}
		for _, r := range rules {
			if r.effect >= consider && r.fires(&s) {
				t.Fatalf("%s fires for people who are not touched: %+v", r.key, s)
			}
		}
	})
}
