package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hatakello/incident"
)

// slice is how long one side of a comparison runs before the other has its
// turn. They take turns so that whatever else the machine does meets both.
const slice = 300 * time.Millisecond

const rounds = 9

// rate runs act from so many clients for one slice and returns how many were
// done a second.
func rate(b *testing.B, clients int, act func() error) float64 {
	b.Helper()
	var n atomic.Int64
	begun := time.Now()
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for time.Since(begun) < slice {
				if err := act(); err != nil {
					b.Error(err)
					return
				}
				n.Add(1)
			}
		})
	}
	wg.Wait()
	return float64(n.Load()) / time.Since(begun).Seconds()
}

func median(xs []float64) float64 {
	slices.Sort(xs)
	return xs[len(xs)/2]
}

// rawTable is a plain table of a plain program: one row of about a kilobyte
// and three indexes beside its key, as a bug tracker would have.
const rawTable = `
	create table raw (id integer primary key, ref text not null unique, made integer not null, status text not null,
		severity integer not null, controller integer not null, title text not null, body text not null);
	create index raw_status on raw (status, made desc, id desc);
	create index raw_made on raw (made desc, id desc);
	create index raw_controller on raw (controller, made desc, id desc);`

// rawCommits returns an act that commits one durable row, with nothing else.
func rawCommits(b testing.TB) func() error {
	b.Helper()
	db := sql.OpenDB(&connector{dsn: fileURI(filepath.Join(b.TempDir(), "raw.db"), writerSettings)})
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { db.Close() })
	if _, err := db.Exec(rawTable); err != nil {
		b.Fatal(err)
	}
	insert, err := db.Prepare(`insert into raw (ref, made, status, severity, controller, title, body) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)`)
	if err != nil {
		b.Fatal(err)
	}
	body := strings.Repeat("x", 900)
	var n atomic.Int64
	return func() error {
		i := n.Add(1)
		_, err := insert.Exec(fmt.Sprintf("INC-%08d", i), 1700000000+i, "open", i%4, i*7919%1000, "Levy katosi", body)
		return err
	}
}

// BenchmarkLog logs cases, each durable with its number, mark, timeline line,
// idempotency key, alarm and audit link, and prints how many times the rate of
// raw single-row commits by one client that is.
func BenchmarkLog(b *testing.B) {
	for _, clients := range []int{1, 32} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			raw := rawCommits(b)
			db := open(b, newDatabase(b, "sqlite"))
			logCase := func() error { return db.Apply(context.Background(), logged()) }
			var raws, logs, ratios []float64
			for i := range rounds {
				raws = append(raws, rate(b, 1, raw))
				logs = append(logs, rate(b, clients, logCase))
				ratios = append(ratios, logs[i]/raws[i])
			}
			b.ReportMetric(median(ratios), "×raw")
			b.ReportMetric(median(logs), "cases/s")
			b.ReportMetric(median(raws), "raw/s")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// logged is what Desk.Log makes of a case without known customers.
func logged() *incident.Change {
	c := newCase("Asiakasrekisterin vienti väärälle vastaanottajalle", 0)
	c.Key = c.NewIncident.ID
	c.Rings = []*incident.Ring{{ID: newID(), Incident: c.About, Duty: "logged", Made: noon, Next: noon.Add(time.Hour)}}
	c.Deliveries = []*incident.Delivery{{ID: newID(), Incident: c.About, Route: incident.BySlack, Address: "#tietosuoja", Fate: incident.Pending,
		Urgency: noon, Due: noon, Made: noon, Body: []byte(`{"text":"2026-001"}`)}}
	return c
}

// BenchmarkLogWithRecords logs a case with its affected controllers.
func BenchmarkLogWithRecords(b *testing.B) {
	for _, records := range []int{200, 10000} {
		b.Run(fmt.Sprintf("records=%d", records), func(b *testing.B) {
			db := open(b, newDatabase(b, "sqlite"))
			for b.Loop() {
				b.StopTimer()
				c := newCase("Levy katosi", records)
				b.StartTimer()
				apply(b, db, c)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms/case")
		})
	}
}

// BenchmarkCourier claims and settles, a hundred at a time, with so many
// waiting behind.
func BenchmarkCourier(b *testing.B) {
	for _, waiting := range []int{1000, 100000} {
		b.Run(fmt.Sprintf("waiting=%d", waiting), func(b *testing.B) {
			db := open(b, newDatabase(b, "sqlite"))
			fill(b, db, waiting)
			now := noon
			for b.Loop() {
				now = now.Add(time.Second)
				ds, err := db.Claim(ctx, mail, 100, now, now.Add(time.Minute))
				if err != nil || len(ds) == 0 {
					b.Fatal(len(ds), err)
				}
				c := change("")
				for _, d := range ds {
					was := *d
					was.Fate, was.Due, was.Tries = incident.Pending, now.Add(time.Duration(waiting/100)*time.Second), d.Tries+1
					c.Settled = append(c.Settled, &was)
					c.Receipts = append(c.Receipts, incident.Receipt{Delivery: d.ID, Try: was.Tries, Code: 451, Reply: "later", Began: now, Ended: now})
				}
				apply(b, db, c)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(100*b.N), "µs/delivery")
		})
	}
}

// fill puts n mails into the outbox, a thousand to a case.
func fill(b *testing.B, db *DB, n int) {
	b.Helper()
	for i := 0; i < n; i += 1000 {
		notified(b, db, 1000)
	}
}

// BenchmarkBoard reads the first page of open cases, and of a search.
func BenchmarkBoard(b *testing.B) {
	for _, cases := range []int{1000, 100000} {
		db := open(b, newDatabase(b, "sqlite"))
		words := strings.Fields("asiakas rekisteri vienti levy sähköposti väärä vastaanottaja kannettava palkka varmuuskopio")
		for i := 0; i < cases; {
			gather := sync.WaitGroup{}
			for range min(200, cases-i) {
				i++
				gather.Go(func() {
					c := newCase(fmt.Sprintf("%s %s %d", words[i%10], words[i/10%10], i*7919%100003), 0)
					apply(b, db, c)
				})
			}
			gather.Wait()
		}
		if _, err := db.Reword(ctx); err != nil {
			b.Fatal(err)
		}
		for name, f := range map[string]incident.Filter{"open": {State: "open"}, "all": {}, "common": {Search: "asiakas"}, "rare": {Search: "77712"}, "none": {Search: "puuttuu"}} {
			b.Run(fmt.Sprintf("%s/cases=%d", name, cases), func(b *testing.B) {
				for b.Loop() {
					if _, _, err := db.Rows(ctx, f, incident.Cut{Limit: 50}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
