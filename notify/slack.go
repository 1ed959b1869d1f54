package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"hatakello/incident"
)

// Slack is the way out to one workspace.
type Slack struct {
	client  *slack.Client
	channel string
	server  string
	off     func(context.Context) (bool, error)
}

// SlackAccess is what is needed to post. API is "" for Slack itself.
type SlackAccess struct {
	Token   string
	Channel string // where a delivery without an address goes
	API     string
	Wait    time.Duration // for one answer; 0 is 15 s
	// Off reports whether nothing may go to Slack any more. It is asked before
	// each attempt, so that the switch holds for what was claimed already; nil
	// is never.
	Off func(context.Context) (bool, error)
}

// NewSlack makes the channel. Redirects are not followed: the token is for one
// host only.
func NewSlack(a SlackAccess) *Slack {
	api := slack.APIURL
	if a.API != "" {
		api = strings.TrimSuffix(a.API, "/") + "/"
	}
	if a.Wait == 0 {
		a.Wait = 15 * time.Second
	}
	if a.Off == nil {
		a.Off = func(context.Context) (bool, error) { return false, nil }
	}
	client := &http.Client{Timeout: a.Wait, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &Slack{slack.New(a.Token, slack.OptionAPIURL(api), slack.OptionHTTPClient(client)), a.Channel, api, a.Off}
}

// Lane is the lane in which a courier should drive the channel: Slack takes
// about one message a second.
func (s *Slack) Lane() Lane {
	return Lane{Route: incident.BySlack, Channel: s, Sessions: 1, Limit: 40 * time.Second, Pace: 60}
}

// errChatOff says that the organisation has left the chat.
var errChatOff = errors.New("the chat is switched off")

// Send makes one attempt: it changes the message that the body names, or posts
// one. The receipt's Queue is the place of the message, channel and time stamp,
// by which it is changed later.
func (s *Slack) Send(ctx context.Context, d *incident.Delivery) (incident.Receipt, error) {
	sum := sha256.Sum256(d.Body)
	rc := incident.Receipt{SHA256: hex.EncodeToString(sum[:]), Server: s.server}
	var body slackBody
	if err := json.Unmarshal(d.Body, &body); err != nil {
		return rc, fmt.Errorf("%w: read message: %w", ErrRefused, err)
	}
	if off, err := s.off(ctx); off || err != nil {
		if off {
			err = fmt.Errorf("%w: %w", ErrRefused, errChatOff)
		}
		rc.Reply = clean(err.Error())
		return rc, err
	}
	place, err := s.put(ctx, d, body)
	if err == nil {
		rc.Code, rc.Reply, rc.Queue = http.StatusOK, "ok", clean(place)
		return rc, nil
	}
	rc.Reply = clean(err.Error())
	return rc, judgeSlack(err, &rc.Code)
}

// put changes the message or posts it. One that somebody has deleted, or that
// can no longer be changed, is posted anew.
func (s *Slack) put(ctx context.Context, d *incident.Delivery, body slackBody) (string, error) {
	options := []slack.MsgOption{slack.MsgOptionText(body.Text, false), slack.MsgOptionBlocks(body.Blocks.BlockSet...),
		slack.MsgOptionMetadata(body.Metadata), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl()}
	if channel, stamp, ok := strings.Cut(body.Place, "/"); ok {
		_, _, _, err := s.client.UpdateMessageContext(ctx, channel, stamp, options...)
		var answer slack.SlackErrorResponse
		if err == nil || !errors.As(err, &answer) || !gone[answer.Err] {
			return body.Place, err
		}
	}
	channel := defaultTo(d.Address, s.channel)
	if d.Tries > 0 {
		if place := s.find(ctx, channel, d); place != "" {
			return place, nil
		}
	}
	at, stamp, err := s.client.PostMessageContext(ctx, channel, options...)
	return at + "/" + stamp, err
}

// find looks for a message that an earlier attempt may have left although its
// answer was lost, by the delivery in its metadata. Without the right to read
// the channel nothing is found, and a rare repeat is the lesser evil.
func (s *Slack) find(ctx context.Context, channel string, d *incident.Delivery) string {
	past, err := s.client.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{ChannelID: channel,
		Oldest: strconv.FormatInt(d.Made.Add(-time.Minute).Unix(), 10), Limit: 100, IncludeAllMetadata: true})
	if err != nil {
		return ""
	}
	for _, m := range past.Messages {
		if m.Metadata.EventType == event && m.Metadata.EventPayload[eventID] == d.ID {
			return channel + "/" + m.Timestamp
		}
	}
	return ""
}

// gone are Slack's answers to a change that a new message gets around.
var gone = map[string]bool{"message_not_found": true, "cant_update_message": true, "edit_window_closed": true}

// unwelcome are Slack's answers that hold for every message until a person
// changes a setting, here or there.
var unwelcome = map[string]bool{
	"channel_not_found": true, "not_in_channel": true, "is_archived": true, "invalid_auth": true, "not_authed": true,
	"token_revoked": true, "token_expired": true, "account_inactive": true, "missing_scope": true, "no_permission": true,
	"restricted_action": true, "team_access_not_granted": true, "ekm_access_denied": true, "org_login_required": true,
}

// hopeless are answers to one message that no repetition will change.
var hopeless = map[string]bool{"invalid_blocks": true, "msg_too_long": true, "no_text": true, "msg_blocks_too_long": true, "metadata_too_large": true}

// unwelcomeRest is how long Slack is left alone after such an answer.
const unwelcomeRest = 5 * time.Minute

// judgeSlack turns slack-go's error into what Channel.Send promises.
func judgeSlack(err error, code *int) error {
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var answer slack.SlackErrorResponse
	var op *net.OpError
	switch {
	case errors.As(err, &limited):
		*code = http.StatusTooManyRequests
		return &Closed{Why: Busy, After: limited.RetryAfter, Err: err}
	case errors.As(err, &status):
		if *code = status.Code; status.Code == http.StatusTooManyRequests { // without Retry-After
			return &Closed{Why: Busy, After: time.Minute, Err: err}
		}
	case errors.As(err, &answer):
		*code = http.StatusOK
		if unwelcome[answer.Err] {
			return &Closed{Why: Unwelcome, After: unwelcomeRest, Err: err}
		}
		if hopeless[answer.Err] {
			return fmt.Errorf("%w: %w", ErrRefused, err)
		}
	case errors.As(err, &op) && op.Op == "dial":
		return &Closed{Why: Unreachable, After: 30 * time.Second, Err: err}
	}
	return err
}
