package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestAssessBrowser assesses a risk by the keyboard alone in three languages,
// and once without JavaScript: the quick path, every question, the decision,
// what reopens it, and the memo.
func TestAssessBrowser(t *testing.T) {
	for _, w := range walkers {
		t.Run(w.lang, func(t *testing.T) { assessWalk(t, w, true) })
		t.Run(w.lang+" without JavaScript", func(t *testing.T) { assessWalk(t, w, false) })
	}
}

func assessWalk(t *testing.T, w walker, js bool) {
	t.Parallel()
	s, passwords := startDemo(t)
	t.Log(browse(t, "assess.mjs", map[string]any{
		"url": s.url, "login": w.login, "password": passwords[w.login], "lang": w.lang, "js": js, "title": w.title, "register": demoRegister,
		"shot": filepath.Join(os.TempDir(), "hatakello-assess-"+w.lang+".png"), "dir": os.Getenv("HATAKELLO_TEST_SHOTS"), "pdf": os.Getenv("HATAKELLO_TEST_PDF"),
	}))
}
