package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

func TestLogin(t *testing.T) {
	h := newHouse(t)
	u := h.hire(incident.Handler)
	b := h.browser()
	if got := b.get("/"); got.code != http.StatusSeeOther || got.header.Get("Location") != "/login" {
		t.Fatalf("the board without a log-in: %d to %q, want 303 to /login", got.code, got.header.Get("Location"))
	}
	wrong := b.post("/login", "login", u.Login, "password", "väärä salasana tämä")
	nobody := b.post("/login", "login", "kukaan@bell.example", "password", "väärä salasana tämä")
	if wrong.code != http.StatusUnprocessableEntity || strings.ReplaceAll(wrong.body, u.Login, "x") != strings.ReplaceAll(nobody.body, "kukaan@bell.example", "x") {
		t.Errorf("a wrong password (%d) and an unknown user (%d) are told apart", wrong.code, nobody.code)
	}
	if strings.Contains(wrong.text(), "väärä salasana tämä") {
		t.Error("the password comes back")
	}
	got := b.post("/login", "login", strings.ToUpper(u.Login), "password", password, "next", "//evil.example")
	if got.code != http.StatusSeeOther || got.header.Get("Location") != "/" {
		t.Fatalf("%d to %q, want 303 to /", got.code, got.header.Get("Location"))
	}
	cookie := got.header.Get("Set-Cookie")
	if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("cookie %q", cookie)
	}
	h.later(11 * time.Hour)
	if got := b.get("/"); got.code != http.StatusOK {
		t.Errorf("after 11 hours: status %d, want 200", got.code)
	}
	h.later(13 * time.Hour)
	if got := b.get("/"); got.code != http.StatusSeeOther {
		t.Errorf("after 13 idle hours: status %d, want 303", got.code)
	}
}

func TestLoginThrottle(t *testing.T) {
	h := newHouse(t)
	u := h.hire(incident.Handler)
	b := h.browser()
	b.header.Set("X-Forwarded-For", "203.0.113.9") // nobody believes it
	for i := range 5 {
		b.header.Set("X-Forwarded-For", "203.0.113."+string(rune('1'+i))+"1")
		b.post("/login", "login", u.Login, "password", "väärä salasana tämä")
	}
	b.header.Set("X-Forwarded-For", "198.51.100.7")
	if got := b.post("/login", "login", u.Login, "password", password); got.code != http.StatusTooManyRequests {
		t.Fatalf("status %d, want 429: the right password after five wrong ones", got.code)
	}
	h.later(throttleWindow + time.Second)
	if got := b.post("/login", "login", u.Login, "password", password); got.code != http.StatusSeeOther {
		t.Errorf("after a quarter of an hour: status %d, want 303", got.code)
	}
}

func TestSessionsEnd(t *testing.T) {
	h := newHouse(t)
	b := h.as(incident.Handler)
	u, _ := h.db.UserByLogin(context.Background(), "handler@bell.example")
	changed := *u
	changed.Password, _ = hashPassword("toinen pitkä salasana")
	if err := h.desk.SaveUser(context.Background(), incident.Program, &changed); err != nil {
		t.Fatal(err)
	}
	if got := b.get("/"); got.code != http.StatusSeeOther {
		t.Errorf("after the password was changed elsewhere: status %d, want 303", got.code)
	}
	b = h.as(incident.Auditor)
	if got := b.post("/logout"); got.code != http.StatusSeeOther {
		t.Fatalf("log out: status %d", got.code)
	}
	if got := b.get("/"); got.code != http.StatusSeeOther {
		t.Errorf("after logging out: status %d, want 303", got.code)
	}
}

func TestCrossOriginRefused(t *testing.T) {
	h := newHouse(t)
	b := h.as(incident.Privacy)
	b.header.Set("Sec-Fetch-Site", "cross-site")
	b.header.Set("Origin", "https://evil.example")
	if got := b.post("/log", "title", "Väärennös", "aware", "klo 3.00"); got.code != http.StatusForbidden {
		t.Errorf("status %d, want 403", got.code)
	}
	b.header.Set("Sec-Fetch-Site", "same-origin")
	b.header.Set("Origin", "http://bell.example")
	if got := b.post("/log", "title", "Oikea", "aware", "klo 3.00"); got.code != http.StatusSeeOther {
		t.Errorf("our own page: status %d, want 303", got.code)
	}
}

func TestBodyLimits(t *testing.T) {
	h := newHouse(t)
	b := h.as(incident.Privacy)
	got := b.post("/log", "title", strings.Repeat("a", 10<<20), "aware", "klo 3.00")
	if got.code != http.StatusRequestEntityTooLarge || !strings.Contains(got.text(), "megatavu") {
		t.Errorf("a title of 10 MB: status %d, want 413 with a sentence", got.code)
	}
	got = b.post("/log", "title", strings.Repeat("a", 2000), "aware", "klo 3.00")
	if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, strings.Repeat("a", 2000)) {
		t.Errorf("a title of 2000 characters: status %d, want 422 with all of it", got.code)
	}
}

func TestHeaders(t *testing.T) {
	h := newHouse(t)
	want := map[string]string{
		"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		"Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store", "Strict-Transport-Security": "",
	}
	for _, path := range []string{"/login", "/nosuchpage", "/n/x", "/healthz"} {
		got := h.browser().get(path)
		for name, v := range want {
			if got.header.Get(name) != v {
				t.Errorf("%s: %s = %q, want %q", path, name, got.header.Get(name), v)
			}
		}
	}
}

func TestStaticFiles(t *testing.T) {
	h := newHouse(t)
	page := h.browser().get("/login").body
	i := strings.Index(page, `href="/static/`)
	path := page[i+6 : i+6+strings.IndexByte(page[i+6:], '"')]
	css := strings.Replace(path, "favicon.svg", "app.css", 1)
	got := h.browser().get(css)
	if got.code != http.StatusOK || !strings.Contains(got.header.Get("Cache-Control"), "immutable") {
		t.Errorf("%s: %d, %q", css, got.code, got.header.Get("Cache-Control"))
	}
	if got := h.browser().get("/static/0/app.css"); got.code != http.StatusNotFound {
		t.Errorf("an old stamp: status %d, want 404", got.code)
	}
	sum := 0
	for _, name := range []string{"app.css", "app.js"} {
		a, _ := h.s.Pages.Asset(name)
		sum += len(a.Gzip())
	}
	if sum > 60<<10 {
		t.Errorf("styles and scripts have %d bytes compressed, want at most 60 KiB", sum)
	}
}

// TestGates asks every address as nobody and as every role: those without the
// act that it needs are turned away, and no GET changes anything.
func TestGates(t *testing.T) {
	h := newHouse(t)
	inc, rs := h.sent()
	fill := strings.NewReplacer("/incidents/:id", "/incidents/"+inc.ID, "/records/:id", "/records/"+rs[0].ID, ":id", "nosuch", ":secret", "nosuch", ":stamp", "0", ":name", "x")
	browsers := map[incident.Role]*browser{}
	for _, role := range incident.Roles {
		browsers[role] = h.as(role)
	}
	before := h.books()
	for _, r := range h.s.routes() {
		path := fill.Replace(r.path)
		ask := func(b *browser) reply {
			if r.method == "GET" {
				return b.get(path)
			}
			return b.do("POST", path, strings.NewReader(""), "application/x-www-form-urlencoded")
		}
		if r.need == anyone {
			continue
		}
		if got := ask(h.browser()); got.code != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/login") {
			t.Errorf("%s %s as nobody: %d to %q, want the log-in", r.method, r.path, got.code, got.header.Get("Location"))
		}
		for _, role := range incident.Roles {
			may := r.need == staff || incident.Actor{Roles: []incident.Role{role}}.May(r.need)
			if r.method == "POST" && may {
				continue // what it does is another test's
			}
			got := ask(browsers[role])
			if (got.code == http.StatusForbidden) == may || got.code >= 500 {
				t.Errorf("%s %s as %s: status %d, may = %t", r.method, r.path, role, got.code, may)
			}
		}
	}
	if after := h.books(); !slices.Equal(before, after) {
		t.Errorf("looking has changed the books:\n%v\n%v", before, after)
	}
}

// books lists the heads of the audit chains, which every act moves.
func (h *house) books() []string {
	h.t.Helper()
	var heads []string
	rows, _, err := h.db.Rows(context.Background(), incident.Filter{}, incident.Cut{Limit: 50})
	if err != nil {
		h.t.Fatal(err)
	}
	ids := []string{""}
	for _, r := range rows {
		ids = append(ids, r.ID)
	}
	for _, id := range ids {
		links, err := h.db.Chain(context.Background(), id, 0, 1000)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, l := range links {
			heads = append(heads, l.Chain+string(l.Hash))
		}
	}
	return heads
}

func TestLogKeepsSecrets(t *testing.T) {
	h := newHouse(t)
	_, rs := h.sent()
	secret := h.secretOf(rs[0].ID)
	h.browser().get("/n/" + secret + "?lang=sv")
	h.browser().get("/nosuchpage?q=" + secret)
	h.browser().post("/login", "login", "secretlogin@bell.example", "password", "very secret password")
	h.srv.Close()
	for _, s := range []string{secret, "secretlogin", "very secret"} {
		if strings.Contains(h.log.String(), s) {
			t.Errorf("the log holds %q", s)
		}
	}
	if !strings.Contains(h.log.String(), "route=/n/:secret") {
		t.Errorf("the log does not hold the pattern:\n%s", h.log.String())
	}
}

func TestPassword(t *testing.T) {
	tests := []struct{ password, want string }{
		{"lyhyt", "password.short"},
		{"aaaaaaaaaaaaaaaaaaaa", "password.common"},
		{"salasanasalasana1234", "password.common"},
		{"Password1234567890!", "password.common"},
		{strings.Repeat("pitkä ", 300), "password.long"},
		{"kolme iloista pingviiniä", ""},
		{"tre glada pingviner", ""},
	}
	for _, tt := range tests {
		err := CheckPassword(tt.password)
		got := ""
		if e, ok := err.(*incident.Error); ok {
			got = e.Key
		}
		if got != tt.want {
			t.Errorf("CheckPassword(%.20q) = %q, want %q", tt.password, got, tt.want)
		}
	}
	hash, err := HashPassword("kolme iloista pingviiniä")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := checkHash(hash, "kolme iloista pingviiniä"); !ok || err != nil {
		t.Errorf("the right password: %t, %v", ok, err)
	}
	if ok, _ := checkHash(hash, "kolme iloista pingviinia"); ok {
		t.Error("a wrong password is right")
	}
	if ok, err := checkHash(dummyHash, password); ok || err != nil {
		t.Errorf("the dummy: %t, %v", ok, err)
	}
}
