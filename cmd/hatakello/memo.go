package main

import (
	"fmt"
	"net/mail"

	"hatakello/incident"
	"hatakello/notify"
	"hatakello/templates"
)

// memoPaths are where the links of short mails lead.
var memoPaths = map[string]struct{ before, after string }{
	"reply":           {"/n/", "/questions"},
	"contacts":        {"/c/", ""},
	"contacts_change": {"/c/", ""},
	"contacts_new":    {"/c/", ""},
}

// memo composes a short mail to a controller's mailbox.
func (c *composer) memo(m incident.Memo) (incident.Letter, error) {
	org := m.Organisation
	in := templates.MemoLetter{Kind: m.Kind, Organisation: org.Name, Email: org.Email, Phone: org.Phone, Number: m.Number,
		Head: m.Head, Text: m.Text, Names: m.Names, Coming: m.Coming, Leaving: m.Leaving, Request: m.Request, From: m.From, Until: m.Until, Zone: zoneOf(org.Zone)}
	if path, ok := memoPaths[m.Kind]; ok && m.Secret != "" {
		in.Link = c.site + path.before + m.Secret + path.after
	}
	words := c.words.MemoMail(c.lang(m.Lang), in)
	letter := incident.Letter{Subject: oneLine(words.Subject), Text: plain(words.Text)}
	if _, err := notify.Mailbox(m.Contact.Email); err != nil {
		return letter, nil // the attempt fails for good, and somebody phones
	}
	from, reply := c.sender(org)
	raw, err := c.freeze(notify.Message{
		ID: m.Delivery, From: from, ReplyTo: reply, To: mail.Address{Name: oneLine(m.Contact.Name), Address: m.Contact.Email},
		Subject: letter.Subject, Lang: c.lang(m.Lang), Date: m.At, Text: letter.Text, HTML: plain(words.HTML),
	})
	if err != nil {
		return letter, fmt.Errorf("compose %s: %w", m.Kind, err)
	}
	letter.Raw = raw
	return letter, nil
}
