package templates

import (
	"time"
)

// CodeLetter is everything that the mail with a code says. It names neither
// the controller nor what has happened.
type CodeLetter struct {
	Organisation string
	Email        string
	Phone        string
	Number       string // of the case
	Code         string
	Until        time.Time
	Zone         *time.Location
}

// CodeMail words the mail with the code that opens a controller's page. It has
// no link: a link and a code in one mail would be one secret, not two.
func (w *Words) CodeMail(lang string, c CodeLetter) Mail {
	v := w.wording(lang, c.Zone)
	l := letter{
		Lang: v.lang, From: c.Organisation, Title: v.t("code.title"),
		Meta: filled(v.t("code"), c.Code[:len(c.Code)/2]+" "+c.Code[len(c.Code)/2:], v.t("number"), c.Number),
		Lead: []string{v.t("code.lead"), v.t("code.until", "Until", v.both(c.Until))},
		Parts: []part{{Title: v.t("notice.contact"), Said: []string{v.t("code.never")},
			Rows: filled(v.t("company"), c.Organisation, v.t("phone"), c.Phone, v.t("email"), c.Email)}},
	}
	return l.mail(v.t("code.subject", "Number", c.Number))
}
