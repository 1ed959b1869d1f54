package web

import (
	"errors"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// asked are the reasons for which a typed time is asked about again, with what
// it may have meant.
var asked = map[incident.LocalTimeKind]bool{
	incident.LocalMissing: true, incident.LocalAmbiguous: true, incident.LocalSeason: true,
	incident.LocalFuture: true, incident.LocalWeekday: true,
}

// passes are what a time typed into one field may have meant. The answer comes
// back in a field of its own, so that a form may ask about several times.
type passes struct {
	Field  string // of the answer
	Text   string // as typed
	At     []time.Time
	Chosen time.Time
}

// time reads the time typed into a field in the organisation's zone. Nothing
// typed is the zero time. A time that does not exist, or exists twice, is asked
// about.
func (p *page) time(c *gin.Context, field string) (time.Time, *incident.Error) {
	return p.timeBy(c, field, p.Now)
}

// timeBy is time for a date that, if its year was left out, is the nearest
// before now.
func (p *page) timeBy(c *gin.Context, field string, now time.Time) (time.Time, *incident.Error) {
	text := strings.TrimSpace(c.PostForm(field))
	if text == "" {
		return time.Time{}, nil
	}
	at, err := incident.ParseLocal(text, now, p.zone())
	var doubt *incident.LocalTimeError
	if !errors.As(err, &doubt) {
		return at, nil
	}
	if asked[doubt.Kind] {
		x := passes{Field: "pass_" + field, Text: text}
		for _, t := range []time.Time{doubt.First, doubt.Second} {
			if t.IsZero() {
				continue
			}
			x.At = append(x.At, t)
			if c.PostForm(x.Field) == t.UTC().Format(time.RFC3339) {
				x.Chosen = t
			}
		}
		if len(x.At) > 0 {
			p.Passes = append(p.Passes, x)
		}
		if !x.Chosen.IsZero() {
			return x.Chosen, nil
		}
	}
	return time.Time{}, &incident.Error{Kind: incident.Invalid, Field: field, Key: "time." + string(doubt.Kind)}
}

// later is time for a moment still to come, such as a promised update: a date
// without a year may lie ahead.
func (p *page) later(c *gin.Context, field string) (time.Time, *incident.Error) {
	before := len(p.Passes)
	at, err := p.time(c, field)
	if err == nil || err.Key != "time."+string(incident.LocalFuture) || len(p.Passes) == before {
		return at, err
	}
	ahead := p.Passes[before].At
	p.Passes = p.Passes[:before]
	y, m, d := ahead[len(ahead)-1].In(p.zone()).Date()
	return p.timeBy(c, field, time.Date(y, m, d, 23, 59, 59, 0, p.zone())) // so a repeated hour ahead is asked about, too
}
