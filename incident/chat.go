package incident

import (
	"context"
	"slices"
)

// leaveChat stops everything that waits for the chat, because strangers may
// read it, and tells by mail what was about to be told there.
func (d *Desk) leaveChat(ctx context.Context, c *Change, org Organisation) error {
	pending, err := d.Store.PendingBy(ctx, BySlack)
	if err != nil {
		return err
	}
	c.StopRoute = BySlack
	var told []string
	for _, dl := range pending {
		if dl.Incident == "" || slices.Contains(told, dl.Incident) {
			continue
		}
		told = append(told, dl.Incident)
		if err := d.tellByMail(ctx, c, org, dl.Incident); err != nil {
			return err
		}
	}
	return nil
}

// tellByMail repeats the open alarm of a case to everybody of Alarm.
func (d *Desk) tellByMail(ctx context.Context, c *Change, org Organisation, id string) error {
	rings, err := d.Store.OpenRings(ctx, id)
	if err != nil || len(rings) == 0 {
		return err
	}
	inc, err := d.Store.Incident(ctx, id)
	if err != nil || !inc.Open() {
		return err
	}
	r := rings[0]
	a := Alarm{Key: ringKey(r.Duty), Lang: org.Lang, Zone: org.Zone, Incident: id, Number: inc.Number, Duty: r.Duty, Records: r.Records, Due: r.Due, Ring: r.ID, At: c.At}
	if !r.Due.IsZero() {
		a.Left = r.Due.Sub(c.At)
	}
	var alarms []Alarm
	first := len(c.Deliveries)
	for _, address := range org.Alarm {
		a.Route, a.Address, a.ID = ByMail, address, d.NewID()
		alarms = append(alarms, a)
		c.Deliveries = append(c.Deliveries, &Delivery{ID: a.ID, Incident: id, Route: ByMail, Address: address,
			Fate: Pending, Urgency: c.At, Due: c.At, Made: c.At})
	}
	return d.word(c.Deliveries[first:], alarms)
}

// ChatOff reports whether nothing may go to the chat.
func (d *Desk) ChatOff(ctx context.Context) (bool, error) {
	org, err := d.Store.Organisation(ctx)
	return org.ChatOff, err
}
