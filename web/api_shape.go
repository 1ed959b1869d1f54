package web

import (
	"hatakello/incident"
)

// The shapes of the API's answers. Field names are part of its promise: they
// are only added to. Instants are as instant writes them.

type serviceJSON struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Own   bool   `json:"own"`
	Users int    `json:"customers"`
}

type customerJSON struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	BusinessID string        `json:"business_id"`
	Language   string        `json:"language"`
	Authority  string        `json:"authority"`
	Hours      int           `json:"contract_hours"`
	Contacts   []contactJSON `json:"contacts"`
	Services   []useJSON     `json:"services"`
	Version    int           `json:"version"`
}

type contactJSON struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Phone string `json:"phone"`

	Language string  `json:"language"`
	Awaits   bool    `json:"awaits_answer"`
	Ends     *string `json:"ends"`
}

func showContact(k incident.Contact) contactJSON {
	return contactJSON{k.Name, k.Email, k.Phone, k.Lang, k.Awaits, instant(k.Ends)}
}

type useJSON struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Tenant string `json:"tenant_id"`
}

type tallyJSON struct {
	Records  int `json:"records"`
	Notified int `json:"notified"`
	Accepted int `json:"accepted"`
	Acked    int `json:"acknowledged"`
	Failed   int `json:"failed"`
}

func showTally(t incident.Tally) tallyJSON {
	return tallyJSON{t.Records, t.Notified, t.Accepted, t.Acked, t.Failed}
}

type namedJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type incidentJSON struct {
	ID        string         `json:"id"`
	Number    string         `json:"number"`
	Title     string         `json:"title"`
	State     string         `json:"state"`
	Services  []namedJSON    `json:"services"`
	AwareAt   *string        `json:"aware_at"`
	Marks     []markJSON     `json:"marks"`
	Facts     incident.Facts `json:"facts"`
	Tally     tallyJSON      `json:"tally"`
	Deadlines []deadlineJSON `json:"deadlines"`
	LoggedAt  *string        `json:"logged_at"`
	LoggedBy  string         `json:"logged_by"`
	ClosedAt  *string        `json:"closed_at"`
	Ended     string         `json:"closed_reason"`
	Version   int            `json:"version"`
	Regimes   []string       `json:"regimes"`
	Inquiry   *inquiryJSON   `json:"inquiry"`
}

type rowJSON struct {
	ID       string        `json:"id"`
	Number   string        `json:"number"`
	Title    string        `json:"title"`
	State    string        `json:"state"`
	Services []string      `json:"services"`
	AwareAt  *string       `json:"aware_at"`
	LoggedAt *string       `json:"logged_at"`
	ClosedAt *string       `json:"closed_at"`
	Tally    tallyJSON     `json:"tally"`
	Next     *deadlineJSON `json:"next_deadline"`
	Waiting  int           `json:"waiting"`
	Theirs   *deadlineJSON `json:"controllers_deadline"`
}

type markJSON struct {
	Moment string  `json:"moment"`
	At     *string `json:"at"`
	Sure   string  `json:"sure"`
	Text   string  `json:"text"`
	Why    string  `json:"why"`
	By     string  `json:"by"`
	Made   *string `json:"recorded_at"`
}

func showMark(m incident.Mark) markJSON {
	return markJSON{string(m.Moment), instant(m.At), string(m.Sure), m.Text, m.Why, m.By, instant(m.Made)}
}

type deadlineJSON struct {
	Duty  string  `json:"duty"`
	Basis string  `json:"basis"`
	To    string  `json:"to"`
	Ours  bool    `json:"ours"`
	Start *string `json:"start"`
	Due   *string `json:"due"`
	Outer *string `json:"outer_limit"`
	Met   *string `json:"met_at"`
	How   string  `json:"how"`
}

func showDeadline(d *incident.Deadline) deadlineJSON {
	return deadlineJSON{d.Duty, d.Basis, string(d.To), d.Ours, instant(d.Start), instant(d.Due), instant(d.Outer), instant(d.Met), d.How}
}

type holderJSON struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Language string `json:"language"`
}

type lineJSON struct {
	ID         string         `json:"id"`
	Controller holderJSON     `json:"controller"`
	Part       string         `json:"part"`
	Certainty  string         `json:"certainty"`
	Stage      string         `json:"stage"`
	Tier       string         `json:"tier"`
	Hours      int            `json:"contract_hours"`
	AckedAt    *string        `json:"acknowledged_at"`
	AckedBy    string         `json:"acknowledged_by"`
	Deadlines  []deadlineJSON `json:"deadlines"`
}

func showLine(l *incident.Line) lineJSON {
	return lineJSON{l.ID, holderJSON{l.Controller, l.Name, l.Lang}, string(l.Part), string(l.Certainty), string(l.Stage), string(l.Tier),
		l.Hours, instant(l.AckedAt), l.AckedBy, each(l.Deadlines, showDeadline)}
}

// recordJSON is one record whole.
type recordJSON struct {
	lineJSON
	Incident    string           `json:"incident"`
	Notices     int              `json:"notices"`
	Facts       incident.Facts   `json:"facts"`
	Marks       []markJSON       `json:"marks"`
	Assessments []assessmentJSON `json:"assessments"`
	Filings     []filingJSON     `json:"filings"`
	Decisions   []decisionJSON   `json:"decisions"`
	Version     int              `json:"version"`
	Standing    string           `json:"standing"`
}

type assessmentJSON struct {
	Tier     string  `json:"tier"`
	Proposed string  `json:"proposed"`
	Reason   string  `json:"reason"`
	DPO      string  `json:"dpo"`
	By       string  `json:"by"`
	Approver string  `json:"approver"`
	At       *string `json:"at"`

	Borderline     bool     `json:"proposed_borderline"`
	Rules          string   `json:"rules"`
	Grounds        []string `json:"grounds"`
	Exemption      string   `json:"exempt"`
	ExemptionFacts string   `json:"exempt_facts"`
	Awaits         bool     `json:"awaits"`
}

func showAssessments(r *incident.Record) []assessmentJSON {
	all := make([]assessmentJSON, len(r.Assessed))
	for i, a := range r.Assessed {
		all[i] = assessmentJSON{string(a.Tier), string(a.Proposed), a.Reason, a.DPO, a.By, a.Approver, instant(a.At),
			a.Borderline, a.Rules, append([]string{}, a.Grounds...), a.Exempt.Ground, a.Exempt.Facts,
			a.Waits && r.Consent(incident.AnAssessment, i) == ""}
	}
	return all
}

type decisionJSON struct {
	Kind     string  `json:"kind"`
	Reason   string  `json:"reason"`
	Approver string  `json:"approver"`
	DPO      string  `json:"dpo"`
	By       string  `json:"by"`
	At       *string `json:"at"`

	Authority string  `json:"authority"`
	From      *string `json:"from"`
	Until     *string `json:"until"`
	Awaits    bool    `json:"awaits"`
}

func showDecisions(r *incident.Record) []decisionJSON {
	all := make([]decisionJSON, len(r.Decisions))
	for i, d := range r.Decisions {
		all[i] = decisionJSON{d.Kind, d.Reason, d.Approver, d.DPO, d.By, instant(d.At), d.Authority, instant(d.From), instant(d.Until),
			d.Waits && r.Consent(incident.ADecision, i) == ""}
	}
	return all
}

func showRecord(r *incident.Record) recordJSON {
	out := recordJSON{Incident: r.Incident, Notices: r.Notices, Facts: r.Facts, Version: r.Version,
		Marks: each(r.Marks, showMark), Standing: string(r.Standing()), Assessments: showAssessments(r), Filings: each(r.Filings, showFiling), Decisions: showDecisions(r)}
	out.lineJSON = lineJSON{r.ID, holderJSON{r.Controller, r.Name, r.Lang}, string(r.Part), string(r.Certainty), string(r.Stage), string(r.Tier),
		r.Hours, instant(r.AckedAt), r.AckedBy, each(r.Deadlines, showDeadline)}
	return out
}

func stateOf(open bool) string {
	if open {
		return "open"
	}
	return "closed"
}
