package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hatakello/incident"
	"hatakello/notify"
)

func TestReturnPaths(t *testing.T) {
	for to, want := range map[string]struct {
		address string
		verp    bool
	}{
		"":                       {"kello@bell.example", false},
		"bounce@bell.example":    {"bounce@bell.example", false},
		"bounce+@bell.example":   {"bounce@bell.example", true},
		"@returned.bell.example": {"bounce@returned.bell.example", true},
	} {
		s := sound(t)
		s.SMTP = "smtps://one.example, smtp://two.example:587?tls=starttls"
		s.BounceTo = to
		if address, verp := s.sender(); address != want.address || verp != want.verp {
			t.Errorf("%q: %s, %v; want %s, %v", to, address, verp, want.address, want.verp)
		}
		all, err := s.relays()
		if err != nil || len(all) != 2 || all[1].VERP != want.verp || all[0].TLS != notify.TLS || all[1].TLS != notify.StartTLS {
			t.Errorf("%q: relays %+v, %v", to, all, err)
		}
	}
}

func TestOutgoingIsChecked(t *testing.T) {
	s := sound(t)
	s.Pace, s.DomainPace, s.SMTP = -1, -2, "smtp://one.example,imap://two.example"
	var es incident.Errors
	var got []string
	if errors.As(s.settle(), &es) {
		for _, e := range es {
			got = append(got, e.Field)
		}
	}
	if !slices.Equal(got, []string{"pace", "domain-pace", "smtp"}) {
		t.Errorf("told of %v", got)
	}
	if _, err := (outgoing{SMIMECert: "/nowhere/cert.pem"}).seal("a@b.example"); incident.KindOf(err) != incident.Invalid {
		t.Errorf("a certificate that is not there: %v", err)
	}
}

// Anybody may ask how the mail servers are, and hears no names.
func TestReadyTellsOfTheWaysOut(t *testing.T) {
	term, _ := quiet(t)
	s := sound(t)
	s.SMTP = "smtps://geheim.example"
	h, err := term.openServer(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	if got := h.ways(); !slices.Equal(got, []string{"mail 1: open"}) {
		t.Errorf("ways %q", got)
	}
	h.ways = func() []string {
		return wayLines([]notify.RelayState{{Server: "geheim.example:465", Why: notify.Unsafe}, {Server: "b"}})
	}
	w := httptest.NewRecorder()
	h.site(term, s).NewHTTPServer("").Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	if got := w.Body.String(); w.Code != 200 || got != "ready\nmail 1: closed (unsafe)\nmail 2: open\n" || strings.Contains(got, "geheim") {
		t.Errorf("%d %q", w.Code, got)
	}
}
