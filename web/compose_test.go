package web

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

var languages = []string{"fi", "sv", "en"}

// in makes a visitor read a language.
func (b *browser) in(lang string) *browser {
	b.post("/language", "lang", lang)
	return b
}

// hidden returns the value of a hidden input.
func hidden(t *testing.T, body, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("no input %q in\n%.1500s", name, body)
	}
	return m[1]
}

// A pasted table is looked at first; what was not understood must be explained.
func TestFactsImportPage(t *testing.T) {
	for _, lang := range languages {
		t.Run(lang, func(t *testing.T) {
			h := newHouse(t)
			inc := h.breach(h.stock())
			b := h.as(incident.Privacy).in(lang)
			path := "/incidents/" + inc.ID + "/facts/import"
			table := "nimi\thenkilöitä\nKoivurannan hoiva Oy\tnoin 1 240\nTuntematon\t3\n"
			got := b.post(path, "table", table, "sure", "known", "do", "look")
			checkPage(t, got, lang)
			if !strings.Contains(got.text(), "Tuntematon") || !strings.Contains(got.body, `name="explain"`) {
				t.Errorf("the look does not show the row that is left:\n%.2000s", got.text())
			}
			key := hidden(t, got.body, "key")
			got = b.post(path, "table", table, "sure", "known", "do", "keep", "key", key)
			if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `href="#f-explain"`) || !strings.Contains(got.text(), "Koivurannan") {
				t.Fatalf("kept without an explanation: %d\n%.1500s", got.code, got.text())
			}
			got = b.post(path, "table", table, "sure", "known", "do", "keep", "key", key, "explain", "Ei asiakas.")
			if got.code != http.StatusSeeOther {
				t.Fatalf("status %d, want 303\n%.1500s", got.code, got.text())
			}
			rs, err := h.db.Records(context.Background(), inc.ID, nil)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, r := range rs {
				found = found || r.Facts.People == (incident.Amount{Low: 1240, Sure: "about"})
			}
			if !found {
				t.Error("the number was not kept")
			}
			if got := b.post(path, "table", "", "do", "look"); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `href="#f-table"`) {
				t.Errorf("an empty table: status %d", got.code)
			}
		})
	}
}

// The call sheet shows whom to phone and what to say, takes the call with one
// tap, and can be printed.
func TestCallSheetPage(t *testing.T) {
	for _, lang := range languages {
		t.Run(lang, func(t *testing.T) {
			h := newHouse(t)
			inc := h.breach(h.stock())
			if _, err := h.desk.Notify(context.Background(), worker, inc.ID, incident.Notify{Texts: map[string]string{"": "Palvelin oli auki."}}); err != nil {
				t.Fatal(err)
			}
			b := h.as(incident.Privacy).in(lang)
			path := "/incidents/" + inc.ID + "/calls"
			got := b.get(path)
			checkPage(t, got, lang)
			if strings.Count(got.body, `<section class="card" id="c-`) != 1 || !strings.Contains(got.text(), "Lakeside Care Ltd") ||
				!strings.Contains(got.text(), "May I speak to the person in charge of data protection?") || !strings.Contains(got.text(), "KUUSI-4821") {
				t.Errorf("the one without an address is not on the sheet, in its language:\n%.3000s", got.text())
			}
			pdf := b.get(path + ".pdf")
			if pdf.code != http.StatusOK || !strings.HasPrefix(pdf.body, "%PDF-") || len(pdf.body) < 5000 {
				t.Errorf("PDF: status %d, %d bytes", pdf.code, len(pdf.body))
			}
			record, key := hidden(t, got.body, "record"), regexp.MustCompile(`name="key" value="([^"]*)"`).FindStringSubmatch(got.body)[1]
			if got := b.post(path, "record", record, "key", key, "who", ""); got.code != http.StatusUnprocessableEntity {
				t.Errorf("a call to nobody: status %d", got.code)
			}
			if got := b.post(path, "record", record, "key", key, "who", "Lee Koe"); got.code != http.StatusSeeOther {
				t.Fatalf("status %d, want 303\n%.900s", got.code, got.text())
			}
			if got := b.get(path); strings.Contains(got.text(), "Lakeside") {
				t.Error("still on the sheet after the call")
			}
			r, err := h.db.Record(context.Background(), record)
			if err != nil || r.Stage != incident.Phoned {
				t.Errorf("record = %+v, %v", r, err)
			}
		})
	}
}

// Where two must agree, sending makes a page on which somebody else sees the
// receivers, the mail and the finish, and approves it.
func TestSecondPersonPage(t *testing.T) {
	for _, lang := range languages {
		t.Run(lang, func(t *testing.T) {
			h := newHouse(t)
			inc := h.breach(h.stock())
			if err := h.desk.SaveOrganisation(context.Background(), incident.Program, incident.Organisation{Name: "Hoivapilvi", TwoToSend: true}); err != nil {
				t.Fatal(err)
			}
			maker, other := h.as(incident.Privacy).in(lang), h.as(incident.Approver).in(lang)
			form := []string{"to", "untold", "key", "k", "text_fi", "Auki.", "text_sv", "Öppet.", "text_en", "Open.", "do"}
			checkPage(t, maker.post("/incidents/"+inc.ID+"/notify", append(form, "check")...), lang)
			got := maker.post("/incidents/"+inc.ID+"/notify", append(form, "send")...)
			to := got.header.Get("Location")
			if got.code != http.StatusSeeOther || !strings.HasPrefix(to, "/waiting/") {
				t.Fatalf("status %d to %q\n%.900s", got.code, to, got.text())
			}
			again := maker.post("/incidents/"+inc.ID+"/notify", append(form, "send")...)
			if again.code != http.StatusSeeOther {
				t.Errorf("a double click: status %d", again.code)
			}
			checkPage(t, maker.get("/incidents/"+inc.ID+"/notify"), lang)
			seen := maker.get(to)
			checkPage(t, seen, lang)
			if strings.Contains(seen.body, `value="approve"`) {
				t.Error("the maker may approve")
			}
			seen = other.get(to)
			checkPage(t, seen, lang)
			if !strings.Contains(seen.text(), "Koivurannan hoiva Oy") || !strings.Contains(seen.text(), "Lakeside Care Ltd") || !strings.Contains(seen.body, "<pre>") {
				t.Errorf("receivers and mail are not shown:\n%.2500s", seen.text())
			}
			seal := hidden(t, seen.body, "seal")
			if got := other.post(to, "do", "approve", "seal", "old"); got.code != http.StatusConflict {
				t.Errorf("approving what was not seen: status %d, want 409", got.code)
			}
			if got := other.post(to, "do", "approve", "seal", seal); got.code != http.StatusSeeOther {
				t.Fatalf("status %d, want 303\n%.900s", got.code, got.text())
			}
			checkPage(t, other.get(to), lang)
			if now, _ := h.db.Incident(context.Background(), inc.ID); now.Tally.Notified != 3 {
				t.Errorf("tally = %+v, want three notified", now.Tally)
			}
		})
	}
}

// A sentence is written in three languages, approved and put into a notice; once
// the other languages are stale it is not sent to their readers.
func TestSentencePages(t *testing.T) {
	for _, lang := range languages {
		t.Run(lang, func(t *testing.T) {
			h := newHouse(t)
			inc := h.breach(h.stock())
			b := h.as(incident.Privacy).in(lang)
			first := []string{"phrase_key", "salasanat", "title", "Salasanat", "text_fi", "Salasanat on vaihdettu.", "text_sv", "Lösenorden har bytts.", "text_en", "Passwords were changed.", "version"}
			if got := b.post("/phrases/new", append(first, "0", "text_en", "")...); got.code != http.StatusSeeOther {
				t.Fatalf("status %d\n%.900s", got.code, got.text())
			}
			if got := b.post("/phrases/new", "phrase_key", "x", "title", "X", "text_fi", "a", "version", "0"); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `href="#f-text_sv"`) {
				t.Errorf("two languages missing: status %d", got.code)
			}
			approve := func(version string) {
				if got := b.post("/phrases/salasanat", "do", "approve", "version", version); got.code != http.StatusSeeOther {
					t.Fatalf("approve %s: status %d\n%.900s", version, got.code, got.text())
				}
			}
			approve("1")
			path := "/incidents/" + inc.ID + "/notify"
			put := b.post(path, "to", "untold", "key", "k", "do", "insert:salasanat", "text_fi", "Hei.", "text_sv", "Hej.", "text_en", "Hello.")
			checkPage(t, put, lang)
			if !strings.Contains(put.text(), "Hei.\n\nSalasanat on vaihdettu.") || !strings.Contains(put.text(), "Hej.\n\nLösenorden har bytts.") {
				t.Errorf("not put in:\n%.2500s", put.text())
			}
			first[5] = "Kaikki salasanat on vaihdettu."
			if got := b.post("/phrases/salasanat", append(first, "1")...); got.code != http.StatusSeeOther {
				t.Fatalf("status %d\n%.900s", got.code, got.text())
			}
			approve("2")
			checkPage(t, b.get("/phrases"), lang)
			page := b.get("/phrases/salasanat")
			checkPage(t, page, lang)
			if strings.Count(page.body, `class="state late"`) != 2 {
				t.Errorf("the two stale languages are not marked")
			}
			got := b.post(path, "to", "untold", "key", "k", "do", "check", "text_fi", "Hei.", "text_sv", "Lösenorden har bytts.", "text_en", "Hello.")
			if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `href="#f-text_sv"`) {
				t.Errorf("stale Swedish: status %d\n%.900s", got.code, got.text())
			}
		})
	}
}

// TestForecastIsShown holds that the page before sending says when the last
// mail goes out and which contracts would be late.
func TestForecastIsShown(t *testing.T) {
	h := newHouse(t)
	h.desk.Pace = 1
	inc := h.breach(h.stock())
	h.later(48*time.Hour - 30*time.Second)
	got := h.as(incident.Privacy).post("/incidents/"+inc.ID+"/notify", "to", "untold", "key", "k", "do", "check", "text_fi", "A.", "text_sv", "B.", "text_en", "C.")
	checkPage(t, got, "fi")
	if !strings.Contains(got.text(), "2 sopimuksen määräaika ylittyisi") || !strings.Contains(got.text(), "klo 3.12 (UTC+2)") {
		t.Errorf("no forecast in\n%.3000s", got.text())
	}
}
