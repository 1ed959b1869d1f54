package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// questionRows is how many open questions a page gathers; all are counted.
const questionRows = 200

// questionsPage shows what the controllers of a case have asked, and what they
// were answered.
type questionsPage struct {
	casePart
	Topics  []*incident.Topic
	Replies []replyRow
}

// replyRow is an answer with how many have opened it.
type replyRow struct {
	*incident.Reply
	Head   string // in the visitor's language, or another
	Copies []*incident.ReplyCopy
	Seen   int
}

// headIn returns the words of a language, or of the first that there is.
func headIn(by map[string]string, lang string, langs []string) string {
	for _, l := range append([]string{lang}, langs...) {
		if by[l] != "" {
			return by[l]
		}
	}
	return ""
}

func (s *Server) questionsPage(c *gin.Context) (*questionsPage, error) {
	part, err := s.casePart(c, "questions.title")
	if err != nil {
		return nil, err
	}
	p, ctx := &questionsPage{casePart: *part}, c.Request.Context()
	open, err := s.Read.OpenQuestions(ctx, p.Inc.ID, questionRows)
	if err != nil {
		return nil, err
	}
	p.Topics = incident.Topics(open)
	all, err := s.Read.Replies(ctx, p.Inc.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		row := replyRow{Reply: r, Head: headIn(r.Heads, p.Lang, p.Langs)}
		if row.Copies, err = s.Read.CopiesOf(ctx, r.ID); err != nil {
			return nil, err
		}
		for _, x := range row.Copies {
			if !x.SeenAt.IsZero() {
				row.Seen++
			}
		}
		p.Replies = append(p.Replies, row)
	}
	return p, nil
}

func (s *Server) caseQuestions(c *gin.Context) error {
	p, err := s.questionsPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "questions", p)
}

// gatherQuestions makes questions one topic, or takes one out of it.
func (s *Server) gatherQuestions(c *gin.Context) error {
	ctx, id := c.Request.Context(), c.Param("id")
	var err error
	if part := c.PostForm("part"); part != "" {
		var q *incident.Question
		if q, err = s.Read.Question(ctx, part); err == nil && q.Incident != id {
			return unknown(c)
		}
		if err == nil {
			err = s.Desk.Part(ctx, actor(c), part)
		}
	} else {
		err = s.Desk.Gather(ctx, actor(c), id, c.PostFormArray("questions"))
	}
	if err == nil {
		return s.redirect(c, "/incidents/"+id+"/questions?said=saved")
	}
	p, err2 := s.questionsPage(c)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "questions", p)
}

// replyPage writes one answer to questions, in every language that is needed.
type replyPage struct {
	casePart
	Questions []*incident.Question
	Texts     []langCount // readers by language, if it goes to all who were told
	Flags     []flagRow
	Two       bool // another must approve
}

func (s *Server) replyPage(c *gin.Context, ids []string) (*replyPage, error) {
	part, err := s.casePart(c, "reply.title")
	if err != nil {
		return nil, err
	}
	p, ctx := &replyPage{casePart: *part}, c.Request.Context()
	p.Two = p.Org.TwoToSend
	if p.Questions, err = s.Read.QuestionsIn(ctx, p.Inc.ID, ids); err != nil {
		return nil, err
	}
	if len(p.Questions) == 0 {
		return nil, unknown(c)
	}
	langs, err := s.Read.Langs(ctx, p.Inc.ID)
	if err != nil {
		return nil, err
	}
	for _, q := range p.Questions {
		langs[q.Lang] = max(langs[q.Lang], 1)
	}
	for _, l := range p.Langs {
		if langs[l] > 0 {
			p.Texts = append(p.Texts, langCount{l, langs[l]})
		}
	}
	return p, nil
}

// Asks reports whether one of those who asked reads the language.
func (p *replyPage) Asks(lang string) bool {
	return slices.ContainsFunc(p.Questions, func(q *incident.Question) bool { return q.Lang == lang })
}

// replyForm begins an answer to a topic.
func (s *Server) replyForm(c *gin.Context) error {
	open, err := s.Read.OpenQuestions(c.Request.Context(), c.Param("id"), questionRows)
	if err != nil {
		return err
	}
	var ids []string
	for _, q := range open {
		if q.Topic == c.Query("topic") {
			ids = append(ids, q.ID)
		}
	}
	p, err := s.replyPage(c, ids)
	if err != nil {
		return err
	}
	p.Form = p.filled(values("to", "askers"))
	return s.render(c, http.StatusOK, "replyform", p)
}

func (s *Server) reply(c *gin.Context) error {
	p, err := s.replyPage(c, c.PostFormArray("questions"))
	if err != nil {
		return err
	}
	in := incident.Respond{Questions: c.PostFormArray("questions"), Everyone: c.PostForm("to") == "told", Heads: map[string]string{},
		Texts: map[string]string{}, Cleared: c.PostFormArray("cleared"), Key: c.PostForm("key")}
	for _, x := range p.Texts {
		in.Heads[x.Lang], in.Texts[x.Lang] = c.PostForm("head_"+x.Lang), c.PostForm("text_"+x.Lang)
	}
	r, err := s.Desk.AnswerQuestions(c.Request.Context(), actor(c), p.Inc.ID, in)
	if err == nil {
		said := "replied"
		if r.State == incident.ProposalWaits {
			said = "proposed"
		}
		return s.redirect(c, "/incidents/"+p.Inc.ID+"/questions?said="+said)
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	p.Flags = s.doubts(p.Lang, err)
	return s.render(c, statusOf(err), "replyform", p)
}

// doubts are the flags in an error of which a person may say that they are not
// what they look like.
func (s *Server) doubts(lang string, err error) []flagRow {
	many, _ := err.(incident.Errors) //nolint:errorlint // the Desk returns them bare
	var rows []flagRow
	for _, e := range many {
		key := asString(e.Args["flag"])
		if key == "" || !strings.HasSuffix(e.Key, ".doubt") || slices.ContainsFunc(rows, func(r flagRow) bool { return r.Key == key }) {
			continue
		}
		rows = append(rows, flagRow{Flag: incident.Flag{Field: e.Field, Shown: asString(e.Args["shown"]), Key: key}, Text: s.sayError(lang, e)})
	}
	return rows
}

// shownReply is one answer: what waits for another person, or what was sent.
type shownReply struct {
	page
	Inc       *incident.Incident
	R         replyRow
	Questions []*incident.Question
	Self      bool
	Langs2    []string // that it has
	Records   []*incident.Record
}

func (s *Server) shownReply(c *gin.Context) (*shownReply, error) {
	ctx := c.Request.Context()
	r, err := s.Read.Reply(ctx, c.Param("id"))
	if err != nil {
		return nil, err
	}
	p := &shownReply{page: s.page(c, "reply.shown"), Self: user(c).ID == r.ByID}
	p.Section, p.Wide = "board", "narrow"
	p.R = replyRow{Reply: r, Head: headIn(r.Heads, p.Lang, p.Langs)}
	if p.Inc, err = s.Read.Incident(ctx, r.Incident); err != nil {
		return nil, err
	}
	if p.Questions, err = s.Read.QuestionsIn(ctx, r.Incident, r.Questions); err != nil {
		return nil, err
	}
	if p.R.Copies, err = s.Read.CopiesOf(ctx, r.ID); err != nil {
		return nil, err
	}
	for _, l := range p.Langs {
		if r.Texts[l] != "" {
			p.Langs2 = append(p.Langs2, l)
		}
	}
	all, err := s.Read.Records(ctx, r.Incident, r.Records)
	p.Records = all[:min(len(all), waitingRows)]
	return p, err
}

func (s *Server) showReply(c *gin.Context) error {
	p, err := s.shownReply(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "replied", p)
}

// decideReply sends an answer that waits, or declines it.
func (s *Server) decideReply(c *gin.Context) error {
	ctx, id := c.Request.Context(), c.Param("id")
	r, err := s.Read.Reply(ctx, id)
	if err != nil {
		return err
	}
	if c.PostForm("do") == "approve" {
		err = s.Desk.ApproveReply(ctx, actor(c), id, c.PostForm("seal"))
	} else {
		err = s.Desk.DeclineReply(ctx, actor(c), id, c.PostForm("reason"))
	}
	if err == nil {
		return s.redirect(c, "/incidents/"+r.Incident+"/questions?said=saved")
	}
	p, err2 := s.shownReply(c)
	if err2 != nil || !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "replied", p)
}

// allQuestions lists the open questions of every case.
type allQuestions struct {
	page
	Cases []*incident.QuestionCount
}

func (s *Server) allQuestions(c *gin.Context) error {
	cases, err := s.Read.QuestionCounts(c.Request.Context(), questionRows)
	if err != nil {
		return err
	}
	p := allQuestions{s.page(c, "questions.all"), cases}
	p.Section, p.Wide = "questions", "narrow"
	return s.render(c, http.StatusOK, "allquestions", p)
}
