package web

import (
	"context"
	"time"

	"hatakello/incident"
)

// Reader is what the pages and the API read, beside what the Desk gives them.
// Lists come in pages with the cursor of the next one ("" when there is none)
// and cost the same however many rows lie behind them.
type Reader interface {
	incident.Store
	// LogConsistency proves that the log with m entries is the beginning of that
	// with n.
	LogConsistency(ctx context.Context, m, n uint64) ([]incident.Digest, error)
	// Snapshot lends a case as it is at one instant, to be packed.
	Snapshot(ctx context.Context, id string, read func(incident.Snapshot) error) error

	Rows(ctx context.Context, f incident.Filter, cut incident.Cut) ([]*incident.Row, string, error)
	// Lines come tightest deadline first, then by name.
	Lines(ctx context.Context, id string, f incident.LineFilter, cut incident.Cut) ([]*incident.Line, string, error)
	// Langs counts the open processor records of a case by language.
	Langs(ctx context.Context, id string) (map[string]int, error)
	// Entries come newest first; record "" gives the case's own lines and its
	// records' together.
	Entries(ctx context.Context, id, record string, cut incident.Cut) ([]*incident.Entry, string, error)
	// Timeline is Entries through a filter.
	Timeline(ctx context.Context, id string, f incident.EntryFilter, cut incident.Cut) ([]*incident.Entry, string, error)
	// HistorySince is from when on it is known what was overwritten; zero is
	// always. IncidentAt, RecordAt and LinesAt load a case, a record and the
	// controllers of a case as they were at an instant; Around returns when the
	// timeline was written last before it, and first after it.
	HistorySince(ctx context.Context) (time.Time, error)
	IncidentAt(ctx context.Context, id string, at time.Time) (*incident.Incident, error)
	RecordAt(ctx context.Context, id string, at time.Time) (*incident.Record, error)
	LinesAt(ctx context.Context, id string, at time.Time) ([]*incident.KnownLine, error)
	Around(ctx context.Context, id string, at time.Time) (before, after time.Time, err error)
	// Find looks for texts by the words that they hold, the newest first: of one
	// kind (see incident.Hit), of one case or with inc "" of all.
	Find(ctx context.Context, kind, inc, q string, cut incident.Cut) ([]*incident.Hit, string, error)
	// Breaches lists the register of breaches, the newest first.
	Breaches(ctx context.Context, f incident.BreachFilter, cut incident.Cut) ([]*incident.Breach, string, error)
	// EvidenceOf lists the files of a case, newest first; Custody the lines of
	// the timeline about one of them, oldest first.
	EvidenceOf(ctx context.Context, id string, cut incident.Cut) ([]*incident.Evidence, string, error)
	Custody(ctx context.Context, id, evidence string) ([]*incident.Entry, error)
	// Deliveries come newest first, with receipts and without bodies; id "" is
	// all cases, record "" all records.
	Deliveries(ctx context.Context, id, record string, cut incident.Cut) ([]*incident.Delivery, string, error)
	// Notices of one record, oldest first.
	Notices(ctx context.Context, record string) ([]*incident.Notice, error)
	// Customers come by name, with contacts and uses.
	Customers(ctx context.Context, search string, cut incident.Cut) ([]*incident.Controller, string, error)

	// Duties counts the clocks of a case by duty and period, at now.
	Duties(ctx context.Context, id string, now time.Time) ([]*incident.DutyTally, error)
	// Clocks lists the clocks of one duty in a case, the nearest limit first.
	Clocks(ctx context.Context, id string, f incident.ClockFilter, cut incident.Cut) ([]*incident.Clock, string, error)
	// JointRecords loads up to n records of a case that belong to a group of
	// joint controllers.
	JointRecords(ctx context.Context, id string, n int) ([]*incident.Record, error)
	// Limits returns the running limits of ours in open cases, soonest first,
	// at most n, those of one case, duty and instant as one.
	Limits(ctx context.Context, n int) ([]*incident.Limit, error)

	// Handover loads one handover of a record with its bytes.
	Handover(ctx context.Context, record, id string) (*incident.Handover, error)
	// Content loads what a file holds, by its hash.
	Content(ctx context.Context, hash string) (*incident.Content, error)
	// NoticesByCode finds the notices that carry a short code, newest first, a
	// few at most.
	NoticesByCode(ctx context.Context, code string) ([]*incident.Notice, error)

	UserByLogin(ctx context.Context, login string) (*incident.User, error)
	// UserBySlack finds a member of staff by their id in Slack.
	UserBySlack(ctx context.Context, member string) (*incident.User, error)
	Users(ctx context.Context) ([]*incident.User, error)
	TokenByHash(ctx context.Context, hash string) (*incident.Token, error)
	Tokens(ctx context.Context) ([]*incident.Token, error)

	// Failures counts failed log-ins under a key since then; Fail adds one and
	// Forgive removes them.
	Failures(ctx context.Context, key string, since time.Time) (int, error)
	Fail(ctx context.Context, key string, at time.Time) error
	Forgive(ctx context.Context, key string) error

	Drafts

	// Awaiting returns up to n judgements that wait for a second person.
	Awaiting(ctx context.Context, n int) ([]*incident.Awaiting, error)
	// Draws returns every quarter that was drawn from, newest first; Samples
	// what was drawn.
	Draws(ctx context.Context) ([]*incident.Draw, error)
	Samples(ctx context.Context, quarter string) ([]*incident.Sample, error)

	// Legs tell when each affected controller of a case came how far.
	Legs(ctx context.Context, id string) ([]*incident.Leg, error)
	// OpenActions returns the actions of all cases that are not done, by day.
	OpenActions(ctx context.Context) ([]*incident.Action, error)

	// Figures counts the cases of one year; Years are those that have any,
	// newest first.
	Figures(ctx context.Context, year int, now time.Time) (*incident.Figures, error)
	Years(ctx context.Context) ([]int, error)

	// Ready reports whether the database answers and may be written.
	Ready(ctx context.Context) error
}
