package incident_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// rows takes a table of facts.
func (h *house) rows(inc *incident.Incident, table string, set ...func(*incident.FactsImport)) (*incident.FactsImported, error) {
	h.Helper()
	in := incident.FactsImport{Data: strings.NewReader(table), Sure: incident.Known}
	for _, f := range set {
		f(&in)
	}
	return h.DescribeMany(ctx, staff, inc.ID, in)
}

func explained(in *incident.FactsImport) { in.Explain = "Eivät ole asiakkaitamme." }

// factsOf writes the own facts of a case's controllers.
func (h *house) factsOf(inc *incident.Incident) string {
	var all []string
	for _, r := range h.records(inc) {
		f := r.Facts
		all = append(all, fmt.Sprintf("%s %s/%s %s/%s", r.Name, f.People.Sure, itoa(f.People.Low)+"-"+itoa(f.People.High), f.Data.Text, f.Groups.Text))
	}
	return strings.Join(all, "; ")
}

func TestFactsFromATable(t *testing.T) {
	const nothing = "Koivuranta /0-0 /; Norrsken /0-0 /"
	tests := []struct{ name, table, want, left string }{
		{"tabs, Finnish", "Nimi\tHenkilöitä\tHenkilötietoryhmät\nKoivuranta\tnoin 1 240\tnimi, osoite\n",
			"Koivuranta about/1240-0 nimi, osoite/; Norrsken /0-0 /", ""},
		{"semicolons, Swedish, any order", "Antal personer;Grupper;Kundnummer\n12–15;klienter;t-Norrsken\n",
			"Koivuranta /0-0 /; Norrsken range/12-15 /klienter", ""},
		{"commas, English, an unknown column", "tenant id,people,records,note\nt-Koivuranta,7,9,x\n", "Koivuranta exact/7-0 /; Norrsken /0-0 /", ""},
		{"blank cells change nothing", "nimi;henkilöitä\nKoivuranta;\n", nothing, ""},
		{"nobody", "nimi;henkilöitä\nTuntematon;1\n", nothing, "2 who facts.unmatched"},
		{"not of this case", "nimi;henkilöitä\nVieras;1\n", nothing, "2 who facts.not_in_case"},
		{"two of one name", "nimi;henkilöitä\nSama;1\n", nothing, "2 who facts.not_in_case"},
		{"two rows of one", "nimi;henkilöitä\nKoivuranta;1\nKOIVURANTA;2\n", "Koivuranta exact/1-0 /; Norrsken /0-0 /", "3 row facts.twice"},
		{"number and name disagree", "asiakasnumero;nimi;henkilöitä\nt-Koivuranta;Norrsken;1\n", nothing, "2 who facts.disagree"},
		{"an unclear number", "nimi;henkilöitä\nKoivuranta;12.500\nNorrsken;3\n", "Koivuranta /0-0 /; Norrsken exact/3-0 /", "2 people count.ambiguous"},
		{"an identity code", "nimi;tiedot\nKoivuranta;010190-999W\n", nothing, "2 data guard.identity_code"},
		{"a row about nobody", "nimi;henkilöitä\n;4\n", nothing, "2 who facts.nobody"},
		{"a cell too many", "nimi;henkilöitä\nKoivuranta;4;5\n", nothing, "2 row import.columns"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.customer("Koivuranta", "fi", 0, "a@x.example")
			h.customer("Norrsken", "sv", 0, "b@x.example")
			inc := h.log("Hoivapäivyri")
			for _, name := range []string{"Vieras", "Sama", "Sama"} {
				h.must(h.SaveController(ctx, staff, &incident.Controller{Name: name, Lang: "fi"}))
			}
			dry, err := h.rows(inc, tt.table, func(in *incident.FactsImport) { in.DryRun = true })
			h.must(err)
			if got := badRows(dry.Left); got != tt.left || dry.Kept {
				t.Errorf("dry run left %q, want %q", got, tt.left)
			}
			if got := h.factsOf(inc); got != nothing {
				t.Fatalf("the dry run changed %s", got)
			}
			if tt.left != "" {
				if _, err := h.rows(inc, tt.table); keysOf(err) != "explain facts.explain" {
					t.Errorf("without an explanation: %v", err)
				}
			}
			_, err = h.rows(inc, tt.table, explained)
			h.must(err)
			if got := h.factsOf(inc); got != tt.want {
				t.Errorf("facts %s\nwant  %s", got, tt.want)
			}
		})
	}
}

func TestTablesThatAreNone(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 0, "a@x.example")
	inc := h.log("Hoivapäivyri")
	for table, want := range map[string]string{
		"":                              "facts.header",
		"Koivuranta;1":                  "facts.header",
		"henkilöitä;tietueita\n1;2":     "facts.header",
		"nimi;henkilöitä\n":             "import.empty",
		"nimi;tiedot\nA;\"x\ny\" z\nB;": "facts.torn",
	} {
		if _, err := h.rows(inc, table); keyOf(err) != want {
			t.Errorf("%q: %v, want %s", table, err, want)
		}
	}
	auditor := incident.Actor{ID: "a", Roles: []incident.Role{incident.Auditor}, Via: "web"}
	if _, err := h.DescribeMany(ctx, auditor, inc.ID, incident.FactsImport{Data: strings.NewReader("")}); incident.KindOf(err) != incident.Forbidden {
		t.Errorf("an auditor: %v", err)
	}
}

// Ten thousand controllers' numbers are one act with one link in the chain, and
// a repeat of it does nothing.
func TestFactsOfTenThousand(t *testing.T) {
	h := newHouse(t)
	var customers, facts strings.Builder
	facts.WriteString("asiakasnumero;henkilöitä;tietoryhmät\n")
	for i := range 10_000 {
		fmt.Fprintf(&customers, "Asiakas %05d Oy;;fi;Hoivapäivyri;;a%d@asiakas.example;;;t-%d\n", i, i, i)
		fmt.Fprintf(&facts, "t-%d;%d;nimi\n", i, i+1)
	}
	h.take(customers.String())
	inc := h.log("Hoivapäivyri")
	links := func() int {
		all, err := h.db.Chain(ctx, inc.ID, 0, 100)
		h.must(err)
		return len(all)
	}
	before, began := links(), time.Now()
	key := func(in *incident.FactsImport) { in.Key = "k" }
	got, err := h.rows(inc, facts.String(), key)
	h.must(err)
	t.Logf("facts of 10000 controllers in %v", time.Since(began))
	if got.Changed != 10_000 || got.Silent != 0 || !got.Kept || links() != before+1 {
		t.Errorf("imported %+v, %d links", got, links()-before)
	}
	again, err := h.rows(inc, "anything", key)
	h.must(err)
	if again.Changed != 10_000 || links() != before+1 {
		t.Errorf("the repeat: %+v", again)
	}
}
