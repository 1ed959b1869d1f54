package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"hatakello/incident"
	"hatakello/templates"
)

// ContactsCmd looks after who of the customers is told of breaches.
type ContactsCmd struct {
	List ContactsListCmd `cmd:"" help:"${contacts_list}"`
	Ask  ContactsAskCmd  `cmd:"" help:"${contacts_ask}"`
}

// ContactsListCmd lists the customers whose contacts are silent, or who want a
// second one.
type ContactsListCmd struct {
	database
}

// contactsAtOnce is how many customers are read together.
const contactsAtOnce = 500

// Run prints a line for each contact with an address.
func (cmd ContactsListCmd) Run(ctx context.Context, t *terminal) error {
	h, err := t.open(ctx, cmd.database)
	if err != nil {
		return err
	}
	defer h.close()
	w := tabwriter.NewWriter(t.out, 0, 8, 2, ' ', 0)
	some := false
	for after, more := "", true; more; more = after != "" {
		ks, next, err := h.db.ContactTroubles(ctx, incident.SilentBefore(h.desk.Now()), incident.Cut{After: after, Limit: contactsAtOnce})
		if err != nil {
			return err
		}
		if after = next; len(ks) == 0 {
			break
		}
		some = true
		if err := cmd.print(ctx, t, h, w, ks); err != nil {
			return err
		}
	}
	if !some {
		t.print("cli.contacts.fine")
	}
	return w.Flush()
}

func (cmd ContactsListCmd) print(ctx context.Context, t *terminal, h *house, w *tabwriter.Writer, ks []*incident.Controller) error {
	ids := make([]string, len(ks))
	for i, k := range ks {
		ids[i] = k.ID
	}
	links, err := h.db.ContactLinks(ctx, ids)
	if err != nil {
		return err
	}
	for _, r := range incident.Reaches(ks, links, h.desk.Now()) {
		for _, c := range r.Contacts {
			since := ""
			if !c.Since.IsZero() {
				since = " " + templates.Date(templates.Lang(t.lang), c.Since, zoneOf(""))
			}
			fmt.Fprintf(w, "%s\t%s\t%s%s\n", oneLine(r.Controller.Name), c.Email, t.words.Say(t.lang, "contacts.state."+string(c.State)), since)
		}
		if r.Wanting {
			fmt.Fprintf(w, "%s\t\t%s\n", oneLine(r.Controller.Name), t.words.Say(t.lang, "contacts.wanting"))
		}
	}
	return nil
}

// ContactsAskCmd asks the customers whose turn it is.
type ContactsAskCmd struct {
	database
	speech
}

// Run asks as many as an hour allows. The server's courier sends the mails.
func (cmd ContactsAskCmd) Run(ctx context.Context, t *terminal) error {
	h, err := t.openSpeaking(ctx, cmd.database, cmd.speech)
	if err != nil {
		return err
	}
	defer h.close()
	asked, left, err := h.desk.AskDueContacts(ctx, operator())
	if err != nil {
		return err
	}
	t.print("cli.contacts.asked", "N", asked, "Left", left)
	return nil
}
