package web

import (
	"slices"
	"strings"
	"time"

	"hatakello/incident"
)

// clockView is one clock with what explains it.
type clockView struct {
	clock
	Name   string        // of the controller whose record it is
	Period string        // the time granted, in words; "" for none
	Cause  incident.Mark // what started it
	Known  bool          // whether Cause is known
	Was    []limitAt     // by values that were corrected, oldest first
	Is     string        // its state, in words
	Held   *incident.Decision
	Alone  bool // on the page of its own record
	Acts   []clockAct
	Open   bool // whether the case is still worked on
}

// limitAt is the limit that follows from one recorded time.
type limitAt struct {
	incident.Mark
	Duty  string
	Hours int
	Due   time.Time
}

// clockAct is a way to end a clock.
type clockAct struct{ Key, Need, To string }

// clockActs are the ways to end a clock, by the moment that ends it. {inc},
// {rec} and {duty} stand for ids and keys.
var clockActs = map[incident.Moment][]clockAct{
	incident.ControllerInformed: {{"notify", "notify", "/incidents/{inc}/notify?to={rec}"}, {"call", "phone", "/records/{rec}/call"}},
	incident.Reported:           {{"filing", "report", "/records/{rec}/filing"}, {"decision", "decide", "/records/{rec}/decision"}},
	incident.Supplemented:       {{"supplement", "report", "/records/{rec}/filing"}},
	incident.SubjectsTold:       {{"told", "tell", "/records/{rec}/people"}, {"hold", "hold", "/records/{rec}/hold"}},
}

// doneAct ends a clock of another law.
var doneAct = []clockAct{{"done", "mark", "/records/{rec}/done?duty={duty}"}}

// period puts a length of time into words.
func (s *Server) period(lang string, d incident.Period) string {
	switch {
	case d.Hours > 0:
		return s.Words.Say(lang, "clock.within.hours", "N", d.Hours)
	case d.Days > 0:
		return s.Words.Say(lang, "clock.within.days", "N", d.Days)
	case d.Months > 0:
		return s.Words.Say(lang, "clock.within.months", "N", d.Months)
	}
	return ""
}

// view explains one clock of a record.
func (s *Server) view(p *clocksPage, r *incident.Record, d *incident.Deadline) clockView {
	v := clockView{clock: clock{d, p.Now}, Name: r.Name, Period: s.period(p.Lang, d.Within), Open: p.Inc.Open()}
	if v.Name == "" {
		v.Name = s.Words.Say(p.Lang, "clock.own")
	}
	v.Alone = p.Rec != nil
	v.Cause, v.Known = r.Cause(d)
	v.Cause.By = authorName(v.Cause.By)
	v.Was = wasLimits(r, d, v.Cause)
	if d.To == incident.ToSubjects && d.Running() {
		v.Held = r.Held(p.Now)
	}
	v.Is = s.clockIs(p.Lang, r, v)
	v.Acts = actsOn(p.page, d)
	return v
}

// clockIs says in words how a clock stands.
func (s *Server) clockIs(lang string, r *incident.Record, v clockView) string {
	switch {
	case !v.Running():
		return s.Words.How(lang, v.How)
	case v.Held != nil:
		return s.Words.Say(lang, "clock.is.held")
	case r.Reopened(v.Deadline):
		return s.Words.Say(lang, "clock.is.reopened")
	case v.Late():
		return s.Words.Say(lang, "clock.is.late")
	}
	return s.Words.Say(lang, "clock.is.run")
}

// actsOn lists what the visitor may do to end a clock that runs.
func actsOn(p page, d *incident.Deadline) []clockAct {
	duty, _, ok := incident.DutyOf(d.Duty)
	if !ok || !d.Running() {
		return nil
	}
	acts := clockActs[duty.MetBy]
	if acts == nil {
		acts = doneAct
	}
	fill := strings.NewReplacer("{inc}", d.Incident, "{rec}", d.Record, "{duty}", d.Duty)
	var mine []clockAct
	for _, a := range acts {
		if p.May(a.Need) {
			a.To = fill.Replace(a.To)
			mine = append(mine, a)
		}
	}
	return mine
}

// wasLimits are the limits that followed from times that were corrected.
func wasLimits(r *incident.Record, d *incident.Deadline, cause incident.Mark) []limitAt {
	var all []limitAt
	for _, k := range slices.Concat(r.Shared, r.Marks) {
		if k.Moment != cause.Moment || k.Made.Equal(cause.Made) && k.At.Equal(cause.At) || k.At.IsZero() {
			continue
		}
		if due := d.LimitFrom(k.At); !due.IsZero() && !due.Equal(d.Due) {
			k.By = authorName(k.By)
			all = append(all, limitAt{k, d.Duty, d.Within.Hours, due})
		}
	}
	return all
}
