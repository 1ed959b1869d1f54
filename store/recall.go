package store

import (
	"slices"
	"sync"
	"time"

	"hatakello/incident"
)

// recallFor is how long what is remembered is believed. What this process
// writes is seen at once; what another node, or a command beside the server,
// has written is seen after this time at the latest. docs/operations.md
// promises it.
const recallFor = time.Second

// A recall remembers what nearly every request reads and hardly anybody
// changes: who a token belongs to, the organisation, its endpoints.
type recall struct {
	mu    sync.Mutex
	round uint64 // grows whenever all is forgotten
	kept  map[string]recalled
}

type recalled struct {
	value any
	until time.Time
}

// recallMost is how many values are kept at most.
const recallMost = 1000

// recollect returns what is remembered under a key, or loads it. A value that
// was loaded while something was written is used once and not kept.
func recollect[T any](r *recall, key string, load func() (T, error)) (T, error) {
	now := time.Now()
	r.mu.Lock()
	k, ok := r.kept[key]
	round := r.round
	r.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.value.(T), nil
	}
	value, err := load()
	if err != nil {
		return value, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if round == r.round {
		if r.kept == nil || len(r.kept) >= recallMost {
			r.kept = map[string]recalled{}
		}
		r.kept[key] = recalled{value, now.Add(recallFor)}
	}
	return value, nil
}

// forget drops everything. It is called once a write is durable.
func (r *recall) forget() {
	r.mu.Lock()
	r.round++
	r.kept = nil
	r.mu.Unlock()
}

// forgetting reports whether a change writes anything that may be remembered.
func forgetting(c *incident.Change) bool {
	return c.Setting != nil || len(c.Tokens) > 0 || len(c.Webhooks) > 0
}

// own is a copy of an organisation that its reader may change.
func own(o incident.Organisation) incident.Organisation {
	o.Alarm, o.Rota, o.Regimes, o.Plan = slices.Clone(o.Alarm), slices.Clone(o.Rota), slices.Clone(o.Regimes), slices.Clone(o.Plan)
	for i := range o.Plan {
		o.Plan[i].Who = slices.Clone(o.Plan[i].Who)
	}
	return o
}
