package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

func TestClockFormsKeepWhatWasTyped(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.late()
	own := h.own(inc)
	b, admin := h.as(incident.Privacy), h.as(incident.Admin)
	unclear, err := h.desk.Log(context.Background(), worker, incident.Log{Title: "Outo kirjautuminen", Aware: h.time(), Unclear: true})
	must(t, err)
	tests := []struct {
		name string
		by   *browser
		path string
		form []string
		keep string
		at   string
	}{
		{"moment in the future", b, "/incidents/" + inc.ID + "/moments/signal", []string{"sure", "known", "at", "24.11.2026 klo 8.00"}, "24.11.2026 klo 8.00", "at"},
		{"moment at no time", b, "/records/" + rs[0].ID + "/moments/controller_aware", []string{"sure", "known", "why", "Soittivat"}, "Soittivat", "at"},
		{"done without how", b, "/records/" + own.ID + "/done?duty=nis2.first", []string{"at", "22.11.2026 klo 3.00"}, "22.11.2026 klo 3.00", "why"},
		{"investigation without outcome", b, "/incidents/" + unclear.ID + "/inquiry", []string{"reason", "Lokit luettu"}, "Lokit luettu", "outcome"},
		{"investigation without reason", b, "/incidents/" + unclear.ID + "/inquiry", []string{"outcome", "breach", "at", "klo 3.01"}, "klo 3.01", "reason"},
		{"explanation without words", b, "/incidents/" + inc.ID + "/explain", []string{"duty", "contract.notice", "reason", " "}, "Sopimuksen ilmoitusaika", "reason"},
		{"hold without authority", b, "/records/" + own.ID + "/hold", []string{"kind", "hold", "reason", "ETL 11 luku", "until", "1.12.2026 klo 12"}, "ETL 11 luku", "authority"},
		{"hold without end", b, "/records/" + own.ID + "/hold", []string{"kind", "hold", "reason", "ETL 11 luku", "authority", "KRP"}, "KRP", "until"},
		{"source told before it knew", b, "/incidents/" + inc.ID + "/source", []string{"name", "Konesali", "their_aware", "21.11.2026 klo 9", "they_told", "20.11.2026 klo 9"}, "Konesali", "they_told"},
		{"joint controllers, one alone", b, "/incidents/" + inc.ID + "/joint", []string{"records", rs[0].ID}, rs[0].ID, "records"},
		{"lead without arrangement", b, "/incidents/" + inc.ID + "/joint", []string{"records", rs[0].ID, "records", rs[1].ID, "lead", rs[0].ID}, rs[1].ID, "arranged"},
		{"plan with a wrong address", admin, "/settings/alarms", []string{"who_0", "aino", "wait_0", "15"}, "aino", "who_0"},
		{"plan without minutes", admin, "/settings/alarms", []string{"who_0", "@oncall", "wait_0", "x"}, "@oncall", "wait_0"},
		{"shift that ends first", admin, "/settings/alarms", []string{"shift_0", "admin@bell.example", "from_0", "23.11.2026 klo 8", "until_0", "22.11.2026 klo 8"}, "23.11.2026 klo 8", "until_0"},
		{"chased after nothing", admin, "/settings/alarms", []string{"chase_hours", "0,1"}, "0,1", "chase_hours"},
		{"a day that ends first", admin, "/settings/alarms", []string{"day_from", "20", "day_until", "7"}, "20", "day_from"},
		{"quiet hours of no clock", admin, "/settings/alarms", []string{"quiet_from", "25", "quiet_until", "7"}, "25", "quiet_from"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.by.post(tt.path, tt.form...)
			if got.code != http.StatusUnprocessableEntity {
				t.Fatalf("status %d, want 422\n%.900s", got.code, got.body)
			}
			if !strings.Contains(got.text(), tt.keep) {
				t.Errorf("%q was lost", tt.keep)
			}
			if !strings.Contains(got.body, `href="#f-`+tt.at+`"`) || !strings.Contains(got.body, `id="f-`+tt.at+`"`) {
				t.Errorf("the summary does not lead to the field %q", tt.at)
			}
			if m := missing.FindAllString(got.text(), -1); m != nil {
				t.Errorf("keys without words: %v", m)
			}
		})
	}
}

// TestLateReasonIsDemanded walks the ends of late clocks.
func TestLateReasonIsDemanded(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.late()
	own := h.own(inc)
	h.later(30 * time.Hour)
	b := h.as(incident.Privacy)
	path := "/records/" + own.ID + "/done?duty=nis2.first"
	form := []string{"at", "23.11.2026 klo 9.00", "why", "Lomakkeella, asianumero 12"}
	if got := b.post(path, form...); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `href="#f-late_reason"`) {
		t.Fatalf("late without a reason: status %d, want 422 at the reason", got.code)
	}
	if got := b.post(path, append(form, "late_reason", "Havainto tulkittiin väärin")...); got.code != http.StatusSeeOther {
		t.Fatalf("status %d\n%.500s", got.code, got.text())
	}
	page := b.get("/records/" + own.ID + "/clocks").text()
	if !strings.Contains(page, "Havainto tulkittiin väärin") || !strings.Contains(page, "Hoidettu myöhässä") {
		t.Error("the clock does not say that and why it was late")
	}
	if !strings.Contains(b.get("/incidents/"+inc.ID+"/timeline").text(), "Ensi-ilmoitus tehty") {
		t.Error("the timeline does not name what was done")
	}
	if got := b.get("/incidents/" + inc.ID + "/explain").text(); !strings.Contains(got, "Koivurannan hoiva Oy") {
		t.Error("the late notice is not listed")
	}
	for _, duty := range []string{"contract.notice", "gdpr.33.2"} {
		b.post("/incidents/"+inc.ID+"/explain", "duty", duty, "reason", "Yhteystiedot puuttuivat")
	}
	if got := b.get("/incidents/" + inc.ID + "/clocks").text(); !strings.Contains(got, "Yhteystiedot puuttuivat") {
		t.Error("the reason does not stand at the clock")
	}
}

// TestCloseSaysWhatIsInTheWay follows each link.
func TestCloseSaysWhatIsInTheWay(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.late()
	b := h.as(incident.Privacy)
	page := b.get("/incidents/" + inc.ID + "/close")
	for key, to := range mended {
		if key == "close.inquiry" {
			continue
		}
		link := "/incidents/" + inc.ID + to
		if !strings.Contains(page.body, `href="`+link+`"`) {
			t.Errorf("%s does not lead to %s", key, link)
			continue
		}
		if got := b.get(strings.Split(link, "#")[0]); got.code != http.StatusOK {
			t.Errorf("%s: status %d", link, got.code)
		}
	}
	got := b.post("/incidents/"+inc.ID+"/close", "reason", "Valmis mielestäni")
	if got.code != http.StatusConflict || !strings.Contains(got.text(), "Valmis mielestäni") || !strings.Contains(got.body, `role="alert"`) {
		t.Errorf("closing too early: status %d, want 409 with what was typed", got.code)
	}
}

func TestInvestigation(t *testing.T) {
	h := newHouse(t)
	sv := h.stock()
	b := h.as(incident.Handler)
	got := b.post("/log", "title", "Outo kirjautuminen", "aware", "22.11.2026 klo 3.10", "services", sv.ID, "unclear", "yes", "key", "k")
	path := strings.TrimSuffix(got.header.Get("Location"), "?said=logged")
	page := b.get(path).text()
	for _, want := range []string{"Lyhyt selvitys on käynnissä", "Aino handler", "ma 23.11.2026 klo 3.12", "päätä, onko kyseessä loukkaus"} {
		if !strings.Contains(page, want) {
			t.Errorf("the case does not say %q", want)
		}
	}
	if got := b.post(path+"/inquiry", "outcome", "unclear", "reason", "Lokit puuttuvat", "at", "22.11.2026 klo 3.11"); got.code != http.StatusSeeOther {
		t.Fatalf("status %d\n%.600s", got.code, got.text())
	}
	if page = b.get(path + "/clocks").text(); !strings.Contains(page, "ma 23.11.2026 klo 3.11") {
		t.Error("the contract's clock does not run from the decision")
	}
	if page = b.get(path + "/inquiry").text(); !strings.Contains(page, "Lokit puuttuvat") || strings.Contains(page, "<textarea") {
		t.Error("the ended investigation does not say how it ended, or can be ended again")
	}
}
