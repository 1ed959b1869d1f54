package store

import (
	"context"
	"strings"
	"testing"
	"time"

	"hatakello/incident"
)

// asked is a case of two controllers that have been told, one of whom asks.
type askedCase struct {
	*toldCase
	inc   string
	links map[string]*incident.Link // by name of the controller
	memos []incident.Memo
}

var clerk = incident.Actor{ID: "u", Name: "Olli", Roles: incident.Roles, Via: "web"}

func askCase(t *testing.T, db *DB) *askedCase {
	t.Helper()
	ctx := context.Background()
	x := &askedCase{toldCase: tellOne(t, db), links: map[string]*incident.Link{}}
	x.d.Memo = func(m incident.Memo) (incident.Letter, error) {
		x.memos = append(x.memos, m)
		return incident.Letter{Raw: []byte(m.Kind)}, nil
	}
	r, err := db.Record(ctx, x.record)
	noError(t, err)
	x.inc = r.Incident
	noError(t, x.d.SaveController(ctx, clerk, &incident.Controller{Name: "Norrskenets omsorg Ab", Lang: "sv",
		Contacts: []incident.Contact{{Name: "Nils", Email: "nils@norr.example"}}}))
	first := x.secret
	_, err = x.d.Affect(ctx, clerk, x.inc, incident.Affect{Words: []string{"Norrskenets omsorg Ab"}})
	noError(t, err)
	rs, err := db.Records(ctx, x.inc, nil)
	noError(t, err)
	for _, r := range rs {
		if r.ID != x.record {
			_, err = x.d.Notify(ctx, clerk, x.inc, incident.Notify{Texts: map[string]string{"": "Hej"}, Records: []string{r.ID}})
			noError(t, err)
		}
	}
	for name, secret := range map[string]string{"Hoiva Oy": first, "Norrskenets omsorg Ab": x.secret} {
		x.links[name], err = db.Link(ctx, incident.HashSecret(secret))
		noError(t, err)
	}
	return x
}

func (x *askedCase) guest(name string) incident.Actor {
	by := incident.Outsider
	by.Record = x.links[name].Record
	return by
}

func (x *askedCase) ask(t *testing.T, name, text string) *incident.Question {
	t.Helper()
	ctx := context.Background()
	noError(t, x.d.Ask(ctx, x.guest(name), x.links[name], incident.Asking{Text: text, Name: "Kati Koe"}))
	all, err := x.d.Store.QuestionsOf(ctx, x.links[name].Record)
	noError(t, err)
	return all[len(all)-1]
}

// A question goes the whole way: asked, gathered, answered in both languages,
// mailed, opened; and nobody reads what another asked.
func TestQuestionIsAnsweredToAll(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := askCase(t, db), context.Background()
		a := x.ask(t, "Hoiva Oy", "Koskeeko tämä myös kotikäyntien ovikoodeja?")
		x.ask(t, "Hoiva Oy", "Koskeeko tämä myös kotikäyntien ovikoodeja?") // again, while it waits: nothing new
		b := x.ask(t, "Norrskenets omsorg Ab", "Gäller det dörrkoder?")
		open, err := db.OpenQuestions(ctx, x.inc, 10)
		if err != nil || len(open) != 2 || open[0].ID != a.ID || open[0].Address != "kati@hoiva.example" {
			t.Fatalf("open: %+v, %v", open, err)
		}
		noError(t, x.d.Gather(ctx, clerk, x.inc, []string{b.ID, a.ID}))
		open, _ = db.OpenQuestions(ctx, "", 10)
		if topics := incident.Topics(open); len(topics) != 1 || len(topics[0].Questions) != 2 {
			t.Errorf("topics: %+v", topics)
		}
		in := incident.Respond{Questions: []string{a.ID, b.ID}, Heads: map[string]string{"fi": "Ovikoodit"}, Texts: map[string]string{"fi": "Eivät kuulu."}}
		if _, err := x.d.AnswerQuestions(ctx, clerk, x.inc, in); incident.KindOf(err) != incident.Invalid || !strings.Contains(err.Error(), "_sv") {
			t.Errorf("no words in Swedish: %v", err)
		}
		in.Heads["sv"], in.Texts["sv"] = "Dörrkoder", "Hoiva Oy:s koder omfattas inte."
		if _, err := x.d.AnswerQuestions(ctx, clerk, x.inc, in); incident.KindOf(err) != incident.Invalid {
			t.Errorf("another customer's name: %v", err)
		}
		in.Texts["sv"] = "Nej, de omfattas inte."
		r, err := x.d.AnswerQuestions(ctx, clerk, x.inc, in)
		noError(t, err)
		if open, _ = db.OpenQuestions(ctx, x.inc, 10); len(open) != 0 {
			t.Errorf("still open: %d", len(open))
		}
		if len(x.memos) != 2 || x.memos[0].Text != "" || x.memos[1].Head != "" {
			t.Errorf("mails hold details: %+v", x.memos)
		}
		checkCopies(t, x, db, r.ID)
	})
}

func checkCopies(t *testing.T, x *askedCase, db *DB, reply string) {
	t.Helper()
	ctx := context.Background()
	for name, want := range map[string]string{"Hoiva Oy": "Eivät kuulu.", "Norrskenets omsorg Ab": "Nej, de omfattas inte."} {
		record := x.links[name].Record
		got, err := db.Copies(ctx, record)
		if err != nil || len(got) != 1 || got[0].Text != want || !got[0].SeenAt.IsZero() {
			t.Fatalf("%s: %+v, %v", name, got, err)
		}
		by := x.guest(name)
		by.Name = "Lukija"
		noError(t, x.d.OpenReply(ctx, by, record, reply))
		x.now = x.now.Add(time.Minute)
		noError(t, x.d.OpenReply(ctx, by, record, reply))
		other := by
		other.Record = "another"
		if err := x.d.OpenReply(ctx, other, record, reply); incident.KindOf(err) != incident.NotFound {
			t.Errorf("opened by a stranger: %v", err)
		}
	}
	seen, err := db.CopiesOf(ctx, reply)
	if err != nil || len(seen) != 2 || seen[0].SeenBy != "Lukija" || seen[0].Controller != "Hoiva Oy" {
		t.Errorf("seen: %+v, %v", seen, err)
	}
	// The link in the mail leads to the record's newest notice and opens no other record.
	for _, m := range x.memos {
		l, err := db.Link(ctx, incident.HashSecret(m.Secret))
		noError(t, err)
		if l.Address != m.Contact.Email || l.Notice == "" || l.Record == "" {
			t.Errorf("link: %+v", l)
		}
		if n, err := db.NoticeByToken(ctx, incident.HashSecret(m.Secret)); err != nil || n.ID != l.Notice || n.Record != l.Record {
			t.Errorf("notice behind: %+v, %v", n, err)
		}
	}
}

// Where two people are to send, the answer waits for another user, for the
// words that were seen.
func TestReplyWaitsForAnother(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := askCase(t, db), context.Background()
		noError(t, x.d.SaveOrganisation(ctx, clerk, incident.Organisation{Name: "Talo Oy", TwoToSend: true, ReplyInMail: true}))
		q := x.ask(t, "Hoiva Oy", "Milloin tiedätte lisää?")
		in := incident.Respond{Questions: []string{q.ID}, Everyone: true, Key: "once",
			Heads: map[string]string{"fi": "Aikataulu", "sv": "Tidtabell"}, Texts: map[string]string{"fi": "Huomenna.", "sv": "I morgon."}}
		r, err := x.d.AnswerQuestions(ctx, clerk, x.inc, in)
		noError(t, err)
		if again, err := x.d.AnswerQuestions(ctx, clerk, x.inc, in); err != nil || again.ID != r.ID {
			t.Errorf("a repeat: %+v, %v", again, err)
		}
		if r.State != incident.ProposalWaits || len(x.memos) != 0 || len(r.Records) != 2 {
			t.Errorf("sent without another: %+v, %d mails", r, len(x.memos))
		}
		if err := x.d.ApproveReply(ctx, clerk, r.ID, r.Seal); incident.KindOf(err) != incident.Refused {
			t.Errorf("approved by its maker: %v", err)
		}
		second := incident.Actor{ID: "v", Name: "Veera", Roles: []incident.Role{incident.Approver}, Via: "web"}
		if err := x.d.ApproveReply(ctx, second, r.ID, "other words"); incident.KindOf(err) != incident.Conflict {
			t.Errorf("approved unseen: %v", err)
		}
		noError(t, x.d.ApproveReply(ctx, second, r.ID, r.Seal))
		if len(x.memos) != 2 || x.memos[0].Text == "" {
			t.Errorf("mails: %+v", x.memos)
		}
		if err := x.d.DeclineReply(ctx, second, r.ID, "Ei"); incident.KindOf(err) != incident.Refused {
			t.Errorf("declined after it was sent: %v", err)
		}
		got, err := db.Replies(ctx, x.inc)
		if err != nil || len(got) != 1 || got[0].Decider != "Veera" || got[0].Heads["sv"] != "Tidtabell" {
			t.Errorf("replies: %+v, %v", got, err)
		}
	})
}

// Nobody answers: staff are alarmed after the set time, again after the same
// time, and no more once it is answered.
func TestUnansweredQuestionsRing(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := askCase(t, db), context.Background()
		x.now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
		noError(t, x.d.SaveOrganisation(ctx, clerk, incident.Organisation{Name: "Talo Oy", AnswerAfter: time.Hour, Alarm: []string{"a@talo.example"}}))
		var alarms []incident.Alarm
		x.d.Alarm = func(a incident.Alarm) (incident.Letter, error) {
			if a.Key == "questions" {
				alarms = append(alarms, a)
			}
			return incident.Letter{}, nil
		}
		tick := func(after time.Duration) int {
			x.now = x.now.Add(after)
			_, err := x.d.Tick(ctx)
			noError(t, err)
			return len(alarms)
		}
		q := x.ask(t, "Hoiva Oy", "Milloin tiedätte lisää?")
		if n := tick(59 * time.Minute); n != 0 {
			t.Errorf("%d alarms before the time", n)
		}
		if n := tick(2 * time.Minute); n != 1 || alarms[0].Records != 1 {
			t.Errorf("%d alarms after the time: %+v", n, alarms)
		}
		counts, err := db.QuestionCounts(ctx, 5)
		if err != nil || len(counts) != 1 || counts[0].N != 1 || counts[0].Incident != x.inc {
			t.Errorf("counts: %+v, %v", counts, err)
		}
		if n := tick(61 * time.Minute); n < 2 {
			t.Errorf("%d alarms after twice the time", n)
		}
		_, err = x.d.AnswerQuestions(ctx, clerk, x.inc, incident.Respond{Questions: []string{q.ID}, Heads: map[string]string{"fi": "Aikataulu"}, Texts: map[string]string{"fi": "Nyt."}})
		noError(t, err)
		was := len(alarms)
		if n := tick(5 * time.Hour); n != was {
			t.Errorf("%d alarms after the answer, had %d", n, was)
		}
	})
}

func TestQuestionIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, db *DB) {
		x, ctx := askCase(t, db), context.Background()
		l := x.links["Hoiva Oy"]
		for name, in := range map[string]incident.Asking{
			"nothing":          {Name: "K"},
			"nobody":           {Text: "Miksi?"},
			"an identity code": {Text: "Onko 010190-999W mukana?", Name: "K"},
			"too much":         {Text: strings.Repeat("a", 5000), Name: "K"},
		} {
			if err := x.d.Ask(ctx, x.guest("Hoiva Oy"), l, in); incident.KindOf(err) != incident.Invalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := x.d.Ask(ctx, x.guest("Norrskenets omsorg Ab"), l, incident.Asking{Text: "Miksi?", Name: "K"}); incident.KindOf(err) != incident.NotFound {
			t.Errorf("for another's record: %v", err)
		}
	})
}
