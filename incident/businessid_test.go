package incident_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"hatakello/incident"

	"pgregory.net/rapid"
)

func TestParseBusinessID(t *testing.T) {
	form, check, never := incident.ErrBusinessIDForm, incident.ErrBusinessIDCheck, incident.ErrBusinessIDNeverIssued
	tests := []struct {
		text, want string
		err        error
	}{
		{"0245974-7", "0245974-7", nil},
		{"1234567-1", "1234567-1", nil},
		{"1234562-0", "1234562-0", nil},
		{" \u00a01234567-1\t", "1234567-1", nil},
		{"1234567–1", "1234567-1", nil},
		{"1234567−1", "1234567-1", nil},
		{"1234567\u20111", "1234567-1", nil},
		{"12345671", "1234567-1", nil},
		{"FI12345671", "1234567-1", nil},
		{"fi12345671", "1234567-1", nil},
		{"245974-7", "0245974-7", nil},
		{"1234567-2", "", check},
		{"123456-7", "", check}, // padded, then tested
		{"0000000-0", "", check},
		{"", "", form},
		{"1234567", "", form},
		{"123456-", "", form},
		{"1234567-12", "", form},
		{"1234567--1", "", form},
		{"12345-1", "", form},
		{"1234567-X", "", form},
		{"SE12345671", "", form},
		{"FI1234567-1", "", form},
		{"1234 567-1", "", form},
		{"١٢٣٤٥٦٧-١", "", form},
	}
	for x := range 10 {
		tests = append(tests, struct {
			text, want string
			err        error
		}{fmt.Sprintf("1234568-%d", x), "", never})
	}
	for _, tt := range tests {
		got, err := incident.ParseBusinessID(tt.text)
		if got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("ParseBusinessID(%q) = %q, %v, want %q, %v", tt.text, got, err, tt.want, tt.err)
		}
	}
}

// TestOneCheckDigit says that of ten check digits one fits, or none, and that a
// wrong digit or two neighbours swapped are noticed.
func TestOneCheckDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching(`[0-9]{6}[1-9]`).Draw(t, "body")
		var fit []string
		for x := range 10 {
			if id, err := incident.ParseBusinessID(fmt.Sprintf("%s-%d", body, x)); err == nil {
				fit = append(fit, id)
			}
		}
		if len(fit) > 1 {
			t.Fatalf("several fit: %v", fit)
		}
		if len(fit) == 0 {
			return
		}
		i := rapid.IntRange(0, 6).Draw(t, "place")
		other := rapid.StringMatching(`[0-9]`).Draw(t, "digit")
		changed := fit[0][:i] + other + fit[0][i+1:]
		if got, err := incident.ParseBusinessID(changed); err == nil && changed != fit[0] {
			t.Fatalf("%s with a digit changed passes as %s", fit[0], got)
		}
		if again, err := incident.ParseBusinessID("FI" + strings.Replace(fit[0], "-", "", 1)); err != nil || again != fit[0] {
			t.Fatalf("as a VAT number %s gives %s, %v", fit[0], again, err)
		}
	})
}
