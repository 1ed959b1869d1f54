package main

import (
	"fmt"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

// marker is what each customer's fields carry: M, the customer's number, and
// the field's letter. Those of the case itself are M9999.
var marker = regexp.MustCompile(`(?i)M(\d{4})[A-Z]Q`)

// leakCustomers makes n customers with a marker in every field.
func leakCustomers(n int) string {
	var csv strings.Builder
	csv.WriteString("name;business_id;language;contract_hours;service;tenant_id;contact_name;contact_email;contact_phone\n")
	for i := range n {
		fmt.Fprintf(&csv, "Asiakas M%04dAQ Oy;;%s;24;Merkkipalvelu;t-M%04dBQ;Kati M%04dCQ;m%04ddq@asiakas.example;+358 M%04dEQ\n",
			i, []string{"fi", "sv", "en"}[i%3], i, i, i, i)
	}
	return csv.String()
}

// TestFault46NothingLeaks: no marker of one customer is in a byte that is sent
// to another, and none of any customer, nor of what was written about the case,
// on Slack or in the log. HATAKELLO_SOAK makes it a thousand customers.
func TestFault46NothingLeaks(t *testing.T) {
	n := 60
	if os.Getenv("HATAKELLO_SOAK") != "" {
		n = 1000
	}
	logged := &safeBuffer{}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(logged, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	l := live(t)
	ctx := t.Context()
	done, err := l.desk.ImportCustomers(ctx, handler, incident.Import{Data: strings.NewReader(leakCustomers(n))})
	if err != nil || len(done.Bad) > 0 {
		t.Fatalf("%v, %+v", err, done.Bad)
	}
	services, err := l.db.Services(ctx)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(services, func(s *incident.Service) bool { return s.Name == "Merkkipalvelu" })
	inc, err := l.desk.Log(ctx, handler, incident.Log{Title: "Otsikko M9999AQ", Aware: time.Now().Add(-time.Hour), Services: []string{services[i].ID}})
	if err != nil {
		t.Fatal(err)
	}
	f := inc.Facts
	f.Nature, f.Measures = incident.Fact{Text: "Luonne M9999BQ", Sure: incident.Known}, incident.Fact{Text: "Toimet M9999CQ", Sure: incident.Assumed}
	if err := l.desk.Describe(ctx, handler, inc.ID, inc.Version, f); err != nil {
		t.Fatal(err)
	}
	if err := l.desk.Note(ctx, handler, inc.ID, "Muistiinpano M9999DQ"); err != nil {
		t.Fatal(err)
	}
	if _, err := l.desk.Notify(ctx, handler, inc.ID, incident.Notify{Texts: map[string]string{"": "Tutkimme asiaa."}, NextUpdate: time.Now().Add(24 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	l.click(inc)
	within(t, 90*time.Second, "everybody to be told", func() bool {
		now, err := l.db.Incident(ctx, inc.ID)
		return err == nil && now.Tally.Accepted == n
	})
	all := templates.Number("fi", n)
	l.card("Tapaus "+inc.Number, "perille: "+all+" / "+all)

	got := map[int]bool{}
	for _, m := range l.post.Mails() {
		to := marker.FindStringSubmatch(m.To)
		if to == nil {
			leakFree(t, "a mail to "+m.To, string(m.Raw), mailText(m.Raw))
			continue
		}
		own, _ := strconv.Atoi(to[1])
		got[own] = true
		for _, s := range marker.FindAllStringSubmatch(string(m.Raw)+mailText(m.Raw), -1) {
			if who, _ := strconv.Atoi(s[1]); who != own && who != 9999 {
				t.Errorf("customer %d is sent %s", own, s[0])
			}
		}
		if !strings.Contains(mailText(m.Raw), fmt.Sprintf("M%04dAQ", own)) {
			t.Errorf("customer %d is not sent its own name: the test would see no leak", own)
		}
	}
	if len(got) != n {
		t.Errorf("%d customers got a mail, want %d", len(got), n)
	}
	for _, m := range l.chat.Messages() {
		leakFree(t, "Slack", m.Text, m.Blocks, m.Metadata)
	}
	leakFree(t, "Slack", l.chat.Whispers()...)
	leakFree(t, "the log", logged.String())
	t.Logf("%d customers, %d mails, %d messages, %d bytes of log", n, len(l.post.Mails()), len(l.chat.Messages()), len(logged.String()))
}

// leakFree fails the test if there is a marker in any of the texts.
func leakFree(t *testing.T, where string, texts ...string) {
	t.Helper()
	for _, s := range texts {
		if m := marker.FindString(s); m != "" {
			t.Errorf("%s holds %s", where, m)
		}
	}
}

// mailText is a mail as its receiver reads it, attachments included.
func mailText(raw []byte) string {
	m := readMail(raw)
	all := m.Subject + "\n" + m.Text + "\n" + m.HTML
	for _, p := range m.Parts {
		all += "\n" + p.Name + "\n" + string(p.Data)
	}
	return all
}
