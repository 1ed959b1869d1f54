package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A limiter lets so many visits through for each key and period. It forgets
// all keys when there are too many, which errs towards letting people in.
type limiter struct {
	mu    sync.Mutex
	by    map[string]*rate.Limiter
	burst int
	every time.Duration // between two visits, in the long run
}

const limiterKeys = 20_000

func newLimiter(n int, per time.Duration) *limiter {
	return &limiter{by: map[string]*rate.Limiter{}, burst: n, every: per / time.Duration(n)}
}

// allow reports whether one more visit is within the limit at now.
func (l *limiter) allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	r, ok := l.by[key]
	if !ok {
		if len(l.by) >= limiterKeys {
			clear(l.by)
		}
		r = rate.NewLimiter(rate.Every(l.every), l.burst)
		l.by[key] = r
	}
	return r.AllowN(now, 1)
}
