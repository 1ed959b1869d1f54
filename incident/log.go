package incident

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// titleMax is the longest title, in characters.
const titleMax = 300

// grace is how far ahead of our clock another clock may be.
const grace = 2 * time.Minute

// Log opens a case: the first act, possible with a sentence, a time and a
// guess at the service. Every controller that uses one of the services gets a
// record, possibly affected, with its clocks; staff are alarmed. Bad input
// gives Errors.
func (d *Desk) Log(ctx context.Context, by Actor, in Log) (*Incident, error) {
	c, err := d.act(ctx, by, "log", in.Key, func(c *Change) error { return d.log(ctx, c, in) })
	if err != nil {
		return nil, err
	}
	if c.NewIncident != nil {
		return c.NewIncident, nil
	}
	return d.Store.Incident(ctx, c.Result) // a repeat: as it is by now
}

func (d *Desk) log(ctx context.Context, c *Change, in Log) error {
	in.Title = strings.TrimSpace(in.Title)
	services, err := d.services(ctx, in.Services)
	if err != nil {
		return err
	}
	if errs := checkLog(in, c.At); len(errs) > 0 {
		return errs
	}
	inc := &Incident{ID: d.NewID(), Title: in.Title, Facts: in.Facts, LoggedAt: c.At, LoggedBy: c.By.Name, Logger: c.By.ID, Version: 1}
	if in.Answers != nil {
		if _, inc.Answers, err = readAnswers(in.Answers); err != nil {
			return err
		}
	}
	for _, s := range services {
		inc.Services = append(inc.Services, s.ID)
	}
	inc.Marks = []Mark{{Moment: ProcessorAware, At: in.Aware.UTC(), Sure: Known, Text: in.Text, By: c.By.Name, Made: c.At}}
	org, err := d.Store.Organisation(ctx)
	if err != nil {
		return err
	}
	inc.Regimes = org.Regimes
	c.NewIncident, c.About, c.Result = inc, inc.ID, inc.ID
	d.entry(c, inc.ID, "", "case.logged", "title", inc.Title)
	if in.Unclear {
		inc.Marks[0].Moment = Signal
		d.begin(c, inc, c.By.Name, time.Time{})
	}
	if err := d.addAffected(ctx, c, inc, services, in); err != nil {
		return err
	}
	if !slices.ContainsFunc(c.NewRecords, func(r *Record) bool { return r.Controller == Own }) {
		d.addEntity(c, inc, org)
	}
	for _, r := range c.NewRecords {
		inc.Tally = inc.Tally.Add(r.tally())
	}
	c.What = map[string]any{"title": inc.Title, "aware": inc.Marks[0].At, "services": inc.Services, "records": recordNames(c.NewRecords)}
	return d.alarm(ctx, c, org, Alarm{Key: "logged", Incident: inc.ID, Records: len(c.NewRecords)})
}

// addAffected gives a record to every controller that uses one of the services
// or was named.
func (d *Desk) addAffected(ctx context.Context, c *Change, inc *Incident, services []*Service, in Log) error {
	affected, err := d.affected(ctx, services)
	if err != nil {
		return err
	}
	found := &Found{}
	named, err := d.named(ctx, in.Controllers, found)
	if err != nil {
		return err
	}
	if bad := append(found.Unmatched, found.Doubtful...); len(bad) > 0 {
		return Errors{&Error{Kind: Invalid, Field: "controllers", Key: "controller.unclear", Args: map[string]any{"name": bad[0]}}}
	}
	seen := map[string]bool{}
	for _, k := range append(affected, named...) {
		if !seen[k.ID] {
			d.addRecord(c, inc, k, in.Certainty.orPossible())
		}
		seen[k.ID] = true
	}
	if len(c.NewRecords) == 1 {
		c.NewRecords[0].Facts.People, c.NewRecords[0].Facts.Records = in.Facts.People, in.Facts.Records
	}
	return nil
}

func checkLog(in Log, now time.Time) Errors {
	var errs Errors
	switch n := utf8.RuneCountInString(in.Title); {
	case n == 0:
		errs = append(errs, invalid("title", "title.empty"))
	case n > titleMax:
		errs = append(errs, &Error{Kind: Invalid, Field: "title", Key: "title.long", Args: map[string]any{"max": titleMax, "n": n}})
	}
	return append(errs, happened("aware", in.Aware, now)...)
}

// services resolves ids or names, any case, to services.
func (d *Desk) services(ctx context.Context, words []string) ([]*Service, error) {
	if len(words) == 0 {
		return nil, nil
	}
	all, err := d.Store.Services(ctx)
	if err != nil {
		return nil, err
	}
	var found []*Service
	var errs Errors
	for _, w := range words {
		i := slices.IndexFunc(all, func(s *Service) bool { return s.ID == w || strings.EqualFold(s.Name, strings.TrimSpace(w)) })
		switch {
		case i < 0:
			errs = append(errs, &Error{Kind: Invalid, Field: "services", Key: "service.unknown", Args: map[string]any{"name": w}})
		case !slices.Contains(found, all[i]):
			found = append(found, all[i])
		}
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return found, nil
}

// affected returns the controllers that use the services, and the own company
// if one of them is its own register.
func (d *Desk) affected(ctx context.Context, services []*Service) ([]*Controller, error) {
	if len(services) == 0 {
		return nil, nil
	}
	var ids []string
	own := false
	for _, s := range services {
		ids = append(ids, s.ID)
		own = own || s.Own
	}
	found, err := d.Store.Affected(ctx, ids)
	if err != nil || !own || slices.ContainsFunc(found, func(k *Controller) bool { return k.ID == Own }) {
		return found, err
	}
	org, err := d.Store.Organisation(ctx)
	return append(found, &Controller{ID: Own, Name: org.Name, Lang: "fi"}), err
}

// addRecord puts a new record of controller k into the change, with its clocks.
func (d *Desk) addRecord(c *Change, inc *Incident, k *Controller, sure Certainty) *Record {
	r := d.newRecord(inc, k, sure)
	r.reckon(binding(r), c.At, d.NewID)
	c.NewRecords = append(c.NewRecords, r)
	return r
}

// newRecord makes a record without clocks.
func (d *Desk) newRecord(inc *Incident, k *Controller, sure Certainty) *Record {
	r := &Record{ID: d.NewID(), Incident: inc.ID, Controller: k.ID, Name: k.Name, Lang: k.Lang, Part: AsProcessor,
		Certainty: sure, Authority: k.Authority, Hours: k.Hours, Mandate: k.Mandate, Stage: Untold, Shared: inc.Marks, Regimes: inc.Regimes, Version: 1}
	if k.ID == Own {
		r.Part, r.Stage = AsController, Ourselves
	}
	return r
}

func recordNames(rs []*Record) []string {
	names := make([]string, len(rs))
	for i, r := range rs {
		names[i] = r.Controller
	}
	return names
}
