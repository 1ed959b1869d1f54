package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// Slack is what the site needs to hear clicks on the buttons of its messages.
// Without a Secret there is no such address.
type Slack struct {
	Secret string // by which Slack signs
	// Whisper tells something to the one who clicked, at the address that came
	// with the click. It refuses addresses that are not Slack's.
	Whisper func(ctx context.Context, address, text string) error
}

const (
	slackLimit  = 256 << 10        // of a body, in bytes
	slackSkew   = 5 * time.Minute  // between Slack's clock and ours
	slackAnswer = 2 * time.Second  // Slack waits three
	slackWork   = 30 * time.Second // for what goes on after the answer
	slackMost   = 8                // clicks at work at a time
)

// clicks remembers which requests of Slack have been taken, and bounds how many
// are worked on.
type clicks struct {
	work chan struct{}
	mu   sync.Mutex
	seen map[string]time.Time // signature → when it may be forgotten
}

func newClicks() *clicks {
	return &clicks{work: make(chan struct{}, slackMost), seen: map[string]time.Time{}}
}

// first reports whether a signature comes for the first time, and forgets those
// that are too old to be taken again anyway.
func (k *clicks) first(signature string, now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	for s, until := range k.seen {
		if now.After(until) {
			delete(k.seen, s)
		}
	}
	_, was := k.seen[signature]
	k.seen[signature] = now.Add(2 * slackSkew)
	return !was
}

// slackActions takes a click. Slack gets its answer within three seconds, done
// or not; the work goes on behind it. Should the program die in between, the
// button is still there, and an alarm that nobody has answered climbs on.
func (s *Server) slackActions(c *gin.Context) error {
	if s.Slack.Secret == "" {
		return unknown(c)
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, slackLimit))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			c.String(http.StatusRequestEntityTooLarge, "too large")
		} else {
			c.String(http.StatusBadRequest, "unreadable")
		}
		return nil
	}
	now, signature := s.Desk.Now(), c.GetHeader("X-Slack-Signature")
	if !signedBySlack(s.Slack.Secret, c.GetHeader("X-Slack-Request-Timestamp"), signature, body, now) {
		c.String(http.StatusUnauthorized, "not signed")
		return nil
	}
	k, err := readClick(body)
	if err != nil {
		c.String(http.StatusBadRequest, "not understood")
		return nil
	}
	if !s.clicks.first(signature, now) {
		c.Status(http.StatusOK) // a repeat of what was taken; nothing is done twice
		return nil
	}
	select {
	case s.clicks.work <- struct{}{}:
	default:
		c.String(http.StatusServiceUnavailable, "busy")
		return nil
	}
	done := make(chan struct{})
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), slackWork)
	id := requestID(c)
	go func() {
		defer func() { cancel(); <-s.clicks.work; close(done) }()
		if err := s.clicked(ctx, k); err != nil {
			s.Log.Error("a click in Slack was not carried out", "id", id, "err", err)
		}
	}()
	select {
	case <-done:
	case <-time.After(slackAnswer):
	}
	c.Status(http.StatusOK)
	return nil
}

// signedBySlack checks version 0 of Slack's signature over a request of the
// last five minutes.
func signedBySlack(secret, stamp, signature string, body []byte, now time.Time) bool {
	at, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || now.Sub(time.Unix(at, 0)).Abs() > slackSkew {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	want := "v0=" + hex.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(want), []byte(signature))
}

// click is what we read of an interaction; everything else in it is left alone.
type click struct {
	Type string `json:"type"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
	Address string `json:"response_url"`
	Actions []struct {
		ID    string `json:"action_id"`
		Value string `json:"value"`
	} `json:"actions"`
}

// errClick says that a body is no interaction.
var errClick = errors.New("not an interaction")

// readClick reads the form field in which Slack sends JSON.
func readClick(body []byte) (click, error) {
	var k click
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return k, errClick
	}
	d := json.NewDecoder(strings.NewReader(form.Get("payload")))
	if err := d.Decode(&k); err != nil {
		return click{}, errClick
	}
	if k.Type != "block_actions" || !slackName(k.User.ID) || len(k.Actions) > 25 {
		return click{}, errClick
	}
	return k, nil
}

// slackName reports whether s has the form of Slack's ids.
func slackName(s string) bool {
	return s != "" && len(s) <= 40 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// answerAction is the button that answers an alarm; its value is the ring's id.
// The other button only follows a link, and Slack tells of it all the same.
const answerAction = "ring.answer"

// clicked does what was clicked, as the member of staff behind the click, and
// tells them. Strangers may read a chat that was switched off, and click: they
// are heard no more.
func (s *Server) clicked(ctx context.Context, k click) error {
	off, err := s.Desk.ChatOff(ctx)
	if off || err != nil {
		return err
	}
	for _, a := range k.Actions {
		if a.ID != answerAction {
			continue
		}
		key, lang, err := s.answerFromSlack(ctx, k.User.ID, a.Value)
		return errors.Join(err, s.Slack.Whisper(ctx, k.Address, s.Words.Say(lang, key, "Member", k.User.ID)))
	}
	return nil
}

// answerFromSlack answers an alarm and returns what to say about it, and in
// which language.
func (s *Server) answerFromSlack(ctx context.Context, member, ring string) (key, lang string, err error) {
	u, err := s.Read.UserBySlack(ctx, member)
	if incident.KindOf(err) == incident.NotFound || err == nil && u.Disabled {
		org, err := s.Read.Organisation(ctx)
		if lang = org.Lang; !known(lang) {
			lang = "fi"
		}
		return "chat.said.unknown", lang, err
	}
	if err != nil {
		return "chat.said.broken", "fi", err
	}
	if lang = u.Lang; !known(lang) {
		lang = "fi"
	}
	by := incident.Actor{ID: u.ID, Name: u.Name, Roles: u.Roles, Via: "slack"}
	r, err := s.Read.Ring(ctx, ring)
	switch {
	case !by.May("ring"):
		return "chat.said.forbidden", lang, nil
	case incident.KindOf(err) == incident.NotFound || err == nil && !r.End.IsZero():
		return "chat.said.over", lang, nil
	case err != nil:
		return "chat.said.broken", lang, err
	case !r.AckedAt.IsZero():
		return "chat.said.already", lang, nil
	}
	if err := s.Desk.AnswerRing(ctx, by, ring); err != nil {
		return "chat.said.broken", lang, err
	}
	return "chat.said.done", lang, nil
}
