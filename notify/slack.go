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
	"strings"
	"time"

	"github.com/slack-go/slack"

	"hatakello/incident"
)

// Card is all that chat is told of a case: a number, counts, a clock and a
// link. Chat is not ours, so there is no room for free text or names.
type Card struct {
	ID   string   // of the delivery; goes along, so that a repeat is recognised
	Head string   // what happened, with the case's number
	Rows []string // counts, clocks
	Link string   // to the case
	Open string   // the words on the link
}

// slackBody is the frozen form of a Card: what chat.postMessage takes.
type slackBody struct {
	Text     string              `json:"text"`
	Blocks   slack.Blocks        `json:"blocks"`
	Metadata slack.SlackMetadata `json:"metadata"`
}

// event names our messages in Slack's metadata.
const event = "hatakello_alarm"

// BuildSlack writes the bytes of a chat message. All texts are escaped, so
// that none can call a channel or hide a link.
func BuildSlack(c Card) ([]byte, error) {
	lines := make([]string, len(c.Rows))
	for i, row := range c.Rows {
		lines[i] = escape(row)
	}
	head := "*" + escape(c.Head) + "*"
	blocks := []slack.Block{
		slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, strings.Join(append([]string{head}, lines...), "\n"), false, false), nil, nil),
	}
	text := escape(c.Head)
	if len(lines) > 0 {
		text += " · " + strings.Join(lines, " · ")
	}
	if c.Link != "" {
		link := "<" + escape(c.Link) + "|" + escape(c.Open) + ">"
		blocks = append(blocks, slack.NewContextBlock("", slack.NewTextBlockObject(slack.MarkdownType, link, false, false)))
		text += " · " + link
	}
	return json.Marshal(slackBody{text, slack.Blocks{BlockSet: blocks},
		slack.SlackMetadata{EventType: event, EventPayload: map[string]any{"delivery": c.ID}}})
}

// escape does what Slack asks for, and keeps a text on its line and free of
// the marks that would format it.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", " ", "\n", " ", "|", "¦", "*", "∗", "`", "'", "~", "∼").Replace(s)
}

// Slack is the way out to one workspace.
type Slack struct {
	client  *slack.Client
	channel string
	server  string
}

// SlackAccess is what is needed to post. API is "" for Slack itself.
type SlackAccess struct {
	Token   string
	Channel string // where a delivery without an address goes
	API     string
	Wait    time.Duration // for one answer; 0 is 15 s
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
	client := &http.Client{Timeout: a.Wait, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &Slack{slack.New(a.Token, slack.OptionAPIURL(api), slack.OptionHTTPClient(client)), a.Channel, api}
}

// Lane is the lane in which a courier should drive the channel: Slack takes
// about one message a second.
func (s *Slack) Lane() Lane {
	return Lane{Route: incident.BySlack, Channel: s, Sessions: 1, Limit: 30 * time.Second, Pace: 60}
}

// Send posts one message. After a timeout it may have arrived all the same;
// the delivery's id in its metadata shows the repeat.
func (s *Slack) Send(ctx context.Context, d *incident.Delivery) (incident.Receipt, error) {
	sum := sha256.Sum256(d.Body)
	rc := incident.Receipt{SHA256: hex.EncodeToString(sum[:]), Server: s.server}
	var body slackBody
	if err := json.Unmarshal(d.Body, &body); err != nil {
		return rc, fmt.Errorf("%w: read message: %w", ErrRefused, err)
	}
	_, stamp, err := s.client.PostMessageContext(ctx, defaultTo(d.Address, s.channel),
		slack.MsgOptionText(body.Text, false), slack.MsgOptionBlocks(body.Blocks.BlockSet...), slack.MsgOptionMetadata(body.Metadata),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	if err == nil {
		rc.Code, rc.Reply, rc.Queue = http.StatusOK, "ok", clean(stamp)
		return rc, nil
	}
	rc.Reply = clean(err.Error())
	return rc, judgeSlack(err, &rc.Code)
}

// hopeless are Slack's answers that no repetition will change.
var hopeless = map[string]bool{
	"channel_not_found": true, "not_in_channel": true, "is_archived": true, "invalid_auth": true, "not_authed": true,
	"token_revoked": true, "token_expired": true, "account_inactive": true, "missing_scope": true, "no_permission": true,
	"restricted_action": true, "invalid_blocks": true, "msg_too_long": true, "no_text": true, "team_access_not_granted": true,
}

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
		if *code = http.StatusOK; hopeless[answer.Err] {
			return fmt.Errorf("%w: %w", ErrRefused, err)
		}
	case errors.As(err, &op) && op.Op == "dial":
		return &Closed{Why: Unreachable, After: 30 * time.Second, Err: err}
	}
	return err
}
