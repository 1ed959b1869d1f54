package web

import (
	"context"
	"net/http"
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
