package incident

import "context"

// TellWitnesses sends a checkpoint to people outside the house, once a day:
// whoever keeps one can tell later whether the record was rewritten. Compose
// makes the bytes of the mail with that id to that address.
func (d *Desk) TellWitnesses(ctx context.Context, k *Checkpoint, to []string, compose func(id, address string) ([]byte, error)) error {
	key := "witness " + d.now().Format("2006-01-02")
	_, err := d.act(ctx, Program, "witness", key, func(c *Change) error {
		for _, address := range to {
			id := d.NewID()
			raw, err := compose(id, address)
			if err != nil {
				return err
			}
			c.Deliveries = append(c.Deliveries, &Delivery{ID: id, Route: ByMail, Address: address, Fate: Pending,
				Urgency: c.At.AddDate(1, 0, 0), Due: c.At, Body: raw, Made: c.At})
		}
		c.Result, c.What = key, map[string]any{"checkpoint": k.Short(), "to": len(to)}
		return nil
	})
	return err
}
