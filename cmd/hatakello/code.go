package main

import (
	"fmt"
	"net/mail"

	"hatakello/incident"
	"hatakello/notify"
	"hatakello/templates"
)

// code composes the mail with the code that opens a controller's page.
func (c *composer) code(m incident.CodeMail) (incident.Letter, error) {
	org := m.Organisation
	words := c.words.CodeMail(c.lang(m.Lang), templates.CodeLetter{Organisation: org.Name, Email: org.Email, Phone: org.Phone,
		Number: m.Number, Code: m.Code, Until: m.Until, Zone: zoneOf(org.Zone)})
	letter := incident.Letter{Subject: oneLine(words.Subject), Text: plain(words.Text)}
	from, reply := c.sender(org)
	raw, err := c.freeze(notify.Message{
		ID: m.Delivery, From: from, ReplyTo: reply, To: mail.Address{Name: oneLine(m.Contact.Name), Address: m.Contact.Email},
		Subject: letter.Subject, Lang: c.lang(m.Lang), Date: m.At, Text: letter.Text, HTML: plain(words.HTML),
	})
	if err != nil {
		return letter, fmt.Errorf("compose code: %w", err)
	}
	letter.Raw = raw
	return letter, nil
}
