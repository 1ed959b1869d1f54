package incident

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// Card is the one live message of a case in the chat. It is changed in place.
type Card struct {
	Incident string
	Channel  string
	Stamp    string // by which the chat knows it; "" until it has been posted
	Delivery string // id of the message on its way; "" is none
	Sum      string // hash of what it says
	At       time.Time
}

// CardView is what the chat is told of a case: numbers, a clock and a link, no
// name and no word that anybody wrote.
type CardView struct {
	ID       string // of the delivery
	Stamp    string // of the message that is changed; "" posts a new one
	Incident string
	Number   string
	Open     bool
	Tier     Tier // the highest that any record has
	Tally    Tally
	Due      time.Time // nearest limit of ours
	Ring     string    // that waits for an answer, or ""
	At       time.Time
}

// cardPause is how long a card that the chat refused is left alone.
const cardPause = time.Hour

// cards brings the live messages of all cases up to date. It makes at most one
// message a round for each case, and none while one is on its way.
func (d *Desk) cards(ctx context.Context) error {
	if d.Card == nil || d.Channel == "" {
		return nil
	}
	if off, err := d.chatOff(ctx); off || err != nil {
		return err
	}
	ids, err := d.Store.CardsDue(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, id := range ids {
		_, err := d.act(ctx, Program, "card", "", func(c *Change) error { return d.card(ctx, c, id) })
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (d *Desk) card(ctx context.Context, c *Change, id string) error {
	k, err := d.Store.Card(ctx, id)
	if err != nil {
		return err
	}
	if k == nil {
		k = &Card{Incident: id}
	}
	if waits, err := d.cardWaits(ctx, k, c.At); waits || err != nil {
		return err
	}
	v, err := d.cardView(ctx, id)
	if err != nil {
		return err
	}
	content, err := json.Marshal(v)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(content)
	if k.Sum == hex.EncodeToString(hash[:]) && k.Channel == d.Channel && k.Stamp != "" {
		return nil
	}
	if k.Channel != d.Channel {
		k.Stamp = "" // another channel gets a message of its own
	}
	v.ID, v.Stamp, v.At = d.NewID(), k.Stamp, c.At
	letter, err := d.Card(v)
	if err != nil {
		return err
	}
	k.Channel, k.Delivery, k.Sum, k.At = d.Channel, v.ID, hex.EncodeToString(hash[:]), c.At
	c.Cards = []*Card{k}
	c.Deliveries = []*Delivery{{ID: v.ID, Incident: id, Route: BySlack, Address: d.Channel, Fate: Pending,
		Urgency: c.At.AddDate(1, 0, 0), Due: c.At, Made: c.At, Body: letter.Raw}}
	c.About, c.What = id, map[string]any{"card": v.ID}
	return nil
}

// cardWaits reports whether a message is on its way, or has just been refused.
func (d *Desk) cardWaits(ctx context.Context, k *Card, now time.Time) (bool, error) {
	if k.Delivery == "" {
		return k.Sum != "" && k.Stamp == "" && now.Sub(k.At) < cardPause, nil
	}
	dl, err := d.Store.Delivery(ctx, k.Delivery)
	return err == nil && (dl.Fate == Pending || dl.Fate == Leased), err
}

func (d *Desk) cardView(ctx context.Context, id string) (CardView, error) {
	inc, err := d.Store.Incident(ctx, id)
	if err != nil {
		return CardView{}, err
	}
	v := CardView{Incident: id, Number: inc.Number, Open: inc.Open(), Tally: inc.Tally}
	if v.Due, err = d.Store.Tightest(ctx, id); err != nil {
		return v, err
	}
	for _, tier := range []Tier{Unlikely, Likely, High} {
		has, err := d.Store.HasTier(ctx, id, tier)
		if err != nil {
			return v, err
		}
		if has {
			v.Tier = tier
		}
	}
	rings, err := d.Store.OpenRings(ctx, id)
	for _, r := range rings {
		if r.AckedAt.IsZero() && v.Open {
			v.Ring = r.ID
		}
	}
	return v, err
}

// posted notes what the chat answered to a card.
func (s *settling) posted(ctx context.Context, incident string, outs []Outcome) error {
	i := slices.IndexFunc(s.c.Settled, func(dl *Delivery) bool { return dl.Route == BySlack && dl.Fate != Pending })
	if i < 0 || incident == "" {
		return nil
	}
	k, err := s.Store.Card(ctx, incident)
	if err != nil || k == nil {
		return err
	}
	for n, dl := range s.c.Settled {
		if dl.ID != k.Delivery || dl.Fate == Pending {
			continue
		}
		k.Delivery, k.Stamp = "", ""
		if dl.Fate == Taken {
			k.Stamp = outs[n].Receipt.Queue
		}
		s.c.Cards = []*Card{k}
	}
	return nil
}
