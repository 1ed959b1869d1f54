package incident

import "context"

// alarmStep adds the messages of one step of the plan.
func (d *Desk) alarmStep(ctx context.Context, c *Change, org Organisation, a Alarm, step int) error {
	hooks, err := d.Store.Webhooks(ctx, []string{""})
	if err != nil {
		return err
	}
	a.At, a.Lang, a.Zone = c.At, org.Lang, org.Zone
	var alarms []Alarm
	for _, address := range org.told(step, c.At) {
		a.Route, a.Address, a.ID = ByMail, address, d.NewID()
		alarms = append(alarms, a)
	}
	if d.Channel != "" && !org.ChatOff {
		chat := a
		chat.Route, chat.Address, chat.ID = BySlack, d.Channel, d.NewID()
		if err := d.forChat(ctx, c, org, &chat); err != nil {
			return err
		}
		alarms = append(alarms, chat)
	}
	for _, k := range hooks {
		a.Route, a.Address, a.Hook, a.ID = ByWebhook, k.URL, k.ID, d.NewID()
		alarms = append(alarms, a)
	}
	return d.put(c, alarms)
}

// forChat makes room for an alarm in the chat: those of the same case that
// still wait there are stale beside it. The title goes along if it may.
func (d *Desk) forChat(ctx context.Context, c *Change, org Organisation, a *Alarm) error {
	if c.NewIncident != nil {
		if org.ChatDetails {
			a.Title = c.NewIncident.Title
		}
		return nil
	}
	pending, err := d.Store.PendingBy(ctx, BySlack)
	if err != nil || a.Incident == "" {
		return err
	}
	k, err := d.Store.Card(ctx, a.Incident)
	if err != nil {
		return err
	}
	for _, dl := range pending {
		if dl.Incident == a.Incident && (k == nil || dl.ID != k.Delivery) {
			c.Cancelled = append(c.Cancelled, dl.ID)
		}
	}
	if !org.ChatDetails {
		return nil
	}
	inc, err := d.Store.Incident(ctx, a.Incident)
	if err != nil {
		return err
	}
	a.Title = inc.Title
	return nil
}

// put words alarms into the outbox; those of a new case when it has its number.
func (d *Desk) put(c *Change, alarms []Alarm) error {
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
