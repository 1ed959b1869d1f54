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

// late logs a breach of which we have known for thirty hours, notifies, and
// switches another law on.
func (h *house) late() (*incident.Incident, []*incident.Record) {
	h.t.Helper()
	inc, rs := h.sent()
	ctx := context.Background()
	must(h.t, h.desk.MarkIncident(ctx, worker, inc.ID, incident.Mark{Moment: incident.ProcessorAware, At: h.time().Add(-30 * time.Hour),
		Sure: incident.Known, Why: "Lokista"}))
	must(h.t, h.desk.MarkIncident(ctx, worker, inc.ID, incident.Mark{Moment: incident.Detected, At: h.time().Add(-2 * time.Hour), Sure: incident.Assumed}))
	must(h.t, h.desk.SetRegimes(ctx, worker, inc.ID, []string{"health", "nis2"}))
	return inc, rs
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// own is the company's own record of a case.
func (h *house) own(inc *incident.Incident) *incident.Record {
	h.t.Helper()
	r, err := h.db.RecordOf(context.Background(), inc.ID, incident.Own)
	must(h.t, err)
	return r
}

func TestClockPages(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.late()
	own := h.own(inc)
	must(t, h.desk.SetSource(context.Background(), worker, inc.ID, incident.Source{Name: "Konesali Oy", Hours: 12, TheirAware: h.time().Add(-50 * time.Hour), TheyTold: h.time().Add(-31 * time.Hour)}))
	must(t, h.desk.SetJoint(context.Background(), worker, inc.ID, incident.Joining{Records: []string{rs[0].ID, rs[1].ID}}))
	b, admin := h.as(incident.Privacy), h.as(incident.Admin)
	var paths []string
	for _, p := range []string{"/clocks", "/clocks?duty=contract.notice&within=24h", "/clocks?duty=gdpr.33.1&within=72h&state=ended", "/moments",
		"/regimes", "/compare", "/parties", "/parties?q=koivu", "/inquiry", "/explain", "/close"} {
		paths = append(paths, "/incidents/"+inc.ID+p)
	}
	for _, m := range caseMoments {
		paths = append(paths, "/incidents/"+inc.ID+"/moments/"+string(m))
	}
	for _, r := range append(rs, own) {
		paths = append(paths, "/records/"+r.ID, "/records/"+r.ID+"/clocks", "/records/"+r.ID+"/moments")
	}
	for _, m := range recordMoments {
		paths = append(paths, "/records/"+rs[0].ID+"/moments/"+string(m))
	}
	paths = append(paths, "/records/"+own.ID+"/done?duty=nis2.first", "/records/"+own.ID+"/hold", "/calendar", "/", "/incidents/"+inc.ID)
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		admin.post("/language", "lang", lang)
		for _, p := range paths {
			t.Run(lang+p, func(t *testing.T) { checkPage(t, b.get(p), lang) })
		}
		for _, p := range []string{"/settings/alarms", "/settings"} {
			checkPage(t, admin.get(p), lang)
		}
	}
}

// TestDeadlinePageGivesTheParagraph holds that each clock stands with its
// provision, its text, who owes whom, both times and its state.
func TestDeadlinePageGivesTheParagraph(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.late()
	own := h.own(inc)
	b := h.as(incident.Auditor)
	page := b.get("/incidents/" + inc.ID + "/clocks").text()
	for _, want := range []string{"GDPR Art. 33(2)", "GDPR Art. 33(1)", "124/2025 § 11", "703/2023", "Säädöstä ei ole tarkistettu lähteestä",
		"ilman aiheetonta viivytystä", "Laillinen takaraja", "Ei pidennä määräaikaa", "72 tuntia alkuhetkestä", "klo 3.12", "UTC",
		"alustava", "Syytä ei ole kirjattu", "me → rekisterinpitäjälle", "rekisterinpitäjä → valvontaviranomaiselle", "Merkittävä poikkeama havaittu", "Arvio"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of all clocks does not say %q", want)
		}
	}
	for _, d := range own.Deadlines {
		if !strings.Contains(page, h.s.Words.Say("fi", "duty."+d.Duty+".text")) {
			t.Errorf("%s stands without its text", d.Duty)
		}
	}
	if one := b.get("/records/" + own.ID + "/clocks").text(); strings.Contains(one, "Kirjaa tehdyksi") {
		t.Error("an auditor is offered an act")
	}
}

func TestCorrectionShowsBothLimits(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.sent()
	b := h.as(incident.Privacy)
	path := "/incidents/" + inc.ID + "/moments/processor_aware"
	got := b.post(path, "sure", "known", "at", "21.11.2026 klo 20.00")
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `href="#f-why"`) || !strings.Contains(got.text(), "21.11.2026 klo 20.00") {
		t.Fatalf("a correction without a reason: status %d, want 422 with what was typed", got.code)
	}
	got = b.post(path, "sure", "known", "at", "21.11.2026 klo 20.00", "why", "Päivystäjä tiesi jo illalla")
	if got.code != http.StatusSeeOther {
		t.Fatalf("status %d, want 303\n%.500s", got.code, got.text())
	}
	page := b.get("/incidents/" + inc.ID + "/moments").text()
	for _, want := range []string{"<s>", "Päivystäjä tiesi jo illalla", "la 21.11.2026 klo 20", "su 22.11.2026 klo 3.12", // the time and the old one
		"su 22.11.2026 klo 20", "ma 23.11.2026 klo 3.12", "(Europe/Helsinki)"} { // the limit of 24 hours and the old one
		if !strings.Contains(page, want) {
			t.Errorf("the page of moments does not say %q", want)
		}
	}
	k, _ := incidentOf(h, inc.ID).At(incident.ProcessorAware)
	if k.Why != "Päivystäjä tiesi jo illalla" || !strings.Contains(k.Text, "21.11.2026 klo 20.00 (Europe/Helsinki)") {
		t.Errorf("mark = %+v", k)
	}
	for _, r := range rs {
		if r.Hours > 0 && !strings.Contains(b.get("/records/"+r.ID+"/clocks").text(), "ennen korjausta") {
			t.Errorf("%s: the clock does not show the limit that it had", r.Name)
		}
	}
	if got := b.post("/incidents/"+inc.ID+"/moments/occurred_to", "sure", "ongoing"); got.code != http.StatusSeeOther {
		t.Errorf("ongoing: status %d", got.code)
	}
	if page := b.get("/incidents/" + inc.ID + "/moments").text(); !strings.Contains(page, "Jatkuu yhä") {
		t.Error("the page does not say that it goes on")
	}
	if got := b.post("/incidents/"+inc.ID+"/moments/signal", "sure", "known", "at", "25.10.2026 klo 3.30"); strings.Count(got.body, `name="pass_`) != 2 {
		t.Errorf("a repeated hour is not asked about: status %d", got.code)
	}
	if got := b.get("/incidents/" + inc.ID + "/moments/reported"); got.code != http.StatusNotFound {
		t.Errorf("a moment of records alone, for a case: status %d", got.code)
	}
}

func incidentOf(h *house, id string) *incident.Incident {
	h.t.Helper()
	inc, err := h.db.Incident(context.Background(), id)
	must(h.t, err)
	return inc
}

// TestComparisonTouchesNothing looks at a case under other rules.
func TestComparisonTouchesNothing(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.sent()
	b := h.as(incident.Auditor)
	ctx := context.Background()
	before, err := h.db.Chain(ctx, inc.ID, 0, 100)
	must(t, err)
	page := b.get("/incidents/" + inc.ID + "/compare").text()
	for _, want := range []string{"COM(2025) 837", "96", "to 26.11.2026 klo 3.12", "ke 25.11.2026 klo 3.12", "ei voimassa"} {
		if !strings.Contains(page, want) {
			t.Errorf("the comparison does not say %q", want)
		}
	}
	after, err := h.db.Chain(ctx, inc.ID, 0, 100)
	must(t, err)
	r, err := h.db.Record(ctx, rs[0].ID)
	must(t, err)
	if len(after) != len(before) || r.Version != rs[0].Version || r.Deadline("omnibus.33.1") != nil {
		t.Error("the comparison has changed the case")
	}
}

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

func TestRings(t *testing.T) {
	h := newHouse(t)
	inc := h.breach(h.stock())
	b := h.as(incident.Handler)
	auditor := h.as(incident.Auditor)
	answer := regexp.MustCompile(`action="(/rings/[^"]+/answer)"`)
	m := answer.FindStringSubmatch(b.get("/incidents/" + inc.ID).body)
	if m == nil || answer.FindString(b.get("/").body) == "" {
		t.Fatal("the alarm is not on the case and the board")
	}
	if answer.MatchString(auditor.get("/").body) {
		t.Error("an auditor is offered to answer")
	}
	if got := auditor.post(m[1]); got.code != http.StatusForbidden {
		t.Errorf("an auditor answers: status %d, want 403", got.code)
	}
	for _, back := range []string{"//evil.example", "https://evil.example", "/incidents/../x"} {
		if got := b.post(m[1], "back", back); got.header.Get("Location") != "/?said=answered" {
			t.Errorf("back to %q leads to %q", back, got.header.Get("Location"))
		}
	}
	if answer.MatchString(b.get("/").body) {
		t.Error("an answered alarm of a new case still waits")
	}
	h.later(5 * time.Hour)
	if _, err := h.desk.Tick(context.Background()); err != nil {
		t.Fatal(err)
	}
	page := b.get("/incidents/" + inc.ID)
	if m = answer.FindStringSubmatch(page.body); m == nil {
		t.Fatal("the warning of the fifth hour is not on the case")
	}
	if got := b.post(m[1], "back", "/incidents/"+inc.ID); got.header.Get("Location") != "/incidents/"+inc.ID+"?said=answered" {
		t.Errorf("back leads to %q", got.header.Get("Location"))
	}
	if text := b.get("/incidents/" + inc.ID).text(); !strings.Contains(text, "Aino handler on asialla") || !strings.Contains(text, "kysytään uudelleen") {
		t.Error("the case does not say who is on it and when it is asked again")
	}
}

func TestAlarmSettings(t *testing.T) {
	h := newHouse(t)
	admin := h.as(incident.Admin)
	got := admin.post("/settings", "name", "Hoivapilvi", "zone", "Europe/Helsinki", "alarm", "kaikki@bell.example")
	if got.code != http.StatusSeeOther {
		t.Fatalf("status %d", got.code)
	}
	form := []string{"who_0", "@oncall", "wait_0", "15", "who_1", "pomo@bell.example, toinen@bell.example", "wait_1", "30",
		"shift_0", "admin@bell.example", "from_0", "22.11.2026 klo 8", "until_0", "29.11.2026 klo 8", "quiet_from", "22", "quiet_until", "7.30", "regimes", "nis2",
		"chase_hours", "2,5", "day_from", "8", "day_until", "20.30"}
	if got := admin.post("/settings/alarms", form...); got.code != http.StatusSeeOther {
		t.Fatalf("status %d\n%.900s", got.code, got.text())
	}
	o, err := h.db.Organisation(context.Background())
	must(t, err)
	if len(o.Plan) != 2 || o.Plan[0].Wait != 15*time.Minute || len(o.Plan[1].Who) != 2 || len(o.Rota) != 1 || o.Quiet != (incident.Quiet{From: 1320, Until: 450}) ||
		len(o.Regimes) != 1 || len(o.Alarm) != 1 || !o.Rota[0].Until.Equal(time.Date(2026, 11, 29, 6, 0, 0, 0, time.UTC)) {
		t.Errorf("organisation = %+v", o)
	}
	if o.ChaseAfter != 150*time.Minute || o.Day != (incident.Quiet{From: 480, Until: 1230}) {
		t.Errorf("chased after %v in %v, want 2.5 hours of 8 to 20.30", o.ChaseAfter, o.Day)
	}
	page := admin.get("/settings/alarms").text()
	if !strings.Contains(page, "Päivystyksessä on aukkoja") || !strings.Contains(page, "su 29.11.2026 klo 8") || !strings.Contains(page, "7.30") {
		t.Error("the gap after the only shift is not shown")
	}
	if got := admin.post("/settings/alarms", regexpForm(page)...); got.code != http.StatusSeeOther {
		t.Errorf("what the page shows cannot be saved again: status %d", got.code)
	}
	if got := h.as(incident.Privacy).get("/settings/alarms"); got.code != http.StatusForbidden {
		t.Errorf("not an administrator: status %d, want 403", got.code)
	}
}

// regexpForm reads the text inputs of a page back as a form.
func regexpForm(page string) []string {
	var pairs []string
	for _, m := range regexp.MustCompile(`name="((?:who|wait|from|until|quiet)_\w+)" type="text" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		pairs = append(pairs, m[1], m[2])
	}
	return append(pairs, "shift_0", "admin@bell.example")
}

func TestCalendarFeed(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.late()
	b, outside := h.as(incident.Handler), h.browser()
	if got := b.post("/calendar", "do", "make"); got.code != http.StatusSeeOther {
		t.Fatalf("status %d", got.code)
	}
	address := regexp.MustCompile(`/calendar/secret-[0-9]+\.ics`)
	path := address.FindString(b.get("/calendar").body)
	if path == "" {
		t.Fatal("the address is not shown")
	}
	if address.MatchString(b.get("/calendar").body) {
		t.Error("the address is shown twice")
	}
	got := outside.get(path)
	if got.code != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/calendar") || !strings.Contains(got.body, "BEGIN:VEVENT") {
		t.Fatalf("status %d, %s\n%.500s", got.code, got.header.Get("Content-Type"), got.body)
	}
	for _, word := range []string{"Koivurannan", "Varmuuskopio", "Aino", "@bell", "Kati"} {
		if strings.Contains(got.body, word) {
			t.Errorf("the calendar says %q", word)
		}
	}
	if !strings.Contains(got.body, inc.Number) || !strings.Contains(got.body, "Ensi-ilmoitus") {
		t.Error("the calendar lacks the case and its duty")
	}
	other := h.as(incident.Approver)
	if strings.Contains(other.get("/calendar").body, `name="feed"`) {
		t.Error("another's address is shown")
	}
	id := regexp.MustCompile(`name="feed" value="([^"]+)"`).FindStringSubmatch(b.get("/calendar").body)[1]
	if got := other.post("/calendar", "do", "revoke", "feed", id); got.code != http.StatusNotFound {
		t.Errorf("another revokes: status %d, want 404", got.code)
	}
	absent := outside.get("/calendar/nosuchsecret")
	if got := b.post("/calendar", "do", "revoke", "feed", id); got.code != http.StatusSeeOther {
		t.Fatalf("revoke: status %d", got.code)
	}
	if got := outside.get(path); got.code != http.StatusNotFound || got.body != strings.ReplaceAll(absent.body, "/calendar/nosuchsecret", path) {
		t.Errorf("a revoked address (%d) and an unknown one (%d) differ", got.code, absent.code)
	}
	codes := map[int]int{}
	for range 70 {
		codes[outside.get("/calendar/nosuchsecret").code]++
	}
	if codes[http.StatusTooManyRequests] == 0 {
		t.Errorf("answers %v, want some refused", codes)
	}
}

func TestFeedEndsWithItsOwner(t *testing.T) {
	h := newHouse(t)
	u := h.hire(incident.Handler)
	secret, err := h.desk.AddFeed(context.Background(), incident.Actor{ID: u.ID, Name: u.Name, Roles: u.Roles, Via: "web"})
	must(t, err)
	b := h.browser()
	if got := b.get("/calendar/" + secret); got.code != http.StatusOK {
		t.Fatalf("status %d", got.code)
	}
	u.Disabled = true
	must(t, h.desk.SaveUser(context.Background(), incident.Program, u))
	if got := b.get("/calendar/" + secret); got.code != http.StatusNotFound {
		t.Errorf("of somebody who has left: status %d, want 404", got.code)
	}
	token, err := h.desk.AddToken(context.Background(), incident.Program, "ohjelma", incident.Auditor)
	must(t, err)
	if got := b.get("/calendar/" + token); got.code != http.StatusNotFound {
		t.Errorf("a token of the API reads the calendar: status %d, want 404", got.code)
	}
}

// TestWhoMayWorkOnClocks sends each form as each role.
func TestWhoMayWorkOnClocks(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.late()
	own := h.own(inc)
	may := map[string][]incident.Role{
		"/incidents/" + inc.ID + "/moments/signal":     {incident.Handler, incident.Privacy},
		"/records/" + rs[0].ID + "/moments/reported":   {incident.Handler, incident.Privacy},
		"/incidents/" + inc.ID + "/regimes":            {incident.Privacy},
		"/incidents/" + inc.ID + "/inquiry":            {incident.Handler, incident.Privacy},
		"/incidents/" + inc.ID + "/explain":            {incident.Privacy},
		"/incidents/" + inc.ID + "/source":             {incident.Handler, incident.Privacy},
		"/incidents/" + inc.ID + "/joint":              {incident.Handler, incident.Privacy},
		"/records/" + own.ID + "/done?duty=nis2.first": {incident.Handler, incident.Privacy},
		"/records/" + own.ID + "/hold":                 {incident.Privacy},
		"/settings/alarms":                             {incident.Admin},
		"/calendar":                                    {incident.Handler, incident.Privacy, incident.Approver, incident.Auditor, incident.Admin},
	}
	for _, role := range incident.Roles {
		b := h.as(role)
		for path, roles := range may {
			allowed := false
			for _, r := range roles {
				allowed = allowed || r == role
			}
			if got := b.post(path, "do", "x").code; (got == http.StatusForbidden) == allowed {
				t.Errorf("%s posts to %s: status %d, allowed %v", role, path, got, allowed)
			}
		}
	}
}

// TestLookingAtClocksChangesNothing opens every page and compares the chain.
func TestLookingAtClocksChangesNothing(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.late()
	b := h.as(incident.Privacy)
	ctx := context.Background()
	links := func() int {
		a, err := h.db.Chain(ctx, inc.ID, 0, 1000)
		must(t, err)
		r, err := h.db.Chain(ctx, "register", 0, 1000)
		must(t, err)
		return len(a) + len(r)
	}
	before := links()
	for _, r := range h.s.clockRoutes() {
		if r.method == http.MethodGet {
			path := strings.NewReplacer("/incidents/:id", "/incidents/"+inc.ID, "/records/:id", "/records/"+rs[0].ID, ":moment", "signal").Replace(r.path)
			b.get(path)
			b.do("HEAD", path, nil, "")
		}
	}
	if after := links(); after != before {
		t.Errorf("%d links before, %d after looking", before, after)
	}
}

// TestClocksOfTenThousand holds that the page stays small and quick.
func TestClocksOfTenThousand(t *testing.T) {
	if testing.Short() {
		t.Skip("makes ten thousand records")
	}
	h := newHouse(t)
	ctx := context.Background()
	sv := &incident.Service{Name: "Iso palvelu"}
	must(t, h.desk.SaveService(ctx, incident.Program, sv))
	c := &incident.Change{Act: "register", By: incident.Program, At: h.time(), Content: []byte("{}"), Salt: make([]byte, 16)}
	for range 10_000 {
		c.Register.Controllers = append(c.Register.Controllers, &incident.Controller{ID: h.desk.NewID(), Name: "Asiakas", Lang: "fi", Hours: 24,
			Uses: []incident.Use{{Service: sv.ID}}})
	}
	must(t, h.db.Apply(ctx, c))
	inc := h.breach(sv)
	b := h.as(incident.Auditor)
	for _, p := range []string{"/clocks", "/clocks?duty=contract.notice&within=24h", "/moments", "/compare", "/parties"} {
		began := time.Now()
		got := b.get("/incidents/" + inc.ID + p)
		took := time.Since(began)
		if got.code != http.StatusOK || len(got.body) > 60<<10 {
			t.Errorf("%s: status %d, %d bytes", p, got.code, len(got.body))
		}
		if took > 2*time.Second {
			t.Errorf("%s took %v", p, took)
		}
		t.Logf("%s: %v, %d bytes", p, took, len(got.body))
	}
	if page := b.get("/incidents/" + inc.ID + "/clocks").text(); !strings.Contains(page, "10 000 rekisterinpitäjää") && !strings.Contains(page, "10\u00a0000") && !strings.Contains(page, "10000") {
		t.Error("the page does not count them")
	}
}

// A hold stops the telling of people and no other clock, and the record's page
// says who ordered it and until when.
func TestHeldRecordShowsItsHold(t *testing.T) {
	h := newHouse(t)
	inc, _ := h.late()
	own := h.own(inc)
	b := h.as(incident.Privacy)
	before := len(own.Deadlines)
	got := b.post("/records/"+own.ID+"/hold", "kind", "hold", "authority", "Keskusrikospoliisi", "reason", "Esitutkinnan turvaaminen", "until", "1.12.2026 klo 12")
	if got.code != http.StatusSeeOther {
		t.Fatalf("recording a hold: status %d\n%.2000s", got.code, got.text())
	}
	page := b.get("/records/" + own.ID).text()
	for _, want := range []string{"<b>Keskusrikospoliisi</b>", "Esitutkinnan turvaaminen", "ti 1.12.2026 klo 12.00 (UTC+2)"} {
		if !strings.Contains(page, want) {
			t.Errorf("the record's page does not say %q", want)
		}
	}
	for _, dl := range h.own(inc).Deadlines {
		if dl.To != incident.ToSubjects && !dl.Met.IsZero() {
			t.Errorf("the hold ended the clock %s", dl.Duty)
		}
	}
	if after := len(h.own(inc).Deadlines); after < before {
		t.Errorf("%d clocks after the hold, %d before", after, before)
	}
}
