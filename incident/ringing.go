package incident

import "context"

// Ringing is an alarm that is still about something, with its case.
type Ringing struct {
	*Ring
	Number string
	Title  string
}

// RingingNow returns up to n alarms of open cases, those that nobody has
// answered first. It leaves out those whose reason has gone.
func (d *Desk) RingingNow(ctx context.Context, n int) ([]Ringing, error) {
	rings, err := d.Store.Ringing(ctx, n)
	if err != nil {
		return nil, err
	}
	return d.still(ctx, rings)
}

// RingingIn returns the alarms of one case.
func (d *Desk) RingingIn(ctx context.Context, incident string) ([]Ringing, error) {
	rings, err := d.Store.OpenRings(ctx, incident)
	if err != nil {
		return nil, err
	}
	return d.still(ctx, rings)
}

func (d *Desk) still(ctx context.Context, rings []*Ring) ([]Ringing, error) {
	var all []Ringing
	for _, r := range rings {
		inc, err := d.Store.Incident(ctx, r.Incident)
		if err != nil {
			return nil, err
		}
		over, err := d.reasonGone(ctx, inc, r)
		if err != nil {
			return nil, err
		}
		if !over && inc.Open() {
			all = append(all, Ringing{r, inc.Number, inc.Title})
		}
	}
	return all, nil
}
