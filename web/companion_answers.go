package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// saveAnswers keeps what was typed into one part and goes on to the next.
func (s *Server) saveAnswers(c *gin.Context, p *companionPage, by incident.Actor, session *incident.LinkSession) error {
	answers, err := p.answers(c)
	if err == nil {
		err = s.Desk.AnswerForm(c.Request.Context(), by, p.Rec.ID, answers, session)
	}
	switch {
	case err == nil && c.PostForm("autosave") != "":
		c.Status(http.StatusNoContent)
		return nil
	case err == nil:
		return s.redirect(c, p.Base+"/form?lang="+p.Lang+p.next()+"&said=saved")
	case s.again(c, &p.page, err):
		p.retype(c)
		return s.render(c, statusOf(err), "companionpart", p)
	}
	return err
}

// answers reads the fields of the part that was sent. What the browser did not
// show stays as it was.
func (p *companionPage) answers(c *gin.Context) ([]incident.FormAnswer, error) {
	var all []incident.FormAnswer
	var errs []*incident.Error
	for _, x := range p.Part.Fields {
		if !containsKey(c.PostFormArray("key"), x.Answer) {
			continue
		}
		value, err := p.value(c, x)
		if err != nil {
			err.Field = x.Answer
		}
		errs = append(errs, err)
		all = append(all, incident.FormAnswer{Key: x.Answer, Value: value, Done: c.PostForm("done."+x.Answer) == "yes"})
	}
	return all, join(errs...)
}

func containsKey(keys []string, key string) bool {
	for _, k := range keys {
		if k == key {
			return true
		}
	}
	return false
}

// value reads one answer in the form in which it is kept.
func (p *companionPage) value(c *gin.Context, x filledField) (string, *incident.Error) {
	name := "a." + x.Answer
	text := strings.TrimSpace(c.PostForm(name))
	switch {
	case x.Choice():
		text = strings.Join(c.PostFormArray(name), " ")
		if strings.TrimSpace(text) != "" && !x.Takes(text, p.open(c)) {
			return "", &incident.Error{Kind: incident.Invalid, Key: "answer.choice"}
		}
		return strings.TrimSpace(text), nil
	case text == "":
		return "", nil
	case x.Kind == "time":
		at, err := p.time(c, name)
		if err != nil {
			return "", err
		}
		return at.UTC().Format(time.RFC3339), nil
	case x.Kind == "number":
		n, err := incident.ParseCount(text)
		if err != nil {
			_, bad := amount(c, name)
			return "", bad
		}
		return strings.TrimPrefix(n.String(), "~"), nil
	}
	return text, nil
}

// open reports whether matters may be left open: as the type of notification
// says that was sent with the answers, else as it was before.
func (p *companionPage) open(c *gin.Context) bool {
	if kind := c.PostForm("a.notification_type"); kind != "" {
		return kind == "preliminary"
	}
	return p.parts.preliminary()
}

// retype puts what was typed back into the fields.
func (p *companionPage) retype(c *gin.Context) {
	for i := range p.Fields {
		f := &p.Fields[i]
		name := "a." + f.Answer
		f.Fault, f.Typed = p.Form.Fault(f.Answer), c.PostForm(name)
		f.Folded = f.Folded && f.Fault == ""
		f.Done = c.PostForm("done."+f.Answer) == "yes"
		for j := range f.Choices {
			f.Choices[j].Chosen = containsKey(c.PostFormArray(name), f.Choices[j].Value)
		}
	}
}

// next addresses the part after this one; after the last comes the start.
func (p *companionPage) next() string {
	if p.Nth < len(p.filled) {
		return "&part=" + p.filled[p.Nth].ID
	}
	return ""
}
