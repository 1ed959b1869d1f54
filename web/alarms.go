package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// How many rows of a plan and a rota are read, and how far gaps are looked for.
const (
	planRows  = 12
	rotaRows  = 60
	gapsAhead = 14 * 24 * time.Hour
)

// alarmsPage says who is alarmed, in which order and when, and which laws bind
// the company.
type alarmsPage struct {
	page
	Steps   []int
	Shifts  []int
	Users   []*incident.User
	Gaps    []incident.Span
	Regimes []regimeView
	OnCall  string
}

func (s *Server) alarmsPage(c *gin.Context, o incident.Organisation) (*alarmsPage, error) {
	p := &alarmsPage{page: s.page(c, "alarms.title"), OnCall: incident.OnCall}
	p.Section, p.Wide = "settings", "narrow"
	users, err := s.Read.Users(c.Request.Context())
	p.Users = slices.DeleteFunc(users, func(u *incident.User) bool { return u.Disabled })
	p.Steps, p.Shifts = rowNumbers(len(o.Plan)), rowNumbers(len(o.Rota))
	p.Gaps = p.Org.Gaps(p.Now, p.Now.Add(gapsAhead))
	p.Regimes = regimeViews(o.Regimes)
	p.Form = p.filled(p.alarmValues(o))
	return p, err
}

// alarmValues fills the form with the plan, the rota and the quiet hours.
func (p *alarmsPage) alarmValues(o incident.Organisation) map[string][]string {
	v := values()
	for i, x := range o.Plan {
		v.Set(numbered("who", i), strings.Join(x.Who, ", "))
		v.Set(numbered("wait", i), strconv.Itoa(int(x.Wait.Minutes())))
	}
	l := templates.Lang(p.Lang)
	for i, x := range o.Rota {
		v.Set(numbered("shift", i), x.Login)
		v.Set(numbered("from", i), templates.DateTime(l, x.From, p.zone()))
		v.Set(numbered("until", i), templates.DateTime(l, x.Until, p.zone()))
	}
	if o.Quiet.From != o.Quiet.Until {
		v.Set("quiet_from", clockText(o.Quiet.From))
		v.Set("quiet_until", clockText(o.Quiet.Until))
	}
	if o.ChaseAfter > 0 {
		v.Set("chase_hours", strings.Replace(strconv.FormatFloat(o.ChaseAfter.Hours(), 'f', -1, 64), ".", ",", 1))
	}
	if o.Day.From != o.Day.Until {
		v.Set("day_from", clockText(o.Day.From))
		v.Set("day_until", clockText(o.Day.Until))
	}
	v["regimes"] = o.Regimes
	return v
}

// clockText writes minutes after midnight as they are typed.
func clockText(m int) string { return fmt.Sprintf("%d.%02d", m/60, m%60) }

// typedClock reads minutes after midnight: "22", "22.30" or "22:30".
func typedClock(text string) (int, error) {
	h, m, found := strings.Cut(strings.ReplaceAll(strings.TrimSpace(text), ":", "."), ".")
	if !found {
		m = "0"
	}
	hours, err1 := strconv.Atoi(h)
	minutes, err2 := strconv.Atoi(m)
	if hours < 0 || hours > 23 || minutes < 0 || minutes > 59 {
		return 0, errors.New("no such time")
	}
	return hours*60 + minutes, errors.Join(err1, err2)
}

func (s *Server) alarmsForm(c *gin.Context) error {
	o, err := s.Read.Organisation(c.Request.Context())
	if err != nil {
		return err
	}
	p, err := s.alarmsPage(c, o)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "alarms", p)
}

func (s *Server) saveAlarms(c *gin.Context) error {
	ctx := c.Request.Context()
	o, err := s.Read.Organisation(ctx) // what the form does not show stays
	if err != nil {
		return err
	}
	p, err := s.alarmsPage(c, o)
	if err != nil {
		return err
	}
	if err = p.readAlarms(c, &o); err == nil {
		err = s.Desk.SaveOrganisation(ctx, actor(c), o)
	}
	if err == nil {
		return s.redirect(c, "/settings/alarms?said=saved")
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	p.Steps, p.Shifts = rowNumbers(rowsTyped(c, "who", planRows)), rowNumbers(rowsTyped(c, "shift", rotaRows))
	return s.render(c, statusOf(err), "alarms", p)
}

// rowsTyped counts the rows up to the last in which something stands.
func rowsTyped(c *gin.Context, name string, most int) int {
	n := 0
	for i := range most {
		if strings.TrimSpace(c.PostForm(numbered(name, i))) != "" {
			n = i + 1
		}
	}
	return n
}

// readAlarms reads the form. Errors of the rules are about rows as they are
// counted without the empty ones, which come last.
func (p *alarmsPage) readAlarms(c *gin.Context, o *incident.Organisation) error {
	var errs []*incident.Error
	o.Plan, o.Rota, o.Regimes, o.Quiet = nil, nil, c.PostFormArray("regimes"), incident.Quiet{}
	for i := range planRows {
		who := strings.FieldsFunc(c.PostForm(numbered("who", i)), func(r rune) bool { return strings.ContainsRune("\r\n,; ", r) })
		if len(who) > 0 {
			o.Plan = append(o.Plan, incident.Step{Who: who, Wait: time.Duration(number(c, numbered("wait", i))) * time.Minute})
		}
	}
	for i := range rotaRows {
		login := strings.TrimSpace(c.PostForm(numbered("shift", i)))
		if login == "" {
			continue
		}
		from, bad1 := p.later(c, numbered("from", i))
		until, bad2 := p.later(c, numbered("until", i))
		errs = append(errs, bad1, bad2)
		o.Rota = append(o.Rota, incident.Shift{Login: login, From: from.UTC(), Until: until.UTC()})
	}
	if c.PostForm("quiet_from")+c.PostForm("quiet_until") != "" {
		from, err1 := typedClock(c.PostForm("quiet_from"))
		until, err2 := typedClock(c.PostForm("quiet_until"))
		if err1 != nil || err2 != nil {
			errs = append(errs, &incident.Error{Kind: incident.Invalid, Field: "quiet_from", Key: "quiet.range"})
		}
		o.Quiet = incident.Quiet{From: from, Until: until}
	}
	return join(append(errs, readChase(c, o)...)...)
}

// readChase reads when an unanswered notice goes to the next contact. What is
// left empty is the usual.
func readChase(c *gin.Context, o *incident.Organisation) []*incident.Error {
	var errs []*incident.Error
	o.ChaseAfter, o.Day = 0, incident.Quiet{}
	if text := strings.TrimSpace(c.PostForm("chase_hours")); text != "" {
		hours, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
		if err != nil || !(hours >= 0.25 && hours <= 168) {
			errs = append(errs, &incident.Error{Kind: incident.Invalid, Field: "chase_hours", Key: "chase.range"})
		} else {
			o.ChaseAfter = time.Duration(hours * float64(time.Hour)).Round(time.Minute)
		}
	}
	if c.PostForm("day_from")+c.PostForm("day_until") != "" {
		from, err1 := typedClock(c.PostForm("day_from"))
		until, err2 := typedClock(c.PostForm("day_until"))
		if err1 != nil || err2 != nil {
			errs = append(errs, &incident.Error{Kind: incident.Invalid, Field: "day_from", Key: "day.range"})
		}
		o.Day = incident.Quiet{From: from, Until: until}
	}
	return errs
}
