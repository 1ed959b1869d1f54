package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"hatakello/incident"
)

// TestQuickPath logs a message to a wrong recipient and decides on it: two
// pages make a case that lacks nothing.
func TestQuickPath(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	h.try(h.desk.SaveService(ctx, incident.Program, &incident.Service{Name: "Oma asiakasrekisteri", Own: true}))
	h.stock()
	b := h.as(incident.Privacy)
	if !strings.Contains(b.get("/log").body, `href="/log/misdirected"`) {
		t.Error("the log page does not lead to the quick path")
	}
	own := h.ownService().ID
	tests := []struct {
		name, who, back, by string
		data                []string
		want                incident.Tier
	}{
		{"returned in writing by a trusted one", "trusted", "written", "vastaanottaja sähköpostilla 22.11.", []string{"name", "contact"}, incident.Unlikely},
		{"health data, returned unopened", "known", "unopened", "postinkantaja, kirjallisesti", []string{"name", "health"}, incident.Unlikely},
		{"health data, read by a stranger", "known", "no", "", []string{"name", "health"}, incident.High},
		{"nobody knows who", "unknown", "", "", []string{"name"}, incident.Likely},
		{"word of mouth", "known", "said", "vastaanottaja puhelimessa", []string{"name", "financial"}, incident.Likely},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form := []string{"title", "Lasku toiselle asiakkaalle", "aware", "22.11.2026 klo 3.05", "whose", own, "who", tt.who, "back", tt.back, "back_by", tt.by,
				"people", "1", "vulnerable", "false", "harm", "Lasku voi paljastaa ostokset.", "key", tt.name}
			for _, k := range tt.data {
				form = append(form, "data", k)
			}
			got := b.post("/log/misdirected", form...)
			at := strings.TrimSuffix(got.header.Get("Location"), "?said=logged")
			if got.code != http.StatusSeeOther || !strings.HasSuffix(at, "/assessment") {
				t.Fatalf("%d to %q\n%s", got.code, at, got.text())
			}
			r := h.record(strings.Split(at, "/")[2])
			inc, err := h.db.Incident(ctx, r.Incident)
			h.try(err)
			f, err := readAnswers(r.EffectiveAnswers(inc)).facts()
			h.try(err)
			if r.Part != incident.AsController || r.Certainty != incident.Confirmed || inc.Facts.Nature.Blank() || inc.Facts.Data.Blank() || inc.Facts.Consequences.Blank() || r.Facts.People.Low != 1 {
				t.Errorf("record %+v of %+v", r, inc.Facts)
			}
			page := b.get(at).text()
			if words := h.s.Words.Say("fi", "tier."+string(tt.want)); !strings.Contains(strings.ToLower(page), strings.ToLower(words)) {
				t.Errorf("proposal is not %q for %+v:\n%s", words, f, page)
			}
			dec := b.post(at, "seen", incident.Fingerprint(inc.Answers), "tier", string(tt.want), "reason", "Niin kuin ehdotus.", "approver", "Bo Koe")
			if r = h.record(r.ID); dec.code != http.StatusSeeOther || r.Tier != tt.want || r.Assessed[0].Proposed != tt.want {
				t.Errorf("decided: %d, tier %q, proposed %q; want %q\n%s", dec.code, r.Tier, r.Assessed[0].Proposed, tt.want, dec.text())
			}
		})
	}
}

func (h *house) ownService() *incident.Service {
	h.t.Helper()
	all, err := h.db.Services(context.Background())
	h.try(err)
	for _, s := range all {
		if s.Own {
			return s
		}
	}
	h.t.Fatal("no register of our own")
	return nil
}

// TestQuickPathOfACustomer leads to telling the customer, not to a risk question.
func TestQuickPathOfACustomer(t *testing.T) {
	h := newHouse(t)
	h.stock()
	b := h.as(incident.Handler)
	form := []string{"aware", "22.11.2026 klo 3.05", "whose", "customer", "controllers", "Koivurannan hoiva Oy", "who", "known", "back", "", "people", "3", "data", "name"}
	got := b.post("/log/misdirected", form...)
	to := strings.TrimSuffix(got.header.Get("Location"), "?said=logged")
	if got.code != http.StatusSeeOther || !strings.HasPrefix(to, "/incidents/") {
		t.Fatalf("%d to %q\n%s", got.code, to, got.text())
	}
	if page := b.get(to).text(); !strings.Contains(page, to+"/notify") {
		t.Errorf("the next step is not to tell the customer:\n%s", page)
	}
	form[5] = "Ei Tällaista"
	if got := b.post("/log/misdirected", form...); got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `href="#f-controllers"`) {
		t.Errorf("an unknown customer: %d", got.code)
	}
}

func TestQuickPathAsksForWhatItNeeds(t *testing.T) {
	h := newHouse(t)
	h.stock()
	b := h.as(incident.Reporter)
	got := b.post("/log/misdirected", "aware", "joskus", "people", "12.500", "back", "written", "title", "Kirje")
	for _, field := range []string{"aware", "whose", "who", "back_by", "people"} {
		if !strings.Contains(got.body, `href="#f-`+field+`"`) || !strings.Contains(got.body, `id="f-`+field+`"`) {
			t.Errorf("nothing is said about %s", field)
		}
	}
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `value="Kirje"`) {
		t.Errorf("%d\n%s", got.code, got.body)
	}
	form := []string{"aware", "22.11.2026 klo 3.05", "whose", "customer", "controllers", "Koivurannan hoiva Oy", "who", "known", "back", "", "people", "3"}
	if got := b.post("/log/misdirected", form...); !strings.HasPrefix(got.header.Get("Location"), "/logged/") {
		t.Errorf("who may only log is led to %q", got.header.Get("Location"))
	}
}
