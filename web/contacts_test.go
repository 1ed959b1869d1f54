package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hatakello/incident"
)

// contactHouse has two customers whose contacts have been asked.
type contactHouse struct {
	*house
	memos []incident.Memo
	ks    []*incident.Controller
}

func newContactHouse(t *testing.T) *contactHouse {
	t.Helper()
	x, ctx := &contactHouse{house: newHouse(t)}, context.Background()
	x.desk.Memo = func(m incident.Memo) (incident.Letter, error) {
		x.memos = append(x.memos, m)
		return incident.Letter{Raw: []byte(m.Kind)}, nil
	}
	if err := x.desk.SaveOrganisation(ctx, incident.Program, incident.Organisation{Name: "Hoivapilvi Oy", AskContacts: true, Alarm: []string{"a@bell.example"}}); err != nil {
		t.Fatal(err)
	}
	x.stock()
	if _, _, err := x.desk.AskDueContacts(ctx, incident.Program); err != nil {
		t.Fatal(err)
	}
	var err error
	if x.ks, _, err = x.db.Customers(ctx, "", incident.Cut{Limit: 10}); err != nil {
		t.Fatal(err)
	}
	return x
}

// link is the address in the newest mail of a kind to somebody.
func (x *contactHouse) link(kind, email string) string {
	x.t.Helper()
	for _, m := range slices.Backward(x.memos) {
		if m.Kind == kind && m.Contact.Email == email {
			return "/c/" + m.Secret
		}
	}
	x.t.Fatalf("no mail %q to %s", kind, email)
	return ""
}

// contactsOf are the addresses of a customer's contacts.
func (x *contactHouse) contactsOf(name string) []incident.Contact {
	x.t.Helper()
	all, _, err := x.db.Customers(context.Background(), name, incident.Cut{Limit: 1})
	if err != nil || len(all) != 1 {
		x.t.Fatalf("%s: %v, %v", name, all, err)
	}
	return all[0].Contacts
}

// The page behind a link: in her language, changing nothing by a look, with a
// plain word about the second contact; what is wrong stands at its field and
// nothing typed is lost; a correction, an answer and an objection.
func TestContactPages(t *testing.T) {
	x := newContactHouse(t)
	b := x.browser()
	base := x.link("contacts", "kati@koivu.example")
	before := x.dump()
	for _, method := range []string{"GET", "HEAD", "GET"} {
		if got := b.do(method, base, nil, ""); got.code != http.StatusOK || got.header.Get("Cache-Control") != "no-store" ||
			got.header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(got.header.Get("X-Robots-Tag"), "noindex") || got.header.Get("Set-Cookie") != "" {
			t.Fatalf("%s: %d, %v", method, got.code, got.header)
		}
	}
	if x.dump() != before {
		t.Error("a look has changed something")
	}
	page := b.get(base)
	checkPage(t, page, "fi")
	if !strings.Contains(page.text(), "Toinen yhteyshenkilö puuttuu") || !strings.Contains(page.text(), "kati@koivu.example") {
		t.Error("the page does not ask for a second contact")
	}
	checkPage(t, b.get(x.link("contacts", "nils@norr.example")), "sv")
	for _, lang := range []string{"sv", "en"} {
		checkPage(t, b.get(base+"?lang="+lang), lang)
	}
	got := b.post(base, "version", "1", "name_0", "Kati Koe", "email_0", "ei osoite", "order_0", "1", "name_1", "Liisa Keksitty", "email_1", "kati@koivu.example", "order_1", "2")
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, `id="e-email_0"`) || !strings.Contains(got.text(), "Liisa Keksitty") || !strings.Contains(got.text(), "ei osoite") {
		t.Errorf("a wrong address: %d", got.code)
	}
	got = b.post(base, "version", "1", "name_0", "Kati Koe", "email_0", "kati@koivu.example", "phone_0", "040 000 0000", "lang_0", "fi", "order_0", "1")
	if to := got.header.Get("Location"); got.code != http.StatusSeeOther || !strings.Contains(to, "contacts_confirm") {
		t.Fatalf("confirm: %d to %q\n%s", got.code, to, got.text())
	}
	got = b.post(base, "version", "1", "gone_0", "yes", "name_0", "Kati Koe", "email_0", "kati@koivu.example", "lang_0", "fi", "order_0", "1",
		"name_1", "Liisa Keksitty", "email_1", "liisa@koivu.example", "lang_1", "fi", "order_1", "1")
	if to := got.header.Get("Location"); got.code != http.StatusSeeOther || !strings.Contains(to, "contacts_corrected") {
		t.Fatalf("correct: %d to %q\n%s", got.code, to, got.text())
	}
	page = b.get(base)
	checkPage(t, page, "fi")
	if !strings.Contains(page.text(), "Poistumassa") || !strings.Contains(page.text(), "ei ole vielä vastannut") {
		t.Error("the page does not say what is on its way")
	}
	answer, object := x.link("contacts_new", "liisa@koivu.example"), x.link("contacts_change", "kati@koivu.example")
	checkPage(t, b.get(answer), "fi")
	checkPage(t, b.get(object), "fi")
	if got := b.post(answer); got.code != http.StatusSeeOther {
		t.Errorf("answer: %d", got.code)
	}
	checkPage(t, b.get(answer), "fi")
	if all := x.contactsOf("Koivurannan"); len(all) != 2 || all[0].Awaits || !all[1].Leaving() {
		t.Errorf("answered: %+v", all)
	}
	if got := b.post(object); got.code != http.StatusSeeOther {
		t.Errorf("object: %d", got.code)
	}
	checkPage(t, b.get(object), "fi")
	if all := x.contactsOf("Koivurannan"); len(all) != 1 || all[0].Email != "kati@koivu.example" || all[0].Leaving() {
		t.Errorf("objected: %+v", all)
	}
	x.later(61 * 24 * time.Hour)
	if got := b.get(base); got.code != http.StatusNotFound {
		t.Errorf("a link that has run out: %d", got.code)
	}
}

// The staff's page says who is silent since when; asking is theirs, looking the
// auditor's.
func TestContactsForStaff(t *testing.T) {
	x := newContactHouse(t)
	x.later(15 * 24 * time.Hour)
	b := x.as(incident.Privacy)
	page := b.get("/customers/contacts")
	checkPage(t, page, "fi")
	if !strings.Contains(page.text(), "vaiti alkaen 22.11.2026") || !strings.Contains(page.text(), "Toinen osoite puuttuu") {
		t.Errorf("who is silent is not said:\n%s", page.text())
	}
	if page := b.get("/customers"); !strings.Contains(page.text(), "Yhteyshenkilö ei vastaa") {
		t.Error("the customers' page does not say it")
	}
	sent := len(x.memos)
	if got := b.post("/customers/contacts", "do", "ask", "customer", x.ks[0].ID); got.code != http.StatusSeeOther || len(x.memos) != sent+1 {
		t.Errorf("ask again: %d, %d mails", got.code, len(x.memos)-sent)
	}
	if got := b.post("/customers/contacts", "do", "ask", "customer", x.ks[0].ID); got.code != http.StatusConflict || !strings.Contains(got.text(), "alle vuorokausi") {
		t.Errorf("ask at once again: %d", got.code)
	}
	a := x.as(incident.Auditor)
	checkPage(t, a.get("/customers/contacts"), "fi")
	if got := a.post("/customers/contacts", "do", "due"); got.code != http.StatusForbidden {
		t.Errorf("an auditor asks: %d", got.code)
	}
	inc := x.breach(&incident.Service{ID: x.ks[0].Uses[0].Service})
	if page := b.get("/incidents/" + inc.ID + "/records"); !strings.Contains(page.text(), "Yhteyshenkilö ei vastaa") {
		t.Error("the list of those affected does not say it")
	}
}

// Whatever is done with the links of one customer shows and changes nothing of
// another's.
func TestContactLinksKeepApart(t *testing.T) {
	x := newContactHouse(t)
	b := x.browser()
	links := map[string]string{"Koivurannan hoiva Oy": x.link("contacts", "kati@koivu.example"), "Norrskenets omsorg Ab": x.link("contacts", "nils@norr.example")}
	marks := map[string]string{"Koivurannan hoiva Oy": "koivu.example", "Norrskenets omsorg Ab": "norr.example"}
	rapid.Check(t, func(rt *rapid.T) {
		mine := rapid.SampledFrom([]string{"Koivurannan hoiva Oy", "Norrskenets omsorg Ab"}).Draw(rt, "whose")
		other := map[string]string{"Koivurannan hoiva Oy": "Norrskenets omsorg Ab", "Norrskenets omsorg Ab": "Koivurannan hoiva Oy"}[mine]
		was := x.contactsOf(other)
		x.later(2 * time.Second)
		link := links[mine]
		if rapid.Bool().Draw(rt, "about a correction") {
			for _, m := range x.memos {
				if m.Kind != "contacts" && strings.Contains(m.Contact.Email, marks[mine]) {
					link = "/c/" + m.Secret
				}
			}
		}
		pairs := []string{"version", rapid.SampledFrom([]string{"1", "2", "3", "4", "5"}).Draw(rt, "version"), "customer", x.ks[rapid.IntRange(0, 2).Draw(rt, "named")].ID}
		for i := range rapid.IntRange(0, 3).Draw(rt, "rows") {
			pairs = append(pairs, numbered("name", i), "Testi", numbered("email", i), rapid.SampledFrom([]string{"a@", "b@", "c@", "kati@", "nils@"}).Draw(rt, "box")+marks[mine], numbered("order", i), "1")
		}
		got := b.post(link, pairs...)
		for _, reply := range []reply{got, b.get(link)} {
			if text := reply.text(); strings.Contains(text, marks[other]) || strings.Contains(text, other) {
				rt.Fatalf("%s sees %s: %d", mine, other, reply.code)
			}
		}
		if now := x.contactsOf(other); !slices.Equal(now, was) {
			rt.Fatalf("%s has changed %s: %+v", mine, other, now)
		}
		for _, m := range x.memos {
			if strings.Contains(strings.Join(append(m.Coming, m.Leaving...), " "), marks[other]) && strings.Contains(m.Contact.Email, marks[mine]) {
				rt.Fatalf("a mail to %s names %s", mine, other)
			}
		}
	})
}
