package web

import (
	"context"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hatakello/incident"
	"hatakello/store"
	"hatakello/templates"
)

// house is a whole site on a real database, at a time that the test chooses.
type house struct {
	t    *testing.T
	desk *incident.Desk
	db   *store.DB
	s    *Server
	srv  *httptest.Server
	now  atomic.Int64 // Unix seconds
	log  strings.Builder

	file    string            // of the database
	mu      sync.Mutex        // of secrets
	secrets map[string]string // of the newest link, by the controller's name
}

// night is when the tests begin: su 22.11.2026 klo 3.12 in Helsinki.
var night = time.Date(2026, 11, 22, 1, 12, 0, 0, time.UTC)

// Passwords are hashed once for all tests; it is meant to be slow.
const password = "kolme iloista pingviiniä"

func newHouse(t *testing.T) *house {
	t.Helper()
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "web.db")
	db, err := store.Open(ctx, file, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if v, err := db.Verify(ctx); err == nil && v.Found > 0 { // whatever the test did, the record holds
			t.Errorf("the record does not hold: %+v", v.Findings)
		}
		db.Close()
	})
	h := &house{t: t, db: db, file: file, secrets: map[string]string{}}
	h.now.Store(night.Unix())
	var id atomic.Int64
	h.desk = &incident.Desk{Store: db, Now: h.time,
		NewID:     func() string { return fmt.Sprintf("id%08d", id.Add(1)) },
		NewSecret: func() string { return fmt.Sprintf("secret-%032d", id.Add(1)) },
		NewCode:   func() string { return "KUUSI-4821" },
		NewSalt:   func() []byte { return make([]byte, 16) },
		Compose: func(v incident.View) (incident.Letter, error) {
			if v.Secret != "" {
				h.mu.Lock() // notices are composed at once
				h.secrets[v.Controller] = v.Secret
				h.mu.Unlock()
			}
			return incident.Letter{Subject: "Tietoturvaloukkaus " + v.Number, Text: v.Controller + "\n" + v.Said + "\n" + v.Secret, Raw: []byte("Subject: x\r\n\r\n" + v.Said)}, nil
		},
		Memo: func(m incident.Memo) (incident.Letter, error) {
			return incident.Letter{Raw: []byte(m.Kind + " " + m.Secret)}, nil
		},
		Alarm: func(incident.Alarm) (incident.Letter, error) { return incident.Letter{Raw: []byte("alarm")}, nil },
	}
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := templates.LoadPages(words)
	if err != nil {
		t.Fatal(err)
	}
	h.s = &Server{Desk: h.desk, Read: db, Sessions: &store.Sessions{DB: db, Now: time.Now}, Words: words, Pages: pages,
		BaseURL: "http://bell.example", Log: slog.New(slog.NewTextHandler(&h.log, nil))}
	h.srv = httptest.NewServer(h.s.Handler())
	t.Cleanup(h.srv.Close)
	return h
}

func (h *house) time() time.Time { return time.Unix(h.now.Load(), 0).UTC() }

// later moves the clock.
func (h *house) later(d time.Duration) { h.now.Add(int64(d / time.Second)) }

// hire makes a user with a role.
func (h *house) hire(role incident.Role) *incident.User {
	h.t.Helper()
	hash, err := hashPassword(password)
	if err != nil {
		h.t.Fatal(err)
	}
	u := &incident.User{Login: string(role) + "@bell.example", Name: "Aino " + string(role), Roles: []incident.Role{role}, Lang: "fi", Password: hash}
	if err := h.desk.SaveUser(context.Background(), incident.Program, u); err != nil {
		h.t.Fatal(err)
	}
	return u
}

// stock fills the register with a service and three customers.
func (h *house) stock() *incident.Service {
	h.t.Helper()
	ctx := context.Background()
	sv := &incident.Service{Name: "Hoivapäivyri"}
	if err := h.desk.SaveService(ctx, incident.Program, sv); err != nil {
		h.t.Fatal(err)
	}
	for i, k := range []incident.Controller{
		{Name: "Koivurannan hoiva Oy", Lang: "fi", Hours: 24, Contacts: []incident.Contact{{Name: "Kati Koe", Email: "kati@koivu.example", Phone: "040 000 0000"}}},
		{Name: "Norrskenets omsorg Ab", Lang: "sv", Hours: 48, Contacts: []incident.Contact{{Name: "Nils Prov", Email: "nils@norr.example"}}},
		{Name: "Lakeside Care Ltd", Lang: "en"},
	} {
		k.Uses = []incident.Use{{Service: sv.ID, Tenant: fmt.Sprintf("t%d", i)}}
		if err := h.desk.SaveController(ctx, incident.Program, &k); err != nil {
			h.t.Fatal(err)
		}
	}
	return sv
}

// worker is the actor behind what tests set up.
var worker = incident.Actor{ID: "worker", Name: "Eero Koe", Roles: []incident.Role{incident.Privacy}, Via: "web"}

// breach logs a case about the stocked service.
func (h *house) breach(sv *incident.Service) *incident.Incident {
	h.t.Helper()
	inc, err := h.desk.Log(context.Background(), worker, incident.Log{Title: "Varmuuskopio avoimena", Aware: h.time(), Services: []string{sv.ID}})
	if err != nil {
		h.t.Fatal(err)
	}
	return inc
}

// browser is a visitor with cookies who follows no redirect.
type browser struct {
	*house
	client *http.Client
	header http.Header
}

func (h *house) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{h, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, http.Header{}}
}

// as logs a visitor in.
func (h *house) as(role incident.Role) *browser {
	h.t.Helper()
	u := h.hire(role)
	b := h.browser()
	if got := b.post("/login", "login", u.Login, "password", password); got.code != http.StatusSeeOther {
		h.t.Fatalf("log in as %s: status %d, want 303\n%s", role, got.code, got.body)
	}
	return b
}

// reply is what came back.
type reply struct {
	code   int
	body   string
	header http.Header
}

// text is the body as people read it.
func (a reply) text() string { return html.UnescapeString(a.body) }

func (b *browser) do(method, path string, body io.Reader, kind string) reply {
	b.t.Helper()
	r, err := http.NewRequest(method, b.srv.URL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	for k, v := range b.header {
		r.Header[k] = v
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer w.Body.Close()
	data, err := io.ReadAll(w.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return reply{w.StatusCode, string(data), w.Header}
}

func (b *browser) get(path string) reply { b.t.Helper(); return b.do("GET", path, nil, "") }

func (b *browser) post(path string, pairs ...string) reply {
	b.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return b.do("POST", path, strings.NewReader(v.Encode()), "application/x-www-form-urlencoded")
}

// missing finds keys that have no words.
var missing = regexp.MustCompile(`\[[a-z_]+\.[a-z_0-9.]*\]|<no value>`)
