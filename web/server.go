// Package web answers browsers, controllers' links and programs. It holds no
// rule and no sentence: acts go through the Desk, words come from templates.
package web

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/gin-gonic/gin"

	"hatakello/incident"
	"hatakello/templates"
)

// Server answers every request. The exported fields must be set before Handler
// is called; those marked optional may be left empty.
type Server struct {
	Desk     *incident.Desk
	Read     Reader
	Sessions scs.Store
	Words    *templates.Words
	Pages    *templates.Pages
	Ways     func() []string // optional: a line for each mail server, whether it is open; no names
	BaseURL  string          // of the site as users see it: "https://bell.example"
	Proxies  []string        // optional: addresses or networks whose X-Forwarded-For is believed
	Log      *slog.Logger    // optional
	From     string          // optional: the address that mails come from; its domain ends their Message-IDs
	Version  string          // optional: shown in the footer and sent by no header
	// SignKey signs notices for machines; without it none is offered.
	SignKey ed25519.PrivateKey // optional
	Slack   Slack              // optional
	// Checkpoint logs the ends of the chains at once, so that what is packed is
	// in a checkpoint; without it the newest one may be some seconds old.
	Checkpoint func(context.Context) error // optional

	sessions *scs.SessionManager
	hashing  chan struct{} // one password hash at a time
	clicks   *clicks
	public   *limiter // of visits behind links, by network
	uploads  uploads
	forms    func() map[string]*templates.AuthorityForm // read when one is first asked for
}

// slackPath is where Slack sends clicks.
const slackPath = "/slack/actions"

// The largest bodies that are read, in bytes.
const (
	formLimit = 1 << 20
	fileLimit = 16 << 20
)

// A route is one address of the site: who may come, how much they may send and
// who answers.
type route struct {
	method, path string
	need         string // the act that the visitor's role must allow, or one of the words below
	limit        int64  // of the body, in bytes; 0: no body
	do           func(*gin.Context) error
}

// What a route may need instead of an act.
const (
	anyone = ""   // no log-in
	staff  = "in" // a log-in, whatever the role
)

// routes is every address of the site but the API's.
func (s *Server) routes() []route {
	return slices.Concat(
		s.openRoutes(),
		s.staffRoutes(),
		s.recordRoutes(),
		s.peopleRoutes(),
		s.clockRoutes(),
		s.jointRoutes(),
		s.assessRoutes(),
		s.companionRoutes(),
		s.packRoutes(),
		s.genuineRoutes(),
		s.noticeRoutes(),
		s.sideRoutes(),
		s.keptRoutes(),
		s.debriefRoutes(),
		s.numbersRoutes(),
		s.eraseRoutes(),
		s.bundleRoutes(),
		s.retainRoutes(),
	)
}

// openRoutes are those that need no log-in.
func (s *Server) openRoutes() []route {
	return []route{
		{"GET", "/healthz", anyone, 0, s.healthy},
		{"GET", "/readyz", anyone, 0, s.ready},
		{"GET", "/static/:stamp/:name", anyone, 0, s.static},
		{"GET", "/favicon.ico", anyone, 0, s.favicon},
		{"GET", "/robots.txt", anyone, 0, s.robots},
		{"GET", acknowledgePath, anyone, 0, s.noticeLink},
		{"POST", acknowledgePath, anyone, formLimit, s.acknowledge},
		{"GET", "/login", anyone, 0, s.loginForm},
		{"POST", "/login", anyone, formLimit, s.login},
		{"POST", "/logout", anyone, formLimit, s.logout},
		{"POST", "/language", anyone, formLimit, s.language},
	}
}

// staffRoutes are those that need a log-in and, mostly, a role.
func (s *Server) staffRoutes() []route {
	return []route{
		{"GET", "/password", staff, 0, s.passwordForm},
		{"POST", "/password", staff, formLimit, s.setPassword},

		{"GET", "/", staff, 0, s.board},
		{"GET", "/log", "log", 0, s.logForm},
		{"POST", "/log", "log", formLimit, s.log},
		{"GET", "/logged/:id", "log", 0, s.loggedCase},
		{"GET", "/when", staff, 0, s.echo},

		{"GET", "/incidents/:id", "read", 0, s.showCase},
		{"GET", livePath, "read", 0, s.live},
		{"POST", "/incidents/:id/notes", "note", formLimit, s.note},
		{"GET", "/incidents/:id/records", "read", 0, s.records},
		{"GET", "/incidents/:id/affect", "affect", 0, s.affectForm},
		{"POST", "/incidents/:id/affect", "affect", formLimit, s.affect},
		{"GET", "/incidents/:id/facts", "read", 0, s.factsForm},
		{"POST", "/incidents/:id/facts", "describe", formLimit, s.describe},
		{"GET", "/incidents/:id/notify", "notify", 0, s.notifyForm},
		{"POST", "/incidents/:id/notify", "notify", formLimit, s.notify},
		{"GET", "/incidents/:id/deliveries", "read", 0, s.caseDeliveries},
		{"GET", "/incidents/:id/close", "close", 0, s.closeForm},
		{"POST", "/incidents/:id/close", "close", formLimit, s.closeCase},

		{"GET", "/records/:id", "read", 0, s.showRecord},
		{"GET", "/records/:id/report.pdf", "read", 0, s.reportPDF},
		{"GET", "/records/:id/files/:hash", "read", 0, s.filedFile},
		{"GET", "/notices/:id", "read", 0, s.showNotice},
		{"GET", "/deliveries", "read", 0, s.allDeliveries},
		{"GET", "/deliveries/:id/mail.eml", "notify", 0, s.mail},
		{"GET", "/deliveries/:id/proof.zip", "notify", 0, s.proof},

		{"GET", "/customers", "read", 0, s.customers},
		{"GET", "/customers/new", "register", 0, s.newCustomer},
		{"POST", "/customers/new", "register", formLimit, s.saveCustomer},
		{"GET", "/customers/import", "import", 0, s.importForm},
		{"POST", "/customers/import", "import", fileLimit, s.importLook},
		{"GET", "/customers/import/:id", "import", 0, s.importSeen},
		{"POST", "/customers/import/:id", "import", formLimit, s.importDo},
		{"GET", "/customers/edit/:id", "read", 0, s.editCustomer},
		{"POST", "/customers/edit/:id", "register", formLimit, s.saveCustomer},
		{"GET", "/services", "read", 0, s.services},
		{"POST", "/services", "register", formLimit, s.saveService},

		{"GET", "/settings", staff, 0, s.settings},
		{"POST", "/settings", "setting", formLimit, s.saveOrganisation},
		{"POST", "/settings/users", "user", formLimit, s.addUser},
		{"POST", "/settings/users/:id", "user", formLimit, s.changeUser},
		{"POST", "/settings/tokens", "token", formLimit, s.addToken},
		{"POST", "/settings/tokens/:id", "token", formLimit, s.revokeToken},
	}
}

// Handler returns the whole site.
func (s *Server) Handler() http.Handler {
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	s.hashing = make(chan struct{}, 1)
	s.clicks = newClicks()
	s.public = newLimiter(60, time.Minute)
	s.sessions = s.newSessions()
	s.forms = sync.OnceValue(s.loadForms)

	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	if err := g.SetTrustedProxies(s.Proxies); err != nil {
		s.Log.Error("trusted proxies are not understood; none is trusted", "err", err)
		_ = g.SetTrustedProxies(nil)
	}
	g.HandleMethodNotAllowed = true
	g.Use(s.logged, s.recovered, s.guarded)
	g.NoRoute(s.do(unknown))
	g.NoMethod(s.do(wrongMethod))
	for _, r := range s.routes() {
		g.Handle(r.method, r.path, s.gate(r), s.do(r.do))
		if r.method == http.MethodGet {
			g.Handle(http.MethodHead, r.path, s.gate(r), s.do(r.do))
		}
	}
	g.POST(slackPath, s.do(s.slackActions)) // the signature is over the bytes, so no form is read before
	s.mountAPI(g.Group("/api/v1"))
	return s.sameSite(s.withSession(g))
}

// loadForms reads the authorities' forms, which lie in the program.
func (s *Server) loadForms() map[string]*templates.AuthorityForm {
	forms, err := templates.LoadForms()
	if err != nil {
		s.Log.Error("the authorities' forms cannot be read", "err", err)
	}
	return forms
}

// withSession loads the visitor's session, except where there is none.
func (s *Server) withSession(next http.Handler) http.Handler {
	kept := s.sessions.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, p := range []string{"/api/", "/static/", "/healthz", "/readyz", "/n/", "/c/", "/calendar/", "/check", "/.well-known/", "/slack/"} {
			if strings.HasPrefix(r.URL.Path, p) {
				next.ServeHTTP(w, r)
				return
			}
		}
		kept.ServeHTTP(w, r)
	})
}

// sameSite refuses what another site makes a visitor's browser send.
func (s *Server) sameSite(next http.Handler) http.Handler {
	c := http.NewCrossOriginProtection()
	if origin := s.origin(); origin != "" {
		if err := c.AddTrustedOrigin(origin); err != nil {
			s.Log.Error("the site's own address is not understood", "url", s.BaseURL, "err", err)
		}
	}
	return c.Handler(next)
}

// NewHTTPServer returns a server for the site at addr in which no reader,
// writer or sleeper holds a connection for ever.
func (s *Server) NewHTTPServer(addr string) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           s.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       60 * time.Second, // 16 MiB over a slow telephone
		WriteTimeout:      90 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.logger().Handler(), slog.LevelWarn),
	}
}

func (s *Server) logger() *slog.Logger {
	if s.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Log
}

// secure reports whether visitors come by TLS.
func (s *Server) secure() bool { return strings.HasPrefix(s.BaseURL, "https://") }

// origin returns scheme and host of BaseURL, or "".
func (s *Server) origin() string {
	scheme, rest, ok := strings.Cut(s.BaseURL, "://")
	if !ok {
		return ""
	}
	host, _, _ := strings.Cut(rest, "/")
	return fmt.Sprintf("%s://%s", scheme, host)
}

// network returns the part of an address that one household or office shares,
// so that a throttle cannot be escaped by taking the neighbouring address.
func network(ip string) string {
	a := net.ParseIP(ip)
	switch {
	case a == nil:
		return "unknown"
	case a.To4() != nil:
		return a.Mask(net.CIDRMask(24, 32)).String()
	default:
		return a.Mask(net.CIDRMask(64, 128)).String()
	}
}
