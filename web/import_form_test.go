package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"hatakello/incident"
)

// TestImportForm sends through the form what cannot be taken in. Each time the
// page says what is wrong, and the register is as it was.
func TestImportForm(t *testing.T) {
	h := newHouse(t)
	b := h.as(incident.Privacy)
	const head = "name;language;service;contact_email\n"
	good := head + "Keksitty Oy;fi;Palvelu A;a@keksitty.example\n"
	tests := []struct {
		name, file string
		sent, seen int    // status of the upload, and of the page after it
		says       string // on the last of them
	}{
		{"a quotation mark without its end", good + "Toinen Oy;fi;Palvelu A;\"b@keksitty.example\n", 303, 200, "lainausmerk"},
		{"no file", "", 422, 0, "tiedosto"},
		{"10 MB in one field", good + "\"" + strings.Repeat("x", 10<<20) + "\";fi;Palvelu A;b@keksitty.example\n", 303, 200, "liian pitkä: enintään 200"},
		{"17 MB", head + strings.Repeat("Keksitty Oy;fi;Palvelu A;a@keksitty.example\n", 17<<20/44), 413, 0, "megatavu"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := b.upload("/customers/import", "file", "asiakkaat.csv", []byte(tt.file))
			if got.code != tt.sent {
				t.Fatalf("upload: status %d, want %d\n%.600s", got.code, tt.sent, got.text())
			}
			if tt.seen != 0 {
				if got = b.get(got.header.Get("Location")); got.code != tt.seen {
					t.Errorf("page: status %d, want %d", got.code, tt.seen)
				}
			}
			if !strings.Contains(strings.ToLower(got.text()), tt.says) {
				t.Errorf("the page does not say %q:\n%.3000s", tt.says, got.text())
			}
			if len(got.body) > 1<<20 {
				t.Errorf("the page has %d bytes", len(got.body))
			}
		})
	}
	all, _, err := h.db.Customers(context.Background(), "", incident.Cut{Limit: 10})
	if err != nil || len(all) != 0 {
		t.Errorf("%d customers were taken in, %v; want none", len(all), err)
	}
	if got := b.upload("/customers/import", "file", "asiakkaat.csv", []byte(good)); got.code != http.StatusSeeOther {
		t.Errorf("a good file after that: status %d, want 303", got.code)
	}
}
