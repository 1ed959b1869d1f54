package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// victimEnv names the SQLite file that a copy of this test program writes to
// until it is killed.
const victimEnv = "HATAKELLO_TEST_VICTIM"

// victim logs cases from several goroutines and says on standard output which
// of them were acknowledged. It never ends by itself.
func victim(path string) int {
	db, err := Open(context.Background(), path, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ids.Store(time.Now().UnixNano())
	for range 8 {
		go func() {
			for {
				c := newCase("Levy katosi", 3)
				c.Key = c.NewIncident.ID
				if err := db.Apply(ctx, c); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
				fmt.Println(c.NewIncident.ID, c.NewIncident.Number)
			}
		}()
	}
	select {}
}

const kills = 20

// TestKilled kills a writing process twenty times at random points. Each time
// the file is whole, what was acknowledged is in it, and no act is in it half.
func TestKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hatakello.db")
	acked := map[string]string{}
	for range kills {
		for id, number := range killOnce(t, path) {
			acked[id] = number
		}
		db, err := Open(ctx, path, Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkSurvivor(t, db, acked)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d acts acknowledged in %d lives", len(acked), kills)
}

// killOnce starts a victim, kills it after 20 to 120 ms of work, and returns
// what it had acknowledged.
func killOnce(t *testing.T, path string) map[string]string {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), victimEnv+"="+path)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	acked := map[string]string{}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if len(acked) == 0 {
			time.AfterFunc(time.Duration(20+rand.IntN(100))*time.Millisecond, func() { c.Process.Kill() })
		}
		if id, number, ok := strings.Cut(lines.Text(), " "); ok && len(number) >= len("2026-001") {
			acked[id] = number
		}
	}
	if err := c.Wait(); err == nil || c.ProcessState.Exited() {
		t.Fatalf("the victim ended by itself: %v", err)
	}
	if len(acked) == 0 {
		t.Fatal("the victim acknowledged nothing")
	}
	return acked
}

func checkSurvivor(t *testing.T, db *DB, acked map[string]string) {
	t.Helper()
	if err := db.Check(ctx); err != nil {
		t.Fatal(err)
	}
	numbers := map[string]string{}
	for cut := (incident.Cut{Limit: 1000}); ; {
		rows, next, err := db.Rows(ctx, incident.Filter{}, cut)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			numbers[r.ID] = r.Number
		}
		if cut.After = next; next == "" {
			break
		}
	}
	for id, number := range acked {
		if numbers[id] != number {
			t.Fatalf("case %s was acknowledged as %s and is now %q", id, number, numbers[id])
		}
	}
	whole(t, db, len(numbers))
}

// whole checks that n cases have three records each and one link of their
// chain, and that none belongs to another.
func whole(t *testing.T, db *DB, n int) {
	t.Helper()
	for table, want := range map[string]int{"incident": n, "record": 3 * n, "deadline": 6 * n, "audit": n, "chain": n, "done": n, "entry": n} {
		var got int
		if _, err := db.conn().one(ctx, `select count(*) from `+table, nil, &got); err != nil || got != want {
			t.Fatalf("%s has %d rows, %v; want %d", table, got, err, want)
		}
	}
}
