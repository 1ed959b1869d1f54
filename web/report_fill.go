package web

import (
	"slices"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

// reportParts is what a report is filled from. All of it belongs to the one
// record, except the incident's shared facts and times.
type reportParts struct {
	Incident   *incident.Incident
	Record     *incident.Record
	Controller *incident.Controller // nil if it has left the register
	Org        incident.Organisation
	Services   []string // names of those that this controller uses
	Notices    []*incident.Notice
	Deliveries []*incident.Delivery // of this record, with receipts
	Joint      []*incident.Record   // of those with whom the controller decides together
}

// reportMoments are the times of a report, in order. The own company's record
// has no processor and nobody to inform.
var reportMoments = map[bool][]incident.Moment{
	false: {incident.OccurredFrom, incident.OccurredTo, incident.Signal, incident.ProcessorAware, incident.ControllerInformed,
		incident.ControllerAware, incident.Contained},
	true: {incident.OccurredFrom, incident.OccurredTo, incident.Signal, incident.ControllerAware, incident.Contained},
}

// fillReport makes the report of one controller's record as it stands at now.
// Numbers are the record's own: the incident's would be the processor's total
// (rule 24). Personal numbers in free text are masked (rule 49).
func fillReport(p reportParts, now time.Time, zone *time.Location) templates.Report {
	rec := p.Record
	facts := rec.Facts.Over(p.Incident.Facts)
	r := templates.Report{
		Kind: reportKind(rec), Number: p.Incident.Number, Authority: rec.CompetentAuthority(),
		Part: string(rec.Part), Certainty: string(rec.Certainty), Made: now.UTC(), Zone: zone, Services: p.Services,

		Nature: reportFact(facts.Nature), Groups: reportFact(facts.Groups), Data: reportFact(facts.Data),
		Consequences: reportFact(facts.Consequences), Measures: reportFact(facts.Measures),
		People: reportCount(rec.Facts.People), Records: reportCount(rec.Facts.Records),

		Risk: reportRisk(rec), Limit: reportLimit(rec),
		Told: reportTime(rec, incident.SubjectsTold), Promised: reportTime(rec, incident.SupplementPromised),
		Notices: reportNotices(p.Notices, p.Deliveries),
	}
	r.Controller, r.Processor = reportParties(p)
	r.Joint, r.Arranged = reportJoint(p)
	if x := p.Incident.Source; x.Known() {
		r.Source = templates.ReportSource{Name: x.Name, Country: x.Country, Aware: x.TheirAware, Told: x.TheyTold}
	}
	for _, m := range reportMoments[rec.Part == incident.AsController] {
		r.Times = append(r.Times, reportTime(rec, m))
	}
	for _, f := range rec.Filings {
		r.Filings = append(r.Filings, templates.ReportFiling{Kind: f.Kind, At: f.At, Channel: incident.Mask(f.Channel),
			Reference: f.Reference, LateReason: incident.Mask(f.LateReason)})
	}
	for _, d := range rec.Decisions {
		r.Decisions = append(r.Decisions, templates.ReportDecision{Kind: d.Kind, Reason: incident.Mask(d.Reason), By: d.By,
			Approver: d.Approver, DPO: incident.Mask(d.DPO), Authority: d.Authority, At: d.At, Until: d.Until})
	}
	return r
}

// reportJoint names the joint controllers of a record, itself first. They know
// of each other by their arrangement; nobody else is named (rule 24).
func reportJoint(p reportParts) (all []templates.ReportJoint, arranged bool) {
	if !p.Record.Joint.Any() {
		return nil, false
	}
	for _, r := range append([]*incident.Record{p.Record}, p.Joint...) {
		all = append(all, templates.ReportJoint{Name: r.Name, Lead: r.Joint.Lead})
	}
	return all, p.Record.Joint.Arranged
}

// reportKind proposes what sort of notification the report is for: the first
// is preliminary, later ones supplement it, and what turned out not to concern
// the controller is withdrawn (rule 43).
func reportKind(rec *incident.Record) string {
	switch {
	case len(rec.Filings) == 0:
		return "preliminary"
	case rec.Certainty == incident.NotAffected:
		return "withdrawal"
	}
	return "supplementary"
}

// reportParties gives the controller and the processor; of an own register the
// organisation is the controller and there is no processor.
func reportParties(p reportParts) (controller, processor templates.ReportParty) {
	controller.Name = p.Record.Name
	if k := p.Controller; k != nil {
		controller.BusinessID = k.BusinessID
		if len(k.Contacts) > 0 {
			c := k.Contacts[0]
			controller.Contact, controller.Email, controller.Phone = c.Name, c.Email, c.Phone
		}
	}
	us := templates.ReportParty{Name: p.Org.Name, Email: p.Org.Email, Phone: p.Org.Phone, DPO: p.Org.DPO}
	if p.Record.Part != incident.AsController {
		return controller, us
	}
	us.BusinessID = controller.BusinessID
	if us.Name == "" {
		us.Name = controller.Name
	}
	return us, templates.ReportParty{}
}

func reportFact(f incident.Fact) templates.ReportFact {
	if f.Blank() {
		return templates.ReportFact{}
	}
	return templates.ReportFact{Text: incident.Mask(f.Text), Assumed: f.Sure == incident.Assumed}
}

func reportCount(a incident.Amount) templates.ReportCount {
	return templates.ReportCount{Low: a.Low, High: a.High, Sure: a.Sure}
}

// reportTime gives a moment's newest mark and what was recorded before it. A
// controller that has not said when it became aware did so at the latest when
// it was informed; the own company, when it first knew.
func reportTime(rec *incident.Record, m incident.Moment) templates.ReportTime {
	k, _ := rec.At(m)
	t := templates.ReportTime{Moment: string(m), At: k.At, Assumed: k.Sure == incident.Assumed, Why: incident.Mask(k.Why),
		Ongoing: k.Sure == incident.Ongoing && k.At.IsZero(), Unknown: k.Sure == incident.Unknown && k.At.IsZero()}
	for _, old := range append(slices.Clone(rec.Shared), rec.Marks...) {
		if old.Moment == m && !old.At.IsZero() && !old.At.Equal(k.At) {
			t.Earlier = append(t.Earlier, old.At)
		}
	}
	if m != incident.ControllerAware || !k.At.IsZero() {
		return t
	}
	from, why := incident.ControllerInformed, "informed"
	if rec.Part == incident.AsController {
		from, why = incident.ProcessorAware, ""
	}
	if k, ok := rec.At(from); ok && !k.At.IsZero() {
		t.At, t.Assumed, t.Why = k.At, k.Sure == incident.Assumed || why != "", why
		if why == "" {
			t.Why = incident.Mask(k.Why)
		}
	}
	return t
}

// reportRisk gives the newest assessment, or nil.
func reportRisk(rec *incident.Record) *templates.ReportRisk {
	if len(rec.Assessed) == 0 {
		return nil
	}
	a := rec.Assessed[len(rec.Assessed)-1]
	return &templates.ReportRisk{Tier: string(a.Tier), Reason: incident.Mask(a.Reason), By: a.By, Approver: a.Approver,
		DPO: incident.Mask(a.DPO), At: a.At}
}

// reportLimit gives the clock of Art. 33(1), or nil if none has started.
func reportLimit(rec *incident.Record) *templates.ReportLimit {
	for _, d := range rec.Deadlines {
		if d.To == incident.ToAuthority && !d.Due.IsZero() {
			return &templates.ReportLimit{Start: d.Start, Due: d.Due, Outer: d.Outer, Met: d.Met, Late: incident.Mask(d.Reason)}
		}
	}
	return nil
}

// reportNotices gives the notices with the first time at which a server took
// each of them, unless it came back.
func reportNotices(notices []*incident.Notice, deliveries []*incident.Delivery) []templates.ReportNotice {
	var all []templates.ReportNotice
	for _, n := range notices {
		r := templates.ReportNotice{N: n.N, Made: n.At, Phoned: n.Phoned, AckedAt: n.AckedAt, AckedBy: incident.Mask(n.AckedBy)}
		if n.Phoned {
			r.Taken = n.At
		}
		for _, d := range deliveries {
			if d.Notice == n.ID && d.Reached() {
				r.Taken = earliest(r.Taken, d.Receipts)
			}
		}
		all = append(all, r)
	}
	return all
}

// earliest returns the first of t, unless it is zero, and the attempts that
// were taken.
func earliest(t time.Time, receipts []incident.Receipt) time.Time {
	for _, rc := range receipts {
		if rc.OK && rc.Report == "" && (t.IsZero() || rc.Ended.Before(t)) {
			t = rc.Ended
		}
	}
	return t
}
