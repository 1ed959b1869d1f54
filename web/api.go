package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

// apiBase is where the API stands. A change that breaks programs needs another.
const apiBase = "/api/v1"

// The largest bodies that the API reads, in bytes.
const (
	smallLimit = 64 << 10 // one thing with its reasons
	listLimit  = 8 << 20  // a hundred thousand ids or words
	filesLimit = 23 << 20 // 16 MiB of files in base64
)

// api answers programs. It shares the site's Desk and Reader, and like the
// pages it holds no rule.
type api struct {
	*Server
	failed *limiter      // of wrong tokens, by network
	costly chan struct{} // imports and reports that run now
}

// An apiRoute is one address of the API. Everything about it that is checked
// before its function runs stands in the table.
type apiRoute struct {
	method, path string
	need         string   // the act that the token's role must allow; anyone: no token
	kind         string   // media type of the body; "" is no body
	limit        int64    // of the body, in bytes
	query        []string // parameters that may stand behind the address
	do           func(c *gin.Context, ask request) error
}

// A request is what is known of a call once it has passed the gate.
type request struct {
	by   incident.Actor
	lang string // in which errors are told
	body []byte
}

// paged are the parameters of every list.
func paged(more ...string) []string { return append([]string{"limit", "next"}, more...) }

const (
	jsonKind = "application/json"
	csvKind  = "text/csv"
)

// apiRoutes is every address of the API, below apiBase.
func (a *api) apiRoutes() []apiRoute {
	const one, record = "/incidents/:id", "/incidents/:id/records/:record"
	return append(slices.Concat(a.clockRoutes(), a.keptRoutes(), a.sideRoutes()), []apiRoute{
		{"GET", "/openapi.json", anyone, "", 0, nil, a.spec},
		{"GET", "/problems/:slug", anyone, "", 0, nil, a.problemKind},

		{"GET", "/customers", "read", "", 0, paged("search"), a.customers},
		{"POST", "/customers/import", "import", csvKind, fileLimit, []string{"dry_run", "partial"}, a.importCustomers},
		{"GET", "/services", "read", "", 0, nil, a.services},

		{"GET", "/incidents", "read", "", 0, paged("state", "search"), a.incidents},
		{"POST", "/incidents", "log", jsonKind, smallLimit, nil, a.logIncident},
		{"GET", one, ownOrRead, "", 0, nil, a.incident},
		{"POST", one + "/close", "close", jsonKind, smallLimit, nil, a.closeIncident},
		{"PUT", one + "/facts", "describe", jsonKind, smallLimit, nil, a.describeIncident},
		{"POST", one + "/affected", "affect", jsonKind, listLimit, nil, a.affect},
		{"POST", one + "/notices", "notify", jsonKind, listLimit, nil, a.notify},
		{"GET", one + "/deliveries", "read", "", 0, paged("record"), a.deliveries},

		{"GET", one + "/records", "read", "", 0, paged("stage", "search"), a.records},
		{"GET", record, "read", "", 0, nil, a.record},
		{"POST", record + "/assessment", "assess", jsonKind, smallLimit * 2, nil, a.assess},
		{"POST", record + "/filings", "report", jsonKind, filesLimit, nil, a.file},
		{"POST", record + "/decisions", "decide", jsonKind, smallLimit, nil, a.decide},
		{"POST", record + "/calls", "phone", jsonKind, smallLimit, nil, a.call},
		{"GET", record + "/report.pdf", "read", "", 0, []string{"lang"}, a.report},

		{"POST", "/assessments/preview", "read", jsonKind, smallLimit, nil, a.previewAssessment},
	}...)
}

// clockRoutes are the addresses of moments, clocks, laws, holds and alarms.
func (a *api) clockRoutes() []apiRoute {
	const one, record = "/incidents/:id", "/incidents/:id/records/:record"
	return []apiRoute{
		{"GET", one + "/moments", "read", "", 0, nil, a.caseMoments},
		{"POST", one + "/moments", "mark", jsonKind, smallLimit, nil, a.markCase},
		{"GET", record + "/moments", "read", "", 0, nil, a.recordMoments},
		{"POST", record + "/moments", "mark", jsonKind, smallLimit, nil, a.markRecord},

		{"GET", one + "/duties", "read", "", 0, nil, a.duties},
		{"GET", one + "/clocks", "read", "", 0, paged("duty", "state"), a.clocks},
		{"GET", record + "/clocks", "read", "", 0, nil, a.recordClocks},
		{"POST", record + "/done", "mark", jsonKind, smallLimit, nil, a.complete},
		{"POST", one + "/reasons", "explain", jsonKind, smallLimit, nil, a.explain},

		{"GET", one + "/regimes", "read", "", 0, nil, a.regimes},
		{"PUT", one + "/regimes", "regimes", jsonKind, smallLimit, nil, a.setRegimes},
		{"GET", one + "/compare", "read", "", 0, paged("regime"), a.compare},
		{"POST", one + "/inquiry", "inquire", jsonKind, smallLimit, nil, a.endInquiry},
		{"POST", record + "/holds", "hold", jsonKind, smallLimit, nil, a.hold},
		{"GET", record + "/files/:hash", "read", "", 0, nil, a.filed},

		{"GET", "/rings", "read", "", 0, nil, a.rings},
		{"POST", "/rings/:ring/answer", "ring", jsonKind, smallLimit, nil, a.answerRing},
	}
}

// ownOrRead is what a route needs that shows a case to whoever logged it, too.
const ownOrRead = "own or read"

// mountAPI adds the routes of the API.
func (s *Server) mountAPI(g *gin.RouterGroup) {
	a := &api{Server: s, failed: newLimiter(30, time.Minute), costly: make(chan struct{}, 4)}
	for _, r := range a.apiRoutes() {
		g.Handle(r.method, r.path, s.do(a.gate(r)))
		if r.method == http.MethodGet {
			g.Handle(http.MethodHead, r.path, s.do(a.gate(r)))
		}
	}
}

// gate lets a call through to the route's function if its token, its
// parameters and its body are as the table says.
func (a *api) gate(r apiRoute) func(*gin.Context) error {
	return func(c *gin.Context) error {
		ask := request{lang: askedLang(c.GetHeader("Accept-Language"))}
		if r.need != anyone {
			by, err := a.holder(c)
			if err != nil {
				return err
			}
			if r.need != ownOrRead && !by.May(r.need) {
				return &incident.Error{Kind: incident.Forbidden, Key: "act.forbidden", Args: map[string]any{"act": r.need}}
			}
			ask.by = by
		}
		if err := checkQuery(c, r.query); err != nil {
			return err
		}
		if r.kind != "" {
			if err := readBody(c, r, &ask); err != nil {
				return err
			}
		}
		return r.do(c, ask)
	}
}

// checkQuery refuses parameters that the route does not know or that stand
// twice: a misspelt filter would give an answer to another question.
func checkQuery(c *gin.Context, known []string) error {
	var errs incident.Errors
	for name, values := range c.Request.URL.Query() {
		switch {
		case !slices.Contains(known, name):
			errs = append(errs, apiInvalid(name, "api.query_unknown", "known", strings.Join(known, ", ")))
		case len(values) > 1:
			errs = append(errs, apiInvalid(name, "api.query_twice"))
		}
	}
	if len(errs) == 0 {
		return nil
	}
	slices.SortFunc(errs, func(a, b *incident.Error) int { return strings.Compare(a.Field, b.Field) })
	return errs
}

// underAPI reports whether a request is the API's to answer, also when there
// is no such route.
func underAPI(c *gin.Context) bool {
	p := c.Request.URL.Path
	return p == apiBase || strings.HasPrefix(p, "/api/")
}

// errMethod says that the address exists and the method does not.
var errMethod = errors.New("method not allowed")

// wrongMethod answers a method that a route does not have.
func wrongMethod(c *gin.Context) error {
	if underAPI(c) {
		return errMethod
	}
	return unknown(c)
}

func apiInvalid(field, key string, pairs ...any) *incident.Error {
	e := &incident.Error{Kind: incident.Invalid, Field: field, Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		e.Args[pairs[i].(string)] = pairs[i+1]
	}
	return e
}
