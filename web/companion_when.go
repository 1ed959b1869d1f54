package web

import "hatakello/incident"

// occurrenceMode says when it happened: at a time, over a period, or still.
// That it has ended is only said if its end is recorded.
func occurrenceMode(p companionParts) formFact {
	from, to := p.moment(incident.OccurredFrom), p.moment(incident.OccurredTo)
	end, _ := p.Record.At(incident.OccurredTo)
	switch {
	case end.Sure == incident.Ongoing && end.At.IsZero():
		return formFact{"ongoing", derived, ""}
	case from.Value == "" && p.preliminary():
		return formFact{"tbd", derived, ""}
	case from.Value == "" || to.Value == "":
		return formFact{} // that it still goes on is more than a missing end says
	case from.Value == to.Value:
		return formFact{"moment", derived, ""}
	}
	return formFact{"period", derived, ""}
}

func occurrenceEstimated(p companionParts) formFact {
	from, to := p.moment(incident.OccurredFrom), p.moment(incident.OccurredTo)
	switch {
	case from.Value == "":
		return formFact{}
	case from.Sure == incident.Assumed || to.Sure == incident.Assumed:
		return formFact{"yes", derived, ""}
	}
	return formFact{"no", derived, ""}
}
