package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// caseMoments are those that all records of a case share; recordMoments are
// one controller's own. What ends a duty of another law is entered at its
// clock.
var (
	caseMoments = []incident.Moment{incident.OccurredFrom, incident.OccurredTo, incident.Signal, incident.Detected,
		incident.ProcessorAware, incident.Classified, incident.FixAvailable, incident.Contained}
	recordMoments = []incident.Moment{incident.ControllerInformed, incident.ControllerAware, incident.Reported,
		incident.SupplementPromised, incident.Supplemented, incident.SubjectsTold}
)

// momentView is a moment with its newest mark and those that it corrected.
type momentView struct {
	Moment incident.Moment
	Name   string
	Newest markView
	Known  bool // whether there is a mark at all
	Older  []markView
	Edit   string // where it is added or corrected; "" where not
}

// markView is a mark with the limits that follow from it.
type markView struct {
	incident.Mark
	Limits []limitAt
}

// momentsPage shows when what happened, and what was first thought.
type momentsPage struct {
	casePart
	Rec     *incident.Record // nil: of the whole case
	Moments []momentView
	Shared  []momentView // on a record's page: those of the case
}

func (s *Server) caseMomentsPage(c *gin.Context) error {
	part, err := s.casePart(c, "moments.title")
	if err != nil {
		return err
	}
	p := &momentsPage{casePart: *part}
	tallies, err := s.Read.Duties(c.Request.Context(), p.Inc.ID, p.Now)
	if err != nil {
		return err
	}
	limits := func(k incident.Mark) []limitAt { return caseLimits(tallies, k) }
	p.Moments = s.momentViews(&p.page, caseMoments, p.Inc.Marks, limits, p.momentPath())
	return s.render(c, http.StatusOK, "momentspage", p)
}

// momentPath is where a moment of the page's case or record is corrected.
func (p *momentsPage) momentPath() string {
	switch {
	case !p.May("mark") || !p.Inc.Open():
		return ""
	case p.Rec != nil:
		return "/records/" + p.Rec.ID + "/moments/"
	}
	return "/incidents/" + p.Inc.ID + "/moments/"
}

func (s *Server) recordMomentsPage(c *gin.Context) error {
	part, err := s.recordPart(c, "moments.title.record")
	if err != nil {
		return err
	}
	p := &momentsPage{casePart: casePart{part.page, part.Inc}, Rec: part.Rec}
	limits := func(k incident.Mark) []limitAt { return recordLimits(part.Rec, k) }
	own := recordMoments
	for _, k := range part.Rec.Marks {
		if !slices.Contains(own, k.Moment) {
			own = append(slices.Clone(own), k.Moment)
		}
	}
	p.Moments = s.momentViews(&p.page, own, part.Rec.Marks, limits, p.momentPath())
	p.Shared = s.momentViews(&p.page, caseMoments, part.Rec.Shared, limits, "")
	return s.render(c, http.StatusOK, "momentspage", p)
}

// momentViews gathers marks by moment.
func (s *Server) momentViews(p *page, moments []incident.Moment, marks []incident.Mark, limits func(incident.Mark) []limitAt, edit string) []momentView {
	var all []momentView
	for _, m := range moments {
		v := momentView{Moment: m, Name: s.Words.Moment(p.Lang, string(m))}
		if edit != "" && slices.Contains(slices.Concat(caseMoments, recordMoments), m) {
			v.Edit = edit + string(m)
		}
		for _, k := range marks {
			if k.Moment != m {
				continue
			}
			if v.Known {
				v.Older = append(v.Older, v.Newest)
			}
			k.By = authorName(k.By)
			v.Newest, v.Known = markView{k, limits(k)}, true
		}
		all = append(all, v)
	}
	return all
}

// caseLimits are the limits of a case's duties that would follow from a mark.
func caseLimits(tallies []*incident.DutyTally, k incident.Mark) []limitAt {
	var all []limitAt
	for _, t := range tallies {
		duty, _, ok := incident.DutyOf(t.Duty)
		ours := duty.From == incident.ControllerAware && duty.Ours && k.Moment == incident.ProcessorAware
		if !ok || duty.From != k.Moment && !ours {
			continue
		}
		if due := (&incident.Deadline{Within: t.Within}).LimitFrom(k.At); !due.IsZero() {
			all = append(all, limitAt{k, t.Duty, t.Within.Hours, due})
		}
	}
	return all
}

// recordLimits are the limits of a record's clocks that would follow from a
// mark.
func recordLimits(r *incident.Record, k incident.Mark) []limitAt {
	var all []limitAt
	for _, d := range r.Deadlines {
		cause, known := r.Cause(d)
		if !known || cause.Moment != k.Moment {
			continue
		}
		if due := d.LimitFrom(k.At); !due.IsZero() {
			all = append(all, limitAt{k, d.Duty, d.Within.Hours, due})
		}
	}
	return all
}

// momentPage adds or corrects one moment.
type momentPage struct {
	casePart
	Rec    *incident.Record
	Moment incident.Moment
	Name   string
	Known  bool
	Now0   incident.Mark // what stands now
	Sures  []string
	Back   string
}

func (s *Server) momentPage(c *gin.Context, part casePart, rec *incident.Record, of []incident.Moment) (*momentPage, error) {
	m := incident.Moment(c.Param("moment"))
	if !slices.Contains(of, m) {
		return nil, unknown(c)
	}
	p := &momentPage{casePart: part, Rec: rec, Moment: m, Name: s.Words.Moment(part.Lang, string(m)), Sures: []string{"known", "assumed", "unknown"}}
	if m == incident.OccurredTo {
		p.Sures = append(p.Sures, "ongoing")
	}
	p.Now0, p.Known = p.Inc.At(m)
	p.Back = "/incidents/" + p.Inc.ID + "/moments"
	if rec != nil {
		p.Now0, p.Known = rec.At(m)
		p.Back = "/records/" + rec.ID + "/moments"
	}
	p.Title = p.Name
	p.Form = p.filled(values("sure", "known"))
	return p, nil
}

func (s *Server) caseMoment(c *gin.Context) error {
	part, err := s.casePart(c, "moment.title")
	if err != nil {
		return err
	}
	p, err := s.momentPage(c, *part, nil, caseMoments)
	if err != nil {
		return err
	}
	return s.momentAct(c, p, func(m incident.Mark) error {
		return s.Desk.MarkIncident(c.Request.Context(), actor(c), p.Inc.ID, m)
	})
}

func (s *Server) recordMoment(c *gin.Context) error {
	part, err := s.recordPart(c, "mark.title")
	if err != nil {
		return err
	}
	p, err := s.momentPage(c, casePart{part.page, part.Inc}, part.Rec, recordMoments)
	if err != nil {
		return err
	}
	return s.momentAct(c, p, func(m incident.Mark) error {
		return s.Desk.MarkRecord(c.Request.Context(), actor(c), p.Rec.ID, m)
	})
}

// momentAct shows the form, or does what was sent.
func (s *Server) momentAct(c *gin.Context, p *momentPage, act func(incident.Mark) error) error {
	if c.Request.Method != http.MethodPost {
		return s.render(c, http.StatusOK, "momentform", p)
	}
	m, err := p.typedMark(c, p.Moment)
	if err == nil {
		err = act(m)
	}
	if err == nil {
		return s.redirect(c, p.Back+"?said=moved#m-"+string(p.Moment))
	}
	if !s.again(c, &p.page, err) {
		return err
	}
	return s.render(c, statusOf(err), "momentform", p)
}

// typedMark reads a mark of a moment from a form. The text is kept as it was
// typed, with the zone in which it was read.
func (p *page) typedMark(c *gin.Context, m incident.Moment) (incident.Mark, error) {
	read := p.time
	if m == incident.SupplementPromised {
		read = p.later
	}
	at, wrong := read(c, "at")
	k := incident.Mark{Moment: m, At: at, Sure: incident.Sure(c.PostForm("sure")), Why: c.PostForm("why")}
	if text := strings.TrimSpace(c.PostForm("at")); text != "" && wrong == nil {
		k.Text = zoned(text, p.zone())
	}
	return k, join(wrong)
}

// zoned is a typed time with the zone in which it was read.
func zoned(text string, zone *time.Location) string { return text + " (" + zone.String() + ")" }
