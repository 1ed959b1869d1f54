package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// holderEnv names the database in which a copy of this test program leases what
// is due, says so, and waits to be killed.
const holderEnv = "HATAKELLO_TEST_HOLDER"

func holdUntilKilled(dsn string) int {
	db, err := Open(context.Background(), dsn, Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ds, err := db.Claim(ctx, []incident.Route{incident.ByMail}, 10, noon, noon.Add(time.Hour))
	fmt.Println("leased", len(ds), err)
	select {}
}

// twoMails puts two messages into the outbox.
func twoMails(t *testing.T, db *DB) {
	t.Helper()
	c := newCase("Levy katosi", 1)
	for range 2 {
		c.Deliveries = append(c.Deliveries, &incident.Delivery{ID: newID(), Incident: c.NewIncident.ID, Route: incident.ByMail, Address: "a@a.example",
			Fate: incident.Pending, Urgency: noon, Due: noon, Made: noon, Body: []byte("x")})
	}
	apply(t, db, c)
}

func leased(t *testing.T, db *DB, n int) int {
	t.Helper()
	return len(must[[]*incident.Delivery](t)(db.Claim(ctx, []incident.Route{incident.ByMail}, n, noon.Add(time.Second), noon.Add(time.Hour))))
}

// openStill opens a database whose node looks only when it is told to.
func openStill(t *testing.T, dsn string) *DB {
	t.Helper()
	db := open(t, dsn)
	db.node.stop()
	<-db.node.done
	return db
}

// looks lets a node look so many times, as its heartbeat would.
func looks(t *testing.T, db *DB, n int) {
	t.Helper()
	for range n {
		if err := db.node.look(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// TestNodeKilled kills a process that has two messages in hand, an hour before
// its leases would run out. The other node sends them after a few looks.
func TestNodeKilled(t *testing.T) {
	dsn := newDatabase(t, "postgres")
	db := openStill(t, dsn)
	twoMails(t, db)
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), holderEnv+"="+dsn)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || strings.TrimSpace(line) != "leased 2 <nil>" {
		t.Errorf("the other process says %q, %v", line, err)
	}
	looks(t, db, 2*missing)
	if n := leased(t, db, 10); n != 0 {
		t.Errorf("claimed %d while their holder lives, want none", n)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // it was killed
	awaitGone(t, db, 1)
	looks(t, db, missing-1)
	if n := leased(t, db, 10); n != 2 {
		t.Errorf("claimed %d after their holder was killed, want 2", n)
	}
}

// awaitGone looks until exactly n holders have been seen without a lock: the
// server needs a moment to notice that a connection has ended.
func awaitGone(t *testing.T, db *DB, n int) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		looks(t, db, 1)
		if len(db.node.missed) == n {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("missed %v, want %d holders", db.node.missed, n)
		}
	}
}

// TestNodeKeepsWhatItHas cuts the connection of a node that lives: it takes its
// lock again, and nobody takes from it what it has in hand.
func TestNodeKeepsWhatItHas(t *testing.T) {
	dsn := newDatabase(t, "postgres")
	one, two := openStill(t, dsn), openStill(t, dsn)
	twoMails(t, one)
	if n := leased(t, one, 1); n != 1 {
		t.Fatalf("claimed %d, want 1", n)
	}
	var cut bool
	_, err := two.conn().one(ctx, `
		select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and cast(objid as bigint) = ?1`,
		[]any{one.node.number}, &cut)
	if err != nil || !cut {
		t.Fatalf("cut the connection: %v, %v", cut, err)
	}
	awaitGone(t, two, 1)
	looks(t, one, 1)
	looks(t, two, 2*missing)
	if len(two.node.missed) != 0 {
		t.Errorf("a node that has its lock again is missed: %v", two.node.missed)
	}
	if n := leased(t, two, 10); n != 1 {
		t.Errorf("claimed %d, want the one that nobody had in hand", n)
	}
}

// TestGuestHoldsNoLock opens a database for a short command, whose leases end
// by time alone.
func TestGuestHoldsNoLock(t *testing.T) {
	dsn := newDatabase(t, "postgres")
	db := openStill(t, dsn)
	twoMails(t, db)
	guest := must[*DB](t)(Open(ctx, dsn, Options{Guest: true}))
	if guest.node != nil {
		t.Error("a guest is a node")
	}
	if n := leased(t, guest, 10); n != 2 {
		t.Errorf("claimed %d, want 2", n)
	}
	if err := guest.Close(); err != nil {
		t.Error(err)
	}
	looks(t, db, 2*missing)
	if n := leased(t, db, 10); n != 0 {
		t.Errorf("claimed %d that a guest has leased, want none", n)
	}
}
