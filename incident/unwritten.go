package incident

import (
	"context"
	"strings"
)

// Unwritten is what a mail is written from, beside its notice, as all of it
// stood when the notice was made. The bytes are written when a courier takes
// the mail, and are durable before the first of them is sent: ten thousand mails
// need not be in memory, or wait for each other, within one click.
type Unwritten struct {
	Delivery     string   `json:"-"`
	Notice       *Notice  `json:"-"`
	Organisation Sender   `json:"organisation"`
	Number       string   `json:"number"`
	Controller   string   `json:"controller"`
	Services     []string `json:"services,omitempty"`
	Contact      Contact  `json:"contact"`
	Secret       string   `json:"secret"`
	Checkpoint   string   `json:"checkpoint,omitempty"`
}

// Sender is what a notice says of us.
type Sender struct {
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
	DPO   string `json:"dpo,omitempty"`
	Zone  string `json:"zone,omitempty"`
}

// sender is the part of o that notices speak of.
func (o Organisation) sender() Sender {
	return Sender{Name: o.Name, Email: o.Email, Phone: o.Phone, DPO: o.DPO, Zone: o.Zone}
}

// organisation is s as a View has it.
func (s Sender) organisation() Organisation {
	return Organisation{Name: s.Name, Email: s.Email, Phone: s.Phone, DPO: s.DPO, Zone: s.Zone}
}

// unwritten keeps of v what its notice does not say.
func (v View) unwritten() *Unwritten {
	return &Unwritten{Organisation: v.Organisation.sender(), Number: v.Number, Controller: v.Controller, Services: v.Services,
		Contact: v.Contact, Secret: v.Secret, Checkpoint: v.Checkpoint}
}

// view is what the mail of u is written from.
func (u *Unwritten) view() View {
	n := u.Notice
	v := View{Organisation: u.Organisation.organisation(), Number: u.Number, Controller: u.Controller, Lang: n.Lang, Services: u.Services,
		Was: n.Was, N: n.N, Said: n.Said, NextUpdate: n.NextUpdate, Contact: u.Contact, Secret: u.Secret, Code: n.Code,
		Delivery: u.Delivery, Checkpoint: u.Checkpoint, At: n.At}
	if n.Facts != nil {
		v.Stated = *n.Facts
	}
	return v
}

// write freezes the bytes of claimed mails that have none yet, in one act for
// each case, and returns only when they are durable: what may have been sent
// once is never written anew, and so every repeat is the same to the byte.
func (d *Desk) write(ctx context.Context, claimed []*Delivery) error {
	bare, by := []string(nil), map[string]*Delivery{}
	for _, dl := range claimed {
		if dl.Notice != "" && dl.Route == ByMail && len(dl.Body) == 0 {
			bare, by[dl.ID] = append(bare, dl.ID), dl
		}
	}
	if len(bare) == 0 {
		return nil
	}
	all, err := d.Store.Unwritten(ctx, bare)
	if err != nil || len(all) == 0 {
		return err
	}
	if err := inParallel(len(all), func(i int) (err error) {
		dl := by[all[i].Delivery]
		dl.Body, err = d.bytesOf(all[i])
		return err
	}); err != nil {
		return err
	}
	cases := map[string][]*Delivery{}
	for _, u := range all {
		dl := by[u.Delivery]
		cases[dl.Incident] = append(cases[dl.Incident], dl)
	}
	for _, id := range sortedKeys(cases) {
		_, err := d.act(ctx, Program, "write", "", func(c *Change) error {
			c.About, c.Written, c.What = id, cases[id], map[string]any{"mails": len(cases[id])}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// bytesOf writes the bytes of one mail. It says what the notice says, word for
// word, even if our own words have changed since it was made.
func (d *Desk) bytesOf(u *Unwritten) ([]byte, error) {
	v := u.view()
	letter, err := d.Compose(v)
	if err == nil && (letter.Subject != u.Notice.Subject || WithoutSecret(letter.Text, v.Secret) != u.Notice.Text) {
		v.Words = &Words{u.Notice.Subject, strings.ReplaceAll(u.Notice.Text, "/…", "/"+v.Secret)}
		letter, err = d.Compose(v)
	}
	return letter.Raw, err
}
