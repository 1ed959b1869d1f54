package web

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// TestAmbiguousHour asks which of two passes is meant, and takes the reply.
func TestAmbiguousHour(t *testing.T) {
	h := newHouse(t)
	b := h.as(incident.Privacy)
	form := []string{"title", "Palvelin auki", "aware", "25.10.2026 klo 3.30", "key", "k1"}
	got := b.post("/log", form...)
	if n := strings.Count(got.body, `name="pass_`); n != 2 {
		t.Fatalf("%d choices, want 2", n)
	}
	got = b.post("/log", append(form, "pass_aware", "2026-10-25T01:30:00Z")...)
	if got.code != http.StatusSeeOther {
		t.Fatalf("status %d, want 303\n%.600s", got.code, got.body)
	}
	id := strings.TrimSuffix(strings.TrimPrefix(got.header.Get("Location"), "/incidents/"), "?said=logged")
	inc, err := h.db.Incident(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	k, _ := inc.At(incident.ProcessorAware)
	if want := time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC); !k.At.Equal(want) {
		t.Errorf("aware at %v, want the second pass %v", k.At, want)
	}
}

// TestWholeJob walks from the log to the acknowledgement.
func TestWholeJob(t *testing.T) {
	h := newHouse(t)
	sv := h.stock()
	b := h.as(incident.Privacy)
	logged := []string{"title", "Varmuuskopio avoimena", "aware", "22.11.2026 klo 3.12", "services", sv.ID, "key", "same"}
	first := b.post("/log", logged...)
	if again := b.post("/log", logged...); again.header.Get("Location") != first.header.Get("Location") || first.code != http.StatusSeeOther {
		t.Fatalf("a repeat leads to %q, want %q (status %d)", again.header.Get("Location"), first.header.Get("Location"), first.code)
	}
	path := strings.TrimSuffix(first.header.Get("Location"), "?said=logged")
	page := b.get(path).text()
	if !strings.Contains(page, "ilmoita 3 rekisterinpitäjälle") {
		t.Errorf("the next step is not to notify:\n%.1500s", page)
	}
	texts := []string{"to", "untold", "text_fi", "Suomeksi", "text_sv", "På svenska", "text_en", "In English", "key", "n1"}
	check := b.post(path+"/notify", append(texts, "do", "check")...)
	if check.code != http.StatusOK || !strings.Contains(check.text(), "kati@koivu.example") || !strings.Contains(check.text(), "Suomeksi") {
		t.Fatalf("check: status %d\n%.3000s", check.code, check.text())
	}
	if got := b.get(path + "/deliveries").text(); strings.Contains(got, "kati@koivu.example") {
		t.Error("looking at the mails has sent them")
	}
	for range 2 { // a double click
		if got := b.post(path+"/notify", append(texts, "do", "send")...); got.code != http.StatusSeeOther {
			t.Fatalf("send: status %d\n%.800s", got.code, got.text())
		}
	}
	if got := b.get(path + "/deliveries").body; strings.Count(got, "<details class=\"delivery\"") != 2 {
		t.Errorf("%d deliveries, want 2", strings.Count(got, "<details class=\"delivery\""))
	}
	if page = b.get(path).text(); !strings.Contains(page, "soita yhdelle rekisterinpitäjälle") {
		t.Error("the next step is not to phone the one without an address")
	}
}

func TestAcknowledge(t *testing.T) {
	h := newHouse(t)
	_, rs := h.sent()
	ctx := context.Background()
	var r *incident.Record
	for _, x := range rs {
		if x.Lang == "sv" {
			r = x
		}
	}
	link := "/n/" + h.secretOf(r.ID)
	b := h.browser()
	for range 3 {
		if got := b.do("HEAD", link, nil, ""); got.code != http.StatusOK {
			t.Fatalf("HEAD: status %d, want 200", got.code)
		}
		if got := b.get(link); !strings.Contains(got.text(), "Jag bekräftar mottagandet") {
			t.Fatalf("the page is not in the controller's language\n%.800s", got.text())
		}
	}
	if x, _ := h.db.Record(ctx, r.ID); !x.AckedAt.IsZero() {
		t.Fatal("looking has acknowledged")
	}
	if got := b.post(link, "name", " "); got.code != http.StatusUnprocessableEntity {
		t.Errorf("no name: status %d, want 422", got.code)
	}
	if got := b.post(link, "name", "Nils Prov, verksamhetschef"); got.code != http.StatusSeeOther {
		t.Fatalf("acknowledge: status %d, want 303", got.code)
	}
	if x, _ := h.db.Record(ctx, r.ID); x.AckedBy != "Nils Prov, verksamhetschef" {
		t.Errorf("acknowledged by %q", x.AckedBy)
	}
	unknown, absent := b.get("/n/nosuchsecret"), b.get("/nosuchpage")
	if unknown.code != http.StatusNotFound || unknown.body != strings.ReplaceAll(absent.body, "/nosuchpage", "/n/nosuchsecret") {
		t.Errorf("an unknown link (%d) and an unknown page (%d) differ", unknown.code, absent.code)
	}
	for _, word := range []string{"Varmuuskopio", "Palvelin oli auki", "Koivurannan"} {
		if strings.Contains(b.get(link).text(), word) {
			t.Errorf("the page behind the link shows %q", word)
		}
	}
}

func TestImport(t *testing.T) {
	h := newHouse(t)
	b := h.as(incident.Privacy)
	upload := func(csv string) reply {
		var buf bytes.Buffer
		w := multipart.NewWriter(&buf)
		part, _ := w.CreateFormFile("file", "asiakkaat.csv")
		part.Write([]byte(csv))
		w.Close()
		return b.do("POST", "/customers/import", &buf, w.FormDataContentType())
	}
	got := upload("name;business_id;language;service;contact_name;contact_email\nKoivu Oy;1234567-1;fi;Hoiva;Kati;kati@koivu.example\nTuomi Oy;1234567-2;fi;Hoiva;Timo;timo@tuomi.example\n")
	if got.code != http.StatusSeeOther {
		t.Fatalf("status %d, want 303\n%.600s", got.code, got.text())
	}
	look := b.get(got.header.Get("Location"))
	if look.code != http.StatusOK || !strings.Contains(look.text(), "1234567-2") || !strings.Contains(look.text(), "tarkistusnumero") {
		t.Fatalf("the look does not name the bad row: %d\n%.2500s", look.code, look.text())
	}
	if m := missing.FindAllString(look.text(), -1); m != nil {
		t.Errorf("keys without words: %v", m)
	}
	if strings.Contains(b.get("/customers").text(), "Koivu Oy") {
		t.Error("looking has imported")
	}
	if x := b.post(got.header.Get("Location"), "partial", "no"); x.code != http.StatusUnprocessableEntity {
		t.Errorf("all or nothing with a bad row: status %d, want 422", x.code)
	}
	if x := b.post(got.header.Get("Location"), "partial", "yes"); x.code != http.StatusSeeOther {
		t.Errorf("the good rows: status %d, want 303\n%.900s", x.code, x.text())
	}
	list := b.get("/customers").text()
	if !strings.Contains(list, "Koivu Oy") || strings.Contains(list, "Tuomi Oy") {
		t.Error("not just the good row was kept")
	}
	other := h.as(incident.Handler)
	if x := other.get(got.header.Get("Location")); x.code != http.StatusUnprocessableEntity {
		t.Errorf("another's upload: status %d, want 422", x.code)
	}
}

func TestFoundIsShownOnce(t *testing.T) {
	h := newHouse(t)
	inc := h.breach(h.stock())
	b := h.as(incident.Handler)
	got := b.post("/incidents/"+inc.ID+"/affect", "words", "t1\nTuntematon Oy\n", "certainty", "possible")
	if got.code != http.StatusSeeOther {
		t.Fatalf("status %d, want 303", got.code)
	}
	list := b.get(got.header.Get("Location")).text()
	if !strings.Contains(list, "Tuntematon Oy") || !strings.Contains(list, "Yhtä ei tunnistettu") {
		t.Errorf("what was not understood is not shown\n%.1500s", list)
	}
	if strings.Contains(b.get(got.header.Get("Location")).text(), "Tuntematon Oy") {
		t.Error("it is shown for ever")
	}
}

// TestStaleForm shows both versions and loses neither.
func TestStaleForm(t *testing.T) {
	h := newHouse(t)
	inc := h.breach(h.stock())
	b := h.as(incident.Handler)
	f := inc.Facts
	f.Nature = incident.Fact{Text: "Tallennettu ensin", Sure: incident.Known}
	if err := h.desk.Describe(context.Background(), worker, inc.ID, inc.Version, f); err != nil {
		t.Fatal(err)
	}
	got := b.post("/incidents/"+inc.ID+"/facts", "version", "1", "nature", "Kirjoitettu toiseksi", "nature_sure", "assumed")
	if got.code != http.StatusConflict || !strings.Contains(got.text(), "Tallennettu ensin") || !strings.Contains(got.text(), "Kirjoitettu toiseksi") {
		t.Fatalf("status %d; want 409 with both versions\n%.1500s", got.code, got.text())
	}
}
