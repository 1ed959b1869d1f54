package incident_test

import (
	"strconv"
	"strings"
	"testing"

	"hatakello/incident"
)

func itoa(n int) string          { return strconv.Itoa(n) }
func join(words []string) string { return strings.Join(words, " ") }

// phrase saves the next version of a sentence.
func (h *house) phrase(version int, fi, sv, en string, same ...string) error {
	h.Helper()
	return h.SavePhrase(ctx, staff, incident.Phrase{Key: "Salasanat", Version: version, Title: "Salasanat vaihdettu",
		Texts: map[string]string{"fi": fi, "sv": sv, "en": en}}, same)
}

func (h *house) inForce() *incident.Phrase {
	h.Helper()
	all, err := h.db.Phrases(ctx)
	h.must(err)
	now := incident.InForce(all)
	if len(now) != 1 {
		h.Fatalf("%d sentences in force, want 1", len(now))
	}
	return now[0]
}

func TestTranslationDebt(t *testing.T) {
	h := newHouse(t)
	h.must(h.phrase(0, "Salasanat on vaihdettu.", "Lösenorden har bytts.", "Passwords were changed."))
	all, err := h.db.Phrases(ctx)
	h.must(err)
	if len(incident.InForce(all)) != 0 {
		t.Error("in force before it was approved")
	}
	h.must(h.ApprovePhrase(ctx, staff, "salasanat", 1))
	if p := h.inForce(); len(p.Stale) != 0 || p.ApprovedBy != staff.Name {
		t.Errorf("first version = %+v", p)
	}
	tests := []struct {
		name       string
		version    int
		fi, sv, en string
		same       []string
		want       string // stale
	}{
		{"Finnish changes", 1, "Kaikki salasanat on vaihdettu.", "Lösenorden har bytts.", "Passwords were changed.", nil, "sv en"},
		{"Swedish follows", 2, "Kaikki salasanat on vaihdettu.", "Alla lösenord har bytts.", "Passwords were changed.", []string{"fi"}, "en"},
		{"English is said to fit", 3, "Kaikki salasanat on vaihdettu.", "Alla lösenord har bytts.", "Passwords were changed.", []string{"en"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.must(h.phrase(tt.version, tt.fi, tt.sv, tt.en, tt.same...))
			h.must(h.ApprovePhrase(ctx, staff, "salasanat", tt.version+1))
			if p := h.inForce(); join(p.Stale) != tt.want || p.Version != tt.version+1 {
				t.Errorf("stale %v in version %d, want %s", p.Stale, p.Version, tt.want)
			}
		})
	}
	if err := h.phrase(2, "a", "b", "c"); keyOf(err) != "form.stale" {
		t.Errorf("an old form: %v", err)
	}
	if err := h.phrase(4, "a", "", "c"); keysOf(err) != "text_sv notice.text_empty" {
		t.Errorf("a language without words: %v", err)
	}
	h.fourEyes()
	h.must(h.phrase(4, "a", "b", "c"))
	if err := h.ApprovePhrase(ctx, staff, "salasanat", 5); keyOf(err) != "approval.self" {
		t.Errorf("its writer approves: %v", err)
	}
	h.must(h.ApprovePhrase(ctx, second, "salasanat", 5))
}

func TestStaleSentenceBlocksItsReaders(t *testing.T) {
	h := newHouse(t)
	h.customer("Koivuranta", "fi", 0, "a@koivuranta.example")
	h.customer("Norrsken", "sv", 0, "n@norrsken.example")
	inc := h.log("Hoivapäivyri")
	h.must(h.phrase(0, "Salasanat on vaihdettu.", "Lösenorden har bytts.", "Passwords were changed."))
	h.must(h.ApprovePhrase(ctx, staff, "salasanat", 1))
	h.must(h.phrase(1, "Kaikki salasanat on vaihdettu.", "Lösenorden har bytts.", "Passwords were changed."))
	in := incident.Notify{Texts: map[string]string{"fi": "Hei.\nSalasanat  on\nvaihdettu.", "sv": "Hej. Lösenorden har bytts."}}
	_, _, err := h.Preview(ctx, staff, h.records(inc)[0].ID, in)
	h.must(err) // the changed version is not in force yet
	h.must(h.ApprovePhrase(ctx, staff, "salasanat", 2))
	in.Texts["fi"] = "Kaikki salasanat on vaihdettu."
	if _, err := h.Notify(ctx, staff, inc.ID, in); keysOf(err) != "text_sv phrase.stale" {
		t.Fatalf("stale Swedish: %v", keysOf(err))
	}
	var fi, sv string
	for _, r := range h.records(inc) {
		if r.Lang == "fi" {
			fi = r.ID
		} else {
			sv = r.ID
		}
	}
	in.Records = []string{fi}
	_, err = h.Notify(ctx, staff, inc.ID, in)
	h.must(err) // readers of Finnish need not wait
	ns, err := h.db.Notices(ctx, fi)
	h.must(err)
	if len(ns) != 1 || len(ns[0].Phrases) != 1 || ns[0].Phrases[0] != (incident.PhraseUse{Key: "salasanat", Version: 2}) {
		t.Errorf("the notice used %+v", ns[0].Phrases)
	}
	h.must(h.phrase(2, "Kaikki salasanat on vaihdettu.", "Alla lösenord har bytts.", "Passwords were changed.", "fi"))
	h.must(h.ApprovePhrase(ctx, staff, "salasanat", 3))
	in.Records, in.Texts["sv"] = []string{sv}, "Alla lösenord har bytts."
	_, err = h.Notify(ctx, staff, inc.ID, in)
	h.must(err)
}
