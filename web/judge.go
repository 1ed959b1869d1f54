package web

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/incident/risk"
)

// judgePage shows what is proposed for a record, what was decided, and the form
// to decide.
type judgePage struct {
	recordPart
	Standing incident.Standing
	Asked    bool // somebody has answered
	Seen     string
	Proposal *proposalView
	Versions []versionView
	Changed  []changeLine // since the newest decision
	Shared   []changeLine // where the record differs from the case
	Begun    bool         // the visitor has answers that are not saved
	Waits    int          // version that waits for the visitor's approval, or 0
	Decision int          // the same for a decision that no report is due
	Decided  *incident.Decision
	Printed  string // who printed it
}

func (s *Server) judgePage(c *gin.Context) (*judgePage, error) {
	part, err := s.recordPart(c, "judge.title")
	if err != nil {
		return nil, err
	}
	p := &judgePage{recordPart: *part}
	r := p.Rec
	ours, err := s.ours(c, r)
	if err != nil {
		return nil, err
	}
	if p.Standing = r.Standing(); p.Standing == incident.NotAsked && ours {
		p.Standing = incident.Undecided
	}
	if p.Standing == incident.NotAsked {
		return p, nil
	}
	text := r.EffectiveAnswers(p.Inc)
	p.Asked, p.Seen, p.Versions, p.Printed = text != "", incident.Fingerprint(text), versionViews(r), p.User.Name
	now, err := readAnswers(text).facts()
	if err != nil {
		return nil, err
	}
	p.Proposal = s.viewProposal(p.Lang, now)
	if n := len(r.Assessed); n > 0 && r.Assessed[n-1].Facts != nil {
		p.Changed = changeLines(p.Lang, r.Assessed[n-1].Answers(), now)
	}
	if r.Answers != "" && p.Inc.Answers != "" {
		if all, err := readAnswers(p.Inc.Answers).facts(); err == nil {
			p.Shared = changeLines(p.Lang, all, now)
		}
	}
	p.waiting()
	kept, err := s.Read.LoadDraft(c.Request.Context(), user(c).ID, (&askPage{Rec: r}).form())
	p.Begun = kept != ""
	return p, err
}

// waiting finds what the visitor may approve.
func (p *judgePage) waiting() {
	if !p.May("approve") || !p.Inc.Open() {
		return
	}
	if len(p.Versions) > 0 && p.Versions[0].Waits && p.Versions[0].ByID != p.User.ID {
		p.Waits = p.Versions[0].N
	}
	n := len(p.Rec.Decisions)
	if n == 0 {
		return
	}
	d := &p.Rec.Decisions[n-1]
	if d.Waits && d.ByID != p.User.ID && p.Rec.Consent(incident.ADecision, n-1) == "" {
		p.Decision, p.Decided = n, d
	}
}

func (s *Server) showJudge(c *gin.Context) error {
	p, err := s.judgePage(c)
	if err != nil {
		return err
	}
	if p.Standing == incident.NotAsked {
		return s.render(c, http.StatusOK, "judgenot", p)
	}
	return s.render(c, http.StatusOK, "judge", p)
}

func (s *Server) judge(c *gin.Context) error {
	a := incident.Assessment{Tier: incident.Tier(c.PostForm("tier")), Reason: c.PostForm("reason"), Approver: c.PostForm("approver"),
		DPO: c.PostForm("dpo"), Exempt: incident.Exemption{Ground: c.PostForm("exempt"), Facts: c.PostForm("exempt_facts")}}
	err := s.Desk.AssessSeen(c.Request.Context(), actor(c), c.Param("id"), c.PostForm("seen"), a)
	return s.judged(c, err)
}

// approve is a second person's verdict on an assessment, or on a decision that
// no report is due.
func (s *Server) approve(c *gin.Context) error {
	do := s.Desk.ApproveAssessment
	if c.PostForm("on") == string(incident.ADecision) {
		do = s.Desk.ApproveDecision
	}
	n, _ := strconv.Atoi(c.PostForm("version"))
	err := do(c.Request.Context(), actor(c), c.Param("id"), n, incident.Consent(c.PostForm("verdict")), c.PostForm("why"))
	return s.judged(c, renamed(err, "reason", "why")) // the page has a reason of its own
}

// judged answers for an act on the page of a record's assessment.
func (s *Server) judged(c *gin.Context, err error) error {
	if err == nil {
		return s.redirect(c, "/records/"+c.Param("id")+"/assessment?said=decided")
	}
	p, err2 := s.judgePage(c)
	if err2 != nil || p.Standing == incident.NotAsked || !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "judge", p)
}

// versionsPage compares two versions of an assessment.
type versionsPage struct {
	recordPart
	A, B    versionView
	All     []versionView
	Changes []changeLine
}

func (s *Server) versions(c *gin.Context) error {
	part, err := s.recordPart(c, "versions.title")
	if err != nil {
		return err
	}
	p := &versionsPage{recordPart: *part, All: versionViews(part.Rec)}
	n := len(p.All)
	if n < 2 {
		return unknown(c)
	}
	p.A, p.B = p.version(c.Query("a"), n-1), p.version(c.Query("b"), n)
	p.Changes = changeLines(p.Lang, p.A.Answers(), p.B.Answers())
	return s.render(c, http.StatusOK, "versions", p)
}

// version finds a version by its number, or else by another.
func (p *versionsPage) version(asked string, otherwise int) versionView {
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 || n > len(p.All) {
		n = otherwise
	}
	return p.All[len(p.All)-n]
}

// memo sends an assessment as a reasoned memo in plain text: the newest
// decision, the version asked for, or the proposal while nobody has decided.
func (s *Server) memo(c *gin.Context) error {
	p, err := s.judgePage(c)
	if err != nil {
		return err
	}
	if p.Standing == incident.NotAsked {
		return &incident.Error{Kind: incident.Refused, Key: "assess.not_ours"}
	}
	lang := p.Lang
	if asked := c.Query("lang"); known(asked) {
		lang = asked
	}
	var buf bytes.Buffer
	facts, err := readAnswers(p.Rec.EffectiveAnswers(p.Inc)).facts()
	if err != nil {
		return err
	}
	var decided *versionView
	if len(p.Versions) > 0 {
		n, err := strconv.Atoi(c.Query("version"))
		if err != nil || n < 1 || n > len(p.Versions) {
			n = len(p.Versions)
		}
		decided = &p.Versions[len(p.Versions)-n]
		if decided.Facts != nil {
			facts = decided.Answers()
		}
	}
	s.memoHead(&buf, p, lang, decided)
	if err := risk.Assess(facts).Memo(&buf, lang); err != nil {
		return err
	}
	c.Header("Content-Disposition", `inline; filename="assessment-`+p.Inc.Number+`.txt"`)
	return s.send(c, http.StatusOK, "text/plain; charset=utf-8", buf.Bytes())
}
