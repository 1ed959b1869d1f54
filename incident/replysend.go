package incident

import (
	"context"
	"slices"
)

// sendReply ends the questions, gives each controller her copy and puts the
// mails into the outbox. Who asked is written to at the mailbox from which she
// asked; all others at their first contact.
func (d *Desk) sendReply(ctx context.Context, c *Change, w *responding) error {
	r := w.reply
	r.State = ProposalSent
	c.Replies = []*Reply{r}
	asked := map[string][]Contact{}
	for _, q := range w.questions {
		q.Answered, q.Reply = c.At, r.ID
		c.Questions = append(c.Questions, q)
		to := Contact{Name: q.Name, Email: q.Address}
		if !slices.Contains(asked[q.Record], to) {
			asked[q.Record] = append(asked[q.Record], to)
		}
	}
	controllers, err := d.Store.Controllers(ctx, recordNames(w.records))
	if err != nil {
		return err
	}
	first := map[string]Contact{}
	for _, k := range controllers {
		if i := firstAddress(k, nil); i >= 0 {
			first[k.ID] = k.Contacts[i]
		}
	}
	for _, rec := range w.records {
		to := asked[rec.ID]
		if k, ok := first[rec.Controller]; len(to) == 0 && ok {
			to = []Contact{k}
		}
		if err := d.copyTo(c, w, rec, to); err != nil {
			return err
		}
	}
	d.entry(c, r.Incident, "", "question.answered", "n", itoa(len(w.records)))
	return nil
}

// copyTo gives one controller her copy and writes to its mailboxes.
func (d *Desk) copyTo(c *Change, w *responding, rec *Record, to []Contact) error {
	r := w.reply
	c.Copies = append(c.Copies, &ReplyCopy{Reply: r.ID, Incident: rec.Incident, Record: rec.ID, Controller: rec.Name, Lang: rec.Lang,
		Head: r.Heads[rec.Lang], Text: r.Texts[rec.Lang], At: c.At})
	if len(to) == 0 {
		before := rec.tally()
		rec.toCall(c.At)
		d.keep(c, rec, before)
		d.entry(c, rec.Incident, rec.ID, "question.no_address", "name", rec.Name)
	}
	for _, contact := range to {
		m := Memo{Kind: "reply", Organisation: w.org, Number: w.inc.Number, Lang: rec.Lang, Contact: contact,
			Secret: d.NewSecret(), Delivery: d.NewID(), At: c.At}
		if w.org.ReplyInMail {
			m.Head, m.Text = r.Heads[rec.Lang], r.Texts[rec.Lang]
		}
		letter, err := d.Memo(m)
		if err != nil {
			return err
		}
		c.Deliveries = append(c.Deliveries, &Delivery{ID: m.Delivery, Incident: rec.Incident, Record: rec.ID, Route: ByMail,
			Address: contact.Email, Name: contact.Name, Fate: Pending, Urgency: rec.urgency(c.At.AddDate(1, 0, 0)), Due: c.At,
			Token: HashSecret(m.Secret), Body: letter.Raw, Made: c.At})
	}
	return nil
}

// OpenReply notes who opened an answer first, and when: the button does it,
// never a look at the page, for scanners of mail follow links.
func (d *Desk) OpenReply(ctx context.Context, by Actor, record, reply string) error {
	if err := by.guest(record); err != nil {
		return err
	}
	_, err := d.act(ctx, by, "open_reply", "", func(c *Change) error {
		all, err := d.Store.Copies(ctx, record)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(x *ReplyCopy) bool { return x.Reply == reply })
		if i < 0 {
			return notFound("reply.unknown")
		}
		if !all[i].SeenAt.IsZero() {
			return nil
		}
		x := *all[i]
		x.SeenAt, x.SeenBy = c.At, by.Name
		c.Copies = []*ReplyCopy{&x}
		d.entry(c, x.Incident, record, "question.seen", "name", x.Controller, "by", by.Name)
		c.About, c.Result = x.Incident, reply
		c.What = map[string]any{"reply": reply, "record": record, "by": by.Name}
		return nil
	})
	return err
}

// strayed notes that the mail about an answer will not arrive: somebody must
// phone. The copy behind the link stays.
func (s *settling) strayed(dl *Delivery) {
	r := s.records[dl.Record]
	if r == nil {
		return
	}
	r.toCall(s.c.At)
	s.entry(s.c, dl.Incident, r.ID, "question.bounced", "name", r.Name, "address", dl.Address)
}
