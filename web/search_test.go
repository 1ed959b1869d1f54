package web

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"hatakello/incident"
)

func TestSearch(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.sent()
	b := h.as(incident.Privacy)
	b.post("/incidents/"+inc.ID+"/timeline/new", "text", "Koivurannan palvelimelta löytyi <script>alert(1)</script>")
	got := b.get("/search?q=koivur")
	for _, want := range []string{"Koivurannan hoiva Oy", "palvelimelta löytyi &lt;script&gt;"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("the finds lack %q", want)
		}
	}
	if got := b.get("/search?q=palvelin+auki"); !strings.Contains(got.text(), "Palvelin oli auki.") {
		t.Errorf("the notice is not found")
	}
	if got := b.get("/search?q=2026-001"); !strings.Contains(got.text(), "/incidents/"+inc.ID) {
		t.Errorf("the case is not found by its number")
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		for _, p := range []string{"/search", "/search?q=koivu", "/search?q=zzz", "/search?q=palvelin&in=notice", "/search?q=%22%27%3B--", "/incidents/" + inc.ID + "/timeline?q=palvelimelta"} {
			checkPage(t, b.get(p), lang)
		}
	}
	if got := h.as(incident.Reporter).get("/search?q=koivu"); got.code != 403 {
		t.Errorf("a reporter searches: %d, want 403", got.code)
	}
}

// TestOlder imports a register by CSV and by XLSX: looked at first, refused
// with its bad rows, good rows alone, and not twice.
func TestOlder(t *testing.T) {
	h := newHouse(t)
	b := h.as(incident.Privacy)
	text := "nro;päivämäärä;otsikko;kuvaus;seuraukset;toimet;päätös;perustelu\n" +
		"2019-1;12.3.2019;Väärä vastaanottaja;Kirje;Ei;Poistettu;ei ilmoitettu;Yksi kirje\n" +
		"2019-2;;Levy katosi;;;;ilmoitettu;\n"
	got := b.upload("/register/import", "file", "vanha.csv", []byte(text))
	at := got.header.Get("Location")
	look := b.get(at).text()
	for _, want := range []string{"Päivämäärä puuttuu", "<td class=\"num\">3</td>", "Tuo vain kelvolliset rivit"} {
		if !strings.Contains(look, want) {
			t.Errorf("the look lacks %q", want)
		}
	}
	if got := b.post(at, "partial", "no"); got.code != 422 {
		t.Errorf("a bad row keeps everything out: %d, want 422", got.code)
	}
	if got := b.post(at, "partial", "yes"); got.code != 303 {
		t.Fatalf("good rows: %d\n%.600s", got.code, got.body)
	}
	rows, _, err := h.db.Breaches(context.Background(), incident.BreachFilter{Summary: incident.Summary{State: "imported"}}, incident.Cut{Limit: 9})
	if err != nil || len(rows) != 1 || rows[0].Number != "2019-1" || rows[0].Summary.Decision != "not_notifiable" {
		t.Fatalf("imported: %+v, %v", rows, err)
	}
	id := rows[0].ID
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		for _, p := range []string{"/register", "/register/import", "/register?state=imported", "/incidents/" + id, "/incidents/" + id + "/timeline", "/incidents/" + id + "/moments"} {
			checkPage(t, b.get(p), lang)
		}
	}
	b.post("/language", "lang", "fi")
	if page := b.get("/incidents/" + id).text(); !strings.Contains(page, "Kellot eivät ole Hätäkellon") {
		t.Error("the case does not say that it was imported")
	}
	if n, err := h.db.Running(context.Background(), id); n != 0 || err != nil {
		t.Errorf("%d clocks run in an imported case, %v", n, err)
	}
	again := b.upload("/register/import", "file", "vanha.csv", []byte(text)).header.Get("Location")
	if got := b.get(again).text(); !strings.Contains(got, "Numero 2019-1 on jo rekisterissä") {
		t.Error("the same case would be imported twice")
	}
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range [][]any{{"date", "title", "decision", "reason"}, {43536.5, "=SUM(1)", "no", "x"}} {
		book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row)
	}
	var buf bytes.Buffer
	if err := book.Write(&buf); err != nil {
		t.Fatal(err)
	}
	at = b.upload("/register/import", "file", "vanha.xlsx", buf.Bytes()).header.Get("Location")
	if got := b.post(at, "partial", "no"); got.code != 303 {
		t.Errorf("a spreadsheet: %d\n%.900s", got.code, got.body)
	}
	if got := b.upload("/register/import", "file", "x.xlsx", []byte("PK\x03\x04nonsense")); b.get(got.header.Get("Location")).code != 422 {
		t.Error("a broken spreadsheet is not refused")
	}
	if got := h.as(incident.Handler).get("/register/import"); got.code != 403 {
		t.Errorf("a handler imports: %d", got.code)
	}
}
