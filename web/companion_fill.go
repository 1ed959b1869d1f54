package web

import (
	"strings"
	"time"

	"hatakello/incident"
	"hatakello/templates"
)

// companionParts is what an authority's form is filled from: the record with
// what belongs to it, and what the controller has answered.
type companionParts struct {
	reportParts
	Answers map[string]incident.FormAnswer // by key of the answer
	Mandate string                         // the document by which we file for her, or ""
	Changes string                         // what is new since the pack before, or ""
	Kind    string                         // of the notification; "" is the one that the record proposes
	Now     time.Time
}

// origin says where a value of a form comes from.
type origin string

// The origins. A blank value has none: it is a question for the controller.
const (
	fromProcessor origin = "processor" // a fact that we state, with its certainty
	fromRegister  origin = "register"  // from our register of customers: she checks it
	derived       origin = "derived"   // follows from the record
	constant      origin = "constant"  // true of every notification through us
	answered      origin = "answer"    // she has said it
)

// formFact is what our record says to one field.
type formFact struct {
	Value  string
	Origin origin
	Sure   incident.Sure // of a fact of ours
}

// kind is what sort of notification is prepared.
func (p companionParts) kind() string {
	if p.Kind != "" {
		return p.Kind
	}
	return reportKind(p.Record)
}

// preliminary reports whether matters may still be left to be clarified. In a
// supplement what is not known stays a question.
func (p companionParts) preliminary() bool { return p.kind() == "preliminary" }

// late reports whether 72 hours have passed from the controller's awareness,
// at the filing if there was one.
func (p companionParts) late() bool {
	if k, _ := herClock(p.Record, p.Answers, p.Now, reportZone(p.Org)); k != nil {
		return k.Late()
	}
	return false
}

// us reports whether we are the processor, not the controller itself.
func (p companionParts) us() bool { return p.Record.Part != incident.AsController }

// parties names us, the sub-processor that the breach came from, and those with
// whom the controller decides together.
func (p companionParts) parties() string {
	all := []string{p.Org.Name}
	if x := p.Incident.Source; x.Known() {
		all = append(all, x.Name)
	}
	for _, r := range p.Joint {
		all = append(all, r.Name)
	}
	return joined(all...)
}

var partyRole = map[incident.Part]string{incident.AsProcessor: "processor", incident.AsSubprocessor: "subprocessor"}

// facts are the record's own over the shared ones; numbers are never shared.
func (p companionParts) facts() incident.Facts { return p.Record.Facts.Over(p.Incident.Facts) }

// party gives the controller, or us.
func (p companionParts) party(processor bool) templates.ReportParty {
	controller, us := reportParties(p.reportParts)
	if processor {
		return us
	}
	return controller
}

func filledWith(text string, from origin) formFact {
	if text == "" {
		return formFact{}
	}
	return formFact{incident.Mask(text), from, ""}
}

// named is a fact of ours that needs no certainty: a name.
func named(text string) formFact {
	f := filledWith(text, fromProcessor)
	if f.Value != "" {
		f.Sure = incident.Known
	}
	return f
}

// ours is what is true where we are the processor; of an own register nothing
// is said of other parties.
func (p companionParts) ours(text string, from origin) formFact {
	if !p.us() {
		return formFact{}
	}
	return filledWith(text, from)
}

// mandated names us as the reporting person, which we are only with a mandate
// of the controller (rule 22).
func (p companionParts) mandated(text string) formFact {
	if p.Mandate == "" || !p.us() {
		return formFact{}
	}
	return filledWith(text, derived)
}

func joined(parts ...string) string {
	var all []string
	for _, s := range parts {
		if s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, ", ")
}

// told is a description of ours with its certainty.
func told(f incident.Fact) formFact {
	if f.Blank() {
		return formFact{}
	}
	sure := f.Sure
	if sure != incident.Known {
		sure = incident.Assumed
	}
	return formFact{incident.Mask(f.Text), fromProcessor, sure}
}

func (p companionParts) moment(m incident.Moment) formFact {
	k, ok := p.Record.At(m)
	if !ok || k.At.IsZero() {
		return formFact{}
	}
	sure := incident.Known
	if k.Sure == incident.Assumed {
		sure = incident.Assumed
	}
	return formFact{k.At.UTC().Format(time.RFC3339), fromProcessor, sure}
}

// earlierReference is the newest filing's: its case number and its day.
func earlierReference(p companionParts) formFact {
	if len(p.Record.Filings) == 0 {
		return formFact{}
	}
	f := p.Record.Filings[len(p.Record.Filings)-1]
	return filledWith(joined(f.Reference, f.At.In(reportZone(p.Org)).Format("2.1.2006")), derived)
}

// lateReason is what was recorded when it was filed late.
func lateReason(p companionParts) formFact {
	for _, f := range p.Record.Filings {
		if f.LateReason != "" {
			return filledWith(f.LateReason, derived)
		}
	}
	return formFact{}
}

func (p companionParts) countKind(a incident.Amount) formFact {
	switch {
	case a.Blank() && p.preliminary():
		return formFact{"tbd", derived, ""}
	case a.Blank():
		return formFact{}
	case a.Sure == string(incident.CountExact):
		return formFact{"exact", fromProcessor, incident.Known}
	}
	return formFact{"approx", fromProcessor, incident.Assumed}
}

// countOf writes a number of ours; a range keeps both ends.
func countOf(a incident.Amount) formFact {
	if a.Blank() {
		return formFact{}
	}
	sure := incident.Assumed
	if a.Sure == string(incident.CountExact) {
		sure = incident.Known
	}
	n := incident.Count{Low: a.Low, High: a.High, Certainty: incident.CountCertainty(a.Sure)}
	return formFact{strings.TrimPrefix(n.String(), "~"), fromProcessor, sure}
}
