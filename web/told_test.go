package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// tell gives a record facts of its own and sends its controller a notice.
func (x *toldHouse) tell(r *incident.Record, f incident.Facts, said string, next time.Time) {
	x.t.Helper()
	ctx := context.Background()
	rec, err := x.db.Record(ctx, r.ID)
	if err != nil {
		x.t.Fatal(err)
	}
	if err := x.desk.DescribeRecord(ctx, worker, r.ID, rec.Version, f); err != nil {
		x.t.Fatal(err)
	}
	if _, err := x.desk.Notify(ctx, worker, r.Incident, incident.Notify{Records: []string{r.ID}, Texts: map[string]string{"": said}, NextUpdate: next}); err != nil {
		x.t.Fatal(err)
	}
}

// Behind the code stands what her notices said: how surely, her own numbers,
// what changed, when more comes. Before it, none of this; and what staff wrote
// after the last notice is not told yet.
func TestToldPage(t *testing.T) {
	x := newTold(t)
	r, b := x.rs[0], x.browser()
	x.tell(r, incident.Facts{Nature: incident.Fact{Text: "Varmuuskopio oli auki.", Sure: incident.Known}, People: incident.Amount{Low: 1200, Sure: "about"}}, "Tarkempi tieto", x.time().Add(5*time.Hour))
	x.later(time.Hour)
	x.tell(r, incident.Facts{Nature: incident.Fact{Text: "Varmuuskopio oli auki.", Sure: incident.Known}, People: incident.Amount{Low: 1240, Sure: "exact"}}, "Luku varmistui", x.time().Add(20*time.Hour))
	rec, err := x.db.Record(context.Background(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.desk.DescribeRecord(context.Background(), worker, r.ID, rec.Version, incident.Facts{Nature: incident.Fact{Text: "Vasta luonnos", Sure: incident.Known}}); err != nil {
		t.Fatal(err)
	}
	base := "/n/" + x.secretOf(r.ID)
	inside := []string{"Varmuuskopio oli auki.", "1 240", "Luku varmistui", "Tarkempi tieto", "noin 1 200", "ma 23.11.2026 klo 0.12"}
	closed := b.get(base + "?lang=fi")
	for _, word := range inside {
		if strings.Contains(flat(closed), word) {
			t.Errorf("the closed page shows %q", word)
		}
	}
	x.enter(b, r)
	open := b.get(base + "?lang=fi")
	checkPage(t, open, "fi")
	for _, word := range append(inside, "Varma", "Arvio", "Ei tiedossa", "Hoivapäivyri", "Mikä muuttui", "ennen: noin 1 200 (Arvio)", "Ilmoitus 3") {
		if !strings.Contains(flat(open), word) {
			t.Errorf("the open page lacks %q", word)
		}
	}
	for _, word := range []string{"Vasta luonnos", x.rs[1].Name, "Varmuuskopio avoimena"} {
		if strings.Contains(open.text(), word) {
			t.Errorf("the open page shows %q", word)
		}
	}
}

// flat is a page's text with every space alike.
func flat(a reply) string { return strings.ReplaceAll(a.text(), "\u00a0", " ") }

// Her clock is told in words: from when, the strict limit and the outer one,
// in Helsinki and UTC; if she knew earlier, from then, and both times.
func TestHerClock(t *testing.T) {
	x := newTold(t)
	r, b := x.rs[0], x.browser()
	x.later(30 * time.Minute)
	base := x.enter(b, r)
	if got := b.post(base, "name", "Kati Koe, johtaja"); got.code != http.StatusSeeOther {
		t.Fatalf("acknowledge: %d", got.code)
	}
	for lang, words := range map[string][]string{
		"fi": {"ke 25.11.2026 klo 3.12 (UTC+2) · 1.12 UTC", "su 22.11.2026 klo 3.12", "1182/71 mukaan on ke 25.11.2026 klo 4.00 (UTC+2) · 2.00 UTC"},
		"sv": {"on 25.11.2026 kl. 3.12 (UTC+2)", "förordning (EEG, Euratom) 1182/71"},
		"en": {"Wed 25 November 2026, 03:12 (UTC+2)", "Regulation (EEC, Euratom) 1182/71"},
	} {
		got := flat(b.get(base + "?lang=" + lang))
		for _, word := range words {
			if !strings.Contains(got, word) {
				i := strings.Index(got, `id="clock"`)
				t.Errorf("%s: the page lacks %q\n%.900s", lang, word, got[max(i, 0):])
			}
		}
	}
	b.post(base+"/form?lang=fi&part=F", "key", "aware_at", "a.aware_at", "21.11.2026 klo 20.00")
	got := flat(b.get(base + "?lang=fi"))
	for _, word := range []string{"ti 24.11.2026 klo 20.00 (UTC+2) · 18.00 UTC", "ennen ilmoitustamme", "päättyisi ke 25.11.2026 klo 3.12"} {
		if !strings.Contains(got, word) {
			t.Errorf("after an earlier awareness the page lacks %q", word)
		}
	}
	b.post(base+"/form?lang=fi&part=F", "key", "aware_at", "a.aware_at", "22.11.2026 klo 3.11")
	later := flat(b.get(base + "?lang=fi"))
	if !strings.Contains(later, "ke 25.11.2026 klo 3.11") {
		t.Error("an awareness a minute earlier moves nothing")
	}
}

// A secret lives in the mail alone: neither the kept text of the notice nor the
// page shows it.
func TestSecretIsNotKept(t *testing.T) {
	x := newTold(t)
	for _, r := range x.rs {
		notices, err := x.db.Notices(context.Background(), r.ID)
		if err != nil || len(notices) != 1 {
			t.Fatalf("%d notices, %v", len(notices), err)
		}
		if got := notices[0].Text; strings.Contains(got, x.secretOf(r.ID)) || !strings.Contains(got, "…") {
			t.Errorf("kept: %q", got)
		}
	}
}

// Past her 72 hours a first filing needs the reasons, which are kept; nothing
// typed is lost when they are missing. A supplement is not asked.
func TestLateFilingOfHers(t *testing.T) {
	x := newTold(t)
	r, b := x.rs[0], x.browser()
	x.later(80 * time.Hour)
	base := x.enter(b, r)
	if got := b.get(base + "/form?lang=fi"); !strings.Contains(got.body, `name="late_reason"`) {
		t.Error("the page does not ask why it is late")
	}
	form := []string{"kind", "preliminary", "at", "25.11.2026 klo 9.00", "channel", "Turvalomake", "name", "Kati Koe, johtaja"}
	got := b.post(base+"/filing?lang=fi", form...)
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="e-late_reason"`) || !strings.Contains(got.body, "Turvalomake") || !strings.Contains(got.body, "25.11.2026 klo 9.00") {
		t.Fatalf("without reasons: %d\n%.800s", got.code, got.text())
	}
	if got := b.post(base+"/filing?lang=fi", append(form, "late_reason", "Kuittaus tuli lomalta.")...); got.code != http.StatusSeeOther {
		t.Fatalf("with reasons: %d\n%.800s", got.code, got.text())
	}
	now, err := x.db.Record(context.Background(), r.ID)
	if err != nil || len(now.Filings) != 1 || now.Filings[0].LateReason != "Kuittaus tuli lomalta." || now.Deadline("gdpr.33.1").Reason != "Kuittaus tuli lomalta." {
		t.Errorf("kept: %+v, %v", now.Filings, err)
	}
	if page := b.get(base + "/form?lang=fi").text(); !strings.Contains(page, "Kuittaus tuli lomalta.") {
		t.Error("the reasons are not shown")
	}
	if got := b.post(base+"/filing?lang=fi", "kind", "supplementary", "at", "25.11.2026 klo 10.00", "channel", "Turvalomake", "name", "Kati Koe"); got.code != http.StatusSeeOther {
		t.Errorf("a supplement: %d", got.code)
	}
}
