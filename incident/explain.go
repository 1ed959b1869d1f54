package incident

import (
	"context"
	"strings"
)

// Explain records why a duty of ours was late, for every record of the case in
// which it was and no reason stands yet (rules 25 and 45). It returns how many
// those were.
func (d *Desk) Explain(ctx context.Context, by Actor, incident, duty, reason string) (int, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return 0, Errors{invalid("reason", "reason.empty")}
	}
	n := 0
	_, err := d.act(ctx, by, "explain", "", func(c *Change) error {
		n = 0
		if _, err := d.openIncident(ctx, incident); err != nil {
			return err
		}
		rs, err := d.Store.Records(ctx, incident, nil)
		if err != nil {
			return err
		}
		for _, r := range rs {
			if dl := r.Deadline(duty); dl.unexplained(c) {
				dl.Reason = reason
				n++
				d.keep(c, r, r.tally())
			}
		}
		if n == 0 {
			return refused("explain.nothing")
		}
		c.About, c.Result = incident, incident
		d.entry(c, incident, "", "case.explained", "duty", duty, "n", itoa(n)).Text = reason
		c.What = map[string]any{"duty": duty, "reason": reason, "records": recordNames(c.Records)}
		return nil
	})
	return n, err
}

// unexplained reports whether the clock is one of ours that was late and has no
// reason yet.
func (d *Deadline) unexplained(c *Change) bool {
	return d != nil && d.Ours && d.Reason == "" && d.Late(c.At)
}
