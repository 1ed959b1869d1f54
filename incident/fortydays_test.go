package incident_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hatakello/incident"
)

// TestFortyDays runs a whole case on a fake clock, minute by minute, as the
// program does: it logs, notifies, has a mail come back, warns, reports,
// supplements and closes, and every alarm is checked by its minute.
func TestFortyDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		s := &story{house: h, began: time.Now().UTC()}
		h.Desk.Now = time.Now
		h.now = s.began
		s.run()
		s.check()
	})
}

// story is the case of TestFortyDays.
type story struct {
	*house
	began time.Time
	inc   *incident.Incident
	said  []string
	seen  int
}

// minutes lets n minutes pass with a Tick in each, and notes new alarms.
func (s *story) minutes(n int) {
	s.Helper()
	for range n {
		time.Sleep(time.Minute)
		s.now = time.Now().UTC()
		if _, err := s.Tick(ctx); err != nil {
			s.Fatal(err)
		}
		s.listen()
	}
}

func (s *story) days(n int) { s.minutes(n * 24 * 60) }

// listen notes the mail alarms since it was last called.
func (s *story) listen() {
	for _, a := range s.alarms[s.seen:] {
		if a.Route != incident.ByMail {
			continue
		}
		at := time.Since(s.began)
		what := a.Key
		if a.Duty != "" {
			what = a.Duty
		}
		s.said = append(s.said, fmt.Sprintf("%dd %02d:%02d %s %d", int(at.Hours())/24, int(at.Hours())%24, int(at.Minutes())%60, what, a.Records))
	}
	s.seen = len(s.alarms)
}

// answer takes every open ring.
func (s *story) answer() {
	s.Helper()
	rings, err := s.db.OpenRings(ctx, s.inc.ID)
	s.must(err)
	for _, r := range rings {
		s.must(s.AnswerRing(ctx, staff, r.ID))
	}
}

// run is the case: a Sunday night, two customers and the own register, a mail
// that comes back, a preliminary report, and a supplement that is nearly
// forgotten.
func (s *story) run() {
	s.customer("Koivuranta", "fi", 24, "eka@koivuranta.example")
	s.customer("Norrsken", "sv", 0, "b@norrsken.example")
	s.inc = s.log("Hoivapäivyri", "Oma asiakasrekisteri")
	s.listen()
	s.minutes(40) // nobody answers for half an hour
	s.answer()
	s.minutes(20)
	s.notify(s.inc)
	s.send(refusedFor("eka@koivuranta.example")) // one comes back: to be phoned
	s.listen()
	s.answer()
	s.minutes(3 * 60) // the answer runs out while the call is not made
	s.answer()
	by := map[string]*incident.Record{}
	for _, r := range s.records(s.inc) {
		by[r.Name] = r
	}
	s.must(s.Phone(ctx, staff, by["Koivuranta"].ID, incident.Call{Who: "Päivystäjä Koe", Said: "Kerrottu."}))
	s.minutes(20 * 60) // 24 hours; the own report is still due in 48
	s.answer()
	s.days(1)
	s.answer()
	s.minutes(20 * 60)
	own := by["Hoivapilvi Oy"]
	s.must(s.Report(ctx, staff, own.ID, incident.Filing{Kind: "preliminary", At: s.now, Channel: "Turvalomake"}))
	s.answer()
	s.days(13)
	s.answer()
	s.days(1)
	s.must(s.Report(ctx, staff, own.ID, incident.Filing{Kind: "complete", At: s.now, Channel: "Turvalomake", LateReason: "Lokianalyysi viivästyi."}))
	s.finish()
	s.days(22)
}

// finish closes the case.
func (s *story) finish() {
	s.Helper()
	known := func(text string) incident.Fact { return incident.Fact{Text: text, Sure: incident.Known} }
	s.must(s.Describe(ctx, staff, s.inc.ID, s.incident(s.inc.ID).Version,
		incident.Facts{Nature: known("a"), Consequences: known("b"), Measures: known("c")}))
	s.must(s.Close(ctx, staff, s.inc.ID, incident.Closing{Reason: "Kaikki on tehty.", NoDebrief: "Pieni tapaus."}))
}

// alarms is what staff hear: day, time since the log, what, how many records.
const alarms = `0d 00:00 logged 3
0d 00:30 logged 3
0d 01:00 failed 1
0d 03:00 failed 1
0d 03:30 failed 1
0d 04:00 contract.notice 1
0d 09:00 unanswered 1
0d 09:30 unanswered 1
0d 10:30 unanswered 1
0d 12:00 gdpr.33.1.own 1
0d 12:30 gdpr.33.1.own 1
1d 00:00 gdpr.33.1.own 1
2d 00:00 gdpr.33.1.own 1
2d 12:00 gdpr.33.1.own 1
2d 12:30 gdpr.33.1.own 1
2d 13:30 gdpr.33.1.own 1
2d 15:30 gdpr.33.1.own 1
2d 18:00 gdpr.33.1.own 1
2d 18:30 gdpr.33.1.own 1
2d 19:30 gdpr.33.1.own 1
9d 20:00 gdpr.33.4.own 1
9d 20:30 gdpr.33.4.own 1
13d 20:00 gdpr.33.4.own 1
13d 20:30 gdpr.33.4.own 1
15d 20:00 gdpr.33.4.own 1
16d 08:00 gdpr.33.4.own 1
16d 08:30 gdpr.33.4.own 1
16d 09:30 gdpr.33.4.own 1
16d 11:30 gdpr.33.4.own 1
16d 15:30 gdpr.33.4.own 1
16d 18:00 gdpr.33.4.own 1
16d 18:30 gdpr.33.4.own 1
16d 19:30 gdpr.33.4.own 1
16d 20:00 gdpr.33.4.own 1
`

func (s *story) check() {
	s.Helper()
	if got := strings.Join(s.said, "\n") + "\n"; got != alarms {
		s.Errorf("alarms:\n%s\nwant:\n%s", got, alarms)
	}
}
