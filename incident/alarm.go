package incident

import "context"

// alarmStep adds the messages of one step of the plan.
func (d *Desk) alarmStep(c *Change, org Organisation, a Alarm, step int, hooks []*Webhook) error {
	a.At = c.At
	var alarms []Alarm
	for _, address := range org.told(step, c.At) {
		a.Route, a.Address, a.ID = ByMail, address, d.NewID()
		alarms = append(alarms, a)
	}
	if d.Channel != "" && !org.ChatOff {
		a.Route, a.Address, a.ID = BySlack, d.Channel, d.NewID()
		alarms = append(alarms, a)
	}
	for _, k := range hooks {
		a.Route, a.Address, a.Hook, a.ID = ByWebhook, k.URL, k.ID, d.NewID()
		alarms = append(alarms, a)
	}
	first := len(c.Deliveries)
	for _, a := range alarms {
		c.Deliveries = append(c.Deliveries, &Delivery{ID: a.ID, Incident: a.Incident, Route: a.Route, Address: a.Address, Name: a.Hook,
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
		compose := d.Alarm
		if a.Hook != "" {
			compose = alarmEvent
		}
		letter, err := compose(a)
		if err != nil {
			return err
		}
		out[i].Body = letter.Raw
	}
	return nil
}

// raise alarms staff about n controllers of a case.
func (s *settling) raise(ctx context.Context, incident, key string, n int) error {
	inc, err := s.Store.Incident(ctx, incident)
	if err != nil {
		return err
	}
	org, err := s.Store.Organisation(ctx)
	if err != nil {
		return err
	}
	return s.alarm(ctx, s.c, org, Alarm{Key: key, Incident: incident, Number: inc.Number, Records: n})
}
