package templates

import (
	"strings"
	"testing"
	"time"
)

func TestStatusCard(t *testing.T) {
	w := loadWords(t)
	at := time.Date(2026, 11, 22, 1, 12, 0, 0, time.UTC)
	tests := []struct {
		name      string
		card      StatusCard
		want, not []string // in English
	}{
		{"fresh", StatusCard{Number: "2026-1", Open: true, All: 4, Due: at.Add(time.Hour), Rings: true, At: at},
			[]string{"Case 2026-1", "Not assessed yet", "0 of 4", "Waits for somebody", "22 Nov"}, []string{"passed", "Title"}},
		{"late and assessed", StatusCard{Number: "2026-1", Open: true, All: 4, Told: 3, Acked: 1, Calls: 1, Tier: "high_risk", Due: at, Late: true, Taken: true, At: at},
			[]string{"High risk", "3 of 4", "1 of 4", "passed", "Somebody is on it"}, []string{"Not assessed"}},
		{"allowed to say what it is", StatusCard{Number: "2026-1", Open: true, Title: "Backup stolen", At: at}, []string{"Backup stolen", "No deadline"}, nil},
		{"thousands", StatusCard{Number: "2026-1", Open: true, All: 12000, Told: 1000, Acked: 1000, At: at}, []string{"Told: 1,000 of 12,000"}, nil},
		{"closed", StatusCard{Number: "2026-1", All: 4, Told: 4, Acked: 4, Rings: true, At: at}, []string{"is closed", "4 of 4"}, []string{"Waits", "deadline"}},
	}
	for _, tt := range tests {
		for _, lang := range Langs {
			tt.card.Zone = time.UTC
			head, facts, foot := w.StatusCard(lang, tt.card)
			said := head + "\n" + foot
			for _, f := range facts {
				if f[0] == "" || f[1] == "" || strings.Contains(f[0]+f[1], "chat.") || strings.Contains(f[1], "[") || strings.Contains(f[1], "{{") {
					t.Errorf("%s in %s: fact %q", tt.name, lang, f)
				}
				said += "\n" + f[0] + ": " + f[1]
			}
			if len(facts) > 10 {
				t.Errorf("%s: %d facts, Slack takes 10", tt.name, len(facts))
			}
			if lang != "en" {
				continue
			}
			for _, s := range tt.want {
				if !strings.Contains(said, s) {
					t.Errorf("%s: no %q in %s", tt.name, s, said)
				}
			}
			for _, s := range tt.not {
				if strings.Contains(said, s) {
					t.Errorf("%s: %q in %s", tt.name, s, said)
				}
			}
		}
	}
}
