package incident

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Affect adds controllers to a case. What it did not understand comes back in
// Found and must be explained, because it may be a customer who would not hear
// of the breach.
func (d *Desk) Affect(ctx context.Context, by Actor, incident string, in Affect) (*Found, error) {
	found := &Found{}
	c, err := d.act(ctx, by, "affect", in.Key, func(c *Change) error {
		*found = Found{}
		return d.affect(ctx, c, incident, in, found)
	})
	if err != nil {
		return found, err
	}
	return found, c.recall(found)
}

func (d *Desk) affect(ctx context.Context, c *Change, id string, in Affect, found *Found) error {
	inc, err := d.openIncident(ctx, id)
	if err != nil {
		return err
	}
	services, err := d.services(ctx, in.Services)
	if err != nil {
		return err
	}
	chosen, err := d.affected(ctx, services)
	if err != nil {
		return err
	}
	named, err := d.named(ctx, in.Words, found)
	if err != nil {
		return err
	}
	have, err := d.Store.Records(ctx, id, nil)
	if err != nil {
		return err
	}
	excluded, err := d.excluded(ctx, inc, services, named)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, r := range have {
		seen[r.Controller] = true
	}
	for _, k := range append(chosen, named...) {
		x, was := excluded[k.ID]
		switch {
		case seen[k.ID], was && !x.again:
			found.Already++
		case was:
			d.takeBack(c, x.Record, in.Certainty.orPossible())
			found.Reopened++
		default:
			c.Tally = c.Tally.Add(d.addRecord(c, inc, k, in.Certainty.orPossible()).tally())
		}
		seen[k.ID] = true
	}
	found.Added = len(c.NewRecords)
	changed := inc.use(services)
	if found.Added+found.Reopened == 0 && !changed {
		return nil
	}
	if changed {
		c.Incident = inc
	}
	c.About = id
	if c.Result, err = memo(found); err != nil {
		return err
	}
	d.entry(c, id, "", "case.affected", "n", itoa(found.Added))
	what := map[string]any{"services": in.Services, "records": recordNames(c.NewRecords)}
	if found.Reopened > 0 {
		what["reopened"] = recordNames(c.Records)
	}
	c.What = what
	return nil
}

// excluded is a record that somebody marked as not affected.
type excluded struct {
	*Record
	again bool // its controller was named again, or uses a service that is new to the case
}

// excluded returns the excluded records of a case by controller.
func (d *Desk) excluded(ctx context.Context, inc *Incident, services []*Service, named []*Controller) (map[string]excluded, error) {
	ids, err := d.Store.Excluded(ctx, inc.ID)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	rs, err := d.Store.Records(ctx, inc.ID, ids)
	if err != nil {
		return nil, err
	}
	added := slices.DeleteFunc(slices.Clone(services), func(s *Service) bool { return slices.Contains(inc.Services, s.ID) })
	users, err := d.affected(ctx, added)
	if err != nil {
		return nil, err
	}
	again := map[string]bool{}
	for _, k := range slices.Concat(users, named) {
		again[k.ID] = true
	}
	by := make(map[string]excluded, len(rs))
	for _, r := range rs {
		by[r.Controller] = excluded{r, again[r.Controller]}
	}
	return by, nil
}

// takeBack makes a record count again that somebody had marked as not affected.
// Its history stays, and the timeline says why it is back.
func (d *Desk) takeBack(c *Change, r *Record, sure Certainty) {
	before := r.tally()
	r.Certainty = sure
	d.entry(c, r.Incident, r.ID, "record.again", "name", r.Name)
	d.keep(c, r, before)
}

// named finds the controllers that pasted words name.
func (d *Desk) named(ctx context.Context, words []string, found *Found) ([]*Controller, error) {
	words = cleanWords(words)
	if len(words) == 0 {
		return nil, nil
	}
	hits, err := d.Store.Match(ctx, words)
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, w := range words {
		switch len(hits[w]) {
		case 0:
			found.Unmatched = append(found.Unmatched, w)
		case 1:
			ids[hits[w][0]] = true
		default:
			found.Doubtful = append(found.Doubtful, w)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return d.Store.Controllers(ctx, slices.Sorted(maps.Keys(ids)))
}

// cleanWords trims, drops blanks and repeats, and keeps the order.
func cleanWords(words []string) []string {
	var clean []string
	seen := map[string]bool{}
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" && !seen[w] {
			seen[w] = true
			clean = append(clean, w)
		}
	}
	return clean
}

// use adds services to the incident and reports whether any was new.
func (i *Incident) use(services []*Service) bool {
	before := len(i.Services)
	for _, s := range services {
		if !slices.Contains(i.Services, s.ID) {
			i.Services = append(i.Services, s.ID)
		}
	}
	return len(i.Services) > before
}

func (c Certainty) orPossible() Certainty {
	if c == "" {
		return Possible
	}
	return c
}

// SetCertainty says whether a controller is affected. "Not affected" needs a
// reason and ends the record's clocks; nothing is deleted (rule 30).
func (d *Desk) SetCertainty(ctx context.Context, by Actor, record string, sure Certainty, reason string) error {
	reason = strings.TrimSpace(reason)
	switch {
	case sure != Possible && sure != Confirmed && sure != NotAffected:
		return Errors{invalid("certainty", "certainty.unknown")}
	case sure == NotAffected && reason == "":
		return Errors{invalid("reason", "reason.empty")}
	}
	return d.actOn(ctx, by, "affect", "", record, func(c *Change, r *Record) error {
		if r.Certainty == sure {
			return nil
		}
		c.What = map[string]any{"record": r.ID, "from": r.Certainty, "to": sure, "reason": reason}
		r.Certainty = sure
		if sure == NotAffected {
			r.answered(c)
		}
		d.entry(c, r.Incident, r.ID, "record."+string(sure), "name", r.Name).Text = reason
		return nil
	})
}

// openIncident loads a case that is still worked on.
func (d *Desk) openIncident(ctx context.Context, id string) (*Incident, error) {
	inc, err := d.Store.Incident(ctx, id)
	if err != nil {
		return nil, err
	}
	if !inc.Open() {
		return nil, refused("case.closed")
	}
	return inc, nil
}
