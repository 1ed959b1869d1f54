package incident_test

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rulesWanted are the rules that docs/rules.md must have a row for.
func rulesWanted() []string {
	var all []string
	for _, span := range [][2]int{{1, 20}, {25, 26}, {40, 40}, {42, 47}, {51, 56}, {59, 59}} {
		for n := span[0]; n <= span[1]; n++ {
			all = append(all, strconv.Itoa(n))
		}
	}
	for n := 1; n <= 25; n++ {
		all = append(all, "FI-"+strconv.Itoa(n))
	}
	return all
}

// TestRulesNameTheirTests holds docs/rules.md to the tree: every rule has a row,
// and every test that a row names is there.
func TestRulesNameTheirTests(t *testing.T) {
	doc, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	named, test := regexp.MustCompile("`(Test[A-Za-z0-9_]+)`"), regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9_]+)\(`)
	err = fs.WalkDir(os.DirFS(".."), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile("../" + path)
		for _, m := range test.FindAllStringSubmatch(string(source), -1) {
			have[m[1]] = true
		}
		return err
	})
	if err != nil || len(have) < 300 {
		t.Fatalf("%d tests found: %v", len(have), err)
	}
	var rows []string
	for _, line := range strings.Split(string(doc), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.ContainsAny(cells[1], "0123456789") {
			continue
		}
		rows = append(rows, strings.TrimSpace(cells[1]))
		tests := named.FindAllStringSubmatch(cells[3], -1)
		if len(tests) == 0 {
			t.Errorf("rule %s names no test", cells[1])
		}
		for _, m := range tests {
			if !have[m[1]] {
				t.Errorf("rule %s names %s, which is not there", cells[1], m[1])
			}
		}
	}
	if want := rulesWanted(); !slices.Equal(rows, want) {
		t.Errorf("rows for %v\nwant %v", rows, want)
	}
}
