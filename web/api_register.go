package web

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"hatakello/incident"
)

func (a *api) customers(c *gin.Context, _ request) error {
	page, err := pageAsked(c)
	if err != nil {
		return err
	}
	found, next, err := a.Read.Customers(c.Request.Context(), c.Query("search"), page)
	if err != nil {
		return err
	}
	names, err := a.serviceNames(c)
	if err != nil {
		return err
	}
	items := each(found, func(k *incident.Controller) customerJSON {
		return customerJSON{k.ID, k.Name, k.BusinessID, k.Lang, k.Authority, k.Hours,
			each(k.Contacts, func(t incident.Contact) contactJSON { return showContact(t) }),
			each(k.Uses, func(u incident.Use) useJSON { return useJSON{u.Service, names[u.Service], u.Tenant} }), k.Version}
	})
	return answerList(a, c, items, next)
}

func (a *api) services(c *gin.Context, _ request) error {
	all, err := a.Read.Services(c.Request.Context())
	if err != nil {
		return err
	}
	return answerList(a, c, each(all, func(s *incident.Service) serviceJSON { return serviceJSON{s.ID, s.Name, s.Own, s.Users} }), "")
}

// serviceNames maps ids to names.
func (a *api) serviceNames(c *gin.Context) (map[string]string, error) {
	all, err := a.Read.Services(c.Request.Context())
	names := make(map[string]string, len(all))
	for _, s := range all {
		names[s.ID] = s.Name
	}
	return names, err
}

// importJSON says what an import did or would do.
type importJSON struct {
	Rows     int       `json:"rows"`
	Added    int       `json:"added"`
	Changed  int       `json:"changed"`
	Same     int       `json:"unchanged"`
	Services int       `json:"services_added"`
	Kept     bool      `json:"kept"`
	DryRun   bool      `json:"dry_run"`
	Encoding string    `json:"encoding"`
	Unknown  []string  `json:"unknown_columns"`
	Bad      []rowFail `json:"bad"`
	Doubts   []rowFail `json:"doubts"`
	More     int       `json:"more"` // bad and doubtful rows that are not listed
}

// rowFail is a row that could not be used, or looks wrong.
type rowFail struct {
	Line   int    `json:"line"`
	Field  string `json:"field"`
	Detail string `json:"detail"`
	Key    string `json:"key"`
}

// importRefused is the answer to a file of which nothing was kept because of
// bad rows: a script that looks at the status alone must not go on.
type importRefused struct {
	bad    []incident.BadRow
	report *importJSON
}

func (e *importRefused) Error() string { return "import: rows are bad and nothing was kept" }

func (e *importRefused) errors(s *Server, lang string) []fieldError {
	return each(e.bad, func(b incident.BadRow) fieldError {
		return fieldError{Field: b.Field, Key: b.Err.Key, Detail: s.sayError(lang, b.Err), Line: b.Line}
	})
}

func (a *api) importCustomers(c *gin.Context, ask request) error {
	dry, err := flag(c, "dry_run")
	if err != nil {
		return err
	}
	partial, err := flag(c, "partial")
	if err != nil {
		return err
	}
	done, err := a.slot(c.Request.Context())
	if err != nil {
		return err
	}
	defer done()
	if dry { // a rehearsal neither uses up a key nor is told again
		ask.by.Request, ask.by.Print = "", ""
	}
	in := incident.Import{Data: bytes.NewReader(ask.body), DryRun: dry, Partial: partial}
	got, err := a.Desk.ImportCustomers(c.Request.Context(), ask.by, in)
	if err != nil {
		return err
	}
	report := a.showImport(ask.lang, got)
	report.DryRun = dry
	if len(got.Bad) > 0 && !got.Kept && !dry {
		report.Bad, report.More = []rowFail{}, 0 // they stand in errors
		return &importRefused{got.Bad, &report}
	}
	return a.answer(c, http.StatusOK, report)
}

func (a *api) showImport(lang string, m *incident.Imported) importJSON {
	show := func(b incident.BadRow) rowFail {
		return rowFail{b.Line, b.Field, a.sayError(lang, b.Err), b.Err.Key}
	}
	bad, doubts := m.Bad[:min(len(m.Bad), maxErrors)], m.Doubts[:min(len(m.Doubts), maxErrors)]
	unknown := m.Unknown
	if unknown == nil {
		unknown = []string{}
	}
	return importJSON{Rows: m.Rows, Added: m.Added, Changed: m.Changed, Same: m.Same, Services: m.Services, Kept: m.Kept, Encoding: m.Encoding,
		Unknown: unknown, Bad: each(bad, show), Doubts: each(doubts, show), More: len(m.Bad) - len(bad) + len(m.Doubts) - len(doubts)}
}

// patience is how long costly work waits for its turn.
const patience = 10 * time.Second

// slot waits for one of the places for costly work, and refuses if none
// becomes free.
func (a *api) slot(ctx context.Context) (func(), error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case a.costly <- struct{}{}:
		return func() { <-a.costly }, nil
	case <-ctx.Done():
		return nil, errSlow
	}
}
