package templates

import (
	"html"
	"strconv"
	"strings"
)

// mail writes the letter in both forms. They are written by hand because ten
// thousand of them are made within one click: html/template takes fifteen
// times as long. What is not markup goes through escape, all of it.
func (l letter) mail(subject string) Mail {
	return Mail{subject, l.text(), l.html()}
}

// bare is mail without the form with markup.
func (l letter) bare(subject string) Mail { return Mail{subject, l.text(), ""} }

// text writes the plain form.
func (l letter) text() string {
	var b strings.Builder
	b.Grow(6000)
	if l.From != "" {
		b.WriteString(l.From + "\n\n")
	}
	b.WriteString(strings.ToUpper(l.Title) + "\n\n")
	for _, r := range l.Meta {
		r.text(&b)
	}
	for _, s := range l.Lead {
		b.WriteString("\n" + s + "\n")
	}
	for _, p := range l.Parts {
		p.text(&b)
	}
	b.WriteString("\n\n--\n")
	for _, s := range l.Foot {
		b.WriteString(s + "\n")
	}
	return b.String()
}

func (p part) text(b *strings.Builder) {
	b.WriteString("\n\n" + strings.ToUpper(p.Title) + "\n")
	p.gap(b, len(p.Said))
	for _, s := range p.Said {
		b.WriteString(s + "\n")
	}
	p.gap(b, len(p.Rows))
	for _, r := range p.Rows {
		r.text(b)
	}
	for i, s := range p.Steps {
		b.WriteString("\n" + strconv.Itoa(i+1) + ". " + s.Text + "\n")
		if s.Link != "" {
			b.WriteString("   " + s.Link + "\n")
		}
	}
	p.gap(b, len(p.After))
	for _, s := range p.After {
		b.WriteString(s + "\n")
	}
}

// gap sets what follows apart, if there is any.
func (p part) gap(b *strings.Builder, n int) {
	if n > 0 {
		b.WriteString("\n")
	}
}

func (r row) text(b *strings.Builder) {
	if r.Label != "" {
		b.WriteString(r.Label + ": ")
	}
	b.WriteString(strings.Join(r.Lines, "\n"))
	if r.Sure != "" {
		b.WriteString(" (" + r.Sure + ")")
	}
	b.WriteString("\n")
}

// The markup has no colour of its own, so that it follows the reader's light
// or dark, and loads nothing.
const (
	styleBody   = `max-width:640px;margin:0 auto;font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:16px;line-height:1.5`
	styleButton = `display:inline-block;margin:8px 0;padding:10px 20px;border:2px solid;border-radius:6px;font-weight:bold;text-decoration:none`
	styleTitle  = `font-size:24px;line-height:1.25;margin:0 0 16px 0`
	stylePart   = `font-size:19px;line-height:1.3;margin:28px 0 8px 0`
	styleMeta   = `border-left:4px solid;padding:4px 0 4px 12px;margin:0 0 16px 0`
	styleText   = `margin:0 0 12px 0`
	styleRow    = `margin:0 0 8px 0`
	styleList   = `margin:0 0 12px 0;padding-left:24px`
	styleLink   = `font-size:14px;word-break:break-all`
	styleRule   = `border:0;border-top:1px solid;margin:28px 0 12px 0`
	styleFoot   = `font-size:14px;margin:0 0 8px 0`
)

// markup is HTML in the making.
type markup struct{ strings.Builder }

// open starts an element.
func (m *markup) open(name, style string) { m.WriteString("<" + name + ` style="` + style + `">`) }

// put writes an element with one text.
func (m *markup) put(name, style, text string) {
	m.open(name, style)
	m.escape(text)
	m.WriteString("</" + name + ">\n")
}

// escape writes a text that must stay one.
func (m *markup) escape(s string) { m.WriteString(html.EscapeString(s)) }

// lines writes texts on lines of their own.
func (m *markup) lines(all []string) {
	for i, s := range all {
		if i > 0 {
			m.WriteString("<br>")
		}
		m.escape(s)
	}
}

// html writes the form with markup.
func (l letter) html() string {
	var m markup
	m.Grow(12000)
	m.WriteString("<!doctype html>\n<html lang=\"")
	m.escape(string(l.Lang))
	m.WriteString("\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n" +
		"<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
	m.escape(l.Title)
	m.WriteString("</title>\n</head>\n<body style=\"margin:0;padding:16px\">\n")
	m.open("div", styleBody)
	if l.From != "" {
		m.put("p", styleRow, l.From)
	}
	m.put("h1", styleTitle, l.Title)
	if len(l.Meta) > 0 {
		m.open("div", styleMeta)
		m.rows(l.Meta)
		m.WriteString("</div>\n")
	}
	for _, s := range l.Lead {
		m.put("p", styleText, s)
	}
	for _, p := range l.Parts {
		m.part(p)
	}
	m.WriteString(`<hr style="` + styleRule + "\">\n")
	for _, s := range l.Foot {
		m.put("p", styleFoot, s)
	}
	m.WriteString("</div>\n</body>\n</html>\n")
	return m.String()
}

func (m *markup) part(p part) {
	m.put("h2", stylePart, p.Title)
	if len(p.Said) > 0 {
		m.open("p", styleText)
		m.lines(p.Said)
		m.WriteString("</p>\n")
	}
	m.rows(p.Rows)
	if len(p.Steps) > 0 {
		m.open("ol", styleList)
		for _, s := range p.Steps {
			m.step(s)
		}
		m.WriteString("</ol>\n")
	}
	for _, s := range p.After {
		m.put("p", styleRow, s)
	}
}

func (m *markup) rows(rows []row) {
	for _, r := range rows {
		m.open("p", styleRow)
		if r.Label != "" {
			m.WriteString("<strong>")
			m.escape(r.Label)
			m.WriteString(":</strong> ")
		}
		m.lines(r.Lines)
		if r.Sure != "" {
			m.WriteString(" <em>(")
			m.escape(r.Sure)
			m.WriteString(")</em>")
		}
		m.WriteString("</p>\n")
	}
}

// step writes a thing to do. A link that is not the web's is shown and cannot
// be followed.
func (m *markup) step(s step) {
	m.open("li", styleRow)
	m.escape(s.Text)
	if strings.HasPrefix(s.Link, "https://") || strings.HasPrefix(s.Link, "http://") {
		m.WriteString(`<br><a href="`)
		m.escape(s.Link)
		m.WriteString(`" style="` + styleButton + `">`)
		m.escape(s.Open)
		m.WriteString("</a>")
	}
	if s.Link != "" {
		m.WriteString(`<br><span style="` + styleLink + `">`)
		m.escape(s.Link)
		m.WriteString("</span>")
	}
	m.WriteString("</li>\n")
}
