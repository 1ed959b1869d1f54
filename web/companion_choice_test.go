package web

import (
	"testing"
	"time"

	"hatakello/templates"
)

// The form of an authority is taken while it is valid, and the canonical one
// where there is none.
func TestFormOfAnAuthority(t *testing.T) {
	forms := map[string]*templates.AuthorityForm{
		canonicalForm: {ID: canonicalForm},
		"old":         {ID: "old", Authority: "koe", Since: "2020-01-01", Until: "2025-12-31"},
		"new":         {ID: "new", Authority: "koe", Since: "2026-01-01"},
	}
	for _, tt := range []struct {
		authority, day, want string
	}{
		{"koe", "2025-12-31", "old"}, {"koe", "2026-01-01", "new"}, {"koe", "2019-12-31", canonicalForm}, {"muu", "2026-05-05", canonicalForm},
	} {
		day, err := time.Parse(time.DateOnly, tt.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := formFor(forms, tt.authority, day); got.ID != tt.want {
			t.Errorf("%s on %s: %s, want %s", tt.authority, tt.day, got.ID, tt.want)
		}
	}
}
