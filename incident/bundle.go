package incident

import "context"

// NoteBundle writes down that the record of a case, or with a record one
// controller's view of it, is packed and leaves the house: by whom and for
// whom. A controller's person packs her own view alone.
func (d *Desk) NoteBundle(ctx context.Context, by Actor, incident, record string) error {
	if by.Via == Outsider.Via && (record == "" || by.Record != record) {
		return notFound("record.unknown")
	}
	_, err := d.act(ctx, by, "bundle", "", func(c *Change) error {
		if _, err := d.Store.Incident(ctx, incident); err != nil {
			return err
		}
		if err := d.checkRecord(ctx, incident, record); err != nil {
			return err
		}
		key := "bundle.whole"
		if record != "" {
			key = "bundle.hers"
		}
		d.entry(c, incident, record, key)
		c.About, c.Result = incident, incident
		c.What = map[string]any{"bundle": key, "record": record}
		return nil
	})
	return err
}
