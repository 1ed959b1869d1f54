package templates

import "time"

// MemoLetter is everything that a short mail to a controller says. It names
// neither the controller nor what has happened, unless Head and Text do.
type MemoLetter struct {
	Kind         string // "reply", "contacts", "contacts_change", "contacts_new", "request"
	Organisation string
	Email        string
	Phone        string
	Number       string    // of the case, or ""
	Head, Text   string    // empty where the mail is to hold no details
	Link         string    // "" is none
	Names        []string  // what the mail lists: contacts, or facts of a request
	Coming       []string  // addresses that a correction names
	Leaving      []string  // addresses that it takes away
	Request      string    // kind of a data subject's request, or ""
	From         time.Time // when that was received
	Until        time.Time
	Zone         *time.Location
}

// MemoMail words a short mail about a case, a contact or a request.
func (w *Words) MemoMail(lang string, m MemoLetter) Mail {
	v := w.wording(lang, m.Zone)
	k := "memo." + m.Kind
	l := letter{Lang: v.lang, From: m.Organisation, Title: v.t(k + ".title"), Meta: filled(v.t("number"), m.Number), Lead: []string{v.t(k + ".lead")}}
	if m.Head != "" || m.Text != "" {
		l.Parts = append(l.Parts, part{Title: breaks.Replace(m.Head), Said: lines(m.Text)})
	}
	do := part{Title: v.t(k + ".do")}
	for _, name := range m.Names {
		do.Said = append(do.Said, "– "+breaks.Replace(name))
	}
	for _, x := range []struct {
		key string
		all []string
	}{{"memo.coming", m.Coming}, {"memo.leaving", m.Leaving}} {
		if len(x.all) > 0 {
			do.Rows = append(do.Rows, row{Label: v.t(x.key), Lines: x.all})
		}
	}
	if m.Request != "" {
		do.Rows = filled(v.t("memo.request.kind"), v.Say(string(v.lang), "request.kind."+m.Request), v.t("memo.request.received"), v.both(m.From))
	}
	if m.Link != "" {
		do.Steps = []step{{v.t(k + ".step"), m.Link, v.t(k + ".open")}}
	}
	if !m.Until.IsZero() {
		do.After = []string{v.t(k+".until", "Until", v.both(m.Until))}
	}
	never := v.Say(string(v.lang), "contacts.never")
	if m.Kind == "reply" { // the page behind its link asks for a code
		never = v.t("code.never")
	}
	l.Parts = append(l.Parts, do, part{Title: v.t("notice.contact"), Said: []string{never},
		Rows: filled(v.t("company"), m.Organisation, v.t("phone"), m.Phone, v.t("email"), m.Email)})
	l.Foot = []string{v.t(k + ".why")}
	return l.mail(v.t(k+".subject", "Number", m.Number, "Organisation", m.Organisation))
}
