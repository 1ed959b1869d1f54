package templates

import (
	"strconv"
	"strings"
	"sync"
)

// memo remembers texts with what was filled in: in ten thousand notices of one
// act nearly all are the same, and filling in takes most of the time of wording.
type memo struct {
	mu sync.RWMutex
	by map[string]string
}

const (
	// manySaid is how many texts are remembered before all are forgotten.
	manySaid = 2048
	// longSaid is how long the values of a text that is remembered may be, in bytes.
	longSaid = 400
)

// memoKey names a text with its values, unless they are of other kinds than
// strings and numbers, or long.
func memoKey(lang, key string, pairs []any) (string, bool) {
	var b strings.Builder
	b.WriteString(lang + "\x00" + key)
	for _, p := range pairs {
		b.WriteByte(0)
		switch p := p.(type) {
		case string:
			b.WriteString("s" + strconv.Itoa(len(p)) + ":" + p)
		case int:
			b.WriteString("i" + strconv.Itoa(p))
		default:
			return "", false
		}
		if b.Len() > longSaid {
			return "", false
		}
	}
	return b.String(), true
}

func (m *memo) get(key string) (string, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	text, ok := m.by[key]
	return text, ok
}

func (m *memo) put(key, text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.by == nil || len(m.by) >= manySaid {
		m.by = make(map[string]string, manySaid)
	}
	m.by[key] = text
}
