package templates

import (
	"cmp"
	"io"
	"slices"
	"strings"
	"time"

	"hatakello/templates/pdf"
)

// CallSheet is the list of controllers to be phoned. It works on paper, while
// mail or this program is down (Art. 33(2)).
type CallSheet struct {
	Organisation string
	Number       string // of the case
	Made         time.Time
	Zone         *time.Location
	Lines        []CallSheetLine // in the order in which to phone
}

// CallSheetLine is one controller to be phoned.
type CallSheetLine struct {
	Name     string
	Lang     string // in which to speak
	Due      time.Time
	Contacts []CallSheetContact
	Code     string // by which the controller may know us
	Said     string // what the notice says, in its language; "" without a notice
}

// CallSheetContact is a person to ask for.
type CallSheetContact struct{ Name, Phone string }

// CallScript is what to say on the telephone, line by line, in the
// controller's language.
func (w *Words) CallScript(organisation, number string, l CallSheetLine) []string {
	say := func(key string) string {
		return w.Say(l.Lang, "calls.script."+key, "Organisation", organisation, "Number", number, "Code", l.Code)
	}
	script := []string{say("hello"), say("what")}
	if said := strings.TrimSpace(l.Said); said != "" {
		script = append(script, lines(said)...)
		script = slices.DeleteFunc(script, func(s string) bool { return s == "" })
	}
	script = append(script, say("clock"))
	if l.Code != "" {
		script = append(script, say("code"))
	}
	return append(script, say("mail"), say("end"))
}

// WriteCallSheet writes the sheet as a tagged PDF in the language of the staff;
// each script is in its controller's. The same sheet gives the same bytes.
func (w *Words) WriteCallSheet(out io.Writer, lang string, s CallSheet) error {
	if !slices.Contains(Langs, lang) {
		lang = Langs[0]
	}
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	face, err := faces()
	if err != nil {
		return err
	}
	title := w.Say(lang, "calls.title", "Number", s.Number)
	doc := pdf.New(pdf.Meta{Title: title, Author: s.Organisation, Subject: s.Number, Lang: bcp47[lang], Program: "Hätäkello", Made: s.Made})
	flow := pdf.NewFlow(doc, pdf.Margins{Left: 62, Top: 62, Right: 57, Bottom: 68})
	made := Both(Lang(lang), s.Made, s.Zone)
	flow.Draw(pdf.Heading{Role: "H1", Style: face.title, Text: title, After: 2},
		pdf.Para{Style: face.body, Text: w.Say(lang, "calls.made", "At", made, "N", len(s.Lines)), After: 12})
	for _, l := range s.Lines {
		flow.Draw(w.callBlocks(face, lang, s, l)...)
	}
	return doc.Write(out)
}

// callBlocks sets one controller: whom to ask for, by when, what to say, and
// where to write down how it went.
func (w *Words) callBlocks(face typeface, lang string, s CallSheet, l CallSheetLine) []pdf.Block {
	say := func(key string) string { return w.Say(lang, "calls."+key) }
	var contacts []string
	for _, c := range l.Contacts {
		contacts = append(contacts, strings.TrimSpace(c.Name+"  "+cmp.Or(c.Phone, say("nophone"))))
	}
	if contacts == nil {
		contacts = []string{say("nocontact")}
	}
	due := say("nodue")
	if !l.Due.IsZero() {
		due = Both(Lang(lang), l.Due, s.Zone)
	}
	rows := []fact{
		{label: say("due"), value: due},
		{label: say("contacts"), value: strings.Join(contacts, "\n")},
		{label: say("speak"), value: w.Say(lang, "language."+l.Lang)},
		{label: say("who"), rules: 1}, {label: say("when"), rules: 1}, {label: say("said"), rules: 2},
	}
	return []pdf.Block{
		pdf.Heading{Role: "H2", Style: face.head, Text: l.Name, Before: 16, After: 1, Mark: true},
		face.facts(rows),
		pdf.Para{Style: face.label, Text: say("script"), After: 1, Lead: true},
		pdf.List{Style: face.body, Items: w.CallScript(s.Organisation, s.Number, l), After: 6},
	}
}
