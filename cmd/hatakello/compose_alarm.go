package main

import (
	"net/mail"
	"strings"

	"hatakello/incident"
	"hatakello/notify"
	"hatakello/templates"
)

// alarm composes a message to the staff.
func (c *composer) alarm(a incident.Alarm) (incident.Letter, error) {
	words := templates.Alarm{
		Key: a.Key, Number: a.Number, Title: a.Title, Duty: a.Duty, Records: a.Records, Others: a.Others, Due: a.Due, Left: a.Due.Sub(a.At),
		Way: string(a.Way.Route), Why: a.Way.Why, Since: a.Way.Since,
		At: a.At, Link: c.site + alarmPath(a), Sender: c.from.Name, Zone: zoneOf(a.Zone),
	}
	if a.Way.Route != "" {
		words.Link = c.site + "/"
	}
	if a.Route == incident.BySlack {
		return c.alarmChat(a, words)
	}
	m := c.words.AlarmMail(a.Lang, words)
	letter := incident.Letter{Subject: oneLine(m.Subject), Text: plain(m.Text)}
	if _, err := notify.Mailbox(a.Address); err != nil {
		return letter, nil
	}
	from, _ := c.sender(incident.Organisation{})
	raw, err := c.freeze(notify.Message{
		ID: a.ID, From: from, To: mail.Address{Address: a.Address},
		Subject: letter.Subject, Lang: c.lang(a.Lang), Date: a.At, Text: letter.Text, HTML: plain(m.HTML),
	})
	letter.Raw = raw
	return letter, err
}

// alarmChat composes the same for the chat.
func (c *composer) alarmChat(a incident.Alarm, words templates.Alarm) (incident.Letter, error) {
	head, rows, _ := c.words.AlarmCard(a.Lang, words)
	k := notify.Card{ID: a.ID, Head: head, Rows: rows, Link: words.Link, Ring: a.Ring}
	c.buttons(&k, a.Lang)
	raw, err := notify.BuildSlack(k)
	return incident.Letter{Subject: head, Text: strings.Join(rows, "\n"), Raw: raw}, err
}

// card composes the live message of a case in the chat.
func (c *composer) card(v incident.CardView) (incident.Letter, error) {
	head, facts, foot := c.words.StatusCard(v.Lang, templates.StatusCard{
		Number: v.Number, Title: v.Title, Open: v.Open, Tier: string(v.Tier), All: v.Tally.Records, Told: v.Tally.Accepted, Acked: v.Tally.Acked,
		Calls: v.Calls, Due: v.Due, Late: v.Late, Rings: v.Ring != "", Taken: v.Taken, At: v.At, Zone: zoneOf(v.Zone),
	})
	k := notify.Card{ID: v.ID, Place: v.Stamp, Head: head, Facts: facts, Foot: foot, Link: c.site + "/incidents/" + v.Incident, Ring: v.Ring}
	c.buttons(&k, v.Lang)
	raw, err := notify.BuildSlack(k)
	return incident.Letter{Subject: head, Raw: raw}, err
}

// buttons puts the words on a message's buttons. While nobody hears them there
// is only a link.
func (c *composer) buttons(k *notify.Card, lang string) {
	var answer string
	answer, k.Open = c.words.CardWords(lang)
	if c.heard {
		k.Answer = answer
	}
}

// alarmPath is the page that an alarm leads to.
func alarmPath(a incident.Alarm) string {
	switch a.Key {
	case "requests":
		return "/requests"
	case "contacts":
		return "/customers/contacts"
	}
	return "/incidents/" + a.Incident
}
