package web

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// How many rows a page of a list has: a page stays within 30 KiB.
const (
	boardRows    = 20
	recordRows   = 25
	deliveryRows = 13
	customerRows = 50
	entryRows    = 12
)

// boardPage shows the cases, the tightest deadline first.
type boardPage struct {
	page
	pager
	State string // "open" or "closed"
	Q     string
	Top   *row // whose clock ends next; nil when none does
	Rows  []row
	Asked []*incident.QuestionCount // cases whose controllers wait for an answer
	Rings []ringView                // alarms that wait for somebody
}

// row is a case on the board.
type row struct {
	*incident.Row
	Clock *clock
	Watch *clock // the first of the controllers' own, which we only watch
}

func rowsAt(all []*incident.Row, now time.Time) []row {
	rows := make([]row, len(all))
	for i, r := range all {
		rows[i].Row = r
		if r.Next != nil {
			rows[i].Clock = &clock{r.Next, now}
		}
		if r.Theirs != nil {
			rows[i].Watch = &clock{r.Theirs, now}
		}
	}
	return rows
}

func (s *Server) board(c *gin.Context) error {
	if !actor(c).May("read") { // a reporter's way in is the log
		return s.redirect(c, "/log")
	}
	p := boardPage{page: s.page(c, "board.title"), State: "open", Q: c.Query("q")}
	p.Section = "board"
	if c.Query("state") == "closed" {
		p.State = "closed"
		p.Title = s.Words.Say(p.Lang, "board.title.closed")
	}
	all, next, err := s.Read.Rows(c.Request.Context(), incident.Filter{State: p.State, Search: p.Q}, cut(c, boardRows))
	if err != nil {
		return err
	}
	if c.Query("after") == "" && p.State == "open" {
		rings, err := s.Desk.RingingNow(c.Request.Context(), ringRows)
		if err != nil {
			return err
		}
		p.Rings = s.ringViews(&p.page, rings, true)
		if p.Asked, err = s.Read.QuestionCounts(c.Request.Context(), ringRows); err != nil {
			return err
		}
	}
	p.Rows, p.pager = rowsAt(all, p.Now), pages(c, next)
	if len(p.Rows) > 0 && p.Rows[0].Clock != nil && p.First == "" && p.Q == "" && p.State == "open" {
		p.Top = &p.Rows[0]
	}
	return s.render(c, http.StatusOK, "board", p)
}
