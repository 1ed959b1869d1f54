package incident

import (
	"context"
	"hash/fnv"
	"slices"
	"time"
)

// Claim leases up to n messages that are due to a courier. The lease is
// durable before it returns, so a message is never sent that nobody owns, and so
// are the bytes of mails that were not written yet.
func (d *Desk) Claim(ctx context.Context, routes []Route, n int, lease time.Duration) ([]*Delivery, error) {
	if slices.Contains(routes, BySlack) {
		off, err := d.ChatOff(ctx)
		if err != nil {
			return nil, err
		}
		if off {
			routes = slices.DeleteFunc(slices.Clone(routes), func(r Route) bool { return r == BySlack })
		}
	}
	now := d.now()
	got, err := d.Store.Claim(ctx, routes, n, now, now.Add(lease))
	if err != nil {
		return nil, err
	}
	return got, d.write(ctx, got)
}

// pause returns how long to wait before the next try, spread by up to a fifth
// so that ten thousand do not come back in the same second.
func pause(dl *Delivery) time.Duration {
	w := waits[min(dl.Tries, len(waits))-1]
	h := fnv.New32a()
	h.Write([]byte(dl.ID))
	h.Write([]byte{byte(dl.Tries)})
	return w + time.Duration(h.Sum32()%200)*w/1000
}
