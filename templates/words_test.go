package templates

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestSameWords holds the three languages equal: the same keys, and the same
// values to fill in.
func TestSameWords(t *testing.T) {
	w := loadWords(t)
	for _, lang := range Langs {
		for _, other := range Langs {
			for key := range w.Keys(lang) {
				if !w.Has(other, key) {
					t.Errorf("%s is in %s and not in %s", key, lang, other)
				}
			}
		}
	}
	want := slotsOf(t, Langs[0])
	for _, lang := range Langs[1:] {
		for key, got := range slotsOf(t, lang) {
			if !slices.Equal(got, want[key]) {
				t.Errorf("%s in %s fills in %v, in %s %v", key, lang, got, Langs[0], want[key])
			}
		}
	}
}

var slot = regexp.MustCompile(`\{\{\s*\.(\w+)\s*\}\}`)

// slotsOf lists what each text of the pages and errors fills in.
func slotsOf(t *testing.T, lang string) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, area := range []string{"web", "error", "clock", "side"} {
		data, err := os.ReadFile("lang/" + area + "." + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		key := ""
		for _, m := range regexp.MustCompile(`"([a-z_]+\.[a-z0-9_.]+)":|"(?:one|other)": "(.*)"|: "(.*)"`).FindAllStringSubmatch(string(data), -1) {
			if m[1] != "" {
				key = m[1]
			}
			for _, s := range slot.FindAllStringSubmatch(m[0], -1) {
				if !slices.Contains(all[key], s[1]) && s[1] != "N" { // a plural form may write the number out
					all[key] = append(all[key], s[1])
				}
			}
		}
		for _, s := range all {
			slices.Sort(s)
		}
	}
	return all
}

func loadWords(t *testing.T) *Words {
	t.Helper()
	w, err := LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// families are the keys that are put together when a page is made: each stands
// for all keys that begin with it.
var families = []string{
	"ask.", "judge.exempt.", "judge.said.", "judge.verdict.", "look.", "memo.", "misdirect.back.", "misdirect.vulnerable.", "misdirect.who.", "standing.",
	"authority.", "blank.", "case.", "certainty.", "count.", "decision.", "duty.", "entry.", "fact.", "fate.", "fault.", "figure.", "filing.", "filerole.", "filerole.",
	"changed.", "how.", "import.", "language.", "moment.", "part.", "review.kind.", "role.", "said.", "stage.", "step.", "sure.", "tier.", "time.", "notify.words.", "report.",
	"clock.act.", "chain.", "hold.kind.", "moment.hint.", "outcome.", "party.", "ring.about.",
	"side.to.", "received.kind.", "received.proof.", "request.kind.", "request.by.", "request.way.", "reply.state.", "reply.to.", "mail.memo.", "mail.alarm.", "guard.place.",
	"call.title", "numbers.title", "hold.title", // of the forms of a record
}

var dotted = regexp.MustCompile(`"([a-z_]+(?:\.[a-z0-9_]+)+)"`)

// TestWordsAreUsed finds texts of the pages and errors that nothing says, and
// keys that pages say without a text.
func TestWordsAreUsed(t *testing.T) {
	w := loadWords(t)
	used := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		if ext := filepath.Ext(path); ext != ".go" && ext != ".html" {
			return nil
		}
		data, err := os.ReadFile(path)
		for _, m := range dotted.FindAllStringSubmatch(string(data), -1) {
			used[m[1]] = true
		}
		for _, m := range regexp.MustCompile(`(?:\(t|\bt|field \S+ (?:"\w+"|\(.*?\))|"hint") "([a-z_]+(?:\.[a-z0-9_]+)+)"`).FindAllStringSubmatch(string(data), -1) {
			if filepath.Ext(path) == ".html" && !w.Has("fi", m[1]) {
				t.Errorf("%s says %s, which has no text", path, m[1])
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for key := range keysOf(t, "web", "error", "assess", "clock", "side") {
		family := slices.ContainsFunc(families, func(f string) bool { return strings.HasPrefix(key, f) })
		if !used[key] && !family {
			t.Errorf("%s is said nowhere", key)
		}
	}
}

// keysOf lists the keys of some areas.
func keysOf(t *testing.T, areas ...string) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, area := range areas {
		data, err := os.ReadFile("lang/" + area + ".fi.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^ *"([a-z_]+\.[a-z0-9_.]+)":`).FindAllStringSubmatch(string(data), -1) {
			all[m[1]] = true
		}
	}
	return all
}
