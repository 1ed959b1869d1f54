package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // numbers count by the year of the organisation's zone

	"hatakello/incident"
)

// Incident loads a case with its marks and counters.
func (db *DB) Incident(ctx context.Context, id string) (inc *incident.Incident, err error) {
	err = db.view(ctx, func(c conn) error {
		inc, err = loadIncident(ctx, c, id)
		return err
	})
	return inc, err
}

const incidentColumns = `id, number, title, services, facts, regimes, inquiry, records, notified, accepted, acked, failed,
	logged_at, logged_by, logger, closed_at, ended, answers, source, imported, version`

func loadIncident(ctx context.Context, c conn, id string) (*incident.Incident, error) {
	inc, err := only(ctx, c, "incident.unknown", readIncident, `select `+incidentColumns+` from incident where id = ?1`, id)
	if err != nil {
		return nil, err
	}
	marks, err := loadMarks(ctx, c, id, []string{""})
	if err != nil {
		return nil, err
	}
	inc.Marks = marks[""]
	inc.Deadlines, err = loadDeadlines(ctx, c, id, []string{""})
	return inc, err
}

func readIncident(rows *sql.Rows) (*incident.Incident, error) {
	i, t := &incident.Incident{}, &incident.Tally{}
	err := rows.Scan(&i.ID, &i.Number, &i.Title, document(&i.Services), document(&i.Facts), document(&i.Regimes), document(&i.Inquiry),
		&t.Records, &t.Notified, &t.Accepted, &t.Acked, &t.Failed,
		when(&i.LoggedAt), &i.LoggedBy, &i.Logger, when(&i.ClosedAt), &i.Ended, &i.Answers, document(&i.Source), document(&i.Older), &i.Version)
	i.Tally = *t
	return i, err
}

// number gives a new case its number, counted without gaps by year.
func (w *write) number(ctx context.Context, c conn) error {
	inc := w.NewIncident
	if inc == nil {
		return nil
	}
	year, err := yearOf(ctx, c, inc.LoggedAt)
	if err != nil {
		return err
	}
	n, err := next(ctx, c, "incident "+itoa(year))
	if err != nil {
		return err
	}
	inc.Number = fmt.Sprintf("%d-%03d", year, n)
	if w.Numbered == nil {
		return nil
	}
	return w.Numbered()
}

// incident inserts a new case, updates one whose version holds, or only adds to
// the counters of the one that the change is about.
func (w *write) incident(ctx context.Context, c conn) error {
	if w.NewIncident != nil {
		if err := w.insertIncident(ctx, c); err != nil {
			return err
		}
	}
	if w.Incident != nil {
		return w.updateIncident(ctx, c)
	}
	if w.NewIncident != nil || w.Tally == (incident.Tally{}) {
		return nil
	}
	t := w.Tally
	n, err := c.exec(ctx, `
		update incident set records = records + ?2, notified = notified + ?3, accepted = accepted + ?4,
			acked = acked + ?5, failed = failed + ?6
		where id = ?1`, w.About, t.Records, t.Notified, t.Accepted, t.Acked, t.Failed)
	if err == nil && n != 1 {
		return errors.New("a tally belongs to no incident")
	}
	return err
}

func (w *write) insertIncident(ctx context.Context, c conn) error {
	i := w.NewIncident
	t := i.Tally
	if w.Incident == nil {
		t = t.Add(w.Tally)
	}
	var own *incident.Record
	if at := slices.IndexFunc(w.NewRecords, func(r *incident.Record) bool { return r.Controller == incident.Own }); at >= 0 {
		own = w.NewRecords[at]
	}
	if err := insertCase(ctx, c, i, t, spaced(i.Number)+w.words, own); err != nil {
		return err
	}
	return insertFresh.put(ctx, c, 1, func(int) []any { return []any{i.ID} })
}

var insertIncident = insert("incident", `id, number, title, folded, services, facts, regimes, inquiry, aware, tight, records,
	notified, accepted, acked, failed, logged_at, logged_by, logger, closed_at, ended, answers, source, imported, dated, facet, version`, "").bindAs("incident").gathers()

// insertCase inserts one case with its marks. Own is the company's own record
// in it, or nil.
func insertCase(ctx context.Context, c conn, i *incident.Incident, t incident.Tally, folded string, own *incident.Record) error {
	doc, err := incidentDocuments(i)
	if err != nil {
		return err
	}
	aware, _ := i.At(incident.ProcessorAware)
	counted := *i
	counted.Tally = t
	err = insertIncident.put(ctx, c, 1, func(int) []any {
		return []any{i.ID, i.Number, i.Title, folded, doc[0], doc[1], doc[2], doc[3], instant(aware.At), never,
			t.Records, t.Notified, t.Accepted, t.Acked, t.Failed,
			instant(i.LoggedAt), i.LoggedBy, i.Logger, instant(i.ClosedAt), i.Ended, i.Answers, doc[4], doc[5],
			dated(i), incident.Summarise(&counted, own).Facet(), 1}
	})
	if err != nil {
		return err
	}
	return addMarks(ctx, c, []owned{{i.ID, "", i.Marks}})
}

func (w *write) updateIncident(ctx context.Context, c conn) error {
	i, t := w.Incident, w.Tally
	doc, err := incidentDocuments(i)
	if err != nil {
		return err
	}
	if err := renamed(ctx, c, i.ID, spaced(i.Number+" "+i.Title)); err != nil {
		return err
	}
	if err := w.keepIncident(ctx, c); err != nil {
		return err
	}
	aware, _ := i.At(incident.ProcessorAware)
	n, err := c.exec(ctx, `
		update incident set title = ?3, folded = ?4, services = ?5, facts = ?6, regimes = ?7, inquiry = ?8, aware = ?9,
			closed_at = ?10, ended = ?11, records = records + ?12, notified = notified + ?13, accepted = accepted + ?14,
			acked = acked + ?15, failed = failed + ?16, answers = ?17, source = ?18, dated = ?19, version = version + 1
		where id = ?1 and version = ?2`,
		i.ID, i.Version, i.Title, spaced(i.Number+" "+i.Title), doc[0], doc[1], doc[2], doc[3],
		instant(aware.At), instant(i.ClosedAt), i.Ended,
		t.Records, t.Notified, t.Accepted, t.Acked, t.Failed, i.Answers, doc[4], dated(i))
	if err != nil {
		return err
	}
	if n != 1 {
		return incident.ErrStale
	}
	if err := bindIncident(c, i, doc); err != nil {
		return err
	}
	return addMarks(ctx, c, []owned{{i.ID, "", i.Marks}})
}

// bindIncident commits to a case as it was written.
func bindIncident(c conn, i *incident.Incident, doc [6]string) error {
	aware, _ := i.At(incident.ProcessorAware)
	return c.ledger.bind(facetOf["incident"], i.ID, i.Number, i.Title, doc[0], doc[1], doc[2], doc[3], i.Answers, doc[4], doc[5],
		instant(aware.At), instant(i.LoggedAt), i.LoggedBy, i.Logger, instant(i.ClosedAt), i.Ended)
}

// incidentDocuments are the parts of a case that are kept as JSON.
func incidentDocuments(i *incident.Incident) (docs [6]string, err error) {
	for n, v := range []any{i.Services, i.Facts, i.Regimes, i.Inquiry, i.Source, i.Older} {
		if docs[n], err = asJSON(v); err != nil {
			return docs, err
		}
	}
	return docs, nil
}

// next counts a sequence on. It is not said in one statement with "returning",
// for which SQLite makes a table each time.
func next(ctx context.Context, c conn, sequence string) (n int, err error) {
	if c.later != nil {
		return c.later.next(ctx, c, sequence)
	}
	changed, err := c.exec(ctx, `update sequence set n = n + 1 where name = ?1`, sequence)
	if err == nil && changed == 0 {
		_, err = c.exec(ctx, `insert into sequence (name, n) values (?1, 1) on conflict (name) do update set n = sequence.n + 1`, sequence)
	}
	if err != nil {
		return 0, err
	}
	_, err = c.one(ctx, `select n from sequence where name = ?1`, []any{sequence}, &n)
	return n, err
}

// yearOf returns the year of t where the organisation is. Nearly always it is
// the same everywhere, and nothing is read.
func yearOf(ctx context.Context, c conn, t time.Time) (int, error) {
	const farthest = 15 * time.Hour // no zone is farther from UTC
	t = t.UTC()
	if year := t.Add(-farthest).Year(); year == t.Add(farthest).Year() {
		return year, nil
	}
	z, err := zone(ctx, c)
	if err != nil {
		return 0, err
	}
	return t.In(z).Year(), nil
}

// homeZone is where the company is when it has not said.
const homeZone = "Europe/Helsinki"

// zone is where the organisation counts its years.
func zone(ctx context.Context, c conn) (*time.Location, error) {
	o, err := organisation(ctx, c)
	if err != nil {
		return nil, err
	}
	if o.Zone == "" {
		o.Zone = homeZone
	}
	if z, ok := zones.Load(o.Zone); ok {
		return z.(*time.Location), nil
	}
	z, err := time.LoadLocation(o.Zone)
	if err != nil {
		return nil, err
	}
	zones.Store(o.Zone, z)
	return z, nil
}

// zones remembers what would be read from a file each time.
var zones sync.Map

// Organisation returns who speaks in the notices; nothing yet is the zero one.
func (db *DB) Organisation(ctx context.Context) (incident.Organisation, error) {
	o, err := recollect(&db.recall, "organisation", func() (incident.Organisation, error) { return organisation(ctx, db.conn()) })
	return own(o), err
}

func organisation(ctx context.Context, c conn) (incident.Organisation, error) {
	var o incident.Organisation
	_, err := c.one(ctx, `select value from setting where name = 'organisation'`, nil, document(&o))
	return o, err
}

func (w *write) setting(ctx context.Context, c conn) error {
	if w.Setting == nil {
		return nil
	}
	value, err := json.Marshal(w.Setting)
	if err != nil {
		return err
	}
	_, err = c.exec(ctx, `
		insert into setting (name, value) values ('organisation', ?1)
		on conflict (name) do update set value = excluded.value`, string(value))
	if err != nil {
		return err
	}
	return c.ledger.bind(facetOf["setting"], "organisation", string(value))
}
