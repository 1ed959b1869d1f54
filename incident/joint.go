package incident

import (
	"context"
	"slices"
	"time"
)

// Joint says that a record's controller decides together with others (Art.
// 26). The arrangement between them may name a lead, whose report to the
// authority is then the report of all. Without an arrangement each keeps its
// own clock open.
type Joint struct {
	With     []string `json:"with,omitempty"` // ids of the others' records in the same case
	Lead     bool     `json:"lead,omitempty"`
	Arranged bool     `json:"arranged,omitempty"` // an arrangement under Art. 26 has been seen
}

// Any reports whether the controller is a joint one.
func (j Joint) Any() bool { return len(j.With) > 0 }

// Unarranged reports whether the arrangement that Art. 26 demands is missing.
func (j Joint) Unarranged() bool { return j.Any() && !j.Arranged }

// Joining names joint controllers of a case by their records.
type Joining struct {
	Records  []string
	Lead     string // id of the lead's record; "" for none
	Arranged bool
}

// byLead is how a member's report is known: its lead made it.
const byLead = "joint_lead"

// SetJoint says which controllers of a case decide together. Those that were
// in a group with any of them leave it.
func (d *Desk) SetJoint(ctx context.Context, by Actor, incident string, in Joining) error {
	in.Records = slices.Compact(slices.Sorted(slices.Values(in.Records)))
	var errs Errors
	if len(in.Records) < 2 {
		errs = append(errs, invalid("records", "joint.alone"))
	}
	if in.Lead != "" && !slices.Contains(in.Records, in.Lead) {
		errs = append(errs, invalid("lead", "joint.lead_outside"))
	}
	if in.Lead != "" && !in.Arranged {
		errs = append(errs, invalid("arranged", "joint.lead_unarranged"))
	}
	if len(errs) > 0 {
		return errs
	}
	return d.regroup(ctx, by, incident, in.Records, in)
}

// EndJoint takes a group of joint controllers apart, named by one of them.
// Those whose lead had reported have their own clocks again.
func (d *Desk) EndJoint(ctx context.Context, by Actor, incident, record string) error {
	return d.regroup(ctx, by, incident, []string{record}, Joining{})
}

// regroup takes the groups of the named records apart and makes a new one.
func (d *Desk) regroup(ctx context.Context, by Actor, incident string, named []string, in Joining) error {
	_, err := d.act(ctx, by, "affect", "", func(c *Change) error {
		if _, err := d.openIncident(ctx, incident); err != nil {
			return err
		}
		rs, err := d.jointly(ctx, incident, named)
		if err != nil {
			return err
		}
		var lead *Record
		for _, r := range rs {
			if r.join(in); r.ID == in.Lead {
				lead = r
			}
		}
		for _, r := range rs {
			r.follow(c, lead)
			d.keep(c, r, r.tally())
		}
		c.About, c.Result = incident, incident
		d.entry(c, incident, "", "case.joint", "n", itoa(len(in.Records)))
		c.What = map[string]any{"joint": in.Records, "lead": in.Lead, "arranged": in.Arranged, "of": named}
		return nil
	})
	return err
}

// jointly loads the named records and those that are in a group with them.
func (d *Desk) jointly(ctx context.Context, incident string, ids []string) ([]*Record, error) {
	rs, err := d.Store.Records(ctx, incident, append([]string{}, ids...))
	if err != nil {
		return nil, err
	}
	if len(rs) != len(ids) {
		return nil, notFound("record.unknown")
	}
	all := slices.Clone(ids)
	for _, r := range rs {
		all = append(all, r.Joint.With...)
	}
	all = slices.Compact(slices.Sorted(slices.Values(all)))
	return d.Store.Records(ctx, incident, all)
}

// join puts r into the group, or out of every group.
func (r *Record) join(in Joining) {
	r.Joint = Joint{}
	if slices.Contains(in.Records, r.ID) {
		r.Joint = Joint{With: slices.DeleteFunc(slices.Clone(in.Records), func(id string) bool { return id == r.ID }),
			Lead: r.ID == in.Lead, Arranged: in.Arranged}
	}
}

// follow gives r the report that its lead, if it has one, has made; without a
// lead a report that was not its own no longer counts.
func (r *Record) follow(c *Change, lead *Record) {
	if lead != nil && r.Joint.Arranged {
		if k, ok := lead.At(Reported); ok && !k.At.IsZero() {
			r.ledBy(c, k.At)
		}
		return
	}
	if k, ok := newest(r.Marks, Reported); ok && k.Why == byLead {
		r.Marks = append(r.Marks, Mark{Moment: Reported, Sure: Known, Why: "joint_ended", By: c.By.Name, Made: c.At})
	}
}

// leads gives the lead's report to the others of its group.
func (d *Desk) leads(ctx context.Context, c *Change, lead *Record, at time.Time) error {
	if !lead.Joint.Lead || !lead.Joint.Arranged {
		return nil
	}
	others, err := d.Store.Records(ctx, lead.Incident, slices.Clone(lead.Joint.With))
	if err != nil {
		return err
	}
	for _, r := range others {
		before := r.tally()
		if r.ledBy(c, at) {
			d.keep(c, r, before)
		}
	}
	return nil
}

// ledBy marks that the lead has reported for r too, and reports whether that
// was news.
func (r *Record) ledBy(c *Change, at time.Time) bool {
	if k, ok := r.At(Reported); ok && !k.At.IsZero() || r.Joint.Lead {
		return false
	}
	r.Marks = append(r.Marks, Mark{Moment: Reported, At: at.UTC(), Sure: Known, Why: byLead, By: c.By.Name, Made: c.At})
	return true
}
