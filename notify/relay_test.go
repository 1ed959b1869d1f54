package notify

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseRelay(t *testing.T) {
	tests := []struct {
		in   string
		want string // host port mode user, or "" for an error
	}{
		{"smtp://mail.test", "mail.test 25 starttls "},
		{"mail.test:2525", "mail.test 2525 starttls "},
		{"127.0.0.1:2525", "127.0.0.1 2525 opportunistic "},
		{"localhost", "localhost 25 opportunistic "},
		{"smtp://[::1]:25?tls=none", "::1 25 none "},
		{"smtp://u:p%40w@mail.test", "mail.test 587 starttls u"},
		{"smtps://u:p@mail.test", "mail.test 465 tls u"},
		{"smtps://mail.test?tls=none", ""},
		{"smtp://mail.test?tls=maybe", ""},
		{"http://mail.test", ""},
		{"smtp://u:secret@mail.test/x y", ""},
		{"", ""},
	}
	for _, tt := range tests {
		r, err := ParseRelay(tt.in)
		got := fmt.Sprintf("%s %s %s %s", r.Host, r.Port, r.TLS, r.User)
		if err != nil {
			got = ""
		}
		if got != tt.want {
			t.Errorf("ParseRelay(%q) = %q, %v; want %q", tt.in, got, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}
