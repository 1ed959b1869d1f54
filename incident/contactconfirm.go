package incident

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Confirming is a customer's contacts as one of them leaves them, in the order
// in which they are to be tried.
type Confirming struct {
	Version  int // of the customer that the page showed
	Contacts []Contact
}

// contactLink finds a link of a kind, used or not, that has not run out. All
// others are the same "not found".
func (d *Desk) contactLink(ctx context.Context, secret string, kind ContactLinkKind, now time.Time) (*ContactLink, error) {
	l, err := d.Store.ContactLink(ctx, HashSecret(secret))
	if err == nil && (l.Kind != kind || !l.Alive(now)) {
		return nil, notFound("contacts.unknown")
	}
	return l, err
}

// Alive reports whether the link has not run out at now.
func (l *ContactLink) Alive(now time.Time) bool { return now.Before(l.Until) }

// ConfirmContacts takes what a contact says of the customer's contacts: that
// they are right, or what is. A new address gets notices once somebody there
// has answered; one that is taken away gets them beside the others for a
// fortnight, and as long as a new one has not answered. All who were contacts
// before are told and may object. It reports whether anything was changed.
func (d *Desk) ConfirmContacts(ctx context.Context, secret string, in Confirming) (changed bool, err error) {
	in.Contacts = tidy(in.Contacts)
	if errs := checkContacts(in.Contacts); len(errs) > 0 {
		return false, errs
	}
	_, err = d.act(ctx, Outsider, "confirm_contacts", "", func(c *Change) error {
		l, err := d.contactLink(ctx, secret, ToConfirm, c.At)
		if err != nil {
			return err
		}
		c.By.Name = l.Address
		found, err := d.Store.Controllers(ctx, []string{l.Controller})
		if err != nil || len(found) != 1 {
			return cmpErr(err, notFound("contacts.unknown"))
		}
		k := found[0]
		if k.Version != in.Version {
			return &Error{Kind: Conflict, Key: "contacts.changed"}
		}
		for i := range in.Contacts {
			if in.Contacts[i].Lang == k.Lang {
				in.Contacts[i].Lang = ""
			}
		}
		l.Used = c.At
		c.ContactLinks, c.Result = []*ContactLink{l}, k.ID
		c.What = map[string]any{"confirmed": k.ID, "link": l.Hash}
		if changed = !slices.Equal(staying(k.Contacts), standingAs(in.Contacts, k.Contacts)); !changed {
			return nil
		}
		return d.correctContacts(ctx, c, k, l, in.Contacts)
	})
	return changed, err
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// tidy drops empty rows and what people put around words.
func tidy(all []Contact) []Contact {
	var some []Contact
	for _, k := range all {
		k.Name, k.Email, k.Phone = strings.TrimSpace(k.Name), strings.TrimSpace(k.Email), strings.TrimSpace(k.Phone)
		k.Awaits, k.Ends = false, time.Time{}
		if k.Name+k.Email+k.Phone != "" {
			some = append(some, k)
		}
	}
	return some
}

// checkContacts looks at what was typed. The number of a field counts the rows
// that hold something.
func checkContacts(all []Contact) Errors {
	var errs Errors
	seen := map[string]bool{}
	for i, k := range all {
		n := itoa(i)
		for _, x := range []struct{ field, text string }{{"name_", k.Name}, {"phone_", k.Phone}, {"email_", k.Email}} {
			if utf8.RuneCountInString(x.text) > nameMax || !utf8.ValidString(x.text) || strings.IndexFunc(x.text, unicode.IsControl) >= 0 {
				errs = append(errs, invalid(x.field+n, "name.long"))
			}
		}
		errs = append(errs, noNumbers([]string{"name_" + n}, k.Name)...)
		switch address := strings.ToLower(k.Email); {
		case address == "":
			errs = append(errs, invalid("email_"+n, "contacts.email_empty"))
		case !validAddress(k.Email):
			errs = append(errs, &Error{Kind: Invalid, Field: "email_" + n, Key: "email.bad", Args: map[string]any{"email": k.Email}})
		case seen[address]:
			errs = append(errs, invalid("email_"+n, "contacts.twice"))
		default:
			seen[address] = true
		}
		if k.Lang != "" && !slices.Contains(langs, k.Lang) {
			errs = append(errs, invalid("lang_"+n, "lang.unknown"))
		}
	}
	switch {
	case len(all) == 0:
		errs = append(errs, invalid("email_0", "contacts.none"))
	case len(all) > contactsMost:
		errs = append(errs, &Error{Kind: Invalid, Field: "email_0", Key: "contacts.many", Args: map[string]any{"max": contactsMost}})
	}
	return errs
}

// staying are the contacts that nobody has taken away.
func staying(all []Contact) []Contact {
	return slices.DeleteFunc(slices.Clone(all), Contact.Leaving)
}

// standingAs gives contacts as they were typed the standing that they have. An
// address that comes back after it was taken away stands as it did.
func standingAs(typed, known []Contact) []Contact {
	all := slices.Clone(typed)
	for i, k := range all {
		all[i].Awaits = true
		if j := slices.IndexFunc(known, k.same); j >= 0 {
			all[i].Awaits = known[j].Awaits
		}
	}
	return all
}

// correctContacts changes the contacts, asks who is new, and tells who was there.
func (d *Desk) correctContacts(ctx context.Context, c *Change, k *Controller, l *ContactLink, typed []Contact) error {
	org, _, err := d.contactsOf(ctx, k.ID)
	if err != nil {
		return err
	}
	made, err := d.Store.ContactChanges(ctx, k.ID, c.At.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	if len(made) >= contactChanges {
		return refused("contacts.too_many")
	}
	x := &ContactChange{ID: d.NewID(), Controller: k.ID, At: c.At, By: l.Address, Was: slices.Clone(k.Contacts)}
	var coming, leaving []string
	now := standingAs(typed, k.Contacts)
	for _, w := range k.Contacts {
		switch gone := !slices.ContainsFunc(now, w.same); {
		case gone && w.Usable() && !w.Leaving():
			w.Ends = c.At.Add(contactBeside)
			now, leaving = append(now, w), append(leaving, w.Email)
		case gone && w.Leaving():
			now = append(now, w)
		case gone && w.Email != "":
			leaving = append(leaving, w.Email)
		}
	}
	k.Contacts, x.Now = now, slices.Clone(now)
	for _, n := range now {
		if n.Awaits && !slices.ContainsFunc(x.Was, n.same) {
			coming = append(coming, n.Email)
			if err := d.mailContact(c, org, k, Contact{Email: n.Email, Lang: n.Lang}, ToAnswer, x.ID, Memo{Kind: "contacts_new", Until: c.At.Add(contactLife)}); err != nil {
				return err
			}
		}
	}
	for _, w := range x.Was {
		m := Memo{Kind: "contacts_change", Until: c.At.Add(contactLife), Coming: coming, Leaving: leaving}
		if !w.Usable() {
			continue
		}
		if err := d.mailContact(c, org, k, w, ToObject, x.ID, m); err != nil {
			return err
		}
	}
	c.Register.Controllers, c.ContactChanges = []*Controller{k}, []*ContactChange{x}
	c.What = map[string]any{"corrected": k.ID, "change": x.ID, "link": l.Hash, "contacts": k.Contacts}
	return nil
}
