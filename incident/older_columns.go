package incident

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// olderColumn is a column that the import of an older register knows: its name,
// under which errors are told, its other names as foldHeader leaves them, and
// how a cell is read.
type olderColumn struct {
	Field  string
	Names  string // separated by |
	Needed bool
	Read   func(r *olderRow, cell string, at olderTimes) *Error
}

// olderTimes is how times are read: until when, and in which zone.
type olderTimes struct {
	now  time.Time
	zone *time.Location
}

// olderColumns are in the order in which they are documented.
var olderColumns = []olderColumn{
	{"number", "no|nro|numero|nummer|nr|tunnus|casenumber|asianumero|ärendenummer", false, olderNumber},
	{"date", "päivä|päiväys|päivämäärä|datum|aware|awareat|tietoisuus|havaittu|upptäckt|detected|discovered|dated", true, olderMark(ProcessorAware)},
	{"occurred", "occurredat|tapahtui|tapahtumaaika|tapahtumapäivä|inträffade|händelsedatum|occurredfrom", false, olderMark(OccurredFrom)},
	{"title", "otsikko|rubrik|name|nimi|tapaus|ärende|case", false, olderTitle},
	{"description", "facts|nature|kuvaus|mitätapahtui|tapahtumat|beskrivning|vadhände|fakta|seikat", false, olderFact(func(f *Facts) *Fact { return &f.Nature })},
	{"data", "personaldata|henkilötiedot|tiedot|personuppgifter|uppgifter", false, olderFact(func(f *Facts) *Fact { return &f.Data })},
	{"groups", "ryhmät|rekisteröidyt|rekisteröityjenryhmät|registrerade|kategorier|datasubjects", false, olderFact(func(f *Facts) *Fact { return &f.Groups })},
	{"people", "count|ihmisiä|henkilöitä|rekisteröityjä|lukumäärä|määrä|antal|antalregistrerade|numberofpeople", false, olderPeople},
	{"effects", "consequences|seuraukset|vaikutukset|följder|konsekvenser|effekter", false, olderFact(func(f *Facts) *Fact { return &f.Consequences })},
	{"measures", "remedialaction|actions|toimet|toimenpiteet|korjaavattoimet|åtgärder|korrigerandeåtgärder", false, olderFact(func(f *Facts) *Fact { return &f.Measures })},
	{"risk", "riski|riskitaso|risktier|risknivå", false, olderWord("older.risk", olderRisks, func(o *Older, v string) { o.Risk = Tier(v) })},
	{"decision", "päätös|beslut|ilmoitettu|anmäld|notified|outcome", false, olderWord("older.decision", olderDecisions, func(o *Older, v string) { o.Decision = v })},
	{"reason", "reasons|perustelu|perustelut|syy|motivering|skäl|why", false, func(r *olderRow, cell string, _ olderTimes) *Error { r.inc.Older.Reason = cell; return nil }},
	{"decided_by", "päättäjä|päätöksentekijä|beslutsfattare|approver", false, func(r *olderRow, cell string, _ olderTimes) *Error { r.inc.Older.By = cell; return nil }},
	{"reported", "reportedat|ilmoituspäivä|ilmoitettuviranomaiselle|anmälningsdatum|anmäldtillmyndigheten|notifiedat", false, olderReported},
	{"reference", "viite|diaarinumero|asianumeroviranomaisella|diarienummer|referens|authorityreference", false, func(r *olderRow, cell string, _ olderTimes) *Error { r.inc.Older.Reference = cell; return nil }},
	{"part", "role|rooli|asema|osa|roll|register", false, olderWord("older.part", olderParts, func(o *Older, v string) { o.Part = v })},
	{"closed", "closedat|suljettu|päätetty|avslutad|avslutat", false, olderClosed},
}

// What an old register may call things, in lower case.
var (
	olderRisks = map[string]string{"unlikely_risk": "unlikely_risk", "no risk": "unlikely_risk", "none": "unlikely_risk", "low": "unlikely_risk", "ei riskiä": "unlikely_risk",
		"matala": "unlikely_risk", "ei aiheudu riskiä": "unlikely_risk", "ingen risk": "unlikely_risk", "låg": "unlikely_risk", "risk": "risk", "medium": "risk", "riski": "risk",
		"aiheutuu riski": "risk", "keskitaso": "risk", "high_risk": "high_risk", "high risk": "high_risk", "high": "high_risk", "korkea riski": "high_risk", "korkea": "high_risk",
		"aiheutuu korkea riski": "high_risk", "hög risk": "high_risk", "hög": "high_risk"}
	olderDecisions = map[string]string{"reported": "reported", "notified": "reported", "yes": "reported", "ilmoitettu": "reported", "ilmoitettu viranomaiselle": "reported",
		"kyllä": "reported", "anmäld": "reported", "anmält": "reported", "ja": "reported", "not_notifiable": "not_notifiable", "not notifiable": "not_notifiable",
		"not notified": "not_notifiable", "no": "not_notifiable", "ei ilmoitettu": "not_notifiable", "ei ilmoitettava": "not_notifiable", "ei": "not_notifiable",
		"inte anmäld": "not_notifiable", "ej anmäld": "not_notifiable", "nej": "not_notifiable", "behöver inte anmälas": "not_notifiable", "no_breach": "no_breach", "no breach": "no_breach",
		"ei loukkausta": "no_breach", "ei loukkaus": "no_breach", "ingen incident": "no_breach", "theirs": "theirs", "controller": "theirs", "rekisterinpitäjä": "theirs",
		"rekisterinpitäjä päättää": "theirs", "den ansvariga": "theirs"}
	olderParts = map[string]string{"controller": "controller", "own": "controller", "own register": "controller", "oma": "controller", "oma rekisteri": "controller",
		"rekisterinpitäjä": "controller", "eget register": "controller", "personuppgiftsansvarig": "controller", "processor": "processor", "käsittelijä": "processor",
		"käsittelijänä": "processor", "biträde": "processor", "som biträde": "processor", "both": "both", "molemmat": "both", "båda": "both"}
)

// olderWord reads a cell that holds one of a few words.
func olderWord(key string, known map[string]string, set func(*Older, string)) func(*olderRow, string, olderTimes) *Error {
	return func(r *olderRow, cell string, _ olderTimes) *Error {
		v, ok := known[strings.ToLower(strings.Join(strings.Fields(cell), " "))]
		if !ok {
			return badCell("", key, "text", clip(cell))
		}
		set(r.inc.Older, v)
		return nil
	}
}

func olderNumber(r *olderRow, cell string, _ olderTimes) *Error {
	if len([]rune(cell)) > 40 || strings.ContainsAny(cell, "\n\r\t") {
		return badCell("", "older.number", "text", clip(cell))
	}
	r.number = cell
	return nil
}

func olderTitle(r *olderRow, cell string, _ olderTimes) *Error {
	r.inc.Title = shorten(strings.Join(strings.Fields(cell), " "), titleMax)
	return nil
}

// olderFact reads a text into one of the facts.
func olderFact(of func(*Facts) *Fact) func(*olderRow, string, olderTimes) *Error {
	return func(r *olderRow, cell string, _ olderTimes) *Error {
		*of(&r.inc.Facts) = Fact{Text: cell, Sure: Known}
		return nil
	}
}

func olderPeople(r *olderRow, cell string, _ olderTimes) *Error {
	n, err := ParseCount(cell)
	if err != nil {
		return badCell("", "older.people", "text", clip(cell))
	}
	r.inc.Facts.People = n.Amount()
	return nil
}

// The days that a spreadsheet's number may mean: 1982 to 2118.
const sheetFirst, sheetLast = 30000, 80000

// read reads a time or a day; a spreadsheet's own number counts days since
// the end of 1899. Day reports that no time of day was said.
func (at olderTimes) read(cell string) (when time.Time, day bool, bad *Error) {
	if n, err := strconv.ParseFloat(cell, 64); err == nil && n >= sheetFirst && n < sheetLast {
		t := time.Date(1899, 12, 30, 0, 0, 0, 0, at.zone).AddDate(0, 0, int(n))
		rest := time.Duration((n - float64(int(n))) * 24 * float64(time.Hour)).Round(time.Minute)
		t = time.Date(t.Year(), t.Month(), t.Day(), 0, int(rest.Minutes()), 0, 0, at.zone)
		return at.past(t, rest == 0, cell)
	}
	t, err := ParseLocal(cell, at.now, at.zone)
	var doubt *LocalTimeError
	if errors.As(err, &doubt) {
		if doubt.Kind != LocalNoTime {
			return when, false, badCell("", "older.date", "text", clip(cell))
		}
		return at.past(doubt.First, true, cell)
	}
	return at.past(t, false, cell)
}

func (at olderTimes) past(t time.Time, day bool, cell string) (time.Time, bool, *Error) {
	if t.After(at.now) {
		return t, day, badCell("", "older.future", "text", clip(cell))
	}
	return t.UTC(), day, nil
}

// olderMark reads when a moment came. A day without a time is an assumption.
func olderMark(m Moment) func(*olderRow, string, olderTimes) *Error {
	return func(r *olderRow, cell string, at olderTimes) *Error {
		t, day, bad := at.read(cell)
		if bad != nil {
			return bad
		}
		k := Mark{Moment: m, At: t, Sure: Known, Text: cell, By: r.inc.LoggedBy, Made: r.inc.LoggedAt}
		if day {
			k.Sure = Assumed
		}
		r.inc.Marks = append(r.inc.Marks, k)
		return nil
	}
}

func olderReported(r *olderRow, cell string, at olderTimes) (bad *Error) {
	r.inc.Older.Reported, _, bad = at.read(cell)
	return bad
}

func olderClosed(r *olderRow, cell string, at olderTimes) (bad *Error) {
	r.inc.ClosedAt, _, bad = at.read(cell)
	return bad
}
