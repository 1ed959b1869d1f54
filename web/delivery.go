package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// fateColour is the colour that helps the word of a fate.
var fateColour = map[incident.Fate]string{
	incident.Pending: "run", incident.Leased: "run", incident.Taken: "done", incident.Delivered: "done", incident.Bounced: "late", incident.Dead: "late",
	incident.Cancelled: "",
}

// delivery is one message on its way, with its four times.
type delivery struct {
	*incident.Delivery
	AckedAt time.Time // of the notice; zero: not yet, or not asked for
	AckedBy string
}

// Written reports whether the mail's bytes are fixed: those of a notice are
// when a courier first takes it.
func (d delivery) Written() bool {
	return d.Route == incident.ByMail && (d.Notice == "" || d.Fate != incident.Pending || d.Tries > 0)
}

// Colour is the one of the delivery's fate.
func (d delivery) Colour() string { return fateColour[d.Fate] }

// AcceptedAt is when a server took the message, or zero.
func (d delivery) AcceptedAt() time.Time {
	return d.first("")
}

// DeliveredAt is when a report said that the message is in the mailbox, or
// zero: most servers send none.
func (d delivery) DeliveredAt() time.Time { return d.first(incident.Arrived) }

// first is the time of the first good receipt of a kind.
func (d delivery) first(report incident.Verdict) time.Time {
	for _, r := range d.Receipts {
		if r.OK && r.Report == report {
			return r.Ended
		}
	}
	return time.Time{}
}

// deliveriesOf joins deliveries and the notices that they carry.
func (s *Server) deliveriesOf(c *gin.Context, all []*incident.Delivery, notices []*incident.Notice) []delivery {
	by := map[string]*incident.Notice{}
	for _, n := range notices {
		by[n.ID] = n
	}
	ds := make([]delivery, len(all))
	for i, d := range all {
		ds[i].Delivery = d
		if n := by[d.Notice]; n != nil {
			ds[i].AckedAt, ds[i].AckedBy = n.AckedAt, n.AckedBy
		}
	}
	return ds
}

// deliveriesPage lists every message and what the transport answered.
type deliveriesPage struct {
	page
	pager
	Inc        *incident.Incident // nil: of all cases
	Deliveries []delivery
	Queue      *incident.Forecast // of what waits, of all cases
}

func (s *Server) allDeliveries(c *gin.Context) error {
	return s.deliveries(c, deliveriesPage{page: s.page(c, "deliveries.title"), Inc: nil})
}

func (s *Server) caseDeliveries(c *gin.Context) error {
	inc, err := s.incident(c)
	if err != nil {
		return err
	}
	return s.deliveries(c, deliveriesPage{page: s.page(c, "deliveries.title.case", "Number", inc.Number), Inc: inc})
}

func (s *Server) deliveries(c *gin.Context, p deliveriesPage) error {
	ctx := c.Request.Context()
	id := ""
	p.Section = "deliveries"
	if p.Inc != nil {
		id, p.Section = p.Inc.ID, "board"
	}
	all, next, err := s.Read.Deliveries(ctx, id, "", cut(c, deliveryRows))
	if err != nil {
		return err
	}
	if p.Queue, err = s.Desk.Queue(ctx, actor(c)); err != nil {
		return err
	}
	var records []string
	for _, d := range all {
		if d.Record != "" {
			records = append(records, d.Record)
		}
	}
	newest, err := s.Read.NewestNotices(ctx, records)
	if err != nil {
		return err
	}
	var notices []*incident.Notice
	for _, n := range newest {
		notices = append(notices, n)
	}
	p.Deliveries, p.pager = s.deliveriesOf(c, all, notices), pages(c, next)
	return s.render(c, http.StatusOK, "deliveries", p)
}

// mail gives the exact bytes of a message.
func (s *Server) mail(c *gin.Context) error {
	d, err := s.Read.Delivery(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	if d.Route != incident.ByMail || len(d.Body) == 0 { // not written yet
		return unknown(c)
	}
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.eml"`, plain(d.ID)))
	c.Data(http.StatusOK, "message/rfc822", d.Body)
	return nil
}

// plain keeps of an id what may stand in a file's name.
func plain(id string) string {
	b := []byte(id)
	for i, x := range b {
		if x != '-' && x != '_' && (x < '0' || x > '9') && (x < 'a' || x > 'z') && (x < 'A' || x > 'Z') {
			b[i] = '_'
		}
	}
	return string(b)
}
