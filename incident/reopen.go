package incident

import (
	"context"
	"strings"
)

// reopen notes that something has become known since r was decided. What was
// decided no longer holds, and until a person decides again the record counts
// as a risk at least, so that its clock towards the authority runs again.
func (d *Desk) reopen(c *Change, r *Record, changed []string, why string) bool {
	if len(changed) == 0 || !r.settled() {
		return false
	}
	r.Reopenings = append(r.Reopenings, Reopening{Assessed: len(r.Assessed), Decided: len(r.Decisions),
		Changed: changed, Why: why, By: c.By.Name, At: c.At})
	r.Tier = r.tierInForce()
	d.entry(c, r.Incident, r.ID, "record.reopened", "name", r.Name, "changed", strings.Join(changed, "\n"))
	return true
}

// reopenJudged reopens those records of a case that were decided on other facts.
func (d *Desk) reopenJudged(ctx context.Context, c *Change, inc *Incident, changed func(*Record) []string, why string) error {
	ids, err := d.Store.Judged(ctx, inc.ID)
	if err != nil || len(ids) == 0 {
		return err
	}
	rs, err := d.Store.Records(ctx, inc.ID, ids)
	if err != nil {
		return err
	}
	for _, r := range rs {
		before := r.tally()
		if d.reopen(c, r, changed(r), why) {
			d.keep(c, r, before)
		}
	}
	return nil
}

// newFacts lists which of the facts that bear on the risk differ. Consequences,
// measures and advice are conclusions and do not reopen what was decided.
func newFacts(was, is Facts) []string {
	var keys []string
	for _, x := range []struct {
		key    string
		differ bool
	}{
		{"facts.nature", was.Nature != is.Nature}, {"facts.data", was.Data != is.Data}, {"facts.groups", was.Groups != is.Groups},
		{"facts.people", was.People != is.People}, {"facts.records", was.Records != is.Records},
	} {
		if x.differ {
			keys = append(keys, x.key)
		}
	}
	return keys
}
