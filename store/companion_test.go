package store

import (
	"context"
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// told is a case whose one controller has been sent a notice, with the secret
// of its link and a Desk at a time that the test moves.
type toldCase struct {
	d      *incident.Desk
	record string
	secret string
	mails  []incident.CodeMail
	now    time.Time
}

func tellOne(t *testing.T, db *DB) *toldCase {
	t.Helper()
	ctx, n := context.Background(), 0
	x := &toldCase{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}
	id := func() string { n++; return "id" + strings.Repeat("0", 6-len(itoa(n))) + itoa(n) }
	x.d = &incident.Desk{Store: db, Now: func() time.Time { return x.now }, NewID: id, NewSecret: func() string { return "secret-" + id() },
		NewCode: func() string { return "KUUSI-4821-P7" }, NewSalt: func() []byte { return make([]byte, 16) },
		Compose: func(v incident.View) (incident.Letter, error) {
			x.secret = v.Secret
			return incident.Letter{Subject: "s", Text: "t", Raw: []byte("r")}, nil
		},
		CodeMail: func(m incident.CodeMail) (incident.Letter, error) {
			x.mails = append(x.mails, m)
			return incident.Letter{Raw: []byte(m.Code)}, nil
		},
		Alarm: func(incident.Alarm) (incident.Letter, error) { return incident.Letter{}, nil }}
	by := incident.Actor{ID: "u", Name: "Olli", Roles: incident.Roles, Via: "web"}
	sv := &incident.Service{Name: "Ajanvaraus"}
	noError(t, x.d.SaveService(ctx, by, sv))
	noError(t, x.d.SaveController(ctx, by, &incident.Controller{Name: "Hoiva Oy", Lang: "fi", Uses: []incident.Use{{Service: sv.ID}}, OpenLink: true,
		Contacts: []incident.Contact{{Name: "Kati", Email: "kati@hoiva.example"}}}))
	inc, err := x.d.Log(ctx, by, incident.Log{Title: "Auki", Aware: x.now, Services: []string{sv.ID}})
	noError(t, err)
	_, err = x.d.Notify(ctx, by, inc.ID, incident.Notify{Texts: map[string]string{"": "Hei"}})
	noError(t, err)
	rs, err := db.Records(ctx, inc.ID, nil)
	noError(t, err)
	x.record = rs[0].ID
	return x
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A code is mailed to the address at which the link arrived, opens one session
// once and within ten minutes, and ends after five wrong ones.
func TestLinkCode(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := tellOne(t, db), context.Background()
		wrong := func(code string) {
			t.Helper()
			s, err := x.d.OpenLink(ctx, x.secret, code)
			if s != "" || incident.KindOf(err) != incident.Invalid {
				t.Errorf("code %q: %q, %v; want it refused", code, s, err)
			}
		}
		wrong("12345678")
		noError(t, x.d.AskCode(ctx, x.secret))
		noError(t, x.d.AskCode(ctx, x.secret)) // at once again: the same answer, no mail
		if len(x.mails) != 1 || x.mails[0].Contact.Email != "kati@hoiva.example" || len(x.mails[0].Code) != 8 {
			t.Fatalf("mails: %+v", x.mails)
		}
		code := x.mails[0].Code
		for range 5 {
			wrong("00000000")
		}
		wrong(code)

		x.now = x.now.Add(2 * time.Minute)
		noError(t, x.d.AskCode(ctx, x.secret))
		code = x.mails[1].Code
		x.now = x.now.Add(incident.CodeLife)
		wrong(code)

		noError(t, x.d.AskCode(ctx, x.secret))
		code = x.mails[2].Code
		session, err := x.d.OpenLink(ctx, x.secret, code[:4]+" "+code[4:])
		noError(t, err)
		wrong(code)
		s, err := db.LinkSession(ctx, incident.HashSecret(session))
		if err != nil || s.Record != x.record || !s.Live(x.now) || s.Live(x.now.Add(incident.SessionLife)) {
			t.Errorf("session %+v, %v", s, err)
		}
		for range 10 {
			x.now = x.now.Add(2 * time.Minute)
			noError(t, x.d.AskCode(ctx, x.secret))
		}
		if len(x.mails) != 6 {
			t.Errorf("%d codes within the hour, want 6", len(x.mails))
		}
		if err := x.d.AskCode(ctx, "nobody"); incident.KindOf(err) != incident.NotFound {
			t.Errorf("a link that is none: %v", err)
		}
	})
}

// Revoking ends links, their sessions, and the page behind them.
func TestRevokeLinks(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := tellOne(t, db), context.Background()
		noError(t, x.d.AskCode(ctx, x.secret))
		session, err := x.d.OpenLink(ctx, x.secret, x.mails[0].Code)
		noError(t, err)
		if err := x.d.RevokeLinks(ctx, incident.Actor{ID: "a", Name: "A", Roles: []incident.Role{incident.Auditor}, Via: "web"}, x.record); incident.KindOf(err) != incident.Forbidden {
			t.Errorf("an auditor revokes: %v", err)
		}
		noError(t, x.d.RevokeLinks(ctx, incident.Actor{ID: "p", Name: "P", Roles: []incident.Role{incident.Privacy}, Via: "web"}, x.record))
		_, err1 := db.NoticeByToken(ctx, incident.HashSecret(x.secret))
		_, err2 := db.LinkSession(ctx, incident.HashSecret(session))
		_, err3 := db.Link(ctx, incident.HashSecret(x.secret))
		for i, err := range []error{err1, err2, err3, x.d.AskCode(ctx, x.secret)} {
			if incident.KindOf(err) != incident.NotFound {
				t.Errorf("after the revocation, %d: %v", i, err)
			}
		}
	})
}

// Answers, packs and filings of a controller: of her own record only, frozen,
// and back in the case.
func TestCompanionActs(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := tellOne(t, db), context.Background()
		kati, stranger := incident.Outsider, incident.Outsider
		kati.Name, kati.Record, stranger.Record = "Kati", x.record, "other"
		noError(t, x.d.AnswerForm(ctx, kati, x.record, []incident.FormAnswer{{Key: "risk_level", Value: " high "}, {Key: "cia", Done: true}, {Key: "empty"}}, nil))
		noError(t, x.d.AnswerForm(ctx, kati, x.record, []incident.FormAnswer{{Key: "risk_level", Value: "risk"}}, nil))
		got, err := db.FormAnswers(ctx, x.record)
		if err != nil || len(got) != 2 || got["risk_level"].Value != "risk" || got["risk_level"].By != "Kati" || !got["cia"].Done {
			t.Errorf("answers %+v, %v", got, err)
		}
		if err := x.d.AnswerForm(ctx, kati, x.record, []incident.FormAnswer{{Key: "description", Value: "soitti 010190-999W"}}, nil); incident.KindOf(err) != incident.Invalid {
			t.Errorf("a personal identity code: %v", err)
		}

		pack := &incident.Handover{Record: x.record, Kind: "preliminary", Form: "f", Lang: "fi", Facts: []byte(`{"a":"1"}`), Bytes: []byte("zip")}
		one, err := x.d.HandOver(ctx, kati, pack)
		noError(t, err)
		again, err := x.d.HandOver(ctx, kati, pack)
		if err != nil || again.ID != one.ID {
			t.Errorf("the same pack again: %+v, %v", again, err)
		}
		pack.Facts, pack.Bytes = []byte(`{"a":"2"}`), []byte("zip2")
		two, err := x.d.HandOver(ctx, kati, pack)
		if err != nil || two.N != 2 || two.SHA256 == one.SHA256 {
			t.Errorf("a new pack: %+v, %v", two, err)
		}
		kept, err := db.Handover(ctx, x.record, one.ID)
		if err != nil || string(kept.Bytes) != "zip" || kept.By != "Kati" || kept.Via != "link" || string(kept.Facts) != `{"a":"1"}` {
			t.Errorf("kept %+v, %v", kept, err)
		}
		if _, err := db.Handover(ctx, "other", one.ID); incident.KindOf(err) != incident.NotFound {
			t.Errorf("of another record: %v", err)
		}

		filing := incident.Filing{Kind: "preliminary", At: x.now, Channel: "Turvalomake", Reference: "171/2026"}
		noError(t, x.d.ReportTheirs(ctx, kati, x.record, filing))
		noError(t, x.d.ReportTheirs(ctx, kati, x.record, filing))
		r, err := db.Record(ctx, x.record)
		if err != nil || len(r.Filings) != 1 || r.Filings[0].By != "Kati" || r.Filings[0].Reference != "171/2026" {
			t.Errorf("filings %+v, %v", r.Filings, err)
		}
		if k, ok := r.At(incident.Reported); !ok || !k.At.Equal(x.now) {
			t.Errorf("reported %+v", k)
		}
		_, err = x.d.HandOver(ctx, stranger, pack)
		for name, err := range map[string]error{"answers": x.d.AnswerForm(ctx, stranger, x.record, nil, nil), "a pack": err,
			"a filing": x.d.ReportTheirs(ctx, stranger, x.record, filing)} {
			if incident.KindOf(err) != incident.NotFound {
				t.Errorf("somebody behind another link makes %s: %v", name, err)
			}
		}
		ks, err := db.Controllers(ctx, []string{r.Controller})
		if err != nil || !ks[0].OpenLink {
			t.Errorf("open link: %+v, %v", ks[0], err)
		}
	})
}

func TestSignKeys(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := tellOne(t, db), context.Background()
		key := func(b byte) ed25519.PublicKey {
			return ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(b), 32))).Public().(ed25519.PublicKey)
		}
		noError(t, x.d.AdoptKey(ctx, key('a')))
		noError(t, x.d.AdoptKey(ctx, key('a')))
		x.now = x.now.Add(time.Hour)
		noError(t, x.d.AdoptKey(ctx, key('b')))
		keys, err := db.SignKeys(ctx)
		if err != nil || len(keys) != 2 || keys[0].ID != incident.KeyID(key('a')) || !keys[0].Until.Equal(x.now) || !keys[1].Until.IsZero() {
			t.Errorf("keys %+v, %v", keys, err)
		}
		ns, err := db.NoticesByCode(ctx, "KUUSI-4821-P7")
		if err != nil || len(ns) != 1 || ns[0].Record != x.record {
			t.Errorf("by code: %d, %v", len(ns), err)
		}
		none, err := db.NoticesByCode(ctx, "")
		if err != nil || len(none) != 0 || errors.Is(err, incident.ErrStale) {
			t.Errorf("by no code: %d, %v", len(none), err)
		}
	})
}
