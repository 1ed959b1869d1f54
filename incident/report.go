package incident

import (
	"context"
	"slices"
	"strings"
	"time"
)

// FilingKinds are those of rule 43.
var FilingKinds = []string{"preliminary", "supplementary", "complete", "withdrawal"}

// usualPromise is proposed for the supplement of a preliminary report; no
// official figure was found.
const usualPromise = 14 * 24 * time.Hour

// Report records that a person has filed a report with the authority: by us
// for an own register, by the controller otherwise. Past the limit the reasons
// for the delay are demanded (Art. 33(1), rule 45). The files that come with it
// are frozen (rule 44).
func (d *Desk) Report(ctx context.Context, by Actor, record string, f Filing) error {
	if errs := f.check(d.now()); len(errs) > 0 {
		return errs
	}
	key := f.Key
	f.Key = ""
	return d.actOn(ctx, by, "report", key, record, func(c *Change, r *Record) error {
		return d.filed(ctx, c, r, r.owed(), f)
	})
}

// check tidies a filing and lists what it lacks.
func (f *Filing) check(now time.Time) Errors {
	for _, s := range []*string{&f.Channel, &f.Reference, &f.LateReason, &f.Receipt} {
		*s = strings.TrimSpace(*s)
	}
	var errs Errors
	if !slices.Contains(FilingKinds, f.Kind) {
		errs = append(errs, invalid("kind", "filing.kind_empty"))
	}
	errs = append(errs, happened("at", f.At, now)...)
	if f.Channel == "" {
		errs = append(errs, invalid("channel", "filing.channel_empty"))
	}
	return append(errs, checkFiles(f.Files)...)
}

// happened refuses a time that is missing or has not come yet.
func happened(field string, at, now time.Time) Errors {
	switch {
	case at.IsZero():
		return Errors{invalid(field, "time.empty")}
	case at.After(now.Add(grace)):
		return Errors{invalid(field, "time.future")}
	}
	return nil
}

// filed puts a filing into the record and the change, with its files frozen. Dl
// is the clock that it answers, or nil: past its limit the reasons for the delay
// are demanded, and the lateness is frozen with it.
func (d *Desk) filed(ctx context.Context, c *Change, r *Record, dl *Deadline, f Filing) error {
	f.At, f.By, f.Made = f.At.UTC(), c.By.Name, c.At
	if dl != nil {
		f.Due = dl.Due
		if f.Late() && f.LateReason == "" {
			return Errors{invalid("late_reason", "filing.late_reason_empty")}
		}
		if f.Late() {
			dl.Reason = f.LateReason
		}
	}
	f.Files = keepFiles(c, f.Files)
	r.file(f, c)
	d.entry(c, r.Incident, r.ID, "record.reported", "name", r.Name, "kind", f.Kind, "reference", f.Reference, "at", stamp(f.At))
	for _, x := range f.Files {
		d.entry(c, r.Incident, r.ID, "record.file_frozen", "name", r.Name, "role", string(x.Role), "file", x.Name, "sha256", x.SHA256)
	}
	c.What = map[string]any{"record": r.ID, "filing": f}
	return d.leads(ctx, c, r, f.At)
}

// owed returns the clock of ours that a filing answers, or nil: the first
// report, later the promised supplement. What has been answered stays as late
// or as timely as it was.
func (r *Record) owed() *Deadline {
	if k, ok := r.At(Reported); ok && !k.At.IsZero() {
		if d := r.Deadline("gdpr.33.4.own"); d != nil && d.Running() {
			return d
		}
		return nil
	}
	if d := r.Deadline("gdpr.33.1.own"); d != nil {
		return d
	}
	return r.Deadline("gdpr.33.1.mandate")
}

// file adds a filing and the moments that it makes. The first filing stops the
// clock; its lateness is frozen with it.
func (r *Record) file(f Filing, c *Change) {
	add := func(m Moment, at time.Time) {
		r.Marks = append(r.Marks, Mark{Moment: m, At: at, Sure: Known, Why: f.Channel, By: f.By, Made: c.At})
	}
	if f.Kind == "preliminary" && f.Promised.IsZero() {
		f.Promised = f.At.Add(usualPromise)
	}
	r.Filings = append(r.Filings, f)
	if k, ok := r.At(Reported); !ok || k.At.IsZero() {
		add(Reported, f.At)
	}
	switch f.Kind {
	case "preliminary":
		add(SupplementPromised, f.Promised.UTC())
		add(Supplemented, time.Time{})
	case "supplementary", "complete":
		if k, ok := r.At(Supplemented); !ok || k.At.IsZero() {
			add(Supplemented, f.At)
		}
	}
}

// decisionKinds end the duty to report (rule 20).
var decisionKinds = []string{"not_notifiable", "no_breach"}

// Decide records that no report is due, with the reason and who approved it.
// Where the organisation wants four eyes, it waits until another user has.
func (d *Desk) Decide(ctx context.Context, by Actor, record string, dec Decision) error {
	dec.Reason, dec.Approver = strings.TrimSpace(dec.Reason), strings.TrimSpace(dec.Approver)
	var errs Errors
	if !slices.Contains(decisionKinds, dec.Kind) {
		errs = append(errs, invalid("kind", "decision.kind_empty"))
	}
	if dec.Reason == "" {
		errs = append(errs, invalid("reason", "reason.empty"))
	}
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return err
	}
	if dec.Approver == "" && !org.FourEyes {
		errs = append(errs, invalid("approver", "approver.empty"))
	}
	if len(errs) > 0 {
		return errs
	}
	return d.actOn(ctx, by, "decide", "", record, func(c *Change, r *Record) error {
		dec := dec
		dec.By, dec.ByID, dec.At, dec.Waits = by.Name, by.ID, c.At, org.FourEyes
		r.Decisions = append(r.Decisions, dec)
		d.entry(c, r.Incident, r.ID, "record."+dec.Kind, "name", r.Name, "approver", dec.Approver).Text = dec.Reason
		c.What = map[string]any{"record": r.ID, "decision": dec}
		return nil
	})
}

// Hold records that an authority, usually the police, forbids telling people
// for now, or with kind "hold_ended" that it no longer does. It stops only the
// telling of people; the authority's clock goes on (rule 55).
func (d *Desk) Hold(ctx context.Context, by Actor, record string, dec Decision) error {
	dec.Reason, dec.Authority = strings.TrimSpace(dec.Reason), strings.TrimSpace(dec.Authority)
	var errs Errors
	if dec.Kind != "hold" && dec.Kind != "hold_ended" {
		errs = append(errs, invalid("kind", "decision.kind_empty"))
	}
	if dec.Authority == "" {
		errs = append(errs, invalid("authority", "hold.authority_empty"))
	}
	if dec.Reason == "" {
		errs = append(errs, invalid("reason", "hold.basis_empty"))
	}
	if dec.Kind == "hold" && (dec.Until.IsZero() || !dec.Until.After(dec.From)) {
		errs = append(errs, invalid("until", "hold.until_empty"))
	}
	if len(errs) > 0 {
		return errs
	}
	return d.actOn(ctx, by, "hold", "", record, func(c *Change, r *Record) error {
		dec := dec
		dec.By, dec.ByID, dec.At = by.Name, by.ID, c.At
		if dec.From.IsZero() {
			dec.From = c.At
		}
		r.Decisions = append(r.Decisions, dec)
		d.entry(c, r.Incident, r.ID, "record."+dec.Kind, "name", r.Name, "authority", dec.Authority, "until", stamp(dec.Until)).Text = dec.Reason
		c.What = map[string]any{"record": r.ID, "decision": dec}
		return nil
	})
}
