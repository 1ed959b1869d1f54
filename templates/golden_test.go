package templates

import (
	"os"
	"path/filepath"
	"testing"
)

// golden compares got with the file testdata/NAME.golden. With
// HATAKELLO_GOLDEN=1 (make golden) it writes the file instead; then read the
// diff.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if os.Getenv("HATAKELLO_GOLDEN") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; run make golden and read the diff. got:\n%s", path, got)
	}
}
