package risk

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/assessment-rules.md anew")

const rulesDoc = "../../docs/assessment-rules.md"

// TestRulesDoc keeps the published table of rules equal to the one in use.
func TestRulesDoc(t *testing.T) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# The rules of the assessment (%s)\n\n", RulesVersion)
	b.WriteString("Generated from `incident/risk/rules.go` (`go test ./incident/risk -run TestRulesDoc -update`). " +
		"Rules only raise; the proposal is the highest that fires, and \"unlikely\" is what is left when none does. " +
		"A forced rule is a minimum that no score undercuts.\n\n| rule | effect | forced | source | in words |\n|---|---|---|---|---|\n")
	for _, r := range rules {
		forced := map[bool]string{true: "yes"}[r.forced]
		words := strings.NewReplacer("{kinds}", strings.Join(r.names.words(), ", "), "{count}", "n").Replace(Words("en", "rule."+r.key, nil))
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s |\n", r.key, r.effect, forced, r.source, words)
	}
	if *update {
		if err := os.WriteFile(rulesDoc, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(rulesDoc)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, b.Bytes()) {
		t.Errorf("%s is not the table in use: run with -update and read the diff", rulesDoc)
	}
}

// TestPrecedentsDoc: each case has its row, with our tier and whether it agrees.
func TestPrecedentsDoc(t *testing.T) {
	doc, err := os.ReadFile("../../docs/assessment-precedents.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range precedentCases() {
		p := Assess(encoded(t, c.ID))
		agrees := "yes"
		if _, ok := differing[c.ID]; ok {
			agrees = "**no**"
		}
		row := fmt.Sprintf("| %s | %s / %s / %s | %v / %s / %s | %s |", c.ID, c.Outcome.Tier, c.Outcome.Notify, c.Outcome.Tell,
			p.Tier, map[bool]string{true: "yes", false: "no"}[p.Notify], p.Tell, agrees)
		if !strings.Contains(string(doc), row) {
			t.Errorf("docs lack %s", row)
		}
	}
}
