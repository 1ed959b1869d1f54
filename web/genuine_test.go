package web

import (
	"context"
	"crypto/ed25519"
	"net/http"
	"strings"
	"testing"

	"hatakello/incident"
)

// The short code says yes or no, and nothing of whom the notice was for.
func TestCheckCode(t *testing.T) {
	x := newTold(t)
	b := x.browser()
	for _, lang := range []string{"fi", "sv", "en"} {
		checkPage(t, b.get("/check?lang="+lang), lang)
	}
	yes := b.post("/check?lang=en", "code", " kuusi-4821 ")
	no := b.post("/check?lang=en", "code", "KUUSI-4822")
	if !strings.Contains(yes.text(), "Yes: a notice") || !strings.Contains(no.text(), "No: no notice") || strings.Contains(no.text(), "Yes:") {
		t.Errorf("yes: %v; no: %v", strings.Contains(yes.text(), "Yes: a notice"), strings.Contains(no.text(), "No: no notice"))
	}
	for _, r := range x.rs {
		if strings.Contains(yes.text(), r.Name) || strings.Contains(yes.text(), x.inc.Number) {
			t.Errorf("the answer names %s or the case", r.Name)
		}
	}
	slow := false
	for range 70 {
		slow = slow || b.post("/check", "code", "X").code == http.StatusTooManyRequests
	}
	if !slow {
		t.Error("seventy tries are let through")
	}
}

// The signed notice of a link verifies by the published keys.
func TestSignedNotice(t *testing.T) {
	x := newTold(t)
	if err := x.desk.AdoptKey(context.Background(), x.s.SignKey.Public().(ed25519.PublicKey)); err != nil {
		t.Fatal(err)
	}
	b := x.browser()
	base := x.enter(b, x.rs[0])
	file := b.get(base + "/notice.json")
	v, err := incident.VerifyNotice([]byte(file.body))
	if err != nil || v.Notice.Controller != x.rs[0].Name || v.Notice.Number != 1 {
		t.Fatalf("%d, %v: %+v", file.code, err, v)
	}
	keys, err := x.db.SignKeys(context.Background())
	if err != nil || !incident.Publish(keys).Vouch(v) {
		t.Errorf("the published keys do not vouch: %v", err)
	}
	if got := b.get("/.well-known/hatakello-keys.json"); got.code != http.StatusOK || !strings.Contains(got.body, v.Key) {
		t.Errorf("published: %d, %s", got.code, got.body)
	}
}
