package templates

import (
	"strings"
	"time"
)

// Pack is what a controller is handed for its notification, from its record
// alone and in one language.
type Pack struct {
	Lang       string
	Kind       string // of the notification
	Number     string // of the case
	Controller string
	Form       *AuthorityForm
	Parts      []PackPart
	Mandate    string // by which the processor files, or ""
	Earlier    int    // number of the pack before; 0 is none
	Changes    []PackChange
	Made       time.Time
	Zone       *time.Location
}

// PackPart is a section of the form.
type PackPart struct {
	Title  string
	Fields []PackField
}

// PackField is a field as it stands.
type PackField struct {
	Label  string
	Text   string // "": not yet known
	Origin string
	Sure   string
	Annex  bool
}

// PackChange is a field that says something else than in the pack before.
type PackChange struct {
	Label, Was, Is string
	Annex          bool // secret: only that it has changed is said
}

// PackForm writes the content of the form. What belongs into the secret annex
// is only mentioned.
func (w *Words) PackForm(p Pack) Document {
	say := func(key string, pairs ...any) string { return w.Say(p.Lang, key, pairs...) }
	d := Document{Lang: p.Lang, Title: say("pack.title")}
	d.Add(Block{Text: say("pack.note")})
	if p.Mandate != "" {
		d.Add(Block{Text: say("pack.mandate", "Document", p.Mandate)})
	}
	d.Add(Block{Label: say("pack.controller"), Text: p.Controller}, Block{Label: say("pack.case"), Text: p.Number},
		Block{Label: say("pack.kind"), Text: say("filing." + p.Kind)}, Block{Label: say("pack.made"), Text: Both(Lang(p.Lang), p.Made, p.Zone)},
		Block{Label: say("pack.form"), Text: p.Form.Title[p.Lang] + ", " + p.Form.Version, Note: p.Form.Note[p.Lang]})
	if p.Earlier > 0 {
		d.Add(Block{Level: 2, Text: say("pack.changes", "N", p.Earlier)})
		if len(p.Changes) == 0 {
			d.Add(Block{Text: say("pack.nochanges")})
		}
		for _, c := range p.Changes {
			if c.Annex {
				d.Add(Block{Label: c.Label, Text: say("pack.seeannex")})
				continue
			}
			d.Add(Block{Label: c.Label, Text: orUnknown(c.Is, say("companion.unknown")), Note: say("pack.was", "Text", orUnknown(c.Was, say("companion.unknown")))})
		}
	}
	for _, part := range p.Parts {
		d.Add(Block{Level: 2, Text: part.Title})
		for _, x := range part.Fields {
			b := Block{Label: x.Label, Text: orUnknown(x.Text, say("companion.unknown"))}
			if x.Text != "" {
				b.Note = w.packNote(p.Lang, x)
			}
			if x.Annex && x.Text != "" {
				b.Text, b.Note = say("pack.seeannex"), ""
			}
			d.Add(b)
		}
	}
	return d
}

// PackAnnex writes what is secret, for the secure message.
func (w *Words) PackAnnex(p Pack) Document {
	d := Document{Lang: p.Lang, Title: w.Say(p.Lang, "pack.annex")}
	if title := p.Form.SecureTitle(p.Controller, p.Made, p.Zone); title != "" {
		d.Add(Block{Label: w.Say(p.Lang, "companion.secure"), Text: title, Note: p.Form.SecureNote[p.Lang]})
	}
	n := len(d.Blocks)
	for _, part := range p.Parts {
		for _, x := range part.Fields {
			if x.Annex && x.Text != "" {
				d.Add(Block{Label: x.Label, Text: x.Text, Note: w.packNote(p.Lang, x)})
			}
		}
	}
	if len(d.Blocks) == n {
		d.Add(Block{Text: w.Say(p.Lang, "pack.annex.none")})
	}
	return d
}

func (w *Words) packNote(lang string, x PackField) string {
	note := w.Say(lang, "origin."+x.Origin)
	switch x.Sure {
	case "known":
		note += ", " + w.Say(lang, "pack.known")
	case "assumed":
		note += ", " + w.Say(lang, "pack.assumed")
	}
	return note
}

func orUnknown(text, unknown string) string {
	if strings.TrimSpace(text) == "" {
		return unknown
	}
	return text
}

// PeopleLetter is what a letter to the data subjects is drafted from.
type PeopleLetter struct {
	Controller   string
	Nature       string
	When         string
	Data         string
	Consequences string
	Measures     string
	Contact      string // of the controller's data protection officer or contact point
}

// PeopleDraft drafts the message of Art. 34(2): what happened in plain words,
// whom to ask, what may follow, what is done. What is not known stays open.
func (w *Words) PeopleDraft(lang string, l PeopleLetter) Document {
	say := func(key string, pairs ...any) string { return w.Say(lang, "letter34."+key, pairs...) }
	d := Document{Lang: lang, Title: say("title")}
	d.Add(Block{Text: say("note")}, Block{Text: say("hello")}, Block{Text: say("lead", "Name", l.Controller)})
	for _, x := range []struct{ key, text string }{
		{"what", l.Nature}, {"when", l.When}, {"data", l.Data}, {"consequences", l.Consequences}, {"measures", l.Measures},
	} {
		d.Add(Block{Level: 2, Text: say(x.key)}, Block{Text: orUnknown(x.text, say("unknown"))})
	}
	d.Add(Block{Level: 2, Text: say("you")}, Block{Text: say("advice")},
		Block{Level: 2, Text: say("contact")}, Block{Text: orUnknown(l.Contact, say("unknown"))}, Block{Text: say("sign", "Name", l.Controller)})
	return d
}
