package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"hatakello/incident"
)

// TestKeptGroups keeps a group of joint controllers and takes it over into a
// case that touches one of them.
func TestKeptGroups(t *testing.T) {
	h := newHouse(t)
	inc := h.breach(h.stock())
	must(t, h.desk.SaveController(t.Context(), incident.Program, &incident.Controller{Name: "Rannan säätiö", Lang: "fi"}))
	b, reader := h.as(incident.Privacy), h.as(incident.Auditor)
	wrong := b.post("/customers/groups/new", "name", "Hoivayhtymä", "members", "Koivurannan hoiva Oy\r\nTuntematon Oy", "lead", "Rannan säätiö", "arranged", "1.3.2026", "key", "k")
	if wrong.code != http.StatusUnprocessableEntity || !strings.Contains(wrong.text(), "Tuntematon Oy") || !strings.Contains(wrong.body, `href="#f-members"`) ||
		!strings.Contains(wrong.body, `href="#f-arrangement"`) || !strings.Contains(wrong.text(), "1.3.2026") {
		t.Fatalf("status %d\n%.1500s", wrong.code, wrong.text())
	}
	form := []string{"name", "Hoivayhtymä", "members", "Koivurannan hoiva Oy\r\nRannan säätiö\r\n", "lead", "rannan säätiö", "arrangement", "Sopimus 7", "arranged", "1.3.2026", "key", "k"}
	for range 2 {
		if got := b.post("/customers/groups/new", form...); got.code != http.StatusSeeOther {
			t.Fatalf("status %d\n%.1500s", got.code, got.text())
		}
	}
	parties := "/incidents/" + inc.ID + "/parties"
	group := regexp.MustCompile(`name="group" value="([^"]+)"`).FindAllStringSubmatch(b.get(parties).body, -1)
	if len(group) != 1 {
		t.Fatalf("%d groups are proposed, want one", len(group))
	}
	if strings.Contains(reader.get(parties).body, `name="group"`) || reader.post("/customers/groups/new", form...).code != http.StatusForbidden {
		t.Error("an auditor may change something")
	}
	for _, lang := range []string{"fi", "sv", "en"} {
		b.post("/language", "lang", lang)
		for _, p := range []string{"/customers/groups", "/customers/groups/new", "/customers/groups/" + group[0][1], parties} {
			checkPage(t, b.get(p), lang)
		}
	}
	if got := b.post("/incidents/"+inc.ID+"/joint/kept", "group", group[0][1]); got.code != http.StatusSeeOther {
		t.Fatalf("status %d\n%.1500s", got.code, got.text())
	}
	after := b.get(parties)
	if strings.Contains(after.body, `name="group"`) || !strings.Contains(after.text(), "Rannan säätiö") {
		t.Errorf("after taking it over\n%.3000s", after.text())
	}
	rs, err := h.db.Records(t.Context(), inc.ID, nil)
	must(t, err)
	n := 0
	for _, r := range rs {
		if r.Joint.Any() && r.Joint.Arranged && r.Joint.Lead == (r.Name == "Rannan säätiö") {
			n++
		}
	}
	if n != 2 || len(rs) != 4 {
		t.Errorf("%d of %d records decide together, want two of four", n, len(rs))
	}
	ended := append(form[:len(form)-2:len(form)-2], "ended", "yes", "version", "1", "key")
	if got := b.post("/customers/groups/"+group[0][1], append(ended, "k2")...); got.code != http.StatusSeeOther {
		t.Fatalf("ending: status %d\n%.1500s", got.code, got.text())
	}
	if g, err := h.db.JointGroup(t.Context(), group[0][1]); err != nil || g.Ended.IsZero() {
		t.Errorf("ended: %+v, %v", g, err)
	}
	if got := b.post("/customers/groups/"+group[0][1], append(ended, "k3")...); got.code != http.StatusConflict {
		t.Errorf("an old version: status %d", got.code)
	}
}
