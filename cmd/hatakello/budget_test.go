package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the raw limit is measured with the bare driver
)

// slowness is by how much a budget of time may be missed. "make bench" runs
// alone and allows nothing; beside other tests, on a busy machine, only a gross
// mistake can be told from noise.
func slowness() float64 {
	if os.Getenv("HATAKELLO_BENCH") != "" {
		return 1
	}
	return 10
}

// TestBudget measures the running program and compares it with what it may
// need.
func TestBudget(t *testing.T) {
	db := databases[0].make(t)
	s := start(t, "serve", "--db", db)
	a := &api{t, s.url, must(t, "", "token", "add", "budget", "--role", "privacy", "--db", db)}
	a.importCSV(customers(200))

	logging := fastest(5, func() { a.log("Kaksisataa", "Palvelu A") })
	t.Logf("a case with 200 records: %v", logging)
	budget(t, "logging a case with 200 records", logging, 50*time.Millisecond)

	time.Sleep(time.Second) // what idle needs is what is left when nothing happens
	kb := resident(t, s.cmd.Process.Pid)
	t.Logf("resident memory when idle: %d KiB, %.2f × of the budget of 64 MiB", kb, float64(kb)/(64<<10))
	if limit := 64 * 1024 * min(slowness(), 2); float64(kb) > limit {
		t.Errorf("resident memory %d KiB when idle, want at most %.0f KiB", kb, limit)
	}
	s.stop()
	ready := fastest(3, func() { start(t, "serve", "--db", db).kill() })
	budget(t, "start to ready on an existing database", ready, 200*time.Millisecond)
}

// TestBudgetOfLogging compares durable log requests through the API, each with
// its row in the audit chain, with single-row commits through the bare driver.
func TestBudgetOfLogging(t *testing.T) {
	if os.Getenv("HATAKELLO_BENCH") == "" {
		t.Skip("two rates are comparable on a quiet machine only: make bench")
	}
	db := databases[0].make(t)
	s := start(t, "serve", "--db", db)
	a := &api{t, s.url, must(t, "", "token", "add", "budget", "--role", "privacy", "--db", db)}
	raw := rawCommits(t, 2*time.Second)
	for _, tt := range []struct {
		clients   int
		want, aim float64
	}{{1, 0.5, 0.8}, {32, 2, 4}} {
		rate := logRate(a, tt.clients, 3*time.Second)
		t.Logf("%d clients: %.0f log requests a second, %.2f × of %.0f raw commits (want %.1f, aim %.1f)", tt.clients, rate, rate/raw, raw, tt.want, tt.aim)
		if rate/raw < tt.want {
			t.Errorf("%d clients: ratio %.2f, want at least %.1f", tt.clients, rate/raw, tt.want)
		}
	}
}

// budget fails the test when what took too long.
func budget(t *testing.T, what string, took, limit time.Duration) {
	t.Helper()
	t.Logf("%s: %v, %.2f × of the budget of %v", what, took, float64(took)/float64(limit), limit)
	if float64(took) > float64(limit)*slowness() {
		t.Errorf("%s took %v, want at most %v", what, took, limit)
	}
}

// fastest returns the shortest of n runs, the one that was disturbed least.
func fastest(n int, do func()) time.Duration {
	best := time.Hour
	for range n {
		began := time.Now()
		do()
		best = min(best, time.Since(began))
	}
	return best
}

// resident returns a process's memory in KiB, as the kernel counts it.
func resident(t *testing.T, pid int) int {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmRSS:" {
			kb, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatal(err)
			}
			return kb
		}
	}
	t.Fatal("the kernel does not tell VmRSS")
	return 0
}

// rawCommits counts durable single-row commits a second.
func rawCommits(t *testing.T, long time.Duration) float64 {
	t.Helper()
	file := filepath.Join(t.TempDir(), "raw.db")
	db, err := sql.Open("sqlite3", "file:"+file+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("create table raw (id integer primary key, body text)"); err != nil {
		t.Fatal(err)
	}
	n, began := 0, time.Now()
	for time.Since(began) < long {
		if _, err := db.Exec("insert into raw (body) values (?1)", strings.Repeat("x", 200)); err != nil {
			t.Fatal(err)
		}
		n++
	}
	return float64(n) / time.Since(began).Seconds()
}

// logRate counts cases logged a second by several clients at once.
func logRate(a *api, clients int, long time.Duration) float64 {
	ctx, cancel := context.WithTimeout(a.t.Context(), long)
	defer cancel()
	var n atomic.Int64
	var all sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}}
	body := fmt.Sprintf(`{"title":"Mittaus","aware_at":%q,"services":[]}`, time.Now().UTC().Add(-time.Hour).Format(time.RFC3339))
	began := time.Now()
	for range clients {
		all.Go(func() {
			for ctx.Err() == nil {
				req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url+"/api/v1/incidents", strings.NewReader(body))
				if err != nil {
					a.t.Error(err)
					return
				}
				req.Header.Set("Authorization", "Bearer "+a.token)
				req.Header.Set("Content-Type", "application/json")
				resp, err := client.Do(req)
				if err != nil {
					return // the time is over
				}
				resp.Body.Close()
				if resp.StatusCode != http.StatusCreated {
					a.t.Errorf("status %d, want 201", resp.StatusCode)
					return
				}
				n.Add(1)
			}
		})
	}
	all.Wait()
	return float64(n.Load()) / time.Since(began).Seconds()
}
