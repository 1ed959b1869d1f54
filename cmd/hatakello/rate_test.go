package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the raw limit is measured with the bare driver
)

// turn is how long one side of a comparison runs before the other has its
// turn, so that whatever else the machine does meets both.
const turn = 500 * time.Millisecond

// turns are how often each side runs; the median of the ratios counts.
const turns = 9

// TestBudgetOfLogging compares durable log requests through the API, each with
// its row in the audit chain, with single-row commits through the bare driver.
func TestBudgetOfLogging(t *testing.T) {
	if os.Getenv("HATAKELLO_BENCH") == "" {
		t.Skip("two rates are comparable on a quiet machine only: make bench")
	}
	db := databases[0].make(t)
	s := start(t, "serve", "--db", db)
	token := must(t, "", "token", "add", "budget", "--role", "privacy", "--db", db)
	raw := rawCommits(t)
	for _, tt := range []struct {
		clients   int
		want, aim float64
	}{{1, 0.5, 0.8}, {32, 2, 4}} {
		logCase := logRequests(t, strings.TrimPrefix(s.url, "http://"), token, tt.clients)
		var raws, logs, ratios []float64
		spent := s.cpu()
		for i := range turns {
			raws = append(raws, rate(1, raw))
			logs = append(logs, rate(tt.clients, logCase))
			ratios = append(ratios, logs[i]/raws[i])
		}
		spent = s.cpu() - spent
		var done float64
		for _, r := range logs {
			done += r * turn.Seconds()
		}
		ratio := median(ratios)
		t.Logf("%d clients: %.0f log requests a second, %.2f × of %.0f raw commits (want %.1f, aim %.1f); %.0f µs of processor each",
			tt.clients, median(logs), ratio, median(raws), tt.want, tt.aim, float64(spent.Microseconds())/done)
		if ratio < tt.want {
			t.Errorf("%d clients: ratio %.2f, want at least %.1f", tt.clients, ratio, tt.want)
		}
	}
}

// cpu returns the processor time that the server has used, as the kernel counts
// it in hundredths of a second.
func (s *server) cpu() time.Duration {
	s.t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		s.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), ") ")
	var used time.Duration
	for _, ticks := range strings.Fields(rest)[11:13] { // utime and stime
		n, err := strconv.Atoi(ticks)
		if err != nil {
			s.t.Fatal(err)
		}
		used += time.Duration(n) * 10 * time.Millisecond
	}
	return used
}

// rate runs act from so many clients for one turn and returns how many were
// done a second.
func rate(clients int, act func(client int)) float64 {
	var n atomic.Int64
	var all sync.WaitGroup
	began := time.Now()
	for client := range clients {
		all.Go(func() {
			for time.Since(began) < turn {
				act(client)
				n.Add(1)
			}
		})
	}
	all.Wait()
	return float64(n.Load()) / time.Since(began).Seconds()
}

func median(xs []float64) float64 {
	xs = slices.Sorted(slices.Values(xs))
	return xs[len(xs)/2]
}

// rawTable is a plain table of a plain program: one row of about a kilobyte
// and three indexes beside its key, as a bug tracker would have. BenchmarkLog
// of the store measures against the same.
const rawTable = `
	create table raw (id integer primary key, ref text not null unique, made integer not null, status text not null,
		severity integer not null, controller integer not null, title text not null, body text not null);
	create index raw_status on raw (status, made desc, id desc);
	create index raw_made on raw (made desc, id desc);
	create index raw_controller on raw (controller, made desc, id desc);`

// rawCommits returns an act that commits one durable row, with nothing else.
func rawCommits(t *testing.T) func(int) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "raw.db")
	db, err := sql.Open("sqlite3", "file:"+file+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(rawTable); err != nil {
		t.Fatal(err)
	}
	insert, err := db.Prepare(`insert into raw (ref, made, status, severity, controller, title, body) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)`)
	if err != nil {
		t.Fatal(err)
	}
	body, n := strings.Repeat("x", 900), 0
	return func(int) {
		n++
		if _, err := insert.Exec(fmt.Sprintf("INC-%08d", n), 1700000000+n, "open", n%4, n*7919%1000, "Levy katosi", body); err != nil {
			t.Error(err)
		}
	}
}

// logRequests returns an act in which a client logs a case and reads the
// answer. Each client keeps its connection and writes a prepared request, so
// that little of what is measured is the client's.
func logRequests(t *testing.T, addr, token string, clients int) func(client int) {
	t.Helper()
	body := fmt.Sprintf(`{"title":"Mittaus","aware_at":%q,"services":[]}`, time.Now().UTC().Add(-time.Hour).Format(time.RFC3339))
	request := fmt.Appendf(nil, "POST /api/v1/incidents HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", addr, token, len(body), body)
	lines, readers := make([]net.Conn, clients), make([]*bufio.Reader, clients)
	for i := range lines {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		lines[i], readers[i] = c, bufio.NewReader(c)
	}
	return func(client int) {
		if _, err := lines[client].Write(request); err != nil {
			t.Error(err)
			return
		}
		if first, err := skipAnswer(readers[client]); err != nil || first != "HTTP/1.1 201 Created" {
			t.Errorf("answer %q, %v; want 201", first, err)
		}
	}
}

// skipAnswer reads an answer that tells its length and returns its first line.
// It looks at no more than that, because it takes its time from the server.
func skipAnswer(r *bufio.Reader) (first string, err error) {
	length := 0
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return first, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if first == "" {
			first = string(line)
		}
		if n, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(n)); err != nil {
				return first, err
			}
		}
	}
	_, err = r.Discard(length)
	return first, err
}
