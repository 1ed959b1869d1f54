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

// sent logs a breach, notifies everyone and lets a server take the mails.
func (h *house) sent() (*incident.Incident, []*incident.Record) {
	h.t.Helper()
	ctx := context.Background()
	inc := h.breach(h.stock())
	if _, err := h.desk.Notify(ctx, worker, inc.ID, incident.Notify{Texts: map[string]string{"": "Palvelin oli auki."}}); err != nil {
		h.t.Fatal(err)
	}
	ds, err := h.desk.Claim(ctx, []incident.Route{incident.ByMail}, 10, time.Minute)
	if err != nil {
		h.t.Fatal(err)
	}
	var outs []incident.Outcome
	for _, d := range ds {
		outs = append(outs, incident.Outcome{Delivery: d, Receipt: incident.Receipt{OK: true, Code: 250, Reply: "2.0.0 Ok: queued as ABC",
			Queue: "ABC", Server: "mx.example", TLS: "TLS 1.3", SHA256: strings.Repeat("ab", 32), Began: h.time(), Ended: h.time()}})
	}
	if err := h.desk.Settle(ctx, outs); err != nil {
		h.t.Fatal(err)
	}
	rs, err := h.db.Records(ctx, inc.ID, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return inc, rs
}

// TestPages opens every page in every language: it answers 200, every key has
// words, nothing is inline, and it stays within its budget.
func TestPages(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.sent()
	b := h.as(incident.Privacy)
	admin := h.as(incident.Admin)
	paths := []string{"/", "/?state=closed", "/?q=zzz", "/log", "/logged/" + inc.ID, "/customers", "/customers?q=koivu", "/customers/new",
		"/customers/edit/" + rs[0].Controller, "/customers/import", "/services", "/phrases", "/phrases/new", "/settings", "/password", "/deliveries"}
	for _, p := range []string{"", "/timeline", "/records", "/records?stage=failed", "/affect", "/facts", "/facts/import", "/calls", "/notify", "/notify?to=all",
		"/notify?to=" + rs[0].ID, "/deliveries", "/close"} {
		paths = append(paths, "/incidents/"+inc.ID+p)
	}
	for _, r := range rs {
		paths = append(paths, "/records/"+r.ID)
	}
	for _, f := range recordForms {
		paths = append(paths, "/records/"+rs[0].ID+"/"+f.name)
	}
	notices, err := h.db.Notices(context.Background(), rs[0].ID)
	if err != nil || len(notices) != 1 {
		t.Fatalf("notices = %d, %v; want 1", len(notices), err)
	}
	paths = append(paths, "/notices/"+notices[0].ID)
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		admin.post("/language", "lang", lang)
		for _, p := range paths {
			t.Run(lang+p, func(t *testing.T) {
				checkPage(t, b.get(p), lang)
			})
		}
		checkPage(t, admin.get("/settings"), lang)
		checkPage(t, h.browser().get("/n/"+h.secretOf(rs[0].ID)+"?lang="+lang), lang)
	}
}

// secretOf finds the secret of the newest link to a record: it stands in the
// mail and nowhere in the database.
func (h *house) secretOf(record string) string {
	h.t.Helper()
	r, err := h.db.Record(context.Background(), record)
	if err != nil || h.secrets[r.Name] == "" {
		h.t.Fatalf("no secret of %s: %v", record, err)
	}
	return h.secrets[r.Name]
}

var inline = regexp.MustCompile(`\sstyle="|<style|<script[^>]*>[^<]|\son[a-z]+="|javascript:`)

func checkPage(t *testing.T, got reply, lang string) {
	t.Helper()
	if got.code != http.StatusOK {
		t.Fatalf("status %d, want 200\n%.600s", got.code, got.body)
	}
	if m := missing.FindAllString(got.text(), -1); m != nil {
		t.Errorf("keys without words: %v", m)
	}
	if m := inline.FindString(got.body); m != "" {
		t.Errorf("inline script or style: %q", m)
	}
	if len(got.body) > 30<<10 {
		t.Errorf("%d bytes of HTML, want at most 30 KiB", len(got.body))
	}
	if !strings.Contains(got.body, `<html lang="`+lang+`"`) || !strings.HasSuffix(strings.TrimSpace(got.body), "</html>") {
		t.Errorf("not a whole page in %s", lang)
	}
	if strings.Count(got.body, "<h1") != 1 {
		t.Errorf("%d headings of the first rank, want 1", strings.Count(got.body, "<h1"))
	}
}

// ours logs a case in a register of the company's own and returns its record.
func (h *house) ours() *incident.Record {
	h.t.Helper()
	ctx := context.Background()
	if err := h.desk.SaveOrganisation(ctx, incident.Program, incident.Organisation{Name: "Hoivapilvi Oy"}); err != nil {
		h.t.Fatal(err)
	}
	sv := &incident.Service{Name: "Oma asiakasrekisteri", Own: true}
	if err := h.desk.SaveService(ctx, incident.Program, sv); err != nil {
		h.t.Fatal(err)
	}
	inc := h.breach(sv)
	r, err := h.db.RecordOf(ctx, inc.ID, incident.Own)
	if err != nil {
		h.t.Fatal(err)
	}
	return r
}

// TestFormsKeepWhatWasTyped sends every form with something wrong: the reply
// is 422, says what is wrong at the field, and holds all that was typed.
func TestFormsKeepWhatWasTyped(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.sent()
	own, ours := rs[0].ID, h.ours().ID
	b, admin := h.as(incident.Privacy), h.as(incident.Admin)
	tests := []struct {
		name string
		by   *browser
		path string
		form []string
		keep string // what must still stand in the page
		at   string // the field that the fault is about
	}{
		{"log without a title", b, "/log", []string{"title", "", "aware", "22.11.2026 klo 3.10"}, "22.11.2026 klo 3.10", "title"},
		{"log at a missing hour", b, "/log", []string{"title", "Palvelin auki", "aware", "29.3.2026 klo 3.30"}, "Palvelin auki", "aware"},
		{"log at a repeated hour", b, "/log", []string{"title", "Palvelin auki", "aware", "25.10.2026 klo 3.30"}, "25.10.2026 klo 3.30", "aware"},
		{"log at no time", b, "/log", []string{"title", "Palvelin auki", "aware", "eilen joskus"}, "eilen joskus", "aware"},
		{"log in the future", b, "/log", []string{"title", "Palvelin auki", "aware", "22.11.2026 klo 23.00"}, "22.11.2026 klo 23.00", "aware"},
		{"facts with an unclear number", b, "/incidents/" + inc.ID + "/facts", []string{"version", "1", "people", "12.500", "nature", "Auki verkossa"}, "Auki verkossa", "people"},
		{"notice without words", b, "/incidents/" + inc.ID + "/notify", []string{"to", "all", "do", "check", "text_fi", "Hyvä asiakas", "text_sv", ""}, "Hyvä asiakas", "text_sv"},
		{"assessment without a reason", b, "/records/" + ours + "/assessment", []string{"tier", "unlikely_risk", "approver", "Tiina Testi"}, "Tiina Testi", "reason"},
		{"call to nobody", b, "/records/" + own + "/call", []string{"said", "Kerroin kaiken", "at", "klo 3.05"}, "Kerroin kaiken", "who"},
		{"filing without a time", b, "/records/" + own + "/filing", []string{"kind", "preliminary", "channel", "Turvalomake"}, "Turvalomake", "at"},
		{"decision without approval", b, "/records/" + own + "/decision", []string{"kind", "no_breach", "reason", "Kopio oli tyhjä"}, "Kopio oli tyhjä", "approver"},
		{"affect nobody", b, "/incidents/" + inc.ID + "/affect", []string{"certainty", "confirmed"}, `value="confirmed" id="f-certainty"`, "words"},
		{"note without words", b, "/incidents/" + inc.ID + "/notes", []string{"text", " "}, "Varmuuskopio avoimena", "text"},
		{"customer with a wrong Business ID", b, "/customers/new", []string{"name", "Esimerkkilä", "lang", "fi", "business_id", "1234567-2"}, "Esimerkkilä", "business_id"},
		{"customer with a wrong address", b, "/customers/new", []string{"name", "Esimerkkilä", "lang", "fi", "email_0", "ei osoite"}, "ei osoite", "email_0"},
		{"service without a name", b, "/services", []string{"own", "yes"}, "Hoivapäivyri", "name"},
		{"organisation without a name", admin, "/settings", []string{"name", "", "phone", "020 000 0000", "zone", "Europe/Helsinki"}, "020 000 0000", "name"},
		{"organisation nowhere", admin, "/settings", []string{"name", "Hoivapilvi", "zone", "Mars/Base"}, "Mars/Base", "zone"},
		{"user without a role", admin, "/settings/users", []string{"user_name", "Uusi Koe", "user_login", "uusi@bell.example"}, "Uusi Koe", "roles"},
		{"user with a wrong address", admin, "/settings/users", []string{"user_name", "Uusi Koe", "user_login", "uusi", "roles", "handler"}, "Uusi Koe", "user_login"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := tt.by.post(tt.path, tt.form...)
			if got.code != http.StatusUnprocessableEntity {
				t.Fatalf("status %d, want 422\n%.900s", got.code, got.body)
			}
			if strings.HasPrefix(tt.keep, "value=") && !strings.Contains(got.body, tt.keep[:17]) || !strings.HasPrefix(tt.keep, "value=") && !strings.Contains(got.text(), tt.keep) {
				t.Errorf("%q was lost", tt.keep)
			}
			if !strings.Contains(got.body, `href="#f-`+tt.at+`"`) {
				t.Errorf("the summary does not lead to %q", tt.at)
			}
			if !strings.Contains(got.body, `id="f-`+tt.at+`"`) && tt.at != "services" {
				t.Errorf("there is no field %q to lead to", tt.at)
			}
			if m := missing.FindAllString(got.text(), -1); m != nil {
				t.Errorf("keys without words: %v", m)
			}
		})
	}
}

// TestBudgets fills every list to its last row, with the longest names and
// several attempts for each mail: no page grows over its budget.
func TestBudgets(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	sv := h.stock()
	name := "Järvenpään esimerkkikoti ja kuntoutuskeskus Aurinkoranta Oy "
	for i := range 60 {
		k := &incident.Controller{Name: name + string(rune('A'+i%26)), Lang: "fi", Hours: 24, Uses: []incident.Use{{Service: sv.ID}},
			Contacts: []incident.Contact{{Name: "Kati Koe, tietosuojavastaava", Email: strings.Repeat("a", i+1) + "@aurinkoranta.example"}}}
		if err := h.desk.SaveController(ctx, incident.Program, k); err != nil {
			t.Fatal(err)
		}
	}
	var inc *incident.Incident
	for range 25 {
		inc = h.breach(sv)
	}
	if _, err := h.desk.Notify(ctx, worker, inc.ID, incident.Notify{Texts: map[string]string{"": "Palvelin oli auki."}}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		h.later(time.Hour)
		ds, err := h.desk.Claim(ctx, []incident.Route{incident.ByMail}, 100, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		var outs []incident.Outcome
		for _, d := range ds {
			outs = append(outs, incident.Outcome{Delivery: d, Receipt: incident.Receipt{Code: 451, Reply: "4.7.1 Greylisted, please try again in five minutes",
				Server: "mx.aurinkoranta.example", TLS: "TLS 1.3", SHA256: strings.Repeat("ab", 32), Began: h.time(), Ended: h.time()}})
		}
		if err := h.desk.Settle(ctx, outs); err != nil {
			t.Fatal(err)
		}
	}
	b := h.as(incident.Privacy)
	for _, p := range []string{"/", "/customers", "/deliveries", "/incidents/" + inc.ID, "/incidents/" + inc.ID + "/records", "/incidents/" + inc.ID + "/timeline",
		"/incidents/" + inc.ID + "/deliveries"} {
		t.Run(p, func(t *testing.T) { checkPage(t, b.get(p), "fi") })
	}
	first := b.get("/incidents/" + inc.ID + "/records").text()
	i := strings.Index(first, `rel="next"`)
	if i < 0 {
		t.Fatal("the list has no next part")
	}
	at := strings.LastIndex(first[:i], `href="`) + 6
	if next := b.get(first[at : at+strings.IndexByte(first[at:], '"')]); next.code != http.StatusOK || !strings.Contains(next.text(), "/records/") {
		t.Errorf("the next part: status %d", next.code)
	}
	check := b.post("/incidents/"+inc.ID+"/notify", "to", "all", "text_fi", "Lisää tietoa", "text_sv", "Mera", "text_en", "More", "do", "check")
	checkPage(t, check, "fi")
}
