package incident

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// AnswerContact notes that somebody reads a new contact's mailbox: from now on
// notices go there. An address that is no contact any more is refused.
func (d *Desk) AnswerContact(ctx context.Context, secret string) error {
	_, err := d.act(ctx, Outsider, "answer_contact", "", func(c *Change) error {
		l, err := d.contactLink(ctx, secret, ToAnswer, c.At)
		if err != nil || !l.Used.IsZero() {
			return err
		}
		c.By.Name = l.Address
		found, err := d.Store.Controllers(ctx, []string{l.Controller})
		if err != nil || len(found) != 1 {
			return cmpErr(err, notFound("contacts.unknown"))
		}
		k := found[0]
		i := k.contact(l.Address)
		if i < 0 {
			return refused("contacts.no_longer")
		}
		k.Contacts[i].Awaits = false
		l.Used = c.At
		c.ContactLinks, c.Register.Controllers, c.Result = []*ContactLink{l}, []*Controller{k}, k.ID
		c.What = map[string]any{"answered": k.ID, "link": l.Hash, "contacts": k.Contacts}
		return nil
	})
	return err
}

// contact returns the index of the contact with the address, or -1.
func (k *Controller) contact(address string) int {
	return slices.IndexFunc(k.Contacts, func(x Contact) bool { return x.Email != "" && strings.EqualFold(x.Email, address) })
}

// ObjectContacts undoes a correction and those after it, and alarms the staff.
// If the staff have changed the contacts in the meantime, they stay as the
// staff left them, and there is only the alarm.
func (d *Desk) ObjectContacts(ctx context.Context, secret string) error {
	_, err := d.act(ctx, Outsider, "object_contacts", "", func(c *Change) error {
		l, err := d.contactLink(ctx, secret, ToObject, c.At)
		if err != nil {
			return err
		}
		c.By.Name = l.Address
		x, err := d.Store.ContactChange(ctx, l.Change)
		if err != nil || x.Outcome != "" {
			return err
		}
		found, err := d.Store.Controllers(ctx, []string{l.Controller})
		if err != nil || len(found) != 1 {
			return cmpErr(err, notFound("contacts.unknown"))
		}
		org, err := d.Store.Organisation(ctx)
		if err != nil {
			return err
		}
		undone, err := d.undo(ctx, c, found[0], x, l)
		if err != nil {
			return err
		}
		l.Used = c.At
		c.ContactLinks, c.Result = []*ContactLink{l}, x.Controller
		c.What = map[string]any{"objected": x.ID, "controller": x.Controller, "link": l.Hash, "undone": undone}
		return d.alarmStep(ctx, c, org, Alarm{Key: "contacts", Records: 1}, 0)
	})
	return err
}

// undo puts the contacts back to what they were before x, unless somebody but
// links has changed them since.
func (d *Desk) undo(ctx context.Context, c *Change, k *Controller, x *ContactChange, l *ContactLink) (bool, error) {
	later, err := d.Store.ContactChanges(ctx, k.ID, x.At)
	if err != nil {
		return false, err
	}
	newest := x
	for _, y := range later {
		if y.Outcome != "" {
			continue
		}
		if y.At.After(newest.At) {
			newest = y
		}
		y.Outcome, y.Ended, y.EndedBy = ChangeUndone, c.At, l.Address
		c.ContactChanges = append(c.ContactChanges, y)
	}
	if !sameContacts(k.Contacts, newest.Now) {
		return false, nil
	}
	k.Contacts = slices.Clone(x.Was)
	c.Register.Controllers = []*Controller{k}
	return true, nil
}

// sameContacts reports whether two lists name the same people in the same
// order, whoever has answered or left since.
func sameContacts(a, b []Contact) bool {
	plain := func(all []Contact) []Contact {
		some := staying(all)
		for i := range some {
			some[i].Awaits = false
		}
		return some
	}
	return slices.Equal(plain(a), plain(b))
}

// AcceptContacts ends a correction at once: a person has made sure of it by
// telephone. New addresses are used, those taken away are not.
func (d *Desk) AcceptContacts(ctx context.Context, by Actor, controller string) error {
	_, err := d.act(ctx, by, "contacts", "", func(c *Change) error {
		found, err := d.Store.Controllers(ctx, []string{controller})
		if err != nil || len(found) != 1 {
			return cmpErr(err, notFound("controller.unknown"))
		}
		k := found[0]
		now := staying(k.Contacts)
		for i := range now {
			now[i].Awaits = false
		}
		if len(now) == 0 || slices.Equal(now, k.Contacts) {
			return nil
		}
		open, err := d.Store.ContactChanges(ctx, k.ID, c.At.Add(-contactLife))
		if err != nil {
			return err
		}
		for _, x := range open {
			if x.Outcome == "" {
				x.Outcome, x.Ended, x.EndedBy = ChangeAccepted, c.At, c.By.Name
				c.ContactChanges = append(c.ContactChanges, x)
			}
		}
		k.Contacts = now
		c.Register.Controllers, c.Result = []*Controller{k}, k.ID
		c.What = map[string]any{"accepted": k.ID, "contacts": k.Contacts}
		return nil
	})
	return err
}

// endContacts drops contacts that were taken away and whose time is over.
func (d *Desk) endContacts(ctx context.Context) (int, error) {
	over, err := d.Store.ContactsOver(ctx, d.now())
	errs := []error{err}
	for _, id := range over {
		_, err := d.act(ctx, Program, "end_contacts", "", func(c *Change) error {
			found, err := d.Store.Controllers(ctx, []string{id})
			if err != nil || len(found) != 1 {
				return err
			}
			k := found[0]
			k.Contacts = slices.DeleteFunc(k.Contacts, func(x Contact) bool { return x.over(c.At) })
			c.Register.Controllers, c.Result = []*Controller{k}, k.ID
			c.What = map[string]any{"ended": k.ID, "contacts": k.Contacts}
			return nil
		})
		errs = append(errs, err)
	}
	return len(over), errors.Join(errs...)
}

// over reports whether the time of a contact that was taken away has passed.
func (c Contact) over(now time.Time) bool { return c.Leaving() && !c.Ends.After(now) }
