package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// notifyPage writes what all controllers are told. The next page shows exactly
// who gets exactly what; only that one sends.
type notifyPage struct {
	casePart
	Texts    []langCount // one for each language that has receivers
	To       string      // "untold", "failed", "all" or the id of one record
	One      *incident.Record
	Untold   int
	Failed   int
	All      int
	Flags    []flagRow          // what stops the notice and is not just edited here
	Phrases  []*incident.Phrase // approved sentences to be put in
	Waiting  []*incident.Proposal
	Preview  *preview // on the second page
	Forecast *incident.Forecast
	Lines    []line // the receivers, in part
	Next     string // cursor of the next part
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
	if err := s.offered(c, p); err != nil {
		return nil, err
	}
	if p.Waiting, err = s.waitingIn(c.Request.Context(), p.Inc.ID); err != nil {
		return nil, err
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

// waitingIn lists the notices of a case that wait for a second person.
func (s *Server) waitingIn(ctx context.Context, id string) ([]*incident.Proposal, error) {
	all, err := s.Read.Proposals(ctx, id)
	return slices.DeleteFunc(all, func(p *incident.Proposal) bool { return p.State != incident.ProposalWaits }), err
}

// notify shows the mails before it sends them: "do" is "check", "edit", "send",
// "more:CURSOR", "see:RECORD" or "insert:SENTENCE". Only "send" changes anything.
func (s *Server) notify(c *gin.Context) error {
	to := c.PostForm("to")
	p, err := s.notifyPage(c, to)
	if err != nil {
		return err
	}
	in, err := p.read(c)
	act, arg, _ := strings.Cut(c.PostForm("do"), ":")
	if act == "insert" {
		p.Form = typed(c)
		p.insert(arg)
		return s.render(c, http.StatusOK, "notify", p)
	}
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
