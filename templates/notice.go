package templates

import (
	"strings"
	"time"
)

// Notice is everything that a notice to one controller says. It is built from
// that controller's record alone.
type Notice struct {
	Organisation string // who speaks
	Email        string // contact point, Art. 33(3)(b)
	Phone        string
	DPO          string
	Number       string // of the case
	N            int    // 1 is the first, later ones are supplements
	Controller   string
	Receiver     string   // name of the person, or ""
	Services     []string // that this controller uses
	Said         string   // the staff's words; in a supplement what is new
	Nature       NoticeFact
	Data         NoticeFact
	Groups       NoticeFact
	People       NoticeCount
	Records      NoticeCount // of personal data; not the same as people
	Consequences NoticeFact
	Measures     NoticeFact
	Advice       NoticeFact
	From, To     NoticeTime // when it happened
	Aware        NoticeTime // when we knew
	At           time.Time  // of the notice
	NextUpdate   time.Time  // zero: as soon as there is news
	Link         string     // to the page on which it is acknowledged
	Site         string     // how every link of ours begins
	Code         string     // by which the mail can be checked
	Signed       string     // name of the signed file that goes with the mail; "" is none
	Was          *Notice    // what this controller was told last: its facts and times only; nil for the first
	Checkpoint   string     // of the record, for the receiver to keep; "" before the first
	Zone         *time.Location
}

// NoticeFact is a statement and how sure it is: "known", "assumed", else not
// known yet.
type NoticeFact struct{ Text, Sure string }

// NoticeCount is a number, or a range up to High: "exact", "about", "range",
// else not known yet.
type NoticeCount struct {
	Low, High int
	Sure      string
}

// NoticeTime is an instant and how sure it is; zero is not known yet.
type NoticeTime struct {
	At   time.Time
	Sure string
}

// window is how long a controller has from its own awareness, Art. 33(1).
const window = 72 * time.Hour

// NoticeMail words the notice of a breach to a controller (Art. 33(2)): first
// what is new and what to do, then the content of Art. 33(3), then how to
// check that it is genuine.
func (w *Words) NoticeMail(lang string, n Notice) Mail {
	l, subject := w.notice(lang, n)
	return l.mail(subject)
}

// NoticeText is NoticeMail without markup.
func (w *Words) NoticeText(lang string, n Notice) Mail {
	l, subject := w.notice(lang, n)
	return l.bare(subject)
}

func (w *Words) notice(lang string, n Notice) (letter, string) {
	v := w.wording(lang, n.Zone)
	kind := map[bool]string{true: "first", false: "more"}[n.N <= 1]
	l := letter{
		Lang: v.lang, From: n.Organisation,
		Title: v.t("notice.title." + kind),
		Meta: filled(v.t("number"), n.Number, v.t("version"), Number(v.lang, n.N), v.t("controller"), n.Controller,
			v.t("receiver"), n.Receiver, v.t("written"), v.both(n.At)),
		Lead: []string{v.t("notice.lead."+kind, "Name", n.Organisation)},
		Parts: []part{
			v.news(n, kind),
			v.toDo(n), v.clock(n), v.happened(n), v.concerned(n),
			{Title: v.t("notice.consequences"), Rows: []row{v.fact("", n.Consequences)}},
			{Title: v.t("notice.measures"), Rows: []row{v.fact("", n.Measures)}},
			{Title: v.t("notice.next"), Said: []string{v.next(n.NextUpdate)}},
			v.contact(n), v.genuine(n),
		},
		Foot: []string{v.t("notice.yours"), v.t("notice.basis")},
	}
	if len(l.Parts[0].Said)+len(l.Parts[0].Rows) == 0 {
		l.Parts = l.Parts[1:]
	}
	return l, v.t("notice.subject."+kind, "Number", n.Number, "Version", n.N)
}

// toDo says what the controller should do now.
func (w wording) toDo(n Notice) part {
	p := part{Title: w.t("notice.do")}
	if w.known(n.Advice) {
		p.Rows = []row{{Label: w.t("notice.advice"), Lines: lines(n.Advice.Text)}}
	}
	if n.Link != "" {
		p.Steps = append(p.Steps, step{w.t("notice.do.ack"), n.Link, w.t("notice.do.ack.open")})
	}
	for _, key := range []string{"risk", "report", "people", "record"} {
		p.Steps = append(p.Steps, step{Text: w.t("notice.do." + key)})
	}
	return p
}

// clock explains the controller's own time limit. A supplement never starts it
// again.
func (w wording) clock(n Notice) part {
	p := part{Title: w.t("notice.clock"), Said: []string{w.t("notice.clock.starts")}}
	if n.N <= 1 {
		p.Said = append(p.Said, w.t("notice.clock.ends", "End", w.both(n.At.Add(window))))
	} else {
		p.Said = append(p.Said, w.t("notice.clock.runs"))
	}
	p.After = []string{w.t("notice.clock.days")}
	return p
}

func (w wording) happened(n Notice) part {
	return part{Title: w.t("notice.happened"), Rows: append(
		append([]row{w.fact("", n.Nature)}, filled(w.t("notice.services"), strings.Join(n.Services, ", "))...),
		w.moment(w.t("notice.from"), n.From), w.moment(w.t("notice.to"), n.To), w.moment(w.t("notice.aware"), n.Aware))}
}

func (w wording) concerned(n Notice) part {
	return part{Title: w.t("notice.concerned"), Rows: []row{
		w.fact(w.t("notice.data"), n.Data), w.fact(w.t("notice.groups"), n.Groups),
		w.count(w.t("notice.people"), n.People), w.count(w.t("notice.records"), n.Records),
	}, After: []string{w.t("notice.numbers")}}
}

func (w wording) contact(n Notice) part {
	return part{Title: w.t("notice.contact"), Said: []string{w.t("notice.contact.how")},
		Rows: filled(w.t("company"), n.Organisation, w.t("phone"), n.Phone, w.t("email"), n.Email, w.t("dpo"), n.DPO)}
}

func (w wording) genuine(n Notice) part {
	p := part{Title: w.t("notice.genuine"), Rows: filled(w.t("code"), n.Code, w.t("checkpoint"), n.Checkpoint), Said: []string{w.t("notice.genuine.how")}}
	if n.Site != "" {
		p.After = []string{w.t("notice.genuine.link", "Site", n.Site)}
		if n.Code != "" {
			p.After = append([]string{w.t("notice.genuine.check", "Site", n.Site)}, p.After...)
		}
	}
	if n.Signed != "" {
		p.After = append(p.After, w.t("notice.genuine.signed", "File", n.Signed, "Site", n.Site))
	}
	if n.Checkpoint != "" {
		p.After = append(p.After, w.t("notice.genuine.checkpoint"))
	}
	p.After = append(p.After, w.t("notice.genuine.never"))
	return p
}

func (w wording) next(at time.Time) string {
	if at.IsZero() {
		return w.t("notice.next.open")
	}
	return w.t("notice.next.by", "At", w.both(at))
}

func (w wording) known(f NoticeFact) bool {
	return strings.TrimSpace(f.Text) != "" && (f.Sure == "known" || f.Sure == "assumed")
}

// fact writes a statement with how sure it is. What nobody has vouched for
// counts as not known.
func (w wording) fact(label string, f NoticeFact) row {
	if !w.known(f) {
		return row{Label: label, Lines: []string{w.t("unknown")}}
	}
	return row{label, lines(f.Text), w.t("sure." + f.Sure)}
}

func (w wording) count(label string, c NoticeCount) row {
	r := row{Label: label, Lines: []string{w.t("unknown")}}
	if c.Sure == "exact" || c.Sure == "about" || c.Sure == "range" {
		r.Lines[0] = Count(w.lang, c.Low, c.High, c.Sure)
	}
	return r
}

func (w wording) moment(label string, m NoticeTime) row {
	if m.At.IsZero() {
		return row{Label: label, Lines: []string{w.t("unknown")}}
	}
	r := row{Label: label, Lines: []string{w.both(m.At)}}
	if m.Sure == "known" || m.Sure == "assumed" {
		r.Sure = w.t("sure." + m.Sure)
	}
	return r
}
