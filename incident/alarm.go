package incident

import "context"

// alarm adds messages to the staff: one to each alarm address of the
// organisation and one to its chat, all through the outbox like everything
// else that leaves.
func (d *Desk) alarm(ctx context.Context, c *Change, a Alarm) error {
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return err
	}
	a.At = c.At
	var alarms []Alarm
	for _, address := range org.Alarm {
		a.Route, a.Address, a.ID = ByMail, address, d.NewID()
		alarms = append(alarms, a)
	}
	if d.Channel != "" {
		a.Route, a.Address, a.ID = BySlack, d.Channel, d.NewID()
		alarms = append(alarms, a)
	}
	first := len(c.Deliveries)
	for _, a := range alarms {
		c.Deliveries = append(c.Deliveries, &Delivery{ID: a.ID, Incident: a.Incident, Route: a.Route, Address: a.Address,
			Fate: Pending, Urgency: c.At, Due: c.At, Made: c.At})
	}
	out := c.Deliveries[first:]
	if c.NewIncident == nil {
		return d.word(out, alarms)
	}
	c.Numbered = func() error {
		for i := range alarms {
			alarms[i].Number = c.NewIncident.Number
		}
		return d.word(out, alarms)
	}
	return nil
}

// word composes the alarms into their deliveries.
func (d *Desk) word(out []*Delivery, alarms []Alarm) error {
	for i, a := range alarms {
		letter, err := d.Alarm(a)
		if err != nil {
			return err
		}
		out[i].Body = letter.Raw
	}
	return nil
}
