package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// A notice with a personal number or another customer's name is not sent; a
// doubtful finding is sent once a person has said that it is something else.
func TestFlagsStopANotice(t *testing.T) {
	for _, lang := range []string{"fi", "sv", "en"} {
		t.Run(lang, func(t *testing.T) {
			h := newHouse(t)
			inc := h.breach(h.stock())
			b := h.as("privacy")
			b.post("/language", "lang", lang)
			path := "/incidents/" + inc.ID + "/notify"
			form := func(fi string, more ...string) []string {
				return append([]string{"to", "untold", "key", "k1", "text_fi", fi, "text_sv", "Öppet.", "text_en", "Open."}, more...)
			}
			got := b.post(path, form("Tili FI2112345600000785 ja Lakeside Care Ltd.", "do", "check")...)
			if got.code != http.StatusUnprocessableEntity || strings.Count(got.body, `href="#f-text_fi"`) != 2 || strings.Contains(got.body, `name="cleared"`) {
				t.Fatalf("status %d with a number and a name, want 422 and both faults\n%.1500s", got.code, got.text())
			}
			if m := missing.FindAllString(got.text(), -1); m != nil {
				t.Errorf("keys without words: %v", m)
			}
			if got := b.post(path, form("Tili FI2112345600000785", "do", "send")...); got.code != http.StatusUnprocessableEntity {
				t.Fatalf("sending without the look: status %d, want 422", got.code)
			}
			got = b.post(path, form("Lakeside Care ilmoitti.", "do", "check")...)
			box := regexp.MustCompile(`name="cleared" value="([0-9a-f]+)"`).FindStringSubmatch(got.body)
			if got.code != http.StatusUnprocessableEntity || box == nil {
				t.Fatalf("status %d, want 422 with a box to tick\n%.1500s", got.code, got.text())
			}
			got = b.post(path, form("Lakeside Care ilmoitti.", "do", "check", "cleared", box[1])...)
			if got.code != http.StatusOK || !strings.Contains(got.body, `name="cleared" value="`+box[1]+`"`) {
				t.Fatalf("status %d after the tick, want the page with the mail\n%.1500s", got.code, got.text())
			}
			if got := b.post(path, form("Lakeside Care ilmoitti.", "do", "send", "cleared", box[1])...); got.code != http.StatusSeeOther {
				t.Fatalf("status %d, want 303\n%.1500s", got.code, got.text())
			}
		})
	}
}
