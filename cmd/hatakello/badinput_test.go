package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// problem is an answer of RFC 9457.
type problem struct {
	Status int
	Title  string
	Detail string
	Errors []struct{ Field, Detail string }
}

// TestBadInput sends to the built program what people and programs send, and
// wants a sentence at the field in the asker's language.
func TestBadInput(t *testing.T) {
	db := databases[0].make(t)
	s := start(t, "serve", "--db", db)
	a := &api{t, s.url, must(t, "", "token", "add", "bad", "--role", "privacy", "--db", db)}
	a.importCSV(customers(3))
	aware := "2026-11-20T10:00:00Z"
	tests := []struct {
		name, path, kind, body string
		status                 int
		field                  string
	}{
		{"a time that cannot be read", "/incidents", "", `{"title":"x","aware_at":"eilen","services":["Palvelu A"]}`, 422, "aware_at"},
		{"a time without a zone", "/incidents", "", `{"title":"x","aware_at":"2026-03-29T03:30:00","services":["Palvelu A"]}`, 422, "aware_at"},
		{"an empty title", "/incidents", "", `{"title":" ","aware_at":"` + aware + `","services":["Palvelu A"]}`, 422, "title"},
		{"a service that nobody has", "/incidents", "", `{"title":"x","aware_at":"` + aware + `","services":["Palvelu Ö"]}`, 422, "services"},
		{"a title of 10 MB", "/incidents", "", `{"title":"` + strings.Repeat("x", 10<<20) + `","aware_at":"` + aware + `"}`, 413, ""},
		{"half of a body", "/incidents", "", `{"title":"x`, 400, ""},
		{"a broken CSV", "/customers/import", "text/csv", "name;language;service;contact_email\nKeksitty Oy;fi;Palvelu A;\"a@b.example\n", 422, ""},
		{"a customer without contacts", "/customers/import", "text/csv", "name;language;service;contact_email\nKeksitty Oy;fi;Palvelu A;\n", 422, "contact_email"},
		{"a wrong check digit", "/customers/import", "text/csv", "name;business_id;language;service;contact_email\nKeksitty Oy;9900101-1;fi;A;a@b.example\n", 422, "business_id"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			said := map[string]string{}
			for _, lang := range []string{"fi", "sv", "en"} {
				p, code := a.refused(tt.path, tt.kind, tt.body, lang)
				if code != tt.status || p.Status != tt.status {
					t.Errorf("%s: status %d (%d in the body), want %d", lang, code, p.Status, tt.status)
				}
				said[lang] = p.Detail
				for _, e := range p.Errors {
					if e.Field == tt.field {
						said[lang] = e.Detail
					}
				}
				if tt.field != "" && (len(p.Errors) == 0 || said[lang] == "" || said[lang] == p.Detail && p.Errors[0].Field != tt.field) {
					t.Errorf("%s: errors %+v, want one at %s", lang, p.Errors, tt.field)
				}
			}
			if tt.field != "" && (said["fi"] == said["sv"] || said["sv"] == said["en"]) {
				t.Errorf("said %v, want three languages", said)
			}
		})
	}
}

// refused sends what must not be taken.
func (a *api) refused(path, kind, body, lang string) (problem, int) {
	a.t.Helper()
	req, err := http.NewRequestWithContext(a.t.Context(), http.MethodPost, a.url+"/api/v1"+path, bytes.NewReader([]byte(body)))
	if err != nil {
		a.t.Fatal(err)
	}
	if kind == "" {
		kind = "application/json"
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Accept-Language", lang)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		a.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	var p problem
	if err := json.Unmarshal(data, &p); err != nil {
		a.t.Errorf("%q is no problem document: %v", data[:min(len(data), 200)], err)
	}
	return p, resp.StatusCode
}

// TestCommands looks after a database from the command line, also beside a
// running server.
func TestCommands(t *testing.T) {
	db := databases[0].make(t)
	pass := "kolme-vihreaa-kenkaa-17\n"
	if _, errs, code := command(t, pass, "user", "add", "eka@example.fi", "--name", "Eka Koe", "--role", "handler", "--password-stdin", "--db", db); code != 1 || !strings.Contains(errs, "--role admin") {
		t.Errorf("first user without admin: code %d, %q, want 1 and what to write", code, errs)
	}
	must(t, pass, "user", "add", "eka@example.fi", "--name", "Eka Koe", "--role", "admin", "--password-stdin", "--db", db)
	if _, errs, code := command(t, "lyhyt\n", "user", "add", "toka@example.fi", "--name", "T", "--role", "handler", "--password-stdin", "--db", db); code != 1 || !strings.Contains(errs, "15") {
		t.Errorf("short password: code %d, %q, want 1 and the length", code, errs)
	}
	s := start(t, "serve", "--db", db)
	if _, errs, code := command(t, "", "serve", "--db", db, "--listen", "127.0.0.1:0"); code != 1 || !strings.Contains(errs, "process") {
		t.Errorf("a second server: code %d, %q, want 1 and who has the file", code, errs)
	}
	secret := must(t, "", "token", "add", "vahti", "--role", "privacy", "--db", db)
	a := &api{t, s.url, secret}
	a.call(http.MethodGet, "/incidents", "", nil, http.StatusOK, nil)
	if out := must(t, "", "token", "list", "--db", db); strings.Contains(out, secret) || !strings.Contains(out, "vahti") {
		t.Errorf("token list says %q, want the name and no secret", out)
	}
	must(t, "", "token", "revoke", "vahti", "--db", db)
	time.Sleep(1100 * time.Millisecond) // what another process revokes ends within a second
	a.call(http.MethodGet, "/incidents", "", nil, http.StatusUnauthorized, nil)
	file := filepath.Join(t.TempDir(), "copy.db")
	must(t, "", "backup", file, "--db", db)
	if out := must(t, "", "user", "list", "--db", file); !strings.Contains(out, "eka@example.fi") {
		t.Errorf("the backup's users are %q, want eka", out)
	}
	if code := s.stop(); code != 0 {
		t.Errorf("exit code %d after SIGTERM, want 0", code)
	}
}
