package incident

import "context"

// Preview composes the mail that a record's first contact would get, without
// making it. The link in it leads nowhere. What stops the mail from being sent
// comes back as Errors, with the mail.
func (d *Desk) Preview(ctx context.Context, by Actor, record string, in Notify) (Letter, Contact, error) {
	if !by.May("read") {
		return Letter{}, Contact{}, &Error{Kind: Forbidden, Key: "act.forbidden"}
	}
	r, err := d.Store.Record(ctx, record)
	if err != nil {
		return Letter{}, Contact{}, err
	}
	inc, err := d.Store.Incident(ctx, r.Incident)
	if err != nil {
		return Letter{}, Contact{}, err
	}
	b, err := d.briefing(ctx, inc, []*Record{r}, in)
	if err != nil {
		return Letter{}, Contact{}, err
	}
	var contact Contact
	if i := firstAddress(b.controllers[r.Controller], nil); i >= 0 {
		contact = b.controllers[r.Controller].Contacts[i]
	}
	if err := d.usePhrases(ctx, b, []*Record{r}); err != nil {
		return Letter{}, Contact{}, err
	}
	n := &Notice{N: r.Notices + 1, Lang: r.Lang, Said: in.text(r.Lang), NextUpdate: in.NextUpdate, Code: "–", At: d.now(),
		Facts: b.stated(r), Was: b.last[r.ID]}
	letter, err := d.Compose(b.view(r, n, contact))
	if err != nil {
		return letter, contact, err
	}
	x, err := d.inspector(ctx, b.org, in.Cleared)
	if err != nil {
		return letter, contact, err
	}
	x.words(b, []*Record{r})
	x.look("subject", letter.Subject, "", nil)
	return letter, contact, x.errors()
}
