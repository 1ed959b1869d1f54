package incident

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Working hours in which customers are asked without a person's doing: a mail
// at night looks like a forgery.
const (
	askFrom  = 8
	askUntil = 16
)

// askHours reports whether it is a weekday's working time where the
// organisation is.
func (o Organisation) askHours(now time.Time) bool {
	local := now.In(o.zone())
	day := local.Weekday()
	return day != time.Saturday && day != time.Sunday && local.Hour() >= askFrom && local.Hour() < askUntil
}

// askContacts asks, in working hours, the customers whose turn it is. It rests
// while a notice waits in the outbox: the post is for that one.
func (d *Desk) askContacts(ctx context.Context) (int, error) {
	org, err := d.Store.Organisation(ctx)
	if err != nil || !org.AskContacts || !org.askHours(d.now()) {
		return 0, err
	}
	return d.askDue(ctx, Program, org)
}

// AskDueContacts asks the customers whose turn it is, as many as an hour
// allows, and returns how many it asked and how many are left for later.
func (d *Desk) AskDueContacts(ctx context.Context, by Actor) (asked, left int, err error) {
	if by.Via != Program.Via && !by.May("contacts") {
		return 0, 0, &Error{Kind: Forbidden, Key: "act.forbidden", Args: map[string]any{"act": "contacts"}}
	}
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return 0, 0, err
	}
	if !org.AskContacts {
		return 0, 0, refused("contacts.off")
	}
	by.Request, by.Print = "", "" // an act for each customer, who is due once only
	if asked, err = d.askDue(ctx, by, org); err != nil {
		return asked, 0, err
	}
	left, err = d.Store.ContactsDueCount(ctx, org.ContactsSince(d.now()))
	return asked, left, err
}

// askDue asks up to as many as the hour still allows. One customer that cannot
// be asked does not keep the others from it.
func (d *Desk) askDue(ctx context.Context, by Actor, org Organisation) (int, error) {
	waits, err := d.Store.NoticesWait(ctx)
	if err != nil || waits {
		return 0, err
	}
	sent, err := d.Store.ContactsAsked(ctx, d.now().Add(-time.Hour))
	if err != nil || sent >= contactsAnHour {
		return 0, err
	}
	due, err := d.Store.ContactsDue(ctx, org.ContactsSince(d.now()), contactsAnHour-sent)
	n, errs := 0, []error{err}
	for _, id := range due {
		if sent >= contactsAnHour {
			break
		}
		c, err := d.act(ctx, by, "contacts", "", func(c *Change) error { return d.askOne(ctx, c, id) })
		if err != nil {
			errs = append(errs, err)
			continue
		}
		n, sent = n+1, sent+len(c.Deliveries)
	}
	return n, errors.Join(errs...)
}

// AskContacts asks the contacts of one customer now. It is refused while the
// switch is off, while the customer has an open case, and within a day of the
// question before.
func (d *Desk) AskContacts(ctx context.Context, by Actor, controller string) error {
	_, err := d.act(ctx, by, "contacts", "", func(c *Change) error {
		busy, err := d.Store.InOpenCase(ctx, controller)
		if err != nil {
			return err
		}
		if busy {
			return refused("contacts.in_case")
		}
		links, err := d.Store.ContactLinks(ctx, []string{controller})
		if err != nil {
			return err
		}
		for _, l := range links {
			if l.Kind == ToConfirm && c.At.Sub(l.Made) < contactPause {
				return refused("contacts.just_asked")
			}
		}
		return d.askOne(ctx, c, controller)
	})
	return err
}

// askOne mails every contact of a customer a link of its own.
func (d *Desk) askOne(ctx context.Context, c *Change, controller string) error {
	org, k, err := d.contactsOf(ctx, controller)
	if err != nil {
		return err
	}
	if firstAddress(k, nil) < 0 {
		return refused("contacts.no_address")
	}
	var to []string
	for _, contact := range k.Contacts {
		if contact.Usable() && !containsFold(to, contact.Email) {
			to = append(to, contact.Email)
			m := Memo{Kind: "contacts", Until: c.At.Add(contactAskLife)}
			if err := d.mailContact(c, org, k, contact, ToConfirm, "", m); err != nil {
				return err
			}
		}
	}
	c.Result = k.ID
	c.What = map[string]any{"asked": k.ID, "to": to}
	return nil
}

// contactsOf loads a customer while the switch is on.
func (d *Desk) contactsOf(ctx context.Context, controller string) (Organisation, *Controller, error) {
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return org, nil, err
	}
	if !org.AskContacts {
		return org, nil, refused("contacts.off")
	}
	found, err := d.Store.Controllers(ctx, []string{controller})
	if err == nil && (len(found) != 1 || controller == Own) {
		err = notFound("controller.unknown")
	}
	if err != nil {
		return org, nil, err
	}
	return org, found[0], nil
}

// mailContact puts a mail with a link of its own into the outbox, behind
// everything that has a limit. M holds its kind, how long the link leads
// anywhere and what the mail lists.
func (d *Desk) mailContact(c *Change, org Organisation, k *Controller, to Contact, kind ContactLinkKind, change string, m Memo) error {
	m.Organisation, m.Contact, m.Lang, m.Secret, m.Delivery, m.At = org, to, to.Lang, d.NewSecret(), d.NewID(), c.At
	if m.Lang == "" {
		m.Lang = k.Lang
	}
	letter, err := d.Memo(m)
	if err != nil {
		return err
	}
	c.ContactLinks = append(c.ContactLinks, &ContactLink{Hash: HashSecret(m.Secret), Kind: kind, Controller: k.ID,
		Address: strings.ToLower(to.Email), Name: to.Name, Lang: m.Lang, Change: change, Made: c.At, Until: m.Until, Delivery: m.Delivery})
	c.Deliveries = append(c.Deliveries, &Delivery{ID: m.Delivery, Route: ByMail, Address: to.Email, Name: to.Name, Fate: Pending,
		Urgency: c.At.AddDate(1, 0, 0), Due: c.At, Body: letter.Raw, Made: c.At})
	return nil
}
