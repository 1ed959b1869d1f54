package web

import (
	"errors"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// mandateValues puts a customer's mandate into a form.
func (p page) mandateValues(v url.Values, m incident.Mandate) {
	v.Set("mandate", m.Document)
	v.Set("mandate_scope", m.Scope)
	if !m.Date.IsZero() {
		v.Set("mandate_date", templates.Date(templates.Lang(p.Lang), m.Date, p.zone()))
	}
}

// mandate reads a customer's mandate from a form.
func (p page) mandate(c *gin.Context) (incident.Mandate, error) {
	m := incident.Mandate{Document: strings.TrimSpace(c.PostForm("mandate")), Scope: strings.TrimSpace(c.PostForm("mandate_scope"))}
	text := strings.TrimSpace(c.PostForm("mandate_date"))
	if text == "" {
		return m, nil
	}
	var err error
	m.Date, err = incident.ParseLocalDay(text, p.Now, p.zone())
	var doubt *incident.LocalTimeError
	if errors.As(err, &doubt) {
		return m, join(&incident.Error{Kind: incident.Invalid, Field: "mandate_date", Key: "time." + string(doubt.Kind)})
	}
	return m, err
}
