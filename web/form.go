package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// readForm reads the body of a form, of either encoding, within its limit.
func readForm(r *http.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		kind = ""
	}
	if kind == "multipart/form-data" {
		err = r.ParseMultipartForm(fileLimit)
	} else {
		err = r.ParseForm()
	}
	var large *http.MaxBytesError
	if err == nil || errors.As(err, &large) {
		return err
	}
	return &incident.Error{Kind: incident.Invalid, Key: "fault.form"}
}

// typed returns the form that was sent.
func typed(c *gin.Context) templates.Form {
	return templates.Form{Values: c.Request.PostForm, Key: c.PostForm("key")}
}

// filled returns a form that holds values.
func (p page) filled(values url.Values) templates.Form {
	return templates.Form{Values: values, Key: p.Form.Key}
}

// values makes the content of a form from pairs of name and value.
func values(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v
}

// faults words every error in err that a person may see.
func (s *Server) faults(lang string, err error) []templates.Fault {
	var many incident.Errors
	if !errors.As(err, &many) {
		var one *incident.Error
		if !errors.As(err, &one) {
			return nil
		}
		many = incident.Errors{one}
	}
	all := make([]templates.Fault, len(many))
	for i, e := range many {
		all[i] = templates.Fault{Field: e.Field, Text: s.sayError(lang, e)}
	}
	return all
}

// sayError gives the sentence of an error.
func (s *Server) sayError(lang string, e *incident.Error) string {
	pairs := make([]any, 0, 2*len(e.Args)+2)
	for k, v := range e.Args {
		if k == "lang" {
			v = s.Words.Say(lang, "language.in."+asString(v))
		}
		pairs = append(pairs, k, v)
	}
	return s.Words.Say(lang, e.Key, pairs...)
}

func asString(v any) string {
	s, _ := v.(string)
	return s
}

// again puts what was typed and what was wrong about it into p and reports
// whether the form should be shown again. Other errors are not the form's.
func (s *Server) again(c *gin.Context, p *page, err error) bool {
	switch incident.KindOf(err) {
	case incident.Invalid, incident.Refused, incident.Conflict:
	default:
		return false
	}
	p.Form = typed(c)
	p.Form.Faults = s.faults(p.Lang, err)
	if p.Form.Key == "" {
		p.Form.Key = s.Desk.NewID()
	}
	return true
}

// amount reads a number of people or records.
func amount(c *gin.Context, field string) (incident.Amount, *incident.Error) {
	n, err := incident.ParseCount(c.PostForm(field))
	var bad *incident.CountError
	if errors.As(err, &bad) {
		return incident.Amount{}, &incident.Error{Kind: incident.Invalid, Field: field, Key: "count." + string(bad.Kind), Args: map[string]any{"hint": bad.Hint}}
	}
	return n.Amount(), nil
}

// number reads a whole number; nothing typed is nought, nonsense is -1.
func number(c *gin.Context, field string) int {
	text := strings.TrimSpace(c.PostForm(field))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// join gathers errors that are there, or nil.
func join(errs ...*incident.Error) error {
	var all incident.Errors
	for _, e := range errs {
		if e != nil {
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all
}

// cut reads which part of a list is asked for.
func cut(c *gin.Context, limit int) incident.Cut {
	return incident.Cut{After: c.Query("after"), Limit: limit}
}

// pager leads to the other parts of a list.
type pager struct {
	First string // "" on the first part
	Next  string // "" on the last
}

func pages(c *gin.Context, next string) pager {
	to := func(after string) string {
		q := c.Request.URL.Query()
		q.Del("said")
		if after == "" {
			q.Del("after")
		} else {
			q.Set("after", after)
		}
		if enc := q.Encode(); enc != "" {
			return c.Request.URL.Path + "?" + enc
		}
		return c.Request.URL.Path
	}
	var p pager
	if next != "" {
		p.Next = to(next)
	}
	if c.Query("after") != "" {
		p.First = to("")
	}
	return p
}
