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
	Version  int
}

// CardView is what the chat is told of a case: numbers, a clock and a link, no
// name and, unless the organisation allows the title, no word that anybody wrote.
type CardView struct {
	ID       string // of the delivery
	Stamp    string // of the message that is changed; "" posts a new one
	Incident string
	Number   string
	Title    string // "" unless the organisation lets details into the chat
	Lang     string
	Zone     string
	Open     bool
	Tier     Tier // the highest that any record has
	Tally    Tally
	Calls    int       // controllers that wait for a telephone call
	Due      time.Time // nearest limit of ours
	Late     bool      // Due has passed
	Ring     string    // that waits for an answer, or ""
	Taken    bool      // somebody has answered the newest
	At       time.Time
}

// Stirred is a case and the number of acts in its chain, by which a round of
// work sees that nothing has happened since the one before.
type Stirred struct {
	Incident string
	Seq      int64
}

// cardPause is how long a card that the chat refused is left alone.
const cardPause = time.Hour

// Cards keeps the live messages of all cases in the chat. Round may be called
// often: it looks only at cases in which something was done, or whose limit has
// passed, since it looked last. It is for one goroutine.
type Cards struct {
	Desk *Desk
	seen map[string]cardSeen
}

// cardSeen is how far a case had come when it was looked at.
type cardSeen struct {
	seq   int64
	until time.Time // when it must be looked at all the same; zero: never
}

// Round brings the messages up to date. It makes at most one message for each
// case, and none while one is on its way, so that what happens quickly is told
// together.
func (k *Cards) Round(ctx context.Context) error {
	d := k.Desk
	if d.Card == nil || d.Channel == "" {
		return nil
	}
	if off, err := d.ChatOff(ctx); off || err != nil {
		return err
	}
	due, err := d.Store.CardsDue(ctx)
	if err != nil {
		return err
	}
	if k.seen == nil {
		k.seen = map[string]cardSeen{}
	}
	var errs []error
	for _, s := range due {
		was, known := k.seen[s.Incident]
		if known && was.seq == s.Seq && (was.until.IsZero() || d.now().Before(was.until)) {
			continue
		}
		var until time.Time
		_, err := d.act(ctx, Program, "card", "", func(c *Change) error {
			var err error
			until, err = d.card(ctx, c, s.Incident)
			return err
		})
		if err == nil {
			k.seen[s.Incident] = cardSeen{s.Seq, until}
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// card makes the next message of a case, if it would say something new. It
// returns when to look again even if nothing happens.
func (d *Desk) card(ctx context.Context, c *Change, id string) (time.Time, error) {
	k, err := d.Store.Card(ctx, id)
	if err != nil {
		return time.Time{}, err
	}
	if k == nil {
		k = &Card{Incident: id}
	}
	if until, err := d.cardWaits(ctx, k, c.At); err != nil || until.After(c.At) {
		return until, err
	}
	v, err := d.cardView(ctx, id, c.At)
	if err != nil {
		return time.Time{}, err
	}
	until := v.Due
	if v.Late {
		until = time.Time{}
	}
	content, err := json.Marshal(v)
	if err != nil {
		return until, err
	}
	hash := sha256.Sum256(content)
	if k.Sum == hex.EncodeToString(hash[:]) && k.Channel == d.Channel && k.Stamp != "" {
		return until, nil
	}
	if k.Channel != d.Channel {
		k.Stamp = "" // another channel gets a message of its own
	}
	v.ID, v.Stamp, v.At = d.NewID(), k.Stamp, c.At
	letter, err := d.Card(v)
	if err != nil {
		return until, err
	}
	k.Channel, k.Delivery, k.Sum, k.At = d.Channel, v.ID, hex.EncodeToString(hash[:]), c.At
	c.Cards = []*Card{k}
	c.Deliveries = []*Delivery{{ID: v.ID, Incident: id, Route: BySlack, Address: d.Channel, Fate: Pending,
		Urgency: c.At.AddDate(1, 0, 0), Due: c.At, Made: c.At, Body: letter.Raw}}
	c.About, c.What = id, map[string]any{"card": v.ID}
	return until, nil
}

// cardRest is how soon a message that is on its way is looked at again.
const cardRest = time.Minute

// cardWaits returns until when the case gets no message: while one is on its
// way, and for a while after the chat has refused one. A message that was taken
// off the queue has said nothing.
func (d *Desk) cardWaits(ctx context.Context, k *Card, now time.Time) (time.Time, error) {
	if k.Delivery == "" {
		if k.Sum != "" && k.Stamp == "" {
			return k.At.Add(cardPause), nil
		}
		return time.Time{}, nil
	}
	dl, err := d.Store.Delivery(ctx, k.Delivery)
	if err != nil {
		return time.Time{}, err
	}
	if dl.Fate == Pending || dl.Fate == Leased {
		return now.Add(cardRest), nil
	}
	k.Delivery, k.Sum = "", ""
	return time.Time{}, nil
}

// cardView reads what the card of a case says now.
func (d *Desk) cardView(ctx context.Context, id string, now time.Time) (CardView, error) {
	inc, err := d.Store.Incident(ctx, id)
	if err != nil {
		return CardView{}, err
	}
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return CardView{}, err
	}
	v := CardView{Incident: id, Number: inc.Number, Open: inc.Open(), Tally: inc.Tally, Lang: org.Lang, Zone: org.Zone}
	if org.ChatDetails {
		v.Title = inc.Title
	}
	if !v.Open {
		return v, nil
	}
	if v.Due, err = d.Store.Tightest(ctx, id); err != nil {
		return v, err
	}
	v.Late = !v.Due.IsZero() && now.After(v.Due)
	if v.Calls, err = d.Store.ToCall(ctx, id); err != nil {
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
		if v.Taken = !r.AckedAt.IsZero(); !v.Taken {
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
