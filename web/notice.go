package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// notifyPage writes what all controllers are told. The next page shows exactly
// who gets exactly what; only that one sends.
type notifyPage struct {
	casePart
	Texts   []langCount // one for each language that has receivers
	To      string      // "untold", "failed", "all" or the id of one record
	One     *incident.Record
	Untold  int
	Failed  int
	All     int
	Flags   []flagRow // what stops the notice and is not just edited here
	Preview *preview  // on the second page
	Lines   []line    // the receivers, in part
	Next    string    // cursor of the next part
}

// langCount says how many receivers read a language.
type langCount struct {
	Lang string
	N    int
}

// preview is the mail that one receiver would get.
type preview struct {
	Line    string // id of the record
	Name    string
	Contact incident.Contact
	Letter  incident.Letter
}

// notifyPage gathers what both pages need. to is whom the notice goes to.
func (s *Server) notifyPage(c *gin.Context, to string) (*notifyPage, error) {
	part, err := s.casePart(c, "notify.title")
	if err != nil {
		return nil, err
	}
	t := part.Inc.Tally
	p := &notifyPage{casePart: *part, To: to, Untold: t.Records - t.Notified, Failed: t.Failed, All: t.Records}
	langs := map[string]int{}
	switch to {
	case "untold", "failed", "all":
		if langs, err = s.Read.Langs(c.Request.Context(), p.Inc.ID); err != nil {
			return nil, err
		}
	default:
		p.One, err = s.Read.Record(c.Request.Context(), to)
		if err != nil || p.One.Incident != p.Inc.ID {
			return nil, unknown(c)
		}
		langs[p.One.Lang] = 1
	}
	for _, l := range p.Langs {
		if langs[l] > 0 {
			p.Texts = append(p.Texts, langCount{l, langs[l]})
		}
	}
	return p, nil
}

// defaultTo is whom a notice goes to unless something else is chosen.
func defaultTo(t incident.Tally) string {
	switch {
	case t.Records > t.Notified:
		return "untold"
	default:
		return "all"
	}
}

func (s *Server) notifyForm(c *gin.Context) error {
	inc, err := s.incident(c)
	if err != nil {
		return err
	}
	to := c.Query("to")
	if to == "" {
		to = defaultTo(inc.Tally)
	}
	p, err := s.notifyPage(c, to)
	if err != nil {
		return err
	}
	v := values("to", to)
	skeleton := "notify.skeleton"
	if to == "all" && inc.Tally.Notified > 0 || p.One != nil && p.One.Notices > 0 {
		skeleton = "notify.skeleton.more"
	}
	for _, x := range p.Texts {
		v.Set("text_"+x.Lang, s.Words.Say(x.Lang, skeleton))
	}
	p.Form = p.filled(v)
	return s.render(c, http.StatusOK, "notify", p)
}

// notify shows the mails before it sends them: "do" is "check", "edit", "send",
// "more:CURSOR" or "see:RECORD". Only "send" changes anything.
func (s *Server) notify(c *gin.Context) error {
	to := c.PostForm("to")
	p, err := s.notifyPage(c, to)
	if err != nil {
		return err
	}
	in, err := p.read(c)
	act, arg, _ := strings.Cut(c.PostForm("do"), ":")
	if err == nil {
		err = p.complete(in)
	}
	if err != nil || act == "edit" {
		code := http.StatusOK
		if err != nil && !s.again(c, &p.page, err) {
			return err
		}
		if err != nil {
			code = http.StatusUnprocessableEntity
		}
		p.Form.Values = typed(c).Values
		return s.render(c, code, "notify", p)
	}
	if act == "send" {
		return s.sendNotices(c, p, in)
	}
	if in.Records, err = s.chosen(c.Request.Context(), p); err != nil {
		return err
	}
	if stopped, err := s.stopped(c, p, in); stopped || err != nil {
		return err
	}
	return s.checkNotices(c, p, in, act, arg)
}

// read takes the notice from the form.
func (p *notifyPage) read(c *gin.Context) (incident.Notify, error) {
	in := incident.Notify{Texts: map[string]string{}, Key: c.PostForm("key"), Cleared: c.PostFormArray("cleared")}
	for _, x := range p.Texts {
		in.Texts[x.Lang] = strings.ReplaceAll(c.PostForm("text_"+x.Lang), "\r\n", "\n")
	}
	at, wrong := p.later(c, "next_update")
	in.NextUpdate = at
	return in, join(wrong)
}

// complete says what is missing before a mail can be shown.
func (p *notifyPage) complete(in incident.Notify) error {
	var errs []*incident.Error
	for _, x := range p.Texts {
		if strings.TrimSpace(in.Texts[x.Lang]) == "" {
			errs = append(errs, &incident.Error{Kind: incident.Invalid, Field: "text_" + x.Lang, Key: "notice.text_empty", Args: map[string]any{"lang": x.Lang}})
		}
	}
	if !in.NextUpdate.IsZero() && in.NextUpdate.Before(p.Now) {
		errs = append(errs, &incident.Error{Kind: incident.Invalid, Field: "next_update", Key: "time.past"})
	}
	return join(errs...)
}

// checkNotices is the page on which one sees exactly who gets exactly what.
func (s *Server) checkNotices(c *gin.Context, p *notifyPage, in incident.Notify, act, arg string) error {
	ctx := c.Request.Context()
	p.Title = s.Words.Say(p.Lang, "notify.check.title")
	p.Wide = ""
	p.Form = typed(c)
	if p.Form.Key == "" {
		p.Form.Key = s.Desk.NewID()
	}
	see := ""
	after := c.PostForm("after")
	switch act {
	case "more":
		after = arg
	case "see":
		see = arg
	}
	p.Form.Values.Set("after", after)
	if p.One != nil {
		see = p.One.ID
	} else if err := s.receivers(ctx, p, after); err != nil {
		return err
	}
	if see == "" && len(p.Lines) > 0 {
		see = p.Lines[0].ID
	}
	if see == "" {
		return &incident.Error{Kind: incident.Refused, Key: "notice.nobody"}
	}
	letter, contact, err := s.Desk.Preview(ctx, actor(c), see, in)
	if err != nil {
		return err
	}
	r, err := s.Read.Record(ctx, see)
	if err != nil || r.Incident != p.Inc.ID {
		return unknown(c)
	}
	p.Preview = &preview{Line: see, Name: r.Name, Contact: contact, Letter: letter}
	return s.render(c, http.StatusOK, "check", p)
}

// stageOf is the stage of those that a notice goes to; "" is all of them.
var stageOf = map[string]incident.Stage{"untold": incident.Untold, "failed": incident.Failed}

// receivers reads one part of the list of receivers.
func (s *Server) receivers(ctx context.Context, p *notifyPage, after string) error {
	all, next, err := s.Read.Lines(ctx, p.Inc.ID, incident.LineFilter{Stage: stageOf[p.To]}, incident.Cut{After: after, Limit: 20})
	if err != nil {
		return err
	}
	p.Next = next
	for _, l := range linesAt(all, p.Now) {
		if l.Controller != incident.Own && l.Certainty != incident.NotAffected {
			p.Lines = append(p.Lines, l)
		}
	}
	return nil
}

// noticePage shows a notice as it was sent.
type noticePage struct {
	page
	Rec    *incident.Record
	Notice *incident.Notice
}

func (s *Server) showNotice(c *gin.Context) error {
	ctx := c.Request.Context()
	n, err := s.Read.Notice(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	r, err := s.Read.Record(ctx, n.Record)
	if err != nil {
		return err
	}
	p := noticePage{page: s.page(c, "notice.title", "N", n.N, "Name", r.Name), Rec: r, Notice: n}
	p.Wide, p.Section = "narrow", "board"
	return s.render(c, http.StatusOK, "notice", p)
}
