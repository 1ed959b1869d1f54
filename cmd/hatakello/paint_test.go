package main

import (
	"encoding/json"
	"os"
	"testing"
)

// TestBudgetOfPaint measures how soon something is seen over slow 3G: of the
// page behind a notice's link, of the board and of the page on which a case is
// logged. Staff come back to the last two; their browser has kept the styles.
func TestBudgetOfPaint(t *testing.T) {
	if os.Getenv("HATAKELLO_BENCH") == "" {
		t.Skip("a browser's clock says little beside other tests: make bench")
	}
	s, passwords := startDemo(t)
	w := walkers[0]
	out := browse(t, "paint.mjs", map[string]any{
		"url": s.url, "login": w.login, "password": passwords[w.login], "lang": w.lang, "title": w.title, "text": w.text, "subject": w.subject,
	})
	var took map[string]struct{ First, Again int }
	if err := json.Unmarshal([]byte(out), &took); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, page := range []string{"notice", "board", "log"} {
		p := took[page]
		t.Logf("first paint over slow 3G, %s: %d ms at the first visit, %d ms again", page, p.First, p.Again)
		if p.First <= 0 || p.Again <= 0 {
			t.Errorf("%s: nothing was painted: %+v", page, p)
		}
	}
	if again := took["log"].Again; again > 1000 {
		t.Errorf("first paint of the log page: %d ms, want at most 1000", again)
	}
}
