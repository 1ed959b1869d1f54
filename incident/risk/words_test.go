package risk

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"
)

// TestWords holds the three files to the same keys and placeholders, and to
// a sentence for everything that the code may ask for.
func TestWords(t *testing.T) {
	files := map[string]map[string]string{}
	for _, lang := range Languages {
		b, err := wordFiles.ReadFile("words_" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]string
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatalf("%s: %v", lang, err)
		}
		files[lang] = m
	}
	holes := regexp.MustCompile(`\{[a-z_]+\}`)
	for k, en := range files["en"] {
		want := holes.FindAllString(en, -1)
		slices.Sort(want)
		for _, lang := range Languages {
			got := holes.FindAllString(files[lang][k], -1)
			slices.Sort(got)
			if files[lang][k] == "" || !slices.Equal(got, want) {
				t.Errorf("%s %s: placeholders %v, want %v", lang, k, got, want)
			}
		}
	}
	for _, lang := range Languages {
		if got, want := len(files[lang]), len(files["en"]); got != want {
			t.Errorf("%s: %d sentences, want %d", lang, got, want)
		}
	}
	for _, k := range wordKeys() {
		if files["en"][k] == "" {
			t.Errorf("no words for %s", k)
		}
	}
}

// wordKeys are the keys that rules and vocabulary ask for.
func wordKeys() []string {
	var out []string
	for _, r := range rules {
		out = append(out, "rule."+r.key)
	}
	for _, w := range dataKinds {
		out = append(out, "data."+w)
	}
	for _, w := range breachTypes {
		out = append(out, "breach."+w)
	}
	for _, p := range paths {
		out = append(out, "question."+p)
	}
	for _, p := range []string{"evidence.logs_complete", "evidence.logs_reviewed_by", "evidence.algorithm", "evidence.key_location",
		"evidence.deletion_confirmed_by", "enisa.adjust", "enisa.ei", "enisa.reason"} {
		out = append(out, "question."+p)
	}
	out = append(out, "change.certainty", "change.group")
	for _, a := range answers {
		for _, w := range a.values {
			if a.flag {
				out = append(out, "value."+w)
			} else {
				out = append(out, "value."+a.path+"."+w)
			}
		}
	}
	for _, w := range tierNames {
		out = append(out, "tier."+w)
	}
	for _, c := range categories {
		out = append(out, "category."+c)
	}
	for _, a := range automatic {
		out = append(out, a.key)
	}
	return out
}

func TestWordsFilled(t *testing.T) {
	p := Assess(encoded(t, "EDPB-14")).In("fi")
	for _, r := range p.Reasons {
		if r.Words == "" || regexp.MustCompile(`[{}]|rule\.`).MatchString(r.Words) {
			t.Errorf("%s: words %q", r.Rule, r.Words)
		}
	}
	if got, want := number("fi", 1234567), "1\u00a0234\u00a0567"; got != want {
		t.Errorf("number = %q, want %q", got, want)
	}
}

// TestRuleTable holds the table to its order and to one sentence per key.
func TestRuleTable(t *testing.T) {
	order := []effect{toHigh, toRisk, consider, ground}
	at, seen := 0, map[string]bool{}
	for _, r := range rules {
		for at < len(order) && r.effect != order[at] {
			at++
		}
		if at == len(order) {
			t.Fatalf("%s stands out of order: tier() reads the strongest first", r.key)
		}
		if seen[r.key] || r.source == "" || len(r.when) == 0 {
			t.Errorf("%s: twice, or without source or condition", r.key)
		}
		if regexp.MustCompile(`(?i)edpb-\d|case \d|annexb`).MatchString(r.key + r.source) {
			t.Errorf("%s names a case", r.key)
		}
		seen[r.key] = true
	}
}
