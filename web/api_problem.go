package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/language"

	"hatakello/incident"
	"hatakello/templates"
)

// A problem is the body of every error, after RFC 9457.
type problem struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Status   int          `json:"status"`
	Detail   string       `json:"detail,omitempty"`
	Key      string       `json:"key,omitempty"` // of the detail's sentence; the same in all languages
	Instance string       `json:"instance,omitempty"`
	Errors   []fieldError `json:"errors,omitempty"`
	More     int          `json:"more,omitempty"` // errors that are not listed
	Import   *importJSON  `json:"import,omitempty"`
}

// A fieldError is what is wrong with one field of the body, or one parameter.
type fieldError struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
	Key    string `json:"key"`
	Line   int    `json:"line,omitempty"` // of a file
}

// problemSlugs names the kinds of problems by status. Each has a page.
var problemSlugs = map[int]string{
	http.StatusBadRequest:            "unreadable",
	http.StatusUnauthorized:          "unauthorized",
	http.StatusForbidden:             "forbidden",
	http.StatusNotFound:              "not-found",
	http.StatusMethodNotAllowed:      "method",
	http.StatusConflict:              "conflict",
	http.StatusRequestEntityTooLarge: "too-large",
	http.StatusUnsupportedMediaType:  "media-type",
	http.StatusUnprocessableEntity:   "invalid",
	http.StatusTooManyRequests:       "too-many",
	http.StatusInternalServerError:   "internal",
}

// apiStatus is the status of the errors that only the API knows.
var apiStatus = []struct {
	err    error
	status int
}{
	{errNoToken, http.StatusUnauthorized},
	{errBadToken, http.StatusUnauthorized},
	{errMethod, http.StatusMethodNotAllowed},
	{errKind, http.StatusUnsupportedMediaType},
	{errUnreadable, http.StatusBadRequest},
}

func apiStatusOf(err error) int {
	var facts *factsFault
	var refused *importRefused
	if errors.As(err, &facts) || errors.As(err, &refused) {
		return http.StatusUnprocessableEntity
	}
	for _, s := range apiStatus {
		if errors.Is(err, s.err) {
			return s.status
		}
	}
	return statusOf(err)
}

// fieldNames are the fields of the Desk's errors that the API calls otherwise.
var fieldNames = map[string]string{
	"aware": "aware_at", "text_fi": "texts.fi", "text_sv": "texts.sv", "text_en": "texts.en", "text_": "text", "after": "next",
}

// maxErrors is how many errors one problem lists.
const maxErrors = 1000

// failAPI answers with the problem document of an error.
func (s *Server) failAPI(c *gin.Context, err error) {
	lang := askedLang(c.GetHeader("Accept-Language"))
	code := apiStatusOf(err)
	if code == http.StatusInternalServerError {
		s.Log.Error("request failed", "id", requestID(c), "route", c.FullPath(), "err", err)
	}
	p := s.problem(c, lang, code, err)
	switch code {
	case http.StatusUnauthorized:
		challenge := `Bearer realm="hatakello"`
		if errors.Is(err, errBadToken) {
			challenge += `, error="invalid_token"`
		}
		c.Header("WWW-Authenticate", challenge)
	case http.StatusTooManyRequests:
		c.Header("Retry-After", strconv.Itoa(int(time.Minute/time.Second)))
	}
	data, err := json.Marshal(p)
	if err != nil { // a value that JSON cannot hold: tell the rest
		data, _ = json.Marshal(problem{Type: p.Type, Title: p.Title, Status: code})
	}
	c.Header("Content-Language", lang)
	c.Writer.Header().Add("Vary", "Accept-Language")
	c.Data(code, "application/problem+json", data)
}

func (s *Server) problem(c *gin.Context, lang string, code int, err error) problem {
	slug := problemSlugs[code]
	p := problem{Type: s.problemURL(slug), Status: code, Title: s.Words.Say(lang, "api.title."+slug),
		Key: "api.detail." + slug, Instance: c.Request.URL.EscapedPath()}
	var many incident.Errors
	var one *incident.Error
	var refused *importRefused
	var facts *factsFault
	switch {
	case errors.As(err, &facts):
		p.Errors = []fieldError{facts.show(lang)}
	case errors.As(err, &refused):
		p.Errors, p.Import = refused.errors(s, lang), refused.report
	case errors.As(err, &many):
		for _, e := range many {
			p.Errors = append(p.Errors, s.fieldError(lang, e))
		}
	case errors.As(err, &one):
		if one.Field != "" {
			p.Errors = []fieldError{s.fieldError(lang, one)}
		} else if code != http.StatusNotFound {
			p.Key, p.Detail = one.Key, s.sayError(lang, one)
		}
	}
	if p.Detail == "" {
		p.Detail = s.Words.Say(lang, p.Key, "id", requestID(c))
	}
	if len(p.Errors) > maxErrors {
		p.Errors, p.More = p.Errors[:maxErrors], len(p.Errors)-maxErrors
	}
	return p
}

func (s *Server) fieldError(lang string, e *incident.Error) fieldError {
	f := fieldError{Field: e.Field, Key: e.Key, Detail: s.sayError(lang, e)}
	if name, ok := fieldNames[e.Field]; ok && !strings.HasPrefix(e.Key, "api.") {
		f.Field = name
	}
	return f
}

func (s *Server) problemURL(slug string) string { return s.BaseURL + apiBase + "/problems/" + slug }

// problemKind explains one kind of problem, at the address that is its type.
func (a *api) problemKind(c *gin.Context, ask request) error {
	slug := c.Param("slug")
	for code, known := range problemSlugs {
		if known == slug {
			c.Header("Content-Language", ask.lang)
			c.Writer.Header().Add("Vary", "Accept-Language")
			return a.answer(c, http.StatusOK, problem{Type: a.problemURL(slug), Title: a.Words.Say(ask.lang, "api.title."+slug), Status: code,
				Detail: a.Words.Say(ask.lang, "api.about."+slug)})
		}
	}
	return &incident.Error{Kind: incident.NotFound, Key: "fault.404"}
}

// askedLang returns the first of our languages that the header asks for, the
// most wanted first; without any it is the default.
func askedLang(header string) string {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return templates.Langs[0]
	}
	for _, t := range tags {
		base, _ := t.Base()
		if slices.Contains(templates.Langs, base.String()) {
			return base.String()
		}
	}
	return templates.Langs[0]
}

// answer sends v as JSON.
func (a *api) answer(c *gin.Context, code int, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	return a.send(c, code, jsonKind, data)
}
