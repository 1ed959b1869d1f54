package web

import (
	"testing"

	"hatakello/incident"
)

func TestMessageID(t *testing.T) {
	mail := &incident.Delivery{ID: "06h0c3", Route: incident.ByMail}
	tests := []struct {
		name, from string
		d          *incident.Delivery
		want       string
	}{
		{"a mail", "hatakello@hoivapilvi.example", mail, "<06h0c3@hoivapilvi.example>"},
		{"no sender", "", mail, ""},
		{"chat", "hatakello@hoivapilvi.example", &incident.Delivery{ID: "06h0c4", Route: incident.BySlack}, ""},
	}
	for _, tt := range tests {
		a := &api{Server: &Server{From: tt.from}}
		if got := a.messageID(tt.d); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
