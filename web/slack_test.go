package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hatakello/incident"
)

const slackSecret = "8f742231b10e8888abcd99yyyzzz85a5"

// whispers keeps what those who clicked were told.
type whispers struct {
	mu   sync.Mutex
	said []string
}

func (w *whispers) whisper(_ context.Context, address, text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, text)
	return nil
}

func (w *whispers) last() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.said) == 0 {
		return ""
	}
	return w.said[len(w.said)-1]
}

func signSlack(secret string, at time.Time, body string) (stamp, signature string) {
	stamp = strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	return stamp, "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// clickBody is what Slack sends when a member clicks a button.
func clickBody(member, action, value string) string {
	return url.Values{"payload": {fmt.Sprintf(`{"type":"block_actions","user":{"id":%q,"username":"x"},"api_app_id":"A1","trigger_id":"1.2",
		"response_url":"https://hooks.slack.com/actions/T/1/x","actions":[{"action_id":%q,"block_id":"b","value":%q,"type":"button"}]}`, member, action, value)}}.Encode()
}

// click sends a signed body and returns the status.
func (h *house) click(at time.Time, secret, body string) int {
	h.t.Helper()
	stamp, signature := signSlack(secret, at, body)
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.srv.URL+slackPath, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Slack-Request-Timestamp", stamp)
	req.Header.Set("X-Slack-Signature", signature)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); strings.Contains(string(body), "<html") {
		h.t.Errorf("Slack is answered with a page: %s", body)
	}
	return res.StatusCode
}

// TestSlackSignature takes the example of Slack's own documentation.
func TestSlackSignature(t *testing.T) {
	body := "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA" +
		"&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554" +
		"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
	stamp, want := "1531420618", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	at := time.Unix(1531420618, 0)
	tests := []struct {
		name                     string
		secret, stamp, signature string
		body                     string
		now                      time.Time
		ok                       bool
	}{
		{"the example", slackSecret, stamp, want, body, at, true},
		{"five minutes later", slackSecret, stamp, want, body, at.Add(slackSkew), true},
		{"too late", slackSecret, stamp, want, body, at.Add(slackSkew + time.Second), false},
		{"from the future", slackSecret, stamp, want, body, at.Add(-slackSkew - time.Second), false},
		{"another secret", "x", stamp, want, body, at, false},
		{"another body", slackSecret, stamp, want, body + "x", at, false},
		{"another time", slackSecret, "1531420619", want, body, at, false},
		{"no time", slackSecret, "", want, body, at, false},
		{"no signature", slackSecret, stamp, "", body, at, false},
		{"another version", slackSecret, stamp, "v1" + want[2:], body, at, false},
		{"half", slackSecret, stamp, want[:20], body, at, false},
	}
	for _, tt := range tests {
		if got := signedBySlack(tt.secret, tt.stamp, tt.signature, []byte(tt.body), tt.now); got != tt.ok {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.ok)
		}
	}
}

// chatHouse is a house whose handler and auditor are known to Slack.
func chatHouse(t *testing.T) (h *house, w *whispers, ring *incident.Ring, inc *incident.Incident) {
	t.Helper()
	h, w = newHouse(t), &whispers{}
	h.s.Slack = Slack{Secret: slackSecret, Whisper: w.whisper}
	for role, member := range map[incident.Role]string{incident.Handler: "U0HANDLER", incident.Auditor: "U0AUDITOR", incident.Privacy: "U0GONE"} {
		u := h.hire(role)
		u.Slack, u.Disabled = member, member == "U0GONE"
		if err := h.desk.SaveUser(t.Context(), incident.Program, u); err != nil {
			t.Fatal(err)
		}
	}
	inc = h.breach(h.stock())
	rings, err := h.db.OpenRings(t.Context(), inc.ID)
	if err != nil || len(rings) != 1 {
		t.Fatalf("%d rings, %v", len(rings), err)
	}
	return h, w, rings[0], inc
}

func TestSlackClicks(t *testing.T) {
	h, w, ring, _ := chatHouse(t)
	answered := func() string {
		r, err := h.db.Ring(t.Context(), ring.ID)
		if err != nil {
			t.Fatal(err)
		}
		return r.AckedBy
	}
	tests := []struct {
		name   string
		body   string
		secret string
		want   int
		said   string // begins what is whispered; "" is nothing
		by     string
	}{
		{"not signed by Slack", clickBody("U0HANDLER", answerAction, ring.ID), "wrong", 401, "", ""},
		{"not an interaction", "payload=%7B", slackSecret, 400, "", ""},
		{"of another kind", "payload=" + url.QueryEscape(`{"type":"view_submission","user":{"id":"U1"}}`), slackSecret, 400, "", ""},
		{"nobody we know", clickBody("U0STRANGER", answerAction, ring.ID), slackSecret, 200, "Hätäkello ei tunne Slack-tunnustasi U0STRANGER", ""},
		{"somebody who has left", clickBody("U0GONE", answerAction, ring.ID), slackSecret, 200, "Hätäkello ei tunne", ""},
		{"somebody who may not", clickBody("U0AUDITOR", answerAction, ring.ID), slackSecret, 200, "Roolisi", ""},
		{"an alarm that is not", clickBody("U0HANDLER", answerAction, "nothing"), slackSecret, 200, "Tätä hälytystä", ""},
		{"the link", clickBody("U0HANDLER", "case.open", ""), slackSecret, 200, "", ""},
		{"the answer", clickBody("U0HANDLER", answerAction, ring.ID), slackSecret, 200, "Kuitattu", "Aino handler"},
		{"the same request again", clickBody("U0HANDLER", answerAction, ring.ID), slackSecret, 200, "", "Aino handler"},
		{"another click", clickBody("U0HANDLER", answerAction, ring.ID) + "&x=1", slackSecret, 200, "Hälytys on jo", "Aino handler"},
	}
	for _, tt := range tests {
		w.said = nil
		if got := h.click(h.time(), tt.secret, tt.body); got != tt.want {
			t.Errorf("%s: status %d, want %d", tt.name, got, tt.want)
		}
		if got := w.last(); (tt.said == "") != (got == "") || !strings.HasPrefix(got, tt.said) {
			t.Errorf("%s: said %q, want %q", tt.name, got, tt.said)
		}
		if got := answered(); got != tt.by {
			t.Errorf("%s: answered by %q, want %q", tt.name, got, tt.by)
		}
	}
	if strings.Contains(h.log.String(), slackSecret) || strings.Contains(h.log.String(), "hooks.slack.com") {
		t.Errorf("a secret in the log: %s", h.log.String())
	}
}

// Whoever reads a chat that was given up may click in it, too.
func TestSlackClicksStopWithTheChat(t *testing.T) {
	h, w, ring, _ := chatHouse(t)
	org, err := h.db.Organisation(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	org.Name, org.ChatOff = "Yritys", true
	if err := h.desk.SaveOrganisation(t.Context(), incident.Actor{Roles: []incident.Role{incident.Admin}}, org); err != nil {
		t.Fatal(err)
	}
	if got := h.click(h.time(), slackSecret, clickBody("U0HANDLER", answerAction, ring.ID)); got != 200 || w.last() != "" {
		t.Errorf("status %d, said %q, want nothing done", got, w.last())
	}
	if r, err := h.db.Ring(t.Context(), ring.ID); err != nil || !r.AckedAt.IsZero() {
		t.Errorf("answered by %q, %v", r.AckedBy, err)
	}
}

func TestSlackWithoutASecret(t *testing.T) {
	h := newHouse(t)
	res, err := http.Post(h.srv.URL+slackPath, "application/x-www-form-urlencoded", strings.NewReader(clickBody("U1", answerAction, "r")))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusNotFound {
		t.Errorf("status %d, want 404", res.StatusCode)
	}
}

// slowReader is a database that takes its time.
type slowReader struct {
	Reader
	wait time.Duration
}

func (r slowReader) UserBySlack(ctx context.Context, member string) (*incident.User, error) {
	time.Sleep(r.wait)
	return r.Reader.UserBySlack(ctx, member)
}

// Slack gives up after three seconds. The work goes on behind the answer.
func TestSlackIsAnsweredInTime(t *testing.T) {
	h, w, ring, _ := chatHouse(t)
	h.s.Read = slowReader{h.s.Read, slackAnswer + 500*time.Millisecond}
	began := time.Now()
	if got := h.click(h.time(), slackSecret, clickBody("U0HANDLER", answerAction, ring.ID)); got != 200 {
		t.Errorf("status %d", got)
	}
	if took := time.Since(began); took > 2900*time.Millisecond {
		t.Errorf("answered after %v", took)
	}
	for end := time.Now().Add(5 * time.Second); w.last() == "" && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
	}
	if r, err := h.db.Ring(t.Context(), ring.ID); err != nil || r.AckedBy != "Aino handler" {
		t.Errorf("answered by %q, %v", r.AckedBy, err)
	}
}

func FuzzSlackClick(f *testing.F) {
	f.Add([]byte(clickBody("U1", answerAction, "r")))
	f.Add([]byte("payload=%7B%7D"))
	f.Add([]byte("payload=" + url.QueryEscape(`{"type":"block_actions","user":{"id":"U1"},"actions":[{},{"action_id":[]}]}`)))
	f.Add([]byte("payload=" + strings.Repeat("[", 10000)))
	f.Fuzz(func(t *testing.T, body []byte) {
		k, err := readClick(body)
		if err != nil {
			if k.Type != "" || k.Actions != nil || k.User.ID != "" {
				t.Errorf("half a click beside an error: %+v", k)
			}
			return
		}
		if k.Type != "block_actions" || !slackName(k.User.ID) || len(k.Actions) > 25 {
			t.Errorf("took %+v", k)
		}
	})
}

// TestSlackMembers: an administrator tells who is who in Slack; a wrong id and
// one that is taken are told at the field, and nothing else is lost.
func TestSlackMembers(t *testing.T) {
	h := newHouse(t)
	admin, u, other := h.as(incident.Admin), h.hire(incident.Handler), h.hire(incident.Auditor)
	save := func(u *incident.User, member string) reply {
		return admin.post("/settings/users/"+u.ID, "do", "slack", "slack_"+u.ID, member)
	}
	if got := save(u, " u024be7lh "); got.code != http.StatusSeeOther {
		t.Fatalf("status %d\n%.600s", got.code, got.text())
	}
	if got, err := h.db.UserBySlack(t.Context(), "U024BE7LH"); err != nil || got.ID != u.ID {
		t.Errorf("found %+v, %v", got, err)
	}
	for member, want := range map[string]string{"@aino": "alkaa U- tai W-kirjaimella", "U024BE7LH": "jo toisella käyttäjällä"} {
		got := save(other, member)
		if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.text(), want) || !strings.Contains(got.body, `href="#f-slack_`+other.ID) {
			t.Errorf("%s: status %d, want %q at the field", member, got.code, want)
		}
	}
}
