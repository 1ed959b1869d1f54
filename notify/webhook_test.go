package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

var here = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

// hook is a receiver's system.
func hook(t *testing.T, answer http.HandlerFunc) (*httptest.Server, *x509.CertPool) {
	t.Helper()
	s := httptest.NewTLSServer(answer)
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s, roots
}

func one(url string) Endpoints {
	return func(_ context.Context, id string) (*incident.Webhook, error) {
		switch id {
		case "k1":
			return &incident.Webhook{ID: "k1", URL: url, Secret: "salaisuus"}, nil
		case "ended":
			return &incident.Webhook{ID: "ended", URL: url, Ended: time.Now()}, nil
		}
		return nil, &incident.Error{Kind: incident.NotFound, Key: "webhook.unknown"}
	}
}

func hookEvent(url, name string) *incident.Delivery {
	return &incident.Delivery{ID: "d1", Name: name, Address: url, Route: incident.ByWebhook, Body: []byte(`{"schema":1}`)}
}

// What arrives is checked as docs/webhooks.md tells receivers to.
func TestWebhookIsSignedAndKeyed(t *testing.T) {
	s, roots := hook(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		h := hmac.New(sha256.New, []byte("salaisuus"))
		io.WriteString(h, r.Header.Get("Hatakello-Timestamp")+"."+string(body))
		if r.Header.Get("Hatakello-Signature") != "v1="+hex.EncodeToString(h.Sum(nil)) || r.Header.Get("Idempotency-Key") != "d1" ||
			r.Header.Get("Hatakello-Timestamp") != "1800000000" || r.Method != "POST" || r.Header.Get("Content-Type") != "application/json" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		io.WriteString(w, "kiitos\x1b[31m\n")
	})
	w := NewWebhooks(one(s.URL), func() time.Time { return time.Unix(1800000000, 0) }, WebhookRules{Allow: here, Roots: roots})
	rc, err := w.Send(t.Context(), hookEvent(s.URL, "k1"))
	if err != nil || rc.Code != 200 || rc.Reply != "kiitos [31m" || rc.TLS != "TLS 1.3" || len(rc.SHA256) != 64 {
		t.Errorf("%+v, %v", rc, err)
	}
}

func TestWebhookAnswers(t *testing.T) {
	tests := []struct {
		name, end string
		answer    http.HandlerFunc
		want      string        // "taken", "refused" or "later"
		after     time.Duration // of a later
	}{
		{"204", "k1", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "taken", 0},
		{"410 is never", "k1", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(410) }, "refused", 0},
		{"429 with patience", "k1", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "77"); w.WriteHeader(429) }, "later", 77 * time.Second},
		{"503 with a date", "k1", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", time.Unix(1800000300, 0).UTC().Format(http.TimeFormat))
			w.WriteHeader(503)
		}, "later", 5 * time.Minute},
		{"a year is too long", "k1", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "31536000")
			w.WriteHeader(503)
		}, "later", time.Hour},
		{"nonsense", "k1", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "-9e99")
			w.WriteHeader(500)
		}, "later", 0},
		{"404 may be mended", "k1", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, "later", 0},
		{"removed endpoint", "ended", nil, "refused", 0},
		{"unknown endpoint", "x", nil, "refused", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			asked := 0
			s, roots := hook(t, func(w http.ResponseWriter, r *http.Request) { asked++; tt.answer(w, r) })
			w := NewWebhooks(one(s.URL), func() time.Time { return time.Unix(1800000000, 0) }, WebhookRules{Allow: here, Roots: roots})
			d := hookEvent(s.URL, tt.end)
			rc, err := w.Send(t.Context(), d)
			got := map[bool]string{true: "taken", false: "later"}[err == nil]
			if errors.Is(err, ErrRefused) {
				got = "refused"
			}
			out := outcome(d, rc, err)
			if got != tt.want || out.After != tt.after || out.Untried || out.Refused != (tt.want == "refused") {
				t.Errorf("%s after %v (%v), want %s after %v", got, out.After, err, tt.want, tt.after)
			}
			if tt.answer == nil && asked > 0 {
				t.Error("it was asked all the same")
			}
		})
	}
}

// Fault 61: no redirect, no address that is not public, whatever its name, and
// no more of an answer than a few lines.
func TestWebhookGoesNowhereElse(t *testing.T) {
	inner := 0
	secret, roots := hook(t, func(http.ResponseWriter, *http.Request) { inner++ })
	s, _ := hook(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, secret.URL, http.StatusTemporaryRedirect)
			return
		}
		for range 10000 {
			io.WriteString(w, strings.Repeat("x", 1000))
		}
	})
	open := NewWebhooks(one(s.URL), time.Now, WebhookRules{Allow: here, Roots: roots, Wait: 2 * time.Second})
	shut := NewWebhooks(one(s.URL), time.Now, WebhookRules{Roots: roots, Wait: 2 * time.Second})
	if rc, err := open.Send(t.Context(), hookEvent(s.URL+"/away", "k1")); err == nil || rc.Code != 307 || inner > 0 {
		t.Errorf("redirect: %d, %v, followed %d times", rc.Code, err, inner)
	}
	if rc, err := open.Send(t.Context(), hookEvent(s.URL+"/long", "k1")); err != nil || len(rc.Reply) > replyMax {
		t.Errorf("long answer: %d bytes kept, %v", len(rc.Reply), err)
	}
	port := s.URL[strings.LastIndex(s.URL, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"} {
		if _, err := shut.Send(t.Context(), hookEvent("https://"+host+port, "k1")); err == nil || host[0] != '2' && !errors.Is(err, errInside) {
			t.Errorf("%s: %v, want it refused at the door", host, err)
		}
	}
}

func TestReachable(t *testing.T) {
	for s, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true, "2a00:1450::1": true,
		"10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "127.0.0.1": false, "0.0.0.0": false, "169.254.169.254": false,
		"100.100.100.200": false, "198.18.0.1": false, "224.0.0.1": false, "255.255.255.255": false, "::1": false, "::": false,
		"fe80::1": false, "fd00:ec2::254": false, "::ffff:10.0.0.1": false, "64:ff9b::a00:1": false, "2002:a00:1::": false, "2001:db8::1": false, "ff02::1": false,
	} {
		if got := reachable(netip.MustParseAddr(s), nil); got != want {
			t.Errorf("%s: %v, want %v", s, got, want)
		}
	}
	if !reachable(netip.MustParseAddr("::ffff:10.0.0.1"), []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}) {
		t.Error("an allowed network is not reached")
	}
}

func TestWebhookGivesUpWaiting(t *testing.T) {
	stop := make(chan struct{})
	s, roots := hook(t, func(http.ResponseWriter, *http.Request) { <-stop })
	defer close(stop)
	w := NewWebhooks(one(s.URL), time.Now, WebhookRules{Allow: here, Roots: roots, Wait: 200 * time.Millisecond})
	began := time.Now()
	if _, err := w.Send(t.Context(), hookEvent(s.URL, "k1")); err == nil || errors.Is(err, ErrRefused) || time.Since(began) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}
