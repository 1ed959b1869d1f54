package main

import (
	"testing"
	"time"
)

// Two nodes on one PostgreSQL share the queue. One is killed while both send:
// the other does its work, long before a lease would have run out, no receiver
// is left out, and what arrives twice is at most what the dead one had in
// flight, the same mail under the same Message-ID.
func TestTwoNodesShareTheQueue(t *testing.T) {
	k := &killed{t: t, db: databases[1].make(t), post: startSink(t, ""), list: customers(150)}
	k.post.slow = 150 * time.Millisecond
	node := func(name string) *server {
		return start(t, "serve", "--db", k.db, "--smtp", "smtp://"+k.post.addr, "--from", "kello@sender.example", "--bounce-to", name+"@sender.example")
	}
	a, b := node("a"), node("b")
	k.begin(b)
	within(t, 40*time.Second, "both to send", func() bool { by := k.senders(); return by["a"] >= 15 && by["b"] >= 15 })
	if again := len(k.post.all()) - k.receivers(); again > 0 {
		t.Errorf("%d mails were sent twice while both lived", again)
	}
	a.kill()
	killed := time.Now()
	within(t, 50*time.Second, "the other to send the rest", func() bool { return k.receivers() == len(k.list) })
	t.Logf("all %d reached %v after the kill; by node %v", len(k.list), time.Since(killed).Round(time.Millisecond), k.senders())
	k.checkBooks(10)
	if code := b.stop(); code != 0 {
		t.Errorf("the other ended with %d", code)
	}
}

// senders counts the mails by the node that sent them.
func (k *killed) senders() map[string]int {
	by := map[string]int{}
	for _, m := range k.post.all() {
		by[m.from[:1]]++
	}
	return by
}
