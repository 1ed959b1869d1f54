package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// sideSettings is how controllers are answered and asked.
type sideSettings struct{ page }

func (s *Server) sideSettings(c *gin.Context) *sideSettings {
	p := &sideSettings{s.page(c, "sideset.title")}
	p.Section, p.Wide = "settings", "narrow"
	v := values("reply_in_mail", ticked(p.Org.ReplyInMail), "ask_contacts", ticked(p.Org.AskContacts))
	if p.Org.ContactDays > 0 {
		v.Set("contact_days", strconv.Itoa(p.Org.ContactDays))
	}
	if h := int(p.Org.AnswerAfter / time.Hour); h > 0 {
		v.Set("answer_hours", strconv.Itoa(h))
	}
	p.Form = p.filled(v)
	return p
}

func (s *Server) sideSettingsForm(c *gin.Context) error {
	return s.render(c, http.StatusOK, "sidesettings", s.sideSettings(c))
}

func (s *Server) saveSideSettings(c *gin.Context) error {
	ctx := c.Request.Context()
	o, err := s.Read.Organisation(ctx) // what the form does not show stays
	if err != nil {
		return err
	}
	hours := number(c, "answer_hours")
	if hours < 0 || hours > 240 {
		err = incident.Errors{{Kind: incident.Invalid, Field: "answer_hours", Key: "hours.range"}}
	}
	days := number(c, "contact_days")
	if err == nil && days != 0 && (days < 30 || days > 400) {
		err = incident.Errors{{Kind: incident.Invalid, Field: "contact_days", Key: "contacts.days"}}
	}
	o.AskContacts, o.ContactDays = c.PostForm("ask_contacts") != "", days
	o.AnswerAfter, o.ReplyInMail = time.Duration(hours)*time.Hour, c.PostForm("reply_in_mail") != ""
	if err == nil {
		err = s.Desk.SaveOrganisation(ctx, actor(c), o)
	}
	if err == nil {
		return s.redirect(c, "/settings/customers?said=saved")
	}
	p := s.sideSettings(c)
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "sidesettings", p)
}
