package notify

import (
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"
)

// Card is all that chat is told of a case: a number, counts, a clock and a
// link. Chat is not ours, so there is no room for free text or names unless
// the organisation allows the title.
type Card struct {
	ID    string      // of the delivery; goes along, so that a repeat is recognised
	Place string      // of the message that is changed, from a receipt's Queue; "" posts a new one
	Head  string      // what happened, with the case's number
	Rows  []string    // counts, clocks
	Facts [][2]string // the same as pairs of label and value
	Foot  string      // when it was so; "" is not said
	Link  string      // to the case
	Open  string      // the words on the link
	// Answer makes the words on a button that answers the alarm Ring; without
	// both, and while nobody listens to Slack's buttons, there is none.
	Answer, Ring string
}

// What the buttons are called when Slack tells of a click.
const (
	SlackAnswer = "ring.answer" // its value is the ring's id
	SlackOpen   = "case.open"
)

// slackBody is the frozen form of a Card: what chat.postMessage and
// chat.update take.
type slackBody struct {
	Place    string              `json:"place,omitempty"`
	Text     string              `json:"text"`
	Blocks   slack.Blocks        `json:"blocks"`
	Metadata slack.SlackMetadata `json:"metadata"`
}

// event names our messages in Slack's metadata; eventID is the field of it in
// which the delivery stands.
const (
	event   = "hatakello_alarm"
	eventID = "delivery"
)

// factsMost is how many fields Slack takes in one section.
const factsMost = 10

// BuildSlack writes the bytes of a chat message. All texts are escaped, so
// that none can call a channel or hide a link.
func BuildSlack(c Card) ([]byte, error) {
	head, lines := []string{"*" + escape(c.Head) + "*"}, []string{}
	for _, row := range c.Rows {
		lines = append(lines, escape(row))
	}
	said := append([]string{escape(c.Head)}, lines...)
	var fields []*slack.TextBlockObject
	for i, f := range c.Facts {
		said = append(said, escape(f[0])+": "+escape(f[1]))
		if i < factsMost {
			fields = append(fields, mrkdwn("*"+escape(f[0])+"*\n"+escape(f[1])))
		}
	}
	blocks := []slack.Block{slack.NewSectionBlock(mrkdwn(strings.Join(append(head, lines...), "\n")), fields, nil)}
	if c.Link != "" {
		said = append(said, link(c))
		blocks = append(blocks, c.buttons())
	}
	if c.Foot != "" {
		blocks = append(blocks, slack.NewContextBlock("", mrkdwn(escape(c.Foot))))
	}
	return json.Marshal(slackBody{c.Place, strings.Join(said, " · "), slack.Blocks{BlockSet: blocks},
		slack.SlackMetadata{EventType: event, EventPayload: map[string]any{eventID: c.ID}}})
}

// buttons are what can be done from the chat. While nobody listens to clicks
// there is only a link, since Slack would mark a button as broken.
func (c Card) buttons() slack.Block {
	if c.Answer == "" {
		return slack.NewContextBlock("", mrkdwn(link(c)))
	}
	var all []slack.BlockElement
	if c.Ring != "" {
		all = append(all, slack.NewButtonBlockElement(SlackAnswer, c.Ring, plainText(c.Answer)).WithStyle(slack.StylePrimary))
	}
	all = append(all, slack.NewButtonBlockElement(SlackOpen, "", plainText(c.Open)).WithURL(c.Link))
	return slack.NewActionBlock("", all...)
}

func link(c Card) string { return "<" + escape(c.Link) + "|" + escape(c.Open) + ">" }

func mrkdwn(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, false)
}

func plainText(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// escape does what Slack asks for, and keeps a text on its line and free of
// the marks that would format it.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", " ", "\n", " ", "|", "¦", "*", "∗", "`", "'", "~", "∼").Replace(s)
}
