package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// factField is one fact in a form.
type factField struct {
	name string
	of   func(*incident.Facts) *incident.Fact
}

// factFields are the facts that are told in words, in the order of Art. 33(3).
var factFields = []factField{
	{"nature", func(f *incident.Facts) *incident.Fact { return &f.Nature }},
	{"data", func(f *incident.Facts) *incident.Fact { return &f.Data }},
	{"groups", func(f *incident.Facts) *incident.Fact { return &f.Groups }},
	{"consequences", func(f *incident.Facts) *incident.Fact { return &f.Consequences }},
	{"measures", func(f *incident.Facts) *incident.Fact { return &f.Measures }},
	{"advice", func(f *incident.Facts) *incident.Fact { return &f.Advice }},
}

// factValues fills a form with facts, in a language.
func factValues(lang string, f incident.Facts, version int) url.Values {
	v := values("version", strconv.Itoa(version), "people", amountText(lang, f.People), "records", amountText(lang, f.Records))
	for _, x := range factFields {
		fact := x.of(&f)
		sure := fact.Sure
		if sure == "" {
			sure = incident.Unknown
		}
		v.Set(x.name, fact.Text)
		v.Set(x.name+"_sure", string(sure))
	}
	return v
}

// amountText writes a number as it may be typed again.
func amountText(lang string, a incident.Amount) string {
	if a.Blank() {
		return ""
	}
	return templates.Count(templates.Lang(lang), a.Low, a.High, a.Sure)
}

// readFacts reads facts from a form. A fact with words but without certainty
// counts as assumed, never as known.
func readFacts(c *gin.Context) (incident.Facts, int, error) {
	var f incident.Facts
	for _, x := range factFields {
		sure := incident.Sure(c.PostForm(x.name + "_sure"))
		text := c.PostForm(x.name)
		switch {
		case text == "":
			sure = ""
		case sure != incident.Known && sure != incident.Assumed:
			sure = incident.Assumed
		}
		*x.of(&f) = incident.Fact{Text: text, Sure: sure}
	}
	var bad1, bad2 *incident.Error
	f.People, bad1 = amount(c, "people")
	f.Records, bad2 = amount(c, "records")
	return f, number(c, "version"), join(bad1, bad2)
}

func (s *Server) describeRecord(c *gin.Context, p *recordPart) error {
	f, version, err := readFacts(c)
	if err != nil {
		return err
	}
	return s.Desk.DescribeRecord(c.Request.Context(), actor(c), p.Rec.ID, version, f)
}

// factsPage holds what is known of the whole breach, and its moments.
type factsPage struct {
	casePart
	Moments []moment
}

func (s *Server) factsPage(c *gin.Context) (*factsPage, error) {
	part, err := s.casePart(c, "facts.title")
	if err != nil {
		return nil, err
	}
	return &factsPage{*part, moments(part.Inc.Marks)}, nil
}

func (s *Server) factsForm(c *gin.Context) error {
	p, err := s.factsPage(c)
	if err != nil {
		return err
	}
	p.Form = p.filled(factValues(p.Lang, p.Inc.Facts, p.Inc.Version))
	return s.render(c, http.StatusOK, "facts", p)
}

func (s *Server) describe(c *gin.Context) error {
	f, version, err := readFacts(c)
	if err == nil {
		err = s.Desk.Describe(c.Request.Context(), actor(c), c.Param("id"), version, f)
	}
	if err == nil {
		return s.redirect(c, "/incidents/"+c.Param("id")+"?said=saved")
	}
	p, err2 := s.factsPage(c)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	if incident.KindOf(err) == incident.Conflict {
		s.bothVersions(&p.page, factValues(p.Lang, p.Inc.Facts, p.Inc.Version))
	}
	return s.render(c, statusOf(err), "facts", p)
}
