package web

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

// says fails unless a page says every one of the words.
func (b *browser) says(what string, got reply, words ...string) {
	b.t.Helper()
	if got.code != http.StatusOK {
		b.t.Errorf("%s: status %d", what, got.code)
	}
	text := got.text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			b.t.Errorf("%s does not say %q", what, w)
		}
	}
}

// comesBack lets the mail to a controller bounce after a server had taken it.
func (h *house) comesBack(inc *incident.Incident, rec string) {
	h.t.Helper()
	ds, _, err := h.db.Deliveries(context.Background(), inc.ID, rec, incident.Cut{Limit: 10})
	must(h.t, err)
	for _, dl := range ds {
		if dl.Route == incident.ByMail && dl.Notice != "" {
			must(h.t, h.desk.Bounce(context.Background(), incident.Report{Delivery: dl.ID, Verdict: incident.Undelivered, Address: dl.Address,
				Status: "5.1.1", Reply: "No such user", Print: "p" + dl.ID, At: h.time()}))
		}
	}
}

// A bounce opens our duty again: the record, its clocks, the case's clocks, the
// case, the board and the call sheet all say so, in every language, until a
// call settles it.
func TestBounceReopensOnEveryPage(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.sent()
	r := rs[0]
	b := h.as(incident.Privacy)
	met := func() *incident.Deadline {
		rec, err := h.db.Record(context.Background(), r.ID)
		must(t, err)
		return rec.Deadline("gdpr.33.2")
	}
	if d := met(); d.Running() || d.How != "accepted" {
		t.Fatalf("before: %+v, want met for the time being", d)
	}
	b.says("the record before", b.get("/records/"+r.ID), h.s.Words.How("fi", "accepted"))
	h.later(time.Hour)
	h.comesBack(inc, r.ID)
	if d := met(); !d.Running() {
		t.Fatalf("after the bounce: %+v, want it to run", d)
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		say := func(key string, pairs ...any) string { return h.s.Words.Say(lang, key, pairs...) }
		due := templates.Both(templates.Lang(lang), tightestOf(h, r.ID), b.helsinki())
		opened := say("clock.is.reopened")
		b.says(lang+": the record", b.get("/records/"+r.ID), opened, say("stage.failed"))
		b.says(lang+": its clocks", b.get("/records/"+r.ID+"/clocks"), opened)
		b.says(lang+": the case's clocks", b.get("/incidents/"+inc.ID+"/clocks"), opened)
		b.says(lang+": the call sheet", b.get("/incidents/"+inc.ID+"/calls"), r.Name, say("calls.stage.failed"), due)
		for _, p := range []string{"/", "/incidents/" + inc.ID, "/incidents/" + inc.ID + "/records", "/incidents/" + inc.ID + "/timeline"} {
			checkPage(t, b.get(p), lang)
		}
		b.says(lang+": the records", b.get("/incidents/"+inc.ID+"/records"), say("stage.failed"))
		b.says(lang+": the case", b.get("/incidents/"+inc.ID), r.Name, say("entry.notice.bounced", "name", r.Name, "address", "kati@koivu.example"))
		b.says(lang+": the board", b.get("/"), inc.Number)
		if !regexp.MustCompile(`href="/incidents/` + inc.ID + `/calls`).MatchString(b.get("/").body + b.get("/incidents/"+inc.ID).body) {
			t.Errorf("%s: neither board nor case leads to the call sheet", lang)
		}
	}
}

// tightestOf is the tightest limit of ours that runs for a record.
func tightestOf(h *house, rec string) time.Time {
	r, err := h.db.Record(context.Background(), rec)
	must(h.t, err)
	var at time.Time
	for _, d := range r.Deadlines {
		if d.Ours && d.Running() && !d.Due.IsZero() && (at.IsZero() || d.Due.Before(at)) {
			at = d.Due
		}
	}
	return at
}

func (b *browser) helsinki() *time.Location {
	zone, err := time.LoadLocation("Europe/Helsinki")
	must(b.t, err)
	return zone
}

// One tap on the call sheet records who was told, when and what was said; it
// counts as informing the controller, and her clock runs from it.
func TestOneTapCall(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.sent()
	r := rs[0]
	h.later(time.Hour)
	h.comesBack(inc, r.ID)
	b := h.as(incident.Handler)
	h.later(10 * time.Minute)
	sheet := b.get("/incidents/" + inc.ID + "/calls")
	form := regexp.MustCompile(`(?s)id="c-` + r.ID + `".*?name="record" value="([^"]+)".*?name="key" value="([^"]+)".*?name="who"[^>]* value="([^"]+)"`).FindStringSubmatch(sheet.body)
	if form == nil {
		t.Fatalf("no form for the controller\n%.900s", sheet.text())
	}
	pairs := []string{"record", form[1], "key", form[2], "who", form[3]}
	for range 2 { // tapped twice
		if got := b.post("/incidents/"+inc.ID+"/calls", pairs...); got.code != http.StatusSeeOther {
			t.Fatalf("status %d\n%.600s", got.code, got.text())
		}
	}
	rec, err := h.db.Record(context.Background(), r.ID)
	must(t, err)
	ours, hers := rec.Deadline("gdpr.33.2"), rec.Deadline("gdpr.33.1")
	if rec.Stage != incident.Phoned || ours.Running() || ours.How != "phoned" || !ours.Met.Equal(h.time()) {
		t.Errorf("our duty: %+v, stage %s; want met by the call", ours, rec.Stage)
	}
	if !hers.Start.Equal(h.time()) || !hers.Due.Equal(h.time().Add(72*time.Hour)) {
		t.Errorf("her clock: %+v, want 72 hours from the call", hers)
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		at := templates.Both(templates.Lang(lang), h.time(), b.helsinki())
		b.says(lang+": the record", b.get("/records/"+r.ID), h.s.Words.Say(lang, "stage.phoned"), h.s.Words.How(lang, "phoned"), at, "Kati Koe",
			h.s.Words.Say("fi", "calls.told"))
		if got := b.get("/incidents/" + inc.ID + "/calls").body; strings.Contains(got, `id="c-`+r.ID+`"`) {
			t.Errorf("%s: she is still on the call sheet", lang)
		}
	}
	if n := strings.Count(b.get("/incidents/"+inc.ID+"/timeline").text(), h.s.Words.Say("en", "calls.told")) + strings.Count(b.get("/incidents/"+inc.ID+"/timeline").text(), h.s.Words.Say("fi", "calls.told")); n != 1 {
		t.Errorf("the timeline tells of %d calls, want 1", n)
	}
}

// A preliminary report promises the rest: the promised time is a clock of its
// own, on the record and among the case's clocks, and a supplement that comes
// later than promised needs its reasons, which stay.
func TestPromisedSupplement(t *testing.T) {
	h := newHouse(t)
	r := h.ours()
	b, path := h.as(incident.Privacy), "/records/"+r.ID
	own := func() *incident.Record {
		rec, err := h.db.Record(context.Background(), r.ID)
		must(t, err)
		return rec
	}
	got := b.post(path+"/filing", "kind", "preliminary", "at", "22.11.2026 klo 3.00", "channel", "Turvalomake", "promised", "26.11.2026 klo 12", "key", "k1")
	if got.code != http.StatusSeeOther {
		t.Fatalf("status %d\n%.900s", got.code, got.text())
	}
	promised := time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)
	if d := own().Deadline("gdpr.33.4.own"); d == nil || !d.Running() || !d.Due.Equal(promised) {
		t.Fatalf("the clock is %+v, want the promised time", d)
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		when := templates.Both(templates.Lang(lang), promised, b.helsinki())
		b.says(lang+": the record", b.get(path), h.s.Words.Say(lang, "filing.promised.until", "When", when))
		b.says(lang+": its clocks", b.get(path+"/clocks"), "GDPR Art. 33(4)", when)
		b.says(lang+": the case's clocks", b.get("/incidents/"+r.Incident+"/clocks"), when)
	}
	h.later(5 * 24 * time.Hour)
	b.post("/login", "login", "privacy@bell.example", "password", password) // the session has run out
	late := []string{"kind", "supplementary", "at", "27.11.2026 klo 3.00", "channel", "Turvalomake", "reference", "171/2026", "key", "k2"}
	got = b.post(path+"/filing", late...)
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `href="#f-late_reason"`) || !strings.Contains(got.body, `value="171/2026"`) {
		t.Fatalf("late without a reason: status %d to %q, want 422 at the field with what was typed", got.code, got.header.Get("Location"))
	}
	if got = b.post(path+"/filing", append(late, "late_reason", "Lokien tutkinta kesti.")...); got.code != http.StatusSeeOther {
		t.Fatalf("status %d\n%.600s", got.code, got.text())
	}
	rec := own()
	if d := rec.Deadline("gdpr.33.4.own"); d.Running() || !d.Late(h.time()) || d.Reason != "Lokien tutkinta kesti." || rec.Filings[1].LateReason != d.Reason {
		t.Errorf("the supplement: %+v, filing %+v", d, rec.Filings[1])
	}
	b.says("the record", b.get(path), "Lokien tutkinta kesti.", h.s.Words.Say("en", "filing.waslate"))
}

// A deadline stands in Helsinki time and in UTC wherever a page tells it.
func TestPagesTellBothTimes(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.late()
	own := h.own(inc)
	b := h.as(incident.Privacy)
	tight := tightestOf(h, own.ID)
	h.comesBack(inc, rs[0].ID)
	told := tightestOf(h, rs[0].ID)
	hers, err := h.db.Record(context.Background(), rs[1].ID)
	must(t, err)
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		both := func(at time.Time) string { return templates.Both(templates.Lang(lang), at, b.helsinki()) }
		for path, due := range map[string]time.Time{"/": told, "/incidents/" + inc.ID: told, "/incidents/" + inc.ID + "/clocks": tight, "/records/" + own.ID: tight,
			"/records/" + own.ID + "/clocks": tight, "/incidents/" + inc.ID + "/calls": told, "/records/" + rs[0].ID: told} {
			b.says(lang+" "+path, b.get(path), both(due))
		}
		b.says(lang+": her page", h.browser().get("/n/"+h.secrets[hers.Name]+"?lang="+lang), both(hers.Deadline("gdpr.33.1").Due))
	}
}
