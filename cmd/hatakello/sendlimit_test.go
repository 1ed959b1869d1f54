package main

import (
	"database/sql"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// farAway is a way to addr over which everything takes trip in each direction.
func farAway(t *testing.T, addr string, trip time.Duration) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			near, err := ln.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", addr)
			if err != nil {
				near.Close()
				continue
			}
			go delayed(near, far, trip)
			go delayed(far, near, trip)
		}
	}()
	return ln.Addr().String()
}

// delayed copies from one side to the other, each piece trip after it came.
func delayed(from, to net.Conn, trip time.Duration) {
	type piece struct {
		data []byte
		at   time.Time
	}
	pieces := make(chan piece, 1024)
	go func() {
		defer close(pieces)
		for {
			buf := make([]byte, 32<<10)
			n, err := from.Read(buf)
			if n > 0 {
				pieces <- piece{buf[:n], time.Now().Add(trip)}
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range pieces {
		time.Sleep(time.Until(p.at))
		if _, err := to.Write(p.data); err != nil {
			break
		}
	}
	to.Close()
	go io.Copy(io.Discard, from)
}

// TestSendFarAway measures sending by forty sessions to a relay with a round
// trip of 20 ms. The ideal is two round trips for a mail: one for the
// envelope, said at once, and one for the text.
func TestSendFarAway(t *testing.T) {
	n := measured(t, 10000)
	const sessions, trip = 40, 20 * time.Millisecond
	addr := farAway(t, startPostfixSink(t), trip/2)
	s := sendAll(t, n, relayAt(addr, sessions), nil)
	ideal := sessions / (2 * trip.Seconds())
	t.Logf("%d mails by %d sessions over a round trip of %v: %.0f/s, %.2f × the ideal of %.0f/s (goal 0.90)", n, sessions, trip, s.rate(), s.rate()/ideal, ideal)
}

// worked is the time that the processors have worked for this process.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestSendScale compares what a notice costs the processors in a large case
// and in a small one, import and log included.
func TestSendScale(t *testing.T) {
	many := measured(t, 100000)
	addr := startPostfixSink(t)
	cost := func(n int) float64 {
		began := worked(t)
		sendAll(t, n, relayAt(addr, 10), nil)
		return (worked(t) - began).Seconds() / float64(n)
	}
	cost(200) // what is made once
	few := cost(1000)
	lots := cost(many)
	t.Logf("a notice costs %.2f ms of work at 1000 and %.2f ms at %d: %.2f × (goal 1.30)", 1000*few, 1000*lots, many, lots/few)
}

// TestSendMemory watches the memory of the program, started as an operator
// would, while it tells ten thousand customers.
func TestSendMemory(t *testing.T) {
	n := measured(t, 10000)
	db := databases[0].make(t)
	s := start(t, "serve", "--db", db, "--smtp", "smtp://"+startPostfixSink(t), "--from", "kello@sender.example")
	a := &api{t, s.url, must(t, "", "token", "add", "bench", "--role", "privacy", "--db", db)}
	a.importCSV(customers(n))
	id := a.log("Katko", "Palvelu A")
	before := resident(t, s.cmd.Process.Pid)
	click := time.Now()
	a.notify(id, flowText)
	answered := time.Since(click)
	most := resident(t, s.cmd.Process.Pid)
	books, err := sql.Open("sqlite3", "file:"+db+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer books.Close()
	within(t, 5*time.Minute, "all notices", func() bool {
		most = max(most, resident(t, s.cmd.Process.Pid))
		time.Sleep(50 * time.Millisecond)
		done := 0
		err := books.QueryRow("select count(*) from delivery where fate = 'accepted' and notice is not null").Scan(&done)
		return err == nil && done >= n
	})
	t.Logf("%d notices: answered in %v, %d MiB before, at most %d MiB while sending (goal 200), high water mark %s", n,
		answered.Round(time.Millisecond), before>>10, most>>10, highWater(t, s.cmd.Process.Pid))
}

// highWater is the most memory that a process ever had, composing included.
func highWater(t *testing.T, pid int) string {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	var kb int
	for line := range strings.Lines(string(data)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kb); err == nil {
			return fmt.Sprintf("%d MiB", kb>>10)
		}
	}
	return "unknown"
}
