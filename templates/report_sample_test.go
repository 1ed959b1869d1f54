package templates

import "time"

func at(s string) time.Time {
	v, err := time.Parse("2006-01-02T15:04Z", s)
	if err != nil {
		panic(err)
	}
	return v
}

func zone() *time.Location {
	z, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		panic(err)
	}
	return z
}

// fullReport is a case of which everything is known, past the clock change.
func fullReport() Report {
	return Report{
		Kind: "supplementary", Number: "2026-014", Part: "processor", Certainty: "confirmed",
		Made: at("2026-03-30T15:30Z"), Zone: zone(),
		Controller: ReportParty{Name: "Šžäöå Hoiva Oy – Björkö", BusinessID: "1234567-1", Contact: "Åsa Öhman", Email: "asa@hoiva.example", Phone: "+358 50 000 0000"},
		Processor:  ReportParty{Name: "Esimerkkipalvelu Oy", Email: "tietosuoja@esimerkki.example", Phone: "+358 9 000 000", DPO: "Tuulia Esimerkki"},
		Services:   []string{"Ajanvaraus", "Laskutus"},
		Times: []ReportTime{
			{Moment: "occurred_from", At: at("2026-03-25T20:10Z"), Assumed: true, Why: "Ensimmäinen epätavallinen haku lokissa"},
			{Moment: "occurred_to", At: at("2026-03-26T04:00Z"), Why: "Tunnus suljettiin"},
			{Moment: "signal", At: at("2026-03-26T22:40Z"), Why: "Hälytys valvonnasta"},
			{Moment: "processor_aware", At: at("2026-03-27T13:20Z"), Why: "Päivystäjä varmisti lokista", Earlier: []time.Time{at("2026-03-27T12:00Z")}},
			{Moment: "controller_informed", At: at("2026-03-27T14:00Z"), Why: "accepted"},
			{Moment: "controller_aware", At: at("2026-03-27T14:00Z"), Why: "accepted"},
			{Moment: "contained", At: at("2026-03-27T15:00Z")},
		},
		Nature:       ReportFact{Text: "Ulkopuolinen sai haltuunsa ylläpitäjän tunnuksen ja haki ajanvarauksia. Palvelun hinta on 25 € kuukaudessa – ”lokit” on säilytetty."},
		Groups:       ReportFact{Text: "Asiakkaat ja heidän huoltajansa"},
		People:       ReportCount{Low: 1240, Sure: "about"},
		Data:         ReportFact{Text: "Nimi, puhelinnumero, varauksen aika", Assumed: true},
		Records:      ReportCount{Low: 3100, High: 3400, Sure: "range"},
		Consequences: ReportFact{Text: "Kalasteluviestit ja tietojen hallinnan menetys."},
		Measures:     ReportFact{Text: "Tunnus suljettiin, istunnot päätettiin ja salasanat vaihdettiin.\nEhdotus: vahva tunnistautuminen kaikille ylläpitäjille."},
		Risk:         &ReportRisk{Tier: "high_risk", Reason: "Varauksista näkyy terveyteen liittyviä käyntejä.", By: "Tuulia Esimerkki", Approver: "Olli Esimerkki", DPO: "Samaa mieltä", At: at("2026-03-28T08:00Z")},
		Limit:        &ReportLimit{Start: at("2026-03-27T14:00Z"), Due: at("2026-03-30T14:00Z"), Outer: at("2026-03-30T21:00Z")},
		Filings:      []ReportFiling{{Kind: "preliminary", At: at("2026-03-28T10:00Z"), Channel: "Verkkolomake", Reference: "2206/171/26"}},
		Notices: []ReportNotice{
			{N: 1, Made: at("2026-03-27T13:58Z"), Taken: at("2026-03-27T14:00Z"), AckedAt: at("2026-03-27T16:20Z"), AckedBy: "Åsa Öhman, toiminnanjohtaja"},
			{N: 2, Made: at("2026-03-28T09:00Z")},
		},
	}
}

// bareReport is a case of which nothing is known but that there is one.
func bareReport() Report {
	r := Report{Kind: "preliminary", Number: "2026-015", Part: "processor", Certainty: "possible", Made: at("2026-11-22T10:30Z"), Zone: zone(),
		Controller: ReportParty{Name: "Esimerkkiyhdistys ry"}, Processor: ReportParty{Name: "Esimerkkipalvelu Oy"}}
	for _, m := range []string{"occurred_from", "occurred_to", "signal", "processor_aware", "controller_informed", "controller_aware", "contained"} {
		r.Times = append(r.Times, ReportTime{Moment: m})
	}
	return r
}
