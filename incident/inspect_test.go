package incident_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// keysOf lists the errors as field and key.
func keysOf(err error) string {
	var es incident.Errors
	if !errors.As(err, &es) {
		if err == nil {
			return ""
		}
		return err.Error()
	}
	var all []string
	for _, e := range es {
		all = append(all, e.Field+" "+e.Key)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}

// guarded is a house with customers whose names are traps.
func guarded(t *testing.T) (*house, *incident.Incident) {
	h := newHouse(t)
	h.customer("Koivurannan hoiva Oy", "fi", 24, "k@koivu.example")
	h.customer("Norrsken", "sv", 0, "n@norrsken.example")
	h.must(h.SaveController(ctx, staff, &incident.Controller{Name: "Ulapan Apu Oyj", Lang: "fi", BusinessID: "1234567-1"}))
	h.must(h.SaveController(ctx, staff, &incident.Controller{Name: "Å", Lang: "fi"}))
	return h, h.log("Hoivapäivyri")
}

func TestWordsThatMustNotLeave(t *testing.T) {
	h, inc := guarded(t)
	tests := []struct{ name, said, want, only string }{
		{"nothing", "Varmuuskopio oli avoinna verkossa 22.11.2026 klo 3.12–4.05, 1 240 henkilöä.", "", ""},
		{"an identity code", "Koskee myös 010190-999W.", "text_ guard.identity_code", ""},
		{"an identity code with a wrong check", "Koskee 131052-308A.", "text_ guard.identity_code.doubt", ""},
		{"a card", "Kortti 4111 1111 1111 1111 näkyi.", "text_ guard.card", ""},
		{"an account", "Tili FI21 1234 5600 0007 85.", "text_ guard.iban", ""},
		{"another customer in full", "Sama vika oli: ULAPAN  apu\noyj.", "text_ guard.name", ""},
		{"inflected and with a soft hyphen", "Ulapan Apu Oy\u00adj:lle on kerrottu.", "text_ guard.name", ""},
		{"without its company form", "Ulapan Apu hoitaa.", "text_ guard.name.doubt", ""},
		{"one word", "Norrskens system.", "text_ guard.name.doubt", "fi"},
		{"inside another word", "Ennorrsken ei ole nimi.", "", ""},
		{"a Business ID", "Yritys 1234567–1 kertoi.", "text_ guard.business_id", ""},
		{"a VAT number", "FI12345671", "text_ guard.business_id", ""},
		{"another Business ID", "Y-tunnus 0245974-7.", "", ""},
		{"our own name", "Hoivapilvi Oy kertoo.", "", ""},
		{"a name of one letter", "Å on kirjain.", "", ""},
		{"one of the receivers", "Koivurannan hoiva Oy ilmoitti.", "text_ guard.name", "sv"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := h.Notify(ctx, staff, inc.ID, incident.Notify{Texts: map[string]string{"": tt.said}, Records: nil})
			var at []string
			for _, lang := range []string{"fi", "sv"} { // whoever reads a language alone may read its own name
				if tt.want != "" && (tt.only == "" || tt.only == lang) {
					at = append(at, strings.Replace(tt.want, "text_", "text_"+lang, 1))
				}
			}
			want := strings.Join(at, ", ")
			if got := keysOf(err); got != want {
				t.Errorf("stopped by %q, want %q", got, want)
			}
		})
	}
}

func TestFactsAreLookedThroughToo(t *testing.T) {
	h, inc := guarded(t)
	fact := func(s string) incident.Fact { return incident.Fact{Text: s, Sure: incident.Known} }
	h.must(h.Describe(ctx, staff, inc.ID, inc.Version, incident.Facts{Nature: fact("Ulapan Apu Oyj ja tili FI2112345600000785")}))
	var own *incident.Record
	for _, r := range h.records(inc) {
		if r.Name == "Norrsken" {
			own = r
		}
	}
	h.must(h.DescribeRecord(ctx, staff, own.ID, own.Version, incident.Facts{Nature: fact("Norrsken: egna uppgifter"), Data: fact("Koivurannan hoiva Oy")}))
	in := incident.Notify{Texts: map[string]string{"": "Auki."}}
	_, err := h.Notify(ctx, staff, inc.ID, in)
	if got, want := keysOf(err), "data guard.name, nature guard.iban, nature guard.name"; got != want {
		t.Errorf("stopped by %q, want %q", got, want)
	}
	if _, _, err := h.Preview(ctx, staff, own.ID, in); keysOf(err) != "data guard.name" {
		t.Errorf("preview of the one: %q, want only its own fault", keysOf(err))
	}
	stop, _, err := h.Inspect(ctx, staff, inc.ID, in)
	h.must(err)
	i := slices.IndexFunc(stop, func(f incident.Flag) bool { return f.Field == "data" })
	if i < 0 || stop[i].Record != own.ID || stop[i].Of != "Norrsken" || stop[i].Shown != "Koivurannan hoiva Oy" {
		t.Errorf("flags = %+v", stop)
	}
	if n := len(h.records(inc)); n != 2 || h.incident(inc.ID).Tally.Notified != 0 {
		t.Errorf("something was sent: %+v", h.incident(inc.ID).Tally)
	}
}

func TestDoubtIsClearedAndRecorded(t *testing.T) {
	h, inc := guarded(t)
	in := incident.Notify{Texts: map[string]string{"": "Ulapan Apu ja 131052-308A ja Ulapan Apu Oyj"}, Key: "k"}
	stop, _, err := h.Inspect(ctx, staff, inc.ID, in)
	h.must(err)
	for _, f := range stop {
		in.Cleared = append(in.Cleared, f.Key)
	}
	_, err = h.Notify(ctx, staff, inc.ID, in)
	if got, want := keysOf(err), "text_fi guard.name, text_sv guard.name"; got != want {
		t.Fatalf("after clearing everything: %q, want only the certain one: %q", got, want)
	}
	in.Texts[""] = "Ulapan Apu ja 131052-308A"
	sent, err := h.Notify(ctx, staff, inc.ID, in)
	h.must(err)
	if sent.Notices != 2 {
		t.Errorf("sent = %+v", sent)
	}
	lines, _, err := h.db.Entries(ctx, inc.ID, "", incident.Cut{Limit: 50})
	h.must(err)
	n := 0
	for _, e := range lines {
		if e.Key == "notice.cleared" && e.By == staff.Name {
			n++
			if strings.Contains(fmt.Sprint(e.Args), "131052") {
				t.Errorf("the timeline holds the number: %v", e.Args)
			}
		}
	}
	if n != 4 {
		t.Errorf("%d confirmations on the timeline, want two findings in two languages", n)
	}
	links, err := h.db.Chain(ctx, inc.ID, 0, 100)
	h.must(err)
	if last := string(links[len(links)-1].Content); !strings.Contains(last, `"cleared":[{`) || strings.Contains(last, `"Shown":"131052`) {
		t.Errorf("the chain's link is %s", last)
	}
}

// The register's ten thousand names are looked for within the time that ten
// thousand notices take.
func TestGuardAmongTenThousand(t *testing.T) {
	h := newHouse(t)
	var rows strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&rows, "Asiakas Nimi%05d Oy;;fi;Hoivapäivyri;;a%d@asiakas.example;;;\n", i, i)
	}
	h.take(rows.String())
	inc := h.log("Hoivapäivyri")
	in := incident.Notify{Texts: map[string]string{"": strings.Repeat("Asiakas kertoi palvelussa olleesta viasta. ", 400) + "Asiakas Nimi07777 Oy"}}
	began := time.Now()
	stop, _, err := h.Inspect(ctx, staff, inc.ID, in)
	h.must(err)
	t.Logf("17 kB against 10000 names, with reading 10000 records: %v", time.Since(began))
	if len(stop) != 1 || stop[0].Shown != "Asiakas Nimi07777 Oy" {
		t.Errorf("flags = %+v", stop)
	}
}
