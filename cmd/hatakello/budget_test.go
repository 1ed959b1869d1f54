package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
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
