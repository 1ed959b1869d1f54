package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"hatakello/templates"
)

// walker is who walks in which language.
type walker struct{ login, lang, title, text, subject string }

var walkers = []walker{
	{"aino.koe@demo.example", "fi", "Potilaslista väärässä sähköpostissa", "Liitteessä oli 40 asiakkaan tiedot.", "ietoturvaloukkau"},
	{"siv.exempel@demo.example", "sv", "Kundlista i fel e-post", "Bilagan innehöll uppgifter om 40 kunder.", "ersonuppgiftsincident"},
	{"sam.sample@demo.example", "en", "Customer list in the wrong mail", "The attachment held data of 40 customers.", "ersonal data breach"},
}

// TestBrowser walks the newcomer's way in three languages, and once without
// JavaScript, in a real browser on a small screen.
func TestBrowser(t *testing.T) {
	for _, w := range walkers {
		t.Run(w.lang, func(t *testing.T) { walk(t, w, true) })
	}
	t.Run("fi without JavaScript", func(t *testing.T) { walk(t, walkers[0], false) })
}

func walk(t *testing.T, w walker, js bool) {
	t.Parallel()
	s, passwords := startDemo(t)
	zone, err := time.LoadLocation(templates.Zone)
	if err != nil {
		t.Fatal(err)
	}
	task := map[string]any{
		"url": s.url, "login": w.login, "password": passwords[w.login], "lang": w.lang, "js": js, "title": w.title, "text": w.text,
		"subject": w.subject, "every": js && w.lang == "fi", "aware": templates.DateTime(templates.Lang(w.lang), time.Now().Add(-90*time.Minute), zone),
		"shot": filepath.Join(os.TempDir(), "hatakello-walk-"+w.lang+".png"),
	}
	t.Log(browse(t, "walk.mjs", task))
}

// startDemo starts the demonstration and reads the passwords that it prints.
func startDemo(t *testing.T) (*server, map[string]string) {
	t.Helper()
	s := start(t, "demo")
	passwords := map[string]string{}
	within(t, 5*time.Second, "the demonstration to print the log-ins", func() bool {
		for _, m := range printedLogin.FindAllStringSubmatch(s.out.String(), -1) {
			passwords[m[1]] = m[2]
		}
		return len(passwords) == len(demoStaff)
	})
	return s, passwords
}

// printedLogin is a line that the demonstration prints for each of its people.
var printedLogin = regexp.MustCompile(`(?m)^  (\S+@\S+) +(\S+) +\S.*\n`)

// browse runs one of the browser's scripts with its task.
func browse(t *testing.T, script string, task map[string]any) string {
	t.Helper()
	data, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", script, string(data))
	cmd.Dir = filepath.Join("..", "..", "web", "browser")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", script, err, out)
	}
	return strings.TrimSpace(string(out))
}
