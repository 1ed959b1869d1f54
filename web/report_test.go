package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/store"
	"hatakello/templates"
)

// reportCase is a case with two customers on a database of its own.
func reportCase(t *testing.T) (*Server, []*incident.Record) {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "bell.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	id := func() string { n++; return fmt.Sprintf("id%06d", n) }
	d := &incident.Desk{Store: db, Now: func() time.Time { return reportClock("2026-11-22T12:00Z") }, NewID: id, NewSecret: id, NewCode: id,
		NewSalt: func() []byte { return make([]byte, 16) },
		Compose: func(v incident.View) (incident.Letter, error) {
			return incident.Letter{Subject: v.Number, Text: v.Said, Raw: []byte(v.Said)}, nil
		},
		Alarm: func(incident.Alarm) (incident.Letter, error) { return incident.Letter{}, nil }}
	by := incident.Actor{ID: "u1", Name: "Olli Esimerkki", Roles: incident.Roles, Via: "web"}
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.SaveOrganisation(ctx, by, incident.Organisation{Name: "Esimerkkipalvelu Oy", Email: "tietosuoja@esimerkki.example"}))
	booking := &incident.Service{Name: "Ajanvaraus"}
	must(d.SaveService(ctx, by, booking))
	for _, name := range []string{"Björkö Hoiva Oy", "Toinen Asiakas Oy"} {
		must(d.SaveController(ctx, by, &incident.Controller{Name: name, Lang: "sv", Uses: []incident.Use{{Service: booking.ID}},
			Contacts: []incident.Contact{{Name: "Åsa Öhman", Email: "asa@hoiva.example"}}}))
	}
	inc, err := d.Log(ctx, by, incident.Log{Title: "Sisäinen otsikko", Aware: reportClock("2026-11-22T08:00Z"), Services: []string{booking.ID}})
	must(err)
	inc, err = db.Incident(ctx, inc.ID)
	must(err)
	must(d.Describe(ctx, by, inc.ID, inc.Version, incident.Facts{Nature: incident.Fact{Text: "Tunnus joutui vääriin käsiin.", Sure: incident.Known},
		People: incident.Amount{Low: 77777, Sure: "exact"}}))
	_, err = d.Notify(ctx, by, inc.ID, incident.Notify{Texts: map[string]string{"": "Hei"}})
	must(err)
	recs, err := db.Records(context.Background(), inc.ID, nil)
	must(err)
	if len(recs) != 2 {
		t.Fatalf("%d records, want 2", len(recs))
	}
	return &Server{Desk: d, Read: db, Words: words, Log: slog.New(slog.DiscardHandler)}, recs
}

// askReport sends a GET to the report's handler; who may come is the gate's matter.
func askReport(t *testing.T, s *Server, path string) (*httptest.ResponseRecorder, error) {
	t.Helper()
	gin.SetMode(gin.ReleaseMode)
	g, w := gin.New(), httptest.NewRecorder()
	var failed error
	g.GET("/records/:id/report.pdf", func(c *gin.Context) { failed = s.reportPDF(c) })
	g.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w, failed
}

func TestReportPDF(t *testing.T) {
	s, recs := reportCase(t)
	tests := []struct{ query, name, want string }{
		{"", "-sv.pdf", "Uppgifter för anmälan om personuppgiftsincident"},
		{"?lang=fi", "-fi.pdf", "Tiedot tietoturvaloukkausilmoitusta varten"},
		{"?lang=en", "-en.pdf", "Information for a personal data breach notification"},
		{"?lang=../x", "-sv.pdf", "Uppgifter för anmälan om personuppgiftsincident"},
	}
	other := map[string]string{"Björkö Hoiva Oy": "Toinen Asiakas Oy", "Toinen Asiakas Oy": "Björkö Hoiva Oy"}
	for _, rec := range recs {
		for _, tt := range tests {
			w, err := askReport(t, s, "/records/"+rec.ID+"/report.pdf"+tt.query)
			if err != nil || w.Code != http.StatusOK {
				t.Fatalf("%s: %d, %v", tt.query, w.Code, err)
			}
			h := w.Header()
			if got := h.Get("Content-Disposition"); !strings.HasPrefix(got, `attachment; filename="2026-001-`) || !strings.HasSuffix(got, tt.name+`"`) {
				t.Errorf("%s: disposition %q", tt.query, got)
			}
			if h.Get("Content-Type") != "application/pdf" || h.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: headers %v", tt.query, h)
			}
			text := reportText(t, w.Body.Bytes())
			for _, want := range []string{tt.want, rec.Name, "2026-001", "Tunnus joutui vääriin käsiin.", "Ajanvaraus", "Esimerkkipalvelu Oy"} {
				if !strings.Contains(text, want) {
					t.Errorf("%s: %q is not in the report:\n%s", tt.query, want, text)
				}
			}
			for _, not := range []string{other[rec.Name], "Sisäinen otsikko", "77", "[report."} {
				if strings.Contains(text, not) {
					t.Errorf("%s: %q is in the report:\n%s", tt.query, not, text)
				}
			}
		}
	}
}

func TestReportPDFUnknown(t *testing.T) {
	s, _ := reportCase(t)
	if _, err := askReport(t, s, "/records/nobody/report.pdf"); statusOf(err) != http.StatusNotFound {
		t.Errorf("unknown record: %v, want not found", err)
	}
}

// The report is behind the log-in, for those who may read.
func TestReportRoute(t *testing.T) {
	for _, r := range (&Server{}).routes() {
		if r.path == "/records/:id/report.pdf" {
			if r.need != "read" || r.method != http.MethodGet {
				t.Errorf("%s needs %q, want read", r.method, r.need)
			}
			return
		}
	}
	t.Error("no route leads to the report")
}

func reportText(t *testing.T, data []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdftotext"); err != nil {
		t.Fatal("pdftotext is missing: install the Debian package poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}
