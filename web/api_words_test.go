package web

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"hatakello/templates"
)

// Every reason that the API and the import can give has words in every
// language, and there are no words that nothing gives.
func TestReasonsHaveWords(t *testing.T) {
	words, err := templates.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{"key.reused": true}
	for _, slug := range problemSlugs {
		used["api.title."+slug], used["api.detail."+slug], used["api.about."+slug] = true, true, true
	}
	key := regexp.MustCompile(`"((?:api|import)\.[a-z_]+)"`)
	for _, pattern := range []string{"api*.go", "../incident/import*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range key.FindAllSubmatch(text, -1) {
				used[string(m[1])] = true
			}
		}
	}
	for _, lang := range templates.Langs {
		for k := range used {
			if !words.Has(lang, k) {
				t.Errorf("%s has no words for %s", lang, k)
			}
		}
		for _, area := range []string{"api", "import"} {
			text, err := os.ReadFile("../templates/lang/" + area + "." + lang + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var all map[string]any
			if err := json.Unmarshal(text, &all); err != nil {
				t.Fatal(err)
			}
			for k := range all {
				if !used[k] {
					t.Errorf("%s.%s.json has words for %s, which nothing says", area, lang, k)
				}
			}
		}
	}
}
