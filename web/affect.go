package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// affectPage finds the controllers of a case: by service, or by a list pasted
// from somewhere.
type affectPage struct {
	casePart
	Services []*incident.Service
}

func (s *Server) affectPage(c *gin.Context) (*affectPage, error) {
	part, err := s.casePart(c, "affect.title")
	if err != nil {
		return nil, err
	}
	p := &affectPage{casePart: *part}
	p.Services, err = s.Read.Services(c.Request.Context())
	return p, err
}

func (s *Server) affectForm(c *gin.Context) error {
	p, err := s.affectPage(c)
	if err != nil {
		return err
	}
	p.Form = p.filled(values("certainty", string(incident.Possible)))
	return s.render(c, http.StatusOK, "affect", p)
}

func (s *Server) affect(c *gin.Context) error {
	in := incident.Affect{Services: c.PostFormArray("services"), Words: words(c.PostForm("words")),
		Certainty: incident.Certainty(c.PostForm("certainty")), Key: c.PostForm("key")}
	err := join()
	if len(in.Services) == 0 && len(in.Words) == 0 {
		err = &incident.Error{Kind: incident.Invalid, Field: "words", Key: "affect.empty"}
	}
	var got *incident.Found
	if err == nil {
		got, err = s.Desk.Affect(c.Request.Context(), actor(c), c.Param("id"), in)
	}
	if err == nil {
		if err := s.putFound(c, got); err != nil {
			return err
		}
		return s.redirect(c, "/incidents/"+c.Param("id")+"/records")
	}
	p, err2 := s.affectPage(c)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, http.StatusUnprocessableEntity, "affect", p)
}

// words splits a pasted list: one on each line, or between commas, semicolons
// and tabs.
func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\r\n;,\t", r) })
}

// found is what became of an attempt to add controllers, kept for one look.
type found struct {
	Case string
	incident.Found
	More int // words that were not understood beyond those kept
}

// foundWords is how many words that were not understood are shown.
const foundWords = 300

const sessionFound = "found"

// putFound keeps the answer until the next page asks for it.
func (s *Server) putFound(c *gin.Context, got *incident.Found) error {
	f := found{Case: c.Param("id"), Found: *got}
	f.Unmatched, f.More = clipWords(f.Unmatched, f.More)
	f.Doubtful, f.More = clipWords(f.Doubtful, f.More)
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	s.sessions.Put(c.Request.Context(), sessionFound, data)
	return nil
}

func clipWords(all []string, more int) ([]string, int) {
	if len(all) <= foundWords {
		return all, more
	}
	return all[:foundWords], more + len(all) - foundWords
}

// popFound takes the answer of the last attempt on this case, once.
func (s *Server) popFound(c *gin.Context, id string) *found {
	ctx := c.Request.Context()
	if c.Request.Method != http.MethodGet || !s.sessions.Exists(ctx, sessionFound) {
		return nil
	}
	var f found
	if err := json.Unmarshal(s.sessions.PopBytes(ctx, sessionFound), &f); err != nil || f.Case != id {
		return nil
	}
	return &f
}
