package incident

import (
	"context"
	"slices"
	"strings"
	"time"
)

// remindAfter is when an investigation is asked about, unless said otherwise.
const remindAfter = 24 * time.Hour

// inquiryDuty is the key of the investigation's reminder.
const inquiryDuty = "inquiry"

// begin puts the incident under short investigation: a sign has been seen, but
// it is not yet reasonably certain that data were breached (rule 13).
func (d *Desk) begin(c *Change, inc *Incident, owner string, remind time.Time) {
	if remind.IsZero() {
		remind = c.At.Add(remindAfter)
	}
	inc.Inquiry = Inquiry{Since: c.At, Owner: owner, Remind: remind, By: c.By.Name}
	dl := &Deadline{ID: d.NewID(), Incident: inc.ID, Duty: inquiryDuty, Basis: "WP250", To: ToSupervisor, Ours: true,
		Start: c.At, Due: remind, Outer: remind}
	dl.Warn = dl.nextWarning(c.At)
	inc.Deadlines = append(inc.Deadlines, dl)
	c.Deadlines = append(c.Deadlines, dl)
	d.entry(c, inc.ID, "", "case.inquiry", "owner", owner, "remind", stamp(remind))
}

// outcomes end an investigation.
var outcomes = []string{"breach", "no_breach", "unclear"}

// EndInquiry leaves the state "under short investigation" with a dated
// decision. "Breach" and "unclear" mean that we are aware from at on, so that
// the clocks start: what cannot be excluded is treated as a breach.
func (d *Desk) EndInquiry(ctx context.Context, by Actor, incident, outcome, reason string, at time.Time) error {
	reason = strings.TrimSpace(reason)
	var errs Errors
	if !slices.Contains(outcomes, outcome) {
		errs = append(errs, invalid("outcome", "outcome.empty"))
	}
	if reason == "" {
		errs = append(errs, invalid("reason", "reason.empty"))
	}
	if len(errs) > 0 {
		return errs
	}
	_, err := d.act(ctx, by, "inquire", "", func(c *Change) error {
		inc, err := d.openIncident(ctx, incident)
		if err != nil {
			return err
		}
		if !inc.Inquiry.Running() {
			return refused("inquiry.none")
		}
		return d.endInquiry(ctx, c, inc, outcome, reason, at)
	})
	return err
}

func (d *Desk) endInquiry(ctx context.Context, c *Change, inc *Incident, outcome, reason string, at time.Time) error {
	if at.IsZero() {
		at = c.At
	}
	if at.After(c.At.Add(grace)) {
		return Errors{invalid("at", "time.future")}
	}
	inc.Inquiry.Ended, inc.Inquiry.Outcome, inc.Inquiry.Reason, inc.Inquiry.By = c.At, outcome, reason, c.By.Name
	for _, dl := range inc.Deadlines {
		if dl.Duty == inquiryDuty && dl.Running() {
			dl.Met, dl.How, dl.Warn = c.At, outcome, time.Time{}
			c.Deadlines = append(c.Deadlines, dl)
		}
	}
	c.Incident, c.About, c.Result = inc, inc.ID, inc.ID
	d.entry(c, inc.ID, "", "case.inquiry_"+outcome).Text = reason
	c.What = map[string]any{"inquiry": outcome, "reason": reason, "at": at.UTC()}
	if outcome != "no_breach" {
		inc.Marks = append(inc.Marks, Mark{Moment: ProcessorAware, At: at.UTC(), Sure: Known, Why: reason, By: c.By.Name, Made: c.At})
	}
	return d.moveClocks(ctx, c, inc)
}

// SetRegimes says which other laws bind this case (rule 59). The company gets
// a record of its own for their clocks; none stops another.
func (d *Desk) SetRegimes(ctx context.Context, by Actor, incident string, keys []string) error {
	for _, k := range keys {
		if g, ok := Law(k); !ok || g.Always || g.Proposed {
			return Errors{&Error{Kind: Invalid, Field: "regimes", Key: "regime.unknown", Args: map[string]any{"key": k}}}
		}
	}
	_, err := d.act(ctx, by, "regimes", "", func(c *Change) error {
		inc, err := d.openIncident(ctx, incident)
		if err != nil {
			return err
		}
		keys := slices.Sorted(slices.Values(keys))
		if slices.Equal(keys, inc.Regimes) {
			return nil
		}
		c.What = map[string]any{"from": inc.Regimes, "to": keys}
		inc.Regimes = keys
		c.Incident, c.About, c.Result = inc, incident, incident
		d.entry(c, incident, "", "case.regimes", "keys", strings.Join(keys, " "))
		return d.bindCompany(ctx, c, inc)
	})
	return err
}

// bindCompany gives the company's own record the clocks of the regimes.
func (d *Desk) bindCompany(ctx context.Context, c *Change, inc *Incident) error {
	r, err := d.Store.RecordOf(ctx, inc.ID, Own)
	if KindOf(err) == NotFound {
		org, err := d.Store.Organisation(ctx)
		if err == nil {
			d.addEntity(c, inc, org)
		}
		return err
	}
	if err != nil {
		return err
	}
	r.Regimes, r.Shared = inc.Regimes, inc.Marks
	d.keep(c, r, r.tally())
	return nil
}

// addEntity makes the company's own record when only another law needs it.
func (d *Desk) addEntity(c *Change, inc *Incident, org Organisation) {
	if len(inc.Regimes) == 0 {
		return
	}
	r := d.newRecord(inc, &Controller{ID: Own, Name: org.Name, Lang: "fi"}, Confirmed)
	r.Part = AsEntity
	r.reckon(binding(r), c.At, d.NewID)
	c.NewRecords = append(c.NewRecords, r)
}

// Compared is one duty of a record under the rules in force and under others.
type Compared struct {
	Duty  string // of the other rules
	Basis string
	Now   *Deadline // nil: no such clock runs
	Then  *Deadline // nil: none would run
}

// Under shows what r's clocks towards the authority would be under a regime
// that does not bind it. It changes nothing.
func Under(r *Record, g Regime, now time.Time) []Compared {
	ghost := *r
	ghost.Deadlines, ghost.Filings, ghost.Decisions = nil, nil, nil
	ghost.reckon([]Regime{g}, now, func() string { return "" })
	var all []Compared
	for _, duty := range g.Duties {
		all = append(all, Compared{Duty: duty.Key, Basis: duty.Basis, Then: ghost.Deadline(duty.Key), Now: r.sameAddressee(duty)})
	}
	return slices.DeleteFunc(all, func(c Compared) bool { return c.Now == nil && c.Then == nil })
}

// sameAddressee returns r's clock towards the same party by the same holder.
func (r *Record) sameAddressee(duty Duty) *Deadline {
	for _, dl := range r.Deadlines {
		if dl.To == duty.To && dl.Ours == duty.Ours && !dl.Within.Zero() {
			return dl
		}
	}
	return nil
}
