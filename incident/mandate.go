package incident

import (
	"context"
	"time"
)

// Mandate is a controller's order that the processor assess and report for it
// (rule 22). The controller stays responsible.
type Mandate struct {
	Document string    `json:"document,omitempty"` // what it is and where it is kept
	Scope    string    `json:"scope,omitempty"`
	Date     time.Time `json:"date,omitzero"`
}

// Given reports whether there is a mandate.
func (m Mandate) Given() bool { return m.Document != "" }

// same reports whether two mandates say the same.
func (m Mandate) same(n Mandate) bool {
	return m.Document == n.Document && m.Scope == n.Scope && m.Date.Equal(n.Date)
}

// mandatedAtRisk is true where a controller has mandated us to notify for her
// (rule 22): her own clock goes on beside, as she stays responsible. What had
// been reported before the mandate came is no duty of ours.
func mandatedAtRisk(r *Record) bool {
	k, ok := r.At(Reported)
	reported := ok && !k.At.IsZero() && r.Deadline("gdpr.33.1.mandate") == nil
	return processing(r) && r.Mandate.Given() && r.Tier != Unlikely && !reported
}

// mandated brings the open cases of a controller in line with her mandate, as
// k has it. One that is given while her clock runs gives us a clock of our own
// at once, with her limit; one that is withdrawn ends it.
func (d *Desk) mandated(ctx context.Context, c *Change, k *Controller) error {
	was, err := d.Store.Controllers(ctx, []string{k.ID})
	if err != nil || len(was) != 1 || was[0].Mandate.same(k.Mandate) {
		return err
	}
	cases, err := d.Store.OpenCasesOf(ctx, k.ID)
	if err != nil {
		return err
	}
	for _, id := range cases {
		r, err := d.Store.RecordOf(ctx, id, k.ID)
		if err != nil {
			return err
		}
		if !processing(r) {
			continue
		}
		r.Mandate = k.Mandate
		key := "record.mandated"
		if !k.Mandate.Given() {
			key = "record.mandate_ended"
		}
		d.entry(c, r.Incident, r.ID, key, "name", r.Name, "document", k.Mandate.Document)
		d.keep(c, r, r.tally())
	}
	return nil
}

// fetchMandate looks up a mandate that was registered after the record was made.
func (d *Desk) fetchMandate(ctx context.Context, r *Record) error {
	if r.Ours() || r.Part == AsEntity {
		return nil
	}
	ks, err := d.Store.Controllers(ctx, []string{r.Controller})
	if err == nil && len(ks) == 1 {
		r.Mandate = ks[0].Mandate
	}
	return err
}
