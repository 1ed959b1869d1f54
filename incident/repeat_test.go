package incident

import "testing"

func TestPrintGuardsResults(t *testing.T) {
	first, other := Actor{Print: "aa"}, Actor{Print: "bb"}
	kept := first.stamped("id 1")
	tests := []struct {
		name, want string
		by         Actor
		kept       string
		kind       Kind
	}{
		{"the same request", "id 1", first, kept, ""},
		{"another request with the key", "", other, kept, Invalid},
		{"a form has no print", "id 1", Actor{}, Actor{}.stamped("id 1"), ""},
		{"nothing to say again", "", first, first.stamped(""), ""},
	}
	for _, tt := range tests {
		got, err := tt.by.unstamped(tt.kept)
		if got != tt.want || KindOf(err) != tt.kind {
			t.Errorf("%s: %q, %v, want %q, %q", tt.name, got, err, tt.want, tt.kind)
		}
	}
}
