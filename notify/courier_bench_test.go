package notify

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"hatakello/incident"
)

// BenchmarkCourier sends a thousand mails by ten sessions to a server in the
// same process, from an outbox in memory whose commits take 2 ms.
func BenchmarkCourier(b *testing.B) {
	const n = 1000
	addr := startCrank(b, polite).addr
	m := sample()
	raw, err := BuildMail(m)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		box := newBox(incident.ByMail, n)
		box.commit = 2 * time.Millisecond
		for i, d := range box.rows {
			d.Address, d.Body = fmt.Sprintf("a%d@b.test", i), raw
		}
		r := relayTo(addr, NoTLS, nil)
		r.Sessions = 10
		mail := NewMail(time.Now, r)
		c := NewCourier(box, time.Now, quiet, nil, mail.Lane())
		ctx, stop := context.WithCancel(b.Context())
		var run sync.WaitGroup
		run.Go(func() { c.Run(ctx) })
		for box.count(incident.Taken) < n {
			time.Sleep(time.Millisecond)
		}
		stop()
		run.Wait()
		mail.Close()
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}
