package web

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"hatakello/incident"
)

// recorded is a house with a case of each sort.
func recorded(t *testing.T) (*house, *incident.Record) {
	h := newHouse(t)
	ctx := context.Background()
	h.sent()
	own := h.ours()
	f := incident.Facts{Nature: incident.Fact{Text: "=cmd|'/C calc'!A0 <b>lihava</b>", Sure: incident.Known}, Consequences: incident.Fact{Text: "Roskapostia", Sure: incident.Assumed},
		Measures: incident.Fact{Text: "Tunnukset vaihdettiin", Sure: incident.Known}, Data: incident.Fact{Text: "Nimi ja osoite", Sure: incident.Known}}
	inc, err := h.db.Incident(ctx, own.Incident)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.desk.Describe(ctx, worker, inc.ID, inc.Version, f); err != nil {
		t.Fatal(err)
	}
	return h, own
}

func TestBreaches(t *testing.T) {
	h, own := recorded(t)
	ctx := context.Background()
	b := h.as(incident.Privacy)
	count := func(query string) int {
		got := b.get("/register" + query)
		if got.code != 200 {
			t.Fatalf("%s: %d", query, got.code)
		}
		return strings.Count(got.body, `class="t"`)
	}
	for query, want := range map[string]int{"": 2, "?state=open": 2, "?state=closed": 0, "?part=controller": 1, "?part=processor": 1, "?decision=undecided": 1,
		"?decision=theirs": 1, "?decision=not_notifiable": 0, "?year=2026": 2, "?year=2025": 0, "?kind=no_breach": 0} {
		if got := count(query); got != want {
			t.Errorf("%q shows %d, want %d", query, got, want)
		}
	}
	if err := h.desk.Decide(ctx, worker, own.ID, incident.Decision{Kind: "not_notifiable", Reason: "Vain roskapostia", Approver: "Tiina Testi"}); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]int{"?decision=undecided": 0, "?decision=not_notifiable": 1} {
		if got := count(query); got != want {
			t.Errorf("after the decision %q shows %d, want %d", query, got, want)
		}
	}
	for _, query := range []string{"?year=abc", "?state=zz", "?decision=zz"} {
		if got := b.get("/register" + query); got.code != 422 {
			t.Errorf("%s: %d, want 422", query, got.code)
		}
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		checkPage(t, b.get("/register"), lang)
	}
}

func TestBreachExports(t *testing.T) {
	h, own := recorded(t)
	if err := h.desk.Decide(context.Background(), worker, own.ID, incident.Decision{Kind: "not_notifiable", Reason: "Vain roskapostia", Approver: "Tiina Testi"}); err != nil {
		t.Fatal(err)
	}
	b := h.as(incident.Auditor)
	csv := b.get("/register.csv").body
	for _, want := range []string{`"'=cmd|'/C calc'!A0 <b>lihava</b>"`, "Vain roskapostia", "Tiina Testi", "Roskapostia (", "Tunnukset vaihdettiin", "Ei ilmoitettava"} {
		if !strings.Contains(csv, want) {
			t.Errorf("the table lacks %q", want)
		}
	}
	var got struct{ Items []breachJSON }
	if err := json.Unmarshal([]byte(b.get("/register.json").body), &got); err != nil || len(got.Items) != 2 {
		t.Fatalf("json: %d, %v", len(got.Items), err)
	}
	x := b.get("/register.xlsx?part=controller")
	book, err := excelize.OpenReader(strings.NewReader(x.body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetName(0))
	if err != nil || len(rows) != 2 {
		t.Fatalf("rows = %d, %v; want the head and one case", len(rows), err)
	}
	for i, cell := range rows[1] {
		at, _ := excelize.CoordinatesToCellName(i+1, 2)
		if formula, err := book.GetCellFormula(book.GetSheetName(0), at); formula != "" || err != nil {
			t.Errorf("%s is a formula: %q (%s), %v", at, formula, cell, err)
		}
	}
	pdf := b.get("/register.pdf")
	if pdf.code != 200 || !strings.HasPrefix(pdf.body, "%PDF-") || !strings.Contains(pdf.body, "/MarkInfo") {
		t.Errorf("pdf: %d, %.40q", pdf.code, pdf.body)
	}
	if to := os.Getenv("HATAKELLO_LOOK"); to != "" {
		if err := os.WriteFile(to, []byte(pdf.body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if again := b.get("/register.pdf"); again.body != pdf.body {
		t.Error("the same register gives other bytes")
	}
	h.later(time.Second)
	if got := h.as(incident.Reporter).get("/register.csv"); got.code != 403 {
		t.Errorf("a reporter takes the register: %d", got.code)
	}
}
