package main

import (
	"os/exec"
	"strings"
	"testing"
)

// allowed says what of our own each part may be built on. An arrow that is not
// here is a rule in the wrong place; see docs/decisions.md.
var allowed = []struct {
	part    string
	ours    []string
	stdOnly bool
}{
	{"incident", []string{"incident"}, true},
	{"templates", nil, false},
	{"notify", []string{"incident"}, false},
	{"store", []string{"incident"}, false},
	{"web", []string{"incident", "templates"}, false},
}

func TestImports(t *testing.T) {
	for _, tt := range allowed {
		t.Run(tt.part, func(t *testing.T) {
			for _, dep := range deps(t, tt.part) {
				if tt.stdOnly && !dep.std && !dep.under(tt.part) {
					t.Errorf("%s is built on %s, want the standard library only", tt.part, dep.path)
				}
				if strings.HasPrefix(dep.path, "hatakello/") && !dep.under(append(tt.ours, tt.part)...) {
					t.Errorf("%s is built on %s, want of ours only %v", tt.part, dep.path, tt.ours)
				}
			}
		})
	}
}

type dep struct {
	path string
	std  bool
}

// under reports whether the package is, or lies in, one of our folders.
func (d dep) under(parts ...string) bool {
	for _, p := range parts {
		if d.path == "hatakello/"+p || strings.HasPrefix(d.path, "hatakello/"+p+"/") {
			return true
		}
	}
	return false
}

// deps lists everything that the packages in a folder are built on.
func deps(t *testing.T, part string) []dep {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.ImportPath}} {{.Standard}}",
		"-tags", "nomsgpack,fts5,sqlite_math_functions,sqlite_omit_load_extension", "hatakello/"+part+"/...").Output()
	if err != nil {
		t.Fatalf("list what %s is built on: %v", part, err)
	}
	var all []dep
	for line := range strings.Lines(string(out)) {
		path, std, _ := strings.Cut(strings.TrimSpace(line), " ")
		all = append(all, dep{path, std == "true"})
	}
	if len(all) == 0 {
		t.Fatalf("%s has no package", part)
	}
	return all
}
