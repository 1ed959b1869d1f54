package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"hatakello/templates"
)

// TestControllerBrowser goes the controller's way by the keyboard alone, on a
// phone, in three languages and once without JavaScript: from the mail to the
// filing entered. The parts of the form that differ most are looked at once each.
func TestControllerBrowser(t *testing.T) {
	for _, w := range walkers {
		t.Run(w.lang, func(t *testing.T) { controllerWalk(t, w, true) })
	}
	t.Run("sv without JavaScript", func(t *testing.T) { controllerWalk(t, walkers[1], false) })
}

// lookAt are the parts of the form that are looked at beside those answered, by
// the language of the walk: long lists, choices, and what only she may say.
var lookAt = map[string][]string{"fi": {"G", "N"}, "sv": {"H"}, "en": {"K"}}

func controllerWalk(t *testing.T, w walker, js bool) {
	t.Parallel()
	s, passwords := startDemo(t)
	zone, err := time.LoadLocation(templates.Zone)
	if err != nil {
		t.Fatal(err)
	}
	local := func(at time.Time) string { return templates.DateTime(templates.Lang(w.lang), at, zone) }
	t.Log(browse(t, "controller.mjs", map[string]any{
		"url": s.url, "login": w.login, "password": passwords[w.login], "lang": w.lang, "js": js, "parts": lookAt[w.lang],
		"title": w.title, "text": w.text, "subject": w.subject, "codeSubject": map[string]string{"fi": "Koodi tapaukseen", "sv": "Kod till ärende", "en": "Code for case"}[w.lang],
		"aware": local(time.Now().Add(-90 * time.Minute)), "filed": local(time.Now()),
		"shot": filepath.Join(os.TempDir(), "hatakello-controller-"+w.lang+".png"), "dir": os.Getenv("HATAKELLO_CONTROLLER_SHOTS"),
	}))
}
