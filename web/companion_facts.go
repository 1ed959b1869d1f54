package web

import (
	"strings"

	"hatakello/incident"
)

// companionFacts is the mapping table from our record to the Ombudsman's form:
// what the record can say to each field. The fields that are not in it are
// questions for the controller; other forms refer to these fields.
var companionFacts = map[string]func(p companionParts) formFact{
	"notification_type":  func(p companionParts) formFact { return formFact{p.kind(), derived, ""} },
	"earlier_reference":  earlierReference,
	"supplement_summary": func(p companionParts) formFact { return filledWith(p.Changes, derived) },
	"own_reference":      func(p companionParts) formFact { return filledWith(p.Incident.Number, derived) },
	"language":           func(p companionParts) formFact { return filledWith(p.Record.Lang, fromRegister) },

	"controller_name":        func(p companionParts) formFact { return filledWith(p.party(false).Name, fromRegister) },
	"controller_business_id": func(p companionParts) formFact { return filledWith(p.party(false).BusinessID, fromRegister) },
	"controller_email":       func(p companionParts) formFact { return filledWith(p.party(false).Email, fromRegister) },
	"controller_phone":       func(p companionParts) formFact { return filledWith(p.party(false).Phone, fromRegister) },

	"reporter_name":    func(p companionParts) formFact { return p.mandated(p.Org.Name) },
	"reporter_role":    func(p companionParts) formFact { return p.mandated("authorised") },
	"reporter_contact": func(p companionParts) formFact { return p.mandated(joined(p.Org.Email, p.Org.Phone)) },
	"authorisation":    func(p companionParts) formFact { return p.mandated(p.Mandate) },

	"other_parties":         func(p companionParts) formFact { return p.ours("yes", constant) },
	"party_role":            func(p companionParts) formFact { return p.ours(partyRole[p.Record.Part], derived) },
	"party_name":            func(p companionParts) formFact { return p.ours(p.parties(), fromProcessor) },
	"party_contact":         func(p companionParts) formFact { return p.ours(joined(p.Org.Email, p.Org.Phone), fromProcessor) },
	"service_concerned":     func(p companionParts) formFact { return named(strings.Join(p.Services, ", ")) },
	"processor_informed_at": func(p companionParts) formFact { return p.moment(incident.ControllerInformed) },
	"processor_aware_at":    func(p companionParts) formFact { return p.moment(incident.ProcessorAware) },

	"occurrence_mode":      occurrenceMode,
	"occurrence_estimated": occurrenceEstimated,
	"occurrence_start":     func(p companionParts) formFact { return p.moment(incident.OccurredFrom) },
	"occurrence_end":       func(p companionParts) formFact { return p.moment(incident.OccurredTo) },
	"detected_at":          func(p companionParts) formFact { return p.moment(incident.Signal) },
	"discovery":            func(p companionParts) formFact { return p.ours("processor", derived) },
	"delay_reason":         lateReason,

	"description":    func(p companionParts) formFact { return told(p.facts().Nature) },
	"subject_detail": func(p companionParts) formFact { return told(p.facts().Groups) },
	"data_detail":    func(p companionParts) formFact { return told(p.facts().Data) },
	"consequences":   func(p companionParts) formFact { return told(p.facts().Consequences) },
	"measures_taken": func(p companionParts) formFact { return told(p.facts().Measures) },

	"cia":               affected,
	"conf_type":         disclosure,
	"unintelligible":    unreadable,
	"availability_type": lossOf,
	"data_types":        kindsOfData,
	"risk_level":        ownRisk,
	"risk_method":       ownReason,
	"dpo_designated":    func(p companionParts) formFact { return p.ownOfficer("yes") },
	"dpo_name":          func(p companionParts) formFact { return p.ownOfficer(p.Org.DPO) },
	"dpo_contact":       func(p companionParts) formFact { return p.ownOfficer(joined(p.Org.Email, p.Org.Phone)) },
	"contact_point":     contactPoint,
	"gag_order":         holdInForce,

	// Numbers are the record's own: the incident's would be our total (rule 24).
	"subject_count_kind": func(p companionParts) formFact { return p.countKind(p.Record.Facts.People) },
	"subject_count":      func(p companionParts) formFact { return countOf(p.Record.Facts.People) },
	"record_count_kind":  func(p companionParts) formFact { return p.countKind(p.Record.Facts.Records) },
	"record_count":       func(p companionParts) formFact { return countOf(p.Record.Facts.Records) },
}
