package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"hatakello/templates"
)

// TestScreenshots draws the pictures of the README. It changes files of the
// source tree, and so runs on demand only: make screenshots.
func TestScreenshots(t *testing.T) {
	if os.Getenv("HATAKELLO_SCREENSHOTS") == "" {
		t.Skip("draws files into docs: make screenshots")
	}
	dir, err := filepath.Abs(filepath.Join("..", "..", "docs", "screenshots"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(templates.Zone)
	if err != nil {
		t.Fatal(err)
	}
	ago := func(d time.Duration) string { return templates.DateTime("fi", time.Now().Add(-d), zone) }
	s, passwords := startDemo(t)
	w := walkers[0]
	browse(t, "shots.mjs", map[string]any{
		"url": s.url, "login": w.login, "password": passwords[w.login], "lang": w.lang, "dir": dir, "title": w.title, "text": w.text,
		"subject": w.subject, "earlier": "Varmuuskopio avoimessa verkkolevyssä", "aware": ago(95 * time.Minute), "before": ago(20 * time.Hour),
	})
	for _, name := range []string{"board-phone-light", "case-desk-dark", "controller-phone-light"} {
		if info, err := os.Stat(filepath.Join(dir, name+".png")); err != nil || info.Size() < 5000 {
			t.Errorf("%s was not drawn: %v", name, err)
		}
	}
}
