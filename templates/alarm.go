package templates

import (
	"strings"
	"time"
)

// Alarm is what staff are told. It has no place for the name of a customer, and
// none for free text but a Title that the organisation allows, because chat is
// not ours.
type Alarm struct {
	Key     string // "logged", "deadline", "failed", "stalled" or "unanswered"
	Number  string // of the case
	Title   string // of the case, in the chat and if the organisation allows it
	Duty    string // key, or ""
	Records int    // how many controllers it is about; 0 is not said
	Others  int    // other duties that are open in the case; 0 is not said
	Due     time.Time
	Left    time.Duration // until Due, negative when late
	At      time.Time
	Link    string    // to the case
	Way     string    // route that has closed or opened, for those keys
	Why     string    // it has closed
	Since   time.Time // when
	Sender  string    // our own name
	Zone    *time.Location
}

// form picks the wording of an alarm: a limit may be near, past, or none.
func (a Alarm) form() string {
	switch {
	case a.Key != "deadline":
		return a.Key
	case a.Due.IsZero():
		return "open"
	case a.Left < 0:
		return "late"
	}
	return "near"
}

// AlarmMail words an alarm as a mail.
func (w *Words) AlarmMail(lang string, a Alarm) Mail {
	v := w.wording(lang, a.Zone)
	l := letter{Lang: v.lang, From: a.Sender, Title: v.alarmHead(a), Meta: v.alarmRows(a)}
	p := part{Title: v.t("alarm.do"), Said: []string{v.t("alarm.do." + a.form())}}
	switch {
	case a.Way != "":
		p.Said = append(p.Said, w.Say(string(v.lang), "way.do."+a.Way))
		p.Steps = []step{{v.t("alarm.way"), a.Link, v.t("alarm.way.link")}}
	case a.Link != "":
		p.Steps = []step{{v.t("alarm.case"), a.Link, v.t("alarm.link")}}
	}
	l.Parts, l.Foot = []part{p}, []string{v.t("alarm.why")}
	return l.mail(v.alarmHead(a))
}

// AlarmCard words an alarm for chat: a headline, rows, and the words on the
// link to the case.
func (w *Words) AlarmCard(lang string, a Alarm) (head string, rows []string, open string) {
	v := w.wording(lang, a.Zone)
	for _, r := range v.alarmRows(a) {
		rows = append(rows, r.Label+": "+strings.Join(r.Lines, " "))
	}
	return v.alarmHead(a), rows, v.t("alarm.link")
}

func (w wording) alarmHead(a Alarm) string {
	if a.Way != "" {
		return w.Say(string(w.lang), "way."+a.Key+"."+a.Way)
	}
	return w.t("alarm."+a.form(), "Number", a.Number, "Left", Duration(w.lang, a.Left.Abs()))
}

func (w wording) alarmRows(a Alarm) []row {
	duty, records, others, due, left, late := "", "", "", "", "", ""
	if a.Duty != a.Key {
		duty = a.Duty
		if key := "duty." + a.Duty + ".name"; w.Has(string(w.lang), key) {
			duty = w.Say(string(w.lang), key)
		}
	}
	if a.Records > 0 {
		records = Number(w.lang, a.Records)
	}
	if a.Others > 0 {
		others = Number(w.lang, a.Others)
	}
	if !a.Due.IsZero() {
		due = w.both(a.Due)
		if left = Duration(w.lang, a.Left.Abs()); a.Left < 0 {
			left, late = "", left
		}
	}
	since, why := "", ""
	if a.Why != "" {
		since, why = w.both(a.Since), w.Say(string(w.lang), "way.why."+a.Why)
	}
	return filled(w.t("number"), a.Number, w.t("way.since"), since, w.t("way.why"), why, w.Say(string(w.lang), "chat.title"), a.Title, w.t("duty"), duty, w.t("controllers"), records, w.t("due"), due,
		w.t("left"), left, w.t("late"), late, w.t("others"), others,
		w.t("told"), w.both(a.At))
}
