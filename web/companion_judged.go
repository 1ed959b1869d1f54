package web

import (
	"slices"
	"strings"

	"hatakello/incident"
	"hatakello/incident/risk"
)

// judged are the staff's answers about the breach, or none where there are
// none or they cannot be read. The tier that they lead to is not told here: in
// another's form only she decides on the risk.
func (p companionParts) judged() risk.Facts {
	text := p.Record.EffectiveAnswers(p.Incident)
	if text == "" {
		return risk.Facts{}
	}
	f, err := readAnswers(text).facts()
	if err != nil {
		return risk.Facts{}
	}
	return f
}

// answerOf is a value that follows from one of the staff's answers, as surely
// as that was given. What they called unknown says nothing.
func answerOf(f risk.Facts, path, value string) formFact {
	state := f.Certainty[path].State
	if value == "" || state == "unknown" {
		return formFact{}
	}
	sure := incident.Assumed
	if state == "known" {
		sure = incident.Known
	}
	return formFact{value, fromProcessor, sure}
}

// pending is the answer to a matter that is still looked into: to be clarified
// while the notification is preliminary, else a question.
func (p companionParts) pending() formFact {
	if p.preliminary() {
		return formFact{"tbd", derived, ""}
	}
	return formFact{}
}

// affected says which of confidentiality, integrity and availability is hit.
func affected(p companionParts) formFact {
	f := p.judged()
	return answerOf(f, "breach", strings.Join(f.Breach, " "))
}

// disclosure says whether data have come out. That they have not is only said
// where the logs were complete.
func disclosure(p companionParts) formFact {
	f := p.judged()
	if !slices.Contains(f.Breach, "confidentiality") {
		return formFact{}
	}
	switch whole := f.Evidence.LogsComplete; {
	case f.Exposure.Exfiltration == "confirmed":
		return answerOf(f, "exposure.exfiltration", "disclosed")
	case f.Exposure.Exfiltration == "excluded" && whole != nil && *whole:
		return answerOf(f, "exposure.exfiltration", "not")
	}
	return p.pending()
}

// unreadable says whether outsiders could read the data.
func unreadable(p companionParts) formFact {
	f := p.judged()
	switch x := f.Protection; {
	case x.Encrypted == "yes" && x.Key == "safe":
		return answerOf(f, "protection.encrypted", "intact")
	case x.Encrypted == "yes" && x.Key == "compromised":
		return answerOf(f, "protection.encrypted", "weak")
	case x.Encrypted == "no":
		return answerOf(f, "protection.encrypted", "no")
	}
	if !slices.Contains(f.Breach, "confidentiality") {
		return formFact{}
	}
	return p.pending()
}

// lossOf says how availability was lost.
func lossOf(p companionParts) formFact {
	f := p.judged()
	if loss := f.Availability.Loss; loss == "temporary" || loss == "permanent" {
		return answerOf(f, "availability.loss", loss)
	}
	return formFact{}
}

// dataTypes are the form's codes of the kinds of data in the staff's answers.
// What the form has no code for is "other".
var dataTypes = map[string]string{
	"name": "basic", "contact": "contact", "address": "contact", "national_id": "hetu", "id_document": "id_documents",
	"credentials": "credentials", "password_hash": "credentials", "payment_card": "payment", "financial": "financial",
	"location": "location", "behaviour": "profile", "communications": "communications", "health": "sp_health",
	"social_care": "social_care", "criminal": "criminal",
}

// kindsOfData lists the kinds of data concerned.
func kindsOfData(p companionParts) formFact {
	f := p.judged()
	var codes []string
	for _, kind := range f.Data {
		code, ok := dataTypes[kind]
		if !ok {
			code = "other"
		}
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	return answerOf(f, "data", strings.Join(codes, " "))
}

// riskLevels are the form's codes of the tiers.
var riskLevels = map[incident.Tier]string{incident.Unlikely: "none", incident.Likely: "risk", incident.High: "high"}

// ownRisk is the risk that was decided on, of the company's own register alone:
// in a customer's form the customer decides.
func ownRisk(p companionParts) formFact {
	if p.us() {
		return formFact{}
	}
	return filledWith(riskLevels[p.Record.Tier], derived)
}

// ownReason is why, as it was decided.
func ownReason(p companionParts) formFact {
	if n := len(p.Record.Assessed); !p.us() && n > 0 && p.Record.Tier != incident.Unassessed {
		return filledWith(p.Record.Assessed[n-1].Reason, derived)
	}
	return formFact{}
}

// ownOfficer names the own company's data protection officer.
func (p companionParts) ownOfficer(text string) formFact {
	if p.us() || p.Org.DPO == "" {
		return formFact{}
	}
	return filledWith(text, fromRegister)
}

// contactPoint is whom the authority can ask: the register's first contact, of
// an own register our own.
func contactPoint(p companionParts) formFact {
	c := p.party(false)
	return filledWith(joined(c.Contact, c.Email, c.Phone), fromRegister)
}

// holdInForce is the newest order not to tell people that has not ended.
func holdInForce(p companionParts) formFact {
	for _, d := range slices.Backward(p.Record.Decisions) {
		if d.Kind == "hold_ended" {
			break
		}
		if d.Kind == "hold" && !d.Waits {
			return filledWith(joined(d.Authority, d.Until.In(reportZone(p.Org)).Format("2.1.2006")), derived)
		}
	}
	return formFact{}
}
