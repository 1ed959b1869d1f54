package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"hatakello/templates"
)

// TestFourClocks is the worked example of the clock vectors, through the
// browser and in three languages: the own register and three controllers, each
// with its own 72 hours. The example's distances in time are kept and laid so
// that all of it lies behind us.
func TestFourClocks(t *testing.T) {
	for _, w := range walkers {
		t.Run(w.lang, func(t *testing.T) { fourClocks(t, w) })
	}
}

func fourClocks(t *testing.T, w walker) {
	t.Parallel()
	s, passwords := startDemo(t)
	zone, err := time.LoadLocation(templates.Zone)
	if err != nil {
		t.Fatal(err)
	}
	lang := templates.Lang(w.lang)
	// 23.11.2026 at 8.05 in the example.
	aware := time.Now().Truncate(time.Minute).Add(-26 * time.Hour)
	at := func(after time.Duration) time.Time { return aware.Add(after) }
	typed := func(t time.Time) string { return templates.DateTime(lang, t, zone) }
	limit := func(from time.Time) string { return templates.WeekdayDateTime(lang, from.Add(72*time.Hour), zone) }
	told, phoned, knew := at(3*time.Hour+35*time.Minute), at(25*time.Hour+5*time.Minute), at(-12*time.Hour-5*time.Minute)
	t.Log(browse(t, "clocks.mjs", map[string]any{
		"url": s.url, "login": w.login, "password": passwords[w.login], "lang": w.lang, "title": w.title, "why": w.text,
		"register": demoRegister, "signal": typed(at(-13 * time.Hour)), "aware": typed(aware), "own": limit(aware),
		"parties": map[string]any{
			"A": map[string]string{"id": "9900101-0", "name": "Esimerkkikulma", "informed": typed(told), "due": limit(told)},
			"B": map[string]string{"id": "9900113-3", "name": "Koetyyni", "informed": typed(phoned), "due": limit(phoned)},
			"C": map[string]string{"id": "9900102-9", "name": "Mallisarastus", "informed": typed(told), "aware": typed(knew), "due": limit(knew)},
		},
		"dir": os.Getenv("HATAKELLO_CLOCK_SHOTS"), "shot": filepath.Join(os.TempDir(), "hatakello-clocks-"+w.lang+".png"),
	}))
}
