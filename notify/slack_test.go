package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

func alarm(t *testing.T) *incident.Delivery {
	t.Helper()
	body, err := BuildSlack(Card{ID: "d1", Head: "2026-014 <!channel> & *x*", Rows: []string{"3\n4", "2 h 5 min"}, Link: "https://kello.test/c/1", Open: "Avaa"})
	if err != nil {
		t.Fatal(err)
	}
	return &incident.Delivery{ID: "d1", Route: incident.BySlack, Address: "C1", Body: body}
}

func TestSlackEscapes(t *testing.T) {
	var body slackBody
	if err := json.Unmarshal(alarm(t).Body, &body); err != nil {
		t.Fatal(err)
	}
	want := "2026-014 &lt;!channel&gt; &amp; ∗x∗ · 3 4 · 2 h 5 min · <https://kello.test/c/1|Avaa>"
	if body.Text != want {
		t.Errorf("text = %q, want %q", body.Text, want)
	}
	if strings.Contains(string(alarm(t).Body), "<!channel>") {
		t.Error("a channel is called")
	}
}

func TestSlackAnswers(t *testing.T) {
	no := func(code string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"ok":false,"error":%q}`, code) }
	}
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   string // "taken", "later", "refused" or a Why
		after  time.Duration
		code   int
	}{
		{"taken", func(w http.ResponseWriter, r *http.Request) {
			if r.FormValue("channel") != "C1" || r.FormValue("token")+r.Header.Get("Authorization") == "" || !strings.Contains(r.FormValue("metadata"), "d1") || r.FormValue("blocks") == "" {
				t.Errorf("form %v", r.Form)
			}
			fmt.Fprint(w, `{"ok":true,"channel":"C1","ts":"1700000000.000100"}`)
		}, "taken", 0, 200},
		{"429", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "30"); w.WriteHeader(429) }, "busy", 30 * time.Second, 429},
		{"429 without a time", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, "busy", time.Minute, 429},
		{"500", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, "later", 0, 500},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		}, "later", 0, 302},
		{"garbage", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, "later", 0, 0},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-time.After(2 * time.Second):
			}
		}, "later", 0, 0},
		{"revoked", no("token_revoked"), "unwelcome", 5 * time.Minute, 200},
		{"bad token", no("invalid_auth"), "unwelcome", 5 * time.Minute, 200},
		{"archived", no("is_archived"), "unwelcome", 5 * time.Minute, 200},
		{"no channel", no("channel_not_found"), "unwelcome", 5 * time.Minute, 200},
		{"not in it", no("not_in_channel"), "unwelcome", 5 * time.Minute, 200},
		{"inactive", no("account_inactive"), "unwelcome", 5 * time.Minute, 200},
		{"not to be shown", no("invalid_blocks"), "refused", 0, 200},
		{"their fault", no("internal_error"), "later", 0, 200},
	}
	for _, tt := range tests {
		server := httptest.NewServer(tt.answer)
		s := NewSlack(SlackAccess{Token: "xoxb-secret", API: server.URL + "/api", Wait: 300 * time.Millisecond})
		rc, err := s.Send(t.Context(), alarm(t))
		server.Close()
		var c *Closed
		got, after := "later", time.Duration(0)
		switch {
		case err == nil:
			got = "taken"
		case errors.Is(err, ErrRefused):
			got = "refused"
		case errors.As(err, &c):
			got, after = string(c.Why), c.After
		}
		if got != tt.want || after != tt.after || rc.Code != tt.code {
			t.Errorf("%s: %s after %v, code %d, %v; want %s after %v, code %d", tt.name, got, after, rc.Code, err, tt.want, tt.after, tt.code)
		}
		if got == "taken" && rc.Queue != "C1/1700000000.000100" {
			t.Errorf("receipt %+v", rc)
		}
		if strings.Contains(fmt.Sprint(rc, err), "secret") {
			t.Errorf("%s: the token is told: %v", tt.name, err)
		}
	}
}

func TestSlackUnreachable(t *testing.T) {
	s := NewSlack(SlackAccess{Token: "x", API: "http://127.0.0.1:1"})
	var c *Closed
	if _, err := s.Send(t.Context(), alarm(t)); !errors.As(err, &c) || c.Why != Unreachable {
		t.Errorf("%v", err)
	}
}
