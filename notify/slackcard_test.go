package notify

import (
	"context"
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

// chatDouble answers Slack's methods from a table and keeps what was asked.
type chatDouble struct {
	answers map[string]string // by method; "" is an ok with a new message
	asked   []string          // method, channel, ts
	held    string            // metadata of the last post
	n       int
}

func (c *chatDouble) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	c.asked = append(c.asked, strings.TrimSpace(method+" "+r.FormValue("channel")+" "+r.FormValue("ts")))
	if a := c.answers[method]; a != "" {
		fmt.Fprint(w, a)
		return
	}
	switch method {
	case "conversations.history":
		fmt.Fprintf(w, `{"ok":true,"messages":[{"ts":"5.5","metadata":%s}]}`, c.held)
	case "chat.update":
		fmt.Fprintf(w, `{"ok":true,"channel":%q,"ts":%q}`, r.FormValue("channel"), r.FormValue("ts"))
	default:
		c.n++
		c.held = r.FormValue("metadata")
		fmt.Fprintf(w, `{"ok":true,"channel":"C7","ts":"1.%d"}`, c.n)
	}
}

func chatWith(t *testing.T, answers map[string]string) (*chatDouble, *Slack) {
	t.Helper()
	c := &chatDouble{answers: answers}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	return c, NewSlack(SlackAccess{Token: "x", Channel: "#kello", API: server.URL + "/api", Wait: time.Second})
}

func cardFor(t *testing.T, place string) *incident.Delivery {
	t.Helper()
	body, err := BuildSlack(Card{ID: "d9", Place: place, Head: "2026-014", Facts: [][2]string{{"Told", "3 of 4"}}, Link: "https://kello.test/c/1",
		Open: "Open", Answer: "I am on it", Ring: "r1"})
	if err != nil {
		t.Fatal(err)
	}
	return &incident.Delivery{ID: "d9", Route: incident.BySlack, Address: "#kello", Body: body, Made: time.Unix(1e9, 0)}
}

// A card is posted once and changed afterwards; one that was deleted is posted
// anew, and its new place told.
func TestSlackCardIsChangedInPlace(t *testing.T) {
	tests := []struct {
		name, place string
		answers     map[string]string
		tries       int
		asked, want string
	}{
		{"first", "", nil, 0, "chat.postMessage #kello", "C7/1.1"},
		{"changed", "C7/1.1", nil, 0, "chat.update C7 1.1", "C7/1.1"},
		{"deleted by somebody", "C7/1.1", map[string]string{"chat.update": `{"ok":false,"error":"message_not_found"}`}, 0,
			"chat.update C7 1.1; chat.postMessage #kello", "C7/1.1"},
		{"of another app", "C7/1.1", map[string]string{"chat.update": `{"ok":false,"error":"cant_update_message"}`}, 0,
			"chat.update C7 1.1; chat.postMessage #kello", "C7/1.1"},
		{"archived", "C7/1.1", map[string]string{"chat.update": `{"ok":false,"error":"is_archived"}`}, 0, "chat.update C7 1.1", "unwelcome"},
		{"answer lost, may not read", "", map[string]string{"conversations.history": `{"ok":false,"error":"missing_scope"}`}, 1,
			"conversations.history #kello; chat.postMessage #kello", "C7/1.1"},
	}
	for _, tt := range tests {
		c, s := chatWith(t, tt.answers)
		d := cardFor(t, tt.place)
		d.Tries = tt.tries
		rc, err := s.Send(t.Context(), d)
		got := rc.Queue
		var shut *Closed
		if errors.As(err, &shut) {
			got = string(shut.Why)
		}
		if got != tt.want || strings.Join(c.asked, "; ") != tt.asked {
			t.Errorf("%s: %q by %q, want %q by %q (%v)", tt.name, got, c.asked, tt.want, tt.asked, err)
		}
	}
}

// TestFault44SlackTakesAndHangs: a message that was taken although its answer
// was lost is found again by its delivery, not posted twice.
func TestFault44SlackTakesAndHangs(t *testing.T) {
	c, s := chatWith(t, nil)
	d := cardFor(t, "")
	if _, err := s.Send(t.Context(), d); err != nil { // taken; suppose that the answer is lost
		t.Fatal(err)
	}
	d.Tries = 1
	rc, err := s.Send(t.Context(), d)
	if err != nil || rc.Queue != "#kello/5.5" || c.n != 1 {
		t.Errorf("%+v, %v after %d posts, want the message that is there and one post", rc, err, c.n)
	}
}

// TestSlackIsLeftAtOnce: what was claimed before the switch is not sent after it.
func TestSlackIsLeftAtOnce(t *testing.T) {
	c := &chatDouble{}
	server := httptest.NewServer(c)
	defer server.Close()
	s := NewSlack(SlackAccess{Token: "x", Channel: "#kello", API: server.URL + "/api", Off: func(context.Context) (bool, error) { return true, nil }})
	if _, err := s.Send(t.Context(), cardFor(t, "C7/1.1")); !errors.Is(err, ErrRefused) || len(c.asked) != 0 {
		t.Errorf("%v, asked %q, want a refusal and no request", err, c.asked)
	}
}

func TestSlackButtons(t *testing.T) {
	tests := []struct {
		name      string
		card      Card
		want, not []string
	}{
		{"both", Card{Link: "https://k.test/1", Open: "Open", Answer: "Mine", Ring: "r1"}, []string{SlackAnswer, SlackOpen, `"value":"r1"`}, nil},
		{"nothing rings", Card{Link: "https://k.test/1", Open: "Open", Answer: "Mine"}, []string{SlackOpen}, []string{SlackAnswer}},
		{"nobody listens", Card{Link: "https://k.test/1", Open: "Open", Ring: "r1"}, []string{`|Open\u003e`}, []string{SlackAnswer, SlackOpen}},
	}
	for _, tt := range tests {
		body, err := BuildSlack(tt.card)
		if err != nil {
			t.Fatal(err)
		}
		var b slackBody
		if err := json.Unmarshal(body, &b); err != nil {
			t.Errorf("%s: read back: %v", tt.name, err)
		}
		for _, s := range tt.want {
			if !strings.Contains(string(body), s) {
				t.Errorf("%s: no %q in %s", tt.name, s, body)
			}
		}
		for _, s := range tt.not {
			if strings.Contains(string(body), s) {
				t.Errorf("%s: %q in %s", tt.name, s, body)
			}
		}
	}
}
